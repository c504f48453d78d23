from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionhome.kit.calendars import (
    CalendarError,
    Due,
    DutyHours,
    Interval,
    Pause,
    WorkCalendar,
    add_working_days,
    count_working_days,
    due,
    due_working_days,
    elapsed,
    load_published,
    working_lines,
)
from unionhome.kit.dates import CHINA

PUBLISHED = load_published(range(2025, 2027))
CALENDAR = WorkCalendar(PUBLISHED.days, PUBLISHED.years)
TOWN = DutyHours(((time(8), time(12)), (time(14, 30), time(18))))
NIGHT = DutyHours(((time(0), time(2, 15)), (time(20, 30), time())))
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def town_due(start: str, minutes: int, *pauses: Pause) -> Due:
    return due(at(start), minutes, calendar=CALENDAR, hours=TOWN, pauses=pauses)


# -- examples --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-24 14:40", 120, "2026-11-24 16:40"),  # within one period
        ("2026-11-24 11:00", 60, "2026-11-24 12:00"),  # used up at noon is due at noon
        ("2026-11-24 11:00", 61, "2026-11-24 14:31"),  # across lunch
        ("2026-11-24 17:30", 60, "2026-11-25 08:30"),  # across midnight
        ("2026-11-27 17:30", 60, "2026-11-30 08:30"),  # across a weekend
        ("2026-09-30 17:00", 120, "2026-10-08 09:00"),  # across the National Day holidays
        ("2026-09-19 09:00", 60, "2026-09-20 09:00"),  # a Sunday that is worked (调休)
        ("2026-02-14 17:00", 120, "2026-02-24 09:00"),  # a Saturday that is worked, then the Spring Festival
        ("2025-12-31 17:00", 120, "2026-01-04 09:00"),  # over the year's end, into a Sunday that is worked
        ("2026-11-24 03:00", 1, "2026-11-24 08:01"),  # before duty
        ("2026-11-24 12:00", 1, "2026-11-24 14:31"),  # at the first moment off duty
        ("2026-11-24 03:00", 0, "2026-11-24 03:00"),  # nothing to wait for
    ],
)
def test_due_by_duty_hours(start: str, minutes: int, end: str) -> None:
    answer = town_due(start, minutes)
    assert (answer.at, answer.provisional) == (at(end), False)
    assert sum((one.length for one in answer.working), timedelta()) == minutes * MINUTE


def test_natural_time_ignores_the_calendar() -> None:
    answer = due(at("2026-12-31 23:00"), 24 * 60, calendar=CALENDAR, hours=None)
    assert answer == Due(at("2027-01-01 23:00"), (Interval(at("2026-12-31 23:00"), at("2027-01-01 23:00")),), False)


def test_an_unpublished_year_counts_weekdays_and_says_so() -> None:
    answer = town_due("2026-12-31 17:00", 120)
    assert (answer.at, answer.provisional) == (at("2027-01-01 09:00"), True)
    assert not town_due("2026-12-31 17:00", 60).provisional
    passed = elapsed(at("2026-12-31 17:00"), at("2027-01-02 00:00"), calendar=CALENDAR, hours=TOWN)
    assert (passed.minutes, passed.provisional) == (60 + TOWN.minutes, True)


def test_a_day_entered_by_hand_goes_before_the_weekday() -> None:
    calendar = WorkCalendar({date(2027, 1, 1): False})
    assert due(at("2026-12-31 17:00"), 120, calendar=calendar, hours=TOWN).at == at("2027-01-04 09:00")


def test_seconds_are_kept() -> None:
    answer = town_due("2026-11-24 11:59:30", 1)
    assert answer.at == at("2026-11-24 14:30:30")
    passed = elapsed(at("2026-11-24 11:59:30"), at("2026-11-24 14:30:29"), calendar=CALENDAR, hours=TOWN)
    assert passed.minutes == 0


def test_the_answer_is_in_local_time_whatever_the_zone_asked_in() -> None:
    local, far = (
        town_due("2026-11-24 09:00", 60),
        due(at("2026-11-24 09:00").astimezone(UTC), 60, calendar=CALENDAR, hours=TOWN),
    )
    assert local == far and far.at is not None and far.at.utcoffset() == timedelta(hours=8)


