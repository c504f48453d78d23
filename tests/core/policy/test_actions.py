from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.worlds import START, World
from unionhome.core.journal.models import Entry
from unionhome.core.policy import actions, queries
from unionhome.core.policy.models import CalendarDay, CalendarYear, PolicyParameter
from unionhome.core.policy.rules import NamedDay
from unionhome.core.registry import BadInput, Forbidden, Refused

pytestmark = pytest.mark.django_db

KEY = queries.DUTY_HOURS
SUMMER = [["08:00", "12:00"], ["15:00", "18:30"]]
TODAY = START.date()


def test_migrating_installs_defaults_and_announced_years_once() -> None:
    row = PolicyParameter.objects.get(key=KEY)
    assert (row.is_default, row.starts_on, row.node) == (True, date(2000, 1, 1), None)
    before = (PolicyParameter.objects.count(), CalendarDay.objects.count(), CalendarYear.objects.count())
    assert before[2] >= 12
    actions.install_defaults()
    assert (PolicyParameter.objects.count(), CalendarDay.objects.count(), CalendarYear.objects.count()) == before


def test_installing_leaves_what_was_decided_here(world: World) -> None:
    actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY, "渭工发〔2026〕5号")
    CalendarDay.objects.filter(on=date(2026, 2, 17)).delete()
    actions.install_defaults()
    assert queries.get_value(KEY, TODAY) == SUMMER
    assert not CalendarDay.objects.filter(on=date(2026, 2, 17)).exists()


def test_a_new_value_ends_the_old_one_on_its_day(world: World) -> None:
    start = TODAY + timedelta(days=10)
    old = queries.get_value(KEY, TODAY)
    row = actions.set_value(world.actor("chair"), KEY, SUMMER, start, "渭工发〔2026〕5号", approved_by="主席办公会")
    assert queries.get_value(KEY, start - timedelta(days=1)) == old
    assert queries.get_value(KEY, start) == SUMMER
    assert (row.ends_on, row.unit, row.set_by) == (None, "每个工作日", "卫主席")
    entry = Entry.objects.get(kind="policy.parameter.set")
    assert entry.data["old"] == old
    assert entry.data["new"] == SUMMER


def test_a_value_put_before_a_coming_one_ends_when_that_begins(world: World) -> None:
    later = actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY + timedelta(days=60), "甲")
    middle = actions.set_value(world.actor("chair"), KEY, [["09:00", "17:00"]], TODAY + timedelta(days=30), "乙")
    assert middle.ends_on == later.starts_on
    rows = PolicyParameter.objects.filter(key=KEY).order_by("starts_on")
    assert [row.ends_on for row in rows] == [middle.starts_on, later.starts_on, None]


def test_a_slip_is_put_right_until_its_day_is_past(world: World) -> None:
    actions.set_value(world.actor("chair"), KEY, [["09:00", "17:00"]], TODAY, "甲")
    actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY, "乙")
    assert queries.get_value(KEY, TODAY) == SUMMER
    assert PolicyParameter.objects.filter(key=KEY).count() == 2
    PolicyParameter.objects.filter(key=KEY, starts_on=TODAY).update(starts_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY - timedelta(days=1), "丙")
    assert "starts_on" in refused.value.fields


def test_the_nearest_region_up_the_tree_wins(world: World) -> None:
    other = world.nodes["other_county"]
    everywhere = queries.get_value(KEY, TODAY)
    actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY, "甲", world.nodes["county"])
    assert queries.get_value(KEY, TODAY, world.nodes["town"]) == SUMMER
    assert queries.get_value(KEY, TODAY, other) == everywhere
    assert queries.get_value(KEY, TODAY, world.nodes["city"]) == everywhere
    assert queries.get_value(KEY, TODAY) == everywhere
    assert queries.get_value(KEY, TODAY - timedelta(days=1), world.nodes["town"]) == everywhere
    actions.set_value(world.actor("chair"), KEY, [["07:00", "11:00"]], TODAY, "乙", world.nodes["town"])
    assert queries.get_duty_hours(world.nodes["town"], TODAY).minutes == 240
    assert queries.get_duty_hours(world.nodes["county"], TODAY).minutes == 450


