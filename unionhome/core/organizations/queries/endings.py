"""Dissolutions: one, those of a union, and the facts on which its steps depend."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from unionhome.core.organizations.models import Dissolution, Organization, OrganizationChange
from unionhome.core.organizations.queries.following import count_children, count_members, list_open_items
from unionhome.core.organizations.queries.reach import get_reach
from unionhome.core.organizations.workflow import DISSOLUTION
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps

VIEW = "organizations.view"


def _list_visible(actor: Actor) -> QuerySet[Dissolution]:
    return scope(Dissolution.objects.all(), actor, VIEW).select_related("node__parent__parent", "keeper")


def get_dissolution(actor: Actor, pk: int) -> Dissolution:
    """One dissolution of a union in the actor's branches. Raises NotFound."""
    found = _list_visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Ending:
    """How a union is ending, or ended: by a dissolution, or by a merger (the change that says into which)."""

    dissolution: Dissolution | None = None
    merger: OrganizationChange | None = None


def find_ending(actor: Actor, union: Organization) -> Ending | None:
    """The end of a union, under way or past. The caller has scoped the union."""
    rows = _list_visible(actor).filter(node=union.pk).exclude(state="cancelled")
    dissolution = rows.order_by("-pk").first()
    if dissolution is not None:
        return Ending(dissolution)
    if union.status != "dissolved":
        return None
    merged = OrganizationChange.objects.filter(node=union.pk, kind="merged").select_related("other")
    merger = merged.order_by("-pk").first()
    return Ending(merger=merger) if merger else None


def find_reporting_node(node: Node) -> Node | None:
    """Where the end of a union is reported: above the union that approves it, or there where nothing is above."""
    return node.parent and (node.parent.parent or node.parent)


def get_ending_facts(actor: Actor, row: Dissolution) -> dict[str, Any]:
    """What the guards of the table look at."""
    node, above = row.node, find_reporting_node(row.node)
    return {
        "decides": get_reach(actor, node.path).manages,
        "is_above": above is not None and actor.may("organizations.manage", above.path),
        "members_left": count_members(node)[0],
        "children_left": count_children(node),
        "items_left": list_open_items(node).count(),
    }


def list_ending_steps(actor: Actor, row: Dissolution) -> tuple[list[NextStep], list[Step]]:
    """The buttons and the history of a dissolution."""
    return list_next_steps(actor, DISSOLUTION, row, get_ending_facts(actor, row)), list(list_steps(row))
