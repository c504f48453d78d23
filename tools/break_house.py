#!/usr/bin/env python3
"""Break the house on purpose, one rule at a time in a scratch copy, and say which house test notices.

A rule that can be broken without a failing test is not kept by anybody: the exit code is 1 then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("unionhome", "tests", "tools", "docs", "pyproject.toml", "manage.py", "Makefile", "package.json")


@dataclass(frozen=True)
class Break:
    """One line of the house taken away, and the tests that must notice."""

    what: str
    path: str
    old: str
    new: str
    tests: str


BREAKS = (
    Break(
        "a permission on a page",
        "unionhome/core/cases/views.py",
        '@door("desk", "cases.view")\ndef case_page',
        '@door("desk")\ndef case_page',
        "tests/house/test_doors.py",
    ),
    Break(
        "a page without a door",
        "unionhome/core/cases/views.py",
        '@require_GET\n@door("desk", "cases.view")\ndef case_list(request: HttpRequest, actor: Actor)',
        "@require_GET\ndef case_list(request: HttpRequest, actor: Actor = None)",
        "tests/house/test_doors.py",
    ),
    Break(
        "a scope filter",
        "unionhome/core/cases/queries.py",
        'scope(Case.objects.all(), actor, "cases.view").select_related',
        "Case.objects.all().select_related",
        "tests/house/test_employer_rule.py tests/house/test_scopes.py",
    ),
    Break(
        "the branch that must never see a matter",
        "unionhome/core/cases/models.py",
        '    SCOPE_HIDDEN = "hidden_path"\n',
        "",
        "tests/house/test_employer_rule.py",
    ),
    Break(
        "a transition's guard",
        "unionhome/services/helpdesk/workflow.py",
        "guard=_arrived_and_measured, ",
        "",
        "tests/house/test_tables.py",
    ),
    Break(
        "a transition's permission",
        "unionhome/services/helpdesk/workflow.py",
        '"handling", HANDLE, icon="check", main=True',
        '"handling", icon="check", main=True',
        "tests/house/test_tables.py",
    ),
)


def main() -> int:
    unnoticed = [each.what for each in BREAKS if not noticed(each)]
    for what in unnoticed:
        print(f"NOBODY NOTICED: {what}")
    return 1 if unnoticed else 0


def noticed(one: Break) -> bool:
    """Copy, break, test; whether a test failed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, copy / name)
        (copy / "build").symlink_to(ROOT / "build")
        _break(copy / one.path, one)
        return _run(copy, one)


def _break(path: Path, one: Break) -> None:
    text = path.read_text(encoding="utf-8")
    if one.old not in text:
        raise SystemExit(f"{one.path} does not hold the line any more: {one.old!r}")
    path.write_text(text.replace(one.old, one.new, 1), encoding="utf-8")


def _run(copy: Path, one: Break) -> bool:
    tests = [name for name in one.tests.split() if (copy / name).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    print(f"{one.what}: {'; '.join(failed)[:200] or 'no test failed'}", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
