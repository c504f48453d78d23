"""Coverage gaps: found, dated, closed, and the same in the list, the figure and the workbook."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.core.organizations.small_city import AT
from unionhome.core.figures.queries import get_value, list_rows
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import Coverage, Division, Employer, Organization
from unionhome.core.organizations.sheets import gap_workbook
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period
from unionhome.kit.sheets import read_rows

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
EmployerOf = Callable[..., actions.EmployerFacts]
Facts = Callable[..., actions.UnionFacts]
TOWN, VILLAGE = "610502001", "610502001001"
TODAY = date(2026, 11, 24)
DAY = Period(TODAY, TODAY)
CODES = {
    "employer": "organizations.employers_without_union",
    "town": "organizations.towns_without_union",
    "village": "organizations.villages_without_union",
    "worker": "organizations.villages_without_worker",
}


def gaps(actor: Actor, **given: str) -> set[tuple[str, str]]:
    found = queries.list_gaps(actor, queries.GapFilters(**given))
    return {(gap.kind, gap.employer.name if gap.employer else gap.division_id) for gap in found}


def new_village(tree: dict[str, Node]) -> Division:
    """A community that an edition added after its town's unions were founded."""
    town = Division.objects.get(code=TOWN.ljust(12, "0"))
    return Division.objects.create(
        code="610502001003", name="新城社区", level="village", parent=town, prefix="610502001003", year=2024
    )


def test_villages_want_a_worker_until_one_is_named(cadre: Cadre, tree: dict[str, Node]) -> None:
    town = cadre(TOWN)
    assert gaps(town) == {("worker", VILLAGE), ("worker", "610502001002")}
    cell = actions.create_cell(town, actions.CellFacts(VILLAGE, TODAY))
    assert len(gaps(town)) == 2
    actions.assign_worker(town, cell.pk, name="赵示例", on=TODAY)
    assert gaps(town) == {("worker", "610502001002")}


def test_an_employer_is_a_gap_from_its_entry_to_its_union(
    cadre: Cadre, tree: dict[str, Node], employer: EmployerOf, facts: Facts
) -> None:
    town = cadre(TOWN)
    firm = actions.enter_employer(town, employer())
    assert actions.enter_employer(town, employer()) == firm
    assert ("employer", firm.name) in gaps(town)
    assert ("employer", firm.name) not in gaps(cadre("610503"))
    actions.found_union(town, parent_code=TOWN, facts=facts(founded_on=TODAY), employer=employer())
    assert ("employer", firm.name) not in gaps(town)
    row = Coverage.objects.get(employer=firm, ends_on=None)
    assert row.is_covered


def test_a_place_without_a_union_is_founded(cadre: Cadre, tree: dict[str, Node], system: Actor) -> None:
    village = new_village(tree)
    actions.settle_coverage(system)
    town = cadre(TOWN)
    assert {("village", village.code), ("worker", village.code)} <= gaps(town)
    assert queries.list_unions_to_found(village) == ["新城社区"]
    with pytest.raises(Forbidden):
        actions.found_place_unions(cadre(VILLAGE), VILLAGE, on=TODAY)
    with pytest.raises(NotFound):
        actions.found_place_unions(cadre("610503"), village.code, on=TODAY)
    with pytest.raises(BadInput):
        actions.found_place_unions(town, village.code, on=TODAY + timedelta(days=1))
    with pytest.raises(Refused):
        actions.found_place_unions(cadre("610500"), "610502", on=TODAY)
    assert actions.found_place_unions(town, village.code, on=TODAY) == 1
    assert actions.found_place_unions(town, village.code, on=TODAY) == 0
    assert ("village", village.code) not in gaps(town)
    assert Node.objects.get(code=village.code).parent == tree[TOWN]


def test_settling_again_changes_nothing(system: Actor, union: Organization) -> None:
    assert actions.settle_coverage(system) == 0
    Division.objects.filter(code=VILLAGE).update(ended_year=2026)
    assert actions.settle_coverage(system) == 2
    assert actions.settle_coverage(system) == 0


def test_settling_asks_the_same_number_of_questions(
    system: Actor, union: Organization, django_assert_max_num_queries: Callable[..., object]
) -> None:
    locks = connection.vendor == "postgresql"  # of days that somebody might close meanwhile
    with django_assert_max_num_queries(9 + locks):
        actions.settle_coverage(system)


