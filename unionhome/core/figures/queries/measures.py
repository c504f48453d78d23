"""Measuring a set of rows, whole or by keys, in one statement each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import Coalesce, RowNumber

from unionhome.core.figures.queries.ground import ground_of
from unionhome.core.figures.rules.shown import Raw
from unionhome.core.registry import Figure

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and how many rows stand behind it."""

    raw: Raw
    rows: int


def way_of(figure: Figure) -> tuple[str, str]:
    """The measure and what it is taken of."""
    way, _, what = figure.measure.partition(":")
    return way, what


def identity_of(queryset: QuerySet[Any], lookup: str) -> Case:
    """One value for one human being: merged doubles count as whom they were merged into.

    Whoever was merged is looked up first, being few: a join would look up every member of a city.
    """
    people = queryset.model if lookup == "pk" else queryset.model._meta.get_field(lookup).related_model
    merged = people._default_manager.filter(merged_into__isnull=False)
    into = merged.filter(pk=OuterRef(lookup)).values_list(Coalesce("merged_into__merged_into", "merged_into"))
    return Case(When(**{f"{lookup}__in": merged.values("pk")}, then=Subquery(into[:1])), default=F(lookup))


def known_people(queryset: QuerySet[Any], figure: Figure) -> QuerySet[Any]:
    """For a figure of people, only rows that name one."""
    way, what = way_of(figure)
    return queryset.filter(**{f"{what}__isnull": False}) if way == "people" else queryset


def one_row_each(queryset: QuerySet[Any], figure: Figure) -> QuerySet[Any]:
    """For a figure of people, the first row of each; else the rows as they are."""
    way, what = way_of(figure)
    if way != "people":
        return queryset
    first = (
        queryset.order_by().annotate(identity=identity_of(queryset, what)).values("identity").annotate(first=Min("pk"))
    )
    return queryset.filter(pk__in=first.values("first"))


def measure(queryset: QuerySet[Any], figure: Figure, keys: tuple[str, ...] = ()) -> dict[Key, Measured]:
    """The measure of the rows by the values of `keys`; without keys one entry, ()."""
    way, what = way_of(figure)
    rows = queryset.order_by()
    if way == "median":
        return _medians(rows, what, keys)
    if way == "standard":
        return _newest(rows, figure, what, keys)
    return _aggregates(rows, figure, way, what, keys)


def _aggregates(rows: QuerySet[Any], figure: Figure, way: str, what: str, keys: tuple[str, ...]) -> dict[Key, Measured]:
    taken: dict[str, Any] = {"taken_rows": Count("pk")}
    if way == "sum":
        taken["taken"] = Sum(what)
    elif way == "people":
        taken["taken"] = Count(identity_of(rows, what), distinct=True)
    elif way == "share":
        taken["taken"] = Count("pk", filter=Q(**figure.part))
    elif way != "rows":
        raise ValueError(f"{figure.code}: unknown measure {figure.measure!r}")
    found = rows.values(*keys).annotate(**taken).values_list(*keys, *taken) if keys else [_one(rows, taken)]
    return {tuple(row[: len(keys)]): _measured(way, *row[len(keys) :]) for row in found}


def _one(rows: QuerySet[Any], taken: dict[str, Any]) -> tuple[Any, ...]:
    result = rows.aggregate(**taken)
    return tuple(result[name] for name in taken)


def _measured(way: str, count: int, taken: int | None = None) -> Measured:
    if way == "share":
        return Measured(Decimal(100 * (taken or 0)) / count if count else None, count)
    if way == "people":
        return Measured(taken or 0, taken or 0)
    return Measured(count if way == "rows" else int(taken or 0), count)


def _medians(rows: QuerySet[Any], what: str, keys: tuple[str, ...]) -> dict[Key, Measured]:
    """The middle value, or the mean of the two middle ones, read by rank within each key."""
    by = [F(key) for key in keys] or None
    ranked = rows.filter(**{f"{what}__isnull": False}).annotate(
        rank=Window(RowNumber(), partition_by=by, order_by=F(what).asc()),
        ranks=Window(Count("pk"), partition_by=by),
    )
    middle = ranked.filter(rank__gte=F("ranks") / 2.0, rank__lte=F("ranks") / 2.0 + 1)
    found: dict[Key, list[Any]] = {}
    counts: dict[Key, int] = {}
    for *key, value, ranks in middle.values_list(*keys, what, "ranks"):
        found.setdefault(tuple(key), []).append(value)
        counts[tuple(key)] = ranks
    if not keys and not found:
        return {(): Measured(None, 0)}
    return {key: Measured(Decimal(sum(values)) / len(values), counts[key]) for key, values in found.items()}


def _newest(rows: QuerySet[Any], figure: Figure, what: str, keys: tuple[str, ...]) -> dict[Key, Measured]:
    """The amount on the newest row of each key."""
    day = ground_of(figure).day or (figure.standing or ("pk", ""))[0]
    by = [F(key) for key in keys] or None
    ranked = rows.filter(**{f"{what}__isnull": False}).annotate(
        rank=Window(RowNumber(), partition_by=by, order_by=[F(day).desc(), F("pk").desc()]),
        ranks=Window(Count("pk"), partition_by=by),
    )
    found = {tuple(key): Measured(raw, n) for *key, raw, n in ranked.filter(rank=1).values_list(*keys, what, "ranks")}
    return found if found or keys else {(): Measured(None, 0)}
