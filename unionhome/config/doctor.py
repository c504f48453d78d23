"""`unionhome doctor`: is this deployment fit to run? A table of checks, each ok, warn or fail."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from unionhome.core.access import clock
from unionhome.core.access.models import User
from unionhome.core.access.rules import PHONE_FIELD
from unionhome.core.files.queries import find_broken
from unionhome.core.jobs.queries import count_by_state, find_last_round
from unionhome.core.journal.queries import count_entries, count_waiting, find_faults, find_last_check
from unionhome.core.notices.queries import count_troubled
from unionhome.core.policy.queries import list_missing, list_unpublished
from unionhome.core.registry import Refused
from unionhome.core.tree.queries import find_root
from unionhome.kit import crypto
from unionhome.kit.papers import has_chinese_font

OK, WARN, FAIL = "ok", "warn", "fail"
DEMO_KEY = "demo"
SECRET_LENGTH = 32
WALKED = 20_000
"""So many journal entries are walked here; beyond, the nightly walk is asked for its result."""
LEAST_FREE = 2 * 1024**3
MOST_DRIFT = timedelta(seconds=2)
WORKER_SILENT = timedelta(minutes=5)
FILES_LOOKED_AT = 50
MANY_UNSEALED = 10_000
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    name: str
    status: str
    note: str


def check_settings() -> Iterator[Finding]:
    """The secret, the error pages, TLS, and Django's own deployment checks by their ids."""
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) < SECRET_LENGTH:
        yield Finding("secret key", FAIL, f"set UNIONHOME_SECRET_KEY to {SECRET_LENGTH} random characters or more")
        return
    yield Finding("secret key", OK, "set")
    if settings.DEMO:
        yield Finding("demo", WARN, "this is a demo: never put real people into it")
        return
    if settings.DEBUG:
        yield Finding("debug", FAIL, "UNIONHOME_DEBUG shows code to visitors: switch it off")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("hosts", FAIL, "UNIONHOME_ALLOWED_HOSTS takes every name: list yours")
    found = checks.run_checks(include_deployment_checks=True)
    messages = [message for message in found if not message.is_silenced()]
    errors = [message for message in messages if message.level >= checks.ERROR]
    status = FAIL if errors else WARN if messages else OK
    yield Finding("deploy checks", status, " ".join(sorted({str(message.id) for message in messages})) or "none")


def check_keys() -> Iterator[Finding]:
    """Keys of the sealed fields: there, and not the demo's."""
    try:
        ring = crypto.keyring()
    except crypto.CryptoError as error:
        yield Finding("field keys", FAIL, f"set UNIONHOME_FIELD_KEYS ({error.code})")
        return
    ids = [entry.partition(":")[0].strip() for entry in settings.FIELD_KEYS.split(",")]
    if DEMO_KEY in ids and not settings.DEMO:
        yield Finding("field keys", FAIL, "these are the demo's keys: make your own")
        return
    yield Finding("field keys", OK, f"current {ring.current_id}, {len(ids)} in all, profile {ring.profile}")


