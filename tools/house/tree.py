"""What a ban looks at: the tracked files as one mapping of path to text, so that a test can make one up."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Tree = Mapping[str, str]
"""Path from the root of the checkout, with slashes, to the text of the file."""

FOLDERS_WITHOUT_GIT = {".venv", "node_modules", "build", "var", "__pycache__", ".git", ".hypothesis"}


@dataclass(frozen=True, order=True)
class Finding:
    """One place where a ban is broken."""

    path: str
    line: int
    what: str


@dataclass(frozen=True)
class Ban:
    """One ban: `advice` tells what to do instead, `find` yields the places."""

    code: str
    advice: str
    find: Callable[[Tree], Iterator[Finding]]


@dataclass(frozen=True)
class RoomFile:
    """A file of a core room or a service: `room` is "core/access", `rest` the path within it."""

    path: str
    room: str
    rest: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The line of the closed list that it belongs to: "views" for views.py and views/list.py."""
        return self.rest[0].removesuffix(".py")


def room_file(path: str) -> RoomFile | None:
    """The place of a file in its room, or None for a file outside of the rooms."""
    parts = path.split("/")
    if parts[0] != "unionhome" or len(parts) < 4 or parts[1] not in ("core", "services"):
        return None
    return RoomFile(path, "/".join(parts[1:3]), tuple(parts[3:]))


def room_files(tree: Tree) -> Iterator[RoomFile]:
    for path in tree:
        if (found := room_file(path)) is not None:
            yield found


@cache
def parse(path: str, text: str) -> ast.Module:
    return ast.parse(text, filename=path)


def python_files(tree: Tree, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Python files under the folders, without migrations, which are written by a program."""
    for path, text in tree.items():
        inside = any(path.startswith(f"{folder}/") for folder in folders)
        if path.endswith(".py") and inside and "/migrations/" not in path:
            yield path, parse(path, text)


def templates(tree: Tree) -> Iterator[tuple[str, str]]:
    for path, text in tree.items():
        if path.startswith("unionhome/") and "/templates/" in path and path.endswith(".html"):
            yield path, text


def dotted(node: ast.AST) -> str:
    """The dotted name of an expression: "timezone.now" for the node of `timezone.now`; "" for others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def tracked_paths(root: Path) -> list[str]:
    """Files that git tracks or would track; every file outside of the built folders where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        return sorted(set(filter(None, listed.stdout.split("\0"))))
    files = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in files if not FOLDERS_WITHOUT_GIT & set(path.parts))


def read_tree(root: Path) -> Tree:
    """Every tracked text file. Files that are not UTF-8 (pictures, workbooks) are left out."""
    found = {}
    for name in tracked_paths(root):
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
