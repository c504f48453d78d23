"""Millions of invented service records for benchmarks of figures and of writing, and how their times are taken."""

import argparse
import base64
import os
import platform
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

COUNTIES, TOWNS, UNIONS, PEOPLE, KINDS = 11, 136, 8_155, 731_692, 40
FIRST, DAYS = date(2018, 1, 1), 1461
AT = datetime(2022, 3, 1, tzinfo=UTC)
YEAR, ANY = (date(2021, 1, 1), date(2021, 12, 31)), (date(2020, 3, 17), date(2021, 8, 9))
ROUNDS = 7
BATCH = 100_000
PER_ENTRY = 50
WRITERS, SECONDS = 8, 8.0
CODES = [f"bench.kind{number:02d}" for number in range(KINDS)]
LABELS = {code: code for code in CODES}


def tell(label: str, text: str) -> None:
    print(f"{label:<42}{text}", flush=True)


# -- ground ----------------------------------------------------------------------------------------------------------


def environment(folder: Path, server: str) -> None:
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "unionhome.config.settings",
            "UNIONHOME_DATA_DIR": str(folder),
            "UNIONHOME_DATABASE_URL": server or f"sqlite:///{folder / 'bench.sqlite'}",
            "UNIONHOME_SECRET_KEY": secrets.token_hex(32),
            "UNIONHOME_FIELD_KEYS": "b1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "UNIONHOME_LOG_LEVEL": "ERROR",
        }
    )


def declare() -> None:
    """Forty kinds of service and the figures over them."""
    from unionhome.core.figures.queries import catalog
    from unionhome.core.records.actions import writing

    figures = {figure.code: figure for figure in make_figures()}
    catalog._by_code = lambda: figures
    writing.get_service_labels = lambda: LABELS


def make_figures() -> Iterator[Any]:
    from unionhome.core.registry import Figure

    def flow(code: str, measure: str, predicate: dict[str, Any]) -> Figure:
        return Figure(
            code,
            code,
            "人",
            "flow",
            "记录",
            "。",
            "bench",
            "records.servicerecord",
            measure,
            predicate=predicate,
            day="on",
        )

    measures = ("rows", "sum:amount_fen", "people:person")
    for number in range(30):
        yield flow(f"bench.figure{number:02d}", measures[number % 3], {"service": CODES[number]})
    yield flow("bench.common", "people:person", {"service": CODES[0]})
    yield flow("bench.everybody", "people:person", {})


BOARD = [f"bench.figure{number:02d}" for number in range(30)]
SUMS = [code for number, code in enumerate(BOARD) if number % 3 != 2]


def county_of(town: int) -> str:
    return f"6105{2 + town % COUNTIES:02d}"


def lay_tree() -> None:
    from unionhome.core.registry import Actor
    from unionhome.core.tree.actions import NewNode, add_nodes

    opened = date(2000, 1, 1)
    news = [NewNode("610500", "渭南市总工会", "city", "", opened, True)]
    news += [NewNode(f"6105{n + 2:02d}", f"第{n}县总工会", "county", "610500", opened, True) for n in range(COUNTIES)]
    news += [
        NewNode(f"{county_of(n)}{n:03d}", f"第{n}镇工会", "town", county_of(n), opened, True) for n in range(TOWNS)
    ]
    for n in range(UNIONS - 1 - COUNTIES - TOWNS):
        town = int(TOWNS * (n / UNIONS) ** 1.2)
        above = f"{county_of(town)}{town:03d}"
        level, local = ("village", True) if n % 4 == 0 else ("grassroots", False)
        news.append(NewNode(f"{above}-{n:05d}", f"第{n}工会", level, above, opened, local))
    add_nodes(Actor.system("bench", AT), news)


