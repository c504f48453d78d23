"""Rows laid aside in files come into the database in their order, copied by the database or read, and it checks them."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from unionhome.kit import bulk

pytestmark = pytest.mark.django_db
THINGS: Any = SimpleNamespace(_meta=SimpleNamespace(db_table="things"))


@pytest.fixture
def things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """A database of its own with one table."""
    own = {**connections[DEFAULT_DB_ALIAS].settings_dict, "NAME": str(tmp_path / "own.sqlite"), "OPTIONS": {}}
    wrapper = DatabaseWrapper(own | {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None})
    monkeypatch.setattr(bulk, "connection", wrapper)
    wrapper.inc_thread_sharing()
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE things (id integer PRIMARY KEY AUTOINCREMENT, name text UNIQUE, seal blob)")
    yield wrapper
    wrapper.close()


def rows(wrapper: Any, *columns: str) -> list[Any]:
    with wrapper.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns or ('id', 'name', 'seal'))} FROM things ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.parametrize("attached", [True, False])
def test_rows_laid_aside_come_in_by_their_order(
    things: DatabaseWrapper, tmp_path: Path, attached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(things, "in_atomic_block", not attached)
    given: list[list[tuple[Any, ...]]] = [[(3, "c", b"\x00"), (1, "a", None)], [(2, "b", b"2")]]
    paths = [tmp_path / "first", tmp_path / "second"]
    for path, each in zip(paths, given, strict=True):
        shelf = bulk.Shelf(path)
        shelf.put(THINGS, ("id", "name", "seal"), each[:1])
        shelf.put(THINGS, ("id", "name", "seal"), each[1:])
        shelf.close()
    with bulk.shelves(paths) as shelves:
        shelves.insert(THINGS, ("id", "name", "seal"))
        with pytest.raises(IntegrityError):
            shelves.insert(THINGS, ("id", "name", "seal"))
    assert rows(things) == [(1, "a", None), (2, "b", b"2"), (3, "c", b"\x00")]
    with bulk.shelves(paths):
        pass


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite copies from file to file")
def test_what_is_poured_into_postgresql_is_what_was_laid_aside(tmp_path: Path) -> None:
    given: list[list[tuple[Any, ...]]] = [
        [(1, "a\tb", b"\x00\\x\n", True), (2, "\\N", None, False), (3, None, b"", None), (4, "\r\n\\", b"\t", True)],
        [(5, "中\\.", b"\\.", None), (6, "", b"2", False)],
    ]
    paths = [tmp_path / "first", tmp_path / "second"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE things (id integer PRIMARY KEY, name text, seal bytea, flag boolean)")
    columns = ("id", "name", "seal", "flag")
    for path, each in zip(paths, given, strict=True):
        shelf = bulk.Shelf(path)
        shelf.put(THINGS, columns, each[:1])
        shelf.put(THINGS, columns, each[1:])
        shelf.close()
    with bulk.shelves(paths) as shelves:
        shelves.insert(THINGS, columns)
        assert rows(connection, *columns) == [*given[0], *given[1]]
        with pytest.raises(IntegrityError), transaction.atomic():
            shelves.insert(THINGS, columns)


def test_ids_are_taken_once(things: DatabaseWrapper) -> None:
    assert bulk.take_ids(THINGS, 3) == [1, 2, 3]
    assert bulk.take_ids(THINGS, 2) == [4, 5]
    with things.cursor() as cursor:
        cursor.execute("INSERT INTO things (name) VALUES ('x')")
    assert rows(things) == [(6, "x", None)]


def test_a_database_that_is_thrown_away_when_broken_waits_for_no_disk(things: DatabaseWrapper) -> None:
    def asked() -> list[Any]:
        with things.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    with bulk.made_anew_when_broken():
        assert asked() == ["memory", 0]
    assert asked() == ["wal", 1]
