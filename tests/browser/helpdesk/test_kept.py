"""What a worker has written is not lost when the sign-in ends before it is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.worlds import WORKER_PHONE, World
from unionhome.core.cases.models import Case, Entry
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = [pytest.mark.django_db(transaction=True)]
WORDS = "公司两个月没发工资，问了三次，都说下个月再说。"


@pytest.fixture
def case(world: World) -> Case:
    """An own matter of the worker."""
    return report_need(world.actor("worker"), Need(category="wages", text="没发工资。", phone=WORKER_PHONE))[0]


def enter_again(page: Page) -> None:
    """Through the door by phone and code, from the page that keeps the form."""
    page.get_by_role("button", name="去登录").click()
    page.fill("[name=phone]", WORKER_PHONE)
    page.click("text=发送验证码")
    page.fill("[name=code]", page.inner_text("main .uh-mono"))
    page.click("[form=code-form]")


@pytest.mark.parametrize("scripts", [True, False])
def test_words_for_an_own_matter_survive_signing_in_again(
    open_page: Callable[..., Page], sign_in: Callable[..., Page], world: World, case: Case, settings: Any, scripts: bool
) -> None:
    settings.DEMO = True
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    sign_in(page, "worker").goto(f"/my/matters/{case.pk}/material/")
    page.fill("[name=text]", WORDS)
    world.wait(minutes=settings.IDLE_MINUTES_MY + 1)
    page.get_by_role("button", name="补材料").click()
    expect(page.get_by_role("main")).to_contain_text("您填写的内容还在")
    written = Entry.objects.filter(case=case).count()
    enter_again(page)
    expect(page.get_by_role("main")).to_contain_text("已经登录，您填写的内容还在")
    page.get_by_role("button", name="继续提交").click()
    page.wait_for_url(f"**/my/matters/{case.pk}/")
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    assert Entry.objects.filter(case=case).count() == written + 1


def test_a_need_asks_for_the_phone_and_keeps_its_words(
    phone: Page, sign_in: Callable[..., Page], world: World, settings: Any
) -> None:
    sign_in(phone, "worker").goto("/open/help/")
    assert not phone.locator("[name=phone]").count()
    phone.fill("[name=text]", WORDS)
    phone.check("[name=category][value=wages]", force=True)
    world.wait(minutes=settings.IDLE_MINUTES_MY + 1)
    phone.locator("#send").click()
    expect(phone.locator("[name=phone]")).to_be_visible()
    expect(phone.locator("[name=text]")).to_have_value(WORDS)
    assert not Case.objects.exists()
