"""Figures of practical deeds. Every one is a stored question over the list and what workers said of it."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import Column, Figure, ServiceKind
from unionhome.services.deeds.models import Origin, Score
from unionhome.services.deeds.workflow import TABLE

SERVICE_KINDS = (ServiceKind("deeds.done", "办实事"),)
OWNER = "权益保障部"
LISTED: Mapping[str, Any] = {"listed_on__isnull": False}
STRUCK: Mapping[str, Any] = {"struck_on__isnull": False}
COLUMNS = (
    Column("编号", "number"),
    Column("办什么事", "title"),
    Column("从哪里来", "origin", choices=dict(Origin.choices)),
    Column("承办工会", "node__name"),
    Column("谁的清单", "owner__name"),
    Column("状态", "state", choices={state.name: state.label for state in TABLE.states}),
    Column("列入", "listed_on", "day"),
    Column("答应办成", "due_on", "day"),
    Column("销号", "struck_on", "day"),
    Column("受益人数", "people_count", "number"),
    Column("花费", "cost_fen", "fen"),
)
RATED = (
    Column("编号", "deed__number"),
    Column("办什么事", "deed__title"),
    Column("承办工会", "deed__node__name"),
    Column("评价", "score", choices=dict(Score.choices)),
    Column("哪天", "rated_on", "day"),
)


def _deeds(code: str, name: str, unit: str, definition: str, **facts: Any) -> Figure:
    """A figure over deeds; most are flows that count rows."""
    return Figure(
        code=f"deeds.{code}",
        name=name,
        unit=unit,
        definition=definition,
        owner=OWNER,
        model="deeds.deed",
        columns=COLUMNS,
        link="/desk/deeds/{pk}/",
        **({"kind": "flow", "basis": "记录"} | facts),
    )


FIGURES = (
    _deeds(
        "listed", "列入清单的实事", "件", "期间内决定列入清单的实事，按决定那天计；后来写明不办的也计。",
        predicate=LISTED, day="listed_on", order=310,
    ),
    _deeds(
        "done", "办成的实事", "件", "期间内由上一级核验、销号的实事，按销号那天计。",
        predicate=STRUCK, day="struck_on", order=320,
    ),
    _deeds(
        "on_time", "实事按期办成率", "%", "期间内销号的实事中，在认领时答应的日子以前办成的占多少。",
        kind="ratio", measure="share", predicate=STRUCK, part={"is_on_time": True}, day="struck_on", decimals=1,
        order=330,
    ),
    _deeds(
        "beneficiaries", "实事受益人数", "人",
        "期间内销号的实事报的受益人数之和。一件里一个人只计一次；同一个人在两件里受益，计两次。",
        basis="计数", measure="sum:people_count", predicate=STRUCK, day="struck_on", order=340,
    ),
    _deeds(
        "cost", "实事花费", "元", "期间内销号的实事花的钱之和，按报的凭据。",
        measure="sum:cost_fen", predicate=STRUCK, day="struck_on", order=350,
    ),
    Figure(
        code="deeds.rated",
        name="实事的评价",
        unit="份",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内职工对销号的实事的评价，一个账号对一件只计一份。",
        model="deeds.deedrating",
        day="rated_on",
        place="deed__node",
        columns=RATED,
        link="/desk/deeds/{deed__pk}/",
        order=360,
    ),
    Figure(
        code="deeds.satisfied",
        name="实事满意率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition="期间内对实事的评价中，满意和基本满意的占多少。",
        model="deeds.deedrating",
        measure="share",
        part={"score__in": ["satisfied", "fairly"]},
        day="rated_on",
        place="deed__node",
        columns=RATED,
        link="/desk/deeds/{deed__pk}/",
        decimals=1,
        order=370,
    ),
)  # fmt: skip
