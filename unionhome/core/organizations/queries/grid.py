"""Grid cells: lists, one cell, who looks after a place."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from unionhome.core.access.models import User
from unionhome.core.access.queries import list_users
from unionhome.core.organizations.models import Division, Employer, GridCell, GridUnit, GridWorker, Organization
from unionhome.core.organizations.queries.places import find_union_of_division, list_divisions
from unionhome.core.organizations.queries.reach import get_reach_below
from unionhome.core.organizations.queries.unions import VIEW, list_visible
from unionhome.core.organizations.rules import open_phone
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_local_above, scope
from unionhome.kit.codes import CodeError, division_prefix, division_short, mask_phone

MANAGE = "organizations.manage"
MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class CellFilters:
    """What narrows the list of cells. `worker` is yes or no, `state` standing or over, `division` any code."""

    text: str = ""
    division: str = ""
    worker: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return any((self.text, self.division, self.worker, self.state))


@dataclass(frozen=True, slots=True)
class CellCounts:
    """Standing cells of a place, with and without a worker."""

    cells: int
    served: int

    @property
    def unserved(self) -> int:
        return self.cells - self.served


def _serving() -> Exists:
    return Exists(GridWorker.objects.filter(cell=OuterRef("pk"), ends_on=None))


def _visible(actor: Actor) -> QuerySet[GridCell]:
    return scope(GridCell.objects.all(), actor, VIEW)


def _prefix(code: str) -> str:
    try:
        return division_prefix(code)
    except CodeError:
        return ""


def list_cells(actor: Actor, filters: CellFilters) -> QuerySet[GridCell]:
    """The actor's cells that match, by code, with place, union in charge and the number of what belongs to them."""
    found = _visible(actor)
    prefix = _prefix(filters.division)
    if prefix:
        found = found.filter(division__prefix__startswith=prefix)
    if filters.text:
        text = filters.text.replace("\x00", "").strip()
        found = found.filter(Q(name__contains=text) | Q(code__startswith=text) | Q(division__name__contains=text))
    found = found.filter(ends_on__isnull=filters.state != "over")
    if filters.worker:
        found = found.filter(_serving() if filters.worker == "yes" else ~_serving())
    return (
        found.select_related("division__parent", "node")
        .annotate(units_count=Count("units", filter=Q(units__ends_on=None)))
        .order_by("code")
    )


def count_cells(actor: Actor, division: str = "") -> CellCounts:
    """Standing cells, and those with a worker, in one query."""
    found = _visible(actor).filter(ends_on=None)
    if prefix := _prefix(division):
        found = found.filter(division__prefix__startswith=prefix)
    row = found.annotate(is_served=_serving()).aggregate(
        cells=Count("pk"), served=Count("pk", filter=Q(is_served=True))
    )
    return CellCounts(**row)


def list_present_workers(cells: list[GridCell]) -> dict[int, GridWorker]:
    """The present worker of each cell, by the cell's id. The caller has scoped the cells."""
    rows = GridWorker.objects.filter(cell__in=cells, ends_on=None).select_related("user")
    return {row.cell_id: row for row in rows}


def get_cell(actor: Actor, cell_id: int) -> GridCell:
    """One cell of the actor's branches with place and union in charge. Raises NotFound."""
    cell = (
        _visible(actor)
        .select_related("node", "division__parent__parent__parent", "node__organization")
        .filter(pk=cell_id)
        .first()
    )
    if cell is None:
        raise NotFound()
    return cell


def list_workers(cell: GridCell) -> QuerySet[GridWorker]:
    """Everybody who worked in the cell, the present one first. The caller has scoped the cell."""
    return cell.workers.select_related("user").order_by("-starts_on", "-pk")


def get_masked_phone(worker: GridWorker) -> str:
    """The worker's phone, masked; "" for none."""
    return mask_phone(open_phone(worker.phone_sealed))


def list_units(cell: GridCell) -> QuerySet[GridUnit]:
    """What belongs to the cell now. The caller has scoped the cell."""
    return cell.units.filter(ends_on=None).select_related("employer__union", "union").order_by("pk")


