"""Bans about what each kind of Python file may do."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from tools.house.tree import Finding, Tree, dotted, python_files, room_file

MANAGERS = {"objects", "_default_manager", "_base_manager"}
WRITERS = {
    "save", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "delete",
}  # fmt: skip
ONLY_ASK = {
    "views", "api", "forms", "sheets", "papers", "figures", "workflow", "rules", "demo", "handlers", "jobs",
    "commands", "urls",
}  # fmt: skip
# sheets and papers save workbooks and documents, not rows.
NEVER_SAVE = (ONLY_ASK - {"sheets", "papers"}) | {"queries"}

CLOCK_NAMES = {
    "timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "Now",
    "functions.Now",
}  # fmt: skip
# With an argument these only convert it.
CLOCK_WITHOUT_ARGUMENT = {"timezone.localdate", "timezone.localtime"}
CLOCK_READERS = {
    "unionhome/core/access/clock.py": "the one place that reads the clock",
    "unionhome/config/settings.py": "the day the demo was started on",
    "unionhome/config/doctor.py": "compares clocks and dates of certificates",
    "unionhome/core/jobs/actions.py": "leases run by the database's clock, which all workers share",
}
CLOCK_CALLERS = {
    "unionhome/core/access/clock.py": "the clock itself",
    "unionhome/core/access/doors.py": "a request begins here",
    "unionhome/core/access/middleware.py": "a request begins here",
    "unionhome/core/jobs/worker.py": "a job begins here",
    "unionhome/core/jobs/backend.py": "a lease runs by the clock",
}
CLOCK = "unionhome.core.access.clock"

INLINE_REASON = re.compile(r"#\s*inline: (app-registry|optional-dependency|startup-time)\b")
WEB_NAMES = {f"django.http.{name}" for name in ("HttpRequest", "HttpResponse", "JsonResponse", "Http404")}
# Around a migration there is no act to journal: rooms install then what their tables need.
MIGRATING = {"django.db.models.signals.pre_migrate", "django.db.models.signals.post_migrate"}
SIGNALS_ALLOWED = {"django.db.models.signals", *MIGRATING}
SIGNAL_MODULES = ("django.dispatch", "django.db.models.signals")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _kind(path: str) -> str:
    file = room_file(path)
    return file.kind if file else ""


def _in_kinds(tree: Tree, kinds: set[str]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of every room file of these kinds."""
    for path, module in python_files(tree, "unionhome"):
        if _kind(path) in kinds:
            for node in ast.walk(module):
                yield path, node


def find_managers(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, ONLY_ASK):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield Finding(path, node.lineno, f"{dotted(node)}")


def find_transactions(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, ONLY_ASK | {"queries"}):
        if dotted(node).rpartition(".")[2] == "atomic":
            yield Finding(path, getattr(node, "lineno", 1), "atomic")


def find_saves(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, NEVER_SAVE):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
            yield Finding(path, node.lineno, ".save()")


def _writes(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    # dict.update and hash.update take a positional argument; a queryset's takes fields by name.
    if name == "update":
        return name if call.keywords and not call.args else ""
    return name if name in WRITERS - {"save"} else ""


def find_writing_queries(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, {"queries"}):
        if isinstance(node, ast.Call) and (name := _writes(node)):
            yield Finding(path, node.lineno, f".{name}()")


def _tail(node: ast.AST) -> str:
    return ".".join(dotted(node).split(".")[-2:])


def _clock(node: ast.AST) -> str:
    """The clock that this node reads or hands on ("timezone.now" as a default is read later)."""
    if isinstance(node, ast.Call) and not node.args and _tail(node.func) in CLOCK_WITHOUT_ARGUMENT:
        return _tail(node.func)
    if isinstance(node, ast.Attribute | ast.Name) and _tail(node) in CLOCK_NAMES:
        return _tail(node)
    return ""


def find_clock_readers(tree: Tree) -> Iterator[Finding]:
    for path, module in python_files(tree, "unionhome"):
        if path in CLOCK_READERS:
            continue
        for node in ast.walk(module):
            if name := _clock(node):
                yield Finding(path, getattr(node, "lineno", 1), name)


def _may_call_clock(path: str) -> bool:
    in_config = path.startswith("unionhome/config/")
    return in_config or path in CLOCK_CALLERS or _kind(path) == "commands"


def _imported(node: ast.AST) -> set[str]:
    """Dotted names that an import statement brings in."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return {module} | {f"{module}.{alias.name}" for alias in node.names}
    return set()


def find_clock_callers(tree: Tree) -> Iterator[Finding]:
    for path, module in python_files(tree, "unionhome"):
        if not _may_call_clock(path):
            for node in ast.walk(module):
                if CLOCK in _imported(node):
                    yield Finding(path, getattr(node, "lineno", 1), f"imports {CLOCK}")


def find_requests(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, {"actions", "queries", "rules", "workflow", "models"}):
        if isinstance(node, ast.arg) and node.arg == "request":
            yield Finding(path, node.lineno, "takes a request")
        for name in sorted(_imported(node) & WEB_NAMES):
            yield Finding(path, getattr(node, "lineno", 1), f"imports {name}")


def find_save_overrides(tree: Tree) -> Iterator[Finding]:
    for path, node in _in_kinds(tree, {"models"}):
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, Function) and member.name in ("save", "delete"):
                    yield Finding(path, member.lineno, f"{node.name}.{member.name}")


def find_signals(tree: Tree) -> Iterator[Finding]:
    for path, module in python_files(tree, "unionhome"):
        for node in ast.walk(module):
            names = _imported(node)
            names -= SIGNALS_ALLOWED if names & MIGRATING else set()
            if any(name.startswith(SIGNAL_MODULES) for name in names):
                yield Finding(path, getattr(node, "lineno", 1), "listens to a Django signal")


def find_heavy_cards(tree: Tree) -> Iterator[Finding]:
    for path, module in python_files(tree, "unionhome"):
        if _kind(path) != "apps":
            continue
        own = ".".join(PurePosixPath(path).parts[:3])
        for node in module.body:
            if any(name.startswith((".", f"{own}.")) or name == own for name in _imported(node)):
                yield Finding(path, node.lineno, "imports its own room while loading")


def _walk_functions(module: ast.Module, found: Callable[[ast.stmt], bool]) -> Iterator[ast.stmt]:
    seen = set()
    for function in ast.walk(module):
        if isinstance(function, Function):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt) and id(node) not in seen and found(node):
                    seen.add(id(node))
                    yield node


def find_inline_imports(tree: Tree) -> Iterator[Finding]:
    for path, module in python_files(tree, "unionhome", "tools"):
        lines = tree[path].splitlines()
        for node in _walk_functions(module, lambda node: isinstance(node, ast.Import | ast.ImportFrom)):
            last = node.end_lineno or node.lineno
            if not any(INLINE_REASON.search(line) for line in lines[node.lineno - 1 : last]):
                yield Finding(path, node.lineno, ast.unparse(node))