def test_a_pause_moves_the_due_moment() -> None:
    pause = Pause(at("2026-11-24 10:00"), at("2026-11-24 15:00"), "等待本人补材料")
    answer = town_due("2026-11-24 09:00", 120, pause)
    assert answer.at == at("2026-11-24 16:00")
    assert answer.working == (
        Interval(at("2026-11-24 09:00"), at("2026-11-24 10:00")),
        Interval(at("2026-11-24 15:00"), at("2026-11-24 16:00")),
    )


def test_an_open_pause_holds_the_clock_and_tells_what_is_left() -> None:
    answer = town_due("2026-11-24 09:00", 120, Pause(at("2026-11-24 10:00")))
    assert answer.paused and answer.at is None and answer.left_minutes == 60
    assert answer.working == (Interval(at("2026-11-24 09:00"), at("2026-11-24 10:00")),)
    assert town_due("2026-11-24 09:00", 60, Pause(at("2026-11-24 10:00"))).at == at("2026-11-24 10:00")
    assert town_due("2026-11-24 09:00", 60, Pause(at("2026-11-24 08:00"))).left_minutes == 60
    natural = due(at("2026-11-24 09:00"), 90, calendar=CALENDAR, hours=None, pauses=[Pause(at("2026-11-24 10:00"))])
    assert (natural.at, natural.left_minutes) == (None, 30)


def test_time_stands_still_in_an_open_pause() -> None:
    pauses = [Pause(at("2026-11-24 10:00"))]
    for end in ("2026-11-24 10:00", "2026-11-24 16:00", "2026-12-24 16:00"):
        assert elapsed(at("2026-11-24 09:00"), at(end), calendar=CALENDAR, hours=TOWN, pauses=pauses).minutes == 60


def test_nothing_has_passed_before_the_start() -> None:
    assert elapsed(at("2026-11-24 09:00"), at("2026-11-23 09:00"), calendar=CALENDAR, hours=TOWN).working == ()


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-24 10:00", 1, "2026-11-25 10:00"),
        ("2026-11-27 16:00", 3, "2026-12-02 16:00"),
        ("2026-09-30 10:00", 1, "2026-10-08 10:00"),
        ("2026-09-18 10:00", 1, "2026-09-20 10:00"),
        ("2026-11-28 10:00", 1, "2026-11-30 18:00"),  # from a Saturday: all of Monday
    ],
)
def test_due_by_working_days(start: str, days: int, end: str) -> None:
    assert due_working_days(at(start), days, calendar=CALENDAR, hours=TOWN).at == at(end)


def test_working_days_without_duty_hours_keep_the_wall_clock() -> None:
    assert due_working_days(at("2026-11-27 22:15"), 2, calendar=CALENDAR, hours=None).at == at("2026-12-01 22:15")


def test_whole_working_days_leave_out_the_first() -> None:
    assert add_working_days(date(2026, 9, 30), 1, calendar=CALENDAR).on == date(2026, 10, 8)
    assert add_working_days(date(2026, 11, 28), 0, calendar=CALENDAR).on == date(2026, 11, 28)
    over = add_working_days(date(2026, 12, 30), 3, calendar=CALENDAR)
    assert (over.on, over.provisional) == (date(2027, 1, 4), True)
    assert count_working_days(date(2026, 9, 30), date(2026, 10, 11), calendar=CALENDAR) == 4
    with pytest.raises(CalendarError):
        add_working_days(date(2026, 9, 30), -1, calendar=CALENDAR)


@given(st.dates(date(2025, 1, 1), date(2026, 10, 1)), st.integers(0, 40))
def test_counting_working_days_is_the_inverse(day: date, count: int) -> None:
    reached = add_working_days(day, count, calendar=CALENDAR).on
    assert count_working_days(day + timedelta(days=1), reached, calendar=CALENDAR) == count


# -- laws ------------------------------------------------------------------------------------------------------------

