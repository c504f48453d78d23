#!/usr/bin/env python3
"""Take pictures of pages of a served demo, at the width of a phone and of a desk.

    tools/pictures.py http://127.0.0.1:8000 town /desk/ /desk/members/ --axe
    tools/pictures.py http://127.0.0.1:8000 - /open/

Signs in through the pages as a person would (`-`: not at all). Fails when a page is wider than the
screen, answers with an error, or asks another host for anything.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, Response, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "build" / "test" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {"phone": (390, 844), "desk": (1440, 900)}

PASSWORD = "unionhome-demo"
PHONES = {"worker": "19900000001", "outsider": "19900000002"}
PASSWORD_FIELD = "input[type=password]"
PHONE_FIELD = "input[type=tel], input[name=phone]"
CODE_FIELD = "input[autocomplete=one-time-code], input[name=code]"
SHOWN_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
STEPS = 5

WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1);
  const name = e => e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '').trim().replace(/\\s+/g, '.');
  return wide.length ? wide.slice(0, 5).map(name) : ['the page itself'];
}"""
AXE_RUN = """async () => (await axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
})).violations.map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes.slice(0, 2).map(n => n.target.join(' ')).join(' | '))"""


@dataclass
class Watch:
    """What a browser context asked for and what went wrong."""

    host: str
    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.foreign.append(request.url)

    def on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")

    def take(self) -> Iterator[str]:
        """The problems since the last call."""
        yield from (f"asked another host: {url}" for url in self.foreign)
        yield from (f"failed: {what}" for what in self.failed)
        self.foreign.clear()
        self.failed.clear()


def first_visible(page: Page, selector: str) -> Locator | None:
    for found in page.locator(selector).all():
        if found.is_visible() and found.is_enabled() and not found.get_attribute("readonly"):
            return found
    return None


def submit(page: Page, entered: Locator) -> None:
    with page.expect_navigation(wait_until="load"):
        entered.press("Enter")


def step(page: Page, name: str) -> bool:
    """Fill in and send the sign-in form that is shown; False when there is none."""
    if (password := first_visible(page, PASSWORD_FIELD)) is not None:
        form = page.locator("form").filter(has=page.locator(PASSWORD_FIELD)).first
        form.locator("input[type=text], input:not([type])").first.fill(name)
        password.fill(PASSWORD)
        submit(page, password)
        return True
    if (code := first_visible(page, CODE_FIELD)) is not None:
        shown = SHOWN_CODE.search(page.inner_text("body"))
        if shown is None:
            raise SystemExit("pictures: the page asks for a code and shows none; is it the demo?")
        code.fill(shown[0])
        submit(page, code)
        return True
    if (phone := first_visible(page, PHONE_FIELD)) is not None:
        phone.fill(PHONES[name])
        submit(page, phone)
        return True
    return False


def sign_in(page: Page, base: str, name: str) -> None:
    """Go in by the door of the demo's account, as far as the page asks. Exits when it will not let us in."""
    door = "/my/" if name in PHONES else "/desk/"
    page.goto(base + door)
    for _ in range(STEPS):
        if not step(page, name):
            break
    if not urlsplit(page.url).path.startswith(door) or first_visible(page, PASSWORD_FIELD) is not None:
        raise SystemExit(f"pictures: could not sign in as {name}; stopped at {page.url}")


def take(page: Page, base: str, screen: str, path: str, target: Path, options: argparse.Namespace) -> list[str]:
    """Take one picture and return what is wrong with the page."""
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(base + path, wait_until="networkidle")
    page.screenshot(path=target, full_page=options.full_page)
    problems = [f"wider than the screen: {what}" for what in page.evaluate(WIDER)]
    if options.axe:
        show_whole(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        problems += [f"axe: {what}" for what in page.evaluate(AXE_RUN)]
    return problems


def show_whole(page: Page) -> None:
    """Make the window as high as the page: what a fixed bar covers now can be scrolled out from under it."""
    size = page.viewport_size
    if size:
        height = max(size["height"], page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": height})


def slug(path: str) -> str:
    return re.sub(r"[^\w]+", "-", path).strip("-") or "start"


def visit(browser: Browser, screen: str, options: argparse.Namespace) -> bool:
    """Every path on one screen; True when all is well."""
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    watch = Watch(urlsplit(options.base).netloc)
    context.on("request", watch.on_request)
    context.on("response", watch.on_response)
    if options.name != "-":
        sign_in(page, options.base, options.name)
        list(watch.take())
    good = True
    for path in options.paths:
        target = options.out / f"{options.name.replace('-', 'visitor')}-{slug(path)}-{width}.png"
        problems = take(page, options.base, screen, path, target, options) + list(watch.take())
        print(f"{'bad ' if problems else 'good'} {width}x{height} {path} -> {target}")
        for problem in problems:
            print(f"     {problem}")
        good = good and not problems
    context.close()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description="Take pictures of pages of a served demo.")
    parser.add_argument("base", type=lambda text: text.rstrip("/"), help="address of the served demo")
    parser.add_argument("name", help="sign-in name of the demo, or - for a visitor")
    parser.add_argument("paths", nargs="+", help="paths, each beginning with /")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures", help="folder of the pictures")
    parser.add_argument("--full-page", action="store_true", help="the whole page, not just the first screen")
    parser.add_argument("--axe", action="store_true", help="also look for barriers (WCAG 2.2 AA)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        results = [visit(browser, screen, options) for screen in SCREENS]
        browser.close()
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