def test_shown_is_listed_is_exported(cadre: Cadre, tree: dict[str, Node], employer: EmployerOf, system: Actor) -> None:
    new_village(tree)
    actions.enter_employer(cadre(TOWN), employer())
    actions.settle_coverage(system)
    for code in ("610500", "610502", TOWN):
        actor = cadre(code)
        for row in queries.count_coverage(actor):
            listed = queries.list_gaps(actor, queries.GapFilters(kind=row.kind))
            value = get_value(actor, CODES[row.kind], tree[code], DAY)
            rows = list_rows(actor, CODES[row.kind], tree[code], DAY)
            exported = len(list(read_rows(gap_workbook(listed), "x.xlsx", max_rows=100, max_columns=20))) - 1
            assert row.gaps == listed.count() == value.raw == rows.count() == exported, (code, row.kind)


def test_the_share_of_villages_with_a_worker(cadre: Cadre, tree: dict[str, Node]) -> None:
    county = cadre("610502")
    cell = actions.create_cell(county, actions.CellFacts(VILLAGE, date(2026, 3, 1)))
    actions.assign_worker(county, cell.pk, name="赵示例", on=date(2026, 6, 1))

    def share(day: date, node: str = "610502") -> object:
        return get_value(county, "organizations.grid_coverage", tree[node], Period(day, day)).plain

    assert (share(date(2026, 5, 31)), share(date(2026, 6, 1)), share(TODAY)) == (0, 25, 25)
    assert share(TODAY, TOWN) == 50
    assert get_value(county, "organizations.grid_cells", tree["610502"], DAY).raw == 1


def test_parts_of_the_unions(cadre: Cadre, tree: dict[str, Node], union: Organization) -> None:
    city = cadre("610500")

    def count(noun: str) -> object:
        return get_value(city, f"organizations.{noun}", tree["610500"], DAY).raw

    assert [count(f"{noun}_unions") for noun in ("county", "town", "village", "single", "joint")] == [2, 3, 5, 1, 0]
    assert count("unions") == 1 + 2 + 3 + 5 + 1
    Employer.objects.update(nature="170")
    actions.settle_spans([union.pk])
    assert (count("private_enterprise_unions"), count("public_enterprise_unions")) == (1, 0)


def test_the_founding_rate_is_of_its_day(cadre: Cadre, tree: dict[str, Node], system: Actor) -> None:
    """Employers of 25 workers and more with a union, of all such: a later size or union leaves earlier days alone."""

    def rate(on: date) -> object:
        return get_value(cadre("610500"), "organizations.founding_rate", tree["610500"], Period(on, on)).raw

    long_ago = Actor.system("tests", AT.replace(year=2025))
    firms = [
        actions.register_employer(long_ago, actions.EmployerFacts(f"第{number}示例厂", VILLAGE, workers_count=workers))
        for number, workers in enumerate((24, 25, 80, None), start=1)
    ]
    last_year = date(2025, 12, 31)
    assert rate(last_year) == 0
    facts = actions.UnionFacts(name="第二示例厂工会", form="single", division_code=VILLAGE, founded_on=TODAY)
    second = actions.EmployerFacts("第2示例厂", VILLAGE)
    actions.found_union(system, parent_code="610502001", facts=facts, employer=second)
    assert (rate(TODAY), rate(last_year)) == (50, 0)
    actions.change_employer(system, firms[0].pk, actions.EmployerFacts("第1示例厂", VILLAGE, workers_count=30))
    assert round(float(str(rate(TODAY))), 1) == 33.3 and rate(last_year) == 0
    rows = list_rows(cadre("610500"), "organizations.founding_rate", tree["610500"], Period(TODAY, TODAY))
    assert rows.count() == 3


def test_the_counties_side_by_side(cadre: Cadre, tree: dict[str, Node], union: Organization) -> None:
    city = cadre("610500")
    Organization.objects.filter(pk=union.pk).update(term_ends_on=date(2026, 1, 1))
    cell = actions.create_cell(city, actions.CellFacts(VILLAGE, TODAY))
    actions.assign_worker(city, cell.pk, name="赵示例", on=TODAY)
    lines = queries.list_counties(city, queries.get_organization_by_code(city, "610500"))
    assert [(line.node.code, line.unions, line.members, line.coverage, line.overdue) for line in lines] == [
        ("610502", 8, 0, 25.0, 1),
        ("610503", 3, 0, 0.0, 0),
    ]
