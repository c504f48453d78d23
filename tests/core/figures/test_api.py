"""Figures for programs."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.core.figures.conftest import CODES, Add
from tests.core.figures.publishing import draft, publish
from tests.worlds import World
from unionhome.core.access.actions.tokens import create_token
from unionhome.core.members.models import Person
from unionhome.core.records import actions as records

Call = Callable[..., tuple[int, Any]]
YEAR = "from=2025-01-01&to=2025-12-31"


@pytest.fixture
def call(world: World) -> Call:
    tokens: dict[str, str] = {}

    def ask(path: str, who: str = "county") -> tuple[int, Any]:
        if who not in tokens:
            tokens[who] = create_token(world.actor(who), label="测试", permissions=["figures.view"], days=1)[1]
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {tokens[who]}"})
        return answer.status_code, json.loads(answer.content)

    return ask


def test_all_figures_of_the_tokens_own_union(world: World, add: Add, call: Call) -> None:
    add("union", amount_fen=1_860_00)
    status, body = call(f"figures?{YEAR}")
    assert status == 200 and [item["code"] for item in body["items"]] == CODES
    money = next(item for item in body["items"] if item["code"] == "tests.money")
    assert (money["value"], money["unit"], money["shown"], money["shown_unit"]) == (186_000, "fen", "1,860.00", "元")
    assert (money["organization"], money["period"], money["rows"]) == ("610502", "2025", 1)


def test_one_figure_of_a_named_union(world: World, add: Add, call: Call) -> None:
    add("village")
    add("union")
    assert call(f"figures/tests.visits?organization=610502001001&{YEAR}")[1]["value"] == 1
    assert call("figures/tests.median")[1]["value"] is None
    assert call("figures/tests.nothing")[0] == 404
    assert call("figures/tests.visits?from=2026-01-01&to=2025-01-01") == (
        400,
        {
            "type": "about:blank",
            "title": "输入有误",
            "status": 400,
            "detail": "开始日期不能晚于结束日期。",
            "code": "period",
            "fields": {"from": "开始日期不能晚于结束日期。"},
        },
    )


def test_rows_come_page_by_page_and_add_up(world: World, add: Add, call: Call, people: list[Person]) -> None:
    for number in range(7):
        add("union", amount_fen=number, person_id=people[0].pk, summary=f"第{number}次")
    pages, cursor = [], ""
    while True:
        status, body = call(f"figures/tests.money/rows?{YEAR}&limit=3&cursor={cursor}")
        assert status == 200 and (body["total"], body["value"], body["unit"]) == (7, 21, "fen")
        pages.append(body["items"])
        if body["next"] is None:
            break
        cursor = body["next"]
        add("union", amount_fen=0, on=date(2024, 1, 1))
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(row["内容"] for page in pages for row in page) == [f"第{number}次" for number in range(7)]
    assert pages[0][0]["姓名"] == "王＊国" and pages[0][0]["日期"] == "2025-06-01" and pages[0][0]["服务"] == "走访"


def test_a_mark_goes_on_only_in_its_own_list(world: World, add: Add, call: Call) -> None:
    for _ in range(3):
        add("union")
    mark = call(f"figures/tests.visits/rows?{YEAR}&limit=1")[1]["next"]
    assert call(f"figures/tests.visits/rows?{YEAR}&limit=1&cursor={mark}")[0] == 200
    for other in (f"figures/tests.money/rows?{YEAR}", "figures/tests.visits/rows?"):
        status, body = call(f"{other}&limit=1&cursor={mark}")
        assert (status, body["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("limit", ["0", "501", "x", "-1"])
def test_pages_are_bounded(world: World, call: Call, limit: str) -> None:
    status, body = call(f"figures/tests.visits/rows?limit={limit}")
    assert status == 422 and "limit" in body["fields"]


def test_what_is_hidden_stays_hidden(world: World, add: Add, call: Call) -> None:
    add("town", hidden_path=world.nodes["union"].path)
    world.grant("union", "cadre", "town")
    path = f"figures/tests.visits/rows?organization=610502001&{YEAR}"
    assert (call(path, "town")[1]["total"], call(path, "union")[1]["total"]) == (1, 0)


def test_published_numbers_for_programs(world: World, add: Add, call: Call) -> None:
    """The signed ones of the own branch, with their rows; drafts and other branches are not there."""
    add("union", summary="第一户")
    add("union", summary="关于本单位的事", hidden_path=world.nodes["union"].path)
    row = publish(world, "town", "tests.visits")
    waiting = draft(world, "town", ["tests.heads"]).figures.get()
    status, listed = call("published?organization=610502001")
    assert (status, [one["id"] for one in listed["items"]], listed["next"]) == (200, [row.public_id], None)
    one = call(f"published/{row.public_id}")[1]
    assert (one["value"], one["rows"], one["statement"], one["signature"]) == (
        "2", 2, row.statement, row.signature,
    )  # fmt: skip
    for path in (f"published/{waiting.public_id}", f"published/{waiting.public_id}/rows", "published/none"):
        assert call(path)[0] == 404
    assert call("published", "other_county")[1]["items"] == []
    assert call(f"published/{row.public_id}", "other_county")[0] == 404
    rows = call(f"published/{row.public_id}/rows?limit=1")[1]
    more = call(f"published/{row.public_id}/rows?limit=1&cursor={rows['next']}")[1]
    assert (rows["total"], more["next"]) == (2, None) and {rows["items"][0]["内容"], more["items"][0]["内容"]} == {
        "第一户", "关于本单位的事",
    }  # fmt: skip
    world.grant("union", "cadre", "town")
    seen = call(f"published/{row.public_id}/rows", "union")[1]["items"]
    assert "关于本单位的事" not in str(seen) and len(seen) == 2


def test_a_page_of_many_rows_costs_what_a_page_of_one_does(world: World, add: Add, call: Call) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert call(f"figures/tests.visits/rows?{YEAR}")[0] == 200
        return len(seen)

    add("union")
    call("figures")
    few = cost()
    for _ in range(5):
        add("village")
    records.fold()
    assert cost() == few


@pytest.mark.parametrize(
    "query",
    ["to=0", "to=true", "from=20250101", "to=2025-02-30", "from=9999-01-01", "organization=%00", "organization=" + "x" * 33,
     "cursor=%C2%AA%00", "cursor=" + "a" * 500, "limit=1e3", "from=&to=", "organization[]=1"],
)  # fmt: skip
def test_strange_questions_are_answered_in_json(world: World, call: Call, query: str) -> None:
    for path in ("figures", "figures/tests.visits", "figures/tests.visits/rows"):
        status, body = call(f"{path}?{query}")
        assert status in (200, 400, 404, 422), (path, query)
        assert status == 200 or body["code"]