starts = st.one_of(
    st.integers(0, 12 * 1440).map(lambda offset: at("2026-09-16 00:00") + offset * MINUTE),
    st.integers(0, 12 * 1440).map(lambda offset: at("2026-12-24 00:00") + offset * MINUTE),
    st.integers(0, 12 * 1440).map(lambda offset: at("2026-02-10 00:00") + offset * MINUTE),
)
duties = st.sampled_from([None, TOWN, NIGHT, DutyHours.whole_day(), DutyHours(((time(9), time(9, 7)),))])
limits = st.integers(1, 1500)


@st.composite
def pause_lists(draw: st.DrawFn, start: datetime) -> list[Pause]:
    ends = draw(st.lists(st.tuples(st.integers(-300, 6000), st.integers(0, 2000)), max_size=4))
    return [Pause(start + a * MINUTE, start + (a + length) * MINUTE) for a, length in ends]


@st.composite
def tasks(draw: st.DrawFn) -> tuple[datetime, DutyHours | None, list[Pause]]:
    start = draw(starts)
    return start, draw(duties), draw(pause_lists(start))


Task = tuple[datetime, DutyHours | None, list[Pause]]


def counts(moment: datetime, hours: DutyHours | None, pauses: list[Pause]) -> bool:
    """Whether the minute that begins at ``moment`` counts, told in the plainest way."""
    if any(pause.start <= moment and (pause.end is None or moment < pause.end) for pause in pauses):
        return False
    if hours is None:
        return True
    clock = moment.time()
    on_duty = any(a <= clock and (clock < b or b == time()) for a, b in hours.periods)
    return on_duty and CALENDAR.days.get(moment.date(), moment.weekday() < 5)


def slow_due(start: datetime, minutes: int, hours: DutyHours | None, pauses: list[Pause]) -> datetime | None:
    moment = start
    for _ in range(40 * 1440):
        if counts(moment, hours, pauses):
            minutes -= 1
        moment += MINUTE
        if not minutes:
            return moment
    return None


@settings(max_examples=120, deadline=None)
@given(tasks(), st.integers(1, 700))
def test_due_equals_stepping_minute_by_minute(task: Task, minutes: int) -> None:
    start, hours, pauses = task
    expected = slow_due(start, minutes, hours, pauses)
    if expected is not None:
        assert due(start, minutes, calendar=CALENDAR, hours=hours, pauses=pauses).at == expected


@settings(max_examples=60, deadline=None)
@given(tasks(), st.integers(0, 9 * 1440))
def test_elapsed_equals_stepping_minute_by_minute(task: Task, length: int) -> None:
    start, hours, pauses = task
    expected = sum(counts(start + step * MINUTE, hours, pauses) for step in range(length))
    assert elapsed(start, start + length * MINUTE, calendar=CALENDAR, hours=hours, pauses=pauses).minutes == expected


@given(tasks(), limits)
def test_due_and_elapsed_are_inverse(task: Task, minutes: int) -> None:
    start, hours, pauses = task
    answer = due(start, minutes, calendar=CALENDAR, hours=hours, pauses=pauses)
    assert answer.at is not None
    passed = elapsed(start, answer.at, calendar=CALENDAR, hours=hours, pauses=pauses)
    assert (passed.minutes, passed.working, passed.provisional) == (minutes, answer.working, answer.provisional)
    earlier = elapsed(start, answer.at - MINUTE, calendar=CALENDAR, hours=hours, pauses=pauses)
    assert earlier.minutes == minutes - 1


@given(tasks(), limits, limits)
def test_more_time_is_never_due_earlier(task: Task, one: int, other: int) -> None:
    start, hours, pauses = task
    few, many = (
        due(start, minutes, calendar=CALENDAR, hours=hours, pauses=pauses).at for minutes in sorted((one, other))
    )
    assert few is not None and many is not None and few <= many


@given(tasks(), limits, st.integers(0, 4000))
def test_a_later_start_is_never_due_earlier(task: Task, minutes: int, shift: int) -> None:
    start, hours, pauses = task
    early, late = (
        due(moment, minutes, calendar=CALENDAR, hours=hours, pauses=pauses).at
        for moment in (start, start + shift * MINUTE)
    )
    assert early is not None and late is not None and early <= late


