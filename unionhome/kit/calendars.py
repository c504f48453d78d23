"""The one clock: when something is due, and how much duty time has passed.

Everything is computed from facts (start, pauses, the calendar of working days with make-up days 调休, duty
hours), never counted up by a job. Intervals are half-open, ``start`` in and ``end`` out, so that a limit
which is used up exactly at noon is due at noon and not after lunch. Texts come from `working_lines`.

A year whose holidays the State Council has not yet announced counts Monday to Friday, and every answer that
touched a day of it says ``provisional`` (暂定).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

import chinese_calendar

from unionhome.kit.dates import CHINA, day_start, day_word, duration_text, local_day, utc

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_HORIZON = 3660  # days scanned before a calendar without working days is given up


class CalendarError(ValueError):
    """A calendar, duty hours, or a stretch of time that cannot be reckoned with."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days: ``days`` says True or False for single days, all else is Monday to Friday.

    ``published_years`` are the years whose holidays are announced and stand in ``days``.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    published_years: frozenset[int] = frozenset()
    tz: tzinfo = CHINA

    def is_working(self, day: date) -> bool:
        stated = self.days.get(day)
        return day.weekday() < 5 if stated is None else stated

    def is_provisional(self, day: date) -> bool:
        return day.year not in self.published_years


@dataclass(frozen=True, slots=True)
class DutyHours:
    """The duty periods of a working day as (from, to), in order and apart; "to" 00:00 means midnight.

    Raises `CalendarError` when a period is empty or runs past midnight, or two overlap.
    """

    periods: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        last = timedelta()
        for start, end in self._offsets():
            if start < last or end <= start:
                raise CalendarError("duty periods must be in order, apart, and end after they start")
            last = end
        if not self.periods:
            raise CalendarError("duty hours need a period")

    @classmethod
    def whole_day(cls) -> DutyHours:
        """Around the clock on working days. (For every day of the year pass ``hours=None`` instead.)"""
        return cls(((time(), time()),))

    @property
    def minutes(self) -> int:
        """Duty minutes in one working day."""
        return sum((end - start) // _MINUTE for start, end in self._offsets())

    def _offsets(self) -> Iterator[tuple[timedelta, timedelta]]:
        for start, end in self.periods:
            yield _offset(start), _offset(end) or _DAY

    def on(self, day: date, tz: tzinfo) -> Iterator[Interval]:
        """The duty periods of one day as moments."""
        for start, end in self.periods:
            end_on = day if end != time() else day + _DAY
            yield Interval(datetime.combine(day, start, tz), datetime.combine(end_on, end, tz))


def _offset(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From ``start`` (in) to ``end`` (out), aware moments."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return utc(self.end) - utc(self.start)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands from ``start`` to ``end``; an ``end`` of None is a pause still open."""

    start: datetime
    end: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends and how it was reckoned.

    ``at`` is None while an open pause holds the clock; ``left_minutes`` are then still to run.
    ``working`` is the time counted, ``provisional`` that an unannounced year was touched.
    """

    at: datetime | None
    working: tuple[Interval, ...]
    provisional: bool
    left_minutes: int = 0

    @property
    def paused(self) -> bool:
        return self.at is None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole ``minutes`` of duty time passed, the time counted, and whether an unannounced year was touched."""

    minutes: int
    working: tuple[Interval, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day reached by counting working days, and whether an unannounced year was touched."""

    on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Published:
    """What is announced: every day of ``years`` as working or not, and the ``names`` of those out of the ordinary."""

    days: dict[date, bool]
    names: dict[date, str]
    years: frozenset[int]


@dataclass(slots=True)
class _Walk:
    """Duty time from a moment on, cut by pauses, in order; notes which days it looked at."""

    start: datetime
    until: datetime | None
    calendar: WorkCalendar
    hours: DutyHours | None
    pauses: tuple[Interval, ...]
    halt: datetime | None
    provisional: bool = False

    def stretches(self) -> Iterator[Interval]:
        stop = min((moment for moment in (self.until, self.halt) if moment is not None), default=None)
        for period in self._duty(stop):
            start = max(period.start, self.start)
            end = period.end if stop is None else min(period.end, stop)
            yield from _without(Interval(start, end), self.pauses)

    def _duty(self, stop: datetime | None) -> Iterator[Interval]:
        if self.hours is None:
            yield Interval(self.start, stop or utc(datetime.max.replace(tzinfo=self.start.tzinfo) - 2 * _DAY))
            return
        day = local_day(self.start, self.calendar.tz)
        idle = 0
        while stop is None or utc(day_start(day, self.calendar.tz)) < stop:
            self.provisional = self.provisional or self.calendar.is_provisional(day)
            idle += 1
            if self.calendar.is_working(day):
                idle = 0
                yield from (Interval(utc(one.start), utc(one.end)) for one in self.hours.on(day, self.calendar.tz))
            if idle > _HORIZON:
                raise CalendarError("the calendar has no working day within ten years")
            day += _DAY


def _without(whole: Interval, pauses: tuple[Interval, ...]) -> Iterator[Interval]:
    start = whole.start
    for pause in pauses:
        if pause.end <= start:
            continue
        if pause.start >= whole.end:
            break
        if pause.start > start:
            yield Interval(start, pause.start)
        start = pause.end
    if start < whole.end:
        yield Interval(start, whole.end)


def _closed_pauses(pauses: Iterable[Pause]) -> tuple[Interval, ...]:
    """Ended pauses in order, overlapping and touching ones joined, in UTC."""
    joined: list[Interval] = []
    for one in sorted(Interval(utc(pause.start), utc(pause.end)) for pause in pauses if pause.end is not None):
        if one.end <= one.start:
            continue
        if joined and one.start <= joined[-1].end:
            one = Interval(joined[-1].start, max(joined.pop().end, one.end))
        joined.append(one)
    return tuple(joined)


def _walk(
    start: datetime, until: datetime | None, calendar: WorkCalendar, hours: DutyHours | None, pauses: Iterable[Pause]
) -> _Walk:
    stated = tuple(pauses)
    halt = min((utc(pause.start) for pause in stated if pause.end is None), default=None)
    return _Walk(utc(start), until and utc(until), calendar, hours, _closed_pauses(stated), halt)


def _joined(stretches: Iterable[Interval], tz: tzinfo) -> tuple[Interval, ...]:
    """The same time with touching stretches joined, in local time."""
    joined: list[Interval] = []
    for one in stretches:
        if joined and joined[-1].end == one.start:
            one = Interval(joined.pop().start, one.end)
        joined.append(one)
    return tuple(Interval(one.start.astimezone(tz), one.end.astimezone(tz)) for one in joined)


def due(
    start: datetime, minutes: int, *, calendar: WorkCalendar, hours: DutyHours | None, pauses: Iterable[Pause] = ()
) -> Due:
    """When ``minutes`` of duty time from ``start`` on are used up.

    ``hours=None`` counts natural time: every minute, whatever the calendar says. Zero minutes are due at once.
    Raises `CalendarError` below zero, or if the calendar has no working day.
    """
    if minutes < 0:
        raise CalendarError("a limit is not negative")
    walk = _walk(start, None, calendar, hours, pauses)
    left, counted = minutes * _MINUTE, list[Interval]()
    if not left:
        return Due(start.astimezone(calendar.tz), (), False)
    for one in walk.stretches():
        if one.end - one.start >= left:
            counted.append(Interval(one.start, one.start + left))
            return Due(counted[-1].end.astimezone(calendar.tz), _joined(counted, calendar.tz), walk.provisional)
        left -= one.end - one.start
        counted.append(one)
    return Due(None, _joined(counted, calendar.tz), walk.provisional, -(-left // _MINUTE))


def elapsed(
    start: datetime, end: datetime, *, calendar: WorkCalendar, hours: DutyHours | None, pauses: Iterable[Pause] = ()
) -> Elapsed:
    """How much duty time lies between ``start`` and ``end``; nothing if ``end`` is earlier. The inverse of `due`."""
    walk = _walk(start, end, calendar, hours, pauses)
    counted = list(walk.stretches()) if utc(end) > utc(start) else []
    total = sum((one.end - one.start for one in counted), timedelta())
    return Elapsed(total // _MINUTE, _joined(counted, calendar.tz), walk.provisional)


def due_working_days(
    start: datetime, days: int, *, calendar: WorkCalendar, hours: DutyHours | None, pauses: Iterable[Pause] = ()
) -> Due:
    """When ``days`` working days of duty time are used up: at the same duty minute that many working days later.

    Tuesday 10:00 plus one is Wednesday 10:00. A start outside duty hours counts from the next duty minute on, and
    so ends with the last duty minute of its last day (Saturday plus one is Monday's close). ``hours=None`` keeps
    the wall clock: working days around the clock. For rules that count whole days use `add_working_days`.
    """
    duty = hours or DutyHours.whole_day()
    return due(start, days * duty.minutes, calendar=calendar, hours=duty, pauses=pauses)


def add_working_days(day: date, count: int, *, calendar: WorkCalendar) -> DueDay:
    """The ``count``-th working day after ``day``, which itself does not count (民法典 第201条); itself for 0."""
    if count < 0:
        raise CalendarError("a limit is not negative")
    provisional, idle = False, 0
    while count:
        day += _DAY
        provisional = provisional or calendar.is_provisional(day)
        working = calendar.is_working(day)
        count -= working
        idle = 0 if working else idle + 1
        if idle > _HORIZON:
            raise CalendarError("the calendar has no working day within ten years")
    return DueDay(day, provisional)


def count_working_days(start_on: date, end_on: date, *, calendar: WorkCalendar) -> int:
    """How many working days from ``start_on`` to ``end_on``, both included."""
    length = (end_on - start_on).days + 1
    return sum(calendar.is_working(start_on + timedelta(days=offset)) for offset in range(length))


def working_lines(working: Iterable[Interval], now: datetime, *, tz: tzinfo = CHINA) -> list[tuple[str, str]]:
    """The working as lines of (time, duration): ("今天 14:10–16:10", "2小时")."""
    today = local_day(now, tz)
    return [(_line(one, today, tz), duration_text(one.length // _MINUTE)) for one in working]


def _line(one: Interval, today: date, tz: tzinfo) -> str:
    start, end = one.start.astimezone(tz), one.end.astimezone(tz)
    end_on, end_clock = end.date(), f"{end:%H:%M}"
    if end_clock == "00:00" and end > start:
        end_on, end_clock = end_on - _DAY, "24:00"
    later = "" if end_on == start.date() else f"{day_word(end_on, today)} "
    return f"{day_word(start.date(), today)} {start:%H:%M}–{later}{end_clock}"


def _year_is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True


def _name(day: date, working: bool) -> str | None:
    holiday = chinese_calendar.Holiday
    _, english = chinese_calendar.get_holiday_detail(day)
    known = next((one.chinese for one in holiday if one.value == english), None)
    if known is None:
        return None
    known += "节" if known in ("清明", "端午", "中秋") else ""
    return f"{known}调休上班" if working else known


def load_published(years: Iterable[int]) -> Published:
    """The announced calendar of those ``years`` that the installed ``chinesecalendar`` package knows.

    Only days that differ from Monday to Friday, or are holidays, have a name. Years it does not know are left out.
    """
    known = frozenset(year for year in years if _year_is_known(year))
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    for year in sorted(known):
        for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
            day = date(year, 1, 1) + timedelta(days=offset)
            days[day] = chinese_calendar.is_workday(day)
            name = _name(day, days[day])
            if name is not None:
                names[day] = name
    return Published(days, names, known)
