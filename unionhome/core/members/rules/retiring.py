"""The statutory age of retirement and its gradual rise. Source: 国务院关于渐进式延迟法定退休年龄的办法 (2025-01-01)."""

from datetime import date
from typing import NamedTuple

RISES_FROM = date(2025, 1, 1)


class Rise(NamedTuple):
    """One month later for every `step` months, at most `most` months."""

    step: int
    most: int


RISES = {60: Rise(4, 36), 55: Rise(4, 36), 50: Rise(2, 60)}
"""By the old age: men 60 to 63, women in posts of cadres 55 to 58, other women 50 to 55."""


def retires_on(birth_on: date, age: int) -> date:
    """The first day of retirement of somebody whose old age was `age`. An age that the law does not know never rises."""
    due = _later(birth_on, 12 * age)
    rise = RISES.get(age)
    if rise is None or (due.year, due.month) < (RISES_FROM.year, RISES_FROM.month):
        return due
    waited = 12 * (due.year - RISES_FROM.year) + due.month - RISES_FROM.month
    return _later(birth_on, 12 * age + min(rise.most, waited // rise.step + 1))


def last_birth(today: date, age: int) -> date:
    """Whoever was born on this day or before has reached retirement today."""
    low, high = date(1900, 1, 1).toordinal(), today.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if retires_on(date.fromordinal(middle), age) <= today:
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low)


def _later(day: date, months: int) -> date:
    """The same day so many months on, the month's last where it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))
