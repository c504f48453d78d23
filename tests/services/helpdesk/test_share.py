"""The card that tells workers where to turn: its words, its code, and whose town it fills in."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.sample_places import enter_divisions, enter_unions
from tests.worlds import WORKER_PHONE, World
from unionhome.core.cases.screens import group_notice
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = pytest.mark.django_db


def test_a_town_invites_with_its_own_place(world: World, settings: Any) -> None:
    enter_divisions()
    enter_unions(world)
    settings.PUBLIC_URL = "https://home.example"
    page = world.client("town").get("/desk/help/share/")
    address = page.context["address"]
    assert address.startswith("https://home.example/open/help/?town=") and address in page.context["text"]
    asked = world.client("worker").get(address.removeprefix("https://home.example"))
    assert asked.context["form"]["town"].value() == address.rpartition("=")[2]
    assert f'value="{address.rpartition("=")[2]}" selected' in asked.content.decode()


def test_the_city_invites_from_anywhere(world: World) -> None:
    assert world.client("city").get("/desk/help/share/").context["address"].endswith("/open/help/")


def test_a_town_that_is_none_is_left_open(world: World) -> None:
    assert (
        "selected" not in world.client("worker").get("/open/help/?town=<b>").content.decode().split("id_town")[1][:400]
    )


def test_the_code_is_a_picture(world: World) -> None:
    answer = world.client("town").get("/desk/help/share/code.png")
    assert answer["Content-Type"] == "image/png" and "attachment" in answer["Content-Disposition"]
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == picture.height > 400


def test_the_card_is_one_picture_too(world: World) -> None:
    answer = world.client("town").get("/desk/help/share/card.png?save=1")
    assert answer["Content-Type"] == "image/png" and "attachment" in answer["Content-Disposition"]
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == 1080


@pytest.mark.parametrize(("hide", "status"), [(True, 404), (False, 200)])
def test_a_group_reads_the_words_as_a_picture_where_it_may_read_them(world: World, hide: bool, status: int) -> None:
    need = Need(category="other", text="宿舍停暖了", phone=WORKER_PHONE, name="王样例", hide_from_employer=hide)
    case, _ = report_need(world.actor("public"), need)
    page = world.client("city").get(f"/desk/cases/{case.pk}/group/")
    drawn = world.client("city").get(f"/desk/cases/{case.pk}/group.png")
    assert (page.status_code, drawn.status_code) == (status, status)
    assert world.client("town").get(f"/desk/cases/{case.pk}/group.png").status_code == 404
    if status == 200:
        notice = group_notice(world.actor("city"), case)
        assert notice is not None and notice.heading == "渭南市总工会" and "王" not in str(notice)
        assert page.context["text"] == world.client("city").get(f"/desk/cases/{case.pk}/").context["group_text"]
        with Image.open(io.BytesIO(drawn.content)) as picture:
            assert picture.format == "PNG" and picture.width == 1080
