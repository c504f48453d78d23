"""Background work of the ledger of services."""

from unionhome.core.records.actions import fold
from unionhome.core.registry import Actor


def fold_records(actor: Actor) -> None:
    """Fold what was written into the totals, so that the next reader finds little left to do."""
    fold()
