"""Random records, reversals, doubles and moves against plain counting in Python."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.core.figures.asking import list_by_month
from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.figures.queries import get_value, list_by_child, list_rows
from unionhome.core.records import actions as records
from unionhome.core.records.models import ServiceRecord
from unionhome.core.tree.actions import move_node
from unionhome.kit.dates import Period

FIRST = date(2025, 1, 1)
PLACES = (
    "city",
    "county",
    "other_county",
    "town",
    "other_town",
    "far_town",
    "village",
    "other_village",
    "union",
    "other_union",
)
TOWNS = {"village": "town", "other_village": "town", "union": "town", "other_union": "other_town"}


@dataclass
class Fact:
    """What was written down: where in the tree of its day, whom, how much."""

    above: frozenset[str]
    place: str
    day: date
    identity: int | None
    heads: int
    fen: int
    stands: bool = True


class Ledger:
    """Writes the same things twice: into the tables, and as plain facts."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.county_of = {"town": "county", "other_town": "county", "far_town": "other_county"}
        self.people = [make_person(world.nodes["union"], name) for name in ("甲某", "乙某", "丙某", "丁某", "戊某")]
        self.same = {person.pk: person.pk for person in self.people}
        self.facts: list[Fact] = []
        self.rows: list[ServiceRecord] = []

    def above(self, place: str) -> frozenset[str]:
        town = place if place in self.county_of else TOWNS.get(place)
        county = self.county_of[town] if town else place
        return frozenset({"city", place, county, town or place})

    def write(self, day: date) -> None:
        place, person = self.random.choice(PLACES), self.random.choice([None, *self.people])
        heads = 1 if person else self.random.randint(1, 9)
        fen = self.random.choice((0, 0, 100, 12_345))
        self.world.nodes[place].refresh_from_db()
        row = records.add(
            self.world.actor("system"),
            service="tests.visit",
            node=self.world.nodes[place],
            on=day,
            person_id=person.pk if person else None,
            head_count=heads,
            amount_fen=fen,
            summary="走访",
        )
        self.rows.append(row)
        self.facts.append(Fact(self.above(place), place, day, person.pk if person else None, heads, fen))

    def take_back(self) -> None:
        number = self.random.randrange(len(self.facts))
        if self.facts[number].stands:
            records.reverse(self.world.actor("system"), self.rows[number], reason="登记有误")
            self.facts[number].stands = False

    def move(self, day: date) -> None:
        town = self.random.choice(("town", "other_town"))
        target = "other_county" if self.county_of[town] == "county" else "county"
        for name in (town, target):
            self.world.nodes[name].refresh_from_db()
        move_node(self.world.actor("system"), self.world.nodes[town], self.world.nodes[target], on=day)
        self.county_of[town] = target

    def merge(self) -> None:
        double, real = self.people[0], self.people[1]
        double.merged_into = real
        double.save()
        records.follow_identity(double.pk)
        self.same[double.pk] = real.pk

    def standing(self, period: Period, test: Callable[[Fact], bool]) -> list[Fact]:
        return [fact for fact in self.facts if fact.stands and fact.day in period and test(fact)]

    def number(self, code: str, facts: Iterable[Fact]) -> int:
        chosen = list(facts)
        if code == "tests.people":
            return len({self.same[fact.identity] for fact in chosen if fact.identity is not None})
        if code == "tests.visits":
            return len(chosen)
        return sum(fact.fen if code == "tests.money" else fact.heads for fact in chosen)


def fill(world: World, seed: int) -> Ledger:
    """A year and a bit of work in the order of days, with two moves."""
    ledger = Ledger(world, seed)
    days = sorted(FIRST + timedelta(days=ledger.random.randrange(420)) for _ in range(70))
    moves = {ledger.random.randrange(10, 60) for _ in range(2)}
    for number, day in enumerate(days):
        if number in moves and day > days[number - 1]:
            ledger.move(day)
        ledger.write(day)
        if ledger.random.random() < 0.2:
            ledger.take_back()
    ledger.merge()
    return ledger


@pytest.mark.parametrize("seed", range(4))
def test_random_work_adds_up(world: World, seed: int) -> None:
    ledger, system = fill(world, seed), world.actor("system")
    names = {node.pk: name for name, node in world.nodes.items()}
    for period in (Period.year(2025), Period(date(2025, 4, 11), date(2026, 2, 3))):
        for code in ("tests.visits", "tests.money", "tests.heads", "tests.people"):
            for place in PLACES:
                world.nodes[place].refresh_from_db()
                facts = ledger.standing(period, lambda fact, place=place: place in fact.above)
                value = get_value(system, code, world.nodes[place], period)
                assert value.raw == ledger.number(code, facts), (code, place)
                assert list_rows(system, code, world.nodes[place], period).count() == value.rows
            by_county = defaultdict(list)
            for fact in ledger.standing(period, lambda fact: True):
                by_county[next(iter(fact.above & {"county", "other_county"}), "city")].append(fact)
            shown = {
                names[part.node.pk]: part.raw
                for part in list_by_child(system, code, world.nodes["city"], period)
                if part.node
            }
            assert {name: raw for name, raw in shown.items() if raw} == {
                name: number for name, facts in by_county.items() if (number := ledger.number(code, facts))
            }, code
            for part in list_by_month(system, code, world.nodes["city"], period):
                assert part.step is not None
                month = ledger.standing(part.step.period, lambda fact: True)
                assert part.raw == ledger.number(code, month), (code, part.label)
