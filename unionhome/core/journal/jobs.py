"""Background work of the journal: sealing and handing out. Called by the worker's schedule."""

from unionhome.core.journal.actions import check_when_due, deliver_batch, seal_batch
from unionhome.core.registry import Actor


def seal_entries(actor: Actor) -> None:
    """Seal what is waiting, a batch at a time."""
    while seal_batch(actor):
        pass


def deliver_entries(actor: Actor) -> None:
    """Hand due entries to their handlers."""
    deliver_batch(actor)


def check_chains(actor: Actor) -> None:
    """Walk the chains when somebody asked or a day has passed."""
    check_when_due(actor)
