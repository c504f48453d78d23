"""What comes round for messages."""

from unionhome.core.notices import actions
from unionhome.core.registry import Actor


def send(actor: Actor) -> None:
    """Send what is due, a few at a time."""
    actions.send_due(actor)


def tidy(actor: Actor) -> None:
    """Forget old messages."""
    while actions.tidy_notices(actor):
        pass
