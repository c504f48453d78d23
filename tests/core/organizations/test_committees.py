"""Committees: seats and their advice, who may not sit where, vacancies, former officers."""

from datetime import date
from typing import Any

import pytest

from tests.core.organizations.following import ON, enrol
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.models import Committee, Officer, Organization
from unionhome.core.registry import Refused

pytestmark = pytest.mark.django_db
START = date(2024, 1, 8)


@pytest.fixture
def union(org_world: World) -> Organization:
    return Organization.objects.select_related("node").get(pk=org_world.nodes["union"].pk)


@pytest.mark.parametrize(
    ("kind", "members", "least", "most"),
    [
        ("union", 0, 3, 5), ("union", 24, 3, 5), ("union", 25, 3, 7), ("union", 200, 3, 7), ("union", 201, 7, 15),
        ("union", 1000, 7, 15), ("union", 1001, 15, 21), ("union", 5001, 21, 29), ("union", 10_001, 29, 37),
        ("union", 50_000, 29, 37), ("union", 50_001, 37, 45), ("audit", 9, 3, 11), ("women", 9, 0, 0),
    ],
)  # fmt: skip
def test_seats_by_membership(kind: str, members: int, least: int, most: int) -> None:
    advice = rules.seat_advice(kind, members)
    assert (advice.least, advice.most) == (least, most)
    assert advice.fits(least or 1) and (not most or not advice.fits(most + 1))


@pytest.mark.parametrize(
    ("post", "committee", "held", "clashes"),
    [
        ("主任", "audit", [("union", "主席")], True),
        ("委员", "audit", [("union", "财务委员")], True),
        ("委员", "audit", [("union", "副主席（分管财务）")], True),
        ("委员", "audit", [("union", "副主席")], False),
        ("主席", "union", [("audit", "委员")], True),
        ("财务委员", "union", [("audit", "委员")], True),
        ("委员", "union", [("audit", "委员")], False),
        ("主任", "women", [("audit", "委员"), ("union", "主席")], False),
    ],
)
def test_the_money_and_its_audit_are_apart(
    post: str, committee: str, held: list[tuple[str, str]], clashes: bool
) -> None:
    assert bool(rules.seat_clash(post, committee, held)) is clashes


def appoint(world: World, union: Organization, name: str, post: str, committee: str = "union", **more: Any) -> Officer:
    given = {"starts_on": START, **more}
    return actions.appoint_officer(world.actor("town"), union, name=name, post=post, committee=committee, **given)


def test_a_chair_does_not_audit_herself(org_world: World, union: Organization) -> None:
    chair = appoint(org_world, union, "秦会", "主席")
    with pytest.raises(Refused, match="不能进经费审查委员会") as refused:
        appoint(org_world, union, "秦会", "委员", "audit")
    assert (refused.value.code, list(refused.value.fields)) == ("seat-clash", ["name"])
    actions.end_officer(org_world.actor("town"), chair.pk, on=date(2025, 1, 8))
    appoint(org_world, union, "秦会", "委员", "audit", starts_on=date(2025, 1, 8))


def test_seats_are_set_anew_and_corrected(org_world: World, union: Organization) -> None:
    town = org_world.actor("town")

    def seats(count: int, on: date = START) -> Committee:
        return actions.set_committee(town, union.pk, kind="union", seats_count=count, starts_on=on)

    first = seats(5)
    count = Entry.objects.count()
    assert seats(5).pk == first.pk and Entry.objects.count() == count
    assert seats(7).pk == first.pk
    second = seats(9, date(2025, 6, 1))
    first.refresh_from_db()
    assert (first.seats_count, first.ends_on, second.ends_on) == (7, date(2025, 6, 1), None)


SEATS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "future-day": ({"starts_on": date(2026, 3, 11)}, "town", "future-day", "starts_on"),
    "before the founding": ({"starts_on": date(2014, 1, 1)}, "town", "before-founding", "starts_on"),
    "before the present one": ({"starts_on": date(2023, 1, 1)}, "town", "bad-days", "starts_on"),
    "none": ({"seats_count": 0}, "town", "bad-seats", "seats_count"),
    "too many": ({"seats_count": 61}, "town", "bad-seats", "seats_count"),
    "an unknown kind": ({"kind": "youth"}, "town", "bad-kind", "kind"),
    "itself": ({}, "union", "forbidden", ""),
    "a reader": ({}, "chair", "forbidden", ""),
    "another branch": ({}, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", SEATS)
def test_seats_that_cannot_be(org_world: World, union: Organization, name: str) -> None:
    given, who, code, field = SEATS[name]
    actions.set_committee(org_world.actor("town"), union.pk, kind="union", seats_count=5, starts_on=START)
    asked: dict[str, Any] = {"kind": "union", "seats_count": 7, "starts_on": date(2025, 1, 1), **given}
    with pytest.raises(Refused) as refused:
        actions.set_committee(org_world.actor(who), union.pk, **asked)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    assert Committee.objects.get().seats_count == 5


ENDS: dict[str, tuple[date, str, str, str]] = {
    "future-day": (date(2026, 3, 11), "town", "future-day", "on"),
    "the first day": (START, "town", "bad-days", "on"),
    "itself": (ON, "union", "forbidden", ""),
    "another branch": (ON, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", ENDS)
def test_posts_that_cannot_end(org_world: World, union: Organization, name: str) -> None:
    on, who, code, field = ENDS[name]
    officer = appoint(org_world, union, "孔会", "委员")
    with pytest.raises(Refused) as refused:
        actions.end_officer(org_world.actor(who), officer.pk, on=on)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)


def test_an_ended_post_is_history(org_world: World, union: Organization) -> None:
    officer = appoint(org_world, union, "孔会", "委员")
    town = org_world.actor("town")
    for _ in range(2):
        actions.end_officer(town, officer.pk, on=ON)
    assert Entry.objects.filter(kind="organizations.officer.ended").count() == 1
    with pytest.raises(Refused) as refused:
        actions.end_officer(town, officer.pk, on=date(2026, 3, 3))
    assert refused.value.code == "ended"
    assert [row.pk for row in queries.list_former_officers(union, ON)] == [officer.pk]


def test_vacancies_and_women(org_world: World, union: Organization) -> None:
    actions.set_committee(org_world.actor("town"), union.pk, kind="union", seats_count=5, starts_on=START)
    appoint(org_world, union, "秦会", "主席")
    appoint(org_world, union, "孔会", "委员")
    enrol(org_world, "union", 9)
    boards = queries.get_boards(union, ON)
    assert (boards.members, [board.vacant for board in boards.boards]) == (9, [3, 0, 0])
    enrol(org_world, "union", 40, start=300)
    boards = queries.get_boards(union, ON)
    assert boards.women >= 10 and "应当建立女职工委员会" in boards.warning
    appoint(org_world, union, "许会", "主任", "women")
    assert not queries.get_boards(union, ON).warning
