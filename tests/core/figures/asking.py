"""One figure asked by month, as pages ask many."""

from unionhome.core.figures.queries import get_asking
from unionhome.core.figures.queries.values import Part
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period


def list_by_month(actor: Actor, code: str, node: Node, period: Period) -> list[Part]:
    """The number of each month, or year."""
    return get_asking(actor, [code], node, period).list_by_month()[0]
