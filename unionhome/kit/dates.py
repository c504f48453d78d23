"""Days, periods and the Chinese texts of moments, deadlines and durations.

Moments are aware; a day is a day of the zone passed in (all of China keeps one zone, `CHINA`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from unionhome.kit.errors import InputRefused

CHINA = ZoneInfo("Asia/Shanghai")
DAY_MINUTES = 24 * 60
_WEEKDAYS = "一二三四五六日"
_QUARTERS = "一二三四"
_DAY_FORM = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?(?:[T ]0?0:00(?::00(?:\.0+)?)?)?"
)
_COMPACT_FORM = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL_FORM = re.compile(r"\d{4,6}(?:\.\d+)?")
_SERIAL_FROM, _SERIAL_TO = 3654, 109_573  # 1910-01-01 … 2199-12-31; a smaller number is rather a bare year
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．　", "0123456789-/. ")


class DateRefused(InputRefused):
    """A text or number that is no day."""


# -- days ------------------------------------------------------------------------------------------------------------


def utc(at: datetime) -> datetime:
    """``at`` in UTC, in which differences are true ones (Python subtracts wall clocks within one zone)."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)


def local_day(at: datetime, tz: tzinfo = CHINA) -> date:
    """The day on which ``at`` falls in ``tz``."""
    return at.astimezone(tz).date()


def day_start(day: date, tz: tzinfo = CHINA) -> datetime:
    """The first moment of ``day`` in ``tz``."""
    return datetime.combine(day, time(), tz)


def day_bounds(day: date, tz: tzinfo = CHINA) -> tuple[datetime, datetime]:
    """First moment of ``day`` and of the next one: a half-open range for queries."""
    return day_start(day, tz), day_start(day + timedelta(days=1), tz)


def age(birth_on: date, on: date) -> int:
    """Full years (周岁) reached on the day ``on``; one more from the birthday itself, 1 March for 29 February."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def years_before(day: date, years: int) -> date:
    """The same calendar day ``years`` earlier (later if negative); 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_after(day: date, months: int) -> date:
    """The same calendar day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _serial_day(number: float) -> date | None:
    if not _SERIAL_FROM <= number < _SERIAL_TO + 1:
        return None
    return date(1899, 12, 30) + timedelta(days=int(number))


def _text_day(text: str) -> date | None:
    if found := _DAY_FORM.fullmatch(text):
        year, *months, day = found.groups()
        return date(int(year), int(next(filter(None, months))), int(day))
    if found := _COMPACT_FORM.fullmatch(text):
        return date(*map(int, found.groups()))
    return _serial_day(float(text)) if _SERIAL_FORM.fullmatch(text) else None


def parse_day(value: object) -> date:
    """The day meant by a cell or a field.

    Accepts dates and datetimes, 2021-03-05, 2021/3/5, 2021.3.5, 2021年3月5日, 20210305 (full-width digits too)
    and Excel day numbers of 1910–2199. Raises `DateRefused` for all else, days that do not exist included.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).translate(_FULL_WIDTH).strip() if isinstance(value, str | int | float) else ""
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    try:
        day = None if isinstance(value, bool) else _text_day(text)
    except ValueError:
        raise DateRefused(f"没有这一天：{text[:20]}。", "date.none") from None
    if day is None:
        raise DateRefused("日期请写成 2021-03-05、2021/3/5 或 20210305。", "date.form")
    return day


# -- texts -----------------------------------------------------------------------------------------------------------


def day_text(day: date) -> str:
    """2026年11月24日"""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_text(day: date) -> str:
    """周五"""
    return "周" + _WEEKDAYS[day.weekday()]


def _near_word(day: date, today: date) -> str | None:
    return {-1: "昨天", 0: "今天", 1: "明天"}.get((day - today).days)


def day_word(day: date, today: date) -> str:
    """今天, 昨天, 明天, else 11月27日（周五）, with the year where it is another one."""
    near = _near_word(day, today)
    if near is not None:
        return near
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（{weekday_text(day)}）"


def moment_text(at: datetime, now: datetime, *, tz: tzinfo = CHINA) -> str:
    """今天 10:05, 昨天 16:30, 明天 09:00, else 11-24, or 2025-06-18 in another year."""
    moment, today = at.astimezone(tz), local_day(now, tz)
    near = _near_word(moment.date(), today)
    if near is not None:
        return f"{near} {moment:%H:%M}"
    return f"{moment:%m-%d}" if moment.year == today.year else moment.date().isoformat()


