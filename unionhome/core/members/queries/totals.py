"""How many members there are: counted from standing memberships, never from what unions report."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from unionhome.core.members.models import Membership
from unionhome.core.members.queries.counts import standing, sum_standing
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.tree.rules import STEP

VIEW = "members.view"
FEW = 1_000
"""Of so many unions the members are counted one union after another; of more, from the whole index."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Members of a branch, and how many of them are what."""

    members: int
    women: int
    migrant: int
    new_groups: int


def get_sums(actor: Actor, node: Node) -> Sums:
    """The standing members of a branch, by the counts of its unions."""
    inside = branch_q("node__path", [node.path])
    if not actor.is_system:
        inside &= branch_q("node__path", actor.branches(VIEW))
    return Sums(*sum_standing(("members", "women", "migrants", "new_employment"), inside))


def count_standing_on(on: date) -> int:
    """Members of the whole register at the end of a day, each human being once."""
    ended = Q(left_on__isnull=True) | Q(left_on__gt=on)
    whom = Coalesce("person__merged_into__merged_into", "person__merged_into", "person")
    return Membership.objects.filter(ended, counts_on__lte=on).values_list(whom).distinct().count()


@dataclass(frozen=True, slots=True)
class UnionCount:
    """One union on the way down to a list. `is_leaf`: its members are a list of their own, nothing lies below."""

    id: int
    name: str
    count: int
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a search may start: one union, its own members, and the unions right below with all their members."""

    node: Node | None
    parent_id: int | None
    own_count: int
    total: int
    children: tuple[UnionCount, ...]


def list_member_counts(branches: list[str]) -> list[tuple[str, int]]:
    """The standing members of each union of the branches itself, by path. Numbers only, no rows."""
    paths = dict(Node.objects.filter(branch_q("path", branches)).values_list("pk", "path"))
    is_whole = any(len(path) == STEP for path in branches)
    counts = standing(("members",), Q() if is_whole else branch_q("node__path", branches))
    return [(paths[pk], count) for pk, (count,) in counts.items() if pk in paths and count]


LEAVES = ("grassroots", "group", "village")


def find_visible_union(actor: Actor, node_id: int) -> Node | None:
    """The union, if it lies in the actor's branches."""
    return scope(Node.objects.filter(pk=node_id), actor, VIEW).first()


def get_union_id(actor: Actor, code: str) -> int:
    """The union of a code within the actor's branches. Raises NotFound."""
    found = scope(Node.objects.filter(code=code), actor, VIEW).first()
    if found is None:
        raise NotFound("没有这个工会，或者不在您的范围。")
    return found.pk


def _count_right_below(actor: Actor, node: Node) -> Counter[str]:
    """Members by the path of each union right below, with all that lies under it, and of the node itself."""
    width = len(node.path) + STEP
    branch = branch_q("path", [node.path])
    paths = dict(scope(Node.objects.filter(branch), actor, VIEW).values_list("pk", "path"))
    found: Counter[str] = Counter()
    for node_id, (count,) in standing(("members",), Q(node__in=list(paths)) if len(paths) <= FEW else Q()).items():
        if node_id in paths:
            found[paths[node_id][:width]] += count
    return found


def get_overview(actor: Actor, under_id: int | None = None) -> Overview:
    """Members by union below one of the actor's unions: the chosen one, else the head of the branch."""
    visible = scope(Node.objects.filter(closed_on__isnull=True), actor, VIEW)
    node = visible.filter(pk=under_id).first() if under_id else None
    node = node or visible.order_by("path").first()
    if node is None:
        return Overview(None, None, 0, 0, ())
    counts = _count_right_below(actor, node)
    children = tuple(
        UnionCount(each.pk, each.name, counts.get(each.path, 0), each.level in LEAVES)
        for each in visible.filter(parent=node).order_by("path")
    )
    inside = any(grant.path != node.path and node.path.startswith(grant.path) for grant in actor.grants)
    return Overview(
        node=node,
        parent_id=node.parent_id if inside else None,
        own_count=counts.get(node.path, 0),
        total=sum(counts.values()),
        children=children,
    )
