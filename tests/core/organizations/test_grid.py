"""Grid cells: who sets them up, who works in them, what belongs to them, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import Coverage, GridCell, GridUnit, GridWorker, Organization
from unionhome.core.organizations.rules import open_phone
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
TOWN, VILLAGE, OTHER = "610502001", "610502001001", "610502001002"
ON = date(2026, 3, 1)
LATER = date(2026, 6, 1)


@pytest.fixture
def cell(cadre: Cadre) -> GridCell:
    return actions.create_cell(cadre(TOWN), actions.CellFacts(VILLAGE, ON))


def state(place: str, on: date) -> bool | None:
    """Whether the village had a grid worker on a day, as the figure counts it."""
    rows = Coverage.objects.filter(kind="worker", division=place, starts_on__lte=on).exclude(ends_on__lte=on)
    assert rows.count() <= 1
    return rows.values_list("is_covered", flat=True).first()


def test_a_cell_is_called_after_its_place_and_led_by_the_nearest_union(cell: GridCell) -> None:
    assert (cell.code, cell.name, cell.node.code) == (f"{VILLAGE}001", "园里堡社区第1网格", VILLAGE)


def test_the_same_form_twice_sets_up_one_cell(cadre: Cadre) -> None:
    facts = actions.CellFacts(VILLAGE, ON, name="东片")
    first = actions.create_cell(cadre(TOWN), facts, submit_key="a" * 32)
    assert actions.create_cell(cadre(TOWN), facts, submit_key="a" * 32) == first
    second = actions.create_cell(cadre(TOWN), facts)
    assert (second.serial, GridCell.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("who", "place", "on", "error"),
    [
        (VILLAGE, VILLAGE, ON, Forbidden),
        ("610502100", VILLAGE, ON, NotFound),
        ("610503", VILLAGE, ON, NotFound),
        (TOWN, "610502001999", ON, BadInput),
        (TOWN, "", ON, BadInput),
        (TOWN, VILLAGE, date(2030, 1, 1), BadInput),
    ],
)
def test_cells_that_cannot_be(cadre: Cadre, who: str, place: str, on: date, error: type[Refused]) -> None:
    with pytest.raises(error):
        actions.create_cell(cadre(who), actions.CellFacts(place, on))
    assert not GridCell.objects.exists()


def test_one_cell_for_each_village_once(cadre: Cadre, cell: GridCell) -> None:
    assert actions.create_cells(cadre("610502"), "610502", on=ON) == 3
    assert actions.create_cells(cadre("610502"), "610502", on=ON) == 0
    assert set(GridCell.objects.values_list("node__code", flat=True)) == {
        VILLAGE,
        OTHER,
        "610502100200",
        "610502100201",
    }
    with pytest.raises(Forbidden):
        actions.create_cells(cadre(VILLAGE), VILLAGE, on=ON)
    with pytest.raises(NotFound):
        actions.create_cells(cadre("610503"), TOWN, on=ON)


def test_a_worker_follows_the_one_before_and_the_phone_is_sealed(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    first = actions.assign_worker(town, cell.pk, name="赵示例", phone="１９９ 0006 0001", on=ON)
    again = actions.assign_worker(town, cell.pk, name="赵示例", phone="19900060001", on=LATER)
    assert again == first
    assert b"19900060001" not in bytes(first.phone_sealed or b"")
    assert open_phone(first.phone_sealed) == "19900060001"
    actions.assign_worker(town, cell.pk, name="钱示例", on=LATER)
    first.refresh_from_db()
    assert first.ends_on == LATER
    assert [worker.name for worker in queries.list_workers(cell)] == ["钱示例", "赵示例"]
    found = queries.find_worker(cell, ON + timedelta(days=5))
    assert found is not None and found.name == "赵示例"
    assert not Entry.objects.filter(summary__contains="19900060001").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "赵示例", "phone": "1380"}, "phone"),
        ({"name": "赵示例", "on": ON - timedelta(days=1)}, "on"),
        ({"name": "赵示例", "on": date(2030, 1, 1)}, "on"),
    ],
)
def test_workers_that_cannot_be(cadre: Cadre, cell: GridCell, given: dict[str, object], field: str) -> None:
    values = {"on": ON, **given}
    with pytest.raises(BadInput) as refused:
        actions.assign_worker(cadre(TOWN), cell.pk, **values)  # type: ignore[arg-type]
    assert field in refused.value.fields
    assert not GridWorker.objects.exists()


def test_who_may_not_name_a_worker(cadre: Cadre, cell: GridCell) -> None:
    with pytest.raises(Forbidden):
        actions.assign_worker(cadre(VILLAGE), cell.pk, name="赵示例", on=ON)
    with pytest.raises(NotFound):
        actions.assign_worker(cadre("610503"), cell.pk, name="赵示例", on=ON)
    with pytest.raises(NotFound):
        actions.assign_worker(cadre(TOWN), cell.pk, user_id=999_999, on=ON)


def test_coverage_as_of_any_day(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    assert state(VILLAGE, ON) is False
    actions.assign_worker(town, cell.pk, name="赵示例", on=LATER)
    assert (state(VILLAGE, LATER - timedelta(days=1)), state(VILLAGE, LATER), state(OTHER, LATER)) == (
        False,
        True,
        False,
    )
    gone = LATER + timedelta(days=30)
    actions.end_worker(town, cell.pk, on=gone)
    assert (state(VILLAGE, gone - timedelta(days=1)), state(VILLAGE, gone)) == (True, False)


def test_a_second_cell_keeps_its_village_covered(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    second = actions.create_cell(town, actions.CellFacts(VILLAGE, ON))
    actions.assign_worker(town, cell.pk, name="赵示例", on=ON)
    actions.assign_worker(town, second.pk, name="钱示例", on=LATER)
    actions.end_cell(town, cell.pk, on=LATER, reason="两格并一格")
    assert (state(VILLAGE, ON), state(VILLAGE, LATER)) == (True, True)
    actions.end_cell(town, second.pk, on=LATER + timedelta(days=1), reason="撤并")
    assert state(VILLAGE, LATER + timedelta(days=1)) is False
    assert not GridWorker.objects.filter(ends_on=None).exists()


def test_an_ended_cell_stays_as_it_was(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    with pytest.raises(BadInput):
        actions.end_cell(town, cell.pk, on=ON - timedelta(days=1))
    actions.end_cell(town, cell.pk, on=LATER)
    actions.end_cell(town, cell.pk, on=LATER + timedelta(days=1))
    cell.refresh_from_db()
    assert cell.ends_on == LATER
    with pytest.raises(Refused, match="已经撤销"):
        actions.change_cell(town, cell.pk, name="别名", boundary="")
    fresh = actions.create_cell(town, actions.CellFacts(VILLAGE, LATER))
    assert fresh.serial == 2


def test_a_cell_is_renamed_and_needs_a_name(cadre: Cadre, cell: GridCell) -> None:
    changed = actions.change_cell(cadre(TOWN), cell.pk, name="车站片", boundary="东至解放路")
    assert (changed.name, changed.boundary) == ("车站片", "东至解放路")
    with pytest.raises(BadInput):
        actions.change_cell(cadre(TOWN), cell.pk, name=" ", boundary="")


def test_units_of_the_place_belong_to_one_cell(cadre: Cadre, cell: GridCell, union: Organization) -> None:
    town, employer = cadre(TOWN), union.employer
    assert employer is not None
    second = actions.create_cell(town, actions.CellFacts(VILLAGE, ON))
    elsewhere = actions.create_cell(town, actions.CellFacts(OTHER, ON))
    assert [one.pk for one in queries.list_free_employers(cell)] == [employer.pk]
    assert [one.pk for one in queries.list_free_unions(town, cell)] == [union.pk]
    given = {"employers": [employer.pk], "unions": [union.pk], "on": LATER}
    assert actions.assign_units(town, elsewhere.pk, **given) == 0
    assert actions.assign_units(town, cell.pk, **given) == 2
    assert actions.assign_units(town, cell.pk, **given) == actions.assign_units(town, second.pk, **given) == 0
    unit = GridUnit.objects.get(employer=employer)
    with pytest.raises(NotFound):
        actions.release_unit(town, second.pk, unit.pk, on=LATER)
    actions.release_unit(town, cell.pk, unit.pk, on=LATER)
    assert actions.assign_units(town, second.pk, **given) == 1


def test_opening_a_phone_is_journaled(cadre: Cadre, cell: GridCell) -> None:
    actions.assign_worker(cadre(TOWN), cell.pk, name="赵示例", phone="19900060001", on=ON)
    assert actions.open_worker_phone(cadre(VILLAGE), cell.pk) == "19900060001"
    assert Entry.objects.filter(kind="organizations.gridworker.opened").count() == 1
    with pytest.raises(NotFound):
        actions.open_worker_phone(cadre("610503"), cell.pk)


def test_a_place_finds_the_cell_that_has_a_worker(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    assert queries.find_cell_of_place(VILLAGE) == cell
    second = actions.create_cell(town, actions.CellFacts(VILLAGE, ON))
    actions.assign_worker(town, second.pk, name="赵示例", on=ON)
    assert queries.find_cell_of_place(VILLAGE) == second
    assert queries.find_cell_of_place(OTHER) is None


def test_cells_are_narrowed_and_counted(cadre: Cadre, cell: GridCell) -> None:
    town = cadre(TOWN)
    actions.create_cells(town, TOWN, on=ON)
    actions.assign_worker(town, cell.pk, name="赵示例", on=ON)
    counts = queries.count_cells(town)
    assert (counts.cells, counts.served, counts.unserved) == (2, 1, 1)

    def found(**given: str) -> list[str]:
        return [one.code for one in queries.list_cells(town, replace(queries.CellFilters(), **given))]

    assert found(worker="yes") == found(text="园里堡") == found(division=VILLAGE) == [f"{VILLAGE}001"]
    assert found(worker="no") == [f"{OTHER}001"]
    assert found(state="over") == []
    assert not queries.list_cells(cadre("610503"), queries.CellFilters()).exists()


def test_a_division_without_a_union_is_led_by_the_town(cadre: Cadre, tree: dict[str, Node]) -> None:
    Node.objects.filter(code=VILLAGE).update(closed_on=LATER)
    cell = actions.create_cell(cadre(TOWN), actions.CellFacts(VILLAGE, LATER))
    assert cell.node.code == TOWN
