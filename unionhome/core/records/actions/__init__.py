"""Writing records down and taking them back; keeping their totals, proving them, and putting places right."""

from unionhome.core.records.actions.folding import fold, follow_identity
from unionhome.core.records.actions.placing import correct_places
from unionhome.core.records.actions.recomputing import Difference, recompute_totals, verify_totals
from unionhome.core.records.actions.writing import COPIED, add, add_many, reverse

__all__ = [
    "COPIED",
    "Difference",
    "add",
    "add_many",
    "correct_places",
    "fold",
    "follow_identity",
    "recompute_totals",
    "reverse",
    "verify_totals",
]
