"""Whatever becomes of members, the figures of the days before stay what they were: random acts, day after day."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.core.members.conftest import Register
from tests.core.members.test_merging import add
from unionhome.core.figures.queries import get_value
from unionhome.core.members import actions
from unionhome.core.members.figures import FIGURES
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.registry import Refused
from unionhome.kit.dates import Period

CODES = tuple(
    each.code
    for each in FIGURES
    if each.model == "members.Membership"
    and not any(key.startswith(("person__", "employer__")) for key in each.predicate)
)
"""Figures by what a membership was, not by what a person or an employer is known as now."""
PLACES = ("city", "union", "other_union")
LAST_YEAR = date(2025, 6, 1)


def measured(register: Register, day: date) -> dict[tuple[str, str], object]:
    """Every figure of the day itself and of the year until it, at each place."""
    system, nodes = register.world.actor("system"), register.world.nodes
    return {
        (code, place): get_value(system, code, nodes[place], Period(date(day.year, 1, 1), day)).raw
        for code in CODES
        for place in PLACES
    }


def move(register: Register, person: Person, answer: str) -> None:
    world = register.world
    here = Membership.objects.select_related("node").get(person=person, left_on=None).node
    there = "other_union" if here == world.nodes["union"] else "union"
    given = TransferInput(why="employer")
    row = actions.send_transfer(world.actor("county"), person.pk, node=world.nodes[there], given=given)
    if answer == "receive":
        actions.receive_transfer(world.actor("city"), row.pk)
    elif answer == "refuse":
        actions.refuse_transfer(world.actor("county"), row.pk, reason="不在这里")


def merge_and_undo(register: Register, person: Person) -> None:
    other = Person.objects.exclude(pk=person.pk).order_by("pk").first()
    assert other is not None
    actor = register.world.actor("city")
    merge = actions.merge_persons(actor, person.pk, other.pk)
    actions.undo_merge(actor, merge.pk, note="是两个人")


ACTS: tuple[Callable[[Register, Person], object], ...] = (
    lambda register, person: move(register, person, "receive"),
    lambda register, person: move(register, person, "refuse"),
    merge_and_undo,
    lambda register, person: actions.retain_member(
        register.world.actor("county"), person.pk, reason="retired", on=register.world.today
    ),
    lambda register, person: actions.resume_member(register.world.actor("county"), person.pk),
    lambda register, person: actions.record_death(
        register.world.actor("county"), person.pk, on=register.world.today, proof="family"
    ),
)


@pytest.mark.parametrize("seed", range(4))
def test_figures_of_days_gone_by_stay(register: Register, seed: int) -> None:
    chance, world = random.Random(seed), register.world
    people = [add(register, ("union", "other_union")[number % 2], 100 + number, phone="") for number in range(8)]
    known = {LAST_YEAR: measured(register, LAST_YEAR)}
    assert known[LAST_YEAR]["members.members", "city"] == 8
    done = 0
    for _ in range(5):
        for _ in range(4):
            try:
                chance.choice(ACTS)(register, chance.choice(people))
            except (Refused, Membership.DoesNotExist):
                continue
            done += 1
        world.wait(days=1)
        yesterday = world.today - timedelta(days=1)
        known[yesterday] = measured(register, yesterday)
    assert done > 5
    for day, figures in known.items():
        assert measured(register, day) == figures, day
