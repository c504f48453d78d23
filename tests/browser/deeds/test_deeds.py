"""A practical deed in a real browser, at both widths: collected, listed, taken, done with a picture, checked, rated."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.moves import picture
from tests.sample_places import enter_divisions, enter_unions
from tests.worlds import WORKER_PHONE, World
from unionhome.core.cases.models import Case
from unionhome.services.deeds.models import Deed, DeedRating
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1440, 900), (390, 844))


def test_a_deed_from_collect_to_rating(
    world: World, desk: Page, phone: Page, sign_in: Callable[..., Page], axe: Any, fits: Any, tmp_path: Path
) -> None:
    enter_divisions()
    enter_unions(world)
    given = Need(category="hardship", text="工地没有热水。", phone=WORKER_PHONE, hide_from_employer=False)
    case, _ = report_need(world.actor("worker"), given)
    Case.objects.filter(pk=case.pk).update(node=world.nodes["town"])
    photo, day = tmp_path / "办成.jpg", world.today.isoformat()
    photo.write_bytes(picture())

    def look(page: Page) -> None:
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            fits(page)
            axe(page)
        page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})

    town = sign_in(desk, "town")
    town.goto(f"/desk/deeds/new/?need={case.number}")
    town.fill("[name=title]", "给六个工地送饮水机")
    town.fill("[name=wanted]", "夏天工地上喝不到热水。")
    town.fill("[name=people_count]", "240")
    look(town)
    town.get_by_role("button", name="提出实事").click()
    expect(town.get_by_text("已提出").first).to_be_visible()
    deed = Deed.objects.get()

    county = sign_in(desk, "county")
    county.goto(f"/desk/deeds/{deed.pk}/do/list/")
    county.select_option("[name=owner]", str(world.nodes["county"].pk))
    county.fill("[name=union]", "人民街道")
    county.get_by_role("button", name="列入清单").click()
    expect(county.get_by_text("已列入清单").first).to_be_visible()

    town = sign_in(desk, "town")
    town.goto(f"/desk/deeds/{deed.pk}/do/take/")
    town.fill("[name=taken_on]", day)
    town.fill("[name=due_on]", (world.today + timedelta(days=9)).isoformat())
    town.get_by_role("button", name="认领").click()
    expect(town.get_by_text("已认领").first).to_be_visible()
    town.goto(f"/desk/deeds/{deed.pk}/do/finish/")
    for name, value in (("done_on", day), ("text", "装了六台。"), ("people_count", "240"), ("cost_fen", "3600")):
        town.fill(f"[name={name}]", value)
    town.fill("[name=cost_source]", "工会经费")
    town.set_input_files("[name=photos]", str(photo))
    look(town)
    town.get_by_role("button", name="办成了，交凭证").click()
    expect(town.get_by_text("已交凭证").first).to_be_visible()

    county = sign_in(desk, "county")
    county.goto(f"/desk/deeds/{deed.pk}/do/check/")
    county.fill("[name=text]", "到工地看了，能用。")
    county.get_by_role("button", name="核验合格").click()
    expect(county.get_by_text("核验合格，可以销号").first).to_be_visible()
    county.on("dialog", lambda dialog: dialog.accept())
    look(county)
    county.get_by_role("button", name="销号").locator("visible=true").first.click()
    asked = county.locator("dialog[open]")
    if asked.count():
        asked.get_by_role("button").last.click()
    expect(county.get_by_text("请职工评价").first).to_be_visible()

    worker = sign_in(phone, "worker")
    worker.goto(f"/my/deeds/{deed.pk}/")
    fits(worker)
    axe(worker)
    worker.check("[name=score][value=satisfied]", force=True)
    worker.get_by_role("button", name="提交评价").click()
    expect(worker.get_by_text("谢谢您的评价").first).to_be_visible()
    assert DeedRating.objects.get().score == "satisfied"
