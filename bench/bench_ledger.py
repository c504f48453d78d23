"""How fast a list is reserved and paid, how fast the ledger is verified, and what fifty approvals at once come to.

    python bench/bench_ledger.py                                       66,000 lines, SQLite in a temporary folder
    python bench/bench_ledger.py --lines 500000 --keep FOLDER          rows are written into what a folder holds (SQLite)
    tools/postgres.py -- python bench/bench_ledger.py --postgres --lines 500000

Lines go in lots of 5,000, as a delivery sends them: reserved, paid but for the last tenth, which is released. Printed are
microseconds a row for the first and the last lots (flat means alike), the whole, what sending everything again costs,
rows a second of `verify`, and on PostgreSQL fifty approvals of one fund let go at the same moment, with the balance they
left. Asserts nothing.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from records import AT, environment, tell  # noqa: E402

LOT, APPROVALS = 5_000, 50
EACH = 20_000


def lots(lines: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(lines), LOT):
        yield lines[start : start + LOT]


def timed(label: str, lines: list[Any], act: Callable[[list[Any]], Any]) -> None:
    """The act for each lot; microseconds a row at the beginning, at the end and in all."""
    spent = []
    for lot in lots(lines):
        started = time.perf_counter()
        act(lot)
        spent.append((time.perf_counter() - started) / len(lot) * 1e6)
    whole = sum(each * len(lot) for each, lot in zip(spent, lots(lines), strict=True)) / 1e6
    tell(label, f"{spent[0]:.0f} µs a row at first, {spent[-1]:.0f} at last; {len(lines):,} rows in {whole:.1f} s")


def union_of(actor: Any) -> Any:
    from unionhome.core.tree.actions import NewNode, add_nodes
    from unionhome.core.tree.queries import find_root

    root = find_root()
    if root is None:
        (root,) = add_nodes(actor, [NewNode("610500", "渭南市总工会", "city", "", date(2000, 1, 1), True)])
    return root


def decide() -> None:
    """Everything is covered by one decision of the bench."""
    from unionhome.core.ledger.actions import reserving
    from unionhome.core.registry import Authority

    reserving.find_authority = lambda code: Authority(code, "议题", "bench_ledger.resolve_item")


def resolve_item(actor: Any, ref: Any, at: Any) -> Any:
    from unionhome.core.registry import AuthorityFacts

    return AuthorityFacts(union_of(actor).path, "专项帮扶资金", "bench", 10**13, "fen", None, "普惠发放", "/")


def at_once(calls: list[Callable[[], Any]]) -> float:
    from django.db import connection

    gate = threading.Barrier(len(calls) + 1)

    def run(call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def measure(count: int) -> None:
    from django.db import connection

    from unionhome.core.ledger import actions, queries
    from unionhome.core.ledger.actions import Demand, Income, Line, Purse
    from unionhome.core.registry import Actor

    actor = Actor.system("bench", AT)
    purse = Purse(union_of(actor), "专项帮扶资金")
    demand, turn = Demand(purse, "bench", ("bench.item", 1)), queries.count_transfers()
    actions.receive(actor, purse, Income(10**12, "财政补助", "拨款"), key=f"bench:{turn}")
    lines = [Line(f"bench:{turn}:{n}", EACH + n % 100, f"person:{n}", object_id=n) for n in range(count)]
    keys = [line.key for line in lines]
    last = count - max(1, count // 10)
    timed("reserved", lines, lambda lot: actions.reserve_many(actor, demand, lot))
    timed("reserved again", lines, lambda lot: actions.reserve_many(actor, demand, lot))
    timed("paid", keys[:last], lambda lot: actions.pay_many(actor, purse, lot))
    timed("released", keys[last:], lambda lot: actions.void_many(actor, purse, lot, reason="未领"))
    started = time.perf_counter()
    faults = list(queries.find_faults())
    spent, total = time.perf_counter() - started, queries.count_transfers()
    tell("verified", f"{total:,} in {spent:.1f} s, {total / spent:,.0f} a second; {len(faults)} faults")
    if connection.vendor == "postgresql":
        before = queries.count_held(actor)
        calls = [
            lambda n=n: actions.reserve(actor, demand, Line(f"bench:{turn}:once:{n}", 100, f"one:{n}"))
            for n in range(APPROVALS)
        ]
        spent = at_once(calls)
        after = queries.count_held(actor)
        tell(
            f"{APPROVALS} approvals at once",
            f"{spent:.2f} s; {(before.available - after.available) // 100} taken, {len(list(queries.find_faults()))} faults",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=66_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    import os

    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        environment(place, server)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        decide()
        measure(options.lines)


if __name__ == "__main__":
    main()