def list_free_employers(cell: GridCell) -> list[Employer]:
    """Employers of the cell's place that belong to no cell, by name; the first two hundred."""
    found = Employer.objects.filter(division__prefix__startswith=cell.division.prefix).exclude(
        pk__in=GridUnit.objects.filter(ends_on=None, employer__isnull=False).values("employer")
    )
    return list(found.select_related("union").order_by("name", "pk")[:MOST_UNITS])


def list_free_unions(actor: Actor, cell: GridCell) -> list[Organization]:
    """Employers' unions of the cell's place that belong to no cell, in the order of the tree; the first two hundred."""
    found = (
        list_visible(actor)
        .filter(division__prefix__startswith=cell.division.prefix, status="active", node__is_local=False)
        .exclude(pk__in=GridUnit.objects.filter(ends_on=None, union__isnull=False).values("union"))
    )
    return list(found.order_by("node__path")[:MOST_UNITS])


def list_candidates(actor: Actor, cell: GridCell) -> QuerySet[User]:
    """Accounts that may be the grid worker: of the union in charge and of the town above it."""
    above = find_local_above(cell.node) if cell.node.level == "village" else None
    nodes = [cell.node, *([above] if above else [])]
    return list_users(actor, permission="organizations.manage").filter(node__in=nodes, is_active=True)


def list_places_without_cell(above: Division) -> QuerySet[Division]:
    """Villages and communities within a division (or itself) that have no standing cell."""
    return (
        Division.objects.filter(prefix__startswith=above.prefix, level="village", ended_year=None)
        .exclude(pk__in=GridCell.objects.filter(ends_on=None).values("division"))
        .order_by("code")
    )


def find_cell_of_place(code: str) -> GridCell | None:
    """The standing cell of a village or community, the first where there are several; one with a worker first.

    Who looks after a place is public knowledge within the union.
    """
    return (
        GridCell.objects.filter(division=code, ends_on=None)
        .annotate(is_served=_serving())
        .select_related("node")
        .order_by("-is_served", "serial")
        .first()
    )


def find_worker(cell: GridCell, on: date) -> GridWorker | None:
    """Who works in the cell on a day. The caller has scoped the cell."""
    standing = Q(ends_on=None) | Q(ends_on__gt=on)
    return cell.workers.filter(standing, starts_on__lte=on).select_related("user").order_by("-starts_on").first()


def _list_heads(actor: Actor, permission: str) -> list[Node]:
    """The federations at the head of the actor's branches: where a choice of place begins."""
    paths = actor.branches(permission)
    return list(Node.objects.filter(path__in=paths, is_local=True).order_by("path"))


def may_set_cells(actor: Actor, node: Node | None = None) -> bool:
    """Whether the actor sets up and changes cells: of one union, or of any. Towns and those above do."""
    if node is not None:
        return actor.may(MANAGE, node.path) and get_reach_below(actor, node.path).manages
    return any(get_reach_below(actor, path).manages for path in actor.branches(MANAGE)) or actor.is_system


def may_see_place(actor: Actor, code: str) -> bool:
    """Whether a division lies in the actor's branches, by the federation nearest to it."""
    node = find_union_of_division(code)
    return node is not None and actor.may(VIEW, node.path)


def get_first_place(actor: Actor) -> str:
    """The division (12 digits) with which a choice of place begins: that of the actor's own federation, else ""."""
    heads = _list_heads(actor, MANAGE)
    return heads[0].code.ljust(12, "0") if heads else ""


def list_parts(actor: Actor, division: str = "") -> list[Division]:
    """The divisions right below a chosen one; without one, those below the head of the actor's branch."""
    heads = _list_heads(actor, VIEW)
    code = division or (heads[0].code if heads else "")
    if not code or (division and not may_see_place(actor, division)):
        return []
    return list(list_divisions(code))


def list_unions_to_found(division: Division) -> list[str]:
    """Names of the divisions, the division itself and those below, that have no federation."""
    below = Division.objects.filter(prefix__startswith=division.prefix, ended_year=None).order_by("code")
    standing = set(
        Node.objects.filter(is_local=True, closed_on=None, code__startswith=division_short(division.code)).values_list(
            "code", flat=True
        )
    )
    return [one.people_name for one in below if division_short(one.code) not in standing]
