"""Bans about which files there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house.tree import Finding, RoomFile, Tree, room_files

KINDS = {
    "apps", "workflow", "rules", "models", "queries", "actions", "forms", "sheets", "papers", "figures", "screens",
    "views", "api", "jobs", "handlers", "commands", "demo", "urls",
}  # fmt: skip
COMPULSORY = ("apps", "models", "queries", "actions", "urls", "views", "README.md")

EXTRA_FILES = {
    ("core/access", "doors.py"): "the doors every view stands behind",
    ("core/access", "middleware.py"): "finds who acts and hangs the Actor on the request",
    ("core/access", "clock.py"): "the one place that reads the clock",
    ("core/cases", "clocks.py"): "the three clocks: rows and the one clock function together",
    ("core/home", "shell.py"): "context of the page frames, called by Django",
    ("core/home", "demo_cards.py"): "the sign-in cards and guided tasks of a demo",
    ("core/jobs", "backend.py"): "the lease queue behind the django-tasks API",
    ("core/jobs", "worker.py"): "the process that runs jobs",
}
FREE_ROOMS = {"core/registry": "plain classes to declare with: neither tables nor pages"}
NOT_NEEDED = {
    ("core/tree", "urls"): "the tree is shown by the organizations room",
    ("core/tree", "views"): "the tree is shown by the organizations room",
    ("core/journal", "urls"): "shown by the access room, whose doors lie above the journal",
    ("core/journal", "views"): "shown by the access room, whose doors lie above the journal",
    ("core/workflow", "views"): "the inbox stands in the home room",
    ("core/home", "models"): "start pages over the other rooms' rows",
    ("core/home", "actions"): "start pages only ask",
}

LONG_ON_PURPOSE = {
    "unionhome/kit/verifier.py": "one file: it is shipped alone, for whoever doubts a figure to read and to run",
}

FORBIDDEN_NAMES = {"utils", "helpers", "common", "mixins", "signals"}
CODE_FOLDERS = ("unionhome", "tools", "tests", "bench")
MAX_LINES = 400
COUNTED = (".py", ".html", ".js")


def _is_listed(file: RoomFile) -> bool:
    first, *deeper = file.rest
    if not deeper:
        return first in ("__init__.py", "README.md") or (first.endswith(".py") and file.kind in KINDS)
    if first == "templates":
        return deeper[0] == file.room.partition("/")[2]
    return first == "migrations" or first in KINDS


def find_unlisted(tree: Tree) -> Iterator[Finding]:
    for file in room_files(tree):
        extra = (file.room, "/".join(file.rest)) in EXTRA_FILES
        if file.room not in FREE_ROOMS and not extra and not _is_listed(file):
            yield Finding(file.path, 1, f"{'/'.join(file.rest)} is not in the list of a room's files")


def find_missing(tree: Tree) -> Iterator[Finding]:
    kinds = defaultdict(set)
    for file in room_files(tree):
        kinds[file.room].add(file.kind)
    for room, present in sorted(kinds.items()):
        for kind in COMPULSORY:
            if kind not in present and room not in FREE_ROOMS and (room, kind) not in NOT_NEEDED:
                yield Finding(f"unionhome/{room}", 1, f"{kind} is missing")


def find_forbidden_names(tree: Tree) -> Iterator[Finding]:
    for path in tree:
        if not path.startswith(tuple(f"{folder}/" for folder in CODE_FOLDERS)):
            continue
        stems = {part.removesuffix(".py") for part in PurePosixPath(path).parts}
        for name in sorted(stems & FORBIDDEN_NAMES):
            yield Finding(path, 1, f"called {name}")


def find_long_files(tree: Tree) -> Iterator[Finding]:
    for path, text in tree.items():
        counted = path.startswith(tuple(f"{folder}/" for folder in CODE_FOLDERS)) and path.endswith(COUNTED)
        lines = text.count("\n")
        if counted and "/migrations/" not in path and path not in LONG_ON_PURPOSE and lines > MAX_LINES:
            yield Finding(path, lines, f"{lines} lines")
