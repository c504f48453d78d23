"""How long it takes until a union of thousands of members is part of another one, in one act.

    python bench/bench_merging.py                                 30,000 members, SQLite in a temporary folder
    python bench/bench_merging.py --members 3000 --employers 40
    tools/postgres.py -- python bench/bench_merging.py --postgres

Prints seconds, members a second, statements and the growth of memory; asserts nothing.
"""

import argparse
import base64
import os
import resource
import secrets
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
DIVISIONS = """code12,name,level,parent_code12
610500000000,渭南市,city,
610502000000,临渭区,county,610500000000
610502001000,人民街道,town,610502000000
610502001001,园里堡社区居委会,village,610502001000
"""
PLACE, TOWN = "610502001001", "610502001"
LOT = 2_000


def set_up(folder: Path, url: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "unionhome.config.settings",
        "UNIONHOME_DATABASE_URL": url,
        "UNIONHOME_DATA_DIR": str(folder),
        "UNIONHOME_SECRET_KEY": secrets.token_hex(32),
        "UNIONHOME_FIELD_KEYS": "b1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(folder: Path, members_count: int, employers: int) -> tuple[int, int]:
    """Two joint unions, the first with all the members and employers; their ids."""
    from unionhome.core.members import actions as members
    from unionhome.core.organizations import actions
    from unionhome.core.registry import Actor
    from unionhome.kit.codes import make_identity

    system = Actor.system("bench", datetime(2026, 3, 10, 2, tzinfo=UTC))
    path = folder / "divisions.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    actions.load_divisions(system, path, 2023)
    actions.found_division_unions(system, "610500", founded_on=date(2015, 1, 1))
    made = []
    for name in ("第一联合工会", "第二联合工会"):
        facts = actions.UnionFacts(name=name, form="joint", division_code=PLACE, founded_on=date(2020, 1, 6))
        made.append(actions.found_union(system, parent_code=TOWN, facts=facts))
    for number in range(employers):
        facts_of = actions.EmployerFacts(name=f"渭南示例第{number}商店", division_code=PLACE)
        actions.cover_employer(system, made[0].node, facts_of, on=date(2021, 1, 1))
    rows = [
        members.EnrolRow(
            node_id=made[0].pk,
            name="李小明",
            document=make_identity("610502", date(1960 + number // 1000, 1, 1 + number % 28), number % 1000),
            joined_on=date(2024, 5, 1),
        )
        for number in range(members_count)
    ]
    for start in range(0, len(rows), LOT):
        members.enrol_many(system, rows[start : start + LOT])
    return made[0].pk, made[1].pk


def run(source: int, target: int, members_count: int) -> None:
    from django.db import connection

    from unionhome.core.members.models import Membership
    from unionhome.core.organizations import actions
    from unionhome.core.registry import Actor

    statements = 0

    def count(execute, *given):  # type: ignore[no-untyped-def]
        nonlocal statements
        statements += 1
        return execute(*given)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    system = Actor.system("bench", datetime(2026, 3, 10, 2, tzinfo=UTC))
    merger = actions.Merger([source], target, date(2026, 3, 2), "并入，会员大会通过")
    start = time.perf_counter()
    with connection.execute_wrapper(count):
        actions.merge_unions(system, merger)
    seconds = time.perf_counter() - start
    moved = Membership.objects.filter(node=target, left_on=None).count()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{connection.vendor}: {moved:,} of {members_count:,} members in {seconds:.1f} s, "
          f"{moved / seconds:,.0f} a second, {statements} statements, {grown:.0f} MB more")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=30_000)
    parser.add_argument("--employers", type=int, default=40)
    parser.add_argument("--postgres", action="store_true", help="use UNIONHOME_DATABASE_URL as it is set")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else f"sqlite://{folder / 'bench.sqlite3'}"
        set_up(folder, url)
        source, target = fill(folder, options.members, options.employers)
        run(source, target, options.members)


if __name__ == "__main__":
    main()
