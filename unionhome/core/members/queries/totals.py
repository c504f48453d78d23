"""How many members there are: counted from standing memberships, never from what unions report."""

from dataclasses import dataclass

from django.db.models import Count, Q

from unionhome.core.members.models import Membership
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope

VIEW = "members.view"


def count_members(actor: Actor, node: Node) -> int:
    """Members of a branch that the actor may see."""
    return (
        scope(Membership.objects.filter(status__in=STANDING), actor, VIEW)
        .filter(branch_q("node__path", [node.path]))
        .count()
    )


def count_by_union(actor: Actor, node: Node | None = None) -> dict[int, int]:
    """Members by union, of the actor's branches or of one branch within them."""
    rows = scope(Membership.objects.filter(status__in=STANDING), actor, VIEW)
    if node is not None:
        rows = rows.filter(branch_q("node__path", [node.path]))
    return dict(rows.order_by().values_list("node").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class Sums:
    """Members of a branch, and how many of them stand how."""

    members: int
    active: int
    retained: int
    women: int
    migrant: int
    new_groups: int


def sum_of_branch(actor: Actor, node: Node) -> Sums:
    """One query over the standing memberships of a branch."""
    rows = scope(Membership.objects.filter(status__in=STANDING), actor, VIEW).filter(
        branch_q("node__path", [node.path])
    )
    grouped = ~Q(person__group__in=("", "none"))
    return Sums(
        **rows.aggregate(
            members=Count("pk"),
            active=Count("pk", filter=Q(status="active")),
            retained=Count("pk", filter=Q(status="retained")),
            women=Count("pk", filter=Q(person__sex="2")),
            migrant=Count("pk", filter=Q(person__is_migrant=True)),
            new_groups=Count("pk", filter=grouped),
        )
    )
