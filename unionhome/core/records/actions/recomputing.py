"""Totals counted anew from the records: to prove those that are kept, and to make them where there are none yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from unionhome.core.members.models import Person
from unionhome.core.records.actions.folding import COUNTS, SETTLED, SPOT, day_of, fold, get_root_id, lock_totals
from unionhome.core.records.models import Double, Pending, Total

# ruff: noqa: S608  (pieces of statements are fixed texts of this file)

MOST_SHOWN = 20
_BEGINS = {
    "sqlite": {
        "Y": "substr({day}, 1, 4) || '-01-01'",
        "Q": "substr({day}, 1, 5) || printf('%%02d', (substr({day}, 6, 2) - 1) / 3 * 3 + 1) || '-01'",
        "M": "substr({day}, 1, 7) || '-01'",
        "D": "{day}",
    },
    "postgresql": {
        "Y": "date_trunc('year', {day})::date",
        "Q": "date_trunc('quarter', {day})::date",
        "M": "date_trunc('month', {day})::date",
        "D": "{day}",
    },
}
_DATE = {"sqlite": "TEXT", "postgresql": "date"}
_IDENTITY = (
    "CASE WHEN EXISTS (SELECT 1 FROM records_pending w WHERE w.person_id IN (p.id, p.merged_into_id)) "
    "THEN COALESCE(d.identity_id, r.person_id) ELSE COALESCE(q.merged_into_id, p.merged_into_id, r.person_id) END"
)
"""Under whom a record counts, by the register and not by the list that the fold keeps; by that list only for somebody
who was merged after the fold and is owed to the totals still."""
_PLACES = (  # above, place, condition
    ("%(whole)s", "%(root)s", ""),
    ("%(root)s", "first", ""),
    ("first", "second", "WHERE second IS NOT NULL"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A total that is not what its records come to: (records, heads, fen, people) as kept and as counted."""

    above: int
    place: int
    kind: str
    begins_on: date
    service: str
    kept: tuple[int, ...]
    counted: tuple[int, ...]


@transaction.atomic
def recompute_totals() -> int:
    """Make all totals anew from the records; how many there are."""
    lock_totals()
    Pending.objects.filter(person_id__isnull=False).delete()
    Double.objects.all().delete()
    merged = Person.objects.filter(merged_into__isnull=False)
    identities = merged.values_list("pk", Coalesce("merged_into__merged_into", "merged_into", F("pk")))
    Double.objects.bulk_create([Double(person_id=pk, identity_id=identity) for pk, identity in identities])
    _count()
    Total.objects.all().delete()
    _do(
        "INSERT INTO records_total (above, place, kind, begins_on, service, record_count, head_count, amount_fen, "
        "people_count) SELECT * FROM records_counted"
    )
    _drop()
    return Total.objects.count()


@transaction.atomic
def verify_totals() -> tuple[int, list[Difference]]:
    """Count all totals anew and compare: how many differ, and the first twenty of them. Nothing is changed."""
    lock_totals()
    fold()
    _count()
    names = ("above", "place", "kind", "begins_on", "service")
    numbers = ("record_count", "head_count", "amount_fen", "people_count")
    kept = f"SELECT {', '.join(names + numbers)} FROM records_total WHERE " + " OR ".join(f"{n} <> 0" for n in numbers)
    counted = "SELECT * FROM records_counted WHERE " + " OR ".join(f"{n} <> 0" for n in numbers)
    found: dict[tuple[Any, ...], list[tuple[int, ...]]] = {}
    for side, (these, those) in enumerate(((kept, counted), (counted, kept))):
        for row in _ask(f"SELECT * FROM ({these}) a EXCEPT SELECT * FROM ({those}) b"):
            key = (*row[:3], day_of(row[3]), row[4])
            both = found.setdefault(key, [(0, 0, 0, 0), (0, 0, 0, 0)])
            both[side] = tuple(map(int, row[5:]))
    _drop()
    shown = sorted(found.items(), key=lambda each: str(each[0]))[:MOST_SHOWN]
    return len(found), [Difference(*key, *both) for key, both in shown]


def _do(statement: str, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or {})


def _ask(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {})
        return cursor.fetchall()


def _drop() -> None:
    for table in ("records_by_day", "records_by_person", "records_counted"):
        _do(f"DROP TABLE {table}")


def _count() -> None:
    """Fill the table `records_counted` by plain grouping of the records that nobody owes any more, people as the
    register has them."""
    begins, spot = _BEGINS[connection.vendor], SPOT.replace(", CASE", " AS first, CASE") + " AS second"
    month = begins["M"].format(day='r."on"')
    _do(
        f'CREATE TEMPORARY TABLE records_by_day AS SELECT {spot}, r."on" AS day, r.service AS service, SUM(r.sign) AS n, '
        "SUM(r.sign * r.head_count) AS heads, SUM(r.sign * r.amount_fen) AS fen FROM records_servicerecord r "
        f'WHERE {COUNTS} AND {SETTLED} GROUP BY 1, 2, r."on", r.service'
    )
    _do(
        f"CREATE TEMPORARY TABLE records_by_person AS SELECT {spot}, {month} AS day, r.service AS service, "
        f"{_IDENTITY} AS identity FROM records_servicerecord r LEFT JOIN members_person p ON p.id = r.person_id "
        "LEFT JOIN members_person q ON q.id = p.merged_into_id LEFT JOIN records_double d ON d.person_id = r.person_id "
        f"WHERE {COUNTS} AND {SETTLED} "
        "AND r.person_id IS NOT NULL GROUP BY 1, 2, 3, r.service, 5 HAVING SUM(r.sign) > 0"
    )
    _do(
        "CREATE TEMPORARY TABLE records_counted (above bigint, place bigint, kind varchar(1), "
        f"begins_on {_DATE[connection.vendor]}, service varchar(48), record_count bigint, head_count bigint, "
        "amount_fen bigint, people_count bigint)"
    )
    parts = []
    for (above, place, where), kinds in zip(_PLACES, ("YQMD", "YQMD", "YQM"), strict=True):
        for kind in kinds:
            key = f"SELECT {above} AS above, {place} AS place, '{kind}' AS kind, {begins[kind].format(day='day')} AS begins_on"
            sums = "service, SUM(n) AS n, SUM(heads) AS heads, SUM(fen) AS fen, 0 AS people FROM records_by_day"
            parts.append(f"{key}, {sums} {where} GROUP BY 1, 2, 4, 5")
            if kind != "D":
                people = "service, 0, 0, 0, COUNT(DISTINCT identity) FROM records_by_person"
                parts.append(f"{key}, {people} {where} GROUP BY 1, 2, 4, 5")
    _do(
        "INSERT INTO records_counted SELECT above, place, kind, begins_on, service, SUM(n), SUM(heads), SUM(fen), "
        f"SUM(people) FROM ({' UNION ALL '.join(parts)}) AS every GROUP BY 1, 2, 3, 4, 5",
        {"whole": 0, "root": get_root_id()},
    )