def test_only_the_federations_own_chair_may(world: World) -> None:
    world.cadre("county_chair", "county", "chair")
    for name in ("county_chair", "city", "sysadmin"):
        with pytest.raises(Forbidden):
            actions.set_value(world.actor(name), KEY, SUMMER, TODAY, "甲", world.nodes["county"])
        with pytest.raises(Forbidden):
            actions.set_days(world.actor(name), [NamedDay(date(2027, 1, 1), False, "元旦")], "甲")
    assert not queries.may_manage(world.actor("county_chair"))
    assert queries.may_manage(world.actor("chair"))


def test_what_cannot_be_a_value_is_refused(world: World) -> None:
    for value in ("08:30–12:00", 8, [["12:00", "08:00"]], [["08:00", "12:00"], ["11:00", "13:00"]]):
        with pytest.raises(BadInput):
            actions.set_value(world.actor("chair"), KEY, value, TODAY, "甲")
    with pytest.raises(BadInput) as refused:
        actions.set_value(world.actor("chair"), KEY, SUMMER, TODAY, "  ")
    assert "source" in refused.value.fields
    with pytest.raises(Refused):
        actions.set_value(world.actor("chair"), "policy.unknown", 1, TODAY, "甲")


def test_an_announced_year_is_no_longer_provisional(world: World) -> None:
    spring, makeup = date(2031, 1, 23), date(2031, 1, 19)
    before = queries.get_calendar(2031, 2031)
    assert before.is_provisional(spring)
    assert before.is_working(spring)
    actions.set_days(
        world.actor("chair"),
        [NamedDay(spring, False, "春节"), NamedDay(makeup, True, "春节调休上班")],
        "国办发明电〔2030〕9号",
    )
    after = queries.get_calendar(2030, 2031)
    assert not after.is_provisional(spring)
    assert not after.is_working(spring)
    assert after.is_working(makeup)
    assert after.is_provisional(date(2030, 1, 1))
    assert Entry.objects.get(kind="policy.calendar.published").data["working"] == ["2031-01-19"]
    actions.set_days(world.actor("chair"), [NamedDay(spring + timedelta(days=1), False, "春节")], "更正")
    assert queries.get_calendar(2031, 2031).is_working(spring)


def test_days_of_two_years_or_a_day_twice_are_refused(world: World) -> None:
    first = NamedDay(date(2031, 1, 1), False, "元旦")
    wrong = (
        [first, NamedDay(date(2032, 1, 1), False, "元旦")],
        [first, first],
        [],
        [NamedDay(date(2031, 1, 2), True, "班")],
    )
    for days in wrong:
        with pytest.raises(BadInput):
            actions.set_days(world.actor("chair"), days, "甲")


def test_2026_stands_as_announced() -> None:
    calendar = queries.get_calendar(2026, 2027)
    assert not calendar.is_working(date(2026, 2, 16))
    assert calendar.is_working(date(2026, 2, 14))
    assert calendar.is_working(date(2026, 11, 23))
    assert not calendar.is_provisional(date(2026, 12, 31))


def test_one_query_each(world: World, django_assert_num_queries: Callable[..., object]) -> None:
    for ask in (
        lambda: queries.get_calendar(2025, 2027),
        lambda: queries.get_value(KEY, TODAY, world.nodes["town"]),
        lambda: queries.get_values([KEY], TODAY, world.nodes["town"]),
        lambda: queries.get_duty_hours(world.nodes["town"], TODAY),
    ):
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            ask()


def test_a_key_that_no_card_declares_is_refused() -> None:
    with pytest.raises(Refused):
        queries.get_value("policy.unknown", TODAY)


def test_before_the_first_row_the_cards_value_holds() -> None:
    assert queries.get_value(KEY, date(1999, 12, 31)) == [["08:30", "12:00"], ["14:00", "18:00"]]
