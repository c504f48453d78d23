"""Setting up grid cells, changing and ending them."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import Division, GridCell
from unionhome.core.organizations.queries import (
    find_union_of_division,
    get_cell,
    list_places_without_cell,
    may_set_cells,
)
from unionhome.core.organizations.rules import SERIALS, cell_code, cell_name
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node

MANAGE = "organizations.manage"


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What a new cell needs. `division_code` has 12 digits; without a name it is called after its place."""

    division_code: str
    starts_on: date
    name: str = ""
    boundary: str = ""


@transaction.atomic
def create_cell(actor: Actor, facts: CellFacts, *, submit_key: str = "") -> GridCell:
    """Set up a cell in a division; its union in charge is the nearest federation.

    A repeat with the same `submit_key` returns the cell of the first time. Raises BadInput for an unknown division or
    a day to come, Forbidden for village and employers' cadres, NotFound outside the actor's branches.
    """
    division = Division.objects.select_for_update().get(
        pk=get_division(facts.division_code, "place").pk
    )  # serials are counted one after another
    earlier = GridCell.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return get_cell(actor, earlier.pk)
    node = _union_in_charge(actor, division)
    check_day(actor, facts.starts_on, "starts_on")
    cell = _new_cell(actor, division, node, facts, submit_key)
    cell.save()
    record(
        actor,
        "organizations.cell.created",
        node=node,
        about=cell,
        summary=f"设立网格：{cell.name}",
        data={"code": cell.code, "on": cell.starts_on.isoformat()},
    )
    return cell


def _union_in_charge(actor: Actor, division: Division) -> Node:
    node = find_union_of_division(division.code)
    if node is None:
        raise Refused("这个地方还没有任何一级工会，先建立地方工会。", "no-union")
    if not actor.may(MANAGE, node.path):
        raise NotFound("这个地方不在您的范围。")
    _check_manages(actor, node)
    return node


def _check_manages(actor: Actor, node: Node) -> None:
    """Cells are set up by towns and those above (四级网格). Raises Forbidden."""
    if not may_set_cells(actor, node):
        raise Forbidden("网格由镇（街道）以上工会设立和调整。")


def _new_cell(actor: Actor, division: Division, node: Node, facts: CellFacts, submit_key: str = "") -> GridCell:
    last = GridCell.objects.filter(division=division).aggregate(last=Max("serial"))["last"] or 0
    if last >= SERIALS:
        raise Refused("这个地方的网格编号已经用完。", "no-serial")
    return GridCell(
        node=node,
        division=division,
        serial=last + 1,
        code=cell_code(division.code, last + 1),
        name=facts.name.strip() or cell_name(division.name, division.level, last + 1),
        boundary=facts.boundary.strip(),
        starts_on=facts.starts_on,
        created_at=actor.at,
        submit_key=submit_key or None,
    )


@transaction.atomic
def create_cells(actor: Actor, division_code: str, *, on: date) -> int:
    """Set up one cell for each village and community of a division that has none; how many were new.

    A second call sets up nothing. Raises as `create_cell` does.
    """
    above = Division.objects.select_for_update().get(pk=get_division(division_code, "place").pk)
    head = _union_in_charge(actor, above)
    check_day(actor, on, "on")
    places = list(list_places_without_cell(above))
    if not places:
        return 0
    nodes = {
        node.code: node
        for node in Node.objects.filter(
            code__in=[place.code for place in places], is_local=True, closed_on=None, organization__status="active"
        )
    }
    towns = {place.parent_id: find_union_of_division(place.parent_id or "") or head for place in places}
    made = []
    for place in places:
        node = nodes.get(place.code) or towns[place.parent_id]
        made.append(_new_cell(actor, place, node, CellFacts(place.code, on)))
    GridCell.objects.bulk_create(made)
    record(
        actor,
        "organizations.cells.created",
        node=head,
        summary=f"{above.name}一村一格设立网格 {len(made)} 个",
        data={"division": above.code, "count": len(made), "on": on.isoformat()},
    )
    return len(made)


@transaction.atomic
def change_cell(actor: Actor, cell_id: int, *, name: str, boundary: str) -> GridCell:
    """Another name or boundary. Raises BadInput without a name, Refused for a cell that was ended."""
    cell = lock_cell(actor, cell_id)
    name, boundary = name.strip(), boundary.strip()
    if not name:
        sentence = "请填写网格名称。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    if (cell.name, cell.boundary) == (name, boundary):
        return cell
    cell.name, cell.boundary = name, boundary
    cell.save(update_fields=["name", "boundary"])
    record(actor, "organizations.cell.changed", node=cell.node, about=cell, summary=f"修改网格：{name}")
    return cell


@transaction.atomic
def end_cell(actor: Actor, cell_id: int, *, on: date, reason: str = "") -> GridCell:
    """End a cell from a day on; its worker's post and what belongs to it end with it. A second call changes nothing."""
    cell = lock_cell(actor, cell_id, may_be_over=True)
    if cell.ends_on is not None:
        return cell
    check_day(actor, on, "on")
    check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
    cell.ends_on = on
    cell.save(update_fields=["ends_on"])
    for worker in cell.workers.filter(ends_on=None):
        worker.ends_on = max(on, worker.starts_on)
        worker.save(update_fields=["ends_on"])
    for unit in cell.units.filter(ends_on=None):
        unit.ends_on = max(on, unit.starts_on)
        unit.save(update_fields=["ends_on"])
    settle_coverage(actor, places=[cell.division_id], on=on)
    data = {"on": on.isoformat(), "reason": reason.strip()}
    record(actor, "organizations.cell.ended", node=cell.node, about=cell, summary=f"撤销网格：{cell.name}", data=data)
    return cell


def lock_cell(actor: Actor, cell_id: int, *, may_be_over: bool = False) -> GridCell:
    """A cell that the actor sets up and changes, locked. Raises NotFound, Forbidden, Refused for one that was ended."""
    cell = get_cell(actor, cell_id)
    _check_manages(actor, cell.node)
    locked = GridCell.objects.select_for_update(of=("self",)).select_related("node", "division").get(pk=cell.pk)
    if locked.ends_on is not None and not may_be_over:
        raise Refused("这个网格已经撤销，不能再改。", "cell-over")
    return locked


def check_not_before(on: date, first: date, field: str, words: str) -> None:
    """Raise BadInput at `field` for a day before `first`; `words` say what that day is."""
    if on < first:
        sentence = (
            f"日期{words}（{first:%Y-%m-%d}）。"
            if words.startswith("不能")
            else f"{words}{first:%Y-%m-%d}，不能早于它。"
        )
        raise BadInput(sentence, "too-early", fields={field: sentence})
