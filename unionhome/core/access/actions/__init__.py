"""Signing in and out, the second factor, sessions, accounts, grants, tokens and rate limits."""

from unionhome.core.access.actions.absences import end_absence, set_absence
from unionhome.core.access.actions.accounts import (
    change_user,
    create_user,
    find_or_create_worker,
    hand_over_account,
    link_person,
    open_account,
    reopen_user,
    stop_user,
)
from unionhome.core.access.actions.factors import confirm_factor, enrol_factor, reset_factor, verify_factor
from unionhome.core.access.actions.first import open_administrators
from unionhome.core.access.actions.grants import end_grant, grant_role
from unionhome.core.access.actions.limits import check_limit, clear_attempts, count_attempt, limit, purge_attempts
from unionhome.core.access.actions.owners import (
    FoundPerson,
    Unproved,
    enter_unproved,
    prove_document,
    release_phone,
)
from unionhome.core.access.actions.passwords import reset_password, set_password, sign_in, unlock_user
from unionhome.core.access.actions.phones import (
    SentCode,
    purge_codes,
    send_code,
    sign_in_by_code,
)
from unionhome.core.access.actions.sessions import (
    Browser,
    end_other_sessions,
    end_own_session,
    end_session,
    purge_sign_ins,
    start_session,
    touch_sign_in,
)
from unionhome.core.access.actions.tokens import create_token, end_token, touch_token

__all__ = [
    "Browser",
    "FoundPerson",
    "SentCode",
    "Unproved",
    "change_user",
    "check_limit",
    "clear_attempts",
    "confirm_factor",
    "count_attempt",
    "create_token",
    "create_user",
    "end_absence",
    "end_grant",
    "end_other_sessions",
    "end_own_session",
    "end_session",
    "end_token",
    "enrol_factor",
    "enter_unproved",
    "find_or_create_worker",
    "grant_role",
    "hand_over_account",
    "limit",
    "link_person",
    "open_account",
    "open_administrators",
    "prove_document",
    "purge_attempts",
    "purge_codes",
    "purge_sign_ins",
    "release_phone",
    "reopen_user",
    "reset_factor",
    "reset_password",
    "send_code",
    "set_absence",
    "set_password",
    "sign_in",
    "sign_in_by_code",
    "start_session",
    "stop_user",
    "touch_sign_in",
    "touch_token",
    "unlock_user",
    "verify_factor",
]
