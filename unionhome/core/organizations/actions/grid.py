"""Setting up grid cells, saying who works in them and what belongs to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from unionhome.core.access.queries import get_user
from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.coverage import settle_coverage
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers import get_division
from unionhome.core.organizations.models import Division, Employer, GridCell, GridUnit, GridWorker
from unionhome.core.organizations.queries import (
    find_union_of_division,
    get_cell,
    list_places_without_cell,
    may_set_cells,
)
from unionhome.core.organizations.rules import SERIALS, cell_code, cell_name, open_phone, seal_phone
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.codes import CodeError, parse_mobile

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
    cell = _lock(actor, cell_id)
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
    cell = _lock(actor, cell_id, may_be_over=True)
    if cell.ends_on is not None:
        return cell
    check_day(actor, on, "on")
    _check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
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


@transaction.atomic
def assign_worker(
    actor: Actor, cell_id: int, *, on: date, user_id: int | None = None, name: str = "", phone: str = ""
) -> GridWorker:
    """Say who is the grid worker from a day on: an account, or a name with a phone. Who was before ends that day.

    Raises BadInput without a name, for a wrong phone or a day before the present worker's; NotFound for an account
    outside the actor's branches.
    """
    cell = _lock(actor, cell_id)
    check_day(actor, on, "on")
    _check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
    user = get_user(actor, user_id, MANAGE) if user_id else None
    name = user.name if user else name.strip()
    if not name:
        sentence = "请选一个账号，或者写网格员姓名。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    number = _clean_phone(phone) if user is None else ""
    before = cell.workers.select_for_update().filter(ends_on=None).first()
    if before is not None:
        if (before.user_id, before.name, open_phone(before.phone_sealed)) == (user_id, name, number):
            return before
        _check_not_before(on, before.starts_on, "on", f"{before.name}的任职起是")
        before.ends_on = on
        before.save(update_fields=["ends_on"])
    worker = GridWorker.objects.create(
        cell=cell, node=cell.node, user=user, name=name, phone_sealed=seal_phone(number), starts_on=on
    )
    settle_coverage(actor, places=[cell.division_id], on=on)
    record(
        actor,
        "organizations.gridworker.assigned",
        node=cell.node,
        about=cell,
        summary=f"{cell.name}的网格员：{name}",
        data={"on": on.isoformat()},
    )
    return worker


def _clean_phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_mobile(text)
    except CodeError as error:
        raise BadInput(error.sentence, "bad-phone", fields={"phone": error.sentence}) from error


@transaction.atomic
def end_worker(actor: Actor, cell_id: int, *, on: date) -> None:
    """The grid worker's post ends, and nobody follows yet. Without a worker nothing changes."""
    cell = _lock(actor, cell_id)
    check_day(actor, on, "on")
    worker = cell.workers.select_for_update().filter(ends_on=None).first()
    if worker is None:
        return
    _check_not_before(on, worker.starts_on, "on", "不能早于任职的日期")
    worker.ends_on = on
    worker.save(update_fields=["ends_on"])
    settle_coverage(actor, places=[cell.division_id], on=on)
    record(
        actor,
        "organizations.gridworker.ended",
        node=cell.node,
        about=cell,
        summary=f"{cell.name}的网格员{worker.name}离任",
        data={"on": on.isoformat()},
    )


@transaction.atomic
def assign_units(
    actor: Actor, cell_id: int, *, employers: Collection[int] = (), unions: Collection[int] = (), on: date
) -> int:
    """Put employers and unions of the cell's place into the cell; how many were new.

    What lies elsewhere or belongs to a cell already is passed over.
    """
    cell = _lock(actor, cell_id)
    check_day(actor, on, "on")
    _check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
    branch, in_cells = cell.division.prefix, GridUnit.objects.filter(ends_on=None)
    free_employers = (
        Employer.objects.filter(pk__in=employers, division__prefix__startswith=branch)
        .exclude(pk__in=in_cells.filter(employer__isnull=False).values("employer"))
        .values_list("pk", flat=True)
    )
    free_unions = (
        scope(Node.objects.filter(pk__in=unions, closed_on=None), actor, MANAGE)
        .filter(organization__division__prefix__startswith=branch)
        .exclude(pk__in=in_cells.filter(union__isnull=False).values("union"))
        .values_list("pk", flat=True)
    )
    rows = [
        *(GridUnit(cell=cell, node=cell.node, employer_id=pk, starts_on=on) for pk in free_employers),
        *(GridUnit(cell=cell, node=cell.node, union_id=pk, starts_on=on) for pk in free_unions),
    ]
    GridUnit.objects.bulk_create(rows)
    if rows:
        data: dict[str, Any] = {"count": len(rows), "on": on.isoformat()}
        said = f"划入{cell.name}：单位和工会 {len(rows)} 个"
        record(actor, "organizations.cell.filled", node=cell.node, about=cell, summary=said, data=data)
    return len(rows)


@transaction.atomic
def release_unit(actor: Actor, cell_id: int, unit_id: int, *, on: date) -> None:
    """Take an employer or a union out of the cell from a day on. Raises NotFound."""
    cell = _lock(actor, cell_id, may_be_over=True)
    unit = GridUnit.objects.select_related("employer", "union").filter(pk=unit_id, cell=cell).first()
    if unit is None:
        raise NotFound()
    if unit.ends_on is not None:
        return
    check_day(actor, on, "on")
    unit.ends_on = max(on, unit.starts_on)
    unit.save(update_fields=["ends_on"])
    name = unit.employer.name if unit.employer else unit.union.name if unit.union else ""
    record(
        actor,
        "organizations.cell.released",
        node=cell.node,
        about=cell,
        summary=f"从{cell.name}划出：{name}",
        data={"on": on.isoformat()},
    )


@transaction.atomic
def open_worker_phone(actor: Actor, cell_id: int) -> str:
    """The present grid worker's phone in clear, for calling; journaled. "" where none is noted. Raises NotFound."""
    cell = get_cell(actor, cell_id)
    worker = cell.workers.filter(ends_on=None).first()
    phone = open_phone(worker.phone_sealed) if worker else ""
    if worker and phone:
        record(
            actor,
            "organizations.gridworker.opened",
            node=cell.node,
            about=cell,
            summary=f"查看{cell.name}网格员的电话",
        )
    return phone


def _lock(actor: Actor, cell_id: int, *, may_be_over: bool = False) -> GridCell:
    cell = get_cell(actor, cell_id)
    _check_manages(actor, cell.node)
    locked = GridCell.objects.select_for_update(of=("self",)).select_related("node", "division").get(pk=cell.pk)
    if locked.ends_on is not None and not may_be_over:
        raise Refused("这个网格已经撤销，不能再改。", "cell-over")
    return locked


def _check_not_before(on: date, first: date, field: str, words: str) -> None:
    if on < first:
        sentence = (
            f"日期{words}（{first:%Y-%m-%d}）。"
            if words.startswith("不能")
            else f"{words}{first:%Y-%m-%d}，不能早于它。"
        )
        raise BadInput(sentence, "too-early", fields={field: sentence})
