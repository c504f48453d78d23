"""Sheets of members: handed in, judged, entered, erased."""

from unionhome.core.members.actions.rosters.ending import (
    end_old_rosters,
    erase_old_rosters,
)
from unionhome.core.members.actions.rosters.entering import (
    LOTS_PER_JOB,
    apply_roster,
    enter_roster,
    export_roster,
    note_download,
    queue_entry,
    resume_roster,
    stall_roster,
)
from unionhome.core.members.actions.rosters.intake import (
    cancel_roster,
    check_roster,
    fail_check,
    hand_in_roster,
)

__all__ = [
    "LOTS_PER_JOB",
    "apply_roster",
    "cancel_roster",
    "check_roster",
    "end_old_rosters",
    "enter_roster",
    "erase_old_rosters",
    "export_roster",
    "fail_check",
    "hand_in_roster",
    "note_download",
    "queue_entry",
    "resume_roster",
    "stall_roster",
]
