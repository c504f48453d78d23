"""The API as a whole: who gets in, how it says no, and that its description tells the truth."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.worlds import World
from unionhome.config import api as house
from unionhome.core.access.actions.tokens import create_token

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(world: World) -> Call:
    """`call("county", "/figures")`: status and JSON of a GET with a fresh token."""

    def ask(who: str, path: str, permissions: tuple[str, ...] = ("figures.view",), **more: Any) -> tuple[int, Any]:
        _, token = create_token(world.actor(who), label="测试", permissions=list(permissions), days=1)
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)
        return answer.status_code, json.loads(answer.content)

    return ask


def say_no(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == answer.status_code and body["code"] and body["title"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in body["detail"])
    return body


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic eDp5"}])
def test_without_a_token_nobody_gets_in(world: World, header: dict[str, str]) -> None:
    answer = Client().get("/api/v1/figures", headers=header)
    assert say_no(answer)["code"] == "no-token" and answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(world: World) -> None:
    assert world.client("city").get("/api/v1/figures").status_code == 401


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/v1/figures/a/b/c"])
def test_unknown_addresses_answer_in_json(db: None, method: str, path: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert answer.status_code == 404 and say_no(answer)["code"] == "unknown-address"


def test_a_wrong_method_is_said(db: None) -> None:
    answer = Client().post("/api/v1/figures")
    assert answer.status_code == 405 and say_no(answer)["code"] == "method-not-allowed" and "GET" in answer["Allow"]


def test_fields_are_named_in_chinese(call: Call) -> None:
    status, body = call("county", "/figures?from=yesterday")
    assert status == 422 and body["code"] == "bad-input"
    assert list(body["fields"]) == ["from"] and "日期" in body["fields"]["from"]


def test_a_token_carries_only_what_it_names(call: Call) -> None:
    status, body = call("county", "/figures", permissions=("members.view",))
    assert (status, body["code"]) == (403, "forbidden")


def test_a_token_is_bounded_by_its_owners_branch(call: Call) -> None:
    status, body = call("town", "/figures?organization=610502")
    assert (status, body["code"]) == (404, "not-found")


def test_too_many_requests_are_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "MOST_A_MINUTE", 3)
    _, token = create_token(world.actor("county"), label="测试", permissions=["figures.view"], days=1)
    header = {"Authorization": f"Bearer {token}"}
    answers = [Client().get("/api/v1/figures/x", headers=header) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert say_no(answers[-1])["code"] == "too-many" and answers[-1]["Retry-After"] == "60"
    world.wait(minutes=2)
    assert Client().get("/api/v1/figures/x", headers=header).status_code == 404


def test_the_description_is_openapi_31_and_names_every_refusal(db: None) -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    operations = [one for path in schema["paths"].values() for one in path.values()]
    assert operations and all({"401", "404", "429"} <= set(one["responses"]) for one in operations)
    assert all(one["operationId"] and one["summary"] for one in operations)
    assert all("security" in one for one in operations)
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))


def test_no_page_of_the_api_comes_from_outside(db: None) -> None:
    assert Client().get("/api/v1/docs").status_code == 404