def deadline_text(at: datetime, now: datetime, *, tz: tzinfo = CHINA) -> str:
    """今天17:12前, 明天09:00前, else 11月27日（周五）前. Midnight is 24:00 of the day that ends."""
    moment, today = at.astimezone(tz), local_day(now, tz)
    day, clock = moment.date(), f"{moment:%H:%M}"
    if clock == "00:00":
        day, clock = day - timedelta(days=1), "24:00"
    near = _near_word(day, today)
    return f"{near}{clock}前" if near is not None else f"{day_word(day, today)}前"


def duration_text(minutes: int, *, day_minutes: int = DAY_MINUTES) -> str:
    """45分钟, 2小时40分, 3天2小时 (minutes are dropped beside days).

    With ``day_minutes`` of duty time in a working day: 3个工作日2小时. Raises ValueError below zero.
    """
    if minutes < 0 or day_minutes <= 0:
        raise ValueError("a duration is not negative")
    days, rest = divmod(minutes, day_minutes)
    hours, left = divmod(rest, 60)
    if days:
        unit = "天" if day_minutes == DAY_MINUTES else "个工作日"
        return f"{days}{unit}" + (f"{hours}小时" if hours else "")
    if hours:
        return f"{hours}小时" + (f"{left}分" if left else "")
    return f"{left}分钟"


# -- periods ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start_on`` to ``end_on``, **both included**. ValueError if it ends before it starts."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.end_on < self.start_on:
            raise ValueError("a period ends on or after its first day")

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """``quarter`` from 1 to 4."""
        return cls(cls.month(year, quarter * 3 - 2).start_on, cls.month(year, quarter * 3).end_on)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), following - timedelta(days=1))

    @classmethod
    def year_to(cls, day: date) -> Period:
        """From 1 January of its year to ``day``."""
        return cls(date(day.year, 1, 1), day)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and not isinstance(day, datetime) and self.start_on <= day <= self.end_on

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.end_on - self.start_on).days + 1

    def bounds(self, tz: tzinfo = CHINA) -> tuple[datetime, datetime]:
        """First moment, and the first moment after: a half-open range for queries."""
        return day_start(self.start_on, tz), day_start(self.end_on + timedelta(days=1), tz)

    def holds(self, at: datetime, tz: tzinfo = CHINA) -> bool:
        """Whether the moment ``at`` falls within."""
        return local_day(at, tz) in self

    def overlap(self, other: Period) -> Period | None:
        """The days in both, None if there are none."""
        start_on, end_on = max(self.start_on, other.start_on), min(self.end_on, other.end_on)
        return Period(start_on, end_on) if start_on <= end_on else None

    def months(self) -> Iterator[Period]:
        """The calendar months touched, the first and the last cut to this period."""
        day = self.start_on
        while day <= self.end_on:
            whole = Period.month(day.year, day.month)
            yield Period(day, min(whole.end_on, self.end_on))
            day = whole.end_on + timedelta(days=1)

    def each_day(self) -> Iterator[date]:
        return (self.start_on + timedelta(days=offset) for offset in range(self.days))

    def year_earlier(self) -> Period:
        """The same stretch one year before (同比); a whole month stays a whole month."""
        start_on, end_on = years_before(self.start_on, 1), years_before(self.end_on, 1)
        if self.end_on == Period.month(self.end_on.year, self.end_on.month).end_on:
            end_on = Period.month(end_on.year, end_on.month).end_on
        return Period(start_on, end_on)

    def before(self) -> Period:
        """The stretch just before (环比): whole months go back by as many months, all else by as many days."""
        last = self.start_on - timedelta(days=1)
        count = self._whole_months()
        if not count:
            return Period(self.start_on - timedelta(days=self.days), last)
        months = self.start_on.year * 12 + self.start_on.month - 1 - count
        return Period(date(months // 12, months % 12 + 1, 1), last)

    def _whole_months(self) -> int:
        whole = self.start_on.day == 1 and (self.end_on + timedelta(days=1)).day == 1
        span = (self.end_on.year - self.start_on.year) * 12 + self.end_on.month - self.start_on.month + 1
        return span if whole else 0

    @property
    def text(self) -> str:
        """2026年1月1日至11月24日; what both days share is said once."""
        if self.start_on == self.end_on:
            return day_text(self.start_on)
        end = day_text(self.end_on)
        return f"{day_text(self.start_on)}至{end[5:] if self.start_on.year == self.end_on.year else end}"

    @property
    def title(self) -> str:
        """2026年, 2026年第三季度, 2026年11月 for whole ones, else `text`."""
        year, month, count = self.start_on.year, self.start_on.month, self._whole_months()
        if count == 12 and month == 1:
            return f"{year}年"
        if count == 3 and month % 3 == 1:
            return f"{year}年第{_QUARTERS[month // 3]}季度"
        return f"{year}年{month}月" if count == 1 else self.text
