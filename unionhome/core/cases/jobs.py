"""What comes round for cases."""

from unionhome.core.cases.actions import close_all_unrated
from unionhome.core.registry import Actor


def close_unrated(actor: Actor) -> None:
    """Close what waited too long for a rating."""
    close_all_unrated(actor)
