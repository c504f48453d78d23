"""A stock at the end of many days: counted whole once, on the last of them, and before by what has changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from unionhome.core.figures.queries.ground import bound_of
from unionhome.core.figures.queries.measures import Measured, identity_of, way_of
from unionhome.core.registry import Figure

MOST_CHANGED = 5_000
"""Rows that came or went; of more, every day is counted whole."""


@dataclass(frozen=True, slots=True)
class _Stay:
    whom: Any
    since: Any
    until: Any


def days_before(rows: QuerySet[Any], figure: Figure, days: Sequence[date], last: Measured) -> list[Measured] | None:
    """The stock at the end of each of `days`, in their order, given that of the last; `rows` are those of any day.

    Whoever has a row that came or went in between is counted out on the last day and in on the day asked; all others
    are the same throughout. None where too many changed, or for a measure that cannot be reckoned so.
    """
    way, what = way_of(figure)
    if way not in ("rows", "people") or figure.standing is None or len(days) < 3:
        return None
    since, until = figure.standing
    first, end = (bound_of(figure, since, day) for day in (days[0], days[-1]))
    gone_first, gone_end = (bound_of(figure, until, day) for day in (days[0], days[-1]))
    changed = rows.order_by().filter(
        Q(**{f"{since}__gte": first, f"{since}__lt": end})
        | Q(**{f"{until}__gte": gone_first, f"{until}__lt": gone_end})
    )
    whom = F("pk") if way == "rows" else identity_of(rows, what)
    ids = list(changed.values_list(whom, flat=True)[: MOST_CHANGED + 1])
    if len(ids) > MOST_CHANGED:
        return None
    theirs = rows.filter(pk__in=ids) if way == "rows" else rows.filter(**{f"{what}__in": _persons(rows, what, ids)})
    stays = [_Stay(*row) for row in theirs.order_by().values_list(whom, since, until)]
    then = [_count(stays, bound_of(figure, since, day), bound_of(figure, until, day)) for day in days]
    counts = [int(last.raw or 0) - then[-1] + each for each in then]
    return [Measured(count, count) for count in counts]


def _persons(rows: QuerySet[Any], what: str, ids: Iterable[Any]) -> list[Any]:
    """The persons of identities: themselves and whoever was merged into them."""
    people: type[Model] = rows.model if what == "pk" else rows.model._meta.get_field(what).related_model
    ids = list(set(ids))
    one_of = Q(pk__in=ids) | Q(merged_into__in=ids) | Q(merged_into__merged_into__in=ids)
    return list(people._default_manager.filter(one_of).values_list("pk", flat=True))


def _count(stays: Iterable[_Stay], since: Any, until: Any) -> int:
    standing = (stay for stay in stays if stay.since is not None and stay.since < since)
    return len({stay.whom for stay in standing if stay.until is None or stay.until >= until})
