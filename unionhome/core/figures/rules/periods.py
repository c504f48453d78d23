"""Periods that figures are asked for: how an address names them, and their steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from unionhome.core.registry import BadInput
from unionhome.kit.dates import Period, parse_day
from unionhome.kit.errors import InputRefused

MOST_MONTHS = 36
FIRST_YEAR, LAST_YEAR = 1949, 2199


@dataclass(frozen=True, slots=True)
class Step:
    """One month or year of a period, cut to it."""

    label: str
    period: Period


def of_year(year: int) -> Period:
    """The whole year. Raises BadInput outside 1949–2199."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", "year")
    return Period.year(year)


def read_period(first: str, last: str, today: date) -> Period:
    """The period between two days as typed; what is missing is 1 January of the last day's year, and today.

    Raises BadInput for what is no day, and for days in the wrong order.
    """
    end = _day("to", last) if last else today
    begin = _day("from", first) if first else date(end.year, 1, 1)
    if begin > end:
        sentence = "开始日期不能晚于结束日期。"
        raise BadInput(sentence, "period", fields={"from": sentence})
    return Period(begin, end)


def _day(field: str, text: str) -> date:
    try:
        day = parse_day(text)
    except InputRefused as refusal:
        raise BadInput(refusal.sentence, "period", fields={field: refusal.sentence}) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"日期要在 {FIRST_YEAR} 到 {LAST_YEAR} 年之间。", "period", fields={field: "日期太早或太晚。"})
    return day


def period_key(period: Period) -> str:
    """ "2021" for a whole year, else "2021-01-01/2021-11-24"."""
    year = period.start_on.year
    return str(year) if period == Period.year(year) else f"{period.start_on}/{period.end_on}"


def up_to(period: Period, today: date) -> Period:
    """The part that has come to pass; the whole where none has."""
    return period.overlap(Period(date.min, today)) or period


def steps(period: Period) -> list[Step]:
    """The months of a period, or its years where there are more than 36 months."""
    if by_years(period):
        return [Step(f"{part.start_on.year}年", part) for part in _years(period)]
    one_year = period.start_on.year == period.end_on.year
    return [
        Step(f"{part.start_on.month}月" if one_year else f"{part.start_on:%Y-%m}", part) for part in period.months()
    ]


def by_years(period: Period) -> bool:
    """Whether `steps` gives years."""
    first, last = period.start_on, period.end_on
    return (last.year - first.year) * 12 + last.month - first.month + 1 > MOST_MONTHS


def _years(period: Period) -> Iterator[Period]:
    for year in range(period.start_on.year, period.end_on.year + 1):
        part = period.overlap(Period.year(year))
        if part:
            yield part
