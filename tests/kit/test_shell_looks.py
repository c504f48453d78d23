"""The shells and every component in a real browser: axe is silent, nothing overflows, in every look and size."""

from __future__ import annotations

from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import BrowserContext, Page, expect

from tests.kit import shell_samples
from tests.kit.conftest import Opener, Site

pytestmark = [pytest.mark.browser]

AXE = Path(settings.BUILD_DIR) / "test" / "axe.min.js"
SIZES = ((390, 844), (1440, 900))
BETWEEN = ((320, 640), (600, 800), (768, 1024), (1024, 768))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "light": "document.documentElement.classList.remove('uh-large'); document.documentElement.dataset.uhTheme = 'light'",
    "dark": "document.documentElement.classList.remove('uh-large'); document.documentElement.dataset.uhTheme = 'dark'",
    "large": "document.documentElement.classList.add('uh-large'); document.documentElement.dataset.uhTheme = 'light'",
}
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until the browser has laid the page out for its new width: on a busy machine the old layout still stands."""


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def faults(page: Page) -> list[str]:
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(seen => seen.violations.flatMap("
        "one => one.nodes.map(node => one.id + ' ' + node.target.join(' ') + ' ' + node.failureSummary)))",
        RULES,
    )
    return [fault[:400] for fault in found]


def looks() -> list[tuple[str, bool]]:
    """Every page fresh, and those with a form with its refusal too."""
    forms = [
        name for name in shell_samples.PAGES if "form." in (shell_samples.GALLERY / f"{name}.html").read_text("utf-8")
    ]
    return [*((name, False) for name in shell_samples.PAGES), *((name, True) for name in forms)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "wrong"), looks(), ids=lambda value: {True: "refused", False: "fresh"}.get(value, value)
)
def test_axe_is_silent_and_nothing_overflows(open_page: Opener, name: str, wrong: bool) -> None:
    page = open_page(name, wrong=wrong, demo=wrong)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for look, script in LOOKS.items():
        page.evaluate(script)
        for width, height in BETWEEN + SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function("width => innerWidth === width", arg=width)
            page.evaluate(DRAWN)
            assert overflow(page) <= 0, (look, width)
            if (width, height) in SIZES:
                # The whole page at once: what a bar covers now is free after a scroll.
                page.set_viewport_size({"width": width, "height": page.evaluate("document.body.scrollHeight + 200")})
                assert faults(page) == [], (look, width)


@pytest.mark.parametrize("look", ["no-preference", "dark"])
def test_dark_follows_the_device_until_a_person_chooses(open_page: Opener, context: BrowserContext, look: str) -> None:
    page = open_page("worker_matter")
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert (page.evaluate(ground) == "rgb(19, 22, 27)") == (look == "dark")
    page.evaluate(LOOKS["light"])
    assert page.evaluate(ground) == "rgb(245, 246, 248)"


def test_large_text_is_kept_in_a_cookie(open_page: Opener, context: BrowserContext) -> None:
    page = open_page("worker_matter")
    size = "getComputedStyle(document.body).fontSize"
    assert page.evaluate(size) == "16px"
    page.get_by_text("大字").click()
    assert page.evaluate(size) == "20px"
    expect(page.get_by_text("标准")).to_be_visible()
    assert {one["name"]: one["value"] for one in context.cookies()}["large_text"] == "1"
    assert page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).minHeight") == "56px"


def test_the_server_draws_what_the_cookies_say(open_page: Opener) -> None:
    page = open_page("desk_matter", large_text=True, theme="dark", nav_small=True)
    assert page.evaluate("document.documentElement.className").split() == ["uh-large", "uh-nav-small", "uh-js"]
    assert page.evaluate("document.querySelector('.uh-nav').offsetWidth") == 56
    expect(page.locator(".uh-nav-text").first).to_be_hidden()


@pytest.mark.slow
def test_targets_of_workers_are_big_enough(open_page: Opener) -> None:
    for name in ("worker_home", "worker_form", "worker_matter", "worker_states", "public_proof"):
        page = open_page(name, (390, 844))
        small = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
            .filter(one => one.checkVisibility() && !one.matches('.uh-skip, .uh-sr, .uh-upload-native'))
            .map(one => [one, (one.closest('label, .uh-tile-wrap') || one).getBoundingClientRect()])
            .filter(([one, box]) => box.height < 44 && !one.closest('p, .uh-switch-row'))
            .map(([one, box]) => one.outerHTML.slice(0, 80) + ' ' + box.height)"""
        )
        assert small == [], name


def test_print_leaves_the_frame_out(open_page: Opener) -> None:
    page = open_page("desk_matter")
    page.emulate_media(media="print")
    for part in (".uh-nav", ".uh-topbar", ".uh-page-actions"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.get_by_role("heading", name="反映被拖欠两个月工资")).to_be_visible()


def test_a_page_weighs_little() -> None:
    names = ["vendor/tabler.min.css", "unionhome.css", "vendor/htmx.min.js"]
    names += [f"unionhome/{name}.js" for name in ("page", "forms", "desk")]
    weight = sum(len(brotli.compress(Path(finders.find(name) or "").read_bytes())) for name in names)
    assert weight < 130_000


@pytest.mark.parametrize("name", ["404", "500", "refused"])
def test_error_pages_fit_every_screen(open_page: Opener, site: Site, name: str) -> None:
    site.pages[name] = render_to_string(f"kit/{name}.html")
    page = open_page(name)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, height in ((320, 640), *SIZES):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) <= 0, width
        assert faults(page) == [], width
