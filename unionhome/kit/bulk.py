"""Rows into tables by the thousand: COPY on PostgreSQL, one prepared statement on SQLite.

The caller has checked every row and holds the transaction. Values are what drivers take: texts of days and of JSON.
"""

import gc
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.db import OperationalError, connection
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


_USUAL = {"cache_size": -64_000, "wal_autocheckpoint": 1_000, "threads": 0, "mmap_size": 1 << 28}
_MANY = {"cache_size": -500_000, "wal_autocheckpoint": 100_000, "threads": 2, "mmap_size": 1 << 31}


@contextmanager
def made_anew_when_broken() -> Iterator[None]:
    """For filling a database that nobody uses yet and that is thrown away where it breaks off: Python looks for garbage
    less often, SQLite waits for no disk and writes each page once. A database in use is left as it is."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    _keep_journal("MEMORY", "OFF")
    try:
        yield
    finally:
        _keep_journal("WAL", "NORMAL")
        gc.set_threshold(*usual)
        gc.unfreeze()


def _keep_journal(mode: str, synchronous: str) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor, suppress(OperationalError):
            cursor.execute(f"PRAGMA journal_mode = {mode}")
            cursor.execute(f"PRAGMA synchronous = {synchronous}")


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
_KEYS = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND conrelid = to_regclass(quote_ident(%s))"
)
BUILD_MEMORY = "256MB"
"""So much that PostgreSQL sorts an index without files and lets other processes help."""


@contextmanager
def indexed_afterwards(model: type[Model]) -> Iterator[None]:
    """Fill an all but empty table without its indexes, which are built once from sorted rows at the end, and on
    PostgreSQL without its foreign keys, which are then checked for all rows together.

    The caller holds one transaction around it, so that nobody ever sees the table bare; who reads this table or one that
    it refers to waits for its end. Raises IntegrityError at the end where a unique index finds doubles or a foreign key
    nothing.
    """
    with connection.cursor() as cursor:
        keys = _drop_keys(cursor, model)
        cursor.execute(_INDEXES[connection.vendor], [model._meta.db_table])
        dropped = sorted(cursor.fetchall())
        for name, _ in dropped:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()  # no index is built there while checks of foreign keys wait
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{BUILD_MEMORY}'")
        for _, text in dropped:
            cursor.execute(text)
        table = connection.ops.quote_name(model._meta.db_table)
        for name, text in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {connection.ops.quote_name(name)} {text}")
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {table}")


def _drop_keys(cursor: Any, model: type[Model]) -> list[tuple[str, str]]:
    """Let PostgreSQL forget the foreign keys of a table, which it would look up row by row; their names and texts."""
    if connection.vendor != "postgresql":
        return []
    connection.check_constraints()
    cursor.execute(_KEYS, [model._meta.db_table])
    keys = sorted(cursor.fetchall())
    table = connection.ops.quote_name(model._meta.db_table)
    for name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {connection.ops.quote_name(name)}")
    return keys


def take_ids(model: type[Model], count: int) -> list[int]:
    """Ids that nobody else will get."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        taken = cursor.fetchall()
        if not taken:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
    last = taken[0][0] if taken else count
    return list(range(last - count + 1, last + 1))


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of `columns`. Raises IntegrityError as any insert does."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    if connection.vendor == "postgresql":
        with _copying(table, names) as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


@contextmanager
def _copying(table: str, names: str) -> Iterator[Any]:
    """PostgreSQL takes in what is written."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        yield copy


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of rows by their key: each has the new values in the order of `columns`, then the key."""
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(model._meta.pk.attname)
    changes = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    given = list(rows)
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {changes} WHERE {key} = %s", given)  # noqa: S608


# -- laid aside ------------------------------------------------------------------------------------------------------

READ_AT_ONCE = 5_000
POURED_AT_ONCE = 1 << 18
MOST_SHELVES = 8
"""SQLite attaches ten files at most."""


