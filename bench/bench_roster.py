"""How fast a roster of a whole city is entered, against reading its sheet and against a raw bulk insert.

    python bench/bench_roster.py                                             20,000 rows, SQLite in a temporary folder
    python bench/bench_roster.py --rows 731692                               a whole city
    python bench/bench_roster.py --rows 50000 --register 1500000             also into a register of that size
    tools/postgres.py -- python bench/bench_roster.py --postgres             the same on PostgreSQL

Times the command itself (read, check, preview, enter, outcomes, journal) in a process of its own and tells its peak of
memory; reads the same sheet with calamine; and inserts the very rows that were made, sealed and indexed as they are,
into an empty database with the same tables and indexes in one transaction. Prints ratios and asserts nothing.
"""

import argparse
import base64
import io
import os
import platform
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

UNIONS = 8_155
TABLES = ("members_person", "members_membership")
COPIED = {
    "members_person": {"id": "id + {add}", "document_index": "{blind}", "phone_index": "{blind}"},
    "members_membership": {
        "id": "id + {add}",
        "person_id": "person_id + {add}",
        "card_no": "'C' || CAST(id + {add} AS TEXT)",
    },
}
"""What a copy of a member has of its own."""
FETCHED = 5_000
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "建国志强秀英丽华海燕晓东小军春梅桂兰永红卫红霞文斌亚玉新民雪长安渭生金凤银环保平麦香广运思源子轩雨桐浩然"
COUNTIES = (
    "610502",
    "610503",
    "610522",
    "610523",
    "610524",
    "610525",
    "610526",
    "610527",
    "610528",
    "610581",
    "610582",
)

UNION_TREE = """
import django; django.setup()
from datetime import date, datetime, UTC
from django.core.management import call_command
call_command("migrate", verbosity=0)
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_nodes
at, opened = datetime(2026, 11, 1, tzinfo=UTC), date(2000, 1, 1)
counties = [NewNode(code, f"{code}县总工会", "county", "610500", opened, True) for code in %(counties)r]
leaves = [
    NewNode(f"{counties[n %% 11].code}-B{n:05d}", f"第{n}示例工会", "grassroots", counties[n %% 11].code, opened, False)
    for n in range(%(unions)d)
]
add_nodes(Actor.system("bench", at), [NewNode("610500", "渭南市总工会", "city", "", opened, True), *counties, *leaves])
"""


def environment(url: str, folder: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "unionhome.config.settings",
        "UNIONHOME_DATABASE_URL": url,
        "UNIONHOME_DATA_DIR": str(folder),
        "UNIONHOME_LOG_LEVEL": "ERROR",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }


def run_python(code: str, env: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True)


def make_rows(count: int, first: int) -> Iterator[list[str]]:
    """Invented people with valid documents, no two alike, sorted by union as such rosters are."""
    from unionhome.kit.codes import make_identity

    chance = random.Random(first)
    start = date(1962, 1, 1)
    words = ("大专", "高中", "本科", "初中"), ("群众", "中共党员", "共青团员"), ("中级工", "初级工", "高级工", "无")
    for place in range(count):
        number = first + place
        county, rest = number % 11, number // 11
        born = start + timedelta(days=rest // 1000 % 14_000)
        serial = rest % 1000
        union = place * UNIONS // count
        yield [
            chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN), "居民身份证",
            make_identity(COUNTIES[county], born, serial), f"1{3 + number % 7}{number:09d}"[:11],
            "男" if serial % 2 else "女", "汉族", born.isoformat(), chance.choice(words[0]), chance.choice(words[1]),
            chance.choice(words[2]), "农村户口" if number % 3 else "城镇户口", "是" if number % 3 else "否", "快递员",
            "在岗", f"{COUNTIES[union % 11]}-B{union:05d}", f"渭南第{union}示例有限公司", "",
            f"{2005 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}", "", "",
        ]  # fmt: skip


def write_sheet(path: Path, count: int, first: int) -> None:
    from unionhome.core.members.rules.roster import headers
    from unionhome.kit.sheets import write_workbook

    write_workbook(path, headers(), make_rows(count, first))


