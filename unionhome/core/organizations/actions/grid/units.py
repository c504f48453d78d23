"""Which employers and unions belong to a grid cell."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.grid.cells import MANAGE, check_not_before, lock_cell
from unionhome.core.organizations.models import Employer, GridUnit
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope


@transaction.atomic
def assign_units(
    actor: Actor, cell_id: int, *, employers: Collection[int] = (), unions: Collection[int] = (), on: date
) -> int:
    """Put employers and unions of the cell's place into the cell; how many were new.

    What lies elsewhere or belongs to a cell already is passed over.
    """
    cell = lock_cell(actor, cell_id)
    check_day(actor, on, "on")
    check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
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
    cell = lock_cell(actor, cell_id, may_be_over=True)
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