class Shelf:
    """Rows laid aside in files by a process that has no connection to the database: `path`, or what begins with its name.
    They are the caller's to remove.

    The first column of each table is its order, no two rows have it alike, and each lot comes after those before it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._statements: dict[str, str] = {}
        self._texts: dict[str, BinaryIO] = {}
        self._file: sqlite3.Connection | None = None
        if connection.vendor == "sqlite":
            self._file = sqlite3.connect(path, isolation_level=None)
            for setting in ("journal_mode = OFF", "synchronous = OFF"):
                self._file.execute(f"PRAGMA {setting}")

    def put(self, model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Lay rows aside whose values stand in the order of `columns`."""
        table = model._meta.db_table
        if self._file is None:
            if table not in self._texts:
                self._texts[table] = _text_of(self._path, table).open("wb")
            self._texts[table].write("".join(map(_line, rows)).encode())
            self._texts[table].flush()
            return
        if table not in self._statements:
            names = ", ".join(f'"{name}"' for name in columns[1:])
            self._file.execute(f'CREATE TABLE {table} ("{columns[0]}" INTEGER PRIMARY KEY, {names})')
            marks = ", ".join("?" * len(columns))
            self._statements[table] = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608
        self._file.execute("BEGIN")
        self._file.executemany(self._statements[table], rows)
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._file, *self._texts.values()):
            if file is not None:
                file.close()


def _text_of(path: Path, table: str) -> Path:
    return path.with_name(f"{path.name}.{table}")


_SPECIAL = re.compile(r"[\\\t\n\r]").search
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: lambda value: value,
    int: str,
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    type(None): lambda value: "\\N",
}


def _line(row: Sequence[Any]) -> str:
    """A row as the text that COPY reads; signs that mean something there are looked for once in all its texts."""
    if _SPECIAL("".join([value for value in row if type(value) is str])):
        row = [value.translate(_ESCAPES) if type(value) is str else value for value in row]
    return "\t".join([_TEXTS[type(value)](value) for value in row]) + "\n"


class Shelves:
    """What several processes have laid aside, to be taken into the database."""

    def __init__(self, paths: Sequence[Path], *, attached: bool) -> None:
        self._paths, self._attached = paths, attached

    def insert(self, model: type[Model], columns: Sequence[str]) -> None:
        """Insert all rows of one table in their order. Raises IntegrityError as any insert does."""
        table = model._meta.db_table
        names = ", ".join(map(connection.ops.quote_name, columns))
        if connection.vendor == "postgresql":
            with _copying(connection.ops.quote_name(table), names) as copy:
                for path in self._paths:
                    _pour(_text_of(path, table), copy)
            return
        if not self._attached:
            for path in self._paths:
                for rows in _read(path, table, columns):
                    insert(model, columns, rows)
            return
        parts = [f"SELECT {names} FROM shelf{place}.{table}" for place in range(len(self._paths))]  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO main.{table} ({names}) {' UNION ALL '.join(parts)} ORDER BY 1")


def _pour(path: Path, copy: Any) -> None:
    with path.open("rb") as file:
        while part := file.read(POURED_AT_ONCE):
            copy.write(part)


@contextmanager
def shelves(paths: Sequence[Path]) -> Iterator[Shelves]:
    """Rows in files, around the transaction that takes them in: SQLite, outside one, copies from file to file."""
    attached = connection.vendor == "sqlite" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        for place, path in enumerate(paths if attached else ()):
            cursor.execute(f"ATTACH %s AS shelf{place}", [str(path)])
        try:
            yield Shelves(paths, attached=attached)
        finally:
            for place in range(len(paths) if attached else 0):
                cursor.execute(f"DETACH shelf{place}")


def _read(path: Path, table: str, columns: Sequence[str]) -> Iterator[list[Sequence[Any]]]:
    names = ", ".join(f'"{name}"' for name in columns)
    file = sqlite3.connect(path)
    try:
        found = file.execute(f"SELECT {names} FROM {table} ORDER BY 1")  # noqa: S608
        while rows := found.fetchmany(READ_AT_ONCE):
            yield rows
    finally:
        file.close()
