"""The tree browser: unions with the counts below each, a whole opened tree in a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from unionhome.core.organizations.models import CoveredUnit, Organization, UnionSpan
from unionhome.core.organizations.queries.unions import VIEW, get_organization, list_visible
from unionhome.core.organizations.rules import COUNTED_FORMS
from unionhome.core.registry import Actor, discover, resolve
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q
from unionhome.core.tree.rules import STEP, prefixes

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One union of the browser.

    `below_count` are the active unions under it (branches and groups not counted), `covered_count` the employers it
    and they organise, `members_count` the members of it and of them as counted from the register, `children_count` all
    nodes right below; `depth` is 0 for the head.
    """

    organization: Organization
    depth: int
    below_count: int
    covered_count: int
    members_count: int
    children_count: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """The opened tree; `is_cut` says that only the first thousand rows are shown."""

    rows: list[Row]
    is_cut: bool


def list_tops(actor: Actor) -> list[Organization]:
    """Where the actor's tree begins: the heads of its branches, without those inside another."""
    if actor.is_system:
        return list(list_visible(actor).filter(node__parent=None))
    branches = set(actor.branches(VIEW))
    heads = [path for path in branches if not any(path != other and path.startswith(other) for other in branches)]
    return list(list_visible(actor).filter(node__path__in=heads).order_by("node__path"))


def get_tree(actor: Actor, tops: list[Organization], open_ids: Collection[int]) -> Tree:
    """The tops with everything below them that is opened. `open_ids` under a closed union open nothing."""
    below = list_visible(actor).filter(node__parent__in=open_ids).order_by("node__path")
    shown = {top.pk: top for top in tops}
    depths = {top.pk: 0 for top in tops}
    cut = False
    for row in below:
        parent = row.node.parent_id
        if row.pk in shown or parent not in shown or parent not in open_ids:
            continue
        if len(shown) >= MOST_ROWS:
            cut = True
            break
        shown[row.pk] = row
        depths[row.pk] = depths[parent] + 1
    rows = sorted(shown.values(), key=lambda row: row.node.path)
    return Tree(_with_counts(rows, depths, open_ids), cut)


def list_children(actor: Actor, node_id: int) -> list[Row]:
    """The unions right below one with their counts, in a fixed number of queries. Raises NotFound."""
    get_organization(actor, node_id)
    rows = list(list_visible(actor).filter(node__parent=node_id).order_by("node__path"))
    return _with_counts(rows, {row.pk: 1 for row in rows}, ())


def _with_counts(rows: list[Organization], depths: dict[int, int], open_ids: Collection[int]) -> list[Row]:
    """Four questions, however deep the tree is opened and however many rows it shows."""
    shown = {row.node.path for row in rows}
    heads = {row.node.path[: -STEP if depths[row.pk] else None] for row in rows}
    branches = [path for path in heads if not any(path != other and path.startswith(other) for other in heads)]
    counted = Organization.objects.filter(status="active", form__in=COUNTED_FORMS)
    unions = _climbed(_paths(counted, branches), shown)
    covered = _climbed(_paths(CoveredUnit.objects.filter(ends_on=None), branches), shown)
    members = _climbed(_count_members(branches), shown)
    for row in rows:
        if unions.get(row.node.path) and row.status == "active" and row.form in COUNTED_FORMS:
            unions[row.node.path] -= 1
    children = dict(
        Node.objects.filter(parent__in=[row.pk for row in rows]).values_list("parent").annotate(count=Count("pk"))
    )
    return [
        Row(
            row,
            depths[row.pk],
            unions.get(row.node.path, 0),
            covered.get(row.node.path, 0),
            members.get(row.node.path, 0),
            children.get(row.pk, 0),
            row.pk in open_ids,
        )
        for row in rows
    ]


def _paths(rows: QuerySet[Organization] | QuerySet[CoveredUnit], branches: Iterable[str]) -> Iterable[tuple[str, int]]:
    """How many rows lie at each path of the branches."""
    found = rows.filter(branch_q("node__path", branches)).order_by()
    return found.values_list("node__path").annotate(count=Count("pk"))


def _climbed(counts: Iterable[tuple[str, int]], shown: Collection[str]) -> dict[str, int]:
    """The counts of single paths added up at every shown path above them."""
    sums = dict.fromkeys(shown, 0)
    for path, count in counts:
        for above in prefixes(path):
            if above in sums:
                sums[above] += count
    return sums


def _count_members(branches: Iterable[str]) -> list[tuple[str, int]]:
    """How many members each union of the branches has itself, by path; asked of the room above (MEMBER_COUNTERS)."""
    found = []
    paths = list(branches)
    for dotted in discover("handlers", "MEMBER_COUNTERS"):
        found += resolve(dotted)(paths)
    return found


def count_unions(nodes: Iterable[Node]) -> int:
    """Active unions of branches, their heads included; branches and groups not counted."""
    paths = [node.path for node in nodes]
    return Organization.objects.filter(branch_q("node__path", paths), status="active", form__in=COUNTED_FORMS).count()


def count_standing(on: date) -> int:
    """Unions of the whole register that stood at the end of a day; branches and groups not counted."""
    rows = UnionSpan.objects.filter(form__in=COUNTED_FORMS, starts_on__lte=on)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=on)).count()
