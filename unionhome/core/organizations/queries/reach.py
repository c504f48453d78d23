"""How far somebody's grants reach on a union."""

from unionhome.core.organizations.rules import Reach, reach_of
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node


def get_reach(actor: Actor, path: str) -> Reach:
    """The actor's reach on the node at `path`, by the levels of the branches that carry the permission."""
    grants = {grant.node_id: grant.path for grant in actor.grants if "organizations.manage" in grant.permissions}
    levels = dict(Node.objects.filter(pk__in=grants).values_list("pk", "level"))
    pairs = [(levels[pk], grants[pk]) for pk in levels]
    return reach_of(pairs, path, is_system=actor.is_system)


def get_reach_below(actor: Actor, path: str) -> Reach:
    """The actor's reach on what stands, or is to stand, right below the node at `path`."""
    return get_reach(actor, path + "~")
