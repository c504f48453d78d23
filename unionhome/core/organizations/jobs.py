"""Background work of the register of unions, called by the worker's schedule."""

from unionhome.core.organizations import actions
from unionhome.core.registry import Actor


def announce_terms(actor: Actor) -> None:
    """Remind the unions whose term ends, and those above them."""
    actions.announce_terms(actor)


def settle_coverage(actor: Actor) -> None:
    """Note which places and employers have got or lost their union or grid worker by whatever way."""
    actions.settle_coverage(actor)
