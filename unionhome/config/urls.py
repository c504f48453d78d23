"""All addresses: every room and service that has a `urls` module is found by its line in `services`."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from unionhome.config import health
from unionhome.core.registry import rooms


def _room_urls() -> list[URLResolver | URLPattern]:
    return [path("", include(f"{room.name}.urls")) for room in rooms() if find_spec(f"{room.name}.urls")]


handler400 = "unionhome.config.errors.bad_request"
handler404 = "unionhome.config.errors.not_found"

urlpatterns: list[URLResolver | URLPattern] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    *_room_urls(),
]

if find_spec("unionhome.config.api"):
    urlpatterns.append(path("api/v1/", import_module("unionhome.config.api").api.urls))
