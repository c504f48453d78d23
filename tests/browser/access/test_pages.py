"""Sign-in, account, accounts, grants and journal in a real browser."""

import os
from pathlib import Path

import pytest

from tests.worlds import PASSWORD
from unionhome.core.access import actions, queries
from unionhome.core.access.models import User
from unionhome.core.access.rules import totp_code
from unionhome.core.journal.actions import ask_check, seal_batch

SHOTS = os.environ.get("UNIONHOME_SHOTS", "")
DESK_PAGES = (
    ("town", "/desk/account/"),
    ("auditadmin", "/desk/account/tokens/"),
    ("town", "/desk/second-factor/enrol/"),
    ("sysadmin", "/desk/users/"),
    ("sysadmin", "/desk/users/new/"),
    ("sysadmin", "/desk/users/{town}/"),
    ("secadmin", "/desk/grants/"),
    ("secadmin", "/desk/grants/new/"),
    ("secadmin", "/desk/grants/users/{town}/"),
    ("auditadmin", "/desk/journal/"),
    ("auditadmin", "/desk/journal/{entry}/"),
)


def shoot(page, name):
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.fixture
def busy(world):
    """Some accounts in every state, and some journal."""
    sysadmin = world.actor("sysadmin")
    actions.open_account(sysadmin, username="new.cadre", name="新来的", node=world.nodes["town"], post="干事")
    actions.stop_user(sysadmin, world.users["village"].pk, reason="调离本单位")
    for _ in range(5):
        with pytest.raises(Exception, match="次"):
            actions.sign_in(
                world.actor("public"), username="union", password="wrong", browser=actions.Browser(lambda: "")
            )
    actions.grant_role(
        world.actor("secadmin"), world.users["town"], "finance", world.nodes["town"], reason="区工发〔2026〕5号"
    )
    actions.end_grant(
        world.actor("secadmin"),
        actions.grant_role(world.actor("secadmin"), world.users["town"], "chair", world.nodes["village"]).pk,
        reason="转岗",
    )
    seal_batch(world.actor("system"))
    ask_check(world.actor("auditadmin"))
    return world


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_every_page_is_whole(request, busy, sign_in, axe, fits, device):
    entry = queries.list_user_entries(busy.users["town"]).first()
    for who, path in DESK_PAGES:
        page = sign_in(request.getfixturevalue(device), who)
        answer = page.goto(path.format(town=busy.users["town"].pk, entry=entry.pk))
        assert answer.status == 200, path
        shoot(page, f"{device}{path.replace('/', '_').replace('{', '').replace('}', '')}")
        axe(page)
        fits(page)


def test_cadre_signs_in_enrols_and_gets_where_the_way_led(desk, world, axe, fits):
    desk.goto("/desk/users/?q=town")
    assert desk.url.endswith("/desk/sign-in/?next=%2Fdesk%2Fusers%2F%3Fq%3Dtown")
    shoot(desk, "desk_sign_in")
    axe(desk)
    desk.fill("[name=username]", "sysadmin")
    desk.fill("[name=password]", "wrong")
    desk.press("[name=password]", "Enter")
    assert "还可以试4次" in desk.inner_text("main")
    shoot(desk, "desk_sign_in_wrong")
    axe(desk)
    desk.fill("[name=username]", "sysadmin")
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url("**/desk/second-factor/enrol/**")
    desk.click("button:has-text('开始绑定')")
    shoot(desk, "desk_enrol_started")
    axe(desk)
    secret = queries.find_pending_secret(world.actor("sysadmin"))
    desk.fill("[name=code]", totp_code(secret, world.at))
    desk.click("button:has-text('完成绑定')")
    desk.wait_for_url("**/desk/users/?q=town")
    shoot(desk, "desk_users_found")
    world.wait(minutes=1)
    desk.goto("/desk/users/new/")
    desk.fill("[name=username]", "fresh.cadre")
    desk.fill("[name=name]", "新人")
    desk.fill("[name=union]", "总工会")
    desk.click("button:has-text('建立账号')")
    assert "请写明是哪一个" in desk.inner_text("main")
    shoot(desk, "desk_new_user_wrong")
    axe(desk)
    desk.fill("[name=union]", "610502001 人民街道总工会")
    desk.click("button:has-text('建立账号')")
    assert "密码只显示这一次" in desk.inner_text("main")
    shoot(desk, "desk_handed_over")
    axe(desk)
    fits(desk)


def test_second_factor_and_renewal(desk, phone, world, sign_in, axe, settings):
    settings.DEMO = True
    world.users["demo"] = actions.create_user(
        world.actor("system"), username="demo", name="演示", node=world.nodes["city"], password=PASSWORD
    )
    world.grant("demo", "sysadmin", "city")
    sign_in(desk, "demo", strong=False).goto("/desk/users/")
    assert "/desk/second-factor/" in desk.url
    shoot(desk, "desk_second_factor")
    axe(desk)
    desk.fill("[name=code]", desk.inner_text("main .uh-mono"))
    desk.press("[name=code]", "Enter")
    desk.wait_for_url("**/desk/users/")
    actions.reset_password(world.actor("sysadmin"), world.users["town"].pk)
    User.objects.filter(username="city").update(password_set_at=None)
    phone.goto("/desk/sign-in/")
    phone.fill("[name=username]", "city")
    phone.fill("[name=password]", PASSWORD)
    phone.press("[name=password]", "Enter")
    assert "换一个新密码" in phone.inner_text("main")
    shoot(phone, "phone_renew")
    axe(phone)


def test_worker_signs_in_by_code(phone, world, axe, fits, settings):
    settings.DEMO = True
    phone.goto("/my/account/")
    shoot(phone, "phone_phone")
    axe(phone)
    phone.fill("[name=phone]", "123")
    phone.click("text=发送验证码")
    assert "11位" in phone.inner_text("main")
    shoot(phone, "phone_phone_wrong")
    phone.fill("[name=phone]", "199 0000 0001")
    phone.click("text=发送验证码")
    code = phone.inner_text("main .uh-mono")
    shoot(phone, "phone_code")
    axe(phone)
    fits(phone)
    phone.fill("[name=code]", "000000" if code != "000000" else "111111")
    phone.click("[form=code-form]")
    assert "验证码不对" in phone.inner_text("main")
    shoot(phone, "phone_code_wrong")
    phone.fill("[name=code]", code)
    phone.click("[form=code-form]")
    phone.wait_for_url("**/my/account/")
    shoot(phone, "phone_my_account")
    axe(phone)
    fits(phone)


@pytest.mark.parametrize("scripts", [True, False])
def test_kept_form_survives_the_sign_in(open_page, world, sign_in, axe, scripts):
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    sign_in(page, "sysadmin").goto("/desk/users/new/")
    page.fill("[name=username]", "kept.cadre")
    page.fill("[name=name]", "填了很久的人")
    page.fill("[name=union]", "610502001")
    world.wait(minutes=31)
    page.click("button:has-text('建立账号')")
    assert "您填写的内容还在" in page.inner_text("main")
    shoot(page, f"phone_kept_{scripts}")
    page.click("text=去登录")
    page.fill("[name=username]", "sysadmin")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    assert "已经登录，您填写的内容还在" in page.inner_text("main")
    shoot(page, f"phone_resume_{scripts}")
    if scripts:
        axe(page)
    page.click("text=继续提交")
    assert "动态口令" in page.inner_text("main")
    assert not User.objects.filter(username="kept.cadre").exists()
