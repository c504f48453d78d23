"""Unions for programs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from unionhome.core.access.actions.tokens import create_token

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(org_world: World) -> Call:
    tokens: dict[str, str] = {}

    def ask(path: str, who: str = "county", permission: str = "organizations.view") -> tuple[int, Any]:
        key = f"{who} {permission}"
        if key not in tokens:
            tokens[key] = create_token(org_world.actor(who), label="测试", permissions=[permission], days=1)[1]
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {tokens[key]}"})
        return answer.status_code, json.loads(answer.content)

    return ask


def test_one_union_by_its_code(call: Call) -> None:
    status, union = call("organizations/610502001-Q0001")
    assert status == 200
    assert (union["name"], union["level"], union["parent"]) == ("渭南示例速运有限公司工会", "grassroots", "610502001")
    assert (union["form"], union["form_name"]) == ("single", "独立基层工会")
    assert union["employer"]["name"] == "渭南示例速运有限公司"
    assert call("organizations/610503")[0] == 404
    assert call("organizations/nothing")[0] == 404
    assert call("organizations/%00")[0] == 404
    assert call("organizations/610503", who="other_county")[0] == 200


def test_pages_hold_every_union_once(call: Call) -> None:
    status, first = call("organizations?limit=3")
    assert status == 200
    codes, page = [one["code"] for one in first["items"]], first
    while page["next"]:
        page = call(f"organizations?limit=3&cursor={page['next']}")[1]
        codes += [one["code"] for one in page["items"]]
    assert len(codes) == len(set(codes)) == first["total"] == 7
    assert "610503" not in codes


def test_what_narrows_the_list(call: Call) -> None:
    def codes(query: str) -> list[str]:
        return [one["code"] for one in call(f"organizations?{query}")[1]["items"]]

    assert codes("level=village") == ["610502001001", "610502001002"]
    assert codes("form=single&under=610502001") == ["610502001-Q0001"]
    assert codes("text=杜桥") == ["610502002"]
    assert call("organizations?text=%00")[0] == 400
    assert codes("status=dissolved") == []
    assert call("organizations?under=610503")[0] == 404
    assert call("organizations?level=x'y")[0] == 422
    assert call("organizations?limit=0")[0] == 422


def test_a_mark_goes_on_only_in_its_own_list(call: Call) -> None:
    mark = call("organizations?limit=1")[1]["next"]
    assert call(f"organizations?limit=1&level=village&cursor={mark}")[0] == 400
    assert call("organizations?cursor=made-up")[0] == 400


def test_tokens_without_the_permission_see_nothing(call: Call) -> None:
    assert call("organizations", permission="workflow.view")[0] == 403
    assert call("organizations/610502", permission="workflow.view")[0] == 403
    assert Client().get("/api/v1/organizations").status_code == 401


def test_the_list_costs_the_same_for_few_and_many_rows(call: Call) -> None:
    call("organizations?limit=1")
    costs = []
    for limit in (1, 7):
        with CaptureQueriesContext(connection) as seen:
            call(f"organizations?limit={limit}")
        costs.append(len(seen))
    assert costs[0] == costs[1]
