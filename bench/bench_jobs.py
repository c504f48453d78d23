"""How fast the lease queue is, and how soon it recovers from a killed worker.

    python bench/bench_jobs.py                                             SQLite in a temporary folder
    python bench/bench_jobs.py --database postgres://user@127.0.0.1/empty  an empty PostgreSQL database

Prints jobs queued a second (each in its own transaction, and in one), claimed and finished a second by one worker,
and the seconds from a kill -9 in the middle of a job until another worker had done it. Asserts nothing.
"""

import argparse
import base64
import os
import platform
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def prepare(url: str, folder: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionhome.config.settings")
    os.environ["UNIONHOME_DATABASE_URL"] = url
    os.environ["UNIONHOME_DATA_DIR"] = folder
    os.environ["UNIONHOME_SECRET_KEY"] = secrets.token_hex(32)
    os.environ["UNIONHOME_FIELD_KEYS"] = "b1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    os.environ["UNIONHOME_LOG_LEVEL"] = "ERROR"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.core.jobs.samples import make_tables

    make_tables()


def rate(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def measure_rates(count: int) -> tuple[float, float, float]:
    from django.db import transaction

    from tests.core.jobs.samples import add
    from unionhome.core.jobs.worker import drain

    def enqueue() -> None:
        for number in range(count):
            add.enqueue(number, 1)

    alone = rate(count, enqueue)
    with transaction.atomic():
        together = rate(count, enqueue)
    return alone, together, rate(2 * count, lambda: drain(2 * count))


def measure_recovery() -> float:
    from tests.core.jobs.samples import numbers, slow_effect

    slow_effect.enqueue(1, 1.0)
    first = start_worker()
    wait_for(lambda: numbers("sample_start") == [1])
    second = start_worker()
    time.sleep(0.5)
    first.send_signal(signal.SIGKILL)
    killed = time.perf_counter()
    wait_for(lambda: numbers("sample_effect") == [1])
    took = time.perf_counter() - killed
    second.terminate()
    for process in (first, second):
        process.wait()
    return took - 1.0


def start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "unionhome", "worker"], cwd=ROOT)


def wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.02)


def engine() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="")
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(options.database or f"sqlite://{folder}/bench.sqlite", folder)
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine()}"
        print(f"machine                        {machine}")
        alone, together, done = measure_rates(options.count)
        print(f"queued, a transaction each     {alone:8.0f} /s")
        print(f"queued, one transaction        {together:8.0f} /s")
        print(f"claimed and finished           {done:8.0f} /s   (one worker)")
        print(
            f"recovery after kill -9         {measure_recovery():8.1f} s    (lease 4 s; without the job's own second)"
        )


if __name__ == "__main__":
    main()
