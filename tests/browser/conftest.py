"""A real Chromium against a live server: pages on a phone and on a desk, nothing asked of any other host, axe silent.

Every test under this folder is marked `browser`, and so runs with SQLite only.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.worlds import World
from unionhome.config import demo

HERE = Path(__file__).parent
AXE = settings.BUILD_DIR / "test" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ANSWERS = ("Failed to load resource", "Response Status Error Code 4")
"""What the console says of a 4xx answer, which is no fault."""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Watch:
    """Collects what a page must not do: ask another host, run into the content policy, throw."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.host = host
        self.faults: list[str] = []
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self.faults.append(f"asked another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERS):
            self.faults.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def demo_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo city lies once it was built. Its day is the day of the run."""
    return tmp_path_factory.mktemp("demo") / "village.sqlite"


@pytest.fixture
def demo_city(transactional_db: None, settings: Any, demo_copy: Path) -> None:
    """The demo city at its smallest, with its sign-in cards: built once in a process, laid back for every test."""
    settings.DEMO, settings.PASSWORD_DAYS = True, 0
    connection.ensure_connection()
    if demo_copy.exists():
        with closing(sqlite3.connect(demo_copy)) as kept:
            kept.backup(connection.connection)
        return
    demo.build(size="village", today=None)
    with closing(sqlite3.connect(demo_copy)) as kept:
        connection.connection.backup(kept)


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`open_page(**options)`: a page in a context of its own, watched until the test ends."""
    if "demo_city" not in request.fixturenames:
        request.getfixturevalue("world")
    watches: list[tuple[BrowserContext, Watch]] = []

    def open_one(**options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id=settings.TIME_ZONE, **options
        )
        context.set_default_timeout(10_000)
        watches.append((context, Watch(context, urlsplit(live_server.url).netloc)))
        return context.new_page()

    yield open_one
    faults = []
    for context, watch in watches:
        faults += watch.faults
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A worker's telephone: 390 × 844."""
    return open_page(**PHONE)


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    """A cadre's screen: 1440 × 900."""
    return open_page(**DESK)


@pytest.fixture
def sign_in(world: World, live_server: Any) -> Callable[..., Page]:
    """`sign_in(page, "town")`: the page's browser is signed in as that account of the world."""

    def sign(page: Page, name: str, *, strong: bool = True) -> Page:
        key = world.client(name, strong=strong).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    return sign


@contextmanager
def whole_page(page: Page) -> Iterator[None]:
    """A window as high as the page: a bar fixed to the foot covers what would be scrolled out from under it."""
    page.wait_for_load_state()  # a click may have begun another page, which has no document yet
    page.wait_for_function("document.body !== null")
    size = page.viewport_size
    if size:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    yield
    if size:
        page.set_viewport_size(size)


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)`: no rule of WCAG 2.2 AA is broken on the page as it stands; `allow` names rules to leave out."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page, *, allow: tuple[str, ...] = ()) -> None:
        with whole_page(page):
            page.evaluate(source)
            found = page.evaluate(
                "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
                AXE_TAGS,
            )
        broken = [
            f"{rule['id']}: {rule['help']}\n  " + "\n  ".join(node["html"][:200] for node in rule["nodes"][:5])
            for rule in found["violations"]
            if rule["id"] not in allow
        ]
        assert not broken, f"{page.url}\n" + "\n".join(broken)

    return check


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], None]:
    """`fits(page)`: nothing makes the page scroll sideways."""

    def check(page: Page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"

    return check
