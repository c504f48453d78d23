"""A database of its own with real workers in processes of their own, on the engine of the test run."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from tests.blanks import copied
from tests.core.jobs.samples import TABLES

ROOT = Path(__file__).resolve().parents[3]
BOOT = "import django; django.setup(); "


class Ground:
    """Runs code and workers against one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "unionhome.config.settings"),
            "UNIONHOME_DATABASE_URL": url,
            "UNIONHOME_DATA_DIR": str(folder),
            "UNIONHOME_SECRET_KEY": settings.SECRET_KEY,
            "UNIONHOME_FIELD_KEYS": settings.FIELD_KEYS,
        }

    def python(self, code: str) -> str:
        """Run code in a fresh process; what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", BOOT + code], env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database says now."""
        with self._connect() as here:
            return list(here.execute(sql).fetchall())

    def write(self, sql: str) -> None:
        with self._connect() as here:
            here.execute(sql)
            here.commit()

    def _connect(self) -> Any:
        if self.url.startswith("sqlite"):
            return closing(sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=20))
        return psycopg.connect(self.url)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A real worker; ended hard at the end, if it still runs."""
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "unionhome", "worker"], env=self.env, cwd=ROOT, stderr=log
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """A migrated database on the engine of this run, dropped afterwards."""
    with copied(f"unionhome_kill_{os.getpid()}", folder) as url:
        made = Ground(url, folder)
        for statement in TABLES:
            made.write(statement)
        yield made


def wait_for(condition: Callable[[], bool], seconds: float) -> float:
    """Seconds until the condition held. Raises AssertionError when it does not in time."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - started
