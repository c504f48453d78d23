"""The union tree, a union, its forms and the finder in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.core.organizations.small_city import register_unions
from tests.worlds import World

pytestmark = [pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., Page]
Look = Callable[[Page], None]


@pytest.fixture
def org_world(world: World, tmp_path: Path) -> World:
    return register_unions(world, tmp_path / "divisions.csv")


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_pages_fit_and_have_no_barrier(
    request: pytest.FixtureRequest, org_world: World, sign_in: SignIn, axe: Look, fits: Look, screen: str
) -> None:
    page: Page = sign_in(request.getfixturevalue(screen), "town")
    town, union = org_world.nodes["town"].pk, org_world.nodes["union"].pk
    for path in (
        "/desk/organizations/",
        "/desk/organizations/?q=示例",
        f"/desk/organizations/{town}/",
        f"/desk/organizations/{union}/facts/",
        f"/desk/organizations/{union}/move/",
        f"/desk/organizations/found/?parent={town}",
        "/open/unions/?q=速运",
        "/open/unions/?place_county=610502000000&place_town=610502001000",
    ):
        page.goto(path)
        fits(page)
        stand_up(page)
        axe(page)


def stand_up(page: Page) -> None:
    """Make the window as high as the page: the bar at the foot covers what has not been scrolled past it."""
    size = page.viewport_size or {"width": 390, "height": 844}
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})


def test_the_tree_opens_in_place(org_world: World, desk: Page, sign_in: SignIn) -> None:
    town = org_world.nodes["town"]
    sign_in(desk, "county").goto("/desk/organizations/")
    village = desk.get_by_role("link", name="园里堡社区工会", exact=True)
    expect(village).to_have_count(0)
    desk.locator(f"#toggle-{town.pk}").press("Enter")
    expect(village).to_be_visible()
    expect(desk).to_have_url(re.compile(rf"open=\d+%2C{town.pk}$"))
    expect(desk.locator(f"#toggle-{town.pk}")).to_be_focused()
    desk.locator(f"#toggle-{town.pk}").click()
    expect(village).to_have_count(0)
    desk.go_back()
    expect(village).to_be_visible()


def settle(page: Page) -> None:
    """What came in is bound to its script a moment after it is seen; no finger is as quick as a test."""
    expect(page.locator(".htmx-request, .htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)


def test_places_fill_one_another(org_world: World, phone: Page) -> None:
    phone.goto("/open/unions/")
    town = phone.locator("select[name=place_town]")
    expect(town).to_have_count(0)
    phone.locator("select[name=place_county]").select_option(label="临渭区")
    expect(town).to_have_count(1)
    settle(phone)
    town.select_option(label="人民街道")
    phone.locator("select[name=place_village]").select_option(label="南塘社区")
    phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_text("南塘社区工会", exact=True)).to_be_visible()
    phone.locator("select[name=place_county]").select_option(label="华州区")
    expect(phone.locator("select[name=place_village]")).to_have_count(0)
    phone.get_by_role("button").filter(has_text=re.compile("下一步|找工会")).click()
    expect(phone.get_by_text("华州区总工会", exact=True)).to_be_visible()


def test_the_finder_needs_no_script(org_world: World, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/open/unions/")
    page.locator("select[name=place_county]").select_option(label="临渭区")
    page.get_by_role("button", name="下一步").click()
    page.locator("select[name=place_town]").select_option(label="杜桥街道")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("杜桥街道总工会", exact=True)).to_be_visible()
