"""Which unions an actor may ask about, and where one can go from a union."""

from dataclasses import dataclass

from django.utils import timezone

from unionhome.core.figures.queries.placement import ancestors_of, get_spot, list_children
from unionhome.core.figures.queries.values import PERMISSION
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_node, find_root


@dataclass(frozen=True, slots=True)
class Ways:
    """The unions above that the actor may see, the union itself, and those directly below that stand today."""

    above: tuple[Node, ...]
    node: Node
    below: tuple[Node, ...]


def get_node(actor: Actor, code: str = "") -> Node:
    """The union of that code; without one the actor's own, else the first of the actor's branches.

    Raises NotFound for a union outside the actor's branches.
    """
    node = find_node(code) if code else _home(actor)
    if node is None or not actor.may(PERMISSION, node.path):
        raise NotFound()
    return node


def _home(actor: Actor) -> Node | None:
    if actor.is_system:
        return find_root()
    own = Node.objects.filter(pk=actor.node_id).first() if actor.node_id else None
    if own is not None and actor.may(PERMISSION, own.path):
        return own
    branches = actor.branches(PERMISSION)
    return Node.objects.filter(path=branches[0]).first() if branches else None


def get_ways(actor: Actor, node: Node) -> Ways:
    """Where one can go from a union the actor may see."""
    above = tuple(each for each in ancestors_of(node)[:-1] if actor.may(PERMISSION, each.path))
    return Ways(above, node, tuple(list_children(get_spot(node), timezone.localdate(actor.at))))
