"""Figures of hazards. Every one is a stored question over cases and what is known of their hazards."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import Column, Figure, ServiceKind
from unionhome.services.hazards.models import Grade
from unionhome.services.hazards.workflow import CATEGORIES, KIND

SERVICE_KINDS = (
    ServiceKind("hazards.struck_off", "隐患，整改销号"),
    ServiceKind("hazards.handed_over", "隐患，移交主管部门"),
)
OWNER = "经济技术和劳动保护部"
HAZARD: Mapping[str, Any] = {"kind": KIND}
STRUCK: Mapping[str, Any] = {"kind": KIND, "hazard__struck_on__isnull": False}
COLUMNS = (
    Column("编号", "number"),
    Column("类别", "category", choices={each.code: each.label for each in CATEGORIES}),
    Column("等级", "hazard__grade", choices=dict(Grade.choices)),
    Column("行业", "employer__industry"),
    Column("承办工会", "node__name"),
    Column("县区", "county__name"),
    Column("拍到", "opened_on", "day"),
    Column("销号", "hazard__struck_on", "day"),
)


def _flow(code: str, name: str, definition: str, predicate: Mapping[str, Any], day: str, order: int) -> Figure:
    return Figure(
        code=f"hazards.{code}",
        name=name,
        unit="件",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition=definition,
        model="cases.case",
        predicate=predicate,
        day=day,
        columns=COLUMNS,
        link="/desk/cases/{pk}/",
        order=order,
    )


FIGURES = (
    _flow(
        "reported", "拍到隐患", "期间内用“隐患随手拍”报来的，并入同一处的、不是隐患的也计。", HAZARD, "opened_on", 210
    ),
    _flow(
        "valid",
        "有效隐患",
        "期间内核实有效的隐患，按核实那天计；并入同一处的只计一件。",
        {**HAZARD, "hazard__is_valid": True, "hazard__leader__isnull": True},
        "hazard__checked_on",
        220,
    ),
    _flow("rectified", "整改销号", "期间内由另一个人复查合格、销号的隐患。", STRUCK, "hazard__struck_on", 230),
    Figure(
        code="hazards.on_time",
        name="隐患按期整改率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition="期间内销号的隐患中，责任单位在头一次提请的日子以前答复改好的占多少。",
        model="cases.case",
        measure="share",
        predicate=STRUCK,
        part={"hazard__is_on_time": True},
        day="hazard__struck_on",
        columns=COLUMNS,
        link="/desk/cases/{pk}/",
        decimals=1,
        order=240,
    ),
    Figure(
        code="hazards.median_days",
        name="隐患整改用时中位数",
        unit="天",
        kind="median",
        basis="记录",
        owner=OWNER,
        definition="期间内销号的隐患，从拍到到销号所用天数的中位数。",
        model="cases.case",
        measure="median:hazard__open_days",
        predicate=STRUCK,
        day="hazard__struck_on",
        columns=COLUMNS,
        link="/desk/cases/{pk}/",
        order=250,
    ),
    Figure(
        code="hazards.major_open",
        name="没有办结的重大隐患",
        unit="件",
        kind="stock",
        basis="记录",
        owner=OWNER,
        definition="期末那天定为重大、还没有销号或移交的隐患。",
        model="cases.case",
        predicate={**HAZARD, "hazard__grade": "major"},
        standing=("opened_on", "ended_on"),
        columns=COLUMNS,
        link="/desk/cases/{pk}/",
        order=260,
    ),
)
