"""Handing a roster in and confirming it, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.core.members.rosters.samples import enter, people, person, text_table
from tests.worlds import World
from unionhome.core.jobs.worker import drain
from unionhome.core.members.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SCREENS = ("desk", "phone")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_roster_is_handed_in_looked_over_and_entered(
    screen: str, request: pytest.FixtureRequest, world: World, sign_in: Callable[..., Page], axe: Any
) -> None:
    enter(world, "county", [person(1, 学历="高中"), person(3, 工会组织代码="610502002-Q0001"), person(4)])
    page = sign_in(request.getfixturevalue(screen), "county")
    page.goto("/desk/rosters/")
    axe(page)
    rows = [*people(3), person(3), person(7, 手机号码="1390000"), person(8, 性别="男"), person(9, 姓名="")]
    file = {"name": "一季度会员名册.csv", "mimeType": "text/csv", "buffer": text_table(rows, columns=COLUMNS)}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("正在逐行检查，查完会显示在这里")).to_be_visible()
    drain()
    page.reload()
    axe(page)
    expect(page.get_by_text("爱好")).to_be_visible()
    expect(page.get_by_role("heading", name="转到本工会")).to_be_visible()
    page.get_by_role("button", name="确认登记").locator("visible=true").last.click()
    expect(page.get_by_text("正在分批登记，可以离开这一页。").first).to_be_visible()
    drain()
    page.reload()
    axe(page)
    expect(page.get_by_role("heading", name="登记结果")).to_be_visible()
    assert Membership.objects.filter(status="active").count() == 5
    with page.expect_download() as download:
        page.get_by_role("link", name="下载没有收的行").click()
    assert download.value.suggested_filename.endswith(".xlsx")


COLUMNS = ("姓名", "证件号码", "手机号码", "性别", "民族", "学历", "工会组织代码", "入会日期", "爱好")
