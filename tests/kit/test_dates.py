from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import dates
from unionhome.kit.dates import CHINA, DateRefused, Period, parse_day

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=CHINA)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    "value",
    [
        "2021-03-05",
        "2021/3/5",
        "2021.3.5",
        "20210305",
        "2021年3月5日",
        " 2021-3-05 ",
        "2021-03-05 00:00:00",
        "２０２１－０３－０５",
        "２０２１０３０５",
        20210305,
        20210305.0,
        44260,
        44260.75,
        "44260",
        date(2021, 3, 5),
        datetime(2021, 3, 5, 14, 0),
    ],
)
def test_a_day_in_its_usual_forms(value: object) -> None:
    assert parse_day(value) == date(2021, 3, 5)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2021-02-29", "date.none"),
        ("20211301", "date.none"),
        ("0000-01-01", "date.none"),
        ("2021/3-5", "date.form"),
        ("", "date.form"),
        ("3/5/2021", "date.form"),
        (None, "date.form"),
        (True, "date.form"),
        ("去年", "date.form"),
        ("2021", "date.form"),
        (2021, "date.form"),
        (1, "date.form"),
        (-5, "date.form"),
        (10**9, "date.form"),
        (float("nan"), "date.form"),
        (float("inf"), "date.form"),
        ("2021-03", "date.form"),
        ([], "date.form"),
        ("2021-03-05 18:30", "date.form"),
    ],
)
def test_what_is_no_day_is_refused(value: object, code: str) -> None:
    with pytest.raises(DateRefused) as refusal:
        parse_day(value)
    assert refusal.value.code == code and refusal.value.sentence.endswith("。")


@given(st.dates(date(1910, 1, 1), date(2199, 12, 31)))
def test_every_form_and_the_serial_read_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    slashed = f"{day.year}/{day.month}/{day.day}"
    for value in (day.isoformat(), f"{day:%Y%m%d}", slashed, dates.day_text(day), serial, serial + 0.5):
        assert parse_day(value) == day


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-24 10:05", "今天 10:05"),
        ("2026-11-23 16:30", "昨天 16:30"),
        ("2026-11-25 09:00", "明天 09:00"),
        ("2026-11-22 16:30", "11-22"),
        ("2025-06-18 01:00", "2025-06-18"),
        ("2027-01-02 01:00", "2027-01-02"),
    ],
)
def test_moments(moment: str, text: str) -> None:
    assert dates.moment_text(at(moment), NOW) == text
    assert dates.moment_text(at(moment).astimezone(UTC), NOW.astimezone(UTC)) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-24 17:12", "今天17:12前"),
        ("2026-11-25 09:00", "明天09:00前"),
        ("2026-11-25 00:00", "今天24:00前"),
        ("2026-11-27 09:00", "11月27日（周五）前"),
        ("2026-11-28 00:00", "11月27日（周五）前"),
        ("2026-11-23 09:00", "昨天09:00前"),
        ("2027-01-05 09:00", "2027年1月5日（周二）前"),
    ],
)
def test_deadlines(moment: str, text: str) -> None:
    assert dates.deadline_text(at(moment), NOW) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0分钟"),
        (45, "45分钟"),
        (60, "1小时"),
        (160, "2小时40分"),
        (1440, "1天"),
        (1441, "1天"),
        (4440, "3天2小时"),
    ],
)
def test_durations(minutes: int, text: str) -> None:
    assert dates.duration_text(minutes) == text


def test_durations_of_duty_time_speak_of_working_days() -> None:
    assert dates.duration_text(450 * 3 + 120, day_minutes=450) == "3个工作日2小时"
    assert dates.duration_text(449, day_minutes=450) == "7小时29分"
    with pytest.raises(ValueError, match="negative"):
        dates.duration_text(-1)


