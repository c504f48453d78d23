"""The empty migrated database of this process, kept once for tests that want one of their own: a copy costs no migration."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

_kept: dict[str, Path | str] = {}


def login() -> dict[str, Any]:
    """Where the server of this run is, and who may enter."""
    place: dict[str, Any] = connection.settings_dict
    return {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"]}


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Keep a copy of the database as the migrations left it. At the end whoever still holds the original is put out."""
    if connection.vendor == "sqlite":
        _kept["blank"] = folder / "blank.sqlite"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_kept["blank"])])
        yield
        return
    name, blank = str(connection.settings_dict["NAME"]), f"{connection.settings_dict['NAME']}_blank"
    _kept["blank"] = blank
    connection.close()
    with psycopg.connect(dbname="postgres", autocommit=True, **login()) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{blank}"')
        server.execute(f'CREATE DATABASE "{blank}" TEMPLATE "{name}"')
        yield
        server.execute(f'DROP DATABASE "{blank}" WITH (FORCE)')
        # A session that a thread of a test left behind must not keep the database from being dropped.
        connection.close()
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@contextmanager
def copied(name: str, folder: Path) -> Iterator[str]:
    """The address of a copy, dropped afterwards: a file in the folder, or a database of that name."""
    if connection.vendor == "sqlite":
        path = folder / f"{name}.sqlite"
        shutil.copyfile(_kept["blank"], path)
        yield f"sqlite://{path}"
        return
    with psycopg.connect(dbname="postgres", autocommit=True, **login()) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_kept["blank"]}"')
        try:
            yield "postgres://{user}:{password}@{host}:{port}/".format(**login()) + name
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
