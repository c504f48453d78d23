"""What comes round for deeds."""

from unionhome.core.registry import Actor
from unionhome.services.deeds import actions


def close_ratings(actor: Actor) -> None:
    """Let those be published whose days of rating are over."""
    actions.close_ratings(actor)
