"""Every sign-in of the demo reaches its home, and every link there leads to a page.

Every link of everybody is asked for; the browser draws the first page of each kind, which is drawn alike for all.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.demo import enter_cadre, enter_worker
from unionhome.core.home.demo_cards import CARDS, WORKERS

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo_city"), pytest.mark.xdist_group("demo"),
]  # fmt: skip
LINKS = "links => [...new Set(links.map(link => link.getAttribute('href').split('#')[0]))]"


def links_of(page: Page) -> list[str]:
    """Where the page's own links lead, in this product; signing out is a button and not among them."""
    found = page.locator("a[href^='/']").evaluate_all(LINKS)
    return [href for href in found if href and not href.startswith("/static/")]


def kind_of(href: str) -> str:
    """The address without the numbers of rows and without what is asked of it."""
    return re.sub(r"\d+", "0", href.partition("?")[0])


def visit_links(page: Page, fits: Callable[[Page], None], drawn: set[str]) -> int:
    """Every link of the page answers with a page that has a heading, or with a file; what is not yet drawn must fit."""
    links = links_of(page)
    for href in links:
        if kind_of(href) in drawn:
            answer = page.request.get(href)
            assert answer.ok, f"{href}: {answer.status}"
            is_file = "attachment" in answer.headers.get("content-disposition", "")
            assert is_file or re.search(r"<h[1-3][ >]", answer.text()), href
            continue
        drawn.add(kind_of(href))
        draw(page, href, fits)
    return len(links)


def draw(page: Page, href: str, fits: Callable[[Page], None]) -> None:
    """Open a link in the browser."""
    try:
        answer = page.goto(href, wait_until="domcontentloaded")
    except Error:  # a file is saved, not shown
        assert "attachment" in page.request.get(href).headers.get("content-disposition", ""), href
        return
    assert answer and answer.ok, f"{href}: {answer and answer.status}"
    expect(page.get_by_role("heading").first).to_be_visible()
    fits(page)


def test_every_cadre_reaches_the_desk(desk: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    drawn: set[str] = set()
    for card in CARDS:
        desk.context.clear_cookies()
        enter_cadre(desk, card.name)
        expect(desk.get_by_role("heading").first).to_be_visible()
        axe(desk)
        assert visit_links(desk, fits, drawn) > 3, card.name


def test_every_worker_reaches_my_page(phone: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    drawn: set[str] = set()
    for card in WORKERS:
        phone.context.clear_cookies()
        enter_worker(phone, card.title)
        axe(phone)
        assert visit_links(phone, fits, drawn) > 3, card.name


def test_cadres_may_use_a_phone(phone: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    drawn: set[str] = set()
    for name in ("town", "village"):
        phone.context.clear_cookies()
        enter_cadre(phone, name)
        axe(phone)
        assert visit_links(phone, fits, drawn) > 3, name