def run_import(sheet: Path, env: dict[str, str]) -> tuple[float, float]:
    """Seconds, and the peak of memory in MB, of the whole command."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "unionhome", "import-roster", str(sheet)]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    told = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0 or "没有收             0" not in told:
        raise SystemExit(f"the import went wrong:\n{told}")
    return took, usage.ru_maxrss / 1024


def read_sheet(sheet: Path) -> float:
    from python_calamine import load_workbook

    data = sheet.read_bytes()
    started = time.perf_counter()
    load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - started


# -- the raw insert --------------------------------------------------------------------------------------------------


def insert_sqlite(source: Path, target: Path) -> float:
    took = 0.0
    with closing(sqlite3.connect(source)) as made, closing(sqlite3.connect(target, isolation_level=None)) as empty:
        for statement in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-64000", "mmap_size=268435456"):
            empty.execute(f"PRAGMA {statement}")
        empty.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            rows = made.execute(f"SELECT * FROM {table} ORDER BY id")
            marks = ", ".join("?" * len(rows.description))
            while some := rows.fetchmany(FETCHED):
                started = time.perf_counter()
                empty.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
                took += time.perf_counter() - started
        started = time.perf_counter()
        empty.execute("COMMIT")
        took += time.perf_counter() - started
    return took


def insert_postgres(source: str, target: str) -> float:
    import psycopg
    from psycopg.types.json import Jsonb

    took = 0.0
    with psycopg.connect(source) as made, psycopg.connect(target) as empty:
        for table in TABLES:
            with made.cursor(name="rows") as rows, empty.cursor() as cursor:
                rows.execute(f"SELECT * FROM {table} ORDER BY id")
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    while some := rows.fetchmany(FETCHED):
                        ready = [[Jsonb(cell) if isinstance(cell, dict) else cell for cell in row] for row in some]
                        started = time.perf_counter()
                        for row in ready:
                            copy.write_row(row)
                        took += time.perf_counter() - started
                    started = time.perf_counter()
                took += time.perf_counter() - started
        started = time.perf_counter()
        empty.commit()
        took += time.perf_counter() - started
    return took


# -- databases -------------------------------------------------------------------------------------------------------


class Ground:
    """Databases with a tree of unions and no member, one after another."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server, self.count = folder, server, 0

    def fresh(self) -> tuple[str, dict[str, str]]:
        self.count += 1
        folder = self.folder / str(self.count)
        folder.mkdir()
        if not self.server:
            url = f"sqlite://{folder}/bench.sqlite"
        else:
            import psycopg

            with psycopg.connect(self.server, autocommit=True) as server:
                server.execute(f'CREATE DATABASE "roster_{self.count}_{os.getpid()}"')
            url = urlunsplit(urlsplit(self.server)._replace(path=f"/roster_{self.count}_{os.getpid()}"))
        env = environment(url, folder)
        run_python(self.tree(), env)
        return url, env

    def tree(self) -> str:
        return UNION_TREE % {"counties": COUNTIES, "unions": UNIONS}

    def fill(self, url: str, held: int, wanted: int) -> None:
        """Copy the members held until there are `wanted`."""
        with closing(self.open(url)) as here:
            for place in range(1, -(-wanted // held)):
                most = min(held, wanted - place * held)
                for table, changes in COPIED.items():
                    columns = [each[0] for each in here.execute(f"SELECT * FROM {table} LIMIT 0").description]
                    blind = "md5(random()::text)" if self.server else "lower(hex(randomblob(16)))"
                    names = ", ".join(f'"{name}"' for name in columns)
                    chosen = ", ".join(
                        changes.get(name, f'"{name}"').format(add=place * held, blind=blind) for name in columns
                    )
                    query = f"SELECT {chosen} FROM {table} WHERE id <= {most}"
                    here.execute(f"INSERT INTO {table} ({names}) {query}")
                    if self.server:
                        here.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                here.commit()

    def open(self, url: str) -> Any:
        if not self.server:
            made = sqlite3.connect(url.removeprefix("sqlite://"))
            made.execute("PRAGMA cache_size=-1000000")
            return made
        import psycopg

        return psycopg.connect(url)

    def insert(self, source: str, target: str) -> float:
        if self.server:
            return insert_postgres(source, target)
        return insert_sqlite(Path(source.removeprefix("sqlite://")), Path(target.removeprefix("sqlite://")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--register", type=int, default=0, help="members that stand in the register already")
    parser.add_argument("--postgres", action="store_true", help="on the server of UNIONHOME_DATABASE_URL")
    options = parser.parse_args()
    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    os.environ["UNIONHOME_SECRET_KEY"] = secrets.token_hex(32)
    os.environ["UNIONHOME_FIELD_KEYS"] = "b1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    with tempfile.TemporaryDirectory() as name:
        measure(Ground(Path(name), server), Path(name) / "roster.xlsx", options)


def measure(ground: Ground, sheet: Path, options: argparse.Namespace) -> None:
    rows: int = options.rows
    engine = "PostgreSQL" if ground.server else f"SQLite {sqlite3.sqlite_version}"
    tell("machine", f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine}")
    write_sheet(sheet, rows, 0)
    tell("sheet", f"{rows} rows, {sheet.stat().st_size / 1e6:.1f} MB, {UNIONS} unions")
    made, env = ground.fresh()
    took, peak = run_import(sheet, env)
    read = read_sheet(sheet)
    inserted = ground.insert(made, ground.fresh()[0])
    tell("read with calamine", f"{read:8.1f} s")
    tell("raw bulk insert", f"{inserted:8.1f} s")
    tell("whole import", f"{took:8.1f} s   {rows / took:8.0f} rows/s   peak {peak:.0f} MB")
    tell("import / (read + insert)", f"{took / (read + inserted):8.2f}   (at most 4)")
    if options.register:
        measure_full(ground, sheet, options, rows / took)


def measure_full(ground: Ground, sheet: Path, options: argparse.Namespace, empty_rate: float) -> None:
    """The same roster into a register that others fill: one roster of others, copied under other blind indexes."""
    url, env = ground.fresh()
    other = sheet.with_name("others.xlsx")
    base = min(options.rows, options.register)
    write_sheet(other, base, 5_000_000)
    run_import(other, env)
    ground.fill(url, base, options.register)
    took, peak = run_import(sheet, env)
    rate = options.rows / took
    tell(f"into {options.register} members", f"{took:8.1f} s   {rate:8.0f} rows/s   peak {peak:.0f} MB")
    bar = 0.8 if ground.server else 0.6
    tell("full / empty, rows/s", f"{rate / empty_rate:8.2f}   (at least {bar})")


def tell(label: str, text: Any) -> None:
    print(f"{label:<26} {text}", flush=True)


if __name__ == "__main__":
    main()
