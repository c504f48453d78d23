"""What the inbox, the page of a case and the sweep that lets late cases go up cost the database of a busy city.

    python bench/bench_inbox.py                                   100,000 cases, SQLite in a temporary folder
    python bench/bench_inbox.py --cases 2000000 --keep FOLDER     made once, asked again and again (SQLite)
    python bench/bench_inbox.py --explain                         with the plans of the slowest statements
    tools/postgres.py -- python bench/bench_inbox.py --postgres --cases 2000000

Cases lie over 8,155 unions in four levels; one in fifty is open, one in a thousand is late and has not gone up yet.
Each has its item in the inbox, three clocks and two lines of its timeline. Pages are whole answers, with the session.
Limits: the inbox of a county's cadre 30 ms, opening a case 20 ms, the sweep 10 s. Prints, asserts nothing.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from records import AT, SERIES, UNIONS, asked_of, environment, lay_tree, make_places, tell  # noqa: E402

ROUNDS = 5
LIMITS = {"inbox": 30, "case": 20, "sweep": 10_000}
SLOWEST = 4
SPREAD = """
{series}, spread AS (SELECT i, (i * 7919) % 1000003 AS a, i % 50 = 0 AS is_open, i % 1000 = 0 AS is_late FROM g),
placed AS (SELECT s.*, p.node_id, p.county_id, p.town_id, p.village_id,
    CASE WHEN s.is_late THEN {late} WHEN s.is_open AND s.i % 400 <> 0 THEN {due} END AS due_at,
    CASE WHEN s.is_open THEN {lately} ELSE {long_ago} END AS opened_at,
    CASE WHEN NOT s.is_open THEN 'closed' WHEN s.i % 400 = 0 AND NOT s.is_late THEN 'proposed' ELSE 'handling' END
        AS state
    FROM spread s JOIN bench_place p ON p.n = CAST({unions} * (s.a / 1000003.0) * (s.a / 1000003.0) AS INTEGER))
"""
CASES = """
INSERT INTO cases_case (id, number, kind, category, title, body_sealed, is_urgent, origin, applicant_name, phone_index,
    receipt_index, node_id, hidden_path, employer_text, place_text, state, opened_at, opened_on, accepted_at, closed_at,
    closed_on, ended_on, rating, reopened_count, county_id, town_id, village_id, climbs_at, proposed_at, difficulty)
{spread} SELECT i, 'SQ-' || i, 'helpdesk.need', 'wages', '拖欠工资：王＊', {body}, {no}, 'phone', '王某', '',
    CAST(i AS TEXT), node_id, '', '', '', state, opened_at, {opened_on}, opened_at,
    CASE WHEN is_open THEN NULL ELSE opened_at END, CASE WHEN is_open THEN NULL ELSE {opened_on} END,
    CASE WHEN is_open THEN NULL ELSE {opened_on} END, '', 0, county_id, town_id, village_id, due_at,
    CASE WHEN state = 'proposed' THEN opened_at END, 'ordinary' FROM placed
"""
ITEMS = """
INSERT INTO workflow_workitem ("table", model, object_id, node_id, hidden_path, kind_label, icon, title, url, state,
    state_label, next_step, origin, opened_at, due_at, limit_minutes, is_provisional, closed_at)
{spread} SELECT 'helpdesk.need', 'cases.case', i, node_id, '', '诉求', 'message-report', '拖欠工资：王＊',
    '/desk/cases/' || i || '/', state, '办理中', '首次到场', '手机页', opened_at, due_at, 120, {no},
    CASE WHEN is_open THEN NULL ELSE opened_at END FROM placed
"""
CLOCKS = """
INSERT INTO cases_clock (case_id, name, limit_minutes, is_natural, started_at, due_at, is_provisional, stopped_at,
    used_minutes)
{spread} SELECT placed.i, name, minutes, {no}, opened_at, CASE WHEN name = 'arrive' THEN due_at ELSE {later} END, {no},
    CASE WHEN is_open THEN NULL ELSE opened_at END, CASE WHEN is_open THEN NULL ELSE 60 END
    FROM placed, (SELECT 'arrive' AS name, 120 AS minutes UNION SELECT 'help', 240 UNION SELECT 'measure', 360) AS kinds
