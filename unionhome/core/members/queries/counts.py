"""What the counts of members by union are made of, read from the memberships of some unions or persons."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from unionhome.core.members.models import Membership, Person, StandingMark, StandingOverlap, StandingTotal
from unionhome.core.members.rules.codes import STANDING, Entry, Status
from unionhome.core.members.rules.counted import COUNTED

COLUMNS = tuple(COUNTED)
ENDED = [status for status in Status if status not in STANDING]
"""Named with all `Entry` values so that an index finds rows by their days."""
CHUNK = 5_000
MOST_MARKED = 300
"""Marked unions that are counted from their memberships beside the counts of all others; of more, everything is."""

EVER = Q(left_on__isnull=True) | Q(left_on__gt=F("counts_on"))
"""Memberships that stand on one day at least: one may have ended before the day from which it would have counted."""

Vector = list[int]
Changes = dict[int, dict[date, Vector]]
"""By union and first day of the month: what came less what went, a number for each column."""


class Begin(Func):
    """The first day of a day's month or year; Django's own truncation calls Python for each row on SQLite."""

    output_field = DateField()
    TEXT: ClassVar[dict[str, str]] = {
        "month": "(substr(%(expressions)s, 1, 7) || '-01')",
        "year": "(substr(%(expressions)s, 1, 4) || '-01-01')",
    }

    def __init__(self, kind: str, day: str) -> None:
        self.kind = kind
        super().__init__(F(day))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.TEXT[self.kind], **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"date_trunc('{self.kind}', %(expressions)s)::date", **more)


@dataclass(frozen=True, slots=True)
class Stay:
    """One membership of a person who is looked at alone; `whom` is the human being, `counts` a flag for each column."""

    pk: int
    whom: int
    node_id: int
    since: date
    until: date | None
    counts: tuple[bool, ...]

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def _taken(columns: Sequence[str]) -> dict[str, Any]:
    """Memberships counted by column."""
    return {f"n_{name}": Count("pk", filter=Q(**COUNTED[name])) if COUNTED[name] else Count("pk") for name in columns}


def list_marked(most: int = MOST_MARKED) -> list[int]:
    """Unions whose kept counts may not be true; at most one more than asked for."""
    return list(StandingMark.objects.order_by().values_list("node_id", flat=True).distinct()[: most + 1])


def standing(columns: Sequence[str], unions: Q) -> dict[int, Vector]:
    """Memberships without an end by union, a number for each column; `unions` are lookups that begin at `node`."""
    marked = list_marked()
    found: dict[int, Vector] = {}
    lived = Membership.objects.filter(left_on__isnull=True).filter(unions).order_by()
    if len(marked) <= MOST_MARKED:
        kept = StandingTotal.objects.filter(unions).exclude(node__in=marked)
        found = {node: held for node, *held in kept.values_list("node", *columns)}
        lived = lived.filter(node__in=marked)
    for node, *held in lived.values_list("node").annotate(**_taken(columns)):
        found[node] = held
    return found


def sum_standing(columns: Sequence[str], unions: Q) -> Vector:
    """The same of all these unions together."""
    return [sum(each) for each in zip(*standing(columns, unions).values(), strict=True)] or [0] * len(columns)


def list_changes(nodes: Collection[int], columns: Sequence[str] = COLUMNS) -> Changes:
    """Every month of some unions, from their memberships."""
    found: Changes = defaultdict(lambda: defaultdict(lambda: [0] * len(columns)))
    if not nodes:
        return found
    stays = Membership.objects.filter(EVER, node__in=nodes).order_by()
    for day, sign in (("counts_on", 1), ("left_on", -1)):
        came = stays.filter(**{f"{day}__isnull": False}).annotate(month=Begin("month", day))
        for node, month, *counts in _read(came.values_list("node", "month").annotate(**_taken(columns))):
            held = found[node][date.fromisoformat(month) if isinstance(month, str) else month]
            for place, count in enumerate(counts):
                held[place] += sign * count
    return found


def _read(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them: a city has millions of counts, and Django would convert each to what it is."""
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        return list(cursor.fetchall())


def list_rest(day: date, end: date, columns: Sequence[str]) -> dict[int, Vector]:
    """By union, what came less what went after one day and up to another."""
    found: dict[int, Vector] = defaultdict(lambda: [0] * len(columns))
    came = Membership.objects.filter(EVER, entry__in=Entry.values, counts_on__gt=day, counts_on__lte=end)
    went = Membership.objects.filter(EVER, status__in=ENDED, left_on__gt=day, left_on__lte=end)
    for rows, sign in ((came, 1), (went, -1)):
        for node, *counts in rows.order_by().values_list("node").annotate(**_taken(columns)):
            for place, count in enumerate(counts):
                found[node][place] += sign * count
    return found


def list_overlapping(nodes: Collection[int]) -> set[int]:
    """Persons with a membership in some unions and another one, anywhere, on one day at least."""
    if not nodes:
        return set()
    others = Membership.objects.filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    together = others.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=OuterRef("counts_on")),
        Q(counts_on__lt=Coalesce(OuterRef("left_on"), Value(date.max))),
    )
    rows = Membership.objects.filter(node__in=nodes).filter(Exists(together))
    return set(rows.order_by().values_list("person", flat=True))


def list_examined(marked: Collection[int]) -> set[int]:
    """Persons who may stand twice on one day: those known to, those of marked unions, doubles and whom they became."""
    found = set(StandingOverlap.objects.values_list("person_id", flat=True)) | list_overlapping(marked)
    merged = Person.objects.filter(merged_into__isnull=False).order_by()
    for persons in merged.values_list("pk", "merged_into", "merged_into__merged_into"):
        found.update(person for person in persons if person is not None)
    return found


def list_stays(persons: Iterable[int], columns: Sequence[str]) -> list[Stay]:
    """The memberships of some persons."""
    ordered = sorted(persons)
    found = []
    for start in range(0, len(ordered), CHUNK):
        rows: QuerySet[Any] = Membership.objects.filter(person__in=ordered[start : start + CHUNK]).order_by()
        rows = rows.annotate(
            whom=Coalesce("person__merged_into__merged_into", "person__merged_into", F("person")),
            **{
                f"n_{name}": Case(When(Q(**COUNTED[name]), then=True), default=False, output_field=BooleanField())
                if COUNTED[name]
                else Value(True)
                for name in columns
            },
        )
        names = [f"n_{name}" for name in columns]
        for *facts, since, until in rows.values_list("pk", "whom", "node", *names, "counts_on", "left_on"):
            pk, whom, node, *counts = facts
            found.append(Stay(pk, whom, node, since, until, tuple(map(bool, counts))))
    return found
