"""Which database the tests run on; `UNIONHOME_TEST_DATABASE_URL` chooses, empty means SQLite in memory."""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import blanks
from tests.browsers import chromium  # noqa: F401  (a fixture for every browser test)
from tests.worlds import actor, client_for, world  # noqa: F401  (fixtures for every test)

# The clock of a busy machine says nothing about the code.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
HERE, TABLELESS = Path(__file__).parent, ("kit", "house")
WORDS = re.compile(r"\b(django_db|db|transactional_db|live_server|world)\b")
ENGINES = {"postgres": "postgresql", "postgresql": "postgresql", "sqlite": "sqlite3", "": "sqlite3"}


def _engine() -> str:
    return str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2]


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Reading thousands of tests leaves next to nothing to throw away."""
    gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    """A run that was asked for PostgreSQL must not quietly be a second run on SQLite."""
    wanted = ENGINES[os.environ.get("UNIONHOME_TEST_DATABASE_URL", "").partition(":")[0]]
    if _engine() != wanted:
        raise pytest.UsageError(f"the tests were to run on {wanted}, not on {_engine()}")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: a packed sample holds its second, and two processes would then hand out other tests."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {_engine()}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With PostgreSQL a file that could hold nothing for it is not even read, where all tests are to run."""
    is_whole = all(Path(given).resolve() in (HERE, HERE.parent) for given in config.args)
    if _engine() != "postgresql" or not is_whole or HERE not in collection_path.parents:
        return None
    top = collection_path.relative_to(HERE).parts[0]
    if top == "browser":
        return True
    is_told_by_words = top in TABLELESS and collection_path.name.startswith("test_")
    return True if is_told_by_words and not WORDS.search(collection_path.read_text(encoding="utf-8")) else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was imported stays to the end: nobody need look through it again and again for what is no longer used."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What no database can change is run once, with SQLite: what reads code alone, what drives a browser, what is marked so.

    The sweeps through every page with every role are: which rows an engine gives is tried row by row (test_scopes),
    page by page (test_every_door) and figure by figure on both.
    """
    if _engine() == "postgresql":
        alike = [item for item in items if _is_alike(item)]
        config.hook.pytest_deselected(items=alike)
        left = set(alike)
        items[:] = [item for item in items if item not in left]


def _is_alike(item: pytest.Item) -> bool:
    is_tableless = item.path.relative_to(HERE).parts[0] in TABLELESS and not _asks_database(item)
    return is_tableless or any(item.get_closest_marker(name) for name in ("once", "browser"))


def _asks_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The test database, of which a copy is kept before anything is written."""
    with ExitStack() as kept:
        with django_db_blocker.unblock():
            kept.enter_context(blanks.kept(tmp_path_factory.mktemp("blank")))
        yield
        with django_db_blocker.unblock():
            kept.close()
