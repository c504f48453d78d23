"""Figures declared for the tests, over records, nodes and journal entries."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.members.models import Person
from unionhome.core.records import actions as records
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import Column, Figure

YEAR = 2025
DAY = date(2025, 6, 1)
KINDS = {"tests.visit": "走访", "tests.grant": "补助"}
COLUMNS = (
    Column("日期", "on", "day"),
    Column("服务", "service", "service"),
    Column("工会", "node__name"),
    Column("姓名", "person__name", "masked_name"),
    Column("内容", "summary"),
    Column("金额（元）", "amount_fen", "fen"),
)


def flow(code: str, unit: str, measure: str = "rows", **more: Any) -> Figure:
    facts = {
        "kind": "flow",
        "basis": "记录",
        "definition": "测试用",
        "owner": "权益保障部",
        "model": "records.ServiceRecord",
        "day": "on",
        "columns": COLUMNS,
        "link": "link",
        **more,
    }
    return Figure(code, code, unit, measure=measure, **facts)


FIGURES = (
    flow("tests.visits", "次", predicate={"service": "tests.visit"}),
    flow("tests.money", "元", "sum:amount_fen"),
    flow("tests.heads", "人次", "sum:head_count", basis="计数"),
    flow("tests.people", "人", "people:person"),
    flow("tests.own", "次", scope="own"),
    flow("tests.visited", "人", "people:person", predicate={"service": "tests.visit"}),
    flow("tests.helped", "人", "people:person", predicate={"service__in": ["tests.visit", "tests.grant"]}),
    flow("tests.granted", "元", "sum:amount_fen", predicate={"service__in": ["tests.grant"]}),
    flow("tests.own_people", "人", "people:person", scope="own", predicate={"service": "tests.grant"}),
    flow("tests.share", "%", "share", kind="ratio", part={"amount_fen__gt": 0}),
    flow("tests.median", "元", "median:amount_fen", kind="median"),
    flow("tests.standard", "元", "standard:amount_fen", kind="standard", predicate={"service": "tests.grant"}),
    flow("tests.over", "%", "over:tests.visits/tests.heads", kind="ratio", model=""),
    Figure(
        "tests.unions",
        "工会",
        "个",
        kind="stock",
        basis="实名",
        definition="测试用",
        owner="组织部",
        model="tree.Node",
        standing=("opened_on", "closed_on"),
        columns=(Column("工会", "name"), Column("编码", "code")),
    ),
    flow("tests.acts", "次", model="journal.Entry", day="at", predicate={"kind": "tests.act"}, columns=(), link=""),
)
CODES = [figure.code for figure in FIGURES]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    by_code = {figure.code: figure for figure in FIGURES}
    monkeypatch.setattr("unionhome.core.figures.queries.catalog._by_code", lambda: by_code)
    for module in ("records.actions.writing", "records.queries", "figures.queries.rows"):
        monkeypatch.setattr(f"unionhome.core.{module}.get_service_labels", lambda: KINDS)


Add = Callable[..., ServiceRecord]


@pytest.fixture
def add(world: World) -> Add:
    """`add("union", amount_fen=500)`."""

    def put(node: str, **facts: Any) -> ServiceRecord:
        values = {"service": "tests.visit", "on": DAY, "summary": "上门走访", **facts}
        world.nodes[node].refresh_from_db()
        return records.add(world.actor("system"), node=world.nodes[node], **values)

    return put


@pytest.fixture
def people(world: World) -> list[Person]:
    return [make_person(world.nodes["union"], name) for name in ("王建国", "李秀英", "张伟")]
