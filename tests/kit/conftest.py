"""A browser that asks nothing of any network: gallery pages and static files are answered from memory."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.kit import shell_samples
from unionhome.config.middleware import POLICY

HOME = "http://home.test"
Opener = Callable[..., Page]


class Site:
    """Answers every request of one browser context from the gallery and the static folders; keeps what was posted."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.posted: list[str] = []
        self.status = 200
        self.is_reached = True

    def answer(self, route: Route) -> None:
        if not self.is_reached:
            route.abort("internetdisconnected")
            return
        path = route.request.url.removeprefix(HOME).split("?")[0].split("#")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            assert found, f"no static file {path}"
            route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0])
            return
        if route.request.method == "POST":
            self.posted.append(route.request.post_data or "")
        body = self.pages.get(path.strip("/"), "<!doctype html><title>别处</title>")
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(status=self.status, body=body, content_type="text/html; charset=utf-8", headers=headers)


@pytest.fixture
def site() -> Site:
    return Site({})


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
    made.route("**/*", site.answer)
    yield made
    made.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def open_page(context: BrowserContext, site: Site, complaints: list[str]) -> Iterator[Opener]:
    """Opens a gallery page; a message of the console, such as one about the content policy, fails the test."""

    def opened(name: str, size: tuple[int, int] = (1440, 900), **facts: object) -> Page:
        if name not in site.pages:
            site.pages[name] = shell_samples.render(name, **facts)
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{HOME}/{name}")
        return page

    yield opened
    assert complaints == []
