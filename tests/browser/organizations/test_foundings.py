"""A founding in a real browser, from the employer to the union that stands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.core.organizations.small_city import register_unions
from tests.worlds import World
from unionhome.core.organizations.models import Organization

pytestmark = [pytest.mark.django_db(transaction=True)]
SEATS = (
    *(("union", number, f"委员{number}", 30) for number in range(3)),
    *(("audit", number, f"经审{number}", 30) for number in range(3)),
    ("women", 0, "女工主任", 30),
)


@pytest.fixture
def org_world(world: World, tmp_path: Path) -> World:
    return register_unions(world, tmp_path / "divisions.csv")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def send_out(page: Page, label: str, number: str = "") -> None:
    """Make a paper, number it, print it, scan it back; ends on the page of the matter."""
    press(page, label)
    if number:
        page.get_by_label("文号").fill(number)
        press(page, "保存")
    press(page, "打印好了，去盖章")
    page.locator("input[type=file]").set_input_files(
        {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    press(page, "回传盖章件")
    expect(page.get_by_text("盖章件已回传。")).to_be_visible()


def test_from_draft_to_active(
    org_world: World, desk: Page, sign_in: Callable[..., Page], axe: Callable[..., None], fits: Callable[..., None]
) -> None:
    org_world.cadre("approver", "town")
    page, today = sign_in(desk, "town"), org_world.at.date().isoformat()
    page.goto(f"/desk/organizations/{org_world.nodes['town'].pk}/")
    page.get_by_role("link", name="办理建会").click()
    page.locator("#id_employer_name").fill("渭南示例冷链有限公司")
    page.locator("#id_workers_count").fill("60")
    page.locator("#id_women_count").fill("20")
    page.locator("#id_members_count").fill("40")
    press(page, "开始办理")
    expect(page.get_by_role("heading", level=1)).to_contain_text("渭南示例冷链有限公司工会")
    axe(page)
    send_out(page, "生成筹建请示")
    press(page, "报上级工会")
    expect(page.get_by_text("要由另一个人来办").first).to_be_visible()
    sign_in(page, "approver").reload()
    send_out(page, "生成同意筹建批复", "人民街工发〔2026〕8号")
    press(page, "同意筹建")
    sign_in(page, "town").reload()
    page.get_by_role("link", name="登记选举结果").click()
    for name, value in (
        ("held_on", today), ("term_starts_on", today), ("members_count", "40"), ("women_count", "12"),
        ("entitled_count", "40"), ("attended_count", "36"), ("principal_name", "委员1"),
    ):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    for committee, number, person, votes in SEATS:
        page.locator(f"#id_{committee}{number}_name").fill(person)
        page.locator(f"#id_{committee}{number}_votes").fill(str(votes))
    press(page, "保存选举结果")
    expect(page.get_by_text("委员1是单位主要负责人").first).to_be_visible()
    fits(page)
    page.locator("#id_principal_name").fill("厂长示例")
    press(page, "保存选举结果")
    send_out(page, "生成选举结果报告")
    press(page, "报告选举结果")
    sign_in(page, "approver").reload()
    send_out(page, "生成成立批复", "人民街工发〔2026〕9号")
    press(page, "批复成立")
    page.get_by_role("link", name="办完，工会成立").click()
    page.locator("#id_seal_on").fill(today)
    press(page, "办完，工会成立")
    expect(page.get_by_text("已成立，届次和任职已经登记")).to_be_visible()
    union = Organization.objects.get(node__name="渭南示例冷链有限公司工会")
    assert (union.status, union.term_no, union.officers.count()) == ("active", 1, len(SEATS))