def test_the_local_day_is_not_the_utc_day() -> None:
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert dates.local_day(evening) == date(2026, 11, 25)
    start, end = dates.day_bounds(date(2026, 11, 25))
    assert start <= evening < end and end - start == timedelta(days=1)
    with pytest.raises(ValueError, match="zone"):
        dates.utc(datetime(2026, 11, 24))


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1966-11-24", "2026-11-24", 60),
        ("1966-11-25", "2026-11-24", 59),
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
    ],
)
def test_age(born: str, on: str, years: int) -> None:
    assert dates.age(date.fromisoformat(born), date.fromisoformat(on)) == years


def test_periods_hold_both_their_ends() -> None:
    year = Period.year(2026)
    assert date(2026, 1, 1) in year and date(2026, 12, 31) in year and date(2027, 1, 1) not in year
    assert (year.days, Period.month(2024, 2).days) == (365, 29)
    assert Period.quarter(2026, 4) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert Period.month(2026, 12).end_on == date(2026, 12, 31)
    start, end = year.bounds()
    assert (start.isoformat(), end.isoformat()) == ("2026-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00")
    assert year.holds(datetime(2025, 12, 31, 16, tzinfo=UTC)) and not year.holds(datetime(2026, 12, 31, 16, tzinfo=UTC))
    with pytest.raises(ValueError, match="ends"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_overlap() -> None:
    november, year = Period.month(2026, 11), Period.year(2026)
    assert november.overlap(year) == november == year.overlap(november)
    assert november.overlap(Period.month(2026, 12)) is None


periods = st.tuples(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 800)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
)


@given(periods)
def test_months_cut_a_period_without_gap_or_overlap(period: Period) -> None:
    months = list(period.months())
    assert [day for month in months for day in month.each_day()] == list(period.each_day())
    assert all((one.start_on.year, one.start_on.month) == (one.end_on.year, one.end_on.month) for one in months)


@given(periods)
def test_the_period_before_touches_this_one(period: Period) -> None:
    assert period.before().end_on + timedelta(days=1) == period.start_on


def test_comparisons() -> None:
    assert Period.month(2026, 3).before() == Period.month(2026, 2)
    assert Period.year(2026).before() == Period.year(2025)
    assert Period.quarter(2026, 1).before() == Period.quarter(2025, 4)
    assert Period(date(2026, 11, 10), date(2026, 11, 12)).before() == Period(date(2026, 11, 7), date(2026, 11, 9))
    assert Period.month(2025, 2).year_earlier() == Period.month(2024, 2)
    assert Period.month(2024, 2).year_earlier() == Period.month(2023, 2)
    assert Period.year_to(date(2026, 11, 24)).year_earlier() == Period.year_to(date(2025, 11, 24))


@pytest.mark.parametrize(
    ("period", "text", "title"),
    [
        (Period.year_to(date(2026, 11, 24)), "2026年1月1日至11月24日", "2026年1月1日至11月24日"),
        (Period.year(2026), "2026年1月1日至12月31日", "2026年"),
        (Period.month(2026, 11), "2026年11月1日至11月30日", "2026年11月"),
        (Period.quarter(2026, 3), "2026年7月1日至9月30日", "2026年第三季度"),
        (Period(date(2025, 12, 1), date(2026, 2, 28)), "2025年12月1日至2026年2月28日", "2025年12月1日至2026年2月28日"),
        (Period(date(2026, 2, 1), date(2026, 4, 30)), "2026年2月1日至4月30日", "2026年2月1日至4月30日"),
        (Period(date(2026, 11, 24), date(2026, 11, 24)), "2026年11月24日", "2026年11月24日"),
    ],
)
def test_periods_in_words(period: Period, text: str, title: str) -> None:
    assert (period.text, period.title) == (text, title)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 5, 24), 6, date(2026, 11, 24)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
        (date(2028, 8, 29), -6, date(2028, 2, 29)),
    ],
)
def test_months_after(day: date, months: int, wanted: date) -> None:
    assert dates.months_after(day, months) == wanted
