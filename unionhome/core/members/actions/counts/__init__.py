"""How many members each union has: marked where it changed, counted anew, proven."""

from unionhome.core.members.actions.counts.folding import fold_counts, recompute_counts, verify_counts
from unionhome.core.members.actions.counts.marking import drop_marks, lay_marks

__all__ = [
    "drop_marks",
    "fold_counts",
    "lay_marks",
    "recompute_counts",
    "verify_counts",
]
