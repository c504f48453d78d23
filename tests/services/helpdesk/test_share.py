"""The card that tells workers where to turn: its words, its code, and whose town it fills in."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.sample_places import enter_divisions, enter_unions
from tests.worlds import World

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
