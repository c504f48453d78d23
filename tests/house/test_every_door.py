"""Every address names its door and permission: `golden/doors.csv` has a line for each, and the diff is the review."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.goldens import check
from unionhome.core.registry import all_permissions

OPEN_TO_MACHINES = {"healthz", "readyz", "metrics"}


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from views(each, path)
        elif isinstance(each, URLPattern) and not path.startswith("api/v1/"):
            yield each.name or "", path, each.callback


def lines() -> list[str]:
    found = []
    for name, path, view in views(get_resolver()):
        if name in OPEN_TO_MACHINES:
            continue
        door = getattr(view, "door", None)
        assert door is not None, f"/{path} has no door: put @door(...) on {view.__module__}.{view.__name__}"
        assert not door.permission or door.permission in all_permissions(), (
            f"/{path}: {door.permission} is not declared"
        )
        found.append(f"/{path},{door.name},{door.permission},{'signed in' if door.signed_in else ''}")
    return ["address,door,permission,who", *sorted(found)]


def test_every_address_has_its_line() -> None:
    check("doors.csv", "\n".join(lines()) + "\n")
