"""The inbox page by page: nothing twice, nothing left out, today's in sight; and the one search."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.home.conftest import Add
from tests.samples import build_samples
from tests.worlds import World
from unionhome.core.home.queries import (
    GROUPS,
    MOST_OVERDUE,
    PAGE,
    Choice,
    count_inbox,
    get_duty_day,
    get_inbox_page,
    search_all,
)
from unionhome.core.registry import BadInput
from unionhome.core.workflow.models import WorkItem
from unionhome.core.workflow.queries import count_assigned

pytestmark = pytest.mark.django_db
OVERDUE, TODAY, LATER, NEVER, WAITING = GROUPS


def walk(world: World, choice: Choice) -> list[list[int]]:
    """The ids of every page."""
    pages, cursor = [], ""
    while not pages or cursor:
        page = get_inbox_page(world.actor("town"), choice, cursor)
        pages.append([row.item.pk for row in page.rows])
        cursor = page.next_cursor
    return pages


def test_pages_follow_without_gap_or_repeat_over_equal_and_missing_due_moments(world: World, add: Add) -> None:
    same = world.at + timedelta(hours=2)
    items = add(30, due=1) + add(40, due_at=same) + add(45, due=None)
    pages = walk(world, Choice("all"))
    assert [len(page) for page in pages] == [PAGE, PAGE, 15]
    order = sorted(items, key=lambda item: (item.due_at is None, item.due_at or same, item.pk))
    assert [pk for page in pages for pk in page] == [item.pk for item in order]


def test_a_page_goes_on_behind_an_item_that_was_closed_meanwhile(world: World, add: Add) -> None:
    items = add(PAGE + 3)
    first = get_inbox_page(world.actor("town"), Choice("all"))
    WorkItem.objects.filter(pk=first.rows[-1].item.pk).update(closed_at=world.at)
    rest = get_inbox_page(world.actor("town"), Choice("all"), first.next_cursor)
    assert [row.item.pk for row in rest.rows] == [item.pk for item in items[PAGE:]]


@pytest.mark.parametrize("cursor", ["x", "eyJ4IjoxfQ:1:1"])
def test_a_mark_that_is_not_ours_is_refused(world: World, add: Add, cursor: str) -> None:
    with pytest.raises(BadInput):
        get_inbox_page(world.actor("town"), Choice("all"), cursor)


def test_a_mark_of_another_list_is_refused(world: World, add: Add) -> None:
    add(PAGE + 1)
    mark = get_inbox_page(world.actor("town"), Choice("all")).next_cursor
    with pytest.raises(BadInput):
        get_inbox_page(world.actor("town"), Choice("all", kind="诉求"), mark)


def test_many_overdue_do_not_push_today_off_the_first_screen(world: World, add: Add) -> None:
    add(60, due=-30)
    today = add(9, due=1)
    page = get_inbox_page(world.actor("town"), Choice("own"))
    assert [row.group for row in page.rows] == [OVERDUE] * MOST_OVERDUE + [TODAY] * 9
    assert {row.item.pk for row in page.rows if row.group == TODAY} == {item.pk for item in today}
    assert (page.group_counts[OVERDUE], page.more_overdue, page.total) == (60, 55, 69)
    assert sum(map(len, walk(world, Choice("overdue")))) == 60


def test_every_item_stands_in_a_list_that_begins_with_a_few_overdue(world: World, add: Add) -> None:
    add(7, due=-30)
    rest = add(PAGE * 2, due=1)
    pages = walk(world, Choice("all"))
    assert len(pages[0]) == PAGE
    assert [pk for page in pages for pk in page][MOST_OVERDUE:] == [item.pk for item in rest]


def test_lights_say_how_long_in_words(world: World, add: Add) -> None:
    add(1, due_at=world.at - timedelta(hours=3, minutes=20))
    add(1, due_at=world.at - timedelta(seconds=1))
    add(1, due_at=world.at + timedelta(hours=1, minutes=50))
    add(1, due_at=world.at + timedelta(days=9))
    add(1, due=None)
    rows = get_inbox_page(world.actor("town"), Choice("all")).rows
    assert [(row.light["state"], row.light["text"]) for row in rows] == [
        ("overdue", "超3小时20分"),
        ("overdue", "超1分钟"),
        ("near", "剩1小时50分"),
        ("running", "剩9天"),
        ("not_started", "没有时限"),
    ]
    assert [row.group for row in rows] == [OVERDUE, OVERDUE, TODAY, LATER, NEVER]


def test_filters_narrow_list_and_counts_alike(world: World, add: Add) -> None:
    add(2)
    add(3, kind_label="入会")
    add(4, place="village")
    add(1, assignee=world.users["town"])
    add(1, assignee=world.users["county"])
    add(1, closed_at=world.at)
    expected = {
        Choice("all"): 11,
        Choice("own"): 7,
        Choice("all", is_own=True): 7,
        Choice("all", kind="入会"): 3,
        Choice("all", is_mine=True): 1,
        Choice("overdue"): 0,
        Choice("today"): 11,
    }
    for choice, number in expected.items():
        page = get_inbox_page(world.actor("town"), choice)
        assert (len(page.rows), page.total) == (number, number), choice
    counts = count_inbox(world.actor("town"))
    assert (counts.overdue, counts.due_today, counts.own, counts.all_open) == (0, 11, 7, 11)
    assert count_assigned(world.actor("town")) == 1


def test_nobody_sees_another_branch_or_a_hidden_matter(world: World, add: Add) -> None:
    add(1, place="union", hidden_path=world.nodes["union"].path)
    assert get_inbox_page(world.actor("town"), Choice("all")).total == 1
    for name in ("union", "other_town", "other_county"):
        assert get_inbox_page(world.actor(name), Choice("all")).total == 0


def test_fifty_items_cost_what_five_cost(world: World, add: Add) -> None:
    def cost() -> int:
        actor = world.actor("town")
        with CaptureQueriesContext(connection) as seen:
            page = get_inbox_page(actor, Choice("all"))
            for row in page.rows:
                assert row.item.node.name and row.item.assignee
        return len(seen.captured_queries)

    add(5, assignee=world.users["town"])
    five = cost()
    add(45, assignee=world.users["town"])
    assert cost() == five <= 4


def test_the_duty_day_holds_the_due_moments_of_today(world: World, add: Add) -> None:
    add(2, due=1)
    add(1, due=30)
    day = get_duty_day(world.actor("town"))
    assert (day.on, len(day.due_at)) == (world.today, 2)
    assert day.hours.minutes > 0


def test_the_search_finds_in_the_own_branches_only(world: World) -> None:
    lot = build_samples(world, ("town",)).lots["town"][0]
    for name, sees in (("city", True), ("town", True), ("other_county", False)):
        actor = world.actor(name)
        found = search_all(actor, lot.case.number)
        assert [case.pk for case in found.cases] == ([lot.case.pk] if sees else []), name
        assert bool(search_all(actor, lot.person.name).members) == sees, name
        assert bool(search_all(actor, lot.organization.node.name).organizations) == sees, name


def test_the_search_asks_only_what_the_role_may_see(world: World) -> None:
    lot = build_samples(world, ("town",)).lots["town"][0]
    assert search_all(world.actor("sysadmin"), lot.case.number).is_empty


def test_what_waits_for_the_worker_is_not_the_unions_turn(world: World, add: Add) -> None:
    add(2)
    add(1, due=None, table="helpdesk.need", state="proposed", next_step="等职工评价，12月7日自动办结")
    actor = world.actor("town")
    assert (count_inbox(actor).own, count_inbox(actor).waiting) == (2, 1)
    assert WAITING not in {row.group for row in get_inbox_page(actor, Choice("own")).rows}
    waiting = get_inbox_page(actor, Choice("waiting")).rows
    assert [(row.group, row.light["text"]) for row in waiting] == [(WAITING, "等别人办")]
    assert get_inbox_page(actor, Choice("all")).group_counts[WAITING] == 1