SERIES = {
    "sqlite": "WITH RECURSIVE g(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM g WHERE i < {last}) ",
    "postgresql": "WITH g AS (SELECT i FROM generate_series({first}::bigint, {last}) AS i) ",
}
PERSONS = """
INSERT INTO members_person (id, node_id, document_kind, document_sealed, document_index, document_tail_index, name,
    name_initials, sex, ethnicity, phone_index, phone_tail_index, education, degree, political, skill_level,
    household_kind, employment_state, employment_form, "group", national_no, national_state, source, source_on, sources,
    created_at, merged_into_id)
{series} SELECT i, {node}, 'id_card', {blob}, CAST(i AS TEXT), '', '某某', 'mm', '', '', '', '', '', '', '', '', '', '', '',
    '', '', '', 'roster', '2018-01-01', '{{}}', '2018-01-01', CASE WHEN i % 500 = 7 THEN i + 1 END FROM g
"""
RECORDS = """
INSERT INTO records_servicerecord (service, node_id, county_id, town_id, village_id, path, "on", at, person_id, head_count,
    beneficiary_kind, amount_fen, theme, joint, summary, link, about_model, hidden_path, sign, entry_id)
{series}, spread AS (SELECT i, (i * 7919) % 1000003 AS a, (i * 104729) % 1000033 AS b, (i * 611953) % 999983 AS c FROM g)
SELECT 'bench.kind' || {pad}, p.node_id, p.county_id, p.town_id, p.village_id, p.path,
    {day}, '2022-01-01', CASE WHEN s.i % 10 < 8 THEN 1 + (s.i * 15485863) % {people} END,
    CASE WHEN s.i % 10 < 8 THEN 1 ELSE 1 + s.a % 40 END, 'worker', (s.b % 50) * 1000, '', '', '上门走访慰问', '', '', '', 1,
    {entry}
FROM spread s JOIN bench_place p ON p.n = CAST({unions} * (s.a / 1000003.0) * (s.a / 1000003.0) AS INTEGER)
"""
DIALECT = {
    "sqlite": {
        "pad": "printf('%02d', CAST({kinds} * (s.b / 1000033.0) * (s.b / 1000033.0) AS INTEGER))",
        "day": "date('2018-01-01', '+' || (s.c % {days}) || ' days')",
        "blob": "x'00'",
    },
    "postgresql": {
        "pad": "lpad(floor({kinds} * (s.b / 1000033.0) * (s.b / 1000033.0))::int::text, 2, '0')",
        "day": "date '2018-01-01' + (s.c % {days})::int",
        "blob": "'\\x00'::bytea",
    },
}
BACK = """
INSERT INTO records_servicerecord (service, node_id, county_id, town_id, village_id, path, "on", at, person_id, head_count,
    beneficiary_kind, amount_fen, theme, joint, summary, link, about_model, hidden_path, sign, reverses_id, entry_id)
SELECT service, node_id, county_id, town_id, village_id, path, "on", at, person_id, head_count, beneficiary_kind, amount_fen,
    '', '', '冲正', '', '', '', -1, id, entry_id FROM records_servicerecord WHERE id % 200 = 0 AND sign = 1
"""


