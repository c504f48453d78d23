"""Where and when the rows of a figure count, read off its declaration and its model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth, TruncYear

from unionhome.core.members.queries.counts import Begin
from unionhome.core.registry import Figure
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period, day_start

FROZEN = ("county", "town", "village")


@dataclass(frozen=True, slots=True)
class Ground:
    """The lookups by which a figure's rows are placed.

    `node` is "pk" for rows that are nodes themselves. `frozen` maps county, town and village to lookups where the model
    keeps them as of the row's day, and `path` the lookup of the path of that day, if it keeps one.
    """

    model: type[models.Model]
    node: str
    paths: str
    frozen: dict[str, str]
    path: str
    day: str
    day_is_moment: bool


def ground_of(figure: Figure) -> Ground:
    """The ground of a figure. Raises ValueError where the declaration names what the model has not."""
    return _ground(figure.code, figure.model, figure.place, figure.day)


@cache
def _ground(code: str, label: str, place: str, day: str) -> Ground:
    model = apps.get_model(label)
    node = place.removesuffix("__path").removesuffix("__") or ("pk" if model is Node else "node")
    if node != "pk" and _field(model, node) is None:
        raise ValueError(f"{code}: {label} has no {node}")
    head = node.rpartition("__")[0]
    beside = {level: f"{head}__{level}" if head else level for level in FROZEN}
    frozen = beside if node != "pk" and all(_is_node(_field(model, each)) for each in beside.values()) else {}
    path = f"{head}__path" if head else "path"
    day_field = _field(model, day) if day else None
    if day and day_field is None:
        raise ValueError(f"{code}: {label} has no {day}")
    return Ground(
        model=model,
        node=node,
        paths="paths" if node == "pk" else f"{node}__paths",
        frozen=frozen,
        path=path if frozen and _field(model, path) is not None else "",
        day=day,
        day_is_moment=isinstance(day_field, models.DateTimeField),
    )


def _field(model: type[models.Model], lookup: str) -> Any:
    """The field at the end of a lookup, or None."""
    field: Any = None
    at: Any = model
    for part in lookup.split("__"):
        if at is None:
            return None
        try:
            field = at._meta.pk if part == "pk" else at._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        at = field.related_model
    return field


def _is_node(field: Any) -> bool:
    return field is not None and field.related_model is Node


def field_of(figure: Figure, lookup: str) -> Any:
    """The model field at the end of a lookup from the figure's rows, or None."""
    return _field(ground_of(figure).model, lookup)


def begin_of(ground: Ground, *, whole_years: bool) -> Any:
    """The first day of the month, or year, of a row's day."""
    if ground.day_is_moment:
        return (TruncYear if whole_years else TruncMonth)(ground.day)
    return Begin("year" if whole_years else "month", ground.day)


def days_q(ground: Ground, first: date | None, end: date | None) -> Q:
    """Rows from a day up to, not with, another; None leaves that side open."""
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{ground.day}__gte": day_start(first) if ground.day_is_moment else first})
    if end is not None:
        condition &= Q(**{f"{ground.day}__lt": day_start(end) if ground.day_is_moment else end})
    return condition


def time_q(figure: Figure, period: Period, day: date) -> Q:
    """Rows of the period, for a figure without days the rows that stand at the end of `day`."""
    ground = ground_of(figure)
    if ground.day:
        return days_q(ground, period.start_on, period.end_on + timedelta(days=1))
    if figure.standing is None:
        return Q()
    since, until = figure.standing
    return Q(**{f"{since}__lt": _bound(ground, since, day)}) & (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": _bound(ground, until, day)})
    )


def bound_of(figure: Figure, lookup: str, day: date) -> date | datetime:
    """What a day or moment of the figure's rows must lie before to have come by the end of a day."""
    return _bound(ground_of(figure), lookup, day)


def _bound(ground: Ground, lookup: str, day: date) -> date | datetime:
    following = day + timedelta(days=1)
    return day_start(following) if isinstance(_field(ground.model, lookup), models.DateTimeField) else following


def any_q(conditions: Iterable[Q]) -> Q:
    """Rows that meet one of the conditions; none where there is none."""
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole
