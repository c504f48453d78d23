"""How long the register of a whole city takes to find a member, for cadres of four levels, in the database.

    python bench/bench_search.py                                  20,000 members, SQLite in a temporary folder
    python bench/bench_search.py --rows 731692                    a whole city
    python bench/bench_search.py --rows 731692 --keep FOLDER      makes the register there, or takes the one made before
    tools/postgres.py -- python bench/bench_search.py --postgres --rows 731692

The register is made by `unionhome import-roster` from an invented sheet: 8,155 unions in four levels, some large, names
as common as they are. Each search asks what the page asks: the ids found, at most a thousand and one, then the first
page of persons with their memberships. Timed is what the database takes, added up over the questions of one search.
Prints p50, p95 and the slowest by kind of search and by role, and p95 of the quickest of three rounds, which a machine
with other work at hand disturbs less; asserts nothing.
"""

import argparse
import base64
import math
import os
import platform
import random
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import bench_roster as rosters  # noqa: E402

LEAVES = 8_155 - 1 - 11 - 136
TOWNS = (24, 6, 10, 16, 12, 14, 9, 11, 16, 9, 9)
"""Towns of each county."""
COMMONEST = (
    "张伟", "王伟", "李娜", "王芳", "李伟", "王静", "李秀英", "张敏", "王秀英", "张静",
    "李静", "张丽", "王丽", "李强", "张强", "王强", "王敏", "李敏", "王磊", "李军",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "英华建国明文军小志平红春玉秀兰海芳丽伟永晓金杰林云荣桂梅强霞丹新生宏艳静燕超波辉慧佳雪敏娟宁亮斌凤涛鹏飞浩"
ASKED = {
    "beginning of name": [*COMMONEST, "王建", "张小", "李秀", "刘志"],
    "initials": ["wj", "zw", "lxy", "lj", "zwm", "wjg"],
}
ROLES = ("city", "county", "small county", "town", "enterprise union", "largest union")
TIMES = 3
NEAR = 10
PAGE_ROWS = 40

TREE = """
import django; django.setup()
from datetime import date, datetime, UTC
from django.core.management import call_command
call_command("migrate", verbosity=0)
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_nodes
at, opened = datetime(2026, 11, 1, tzinfo=UTC), date(2000, 1, 1)
def node(code, name, level, parent, local):
    return NewNode(code, name, level, parent, opened, local)
from bench.bench_search import leaves, rosters, towns
counties = [node(code, f"{code}县总工会", "county", "610500", True) for code in rosters.COUNTIES]
towns = [node(code, f"第{n}镇工会", "town", code[:6], True) for n, code in enumerate(towns())]
leaves = [node(code, f"第{n}示例工会", "grassroots", code[:9], False) for n, code in enumerate(leaves())]
root = node("610500", "渭南市总工会", "city", "", True)
add_nodes(Actor.system("bench", at), [root, *counties, *towns, *leaves])
"""


def towns() -> list[str]:
    return [f"{county}{1 + n:03d}" for county, count in zip(rosters.COUNTIES, TOWNS, strict=True) for n in range(count)]


def leaves() -> list[str]:
    """Unions lie thicker in some towns than in others."""
    held = towns()
    return [f"{held[int(len(held) * (n / LEAVES) ** 1.2)]}-B{n:05d}" for n in range(LEAVES)]


def make_rows(count: int) -> Iterator[list[str]]:
    """The rows of the roster's bench under names as common as they are, in unions of very different size."""
    chance = random.Random(count)
    codes = leaves()
    weights = [1 / (n + 2) for n in range(len(SURNAMES))]
    sizes = sorted(int(LEAVES * chance.random() ** 2) for _ in range(count))
    spread = list(range(LEAVES))
    chance.shuffle(spread)
    for place, row in enumerate(rosters.make_rows(count, 0)):
        surname = chance.choices(SURNAMES, weights)[0]
        length = 1 if chance.random() < 0.2 else 2
        row[0] = surname + "".join(GIVEN[int(len(GIVEN) * chance.random() ** 1.7)] for _ in range(length))
        if chance.random() < 0.004:
            row[0] = chance.choice(COMMONEST)
        row[14] = codes[spread[sizes[place]]]
        yield row


class Ground(rosters.Ground):
    """A database with a tree of four levels and the register."""

    def tree(self) -> str:
        return TREE

    def ready(self, rows: int) -> tuple[str, dict[str, str]]:
        url, env = self.fresh()
        sheet = self.folder / "roster.xlsx"
        from unionhome.core.members.rules.roster import headers
        from unionhome.kit.sheets import write_workbook

        write_workbook(sheet, headers(), make_rows(rows))
        took, _ = rosters.run_import(sheet, env)
        rosters.tell("register made", f"{took:.1f} s, {rows} members")
        return url, env


# -- asking ----------------------------------------------------------------------------------------------------------


class Watch:
    """Adds up what the database takes, fetching included."""

    def __init__(self) -> None:
        self.spent, self.asked = 0.0, 0

    def timed(self, call: Any, *given: Any) -> Any:
        started = time.perf_counter()
        answer = call(*given)
        self.spent += time.perf_counter() - started
        return answer


@contextmanager
def watched() -> Iterator[Watch]:
    from django.db import connection
    from django.db.backends.utils import CursorWrapper

    watch = Watch()

    class Timed(CursorWrapper):
        def execute(self, sql: Any, params: Any = None) -> Any:
            watch.asked += 1
            return watch.timed(super().execute, sql, params)

        def fetchmany(self, *given: Any) -> Any:
            return watch.timed(self.cursor.fetchmany, *given)

        def fetchone(self) -> Any:
            return watch.timed(self.cursor.fetchone)

        def fetchall(self) -> Any:
            return watch.timed(self.cursor.fetchall)

    connection.make_cursor = lambda cursor: Timed(cursor, connection)
    try:
        yield watch
    finally:
        del connection.make_cursor


def actors() -> dict[str, Any]:
    """A cadre of each level; the largest county, town and union, and a usual one."""
    from datetime import UTC, datetime

    from django.db.models import Count

    from unionhome.core.members.models import Membership
    from unionhome.core.registry import Actor, Grant
    from unionhome.core.tree.models import Node

    largest = Membership.objects.values_list("node").annotate(n=Count("pk")).order_by("-n").values_list("node")
    leaf = list(Node.objects.filter(level="grassroots").order_by("pk"))
    chosen = {
        "city": Node.objects.get(level="city"),
        "county": Node.objects.get(code=rosters.COUNTIES[0]),
        "small county": Node.objects.get(code=rosters.COUNTIES[-1]),
        "town": Node.objects.get(code=towns()[0]),
        "enterprise union": leaf[len(leaf) // 2],
        "largest union": Node.objects.get(pk=largest[0][0]),
    }
    may = frozenset({"members.view"})
    return {
        role: Actor(
            at=datetime(2026, 11, 2, tzinfo=UTC),
            door="desk",
            user_id=1,
            node_id=node.pk,
            node_path=node.path,
            grants=(Grant("cadre", node.pk, node.path, may),),
        )
        for role, node in chosen.items()
    }


def questions(actor: Any) -> Iterable[tuple[str, str]]:
    """The fixed names and initials, and the numbers of members within reach and of some beyond it."""
    from unionhome.core.members.models import Membership
    from unionhome.core.members.queries.files import get_clear_values
    from unionhome.core.tree.queries import scope

    for kind, texts in ASKED.items():
        yield from ((kind, text) for text in texts)
    every = Membership.objects.select_related("person").order_by("pk")
    near = scope(every, actor, "members.view")[:NEAR]
    last = every.values_list("pk", flat=True).last() or 1
    far = every.filter(pk__in=range(1, last, max(1, last // NEAR)))
    for row in [*near, *far]:
        values = get_clear_values(row.person)
        yield "phone", values["phone"]
        yield "whole document", values["document"]
        yield "last four digits", values["document"][-4:]
        yield "last four digits", values["phone"][-4:]
        yield "card", row.card_no


def ask(actor: Any, text: str) -> tuple[float, int, int]:
    """Seconds in the database, questions, and how many were found (1,001 for more)."""
    from unionhome.core.members import queries

    with watched() as watch:
        found = queries.find_persons(actor, text)
        queries.list_rows(actor, queries.list_found(actor, found.ids[:PAGE_ROWS]))
    return watch.spent, watch.asked, len(found.ids) + found.is_more


def measure() -> None:
    import django

    django.setup()
    all_of: dict[str, list[float]] = defaultdict(list)
    best_of: dict[str, list[float]] = defaultdict(list)
    rosters.tell("", f"{'p50':>20}{'p95':>8}{'max':>8}{'p95 of best':>13} ms    searches   questions   most found")
    for role, actor in actors().items():
        times: dict[str, list[float]] = defaultdict(list)
        most: dict[str, tuple[int, int]] = {}
        asked_for = list(questions(actor))
        for _ in range(TIMES):
            for kind, text in asked_for:
                spent, asked, found = ask(actor, text)
                times[kind].append(spent * 1000)
                most[kind] = max(most.get(kind, (0, 0)), (found, asked))
        for kind, spent in times.items():
            found, asked = most[kind]
            line(f"{role}: {kind}", spent, best(spent), f"{asked:>6}{'1,000+' if found > 1000 else found:>14}")
            all_of[role] += spent
            best_of[role] += best(spent)
    for role, spent in all_of.items():
        line(role, spent, best_of[role], "")
    line("all", [*chain(*all_of.values())], [*chain(*best_of.values())], "(p95 under 20)")


def best(spent: list[float]) -> list[float]:
    """The quickest of the rounds of each search: what it takes when nobody else wants the processor."""
    asked = len(spent) // TIMES
    return [min(spent[place::asked]) for place in range(asked)]


def late(spent: list[float]) -> float:
    return sorted(spent)[math.ceil(len(spent) * 0.95) - 1]


def line(label: str, spent: list[float], least: list[float], more: str) -> None:
    figures = f"{statistics.median(spent):8.2f}{late(spent):8.2f}{max(spent):8.2f}{late(least):13.2f}"
    print(f"{label:<38}{figures}{len(spent):>15}   {more}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--postgres", action="store_true", help="on the server of UNIONHOME_DATABASE_URL")
    parser.add_argument("--keep", type=Path, help="folder of the register, made once and asked again and again")
    options = parser.parse_args()
    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    engine = "PostgreSQL" if server else f"SQLite {sqlite3.sqlite_version}"
    rosters.tell(
        "machine", f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(prepare(folder, server, options.rows))
        measure()


def prepare(folder: Path, server: str, rows: int) -> dict[str, str]:
    """The environment of a register; one that a folder holds already is taken again."""
    noted = folder / "bench.env"
    if noted.exists():
        return dict(each.split("=", 1) for each in noted.read_text(encoding="utf-8").splitlines())
    os.environ["UNIONHOME_SECRET_KEY"] = secrets.token_hex(32)
    os.environ["UNIONHOME_FIELD_KEYS"] = "b1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    _, env = Ground(folder, server).ready(rows)
    kept = {name: value for name, value in env.items() if name.startswith(("UNIONHOME_", "DJANGO_"))}
    noted.write_text("\n".join(f"{name}={value}" for name, value in kept.items()), encoding="utf-8")
    return kept


if __name__ == "__main__":
    main()
