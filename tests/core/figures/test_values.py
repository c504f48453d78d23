"""The four questions, against what one can count by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.figures.asking import list_by_month
from tests.core.figures.conftest import CODES, YEAR, Add
from tests.worlds import World
from unionhome.core.figures.queries import get_value, list_by_child, list_rows, recount
from unionhome.core.figures.queries.catalog import get_figure
from unionhome.core.journal import actions as journal
from unionhome.core.members.models import Person
from unionhome.core.records import actions as records
from unionhome.core.registry import NotFound
from unionhome.core.tree.actions import close_node, move_node
from unionhome.kit.dates import Period

P2025 = Period.year(YEAR)


def value(world: World, code: str, node: str = "city", period: Period = P2025, who: str = "system") -> object:
    world.nodes[node].refresh_from_db()
    return get_value(world.actor(who), code, world.nodes[node], period).raw


def children(world: World, code: str, node: str, period: Period = P2025) -> dict[str, object]:
    names = {each.pk: name for name, each in world.nodes.items()}
    world.nodes[node].refresh_from_db()
    return {
        "own" if part.is_own else names[part.node.pk]: part.raw
        for part in list_by_child(world.actor("system"), code, world.nodes[node], period)
        if part.node
    }


def months(world: World, code: str, node: str = "city", period: Period = P2025) -> list[object]:
    return [part.raw for part in list_by_month(world.actor("system"), code, world.nodes[node], period)]


def test_rows_sums_and_heads_at_every_level(world: World, add: Add) -> None:
    add("union", amount_fen=100_00)
    add("village", head_count=30)
    add("far_town", amount_fen=50_00)
    add("city", service="tests.grant")
    assert [value(world, "tests.visits", node) for node in ("city", "county", "town", "village", "union")] == [
        3, 2, 2, 1, 1,
    ]  # fmt: skip
    assert value(world, "tests.money") == 150_00 and value(world, "tests.money", "county") == 100_00
    assert value(world, "tests.heads", "town") == 31
    assert value(world, "tests.own") == 1 and value(world, "tests.own", "town") == 0


def test_days_outside_the_period_do_not_count(world: World, add: Add) -> None:
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        add("union", on=day)
    assert value(world, "tests.visits") == 2
    assert value(world, "tests.visits", period=Period(date(2025, 12, 31), date(2026, 1, 1))) == 2


def test_a_reversed_pair_counts_for_nothing(world: World, add: Add, people: list[Person]) -> None:
    row = add("union", person_id=people[0].pk, amount_fen=100_00)
    add("union", person_id=people[1].pk, amount_fen=1_00)
    records.reverse(world.actor("system"), row, reason="重复登记")
    for code, expected in (("tests.visits", 1), ("tests.money", 1_00), ("tests.people", 1), ("tests.heads", 1)):
        assert value(world, code) == expected
        assert list_rows(world.actor("system"), code, world.nodes["city"], P2025).count() == 1
    assert children(world, "tests.people", "county") == {"town": 1, "other_town": 0}
    assert months(world, "tests.money") == [0] * 5 + [1_00] + [0] * 6


def test_one_person_is_one_however_often_and_under_whatever_double(
    world: World, add: Add, people: list[Person]
) -> None:
    first, double, other = people
    double.merged_into = first
    double.save()
    records.follow_identity(double.pk)
    add("union", person_id=first.pk)
    add("union", person_id=first.pk, on=date(2025, 7, 1))
    add("far_town", person_id=double.pk)
    add("far_town", person_id=other.pk)
    add("far_town", head_count=20)
    assert value(world, "tests.people") == 2
    assert value(world, "tests.heads") == 24
    assert children(world, "tests.people", "city") == {"county": 1, "other_county": 2}
    assert months(world, "tests.people")[5:7] == [2, 1]
    rows = list_rows(world.actor("system"), "tests.people", world.nodes["city"], P2025)
    assert rows.count() == 2 and recount(get_figure("tests.people"), rows).raw == 2
    double.merged_into = None
    double.save()
    records.follow_identity(double.pk)
    assert value(world, "tests.people") == 3


def test_a_move_leaves_last_year_as_it_was(world: World, add: Add) -> None:
    add("union", on=date(2025, 5, 1))
    before = {name: value(world, "tests.visits", name) for name in ("county", "other_county", "town", "union")}
    move_node(world.actor("system"), world.nodes["town"], world.nodes["other_county"], on=date(2025, 7, 1))
    assert {name: value(world, "tests.visits", name) for name in before} == before
    add("union", on=date(2025, 8, 1))
    assert value(world, "tests.visits", "county") == 1
    assert value(world, "tests.visits", "other_county") == 1
    assert value(world, "tests.visits", "town") == value(world, "tests.visits", "union") == 2
    assert children(world, "tests.visits", "city") == {"county": 1, "other_county": 1}
    assert children(world, "tests.visits", "county") == {"other_town": 0, "town": 1}
    assert children(world, "tests.visits", "other_county") == {"far_town": 0, "town": 1}
    assert children(world, "tests.visits", "town") == {"village": 0, "other_village": 0, "union": 2}


def test_rows_without_frozen_places_count_where_the_node_stood_that_day(world: World) -> None:
    system = world.actor("system")

    def act(month: int) -> None:
        world.nodes["union"].refresh_from_db()
        at = world.at.replace(year=2025, month=month)
        journal.record(replace(system, at=at), "tests.act", node=world.nodes["union"])

    act(5)
    assert value(world, "tests.acts", "county") == 1 and children(world, "tests.acts", "city")["county"] == 1
    move_node(system, world.nodes["town"], world.nodes["other_county"], on=date(2025, 7, 1))
    act(8)
    assert [value(world, "tests.acts", name) for name in ("city", "county", "other_county", "town")] == [2, 1, 1, 2]
    assert children(world, "tests.acts", "city") == {"county": 1, "other_county": 1}
    later = Period(date(2025, 8, 1), date(2025, 12, 31))
    assert children(world, "tests.acts", "city", later) == {"county": 0, "other_county": 1}
    assert value(world, "tests.acts", "county", later) == 0


def test_a_stock_stands_on_the_tree_of_its_date(world: World) -> None:
    system = world.actor("system")
    move_node(system, world.nodes["town"], world.nodes["other_county"], on=date(2026, 2, 1))
    close_node(system, world.nodes["union"], on=date(2026, 3, 1))
    this_year = Period.year(2026)
    assert value(world, "tests.unions") == 10 and value(world, "tests.unions", period=this_year) == 9
    assert value(world, "tests.unions", "county") == 7 and value(world, "tests.unions", "county", this_year) == 3
    assert value(world, "tests.unions", "other_county", this_year) == 5
    assert children(world, "tests.unions", "city") == {"county": 7, "other_county": 2, "own": 1}
    assert children(world, "tests.unions", "city", this_year) == {"county": 3, "other_county": 5, "own": 1}
    assert months(world, "tests.unions", "city", this_year) == [10, 10, 9]
    assert months(world, "tests.unions", "county", this_year) == [7, 3, 3]


def test_a_move_day_itself_belongs_to_the_new_place(world: World) -> None:
    move_node(world.actor("system"), world.nodes["town"], world.nodes["other_county"], on=date(2026, 2, 1))
    assert value(world, "tests.unions", "county", Period(date(2026, 1, 1), date(2026, 1, 31))) == 7
    assert value(world, "tests.unions", "county", Period(date(2026, 1, 1), date(2026, 2, 1))) == 3


def test_shares_and_medians(world: World, add: Add) -> None:
    for amount in (0, 100_00, 300_00, 400_00):
        add("union", amount_fen=amount, on=date(2025, 3, 1))
    add("far_town", amount_fen=900_00)
    assert value(world, "tests.share") == 80 and value(world, "tests.share", "county") == 75
    assert value(world, "tests.median") == 300_00 and value(world, "tests.median", "county") == 200_00
    assert children(world, "tests.median", "city") == {"county": 200_00, "other_county": 900_00}
    assert months(world, "tests.median")[2] == 200_00 and months(world, "tests.median")[3] is None
    assert children(world, "tests.share", "county") == {"town": 75, "other_town": None}


def test_nothing_to_measure_is_no_zero(world: World) -> None:
    for code in ("tests.share", "tests.median", "tests.standard", "tests.over"):
        assert value(world, code) is None
    for code in ("tests.visits", "tests.money", "tests.people", "tests.acts"):
        assert value(world, code) == 0


def test_the_newest_standard_holds(world: World, add: Add) -> None:
    add("city", service="tests.grant", amount_fen=1_000_00, on=date(2025, 2, 1))
    add("city", service="tests.grant", amount_fen=2_000_00, on=date(2025, 9, 1))
    add("city", service="tests.grant", amount_fen=9_000_00, on=date(2026, 1, 1))
    assert value(world, "tests.standard") == 2_000_00
    assert value(world, "tests.standard", period=Period(date(2025, 1, 1), date(2025, 6, 30))) == 1_000_00


def test_a_ratio_of_two_figures_divides_what_belongs_together(world: World, add: Add) -> None:
    add("union", head_count=4)
    add("far_town", service="tests.grant", head_count=6)
    assert value(world, "tests.over") == 10
    assert children(world, "tests.over", "city") == {"county": 25, "other_county": 0}
    assert months(world, "tests.over")[5] == Decimal(10)


def test_what_is_hidden_from_a_branch_is_in_no_number_it_reads(world: World, add: Add) -> None:
    add("town", hidden_path=world.nodes["union"].path)
    world.grant("union", "cadre", "town")
    assert value(world, "tests.visits", "town", who="town") == 1
    assert value(world, "tests.visits", "town", who="union") == 0
    assert value(world, "tests.visits", "town", who="system") == 1
    hidden = list_rows(world.actor("union"), "tests.visits", world.nodes["town"], P2025)
    assert not hidden.exists()


@pytest.mark.parametrize(
    ("who", "node"),
    [("town", "county"), ("county", "other_county"), ("union", "town"), ("lawyer", "city"), ("sysadmin", "city")],
)
@pytest.mark.parametrize("question", [get_value, list_by_child, list_by_month, list_rows])
def test_the_branch_of_the_actor_bounds_the_union(world: World, who: str, node: str, question: object) -> None:
    with pytest.raises(NotFound):
        question(world.actor(who), "tests.visits", world.nodes[node], P2025)  # type: ignore[operator]


def test_an_unknown_figure_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match="指标"):
        get_value(world.actor("city"), "tests.nothing", world.nodes["city"], P2025)


@pytest.mark.parametrize("code", CODES)
def test_listed_rows_give_the_number_again(world: World, add: Add, people: list[Person], code: str) -> None:
    for number in range(12):
        add(
            ("union", "village", "far_town", "city")[number % 4],
            service=("tests.visit", "tests.grant")[number % 2],
            person_id=people[number % 3].pk if number % 3 else None,
            amount_fen=number * 10,
        )
    for node in ("city", "county", "town", "union"):
        rows = list_rows(world.actor("system"), code, world.nodes[node], P2025)
        asked = get_value(world.actor("system"), code, world.nodes[node], P2025)
        again = recount(get_figure(code), rows)
        assert rows.count() == asked.rows
        if code != "tests.over":
            assert (again.raw, again.rows) == (asked.raw, asked.rows)


@pytest.mark.parametrize("code", CODES)
def test_the_number_of_statements_does_not_grow(world: World, add: Add, code: str) -> None:
    system, county = world.actor("system"), world.nodes["county"]

    def cost() -> list[int]:
        counts = []
        for question in (get_value, list_by_child, list_by_month, list_rows):
            with CaptureQueriesContext(connection) as seen:
                answer = question(system, code, county, P2025)
                if question is not get_value:
                    list(answer)  # type: ignore[arg-type]
            counts.append(len(seen))
        return counts

    add("union")
    few = cost()
    for number in range(12):
        add(("union", "village", "other_town", "county")[number % 4], amount_fen=number, on=date(2025, 1 + number, 1))
    assert cost() == few