def fill(count: int) -> None:
    """Raw statements: what is measured is asking and keeping, not making."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from unionhome.core.journal.models import Entry
    from unionhome.core.records import actions
    from unionhome.core.records.models import ServiceRecord
    from unionhome.kit.bulk import indexed_afterwards, much_to_make

    call_command("migrate", verbosity=0)
    lay_tree()
    started = time.perf_counter()
    words = {name: text.replace("{kinds}", str(KINDS)).replace("{days}", str(DAYS)) for name, text in
             DIALECT[connection.vendor].items()}  # fmt: skip
    series = SERIES[connection.vendor]
    with transaction.atomic(), indexed_afterwards(ServiceRecord), connection.cursor() as cursor:
        make_places(cursor)
        entry = f"1 + s.i / {PER_ENTRY}"
        Entry.objects.bulk_create(
            (Entry(pk=1 + n, at=AT, kind="bench", door="system", chain=n % 99) for n in range(count // PER_ENTRY + 1)),
            batch_size=500,
        )
        cursor.execute(PERSONS.format(series=series.format(first=1, last=PEOPLE), node=1, **words))
        cursor.execute(
            RECORDS.format(
                series=series.format(first=1, last=count), people=PEOPLE, unions=UNIONS, entry=entry, **words
            )
        )
        cursor.execute(BACK)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('journal_entry', 'id'), max(id)) FROM journal_entry")
    tell("records made", f"{time.perf_counter() - started:.1f} s")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    else:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    started = time.perf_counter()
    with much_to_make():
        made = actions.recompute_totals()
    tell("totals made", f"{time.perf_counter() - started:.1f} s, {made:,} totals")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE records_total")
    else:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_total")


def make_places(cursor: Any) -> None:
    from unionhome.core.records.queries import list_places
    from unionhome.core.tree.models import Node

    nodes = list(Node.objects.order_by("pk"))
    chosen = sorted(nodes, key=lambda node: (node.pk * 7919) % 8161)
    places = list_places((node, FIRST) for node in nodes)
    cursor.execute(
        "CREATE TABLE bench_place (n integer PRIMARY KEY, node_id bigint, county_id bigint, town_id bigint, "
        "village_id bigint, path varchar(64))"
    )
    rows = []
    for n, node in enumerate(chosen):
        place = places[node.pk, FIRST]
        rows.append((n, node.pk, place.county_id, place.town_id, place.village_id, place.path))
    cursor.executemany("INSERT INTO bench_place VALUES (%s, %s, %s, %s, %s, %s)", rows)


# -- timing ----------------------------------------------------------------------------------------------------------


def asked_of(call: Callable[[], Any], rounds: int = ROUNDS) -> tuple[list[float], int, float]:
    """Milliseconds in the database of each round, statements of one, and milliseconds of the whole quickest round."""
    from bench_search import watched

    spent, whole, asked = [], [], 0
    for _ in range(rounds):
        started = time.perf_counter()
        with watched() as watch:
            call()
        whole.append((time.perf_counter() - started) * 1000)
        spent.append(watch.spent * 1000)
        asked = watch.asked
    return spent, asked, min(whole)


def show(label: str, call: Callable[[], Any], plain: Callable[[], Any] | None = None, rounds: int = ROUNDS) -> float:
    spent, asked, whole = asked_of(call, rounds)
    text = f"{min(spent):9.1f}{statistics.median(spent):9.1f} ms  {asked:>3} statements, {whole:.1f} ms in all"
    if plain is not None:
        by_hand, _, _ = asked_of(plain, 1)
        text += f"; plain {min(by_hand):.0f} ms, {min(by_hand) / max(min(spent), 0.01):.0f} x"
    tell(label, text)
    return min(spent)


def actor() -> Any:
    from unionhome.core.registry import Actor

    return Actor.system("bench", AT)


def value(code: str, node: Any, days: tuple[date, date]) -> Callable[[], Any]:
    from unionhome.core.figures.queries import get_value
    from unionhome.kit.dates import Period

    return lambda: get_value(actor(), code, node, Period(*days))


@contextmanager
def prepared(about: str) -> Iterator[argparse.Namespace]:
    """The options, with the database laid out."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--postgres", action="store_true", help="on the server of UNIONHOME_DATABASE_URL")
    parser.add_argument("--keep", type=Path, help="folder of the SQLite database, made once and asked again and again")
    options = parser.parse_args()
    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        environment(folder, server)
        import django

        django.setup()
        declare()
        engine = "PostgreSQL" if server else f"SQLite {sqlite3.sqlite_version}"
        tell("machine", f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine}")
        tell("records", f"{options.records:,}")
        if not is_there():
            fill(options.records)
        yield options


def is_there() -> bool:
    from django.db import connection

    return "bench_place" in connection.introspection.table_names()
