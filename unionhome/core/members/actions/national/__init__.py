"""The export of the national register: compared, its differences settled, erased."""

from unionhome.core.members.actions.national.comparing import (
    cancel_national,
    close_national,
    compare_national,
    fail_comparing,
    hand_in_national,
    start_comparing,
)
from unionhome.core.members.actions.national.ending import (
    erase_old_national,
)
from unionhome.core.members.actions.national.settling import (
    SETTLED_AT_ONCE,
    Settled,
    note_national_download,
    preview_settling,
    settle_differences,
)

__all__ = [
    "SETTLED_AT_ONCE",
    "Settled",
    "cancel_national",
    "close_national",
    "compare_national",
    "erase_old_national",
    "fail_comparing",
    "hand_in_national",
    "note_national_download",
    "preview_settling",
    "settle_differences",
    "start_comparing",
]