"""
LINES = """
INSERT INTO cases_entry (case_id, at, kind, is_public, is_sealed, title, clock, actor_name, actor_post, actor_union)
{spread} SELECT placed.i, opened_at, kind, {yes}, {no}, words, '', '', '', '第1工会' FROM placed,
    (SELECT 'opened' AS kind, '提出诉求' AS words UNION SELECT 'step', '第1工会已受理') AS kinds
"""
DIALECT = {
    "sqlite": {
        "late": "'{hour_ago}'",
        "due": "strftime('%Y-%m-%d %H:%M:%f000', '{at}', '+' || (s.a % 4000) || ' minutes')",
        "lately": "strftime('%Y-%m-%d %H:%M:%f000', '{at}', '-' || (60 + s.a % 7000) || ' minutes')",
        "long_ago": "strftime('%Y-%m-%d %H:%M:%f000', '{at}', '-' || (9000 + (s.i * 7) % 2000000) || ' minutes')",
        "later": "'{in_a_week}'",
        "opened_on": "date(opened_at)",
        "no": "0",
        "yes": "1",
        "body": "x'{sealed}'",
    },
    "postgresql": {
        "late": "timestamptz '{hour_ago}+00'",
        "due": "timestamptz '{at}+00' + ((s.a % 4000) || ' minutes')::interval",
        "lately": "timestamptz '{at}+00' - ((60 + s.a % 7000) || ' minutes')::interval",
        "long_ago": "timestamptz '{at}+00' - ((9000 + (s.i * 7) % 2000000) || ' minutes')::interval",
        "later": "timestamptz '{in_a_week}+00'",
        "opened_on": "opened_at::date",
        "no": "false",
        "yes": "true",
        "body": "'\\x{sealed}'::bytea",
    },
}


def words(count: int) -> dict[str, str]:
    """What stands in the braces of the statements, in the words of the engine at hand."""
    from django.db import connection

    from unionhome.core.cases.rules import BODY_FIELD
    from unionhome.kit import crypto

    facts = {
        "at": f"{AT:%Y-%m-%d %H:%M:%S}",
        "hour_ago": f"{AT - timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        "in_a_week": f"{AT + timedelta(days=7):%Y-%m-%d %H:%M:%S}",
        "sealed": crypto.seal("公司两个月没发工资，想请工会帮忙问一问。", field=BODY_FIELD).hex(),
    }
    found = {name: text.format(**facts) for name, text in DIALECT[connection.vendor].items()}
    series = SERIES[connection.vendor].format(first=1, last=count).rstrip()
    found["spread"] = SPREAD.format(series=series, unions=UNIONS, **found)
    return found


def fill(count: int) -> None:
    """Raw statements: what is measured is asking, not making."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from unionhome.core.cases.models import Case, Clock, Entry
    from unionhome.core.workflow.models import WorkItem
    from unionhome.kit.bulk import indexed_afterwards

    call_command("migrate", verbosity=0)
    lay_tree()
    started, said = time.perf_counter(), words(count)
    with connection.cursor() as cursor:
        make_places(cursor)
    for model, statement in ((Case, CASES), (WorkItem, ITEMS), (Clock, CLOCKS), (Entry, LINES)):
        with transaction.atomic(), indexed_afterwards(model), connection.cursor() as cursor:
            cursor.execute(statement.format(**said))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), max(id)) FROM cases_case")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    tell("cases made", f"{time.perf_counter() - started:.1f} s")


def people() -> None:
    """A cadre of a county and one of a town, and the rule by which cases go up."""
    from unionhome.core.access.models import RoleGrant, User
    from unionhome.core.cases.models import EscalationRule
    from unionhome.core.tree.models import Node

    for level in ("county", "town", "city"):
        node = Node.objects.filter(level=level).order_by("path")[0]
        user, _ = User.objects.get_or_create(username=level, defaults={"name": level, "node": node, "password": "!"})
        RoleGrant.objects.get_or_create(user=user, role="cadre", node=node, defaults={"starts_on": date(2000, 1, 1)})
    root = Node.objects.get(level="city")
    EscalationRule.objects.get_or_create(
        node=root, state="on", defaults={"step_minutes": 120, "created_at": AT, "started_at": AT}
    )


