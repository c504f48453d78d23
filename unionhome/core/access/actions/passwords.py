"""Signing in with a password, and giving, changing and resetting passwords."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from unionhome.core.access import queries
from unionhome.core.access.actions.accounts import get_administered
from unionhome.core.access.actions.limits import clear_attempts, count_attempt, forget_attempt, limit
from unionhome.core.access.actions.sessions import Browser, end_sessions_of, start_session
from unionhome.core.access.actions.tokens import end_tokens_of
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import new_password, password_fault
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Refused

BY_ADDRESS, BY_NAME = "access.sign_in.address", "access.sign_in.name"


def sign_in(
    actor: Actor,
    *,
    username: str,
    password: str,
    browser: Browser,
    renewed: str = "",
) -> SignIn:
    """Sign a cadre in at the desk; `renewed` is the new password where the old one has run out.

    Refused: "wrong-password" (also for unknown names, after the same time), "locked" after too many wrong tries in a
    row, "password-expired" where `renewed` is due, BadInput where `renewed` is too weak, TooMany from one address.
    Failures are kept although the call raises: call it outside a transaction.
    """
    address = browser.address
    # Counted before the slow look at the password, taken back where it was right: many at once get no more tries.
    counted = limit(actor, BY_ADDRESS, address, settings.SIGN_IN_PER_ADDRESS, 60) if address else None
    is_refused = False
    try:
        settled = _try(actor, username, password, renewed, browser)
        is_refused = isinstance(settled, Refused)
    finally:
        if counted is not None and not is_refused:
            forget_attempt(counted)
    if isinstance(settled, Refused):
        raise settled
    return settled


def _try(actor: Actor, username: str, password: str, renewed: str, browser: Browser) -> SignIn | Refused:
    name = username.strip().lower()
    user = queries.find_user(name)
    # An unknown name costs the same hash, so that the time of the answer does not tell it from a wrong password.
    right = check_password(password, user.password if user else make_password(None))
    with transaction.atomic():
        return _settle(actor, user.pk, right, renewed, browser) if user else _count_unknown(actor, name)


def _settle(actor: Actor, user_id: int, right: bool, renewed: str, browser: Browser) -> SignIn | Refused:
    user = User.objects.select_for_update(of=("self",)).select_related("node").get(pk=user_id)
    if user.locked_until is not None and user.locked_until > actor.at:
        return _locked()
    if not right:
        return _count_wrong(actor, user)
    if _password_expired(user, actor.at):
        if not renewed:
            return Refused("密码到期了，请设置一个新密码。", "password-expired")
        _set(actor, user, renewed)
    user.failed_count, user.locked_until = 0, None
    user.save(update_fields=["failed_count", "locked_until"])
    return start_session(actor, user, door="desk", browser=browser, how="密码")


def _count_wrong(actor: Actor, user: User) -> Refused:
    was_locked = user.locked_until is not None
    user.failed_count = 1 if was_locked else user.failed_count + 1
    left = settings.SIGN_IN_TRIES - user.failed_count
    user.locked_until = None if left > 0 else actor.at + timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    user.save(update_fields=["failed_count", "locked_until"])
    kind = "access.sign_in.failed" if left > 0 else "access.sign_in.locked"
    summary = f"登录失败：密码不对（第{user.failed_count}次）" if left > 0 else "连续输错密码，账号锁定"
    record(actor, kind, node=user.node, about=user, summary=summary, data={"count": user.failed_count})
    return _wrong(left) if left > 0 else _locked()


def _count_unknown(actor: Actor, name: str) -> Refused:
    """Unknown names answer exactly as known ones do, lock-out included. The name itself is not journaled: it may be
    a password typed into the wrong field."""
    tries = queries.count_recent(actor, BY_NAME, name or "-", settings.SIGN_IN_LOCK_MINUTES)
    if tries >= settings.SIGN_IN_TRIES:
        return _locked()
    count_attempt(actor, BY_NAME, name or "-")
    record(actor, "access.sign_in.failed", summary="登录失败：没有这个登录名")
    left = settings.SIGN_IN_TRIES - tries - 1
    return _wrong(left) if left > 0 else _locked()


def _wrong(left: int) -> Refused:
    sentence = f"登录名或密码不对，还可以试{left}次。"
    return BadInput(sentence, "wrong-password", fields={"password": sentence})


def _locked() -> Refused:
    minutes = settings.SIGN_IN_LOCK_MINUTES
    return Refused(f"连续输错{settings.SIGN_IN_TRIES}次，账号锁定{minutes}分钟。可请系统管理员解锁。", "locked")


def _password_expired(user: User, at: datetime) -> bool:
    if user.password_set_at is None:
        return True
    days = settings.PASSWORD_DAYS
    return bool(days) and at - user.password_set_at > timedelta(days=days)


def set_password(actor: Actor, *, old: str, new: str) -> None:
    """Change the actor's own password. Raises BadInput with `fields` where the old is wrong or the new too weak.

    Tries are counted although the call raises: call it outside a transaction.
    """
    limit(actor, "access.set_password", str(actor.user_id), 10, 60)
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("node").get(pk=queries.get_own_id(actor))
        if not check_password(old, user.password):
            raise BadInput("现在的密码不对。", "wrong-password", fields={"old": "现在的密码不对。"})
        _set(actor, user, new)


def _set(actor: Actor, user: User, password: str) -> None:
    fault = password_fault(password)
    if fault is None and check_password(password, user.password):
        fault = "新密码不能和现在的一样。"
    if fault is None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            fault = "".join(error.messages)
    if fault is not None:
        raise BadInput(fault, "weak-password", fields={"new": fault})
    user.password, user.password_set_at = make_password(password), actor.at
    user.save(update_fields=["password", "password_set_at"])
    record(actor, "access.password.changed", node=user.node, about=user, summary="修改密码")


@transaction.atomic
def reset_password(actor: Actor, user_id: int) -> str:
    """Give an account a password to hand over; it must be changed at the next sign-in. Returns it, this once.

    Sessions and tokens of the account end: whoever had the old password may have made them.
    """
    user = get_administered(actor, user_id)
    password = new_password()
    user.password, user.password_set_at = make_password(password), None
    user.failed_count, user.locked_until = 0, None
    user.save(update_fields=["password", "password_set_at", "failed_count", "locked_until"])
    end_sessions_of(actor, user, "reset")
    end_tokens_of(actor, user)
    record(actor, "access.password.reset", node=user.node, about=user, summary=f"重置{user.username}的密码")
    return password


@transaction.atomic
def unlock_user(actor: Actor, user_id: int) -> User:
    """Lift a lock-out before its time."""
    user = get_administered(actor, user_id)
    user.failed_count, user.locked_until = 0, None
    user.save(update_fields=["failed_count", "locked_until"])
    clear_attempts(actor, BY_NAME, user.username or "-")
    record(actor, "access.user.unlocked", node=user.node, about=user, summary=f"解锁账号{user.username}")
    return user
