"""A database address as Django settings, for the two engines that are supported."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SQLITE_START = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-64000;PRAGMA mmap_size=268435456;"
    "PRAGMA foreign_keys=ON;"
)

PAGE_COST = 1.1
"""What PostgreSQL takes a page read out of order to cost, beside 1 for one in order. Its own 4 is for turning discs: with
it, a page of fifty members reads the whole tree of unions."""


def from_url(url: str, data_dir: Path) -> dict[str, Any]:
    """Settings for `url`; empty means SQLite in the data folder. Raises ValueError for another engine."""
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        return _sqlite(Path(unquote(parts.path)) if parts.path else data_dir / "unionhome.sqlite")
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": f"-c random_page_cost={PAGE_COST}"},
        }
    raise ValueError(f"unsupported database: {parts.scheme}")


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_START,
        },
    }