def client_of(name: str) -> Any:
    """A browser in which that account is signed in."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from unionhome.core.access.models import SignIn, User
    from unionhome.kit import crypto

    session = SessionStore()
    session.create()
    SignIn.objects.create(
        user=User.objects.get(username=name),
        session_index=crypto.blind(session.session_key or "", field="access.sign_in"),
        door="desk",
        device="bench",
        started_at=AT,
        seen_at=AT,
        strong_at=AT,
    )
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def measure_page(label: str, client: Any, url: str, limit: int, *, explain: bool) -> None:
    def ask() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answered {answer.status_code}")

    ask()
    spent, asked, whole = asked_of(ask, ROUNDS)
    tell(label, f"{min(spent):9.1f} ms of {limit}, {asked} statements, {whole:.0f} ms in all")
    if explain:
        show_plans(ask)


def show_plans(ask: Any) -> None:
    """The slowest statements of one call with their plans."""
    from bench_city_pages import counted
    from django.db import connection

    said: list[tuple[float, str]] = []
    given: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        given.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note), counted(said):
        ask()
    values = dict(given)
    prefix = "EXPLAIN ANALYZE " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    for spent, sql in sorted(said, reverse=True)[:SLOWEST]:
        print(f"    {spent:8.1f}  {sql[:600]}")
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(prefix + sql, values.get(sql))
                for row in cursor.fetchall():
                    print(f"              {row[-1]}")


def measure_sweep() -> None:
    from unionhome.core.cases.actions import escalate_late_cases
    from unionhome.core.cases.models import Case
    from unionhome.core.registry import Actor

    late = Case.objects.filter(climbs_at__lt=AT).count()
    steps = []
    spent, asked, whole = asked_of(lambda: steps.append(escalate_late_cases(Actor.system("bench", AT))), 1)
    text = f"{spent[0]:9.0f} ms of {LIMITS['sweep']:,}, {asked:,} statements, {whole / 1000:.1f} s in all"
    tell(f"sweep over {late:,} late, {steps[0]:,} went up", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true", help="on the server of UNIONHOME_DATABASE_URL")
    parser.add_argument("--keep", type=Path, help="folder of the SQLite database; a sweep leaves nothing late in it")
    parser.add_argument("--explain", action="store_true", help="the slowest statements of each page with their plans")
    options = parser.parse_args()
    server = os.environ["UNIONHOME_DATABASE_URL"] if options.postgres else ""
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["UNIONHOME_ALLOWED_HOSTS"] = "testserver"
        environment(folder, server)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from unionhome.core.access import clock
        from unionhome.core.cases.models import Case

        call_command("collectstatic", interactive=False, verbosity=0)
        clock.now = lambda: AT
        engine = "PostgreSQL" if server else f"SQLite {sqlite3.sqlite_version}"
        tell("machine", f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine}")
        if "bench_place" not in connection.introspection.table_names():
            fill(options.cases)
        people()
        tell("cases", f"{Case.objects.count():,}, open {Case.objects.filter(ended_on=None).count():,}")
        for level in ("county", "town", "city"):
            client = client_of(level)
            measure_page(f"inbox, {level}", client, "/desk/inbox/", LIMITS["inbox"], explain=options.explain)
            label = f"inbox with those below, {level}"
            measure_page(label, client, "/desk/inbox/?view=all", LIMITS["inbox"], explain=options.explain)
        client = client_of("county")
        county = Case.objects.filter(county__name="第0县总工会", state="handling").order_by("-pk")[0]
        measure_page("a case, county", client, f"/desk/cases/{county.pk}/", LIMITS["case"], explain=options.explain)
        measure_sweep()


if __name__ == "__main__":
    main()
