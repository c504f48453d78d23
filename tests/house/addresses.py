"""Every address of the house: what leads there, and the door it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from ninja.operation import PathView

from unionhome.core.access.doors import Door

WITHOUT_DOOR = {
    "healthz": "a supervisor asks",
    "readyz": "a supervisor asks",
    "metrics": "a monitor asks",
    "api:": "what no router knows: answers 404 to everybody",
}
"""Addresses that everybody may open and that show nothing of anybody, with the reason."""
MACHINE_MADE = {"openapi-json", "openapi-view", "api-root"}
"""Addresses that the API framework adds: its own description."""
ADVICE = (
    'it names no door. Put `@door("desk", "<app>.<verb>")` (or "my", "open", "api") right above the view; an address '
    "that needs none has to be listed in tests/house/addresses.py with its reason."
)


@dataclass(frozen=True)
class Address:
    """One address: its name with namespace, its pattern, the names of its arguments and the view behind it."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    methods: tuple[str, ...]
    door: Door | None

    def url(self, **arguments: Any) -> str:
        return reverse(self.name, kwargs=arguments)


def walk(patterns: list[Any] | None = None, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every address of the URL tree, operations of the API one by one."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = (*names, each.namespace) if each.namespace else names
            yield from walk(each.url_patterns, prefix + str(each.pattern), inner)
        elif isinstance(each, URLPattern):
            yield from _addresses(each, prefix + str(each.pattern), ":".join((*names, each.name or "")))


def _addresses(each: URLPattern, pattern: str, name: str) -> Iterator[Address]:
    arguments = tuple(each.pattern.converters)
    operations = _operations(each.callback)
    if operations is None:
        yield Address(name, pattern, arguments, (), getattr(each.callback, "door", None))
        return
    for operation in operations:
        yield Address(name, pattern, arguments, tuple(operation.methods), getattr(operation.view_func, "door", None))


def _operations(view: Any) -> list[Any] | None:
    """The API operations behind a view of the API framework, which closes over them; None for a plain view."""
    for cell in getattr(view, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return list(cell.cell_contents.operations)
        found = _operations(cell.cell_contents) if callable(cell.cell_contents) else None
        if found is not None:
            return found
    return None


@cache
def addresses() -> tuple[Address, ...]:
    """Addresses of the house itself, by pattern."""
    return tuple(sorted(_own(), key=lambda each: (each.pattern, each.methods)))


def _own() -> Iterator[Address]:
    for each in walk():
        if each.name in WITHOUT_DOOR or each.name.rpartition(":")[2] in MACHINE_MADE:
            continue
        yield each
