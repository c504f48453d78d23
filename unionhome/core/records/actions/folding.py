"""Keeping the totals exact: what was written is owed to them, and folded in before anybody reads them.

A writer leaves one pending row for each of its journal entries and waits for nobody. Whoever reads folds first: one at
a time, held by a lock that is taken before anything is read. Records whose pending row was not taken by this fold are
left out of all that it reads, so that a writer who commits meanwhile is wholly in it or wholly out of it, whatever
the isolation of the transaction around it. On SQLite, where one transaction writes at a time, the writer folds itself.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from unionhome.core.members.models import Person
from unionhome.core.records.models import Double, Pending
from unionhome.core.records.rules import Cell, Presence, Spot, cells_of, day_cells_of, people_changes
from unionhome.core.tree.queries import find_root

LOCK = 4_150_015
"""The advisory lock of whoever folds."""
LONGEST_WAIT = "5s"
AT_ONCE = 1_000
"""Journal entries folded in one go."""
SPOT = "COALESCE(r.county_id, r.node_id), CASE WHEN r.county_id IS NOT NULL THEN COALESCE(r.town_id, r.node_id) END"
COUNTS = "r.hidden_path = ''"
"""Records hidden from a branch are in no total: who may see them adds them."""
SETTLED = "NOT EXISTS (SELECT 1 FROM records_pending p WHERE p.entry_id = r.entry_id)"
_EACH = {"sqlite": "json_each(%s) AS e", "postgresql": "unnest(%s::bigint[]) AS e(value)"}
"""A list of ids as a table, from which statements start."""
_PAIRS = {
    "sqlite": "(SELECT json_extract(value, '$[0]') AS person, json_extract(value, '$[1]') AS service "
    "FROM json_each(%s)) AS w",
    "postgresql": "unnest(%s::bigint[], %s::text[]) AS w(person, service)",
}

# ruff: noqa: S608  (pieces of statements are fixed texts of this file)


def owe(entry_ids: Iterable[int]) -> None:
    """Note that the records of these journal entries are not in the totals yet."""
    Pending.objects.bulk_create([Pending(entry_id=pk) for pk in entry_ids], batch_size=500)
    _fold_where_alone()


def follow_identity(person_id: int) -> None:
    """Note that a person was merged into another, or parted again: people are counted anew."""
    Pending.objects.create(person_id=person_id)
    _fold_where_alone()


def _fold_where_alone() -> None:
    if connection.vendor == "sqlite":
        fold()


def fold() -> None:
    """Bring the totals up to what is committed, and to what this transaction wrote.

    Whoever reads in the middle of a long act folds beside it, so that the lock is given back at once; what the act
    itself wrote, and nobody else can see, is folded within it.
    """
    last = _last_owed()
    if last is not None and connection.vendor == "postgresql" and connection.in_atomic_block:
        _fold_beside(last)
        last = _last_owed()
    _fold_up_to(last)


def _last_owed() -> int | None:
    return Pending.objects.aggregate(last=Max("pk"))["last"]


def _fold_up_to(last: int | None) -> None:
    while last is not None and _fold_some(last):
        pass


def _fold_beside(last: int) -> None:
    """Fold what is committed by a connection of its own. Not where this transaction holds the lock, which would wait for
    itself; and whoever waits too long leaves it to the act."""
    held: Any = connections[DEFAULT_DB_ALIAS]
    if _ask("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()", [LOCK]):
        return
    other = held.copy()
    connections[DEFAULT_DB_ALIAS] = other
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LONGEST_WAIT])
        _fold_up_to(last)
    except OperationalError:
        pass
    finally:
        connections[DEFAULT_DB_ALIAS] = held
        other.close()


def lock_totals() -> None:
    """Wait until nobody else folds; none does until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def _fold_some(last: int) -> bool:
    """Fold the oldest of what is owed up to a pending row; whether more is left."""
    lock_totals()
    taken = _ask(
        "DELETE FROM records_pending WHERE id IN (SELECT id FROM records_pending WHERE id <= %s ORDER BY id LIMIT %s)"
        " RETURNING entry_id, person_id",
        [last, AT_ONCE],
    )
    entries = [entry for entry, _ in taken if entry is not None]
    persons = {person for _, person in taken if person is not None}
    root = get_root_id()
    if entries:
        _add_records(root, entries)
    if persons:
        _change_identities(root, persons)
    return len(taken) == AT_ONCE


def get_root_id() -> int:
    """The node that holds the whole city."""
    root = find_root()
    return root.pk if root else 0