def check_database() -> Iterator[Finding]:
    """Reachable, and with every migration."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    place = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    yield Finding("database", OK, place)
    if waiting:
        yield Finding("migrations", FAIL, f"{len(waiting)} waiting: run unionhome migrate")
    else:
        yield Finding("migrations", OK, "all applied")


def check_clock() -> Iterator[Finding]:
    """The zone of deadlines, and whether the database's clock agrees with this machine's."""
    yield Finding("time zone", OK if settings.TIME_ZONE == "Asia/Shanghai" else WARN, settings.TIME_ZONE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - timezone.now())
        status = OK if drift <= MOST_DRIFT else WARN
        yield Finding("clock", status, f"{drift.total_seconds():.1f} s from the database's")
    if settings.DEMO_TODAY:
        yield Finding("demo's day", WARN, str(settings.DEMO_TODAY))


def check_sealed() -> Iterator[Finding]:
    """Whether the keys open what is stored, and find it again."""
    user = User.objects.filter(phone_sealed__isnull=False).order_by("-pk").first()
    if user is None or user.phone_sealed is None:
        yield Finding("sealed fields", OK, "none yet")
        return
    try:
        phone = crypto.open_sealed(user.phone_sealed, field=PHONE_FIELD)
    except crypto.CryptoError as error:
        yield Finding("sealed fields", FAIL, f"the keys do not open what is stored ({error.code})")
        return
    if crypto.blind(phone, field=PHONE_FIELD) != user.phone_index:
        yield Finding("sealed fields", FAIL, "the index key is another one: stored values cannot be found")
        return
    yield Finding("sealed fields", OK, "open and are found")


def check_tree() -> Iterator[Finding]:
    """The federation itself."""
    root = find_root()
    if root is None:
        yield Finding("federation", WARN, "no tree yet: load one, or run unionhome demo")
    elif root.code != settings.ROOT_CODE:
        yield Finding("federation", FAIL, f"the tree is of {root.code}, UNIONHOME_ROOT_CODE says {settings.ROOT_CODE}")
    else:
        yield Finding("federation", OK, root.code)


def check_journal() -> Iterator[Finding]:
    """The chains hold up to their heads, and nothing waits too long to be sealed."""
    sealed, waiting = count_entries(), count_waiting()["unsealed"]
    if sealed <= WALKED:
        faults = list(islice(find_faults(), 3))
        note = "; ".join(f"chain {fault.chain} at {fault.seq}" for fault in faults) or f"{sealed} entries hold"
        yield Finding("journal", FAIL if faults else OK, note)
    else:
        last = find_last_check()
        if last is None or last.done_at is None:
            yield Finding("journal", WARN, f"{sealed} entries never walked: run unionhome verify")
        else:
            yield Finding("journal", FAIL if last.fault_count else OK, f"walked {last.done_at:%Y-%m-%d %H:%M}")
    yield Finding("journal sealing", WARN if waiting > MANY_UNSEALED else OK, f"{waiting} entries wait")


def check_jobs() -> Iterator[Finding]:
    """A worker runs, and nothing failed."""
    last = find_last_round()
    if last is None or timezone.now() - last > WORKER_SILENT:
        yield Finding("worker", WARN, "no worker has run in the last minutes: start unionhome worker")
    else:
        yield Finding("worker", OK, f"last round {timezone.localtime(last):%H:%M:%S}")
    counts = count_by_state()
    note = ", ".join(f"{count} {state.lower()}" for state, count in counts.items())
    yield Finding("jobs", WARN if counts["FAILED"] else OK, note)


def check_calendar() -> Iterator[Finding]:
    """This year and the next are announced; every declared policy has a value."""
    today = timezone.localdate(clock.now())
    missing = list_unpublished((today.year, today.year + 1))
    note = f"provisional (暂定): {', '.join(map(str, missing))}" if missing else f"{today.year}, {today.year + 1}"
    yield Finding("calendar", WARN if missing else OK, note)
    keys = list_missing(today)
    yield Finding("policies", FAIL if keys else OK, ", ".join(keys) if keys else "each has a value")


def check_folder() -> Iterator[Finding]:
    """The data folder can be written, by its owner only, and has room."""
    folder = Path(settings.DATA_DIR)
    probe = folder / f"doctor-{os.getpid()}-{time.monotonic_ns()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"doctor")
        probe.unlink()
    except OSError as error:
        yield Finding("data folder", FAIL, f"cannot be written: {error.strerror}")
        return
    open_to_all = folder.stat().st_mode & 0o007
    yield Finding("data folder", WARN if open_to_all else OK, "open to every account" if open_to_all else "writable")
    free = shutil.disk_usage(folder).free
    yield Finding("free space", OK if free >= LEAST_FREE else WARN, f"{free / 1024**3:.1f} GiB")


def check_files() -> Iterator[Finding]:
    """The newest sealed files open and match their digests."""
    broken = list(islice(find_broken(FILES_LOOKED_AT), 3))
    note = "; ".join(f"file {pk}: {code}" for pk, code in broken) or f"the newest {FILES_LOOKED_AT} are whole"
    yield Finding("sealed files", FAIL if broken else OK, note)


def check_fonts() -> Iterator[Finding]:
    """Whether papers can be printed: a Chinese face is there."""
    found = has_chinese_font()
    yield Finding("fonts", OK if found else WARN, "Chinese faces found" if found else "install fonts-noto-cjk")


def check_sms() -> Iterator[Finding]:
    """Workers can be sent their codes: a gateway is set, and reached under TLS."""
    url = settings.SMS_GATEWAY.url
    if not url:
        note = "console (demo)" if settings.DEMO else "no gateway, workers cannot sign in: set UNIONHOME_SMS_URL"
        yield Finding("sms gateway", OK if settings.DEMO else WARN, note)
    elif not url.startswith("https://"):
        yield Finding("sms gateway", WARN, "UNIONHOME_SMS_URL is not https: numbers and codes travel in clear")
    else:
        yield Finding(
            "sms gateway",
            OK if settings.SMS_GATEWAY.key else WARN,
            "set" if settings.SMS_GATEWAY.key else "no UNIONHOME_SMS_KEY",
        )


def check_mail() -> Iterator[Finding]:
    """Where mail is set up, it is whole and goes under TLS; links in messages lead somewhere."""
    if not settings.EMAIL_HOST:
        yield Finding("mail", OK, "none set")
    elif "@" not in settings.DEFAULT_FROM_EMAIL:
        yield Finding("mail", FAIL, "UNIONHOME_MAIL_FROM is no address: no mail can go out")
    elif not (settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS) and settings.EMAIL_HOST not in LOCAL:
        yield Finding("mail", WARN, "UNIONHOME_MAIL_TLS is neither ssl nor starttls: mail travels in clear")
    else:
        yield Finding("mail", OK, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")
    if not settings.PUBLIC_URL and not settings.DEMO:
        yield Finding("public address", WARN, "messages hold no links: set UNIONHOME_PUBLIC_URL")
    elif settings.PUBLIC_URL and not settings.PUBLIC_URL.startswith("https://"):
        yield Finding("public address", OK if settings.DEMO else WARN, "UNIONHOME_PUBLIC_URL is not https")


def check_notices() -> Iterator[Finding]:
    """Messages go out: none failed for good lately, none waits although it is long due."""
    counts = count_troubled(clock.now())
    note = f"{counts.failed} failed in the last days, {counts.late} late"
    yield Finding("messages", WARN if counts.failed or counts.late else OK, note)


def check_assets() -> Iterator[Finding]:
    """What pages load is built."""
    built = (settings.BUILD_DIR / "static" / "icons.svg").is_file()
    yield Finding("assets", OK if built else FAIL, "built" if built else "run tools/build_assets.py")


BEFORE = (check_settings, check_keys, check_folder, check_assets, check_database)
INSIDE = (
    check_clock,
    check_tree,
    check_sealed,
    check_journal,
    check_jobs,
    check_calendar,
    check_files,
    check_fonts,
    check_sms,
    check_mail,
    check_notices,
)


def examine() -> list[Finding]:
    """Every finding; what needs the database is left out where the database or its tables are not there."""
    findings = _all(BEFORE)
    if any(finding.name in ("database", "migrations") and finding.status == FAIL for finding in findings):
        return findings
    return findings + _all(INSIDE)


def _all(parts: Iterable[Callable[[], Iterator[Finding]]]) -> list[Finding]:
    findings: list[Finding] = []
    for part in parts:
        name = part.__name__.removeprefix("check_")
        try:
            findings.extend(part())
        except DatabaseError as error:
            findings.append(Finding(name, FAIL, f"database: {type(error).__name__}"))
        except (crypto.CryptoError, Refused, OSError) as error:
            findings.append(Finding(name, FAIL, f"{type(error).__name__}: {getattr(error, 'code', '')}".rstrip(": ")))
    return findings


def run() -> int:
    """Print the table; 1 when something fails, else 0."""
    findings = examine()
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        sys.stdout.write(f"{finding.status:<5} {finding.name:<{width}}  {finding.note}\n")
    counts = {status: sum(finding.status == status for finding in findings) for status in (OK, WARN, FAIL)}
    sys.stdout.write(", ".join(f"{count} {status}" for status, count in counts.items()) + "\n")
    return 1 if counts[FAIL] else 0
