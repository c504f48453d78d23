#!/usr/bin/env python3
"""Run every static check, two at a time, and show the output of those that fail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCES = ("unionhome", "tools", "tests", "manage.py")
DJLINT_NOTHING = "No files to check"


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    output: str


def existing(*names: str) -> list[str]:
    return [name for name in names if (ROOT / name).exists()]


def checks() -> dict[str, list[str]]:
    """Name and command of each check, the slowest first."""
    python, sources = sys.executable, existing(*SOURCES, "bench")
    return {
        "types (mypy)": [python, "-m", "mypy", *existing("unionhome", "tools")],
        "templates (djlint)": [python, "-m", "djlint", "--lint", "--quiet", "unionhome"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "django": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "import contracts": [str(BIN / "lint-imports")],
        "house bans": [python, "-m", "tools.check_house"],
        "lint (ruff)": [python, "-m", "ruff", "check", "--output-format", "concise", *sources],
        "format (ruff)": [python, "-m", "ruff", "format", "--check", "--output-format", "concise", *sources],
    }


def run(name: str, command: list[str]) -> Outcome:
    start = time.monotonic()
    # lint-imports is a script: without this it would look at an installed copy of the package.
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    output = (done.stdout + done.stderr).strip()
    passed = done.returncode == 0 or DJLINT_NOTHING in output
    return Outcome(name, passed, time.monotonic() - start, output)


def main() -> int:
    wanted = {
        name: command
        for name, command in checks().items()
        if not sys.argv[1:] or any(word in name for word in sys.argv[1:])
    }
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        outcomes = list(pool.map(run, wanted, wanted.values()))
    for outcome in outcomes:
        if not outcome.passed:
            print(f"----- {outcome.name} -----\n{outcome.output}\n")
    for outcome in outcomes:
        word = "ok" if outcome.passed else "FAILED"
        print(f"{word:7}{outcome.name:22}{outcome.seconds:6.1f} s")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
