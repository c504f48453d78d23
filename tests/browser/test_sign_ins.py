"""Every sign-in of the demo reaches its home, and every link there leads to a page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.demo import enter_cadre, enter_worker
from unionhome.core.home.demo_cards import CARDS, WORKERS

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo_city")]
LINKS = "links => [...new Set(links.map(link => link.getAttribute('href').split('#')[0]))]"


def links_of(page: Page) -> list[str]:
    """Where the page's own links lead, in this product; signing out is a button and not among them."""
    found = page.locator("a[href^='/']").evaluate_all(LINKS)
    return [href for href in found if href and not href.startswith("/static/")]


def visit_links(page: Page, fits: Callable[[Page], None]) -> int:
    """Open every link of the page; each must answer with a page that has a heading and fits, or with a file."""
    links = links_of(page)
    for href in links:
        try:
            answer = page.goto(href, wait_until="domcontentloaded")
        except Error:  # a file is saved, not shown
            assert "attachment" in page.request.get(href).headers.get("content-disposition", ""), href
            continue
        assert answer and answer.ok, f"{href}: {answer and answer.status}"
        expect(page.get_by_role("heading").first).to_be_visible()
        fits(page)
    return len(links)


def test_every_cadre_reaches_the_desk(desk: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    for card in CARDS:
        desk.context.clear_cookies()
        enter_cadre(desk, card.name)
        expect(desk.get_by_role("heading").first).to_be_visible()
        axe(desk)
        assert visit_links(desk, fits) > 3, card.name


def test_every_worker_reaches_my_page(phone: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    for card in WORKERS:
        phone.context.clear_cookies()
        enter_worker(phone, card.title)
        axe(phone)
        assert visit_links(phone, fits) > 3, card.name


def test_cadres_may_use_a_phone(phone: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> None:
    for name in ("town", "village"):
        phone.context.clear_cookies()
        enter_cadre(phone, name)
        axe(phone)
        assert visit_links(phone, fits) > 3, name
