"""What comes round for hazards that were handed over by interface."""

from unionhome.core.registry import Actor
from unionhome.services.hazards import actions


def send(actor: Actor) -> None:
    """Hand over what waits, a few at a time."""
    actions.send_outgoing(actor)


def ask(actor: Actor) -> None:
    """Ask how those stand that were handed over, a few at a time."""
    actions.ask_outgoing(actor)
