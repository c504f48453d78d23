"""Unions for programs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.core.organizations.workflows import founding_at, seal
from tests.worlds import World
from unionhome.core.access.actions.tokens import create_token
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Organization

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


# -- foundings and terms ---------------------------------------------------------------------------------------------


@pytest.fixture
def send(org_world: World) -> Call:
    def ask(path: str, who: str = "town", **body: str) -> tuple[int, Any]:
        acts = ("view", "manage", "found", "reelect")
        permissions = [*(f"organizations.{act}" for act in acts), "papers.void"]
        token = create_token(org_world.actor(who), label="测试", permissions=permissions, days=1)[1]
        answer = Client().post(
            f"/api/v1/{path}", body, "application/json", headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code, json.loads(answer.content)

    return ask


def test_a_founding_moves_step_by_step(org_world: World, call: Call, send: Call) -> None:
    facts = actions.EmployerFacts("渭南示例早餐店", "610502001001")
    founding = founding_at(org_world.actor("town"), "draft", facts)
    status, page = call("foundings?limit=1", who="town")
    assert (status, page["total"], page["items"][0]["id"], page["next"]) == (200, 1, founding.pk, None)
    address = f"foundings/{founding.pk}"
    assert call(address, who="other_county")[0] == 404
    status, one = call(address, who="town")
    assert (status, one["state"], one["state_name"], one["organization"]) == (200, "draft", "草稿", None)
    assert {step["verb"]: step["is_allowed"] for step in one["next_steps"]} == {"apply": False, "cancel": False}
    status, refused = send(f"{address}/steps", verb="apply")
    assert (status, refused["detail"]) == (409, "筹建请示还没有盖章回传。")
    seal(org_world.actor("town"), actions.issue_founding_paper(org_world.actor("town"), founding.pk))
    for _ in range(2):
        status, moved = send(f"{address}/steps", verb="apply", key="api-1")
        assert (status, moved["state"]) == (200, "applied")
    for verb in ("prepare", "return_application"):
        assert send(f"{address}/steps", who="county", verb=verb, reason="x")[0] == 403, "answers are given in person"
    other = send(f"{address}/steps", who="county", verb="apply", key="api-1")
    assert (other[0], other[1]["code"]) == (409, "wrong-state"), "another account's key is another key"
    assert send(f"{address}/steps", verb="fly")[1]["fields"].keys() == {"verb"}
    assert send("foundings/999999/steps", verb="apply")[0] == 404


def test_terms_and_a_reelection(org_world: World, call: Call, send: Call) -> None:
    union = Organization.objects.select_related("node").get(pk=org_world.nodes["union"].pk)
    Organization.objects.filter(pk=union.pk).update(term_no=2, term_ends_on=org_world.today)
    assert call("terms?stage=late", who="town")[1]["items"] == []
    reelection = actions.open_reelection(org_world.actor("town"), union.pk)
    status, page = call("terms", who="town")
    (one,) = page["items"]
    assert (status, one["code"], one["stage"], one["reelection"], one["state"]) == (
        200, union.node.code, "urgent", reelection.pk, "due",
    )  # fmt: skip
    address = f"reelections/{reelection.pk}"
    assert call(address, who="other_county")[0] == 404
    assert call(address, who="town")[1]["next_steps"][0]["why_not"] != ""
    assert send(f"{address}/steps", verb="begin")[1]["detail"] == "换届请示还没有盖章回传。"
    seal(org_world.actor("town"), actions.issue_term_paper(org_world.actor("town"), reelection.pk))
    assert send(f"{address}/steps", verb="begin")[1]["state"] == "started"


def test_lists_ask_as_often_for_many_as_for_one(org_world: World, call: Call) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert call(path, who="town")[0] == 200
        return len(queries)

    system = org_world.actor("system")
    Organization.objects.filter(pk=org_world.nodes["union"].pk).update(term_ends_on=org_world.today)
    founding_at(system, "preparing", actions.EmployerFacts("渭南示例第1店", "610502001001"))
    count("foundings"), count("terms")
    few = (count("foundings"), count("terms"))
    for number in range(2, 5):
        founding_at(system, "preparing", actions.EmployerFacts(f"渭南示例第{number}店", "610502001001"))
    Organization.objects.update(term_ends_on=org_world.today)
    assert (count("foundings"), count("terms")) == few
