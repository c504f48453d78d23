"""What the heavy pages of a full city cost the server, as its own cadre opens them, one after another.

    SIZE=city UNIONHOME_DATA_DIR=FOLDER python tools/run_demo.py --fill-only
    python bench/bench_city_pages.py FOLDER                   every page, SQLite of the folder
    python bench/bench_city_pages.py FOLDER --only board      pages whose name holds the word
    python bench/bench_city_pages.py FOLDER --explain board   the slowest statements of such a page beside its times

With UNIONHOME_DATABASE_URL the database of that address, filled with the keys of the folder, is asked. Each page is
opened once to warm and then a few times in this process, with no server around it: printed are the least milliseconds of
the whole answer, of the processor, of the database, the number of statements and the bytes of the answer. Asserts
nothing.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

TABLE = [
    "members.members",
    "members.women",
    "members.migrants",
    "members.new_employment",
    "members.retained",
    "members.joined",
    "organizations.unions",
    "organizations.grassroots_unions",
    "organizations.employers",
    "organizations.founding_rate",
    "organizations.timely_reelections",
    "members.real_name_rate",
]
SLOWEST = 8
LONGEST = 400


def environment(folder: Path) -> None:
    """The settings the demo of the folder keeps."""
    kept = (
        line.split("=", 1) for line in (folder / "demo.env").read_text(encoding="utf-8").splitlines() if "=" in line
    )
    for name, value in kept:
        os.environ.setdefault(name, value)
    os.environ["DJANGO_SETTINGS_MODULE"] = "unionhome.config.settings"
    os.environ["UNIONHOME_DATA_DIR"] = str(folder)
    os.environ["UNIONHOME_ALLOWED_HOSTS"] = "testserver"
    os.environ["UNIONHOME_LOG_LEVEL"] = "CRITICAL"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def client_of(name: str) -> Any:
    """A browser in which that account of the demo is signed in."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from unionhome.core.access.models import SignIn, User
    from unionhome.kit import crypto

    session, now = SessionStore(), datetime.now(UTC)
    session.create()
    index = crypto.blind(session.session_key or "", field="access.sign_in")
    user = User.objects.get(username=name)
    facts = {"device": "bench", "started_at": now, "seen_at": now, "strong_at": now}
    SignIn.objects.create(user=user, session_index=index, door="desk", **facts)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def pages() -> dict[str, str]:
    """Addresses by what they are called here."""
    from unionhome.core.tree.models import Node

    city = Node.objects.get(parent__isnull=True)
    county = Node.objects.filter(level="county").order_by("path")[0]
    today = datetime.now(UTC).date()
    year = today.year
    last, before = ({"from": f"{each}-01-01", "to": f"{each}-12-31"} for each in (year - 1, year - 2))
    compared = {"from2": before["from"], "to2": before["to"]}
    now = {"from": f"{year}-01-01", "to": today.isoformat()}
    then = {"from2": last["from"], "to2": last["to"]}
    return {
        "board": "/desk/board/",
        "board of last year": f"/desk/board/?{urlencode(last)}",
        "board of a county": f"/desk/board/?{urlencode({'node': county.code})}",
        "figure: members": "/desk/figures/members.members/",
        "figure: members, last year": f"/desk/figures/members.members/?{urlencode(last)}",
        "figure: women": "/desk/figures/members.women/",
        "figure: joined": "/desk/figures/members.joined/",
        "figure: employers": "/desk/figures/organizations.employers/",
        "list of figures": "/desk/figures/",
        "list of figures, last year": f"/desk/figures/?{urlencode(last)}",
        "table of twelve, two periods": f"/desk/figures/table/?{urlencode({'code': TABLE, **now, **then}, doseq=True)}",
        "table of twelve, years ago": f"/desk/figures/table/?{urlencode({'code': TABLE, **last, **compared}, doseq=True)}",
        "page of the city's union": f"/desk/organizations/{city.pk}/",
        "tree of unions": "/desk/organizations/",
        "records": "/desk/records/",
        "records of a year": f"/desk/records/?first={year}-01-01&last={year}-12-31",
    }


@contextmanager
def counted(said: list[tuple[float, str]]) -> Iterator[None]:
    """Notes each statement with its milliseconds."""
    from django.db import connection

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            said.append(((time.perf_counter() - begun) * 1000, sql))

    with connection.execute_wrapper(note), fetched(said):
        yield


@contextmanager
def fetched(said: list[tuple[float, str]]) -> Iterator[None]:
    """Notes the milliseconds of fetching too: SQLite finds most rows only then."""
    from django.db.backends.utils import CursorWrapper

    plain = CursorWrapper.__getattr__

    def getattr_timed(self: Any, name: str) -> Any:
        found = plain(self, name)
        if name not in ("fetchone", "fetchmany", "fetchall"):
            return found

        def timed(*given: Any) -> Any:
            begun = time.perf_counter()
            try:
                return found(*given)
            finally:
                spent = (time.perf_counter() - begun) * 1000
                if said:
                    said[-1] = (said[-1][0] + spent, said[-1][1])

        return timed

    CursorWrapper.__getattr__ = getattr_timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        CursorWrapper.__getattr__ = plain  # type: ignore[method-assign]


def ask(client: Any, url: str) -> tuple[tuple[float, float, float, int, int], list[tuple[float, str]]]:
    """Milliseconds of the answer, the processor and the database, statements and bytes; and the statements."""
    said: list[tuple[float, str]] = []
    with counted(said):
        begun, used = time.perf_counter(), time.process_time()
        answer = client.get(url)
        spent = (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}")
    return (*spent, sum(each for each, _ in said), len(said), len(answer.content)), said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="", help="data folder of a filled city")
    parser.add_argument("--only", default="", help="part of a page's name")
    parser.add_argument("--explain", default="", help="as --only, with the slowest statements")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(options.folder or ROOT / "var").resolve()
    if not (folder / "demo.env").exists():
        print("give the data folder of a filled city; how it is filled says --help")
        return
    environment(folder)
    client, word = client_of("city"), options.explain or options.only
    print(f"{'':<32}{'answer':>9}{'processor':>11}{'database':>10}{'statements':>12}{'bytes':>10}")
    for name, url in pages().items():
        if word not in name:
            continue
        ask(client, url)
        rounds = [ask(client, url) for _ in range(options.rounds)]
        (whole, used, database, statements, size), said = min(rounds, key=lambda each: each[0][0])
        print(f"{name:<32}{whole:>9.0f}{used:>11.0f}{database:>10.0f}{statements:>12}{size:>10,}", flush=True)
        if options.explain:
            for spent, sql in sorted(said, reverse=True)[:SLOWEST]:
                print(f"    {spent:8.1f}  {sql[:LONGEST]}")


if __name__ == "__main__":
    main()
