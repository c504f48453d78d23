"""Many at the same moment: a limit lets through no more than it says, and one form makes one row."""

import uuid
from typing import Any

import pytest
from django.db import connection

from tests.at_once import at_once
from tests.worlds import World, build_world
from unionhome.core.access import clock
from unionhome.core.access.actions import Browser, limit, send_code, sign_in
from unionhome.core.access.models import ApiToken, Attempt, PhoneCode, RoleGrant
from unionhome.core.registry import TooMany

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> World:
    built = build_world()
    monkeypatch.setattr(clock, "now", lambda: built.at)
    return built


def post_at_once(world: World, who: str, address: str, sent: dict[str, Any], times: int = 4) -> list[Any]:
    clients = [world.client(who, raise_request_exception=False) for _ in range(times)]
    return at_once(*(lambda client=client: client.post(address, sent) for client in clients))


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, TooMany) for result in results)


def test_a_limit_of_three_lets_three_of_twelve_through(city: World) -> None:
    actor = city.actor("public")
    results = at_once(*[lambda: limit(actor, "test.limit", "10.0.0.1", 3, 60)] * 12)
    assert (refused(results), Attempt.objects.filter(what="test.limit").count()) == (9, 3)


def test_wrong_passwords_at_once_are_limited_and_the_right_one_is_not_counted(city: World, settings: Any) -> None:
    settings.SIGN_IN_PER_ADDRESS = 3
    actor = city.actor("public")

    def guess(name: str) -> Any:
        browser = Browser(new_key=lambda: uuid.uuid4().hex, old_key="", device="", address="10.0.0.1")
        return sign_in(actor, username=name, password="wrong", browser=browser)

    results = at_once(*(lambda name=name: guess(name) for name in ("town", "county", "city", "chair", "nobody", "x")))
    assert refused(results) == 3
    assert Attempt.objects.filter(what="access.sign_in.address").count() == 3


def test_codes_asked_for_at_once_from_one_address_are_limited(city: World, settings: Any) -> None:
    settings.DEMO, settings.CODES_PER_ADDRESS = True, 2
    actor = city.actor("public")
    phones = [f"1990000020{digit}" for digit in range(6)]
    results = at_once(*(lambda phone=phone: send_code(actor, phone, address="10.0.0.1") for phone in phones))
    assert (refused(results), PhoneCode.objects.count()) == (4, 2)


def test_one_grant_form_is_one_grant(city: World) -> None:
    before, key = RoleGrant.objects.count(), uuid.uuid4().hex
    union = city.nodes["other_county"]
    sent = {
        "username": "town", "role": "finance", "union": union.code, "starts_on": "2026-03-10", "reason": "任职文件",
        "submit_key": key,
    }  # fmt: skip
    answers = post_at_once(city, "secadmin", "/desk/grants/new/", sent)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert RoleGrant.objects.count() == before + 1


def test_one_token_form_is_one_token_shown_once(city: World) -> None:
    sent = {"label": "报表", "permissions": ["cases.view"], "days": "30", "submit_key": uuid.uuid4().hex}
    answers = post_at_once(city, "city", "/desk/account/tokens/", sent)
    assert sorted(answer.status_code for answer in answers) == [200, 302, 302, 302]
    assert ApiToken.objects.count() == 1
