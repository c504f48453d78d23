"""Numbers read off totals against plain SQL, after random work, reversals, moves, merges and merges taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.figures.conftest import FIGURES, Add
from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.figures.queries import (
    get_asking,
    get_recount,
    list_rows,
    list_values,
    values,
)
from unionhome.core.figures.queries.totals import _services_of
from unionhome.core.members.models import Person
from unionhome.core.records import actions as records
from unionhome.core.records.models import Double, ServiceRecord, Total
from unionhome.core.records.rules import NewRecord
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import move_node
from unionhome.kit.dates import Period

COUNTED = [figure.code for figure in FIGURES if _services_of(figure)[0]]
PLACES = ("city", "county", "town", "far_town", "village", "union", "other_union")
FIRST = date(2024, 11, 1)
PERIODS = (
    Period.year(2025),
    Period.quarter(2025, 2),
    Period.month(2025, 3),
    Period(date(2025, 1, 17), date(2025, 8, 9)),
    Period(date(2025, 2, 1), date(2026, 3, 10)),
    Period(date(2026, 1, 1), date(2026, 3, 10)),
    Period(date(2021, 1, 1), date(2026, 3, 10)),
)
facts = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "day": st.integers(0, 490),
        "person": st.sampled_from([None, 0, 1, 2, 3]),
        "service": st.sampled_from(["tests.visit", "tests.grant"]),
        "fen": st.sampled_from([0, 100]),
        "hides": st.sampled_from([False, False, False, True]),
    }
)
deeds = st.one_of(
    st.tuples(st.just("write"), facts),
    st.tuples(st.just("write"), facts),
    st.tuples(st.just("write_many"), st.lists(facts, min_size=1, max_size=6)),
    st.tuples(st.just("take_back"), st.integers(0, 99)),
    st.tuples(st.just("move"), st.integers(1, 100)),
    st.tuples(st.just("merge"), st.tuples(st.integers(0, 3), st.integers(0, 3))),
    st.tuples(st.just("part"), st.integers(0, 3)),
)


class Work:
    """Does deeds to a world."""

    def __init__(self, world: World) -> None:
        self.world, self.system = world, world.actor("system")
        self.people = [make_person(world.nodes["union"], name) for name in ("甲某", "乙某", "丙某", "丁某")]
        self.moved_on = FIRST

    def _new(self, facts: dict[str, Any]) -> NewRecord:
        node, person = self.world.nodes[facts["place"]], facts["person"]
        node.refresh_from_db()
        return NewRecord(
            facts["service"],
            node,
            FIRST + timedelta(days=facts["day"]),
            "走访",
            person_id=None if person is None else self.people[person].pk,
            head_count=3 if person is None else 1,
            amount_fen=facts["fen"],
            hidden_path=self.world.nodes["union"].path if facts["hides"] else "",
        )

    def write(self, facts: dict[str, Any]) -> None:
        new = self._new(facts)
        records.add(self.system, **{name: getattr(new, name) for name in NewRecord.__slots__})

    def write_many(self, many: list[dict[str, Any]]) -> None:
        records.add_many(self.system, [self._new(facts) for facts in many])

    def take_back(self, number: int) -> None:
        rows = ServiceRecord.objects.filter(**ServiceRecord.STANDS).order_by("pk")
        if rows:
            records.reverse(self.system, rows[number % len(rows)], reason="登记有误")

    def move(self, days: int) -> None:
        self.moved_on += timedelta(days=days)
        town, county, other = (self.world.nodes[name] for name in ("town", "county", "other_county"))
        for node in (town, county, other):
            node.refresh_from_db()
        move_node(self.system, town, other if town.parent_id == county.pk else county, on=self.moved_on)

    def merge(self, both: tuple[int, int]) -> None:
        double, real = (Person.objects.get(pk=self.people[number].pk) for number in both)
        has_merged = Person.objects.filter(merged_into=double).exists()
        if double.pk == real.pk or double.merged_into_id or real.merged_into_id or has_merged:
            return
        Person.objects.filter(pk=double.pk).update(merged_into=real)
        records.follow_identity(double.pk)

    def part(self, number: int) -> None:
        Person.objects.filter(pk=self.people[number].pk).update(merged_into=None)
        records.follow_identity(self.people[number].pk)


def answers(actor: Actor, world: World, place: str, period: Period) -> dict[str, Any]:
    node = world.nodes[place]
    node.refresh_from_db()
    asking = get_asking(actor, COUNTED, node, period)
    found: dict[str, Any] = {value.figure.code: [(value.raw, value.rows)] for value in asking.list_values()}
    for parts in (*asking.list_by_child(), *asking.list_by_month()):
        for part in parts:
            found[part.figure.code].append((part.label, part.raw, part.rows))
    return found


@contextmanager
def plain() -> Iterator[None]:
    """Every figure asks the tables by itself."""
    kept, values.get_readers = values.get_readers, lambda *_: {}
    try:
        yield
    finally:
        values.get_readers = kept


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    done=st.lists(deeds, min_size=3, max_size=25),
    place=st.sampled_from(PLACES),
    who=st.sampled_from(["system", "city"]),
)
def test_totals_are_what_plain_sql_counts(world: World, done: list[Any], place: str, who: str) -> None:
    with transaction.atomic():
        work = Work(world)
        for number, (deed, given_to) in enumerate(done):
            getattr(work, deed)(given_to)
            if number % 5 == 2:  # now and then somebody reads in between
                records.fold()
        assert records.verify_totals() == (0, [])
        actor = world.actor(who)
        for period in PERIODS:
            read = answers(actor, world, place, period)
            with plain():
                assert read == answers(actor, world, place, period), (place, period)
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["city", "county", "town", "union"])
def test_who_may_not_see_a_record_does_not_count_it(world: World, add: Add, people: list[Person], who: str) -> None:
    add("union", person_id=people[0].pk)
    add("union", person_id=people[0].pk, hidden_path=world.nodes["union"].path, amount_fen=5)
    add("union", person_id=people[1].pk, hidden_path=world.nodes["union"].path, amount_fen=7)
    add("village", person_id=people[2].pk)
    place = who
    for period in PERIODS:
        read = answers(world.actor(who), world, place, period)
        with plain():
            assert read == answers(world.actor(who), world, place, period)
    code = COUNTED.index("tests.visited")
    raw = list_values(world.actor(who), COUNTED, world.nodes[place], Period.year(2025))[code].raw
    assert raw == {"city": 3, "county": 3, "town": 3, "union": 1}[who]


@pytest.mark.parametrize("place", ["city", "county", "town", "village", "union"])
def test_shown_is_listed(world: World, add: Add, people: list[Person], place: str) -> None:
    add("union", person_id=people[0].pk, amount_fen=100)
    add("village", person_id=people[1].pk, hidden_path=world.nodes["other_union"].path)
    records.reverse(world.actor("system"), add("union", person_id=people[1].pk), reason="登记有误")
    for value in list_values(world.actor("city"), COUNTED, world.nodes[place], Period.year(2025)):
        again = get_recount(world.actor("city"), value)
        listed = list_rows(world.actor("city"), value.figure.code, value.node, value.period)
        assert again.holds and again.rows == value.rows == listed.count(), value


def test_many_figures_ask_no_more_than_few(world: World, add: Add) -> None:
    add("union")
    records.fold()
    counted = [code for code in COUNTED if code != "tests.own_people"]

    def cost(codes: list[str]) -> int:
        node, period = world.nodes["city"], Period.year(2025)
        with CaptureQueriesContext(connection) as seen:
            asking = get_asking(world.actor("system"), codes, node, period)
            assert asking.list_values() and asking.list_by_child() and asking.list_by_month()
        return len(seen)

    sums = [code for code in counted if code not in ("tests.people", "tests.helped", "tests.own")]
    assert cost(sums) <= cost(sums[:1]) + 3 * 4, "people beside sums, for each breakdown"
    assert cost(sums) == cost(sums[2:])


def test_proof_asks_the_register_who_is_one_human_being(world: World, add: Add, people: list[Person]) -> None:
    """A list of doubles that was tampered with together with its totals is found out."""
    for person in people[:2]:
        add("union", person_id=person.pk)
    assert records.verify_totals() == (0, [])
    Double.objects.create(person_id=people[1].pk, identity_id=people[0].pk)
    Total.objects.filter(people_count=2).update(people_count=1)
    count, shown = records.verify_totals()
    assert count > 0 and all((each.kept[3], each.counted[3]) == (1, 2) for each in shown)
    records.recompute_totals()
    assert records.verify_totals() == (0, []) and not Double.objects.exists()


def test_a_place_of_long_ago_is_put_right_with_its_totals(world: World, add: Add, people: list[Person]) -> None:
    add("union", person_id=people[0].pk, on=date(2025, 3, 1), amount_fen=100)
    back = add("village", person_id=people[0].pk, on=date(2025, 3, 2))
    records.reverse(world.actor("system"), back, reason="登记有误")
    add("far_town", person_id=people[0].pk, on=date(2025, 3, 3))
    hidden = add("union", hidden_path=world.nodes["union"].path)
    town, other = world.nodes["town"], world.nodes["other_county"]
    move_node(world.actor("system"), town, other, on=date(2026, 3, 1))
    town.refresh_from_db()
    assert records.correct_places(world.actor("system"), town).moved == 0, (
        "a move leaves earlier work where it was done"
    )
    for path in town.paths.model.objects.filter(ends_on=date(2026, 3, 1)):
        path.node.paths.filter(ends_on__isnull=True).update(starts_on=path.starts_on)
        path.delete()
    assert records.correct_places(world.actor("system"), town).moved == 4
    hidden.refresh_from_db()
    assert hidden.county_id == other.pk
    assert records.verify_totals() == (0, [])
    read = answers(world.actor("city"), world, "other_county", Period.year(2025))
    with plain():
        assert read == answers(world.actor("city"), world, "other_county", Period.year(2025))
    assert read["tests.visited"][0] == (1, 1)


def test_totals_made_anew_are_those_that_were_kept(world: World, add: Add, people: list[Person]) -> None:
    add("union", person_id=people[0].pk)
    records.reverse(world.actor("system"), add("city", person_id=people[1].pk), reason="登记有误")
    assert records.verify_totals() == (0, [])
    assert records.recompute_totals() > 0 and records.verify_totals() == (0, [])
    add("union", person_id=people[0].pk, on=date(2025, 7, 1))
    assert records.verify_totals() == (0, [])


def test_a_total_that_was_touched_is_found(world: World, add: Add) -> None:
    add("union")
    records.fold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_total SET head_count = head_count + 1 WHERE kind = 'Q' AND above = 0")
    count, (first,) = records.verify_totals()
    assert count == 1 and (first.kind, first.kept[1], first.counted[1]) == ("Q", 2, 1)


def test_a_record_of_today_counts_at_once(world: World, add: Add) -> None:
    node, period = world.nodes["city"], Period(date(2026, 1, 1), world.today)
    before = list_values(world.actor("city"), ["tests.visits"], node, period)[0].raw
    add("union", on=world.today)
    assert list_values(world.actor("city"), ["tests.visits"], node, period)[0].raw == (before or 0) + 1
    late = replace(world.actor("city"), at=world.at + timedelta(days=3))
    assert list_values(late, ["tests.visits"], node, period)[0].raw == (before or 0) + 1
