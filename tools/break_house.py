#!/usr/bin/env python3
"""Break one rule of the house at a time, in a scratch copy, and name the tests that notice.

    python -m tools.break_house            every break
    python -m tools.break_house scope      one of them

A break that no test notices, and one whose code is no longer found, end with exit code 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.house.tree import tracked_paths

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("build",)
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Break:
    """One rule taken away: `old` is found once in the file and becomes `new`; the tests named must notice."""

    code: str
    what: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


BREAKS = (
    Break(
        "permission",
        "the permission of one door: everybody with a desk may open the list of cases",
        "unionhome/core/cases/views/desk.py",
        r'@door\("desk", "cases\.view"\)\ndef case_list\(',
        '@door("desk")\ndef case_list(',
        ("tests/house/test_every_door.py",),
    ),
    Break(
        "door",
        "the whole door of one view",
        "unionhome/core/records/views.py",
        r'@door\("desk", "records\.view"\)\ndef record_list\(request: HttpRequest, actor: Actor\)',
        "def record_list(request: HttpRequest, actor: Actor = None)",
        ("tests/house/test_every_door.py",),
    ),
    Break(
        "scope",
        "one row filter: the list of cases shows every branch",
        "unionhome/core/cases/queries.py",
        r'scope\(Case\.objects\.all\(\), actor, "cases\.view"\)\.select_related',
        "Case.objects.all().select_related",
        ("tests/house/test_scopes.py", "tests/house/test_employer_rule.py", "tests/core/cases/test_views.py"),
    ),
    Break(
        "guard",
        "one guard: a need is closed before anybody rang the worker",
        "unionhome/services/helpdesk/workflow.py",
        r"guard=_arrived_and_measured, ?",
        "",
        ("tests/house/test_workflows.py",),
    ),
    Break(
        "transition",
        "the permission of one transition: everybody at a desk agrees to applications",
        "unionhome/core/members/workflow.py",
        r'"joined",\n(\s+)"members\.approve",',
        r'"joined",\n\1"members.view",',
        ("tests/house/test_workflows.py",),
    ),
    Break(
        "hidden",
        "one SCOPE_HIDDEN: cases no longer know from whom they are hidden",
        "unionhome/core/cases/models.py",
        r'    SCOPE_HIDDEN = "hidden_path"\n',
        "",
        ("tests/house/test_hidden.py", "tests/house/test_employer_rule.py", "tests/house/test_models.py"),
    ),
)


@contextmanager
def scratch_copy() -> Iterator[Path]:
    """The tracked files in a folder of their own."""
    folder = Path(tempfile.mkdtemp(prefix="unionhome-break-"))
    try:
        for name in tracked_paths(ROOT):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in LINKED:
            if (ROOT / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve(), target_is_directory=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def apply(folder: Path, broken: Break) -> bool:
    """Take the rule away; whether its code was found exactly once."""
    path = folder / broken.path
    text, count = re.subn(broken.old, broken.new, path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return count == 1


def run(folder: Path, tests: tuple[str, ...]) -> list[str]:
    """The tests that fail in the scratch copy."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", *tests]
    env = {name: value for name, value in os.environ.items() if not name.startswith("UNIONHOME_")}
    done = subprocess.run(command, cwd=folder, env=env | {"PYTHONPATH": str(folder)}, capture_output=True, text=True)
    return FAILED.findall(done.stdout)


def try_break(folder: Path, broken: Break) -> bool:
    print(f"[{broken.code}] {broken.what}", flush=True)
    kept = (folder / broken.path).read_text(encoding="utf-8")
    if not apply(folder, broken):
        print(f"  {broken.path} has changed: mend this break", flush=True)
        return False
    failed = run(folder, broken.tests)
    (folder / broken.path).write_text(kept, encoding="utf-8")
    for name in failed:
        print(f"  noticed by {name}")
    if not failed:
        print(f"  NOT NOTICED by {', '.join(broken.tests)}")
    return bool(failed)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Break one rule at a time in a scratch copy; name the tests that notice."
    )
    parser.add_argument("codes", nargs="*", help=f"some of: {', '.join(broken.code for broken in BREAKS)}")
    chosen = parser.parse_args().codes
    wanted = [broken for broken in BREAKS if not chosen or broken.code in chosen]
    with scratch_copy() as folder:
        unnoticed = [broken.code for broken in wanted if not try_break(folder, broken)]
    print(f"unnoticed: {', '.join(unnoticed)}" if unnoticed else f"all {len(wanted)} breaks were noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
