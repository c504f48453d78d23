"""What comes round for cases."""

from unionhome.core.cases import actions
from unionhome.core.registry import Actor


def close_unrated(actor: Actor) -> None:
    """Close what waited too long for a rating, or for its check."""
    actions.close_all_unrated(actor)
    actions.close_unchecked(actor)


def escalate_late(actor: Actor) -> None:
    """Let cases go up whose clock ran out and that nobody touched."""
    actions.escalate_late_cases(actor)


def ring_mass(actor: Actor) -> None:
    """Ring once more for mass matters that nobody has taken."""
    actions.ring_again(actor)
