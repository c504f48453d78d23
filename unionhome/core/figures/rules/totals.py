"""A period taken apart into the whole years, quarters, months and single days whose totals make it up."""

from datetime import date, timedelta

from unionhome.core.figures.rules.periods import Step, by_years, steps
from unionhome.kit.dates import Period

Cells = dict[str, list[date]]
"""First days by kind: Y, Q, M, D."""


def cover(period: Period) -> Cells:
    """The fewest totals that make up a period."""
    cells: Cells = {}
    day = period.start_on
    while day <= period.end_on:
        kind, last = next((kind, last) for kind, last in _periods_from(day) if last <= period.end_on)
        cells.setdefault(kind, []).append(day)
        day = last + timedelta(days=1)
    return cells


def _periods_from(day: date) -> list[tuple[str, date]]:
    """What begins on the day, with its last day: the longest first."""
    found = [("D", day)]
    if day.day == 1:
        found.insert(0, ("M", Period.month(day.year, day.month).end_on))
        if day.month in (1, 4, 7, 10):
            found.insert(0, ("Q", Period.quarter(day.year, day.month // 3 + 1).end_on))
        if day.month == 1:
            found.insert(0, ("Y", Period.year(day.year).end_on))
    return found


def is_one(cells: Cells) -> bool:
    """Whether a single total that carries people is the whole."""
    return "D" not in cells and sum(map(len, cells.values())) == 1


def to_year_end(period: Period) -> Period:
    """Up to the end of its last year: the same, where nothing lies after its last day."""
    return Period(period.start_on, period.end_on.replace(month=12, day=31))


def list_stretches(period: Period, last: date, *, is_open: bool) -> list[tuple[Step, Period]]:
    """The steps up to a day, each with all days of the period in its month or year.

    Nothing lies after an open period, so its last month or year may count whole.
    """
    found = []
    shown = Period(period.start_on, last)
    for step in steps(shown):
        first = step.period.start_on
        whole = Period.year(first.year) if by_years(shown) else Period.month(first.year, first.month)
        stretch = Period(first, whole.end_on if is_open else min(whole.end_on, period.end_on))
        found.append((step, stretch))
    return found
