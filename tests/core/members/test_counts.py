"""Stocks of members added up from counts, against the same counted from their rows; and that nothing escapes a mark."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.figures.queries import get_asking, list_figures, list_rows, values
from unionhome.core.figures.queries import standings as stocks
from unionhome.core.figures.queries.standings import _column_of
from unionhome.core.members import actions
from unionhome.core.members.actions.counts import marking
from unionhome.core.members.models import (
    Membership,
    Person,
    StandingMark,
    StandingMonth,
    StandingOverlap,
    StandingTotal,
)
from unionhome.core.members.queries import counts
from unionhome.core.members.rules.codes import Entry, Held, Status, WorkGroup
from unionhome.core.members.rules.counted import COUNTED
from unionhome.core.organizations.models import Division, Employer, Organization
from unionhome.core.tree.actions import move_node
from unionhome.kit.dates import Period

CODES = [figure.code for figure in list_figures() if _column_of(figure)]
SOME = [
    f"members.{name}" for name in ("members", "women", "new_employment", "nature_private", "retained", "of_reported")
]
PLACES = ("city", "other_county", "town")
UNIONS = ("county", "town", "far_town", "village", "union", "other_union")
FIRST = date(2024, 1, 1)
PERIODS = (
    Period(date(2026, 1, 1), date(2026, 12, 31)),
    Period(date(2025, 2, 3), date(2025, 9, 17)),
    Period(date(2022, 1, 1), date(2025, 12, 31)),
    Period(date(2024, 5, 1), date(2024, 5, 31)),
)
NATURES = ("110", "170", "400", "600", "700", "")


class History:
    """A register in which anything may have happened, written past every rule but those of the tables."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        division = Division.objects.create(
            code="610502000000", name="临渭区", level="county", prefix="610502", year=2023
        )
        self.employers = [
            Employer.objects.create(name=f"示例{number}公司", division=division, nature=nature, created_at=world.at)
            for number, nature in enumerate(NATURES)
        ]
        for number, name in enumerate(UNIONS):
            Organization.objects.create(
                node=world.nodes[name], form=("single", "joint", "town")[number % 3], division=division,
                members_count=None if number % 4 == 0 else 9,
            )  # fmt: skip
        self.people = [make_person(world.nodes["union"], f"第{number}人") for number in range(12)]

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange(900))

    def any_of(self, **lookups: Any) -> Membership | None:
        rows = list(Membership.objects.filter(**lookups).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def join(self) -> None:
        """A stay of somebody, which may overlap with another and lie in days to come."""
        person, since = self.random.choice(self.people), self.day()
        is_open = self.random.random() < 0.5 and not Membership.objects.filter(person=person, left_on=None).exists()
        held = self.random.choice(Held.values)
        Membership.objects.create(
            person=person, node=self.world.nodes[self.random.choice(UNIONS)], entry=self.random.choice(Entry.values),
            employer=self.random.choice([*self.employers, None]), joined_on=since, held=held,
            counts_on=since + timedelta(days=self.random.choice((0, 0, 0, 20, 90))),
            status=(Status.ACTIVE if held == Held.ACTIVE else Status.RETAINED) if is_open else Status.LEFT,
            left_on=None if is_open else since + timedelta(days=self.random.choice((0, 1, 40, 400))),
            created_at=self.world.at,
        )  # fmt: skip

    def leave(self) -> None:
        row = self.any_of(left_on=None)
        if row:
            ended = row.joined_on + timedelta(days=self.random.randrange(60))
            Membership.objects.filter(pk=row.pk).update(status=Status.WITHDRAWN, left_on=ended)

    def mend(self) -> None:
        """A first day put right, back or forth."""
        row = self.any_of(left_on=None)
        if row:
            Membership.objects.filter(pk=row.pk).update(counts_on=self.day())

    def merge(self) -> None:
        kept, merged = self.random.sample(self.people, 2)
        kept.refresh_from_db()
        if kept.merged_into_id is None and not Person.objects.filter(merged_into__merged_into=merged).exists():
            Person.objects.filter(pk=merged.pk).update(merged_into=kept)

    def part(self) -> None:
        Person.objects.filter(pk=self.random.choice(self.people).pk).update(merged_into=None)

    def correct(self) -> None:
        Person.objects.filter(pk=self.random.choice(self.people).pk).update(
            sex=self.random.choice(("1", "2", "")), is_migrant=self.random.choice((True, False, None)),
            group=self.random.choice([*WorkGroup.values, ""]),
        )  # fmt: skip

    def rename(self) -> None:
        Employer.objects.filter(pk=self.random.choice(self.employers).pk).update(nature=self.random.choice(NATURES))

    def forget(self) -> None:
        row = self.any_of()
        if row:
            row.delete()

    def move(self) -> None:
        """A town goes to the other county and back."""
        nodes, world = self.world.nodes, self.world
        nodes["town"].refresh_from_db()
        there = "county" if nodes["town"].parent_id == nodes["other_county"].pk else "other_county"
        move_node(world.actor("system"), nodes["town"], nodes[there], on=world.today)
        world.wait(minutes=60 * 24 * self.random.randrange(1, 20))
        for node in nodes.values():
            node.refresh_from_db()


ACTS: tuple[tuple[Callable[[History], object], int], ...] = (
    (History.join, 8), (History.leave, 3), (History.mend, 3), (History.merge, 2), (History.part, 1),
    (History.correct, 4), (History.rename, 1), (History.forget, 1), (History.move, 1),
    (lambda _: actions.fold_counts(), 2),
)  # fmt: skip


def answers(world: World, codes: Sequence[str] = SOME) -> dict[tuple[str, Period], Any]:
    """Everything there is to ask of stocks of members."""
    found = {}
    for place in PLACES:
        for period in PERIODS:
            asking = get_asking(world.actor("city"), codes, world.nodes[place], period)
            parts = [*asking.list_by_child(), *asking.list_by_month()]
            found[place, period] = (
                [(value.figure.code, value.raw, value.rows) for value in asking.list_values()],
                [[(part.label, part.raw, part.rows) for part in each] for each in parts],
            )
    return found


def rows_of(world: World) -> dict[Any, list[int]]:
    asked = [(place, period) for place in ("city", "other_county") for period in PERIODS[:2]]
    return {
        (place, period, code): list(
            list_rows(world.actor("city"), code, world.nodes[place], period).values_list("pk", flat=True)
        )
        for place, period in asked
        for code in SOME[:3]
    }


@pytest.mark.parametrize("seed", range(2))
def test_added_up_is_counted(world: World, seed: int) -> None:
    history = History(world, seed)
    acts, weights = zip(*ACTS, strict=True)
    for _ in range(2):
        history.join()
        for act in history.random.choices(acts, weights, k=25):
            act(history)
        fast, listed = answers(world), rows_of(world)
        with patch.object(values, "get_stock_readers", lambda *_: {}):
            assert fast == answers(world)
            assert listed == rows_of(world)
    assert actions.verify_counts() == []
    actions.recompute_counts()
    assert not StandingMark.objects.exists() and actions.verify_counts() == []
    assert answers(world) == fast


@pytest.fixture
def counted(world: World) -> Membership:
    """One member, whose union is counted and not marked."""
    history = History(world, 0)
    row = Membership.objects.create(
        person=history.people[0], node=world.nodes["union"], employer=history.employers[0], entry=Entry.JOINED,
        joined_on=date(2025, 3, 1), counts_on=date(2025, 3, 1), status=Status.ACTIVE, created_at=world.at,
    )  # fmt: skip
    actions.fold_counts()
    return row


CHANGES: tuple[tuple[str, Callable[[World, Membership], object], set[str]], ...] = (
    ("nothing that counts", lambda _, row: Membership.objects.filter(pk=row.pk).update(note="改", status="active"), set()),
    ("another union", lambda w, row: Membership.objects.update(node=w.nodes["town"]), {"union", "town"}),
    ("another person", lambda w, row: Membership.objects.update(person=make_person(w.nodes["union"], "另一")), {"union"}),
    ("no employer", lambda _, row: Membership.objects.update(employer=None), {"union"}),
    ("another day", lambda _, row: Membership.objects.update(counts_on=date(2025, 3, 2)), {"union"}),
    ("an end", lambda _, row: Membership.objects.update(left_on=date(2026, 1, 1), status="left"), {"union"}),
    ("retained", lambda _, row: Membership.objects.update(held="retained"), {"union"}),
    ("gone", lambda _, row: row.delete(), {"union"}),
    ("sex", lambda _, row: Person.objects.filter(pk=row.person_id).update(sex="2"), {"union"}),
    ("migrant", lambda _, row: Person.objects.filter(pk=row.person_id).update(is_migrant=True), {"union"}),
    ("group", lambda _, row: Person.objects.filter(pk=row.person_id).update(group="courier"), {"union"}),
    ("only a name", lambda _, row: Person.objects.filter(pk=row.person_id).update(name="改名"), set()),
    ("nature", lambda _, row: Employer.objects.filter(pk=row.employer_id).update(nature="500"), {"union"}),
)  # fmt: skip


@pytest.mark.parametrize(("change", "marked"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_whatever_counts_marks_the_union(world: World, counted: Membership, change: Any, marked: set[str]) -> None:
    assert not StandingMark.objects.exists()
    change(world, counted)
    assert set(StandingMark.objects.values_list("node_id", flat=True)) == {world.nodes[name].pk for name in marked}


def test_marks_are_laid_again_after_tables_were_altered(counted: Membership) -> None:
    actions.drop_marks()
    marked = StandingMark.objects.values_list("node_id", flat=True)
    assert set(marked) == {counted.node_id}, "while nothing marks, every union is counted as it stands"
    Membership.objects.update(counts_on=date(2024, 1, 1))
    assert actions.fold_counts() == 0
    actions.lay_marks()
    actions.fold_counts()
    assert actions.verify_counts() == []
    actions.lay_marks()
    assert not StandingMark.objects.exists(), "they lie already"


def test_marks_of_an_earlier_release_are_laid_anew(counted: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = {**marking._tables(), "members_mark_of_a_later_release": "members_person"}
    monkeypatch.setattr(marking, "_tables", lambda: earlier)
    assert actions.fold_counts() == 0
    actions.lay_marks()
    monkeypatch.undo()
    assert marking.is_marking()
    assert set(StandingMark.objects.values_list("node_id", flat=True)) == {counted.node_id}


def test_proof_finds_what_is_wrong(world: World, counted: Membership) -> None:
    union = counted.node_id
    for model, number in ((StandingTotal, 5), (StandingMonth, 7)):
        model._default_manager.filter(node=union).update(women=number)
        assert actions.verify_counts() == [union], model
        assert actions.recompute_counts() == 1
    StandingTotal.objects.create(node=world.nodes["town"], members=1)
    assert actions.verify_counts() == [world.nodes["town"].pk]
    StandingTotal.objects.filter(node=world.nodes["town"]).delete()
    Membership.objects.create(
        person=counted.person, node=world.nodes["town"], entry=Entry.JOINED, joined_on=date(2025, 4, 1), counts_on=date(2025, 4, 1),
        status=Status.LEFT, left_on=date(2025, 5, 1), created_at=world.at,
    )  # fmt: skip
    actions.fold_counts()
    assert list(StandingOverlap.objects.values_list("person_id", flat=True)) == [counted.person_id]
    StandingOverlap.objects.all().delete()
    assert set(actions.verify_counts()) == {union, world.nodes["town"].pk}


@pytest.mark.parametrize("most", ["MOST_MARKED", "MOST_EXAMINED"])
def test_where_too_much_is_open_rows_are_counted(
    world: World, counted: Membership, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(stocks, most, -1)
    monkeypatch.setattr(counts, "MOST_MARKED", -1)
    (value,) = get_asking(world.actor("city"), ["members.members"], world.nodes["city"], PERIODS[0]).list_values()
    assert value.raw == 1 and counts.sum_standing(("members", "women"), counts.Q()) == [1, 0]


def test_many_stocks_cost_what_one_costs(world: World, counted: Membership) -> None:
    def cost(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as said:
            asking = get_asking(world.actor("city"), codes, world.nodes["county"], PERIODS[1])
            asking.list_values(), asking.list_by_child(), asking.list_by_month()
        return len(said)

    counted_alike = [code for code in CODES if code.removeprefix("members.") in COUNTED]
    assert len(counted_alike) == len(COUNTED) and cost(counted_alike) == cost(counted_alike[:1]) <= 40
