#!/usr/bin/env python3
"""Run the tests on SQLite, then on PostgreSQL, and say plainly what could not be run.

Arguments go to pytest. What is skipped fails the run when CI=true.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
POSTGRES = [sys.executable, str(ROOT / "tools" / "postgres.py")]
KEPT = ["--create-db", "--reuse-db"]
"""The server goes with its databases: made anew, they need not be dropped one by one."""
NO_TESTS = 5


def pytest_command(given: list[str], workers: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup", *given]
    if not CHROMIUM.exists():
        command += ["-m", "not browser"]
    return command


def clean_environment() -> dict[str, str]:
    """The tests pick their own database: one set for serving must not leak in."""
    ours = ("UNIONHOME_DATABASE_URL", "UNIONHOME_TEST_DATABASE_URL", "UNIONHOME_DATA_DIR")
    return {name: value for name, value in os.environ.items() if name not in ours}


def run_suite(title: str, command: list[str]) -> bool:
    print(f"\n===== {title} =====", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=clean_environment()).returncode
    if code == NO_TESTS:
        print(f"{title}: no test was selected")
    return code == 0


def can_start_postgres() -> bool:
    return subprocess.run([*POSTGRES, "--check"], cwd=ROOT).returncode == 0


def report(failed: list[str], skipped: list[str], in_ci: bool) -> int:
    print()
    for title in skipped:
        print(f"SKIPPED: {title}")
    for title in failed:
        print(f"FAILED: {title}")
    if skipped and in_ci:
        print("CI runs every suite: a skipped one counts as failed")
    wrong = bool(failed) or (bool(skipped) and in_ci)
    print("tests: failed" if wrong else "tests: green")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Run pytest on SQLite and on PostgreSQL.")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database only")
    parser.add_argument("--workers", default="2", help="parallel processes (default 2)")
    options, rest = parser.parse_known_args()
    command = pytest_command(rest, options.workers)
    failed: list[str] = []
    skipped: list[str] = []
    if not CHROMIUM.exists():
        skipped.append(f"browser tests ({CHROMIUM} is missing)")
    if options.only != "postgresql" and not run_suite("SQLite", command):
        failed.append("SQLite")
    if options.only != "sqlite":
        if not can_start_postgres():
            skipped.append("PostgreSQL tests (no server could be started)")
        elif not run_suite("PostgreSQL", [*POSTGRES, "--", *command, *KEPT]):
            failed.append("PostgreSQL")
    return report(failed, skipped, os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