@given(tasks(), limits, st.data())
def test_splitting_and_shuffling_pauses_changes_nothing(task: Task, minutes: int, data: st.DataObject) -> None:
    start, hours, pauses = task
    pieces: list[Pause] = []
    for pause in pauses:
        assert pause.end is not None
        cut = pause.start + data.draw(st.integers(0, 100)) * (pause.end - pause.start) / 100
        pieces += [Pause(pause.start, cut), Pause(cut, pause.end)]
    pieces = data.draw(st.permutations(pieces))
    assert due(start, minutes, calendar=CALENDAR, hours=hours, pauses=pieces) == due(
        start, minutes, calendar=CALENDAR, hours=hours, pauses=pauses
    )


@given(tasks(), limits)
def test_the_working_is_in_order_apart_and_adds_up(task: Task, minutes: int) -> None:
    start, hours, pauses = task
    working = due(start, minutes, calendar=CALENDAR, hours=hours, pauses=pauses).working
    assert all(one.end < other.start for one, other in pairwise(working))
    assert all(one.start < one.end for one in working) and working[0].start >= start
    assert sum((one.length for one in working), timedelta()) == minutes * MINUTE


@given(tasks(), limits, limits)
def test_a_limit_may_be_run_in_two_parts(task: Task, first: int, second: int) -> None:
    start, hours, pauses = task
    middle = due(start, first, calendar=CALENDAR, hours=hours, pauses=pauses).at
    assert middle is not None
    assert (
        due(middle, second, calendar=CALENDAR, hours=hours, pauses=pauses).at
        == due(start, first + second, calendar=CALENDAR, hours=hours, pauses=pauses).at
    )


# -- refusals and texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "periods",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(18))),
        ((time(14), time(18)), (time(8), time(12))),
        ((time(22), time()), (time(23), time())),
    ],
)
def test_wrong_duty_hours_are_refused(periods: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(CalendarError):
        DutyHours(periods)


def test_what_cannot_be_reckoned_is_refused() -> None:
    idle = WorkCalendar({date(2026, 1, 1) + timedelta(days=offset): False for offset in range(5000)})
    with pytest.raises(CalendarError):
        due(at("2026-11-24 09:00"), 1, calendar=idle, hours=TOWN)
    with pytest.raises(CalendarError):
        add_working_days(date(2026, 11, 24), 1, calendar=idle)
    with pytest.raises(CalendarError):
        town_due("2026-11-24 09:00", -1)
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 24, 9), 1, calendar=CALENDAR, hours=TOWN)


def test_duty_minutes() -> None:
    assert [one.minutes for one in (TOWN, NIGHT, DutyHours.whole_day())] == [450, 345, 1440]


def test_the_working_in_words() -> None:
    now = at("2026-11-24 18:00")
    working = town_due("2026-11-24 17:10", 100).working
    assert working_lines(working, now) == [("今天 17:10–18:00", "50分钟"), ("明天 08:00–08:50", "50分钟")]
    night = due(at("2026-11-26 20:00"), 360, calendar=CALENDAR, hours=None).working
    assert working_lines(night, now) == [("11月26日（周四） 20:00–11月27日（周五） 02:00", "6小时")]
    evening = due(at("2026-11-24 20:30"), 210, calendar=CALENDAR, hours=NIGHT).working
    assert working_lines(evening, now) == [("今天 20:30–24:00", "3小时30分")]


def test_published_days_come_with_names() -> None:
    published = load_published(range(2026, 2032))
    assert 2026 in published.years and 2031 not in published.years
    assert sum(day.year == 2026 for day in published.days) == 365
    assert published.names[date(2026, 2, 17)] == "春节" and not published.days[date(2026, 2, 17)]
    assert published.names[date(2026, 9, 20)] == "国庆节调休上班" and published.days[date(2026, 9, 20)]
    assert published.names[date(2026, 9, 25)] == "中秋节"
    assert date(2026, 11, 24) not in published.names
