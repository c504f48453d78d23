"""Rows into tables by the thousand: COPY on PostgreSQL, one prepared statement on SQLite.

The caller has checked every row and holds the transaction. Values are what drivers take: texts of days and of JSON.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model


@contextmanager
def much_to_make() -> Iterator[None]:
    """For hundreds of thousands of rows: Python looks for garbage less often, SQLite keeps more pages before it writes
    them back. In a large register every row touches other pages of each index, again and again."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    _set_pages(_MANY)
    try:
        yield
    finally:
        _set_pages(_USUAL)
        gc.set_threshold(*usual)
        gc.unfreeze()


_USUAL = {"cache_size": -64_000, "wal_autocheckpoint": 1_000, "threads": 0}
_MANY = {"cache_size": -500_000, "wal_autocheckpoint": 100_000, "threads": 2}


def _set_pages(settings: Mapping[str, int]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute(f"PRAGMA {name} = {value}")


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ),
}


@contextmanager
def indexed_afterwards(model: type[Model]) -> Iterator[None]:
    """Fill an all but empty table without its indexes, which are built once from sorted rows at the end.

    The caller holds one transaction around it, so that nobody ever sees the table bare. Raises IntegrityError at the
    end where a unique index finds doubles.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor], [model._meta.db_table])
        dropped = sorted(cursor.fetchall())
        for name, _ in dropped:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    if connection.vendor == "postgresql":
        connection.check_constraints()  # no index is built there while checks of foreign keys wait
    with connection.cursor() as cursor:
        for _, text in dropped:
            cursor.execute(text)


def take_ids(model: type[Model], count: int) -> list[int]:
    """Ids that nobody else will get. On SQLite the transaction, being exclusive, keeps them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = row[0] if row else 0
    return list(range(last + 1, last + 1 + count))


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of `columns`. Raises IntegrityError as any insert does."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of rows by their key: each has the new values in the order of `columns`, then the key."""
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(model._meta.pk.attname)
    changes = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    given = list(rows)
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {changes} WHERE {key} = %s", given)  # noqa: S608
