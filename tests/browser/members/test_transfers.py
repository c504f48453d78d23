"""A transfer seen in a real browser: by the member on a phone, then by the old union, then by the new one."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.core.members.conftest import FORMS, Register
from tests.worlds import World
from unionhome.core.members.models import Membership
from unionhome.core.organizations.models import Division, Employer, Organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def prepare(world: World) -> None:
    """The unions with their places, an employer at each of two, and the worker a member of the first."""
    codes = (("610500", "渭南市", "city", ""), ("610502", "临渭区", "county", "610500"))
    towns = (("610502001", "人民街道", "town", "610502"), ("610502002", "杜桥街道", "town", "610502"))
    made: dict[str, Division] = {}
    for code, name, level, parent in (*codes, ("610503", "华州区", "county", "610500"), *towns):
        made[code] = Division.objects.create(
            code=code.ljust(12, "0"), name=name, level=level, parent=made.get(parent), prefix=code, year=2023
        )
    Organization.objects.bulk_create(
        Organization(node=node, form=FORMS[node.level], division=made.get(node.code[:9]) or made[node.code[:6]])
        for node in world.nodes.values()
    )
    employers = [
        Employer.objects.create(
            name=world.nodes[name].name.removesuffix("工会"),
            division=made["610502001"],
            union=world.nodes[name],
            created_at=world.at,
        )
        for name in ("union", "other_union")
    ]
    Register(world, employers[0], made["610502001"]).member()


def test_a_member_moves(world: World, phone: Any, desk: Any, sign_in: Callable[..., Page], axe: Any) -> None:
    prepare(world)
    page = sign_in(phone, "worker")
    page.goto("/my/card/")
    page.get_by_role("link", name="换了单位，办会籍转接").click()
    expect(page.get_by_label("新的工作单位")).to_be_visible()
    axe(page)
    page.get_by_label("新的工作单位").fill("渭南示例机械有限公司")
    page.get_by_role("button", name="看看会转到哪个工会").click()
    expect(page.get_by_text("渭南示例机械有限公司工会").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="提出转接").click()
    expect(page.get_by_text("等转出工会")).to_be_visible()
    axe(page)

    old = sign_in(desk, "union")
    old.goto("/desk/transfers/")
    axe(old)
    old.get_by_role("link", name="王").first.click()
    axe(old)
    old.on("dialog", lambda dialog: dialog.accept())
    old.get_by_role("button", name="同意转出").locator("visible=true").first.click()
    _confirm(old)
    expect(old.get_by_text("已同意转出").first).to_be_visible()

    new = sign_in(desk, "other_union")
    new.goto("/desk/transfers/?show=in")
    new.get_by_role("link", name="王").first.click()
    expect(new.get_by_text("王建国")).to_have_count(0)
    new.get_by_role("button", name="接收", exact=True).locator("visible=true").first.click()
    _confirm(new)
    expect(new.get_by_text("已接收").first).to_be_visible()
    axe(new)
    assert Membership.objects.get(left_on__isnull=True).node == world.nodes["other_union"]

    page = sign_in(phone, "worker")
    page.goto("/my/transfer/")
    expect(page.get_by_text("已转入")).to_be_visible()


def _confirm(page: Page) -> None:
    """The page's own question, where it asks one."""
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button").last.click()
