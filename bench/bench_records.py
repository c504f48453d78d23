"""How fast service records are written with their journal and totals, beside the bare rows into the same table.

    python bench/bench_records.py                                     200,000 records before, SQLite in a temporary folder
    python bench/bench_records.py --records 5000000 --keep FOLDER     takes again what a folder holds (SQLite)
    tools/postgres.py -- python bench/bench_records.py --postgres --records 5000000

Records of forty kinds over four years lie over 8,155 unions in four levels, for 731,692 invented people; one in two
hundred is taken back. Written are one record (and the next request that folds it), 100,000 with one in ten back-dated,
and on PostgreSQL as many as one and eight processes can, each commit synced to disk. At the end all totals are counted
anew. Prints, asserts nothing.
"""

import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from records import (  # noqa: E402
    AT,
    BATCH,
    CODES,
    DAYS,
    FIRST,
    PEOPLE,
    ROUNDS,
    SECONDS,
    WRITERS,
    YEAR,
    actor,
    asked_of,
    prepared,
    tell,
    value,
)  # fmt: skip

# -- writing ---------------------------------------------------------------------------------------------------------


def measure_one() -> None:
    """A new record, and the next request for it."""
    from unionhome.core.records import actions
    from unionhome.core.tree.models import Node

    city, node = Node.objects.get(level="city"), Node.objects.filter(level="grassroots")[99]
    news = iter(range(1, 1000))

    def write() -> None:
        actions.add(
            actor(), service=CODES[0], node=node, on=date(2021, 6, 1), summary="走访", person_id=1 + next(news) * 600
        )

    both = []
    for _ in range(ROUNDS):
        one, _, _ = asked_of(write, 1)
        two, _, _ = asked_of(actions.fold, 1)
        both.append((one[0], two[0]))
        value("bench.common", city, YEAR)()
    tell("a record written, then folded", " ".join(f"{one:.1f}+{two:.1f}" for one, two in both) + " ms")


def news_of(first: int) -> list[Any]:
    from unionhome.core.records.rules import NewRecord
    from unionhome.core.tree.models import Node

    nodes = list(Node.objects.filter(level__in=("grassroots", "village")).order_by("pk"))
    found = []
    for n in range(BATCH):
        i = first + n
        back = (i * 7919) % DAYS if i % 10 == 0 else DAYS + i % 25
        found.append(
            NewRecord(
                CODES[(i * 31) % 7],
                nodes[(i * 13) % len(nodes)],
                FIRST + timedelta(days=back),
                "上门走访慰问",
                person_id=1 + (i * 15485863) % PEOPLE,
                amount_fen=(i % 50) * 1000,
            )
        )
    return found


def measure_bulk() -> None:
    """The bulk path with its journal, digest and totals, beside the bare rows into the same table."""
    from django.db import connection, transaction

    from unionhome.core.journal.models import Entry
    from unionhome.core.records import actions
    from unionhome.core.records.actions.writing import COLUMNS, _facts
    from unionhome.core.records.models import ServiceRecord
    from unionhome.core.records.queries import list_places
    from unionhome.kit.bulk import insert, take_ids

    rates = []
    for turn in range(3):
        news = news_of(turn * BATCH)
        started = time.perf_counter()
        actions.add_many(actor(), news)
        written = time.perf_counter() - started
        actions.fold()
        ours = time.perf_counter() - started
        places = list_places((new.node, new.on) for new in news)
        entry, at = Entry.objects.first(), connection.ops.adapt_datetimefield_value(AT)
        assert entry is not None
        with transaction.atomic():
            rows = [
                (pk, at, None, entry.pk, *_facts(new, places[new.node.pk, new.on]))
                for pk, new in zip(take_ids(ServiceRecord, BATCH), news, strict=True)
            ]
            started = time.perf_counter()
            insert(ServiceRecord, COLUMNS, rows)
            if connection.vendor == "postgresql":
                connection.check_constraints()
            raw = time.perf_counter() - started
            transaction.set_rollback(True)
        rates.append(raw / ours)
        tell(
            f"{BATCH:,} records",
            f"{ours:.2f} s ({written:.2f} until written); raw {raw:.2f} s; {raw / ours:.2f} of raw",
        )
    tell("bulk, best of three", f"{max(rates):.2f} of the raw rate")


WRITER = """
import sys, time, random
sys.path[:0] = [{root!r}, {root!r} + "/bench"]
import django; django.setup()
import records as bench
from datetime import date
from unionhome.core.records import actions
from unionhome.core.tree.models import Node
bench.declare()
nodes = list(Node.objects.filter(level="grassroots")[:2000])
chance = random.Random({seed})
actor = bench.actor()
actions.add(actor, service=bench.CODES[0], node=nodes[0], on=date(2021, 6, 1), summary="走访")
kept = []
def keep(execute, sql, params, many, context):
    kept.append((sql, params))
    return execute(sql, params, many, context)
from django.db import connection, transaction
if {raw}:
    with connection.execute_wrapper(keep):
        actions.add(actor, service=bench.CODES[0], node=nodes[1], on=date(2021, 6, 1), summary="走访", person_id={seed} + 1)
time.sleep(max(0.0, {start} - time.time()))
done = 0
while time.time() < {end}:
    if {raw}:
        with transaction.atomic():
            cursor = connection.connection.cursor()
            for sql, params in kept:
                cursor.execute(sql, params)
    else:
        actions.add(actor, service=bench.CODES[chance.randrange(40)], node=chance.choice(nodes), on=date(2021, 6, 1),
                    summary="走访", person_id=chance.randrange(1, 700000))
    done += 1
print(done)
"""


def write_at_once(count: int, *, raw: bool = False) -> float:
    """Records a second of so many processes; raw: the statements of one record sent again, with no Python above them."""
    start = time.time() + 12
    texts = [WRITER.format(root=str(ROOT), seed=n, start=start, end=start + SECONDS, raw=raw) for n in range(count)]
    running = [subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True) for text in texts]
    done = [int(process.communicate()[0]) for process in running]
    return sum(done) / SECONDS


def measure_writers() -> None:
    from django.db import connection

    from unionhome.core.records import actions

    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"ALTER SYSTEM SET {name} = on")
        cursor.execute("SELECT pg_reload_conf()")
    one, many = write_at_once(1), write_at_once(WRITERS)
    tell(
        "writers, each commit synced to disk",
        f"1: {one:.0f} a second, {WRITERS}: {many:.0f} a second, {many / one:.1f} x",
    )
    bare, bare_many = write_at_once(1, raw=True), write_at_once(WRITERS, raw=True)
    tell(
        "the same statements, nothing above them",
        f"1: {bare:.0f} a second, {WRITERS}: {bare_many:.0f} a second, {bare_many / bare:.1f} x",
    )
    started = time.perf_counter()
    actions.fold()
    tell("what they wrote folded", f"{time.perf_counter() - started:.2f} s")


def measure_proof() -> None:
    from unionhome.core.records import actions

    started = time.perf_counter()
    count, shown = actions.verify_totals()
    tell("counted anew", f"{count} totals differ {shown[:1]}, {time.perf_counter() - started:.1f} s")


def main() -> None:
    with prepared(__doc__ or "") as options:
        measure_one()
        measure_bulk()
        if options.postgres:
            measure_writers()
        measure_proof()


if __name__ == "__main__":
    main()
