"""The demo's own doors, as a visitor uses them."""

import re

from playwright.sync_api import Page


def enter_worker(page: Page, title: str) -> None:
    """By the demo's card and the code on the page."""
    page.goto("/")
    page.get_by_role("button", name=re.compile(title)).click()
    code = page.locator(".uh-notice strong").inner_text()
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/my/")


def enter_cadre(page: Page, name: str) -> None:
    """By the demo's card."""
    page.goto("/")
    page.get_by_role("button", name=re.compile(f"登录名 {name}$")).click()
    page.wait_for_url("**/desk/**")