def _ask(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _list(values: Iterable[int]) -> Any:
    """A list of ids as a parameter of `_EACH`."""
    return json.dumps(list(values)) if connection.vendor == "sqlite" else list(values)


def day_of(value: date | str) -> date:
    """A day as drivers give it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


# -- records ---------------------------------------------------------------------------------------------------------


def _add_records(root: int, entries: Sequence[int]) -> None:
    """Add what stands under these journal entries."""
    each, given = _EACH[connection.vendor], _list(entries)
    sums = _ask(
        f'SELECT {SPOT}, r."on", r.service, SUM(r.sign), SUM(r.sign * r.head_count), SUM(r.sign * r.amount_fen) '
        f"FROM {each} CROSS JOIN records_servicerecord r WHERE r.entry_id = e.value AND {COUNTS} "
        'GROUP BY 1, 2, r."on", r.service',
        [given],
    )
    touched = _ask(
        f"SELECT DISTINCT r.person_id, r.service FROM {each} CROSS JOIN records_servicerecord r "
        f"WHERE r.entry_id = e.value AND {COUNTS} AND r.person_id IS NOT NULL",
        [given],
    )
    if not touched:
        write_changes(summed(root, sums), {})
        return
    identities = list_identities({person for person, _ in touched})
    wanted = {(identities.get(person, person), service) for person, service in touched}
    doubles: dict[int, list[int]] = defaultdict(list)
    for person, identity in identities.items():
        doubles[identity].append(person)
    pairs = [(person, service) for identity, service in wanted for person in (identity, *doubles[identity])]
    new = set(entries)
    presences = (
        Presence(
            identities.get(person, person), service, day_of(day), Spot(first, second), 0 if e in new else sign, sign
        )
        for person, service, day, first, second, sign, e in _ask(
            f'SELECT r.person_id, r.service, r."on", {SPOT}, r.sign, r.entry_id '
            f"FROM {_PAIRS[connection.vendor]} CROSS JOIN records_servicerecord r "
            f"WHERE r.person_id = w.person AND r.service = w.service AND {COUNTS} AND {SETTLED}",
            [json.dumps(pairs)] if connection.vendor == "sqlite" else [list(side) for side in zip(*pairs, strict=True)],
        )
    )
    write_changes(summed(root, sums), people_changes(root, presences))


def summed(root: int, rows: Iterable[tuple[Any, ...]]) -> dict[Cell, list[int]]:
    """What rows of (first, second, day, service, records, heads, fen) add to each total."""
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    for first, second, day, service, *added in rows:
        spot, on = Spot(first, second), day_of(day)
        for cell in (*cells_of(root, spot, on, service), *day_cells_of(root, spot, on, service)):
            total = sums[cell]
            for place, number in enumerate(added):
                total[place] += int(number)
    return sums


def write_changes(sums: dict[Cell, list[int]], people: dict[Cell, int]) -> None:
    """Add the changes to the totals."""
    rows = [
        (*cell, *sums.get(cell, (0, 0, 0)), people.get(cell, 0))
        for cell in sorted(sums.keys() | people.keys())
        if any(sums.get(cell, ())) or people.get(cell)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_UPSERT.format(source=_ARRAYS), [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_UPSERT.format(source=f"VALUES ({', '.join(['%s'] * 9)})"), rows)


_NUMBERS = ("record_count", "head_count", "amount_fen", "people_count")
_UPSERT = (
    f"INSERT INTO records_total (above, place, kind, begins_on, service, {', '.join(_NUMBERS)}) {{source}} "
    "ON CONFLICT (above, kind, begins_on, service, place) DO UPDATE SET "
    + ", ".join(f"{name} = records_total.{name} + excluded.{name}" for name in _NUMBERS)
)
_ARRAYS = (
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::text[], "
    "%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
)


# -- persons ---------------------------------------------------------------------------------------------------------


def _change_identities(root: int, person_ids: set[int]) -> None:
    """Count the records of persons under whom they are now, and whoever was merged into them."""
    old, new = _list_identities(person_ids)
    changed = {pk: identity for pk, identity in new.items() if identity != old[pk]}
    if not changed:
        return
    touched = set(changed.values()) | {old[pk] for pk in changed}
    held = Double.objects.filter(Q(identity_id__in=touched) | Q(person_id__in=touched))
    known = dict(held.values_list("person_id", "identity_id"))
    before = {**{pk: pk for pk in touched}, **{pk: old[pk] for pk in changed}, **known}
    write_changes({}, people_changes(root, _moved(list_records_of(before), before, changed)))
    Double.objects.filter(person_id__in=changed).delete()
    Double.objects.bulk_create(
        [Double(person_id=pk, identity_id=identity) for pk, identity in changed.items() if identity != pk]
    )


def list_identities(person_ids: set[int]) -> dict[int, int]:
    """Under whom the totals count persons, for all who share an identity with one of them; others are themselves."""
    each = _EACH[connection.vendor]
    asked = (
        f"SELECT d.person_id, d.identity_id FROM {each} CROSS JOIN records_double d WHERE d.person_id = e.value",
        f"SELECT d.person_id, d.identity_id FROM {each} CROSS JOIN records_double d WHERE d.identity_id = e.value",
    )
    found = dict(_ask(asked[0], [_list(person_ids)]))
    return {**found, **dict(_ask(asked[1], [_list(person_ids | set(found.values()))]))}


def _list_identities(person_ids: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The identities of persons, and of those merged into them, as the totals have them and as they are."""
    persons = Person.objects.filter(Q(pk__in=person_ids) | Q(merged_into__in=person_ids))
    into = persons.values_list("pk", Coalesce("merged_into__merged_into", "merged_into", F("pk")))
    new = {pk: identity or pk for pk, identity in into}
    held = dict(Double.objects.filter(person_id__in=new).values_list("person_id", "identity_id"))
    return {pk: held.get(pk, pk) for pk in new}, new


def list_records_of(person_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """The settled records of persons: person, service, day, spot, sign, id."""
    return [
        (person, service, day_of(day), Spot(first, second), sign, pk)
        for person, service, day, first, second, sign, pk in _ask(
            f'SELECT r.person_id, r.service, r."on", {SPOT}, r.sign, r.id '
            f"FROM {_EACH[connection.vendor]} CROSS JOIN records_servicerecord r "
            f"WHERE r.person_id = e.value AND {COUNTS} AND {SETTLED}",
            [_list(person_ids)],
        )
    ]


def _moved(records: Iterable[tuple[Any, ...]], before: dict[int, int], changed: dict[int, int]) -> Iterator[Presence]:
    """Each record out of the identity it was under and into the one it is under."""
    for person, service, day, spot, sign, _ in records:
        old, new = before[person], changed.get(person, before[person])
        if old == new:
            yield Presence(old, service, day, spot, sign, sign)
        else:
            yield Presence(old, service, day, spot, sign, 0)
            yield Presence(new, service, day, spot, 0, sign)
