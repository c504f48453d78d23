"""Files that may be one person's: found, merged, told apart."""

from unionhome.core.members.actions.duplicates.merging import (
    merge_persons,
    tell_apart,
    undo_merge,
)
from unionhome.core.members.actions.duplicates.scanning import (
    ask_for_scan,
    scan_duplicates,
)

__all__ = [
    "ask_for_scan",
    "merge_persons",
    "scan_duplicates",
    "tell_apart",
    "undo_merge",
]
