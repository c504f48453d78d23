"""One matter through the whole product, in a real browser, on the demo city: from a phone to a figure that opens.

Pictures of every station are left in build/pictures/walk for people to look at.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.demo import enter_cadre, enter_worker

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo_city"), pytest.mark.xdist_group("demo"),
]  # fmt: skip
PICTURES = Path(settings.BUILD_DIR) / "pictures" / "walk"
WORDS = "公司9月、10月的工资一直没发，问了几次都说再等等。"
EMPLOYER_UNION = "渭南示例速运有限公司工会"


@pytest.fixture
def station(axe: Callable[..., None]) -> Callable[[Page, str], None]:
    """Look at a page: no barrier, no sideways scrolling, a picture for people."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str) -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=PICTURES / f"{name}-{width}.png")

    return look


def test_from_a_need_on_a_phone_to_a_figure_that_opens(
    phone: Page, open_page: Callable[..., Page], desk: Page, station: Callable[[Page, str], None]
) -> None:
    number = _ask(phone, station)
    _handle(desk, number, station)
    _rate(phone, number, station)
    _open_the_figure(open_page(viewport={"width": 1440, "height": 900}), number, station)
    _employer_finds_nothing(open_page(viewport={"width": 1440, "height": 900}), number, station)


def _ask(page: Page, station: Callable[[Page, str], None]) -> str:
    page.goto("/")
    station(page, "01-landing")
    enter_worker(page, "会员王建国")
    station(page, "02-my")
    page.get_by_role("main").get_by_role("link", name="我有困难").first.click()
    page.locator("textarea[name=text]").fill(WORDS)
    page.locator("input[name=category][value=wages]").check()
    expect(page.locator("#route")).to_contain_text("人民街道总工会")
    expect(page.locator("#route")).to_contain_text(f"不发给{EMPLOYER_UNION}")
    station(page, "03-ask")
    page.locator("#send").click()
    page.wait_for_url(re.compile(r"/my/matters/\d+/$"))
    station(page, "04-sent")
    found = re.search(r"SQ-\d{8}-\d{4}", page.get_by_role("main").inner_text())
    assert found
    return found[0]


def _handle(page: Page, number: str, station: Callable[[Page, str], None]) -> None:
    enter_cadre(page, "town")
    station(page, "05-inbox")
    page.goto(f"/desk/search/?q={number}")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    station(page, "06-case")
    page.get_by_role("button", name="受理").click()
    for label, words in (
        ("记录首次到场", "打电话问清了欠薪月份和金额。"),
        ("记录首次帮扶", "约好了援助律师，请带劳动合同和工资条。"),
        ("记录首次措施", "和单位负责人谈了，约定一周内补发。"),
    ):
        page.get_by_role("link", name=label).click()
        page.locator("textarea[name=text]").fill(words)
        page.get_by_role("main").get_by_role("button", name=label).click()
        expect(page.get_by_role("main")).to_contain_text(words)
    station(page, "07-three-firsts")
    page.get_by_role("link", name="提出办结").click()
    page.locator("textarea[name=text]").fill("单位已补发两个月工资。")
    page.get_by_role("main").get_by_role("button", name="提出办结").click()
    expect(page.get_by_role("main")).to_contain_text("待评价")


def _rate(page: Page, number: str, station: Callable[[Page, str], None]) -> None:
    page.goto("/my/")
    expect(page.get_by_role("main")).to_contain_text("请您评价")
    page.get_by_role("link", name=re.compile("拖欠工资")).first.click()
    station(page, "08-proposed")
    page.locator("input[name=rating][value=satisfied]").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("main")).to_contain_text("已办结")
    expect(page.get_by_role("main")).to_contain_text(number)
    station(page, "09-closed")


def _open_the_figure(page: Page, number: str, station: Callable[[Page, str], None]) -> None:
    enter_cadre(page, "city")
    page.goto("/desk/figures/helpdesk.closed/")
    station(page, "10-figure")
    main = page.get_by_role("main")
    shown = re.match(r"[\d,]+", main.locator(".uh-figure, .uh-number").first.inner_text())
    assert shown
    value = int(shown[0].replace(",", ""))
    assert value > 0
    expect(main).to_contain_text(re.compile(rf"{value}\s*行"))
    page.goto(f"/desk/search/?q={number}")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("main")).to_contain_text("已办结")


def _employer_finds_nothing(page: Page, number: str, station: Callable[[Page, str], None]) -> None:
    enter_cadre(page, "union")
    for path in (
        "/desk/inbox/?view=all",
        "/desk/cases/",
        f"/desk/search/?q={number}",
        "/desk/figures/helpdesk.closed/",
    ):
        page.goto(path)
        expect(page.get_by_role("main")).not_to_contain_text("拖欠工资：")
        expect(page.get_by_role("main").get_by_role("link", name=number)).to_have_count(0)
    station(page, "11-employer")
