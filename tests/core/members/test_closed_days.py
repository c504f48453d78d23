"""What is entered today about days that are closed: kept as it was, counted from the first open day."""

from datetime import date

import pytest

from tests.core.members.conftest import OTHER_DOCUMENT, Register
from tests.core.members.rosters.samples import enter, person
from unionhome.core.figures.queries import get_value
from unionhome.core.members import actions
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import Membership
from unionhome.core.members.rules.joining import counting_day
from unionhome.core.periods.actions import close_period, reopen_period
from unionhome.core.periods.models import Closing
from unionhome.core.periods.queries import list_open_since
from unionhome.core.tree.actions import move_node
from unionhome.kit.dates import Period

PLACES = ("city", "county", "town", "union")
CLOSED, OPEN = Period.year(2024), Period(date(2026, 1, 1), date(2026, 3, 10))
OPEN_DAY = date(2025, 1, 1)


def count(register: Register, period: Period) -> dict[str, object]:
    """Who stood at the end of the period and who joined in it, in the city and down to the union."""
    system, nodes = register.world.actor("system"), register.world.nodes
    return {
        f"{code} {place}": get_value(system, f"members.{code}", nodes[place], period).raw
        for code in ("members", "joined")
        for place in PLACES
    }


def close(register: Register, place: str, period: Period = CLOSED) -> None:
    world = register.world
    close_period(world.actor("system"), world.nodes[place], period, with_below=True)


def test_who_is_entered_with_a_closed_joining_day_counts_from_the_first_open_one(register: Register) -> None:
    town, union = register.world.actor("town"), register.world.nodes["union"]
    enter(register.world, "town", [person(1, 入会日期="2023-05-01"), person(2, 入会日期="2025-06-01")])
    close(register, "town")
    before = count(register, CLOSED)
    actions.enrol_many(town, [EnrolRow(union.pk, "李小明", OTHER_DOCUMENT, joined_on=date(2021, 3, 5))])
    enter(
        register.world, "town",
        [person(1, 入会日期="2025-02-01"), person(2, 入会日期="2022-06-01"), person(3, 入会日期="2021-03-05")],
    )  # fmt: skip
    assert count(register, CLOSED) == before
    assert count(register, OPEN)["members town"] == 4
    told = sorted(Membership.objects.values_list("joined_on", "counts_on"))
    assert told == [
        (date(2021, 3, 5), OPEN_DAY),
        (date(2021, 3, 5), OPEN_DAY),
        (date(2022, 6, 1), OPEN_DAY),
        (date(2025, 2, 1), date(2023, 5, 1)),
    ]
    kept = actions.retain_member(
        register.world.actor("county"), Membership.objects.get(joined_on=date(2025, 2, 1)).person_id,
        reason="retired", on=register.world.today,
    )  # fmt: skip
    assert kept.counts_on == kept.joined_on == register.world.today and count(register, CLOSED) == before


@pytest.mark.parametrize(
    ("joined", "since", "held", "counted"),
    [
        ("2021-03-05", "", "", "2021-03-05"),
        ("2021-03-05", "2025-01-01", "", "2025-01-01"),
        ("2025-03-05", "2025-01-01", "", "2025-03-05"),
        ("2021-03-05", "2025-01-01", "2025-02-01", "2025-01-01"),
        ("2025-03-05", "2025-01-01", "2024-12-31", "2024-12-31"),
        ("2021-03-05", "2025-01-01", "2024-12-31", "2024-12-31"),
        ("2025-03-05", "2025-01-01", "2025-02-01", "2025-03-05"),
    ],
)
def test_the_day_from_which_a_membership_counts(joined: str, since: str, held: str, counted: str) -> None:
    days = [date.fromisoformat(day) if day else None for day in (joined, since, held)]
    assert days[0] and counting_day(days[0], days[1], days[2]) == date.fromisoformat(counted)


def test_a_union_is_open_since_the_day_after_the_last_that_was_closed_where_it_stood(register: Register) -> None:
    world = register.world
    nodes, ids = world.nodes, {name: node.pk for name, node in world.nodes.items()}
    assert list_open_since(ids.values()) == {}
    close(register, "town")
    close(register, "other_town", Period(date(2024, 1, 1), date(2024, 3, 31)))
    move_node(world.actor("system"), nodes["union"], nodes["other_town"], on=date(2024, 2, 1))
    since = list_open_since(ids.values())
    assert {name: since[pk] for name, pk in ids.items() if pk in since and name in (*PLACES, "other_union")} == {
        "town": OPEN_DAY, "union": date(2024, 4, 1), "other_union": date(2024, 4, 1),
    }  # fmt: skip
    reopen_period(world.actor("county"), Closing.objects.get(node=nodes["town"]).pk, reason="漏登")
    assert list_open_since([nodes["town"].pk]) == {}
