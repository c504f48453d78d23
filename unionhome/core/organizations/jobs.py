"""Reminders of terms that end."""

from unionhome.core.organizations import actions
from unionhome.core.registry import Actor


def announce_terms(actor: Actor) -> None:
    """Remind the unions whose term ends, and those above them."""
    actions.announce_terms(actor)
