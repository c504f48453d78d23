"""Everything that changes the register or opens what it masks."""

from unionhome.core.members.actions.consents import give_consent, withdraw_consent
from unionhome.core.members.actions.duplicates import ask_for_scan, scan_duplicates
from unionhome.core.members.actions.enrolling import EnrolOutcome, EnrolRow, enrol_many
from unionhome.core.members.actions.expelling import (
    decide_expulsion,
    drop_expulsion,
    file_expulsion,
    open_expulsion,
    read_scan,
    send_back_expulsion,
)
from unionhome.core.members.actions.facts import (
    accept_correction,
    cancel_correction,
    correct_facts,
    decline_correction,
    release_account,
    request_correction,
)
from unionhome.core.members.actions.joining import (
    Joined,
    apply_to_join,
    approve_application,
    cancel_application,
    decline_application,
    forward_application,
    resubmit_application,
    return_application,
)
from unionhome.core.members.actions.leaving import (
    cancel_leaving,
    confirm_leaving,
    request_leaving,
)
from unionhome.core.members.actions.looking import (
    export_own_file,
    open_application,
    open_file,
    open_own_file,
    probe,
    view_file,
)
from unionhome.core.members.actions.many import Lot, fill_register, prepare_lots
from unionhome.core.members.actions.merging import merge_persons, tell_apart, undo_merge
from unionhome.core.members.actions.national import (
    cancel_national,
    close_national,
    compare_national,
    fail_comparing,
    hand_in_national,
    start_comparing,
)
from unionhome.core.members.actions.national_ending import erase_old_national
from unionhome.core.members.actions.national_settling import (
    SETTLED_AT_ONCE,
    Settled,
    note_national_download,
    preview_settling,
    settle_differences,
)
from unionhome.core.members.actions.proposing import (
    Proposed,
    Wanted,
    propose_from_roster,
    propose_transfer,
)
from unionhome.core.members.actions.reconciling import note_reconcile_download
from unionhome.core.members.actions.roster_ending import end_old_rosters, erase_old_rosters
from unionhome.core.members.actions.roster_entering import (
    LOTS_PER_JOB,
    apply_roster,
    enter_roster,
    export_roster,
    note_download,
    queue_entry,
    resume_roster,
    stall_roster,
)
from unionhome.core.members.actions.roster_intake import (
    cancel_roster,
    check_roster,
    fail_check,
    hand_in_roster,
)
from unionhome.core.members.actions.standing import (
    record_death,
    resume_member,
    retain_member,
)
from unionhome.core.members.actions.transfers import (
    cancel_transfer,
    hold_transfer,
    raise_silent_transfers,
    receive_transfer,
    refuse_transfer,
    release_transfer,
    request_transfer,
    send_transfer,
)

__all__ = [
    "LOTS_PER_JOB",
    "SETTLED_AT_ONCE",
    "EnrolOutcome",
    "EnrolRow",
    "Joined",
    "Lot",
    "Proposed",
    "Settled",
    "Wanted",
    "accept_correction",
    "apply_roster",
    "apply_to_join",
    "approve_application",
    "ask_for_scan",
    "cancel_application",
    "cancel_correction",
    "cancel_leaving",
    "cancel_national",
    "cancel_roster",
    "cancel_transfer",
    "check_roster",
    "close_national",
    "compare_national",
    "confirm_leaving",
    "correct_facts",
    "decide_expulsion",
    "decline_application",
    "decline_correction",
    "drop_expulsion",
    "end_old_rosters",
    "enrol_many",
    "enter_roster",
    "erase_old_national",
    "erase_old_rosters",
    "export_own_file",
    "export_roster",
    "fail_check",
    "fail_comparing",
    "file_expulsion",
    "fill_register",
    "forward_application",
    "give_consent",
    "hand_in_national",
    "hand_in_roster",
    "hold_transfer",
    "merge_persons",
    "note_download",
    "note_national_download",
    "note_reconcile_download",
    "open_application",
    "open_expulsion",
    "open_file",
    "open_own_file",
    "prepare_lots",
    "preview_settling",
    "probe",
    "propose_from_roster",
    "propose_transfer",
    "queue_entry",
    "raise_silent_transfers",
    "read_scan",
    "receive_transfer",
    "record_death",
    "refuse_transfer",
    "release_account",
    "release_transfer",
    "request_correction",
    "request_leaving",
    "request_transfer",
    "resubmit_application",
    "resume_member",
    "resume_roster",
    "retain_member",
    "return_application",
    "scan_duplicates",
    "send_back_expulsion",
    "send_transfer",
    "settle_differences",
    "stall_roster",
    "start_comparing",
    "tell_apart",
    "undo_merge",
    "view_file",
    "withdraw_consent",
]
