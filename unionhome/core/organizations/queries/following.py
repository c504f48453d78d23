"""What belongs to a union, counted by the rooms whose rows it is: before it is merged, divided or dissolved."""

from collections.abc import Collection
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet

from unionhome.core.organizations.models import CoveredUnit, Officer
from unionhome.core.organizations.rules import FIXED
from unionhome.core.registry import discover, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.models import WorkItem

OWN_MATTERS = "organizations."


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind of what belongs to a union. `refusal` says why it cannot go along as it stands; empty where it can.

    `stays` marks what must be gone before a union is dissolved.
    """

    key: str
    label: str
    count: int
    unit: str
    note: str = ""
    refusal: str = ""
    stays: bool = False


def list_belongings(node: Node, employer_ids: Collection[int] | None = None) -> list[Belonging]:
    """What would go along: rooms above first, then what this room keeps. Zeros too.

    A room declares `UNION_BELONGINGS` in its `handlers`: dotted paths to functions (node, employer_ids) -> Belongings.
    """
    found = [
        each
        for dotted in discover("handlers", "UNION_BELONGINGS")
        for each in resolve(dotted)(node, None if employer_ids is None else frozenset(employer_ids))
    ]
    if employer_ids is not None:
        return found
    return [
        *found,
        Belonging("covered", "覆盖单位", CoveredUnit.objects.filter(node=node, ends_on=None).count(), "家"),
        Belonging("children", "下级组织", count_children(node), "个", "一起改到新的上级"),
        Belonging("officers", "任职的人", _count_officers(node), "人", "任职到这一天为止"),
        Belonging("items", "没有办完的事", list_open_items(node).count(), "件", "由接手的工会继续办"),
    ]


def count_children(node: Node) -> int:
    """Open unions right below one."""
    return Node.objects.filter(parent=node, closed_on=None).count()


def _count_officers(node: Node) -> int:
    """Posts of a union that are filled without an end."""
    return Officer.objects.filter(organization=node.pk, ends_on=None).count()


def list_open_items(node: Node) -> QuerySet[WorkItem]:
    """What waits at a union, but for matters about unions themselves (its founding, its election, its end)."""
    return WorkItem.objects.filter(node=node, closed_at=None).exclude(table__startswith=OWN_MATTERS)


def list_own_matters(node: Node) -> list[WorkItem]:
    """What is under way about the union itself: it has to come to its end before the union does."""
    found = []
    for table in discover("workflow", "TABLES"):
        if table.name.startswith(OWN_MATTERS):
            found += list(_items_about(table.model, node))
    return found


def find_obstacle(node: Node) -> str:
    """Why a union cannot become part of another, be divided or dissolved, whatever is filled in; "" where it can."""
    if node.is_local or node.parent_id is None:
        return FIXED
    waiting = list_own_matters(node)
    return f"还有没有办完的“{waiting[0].kind_label}”，请先办完或撤回。" if waiting else ""


def _items_about(model: str, node: Node) -> QuerySet[WorkItem]:
    rows = apps.get_model(model)._default_manager.filter(node=node).values("pk")
    return WorkItem.objects.filter(model=model, object_id__in=rows, closed_at=None)


def count_members(node: Node) -> tuple[int, int]:
    """Members of a union as the register counts them, and the women among them.

    The register above declares `UNION_MEMBERS` in its `handlers`: dotted paths to functions (node) -> the two numbers.
    """
    pairs = [resolve(dotted)(node) for dotted in discover("handlers", "UNION_MEMBERS")]
    return sum(members for members, _ in pairs), sum(women for _, women in pairs)
