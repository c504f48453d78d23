"""How fast figures over millions of service records are asked, beside plain GROUP BY over the same records.

    python bench/bench_figures.py                                     200,000 records, SQLite in a temporary folder
    python bench/bench_figures.py --records 5000000                   the size of the bars
    python bench/bench_figures.py --records 5000000 --keep FOLDER     takes again what a folder holds (SQLite)
    tools/postgres.py -- python bench/bench_figures.py --postgres --records 5000000

The records are those of records.py. A board is thirty figures (ten of records, ten of sums, ten of people) with
their breakdown by child and by month. Timed is what the database takes, added up over all questions, fetching included:
the least and the middle of several rounds. Plain: the same board by grouped statements over the records. Prints, asserts
nothing.
"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from records import ANY, BOARD, SUMS, YEAR, actor, prepared, show, tell, value  # noqa: E402


def board(codes: list[str], node: Any, days: tuple[date, date]) -> Callable[[], Any]:
    from unionhome.core.figures.queries import get_asking
    from unionhome.kit.dates import Period

    def call() -> None:
        asking = get_asking(actor(), codes, node, Period(*days))
        asking.list_values()
        asking.list_by_child()
        asking.list_by_month()

    return call


def plainly(call: Callable[[], Any]) -> Callable[[], Any]:
    """The same from the records, grouped by plain statements."""
    from unionhome.core.figures.queries.totals import Reader

    def by_hand() -> None:
        with patch.object(Reader, "place", None), patch.object(Reader, "is_small", False):
            call()

    return by_hand


def measure_asking() -> None:
    from unionhome.core.records.models import ServiceRecord
    from unionhome.core.tree.models import Node

    city = Node.objects.get(level="city")
    village = Node.objects.filter(level="village").order_by("pk")[5]
    union = Node.objects.filter(level="grassroots").order_by("pk")[700]
    tell("", "    least   middle")
    show("city board, a calendar year", board(BOARD, city, YEAR), plainly(board(BOARD, city, YEAR)))
    show("county board", board(BOARD, Node.objects.filter(level="county")[0], YEAR))
    show("town board", board(BOARD, Node.objects.filter(level="town")[0], YEAR))
    for name, node in (("village", village), ("union", union)):
        held = ServiceRecord.objects.filter(node=node).count()
        show(f"{name} board ({held:,} records)", board(BOARD, node, YEAR))
    show("city, any two dates: sums", board(SUMS, city, ANY), plainly(board(SUMS, city, ANY)))
    show("city, any two dates: people of one kind", value("bench.common", city, ANY), rounds=3)
    show("city, any two dates: people of all kinds", value("bench.everybody", city, ANY), rounds=2)


def main() -> None:
    with prepared(__doc__ or ""):
        measure_asking()


if __name__ == "__main__":
    main()
