"""What the scripts of the shells add, and that pages do without them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.kit import shell_samples
from tests.kit.conftest import HOME, Opener, Site

pytestmark = [pytest.mark.browser]


def test_navigation_folds_and_the_person_menu_turns_dark(open_page: Opener, context: BrowserContext) -> None:
    page = open_page("desk_inbox")
    page.locator("[data-nav-fold]").click()
    assert page.evaluate("document.querySelector('.uh-nav').offsetWidth") == 56
    page.locator(".uh-person > summary").click()
    page.get_by_role("button", name="深色或浅色").click()
    assert page.evaluate("document.documentElement.dataset.uhTheme") == "dark"
    assert {one["name"]: one["value"] for one in context.cookies()} == {"nav_small": "1", "theme": "dark"}
    page.keyboard.press("Escape")
    expect(page.locator(".uh-person")).not_to_have_attribute("open", "")


def test_a_draft_survives_a_closed_page_and_goes_when_it_was_received(open_page: Opener, site: Site) -> None:
    page = open_page("worker_form")
    page.get_by_label("遇到了什么难处").fill("厂里停了暖气")
    page.get_by_label("打电话").check()
    page.get_by_label("工资", exact=True).check()
    page.get_by_label("不让单位知道").uncheck()
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已存")
    page.reload()
    expect(page.get_by_label("遇到了什么难处")).to_have_value("厂里停了暖气")
    expect(page.get_by_label("打电话")).to_be_checked()
    expect(page.get_by_label("工资", exact=True)).to_be_checked()
    expect(page.get_by_label("不让单位知道")).not_to_be_checked()
    expect(page.locator("[data-counter=id_text]")).to_have_text("6/2000")
    site.pages["done"] = site.pages["worker_form"].replace("<main", '<p data-draft-done="help">收到</p><main', 1)
    page.goto(f"{HOME}/done")
    expect(page.get_by_label("遇到了什么难处")).not_to_have_value("厂里停了暖气")


def test_private_fields_and_files_stay_out_of_drafts(open_page: Opener) -> None:
    page = open_page("worker_form")
    page.evaluate("document.getElementById('id_phone').setAttribute('data-private', '')")
    page.get_by_label("联系电话").fill("19900000001")
    page.get_by_label("遇到了什么难处").fill("别的")
    expect(page.locator("[data-draft-state]")).to_be_visible()
    kept = page.evaluate("localStorage.getItem('uh-draft:help')")
    assert "别的" in kept and "19900000001" not in kept and "submit_key" not in kept and "csrf" not in kept


def test_signing_out_forgets_drafts(open_page: Opener) -> None:
    page = open_page("desk_matter")
    page.get_by_label("答复本人").fill("明天办")
    page.wait_for_timeout(900)
    assert page.evaluate("sessionStorage.getItem('uh-draft:reply')")
    assert page.evaluate("localStorage.length") == 0
    page.evaluate("document.querySelector('[data-forget-drafts]').addEventListener('submit', e => e.preventDefault())")
    page.locator(".uh-person > summary").click()
    page.get_by_role("button", name="退出登录").click()
    assert page.evaluate("sessionStorage.getItem('uh-draft:reply')") is None


def test_a_form_is_sent_once(open_page: Opener, site: Site) -> None:
    page = open_page("worker_form")
    page.evaluate(
        "document.getElementById('help-form').action = '/sent'; document.getElementById('help-form').target = 'x'"
    )
    button = page.get_by_role("button", name="发给城东街道总工会")
    with page.context.expect_page():
        button.click()
    expect(button).to_be_disabled()
    page.evaluate("document.getElementById('help-form').requestSubmit()")
    page.wait_for_timeout(200)
    assert len(site.posted) == 1
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()


def test_nothing_is_sent_without_a_network(
    open_page: Opener, context: BrowserContext, site: Site, complaints: list[str]
) -> None:
    page = open_page("worker_form")
    site.is_reached = False
    context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.get_by_role("button", name="发给城东街道总工会").click()
    expect(page.locator("[data-toasts]")).to_contain_text("还没发出去")
    assert site.posted == []
    site.is_reached = True
    context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    expect(page.locator("[data-toasts]")).to_contain_text("可以重新发送")
    assert {"ERR_INTERNET_DISCONNECTED" in said for said in complaints} == {True}
    complaints.clear()


def test_a_server_in_the_same_house_needs_no_outside_network(
    open_page: Opener, context: BrowserContext, site: Site
) -> None:
    page = open_page("worker_form")
    context.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    page.reload()
    page.get_by_role("button", name="发给城东街道总工会").click()
    page.wait_for_timeout(500)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert len(site.posted) == 1


def test_letters_are_counted_as_the_server_counts(open_page: Opener) -> None:
    page = open_page("worker_form")
    field, counter = page.get_by_label("遇到了什么难处"), page.locator("[data-counter=id_text]")
    field.fill("😀" * 3)
    expect(counter).to_have_text("3/2000")
    field.fill("字" * 2001)
    expect(counter).to_have_text("2001/2000")
    expect(counter).to_have_class("uh-counter uh-counter-over")


def test_files_are_shown_with_a_warning_when_too_big(open_page: Opener, tmp_path: Path) -> None:
    small, big = tmp_path / "工资条.png", tmp_path / "录像.mp4"
    small.write_bytes(bytes.fromhex("89504e470d0a1a0a") + b"0" * 3000)
    big.write_bytes(b"0" * (10 * 1024 * 1024 + 1))
    page = open_page("worker_form")
    page.locator("#id_photos").set_input_files([small, big])
    rows = page.locator(".uh-upload-item")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("工资条.png")
    expect(rows.nth(0).locator("img")).to_have_attribute("src", re.compile("^blob:"))
    expect(rows.nth(1)).to_contain_text("超过了10.0MB")


def test_an_act_with_a_question_asks_first(open_page: Opener, site: Site) -> None:
    page = open_page("desk_matter")
    page.evaluate("document.querySelector('[data-confirm]').form.action = '/letter'")
    page.get_by_role("button", name="拟提示函").click()
    page.get_by_role("button", name="不了").click()
    assert site.posted == []
    page.get_by_role("button", name="拟提示函").click()
    page.get_by_role("dialog").get_by_role("button", name="拟提示函").click()
    page.wait_for_url("**/letter")
    assert len(site.posted) == 1


def test_keys_move_choose_and_search(open_page: Opener) -> None:
    page = open_page("desk_inbox")
    row = page.locator("tr.uh-cursor")
    page.keyboard.press("j")
    expect(row).to_contain_text("入会申请未答复")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    expect(row).to_have_class(re.compile("uh-picked"))
    page.keyboard.press("k")
    expect(row).to_contain_text("入会申请未答复")
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    expect(page.locator("[data-bulk-foot]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("[data-search]")).to_have_value("jx")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**#m")


def test_all_rows_at_once(open_page: Opener) -> None:
    page = open_page("desk_inbox")
    every = page.get_by_label("全选")
    assert every.evaluate("box => box.indeterminate")
    every.check()
    expect(page.locator("[data-bulk-count]")).to_have_text("6")
    page.locator("[data-bulk-clear]").click()
    expect(every).not_to_be_checked()


def test_a_shown_number_is_covered_again(open_page: Opener, site: Site) -> None:
    secret = '<p><b data-remask-seconds="2" data-remask-text="6105＊＊1234">610502199001011234</b><i data-remask-note></i></p>'
    site.pages["secret"] = shell_samples.render("worker_matter").replace("<main", f"{secret}<main", 1)
    page = open_page("secret")
    expect(page.get_by_text("610502199001011234")).to_be_visible()
    expect(page.get_by_text("6105＊＊1234")).to_be_visible(timeout=4000)
    expect(page.locator("[data-remask-note]")).to_have_text("已遮住")


def test_wrong_fields_are_one_tap_away(open_page: Opener) -> None:
    page = open_page("worker_form", wrong=True)
    expect(page.locator(".uh-errors")).to_be_focused()
    page.get_by_role("link", name="请填写联系电话").click()
    expect(page.get_by_label("联系电话")).to_be_focused()


def test_a_typed_day_has_a_calendar(open_page: Opener) -> None:
    page = open_page("worker_form")
    page.locator(".uh-day-field input[type=date]").evaluate(
        "box => { box.value = '2026-11-24'; box.dispatchEvent(new Event('change')); }"
    )
    expect(page.get_by_label("从哪天开始")).to_have_value("2026-11-24")


def test_a_chart_is_drawn_within_the_content_policy(open_page: Opener) -> None:
    page = open_page("desk_member")
    expect(page.locator(".uh-chart svg path").first).to_be_attached()
    page.evaluate("document.dispatchEvent(new Event('uh:theme'))")
    expect(page.locator(".uh-chart svg")).to_have_count(1)


def test_a_failed_part_says_so_in_chinese(open_page: Opener, site: Site, complaints: list[str]) -> None:
    page = open_page("desk_inbox")
    site.status = 409
    page.evaluate("htmx.ajax('GET', '/part', {target: '.uh-page-title', swap: 'innerHTML'})")
    expect(page.locator("[data-toasts]")).to_contain_text("情况变了")
    assert all("409" in said for said in complaints)
    complaints.clear()


def test_without_a_script_pages_still_work(chromium: Browser, site: Site) -> None:
    made = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    made.route("**/*", site.answer)
    site.pages["form"] = shell_samples.render("worker_form").replace('action="#"', 'action="/sent"', 1)
    site.pages["desk"] = shell_samples.render("desk_inbox")
    page = made.new_page()
    page.goto(f"{HOME}/form")
    expect(page.locator("#id_photos")).to_be_visible()
    expect(page.locator(".uh-upload-button")).to_be_hidden()
    page.get_by_label("遇到了什么难处").fill("厂里停了暖气")
    page.get_by_role("button", name="发给城东街道总工会").click()
    page.wait_for_url("**/sent")
    assert len(site.posted) == 1
    page.goto(f"{HOME}/desk")
    page.get_by_text("更多").click()
    expect(page.get_by_role("link", name="报表").last).to_be_visible()
    made.close()
