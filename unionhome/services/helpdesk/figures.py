"""Figures of the help desk. Every one is a stored question over cases or service records."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import Column, Figure, ServiceKind
from unionhome.services.helpdesk.workflow import CATEGORIES

SERVICE_KINDS = (
    ServiceKind("helpdesk.arrive", "诉求，到场"),
    ServiceKind("helpdesk.help", "诉求，帮扶"),
    ServiceKind("helpdesk.measure", "诉求，措施"),
    ServiceKind("helpdesk.closed", "诉求，办结"),
)

OWNER = "权益保障部"
NEED: Mapping[str, Any] = {"kind": "helpdesk.need"}
RATINGS = {"satisfied": "满意", "fairly": "基本满意", "not": "不满意", "": "未评"}
CASE_COLUMNS = (
    Column("编号", "number"),
    Column("类别", "category", choices={each.code: each.label for each in CATEGORIES}),
    Column("承办工会", "node__name"),
    Column("提出", "opened_on", "day"),
    Column("办结", "closed_on", "day"),
    Column("到场用时", "arrive_minutes", "minutes"),
    Column("评价", "rating", choices=RATINGS),
)


def _median(clock: str, name: str, limit: str, order: int) -> tuple[Figure, Figure]:
    """The median of one clock and the share that kept it, over the cases closed in the period."""
    closed = {**NEED, f"{clock}_minutes__isnull": False}
    median = Figure(
        code=f"helpdesk.{clock}_median",
        name=f"{name}用时中位数",
        unit="分",
        kind="median",
        basis="记录",
        owner=OWNER,
        definition=f"期间内办结的诉求，从提出到{name}所用时间的中位数。紧急事项按自然时间，其余按值班时间。",
        model="cases.case",
        measure=f"median:{clock}_minutes",
        predicate=closed,
        day="closed_on",
        columns=CASE_COLUMNS,
        board="clock",
        pair=f"helpdesk.{clock}_on_time",
        limit=limit,
        order=order,
    )
    share = Figure(
        code=f"helpdesk.{clock}_on_time",
        name=f"{name}按时率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition=f"期间内办结的诉求中，{name}在当时的时限以内的占多少。",
        model="cases.case",
        measure="share",
        predicate=closed,
        part={f"{clock}_on_time": True},
        day="closed_on",
        columns=CASE_COLUMNS,
        order=order,
        decimals=1,
    )
    return median, share


FIGURES = (
    Figure(
        code="helpdesk.opened",
        name="提出诉求",
        unit="件",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内职工提出、或工会代职工登记的诉求。一件诉求只计一次，转办、重办不重复计。",
        model="cases.case",
        predicate=NEED,
        day="opened_on",
        columns=CASE_COLUMNS,
        board="column",
        order=10,
    ),
    Figure(
        code="helpdesk.closed",
        name="办结诉求",
        unit="件",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内办结的诉求，按办结那天承办工会所在的县区计。职工不满意、退回重办的，重办完才计。",
        model="records.servicerecord",
        predicate={"service": "helpdesk.closed"},
        day="on",
        board="column",
        order=20,
        columns=(
            Column("办结", "on", "day"),
            Column("事项", "summary"),
            Column("承办工会", "node__name"),
            Column("县区", "county__name"),
            Column("镇街", "town__name"),
        ),
        link="link",
    ),
    Figure(
        code="helpdesk.open",
        name="在办诉求",
        unit="件",
        kind="stock",
        basis="记录",
        owner=OWNER,
        definition="期末那天已经提出、还没有办结的诉求。",
        model="cases.case",
        predicate={**NEED},
        standing=("opened_on", "ended_on"),
        columns=CASE_COLUMNS,
        board="now",
        order=30,
    ),
    Figure(
        code="helpdesk.helped",
        name="诉求帮扶",
        unit="人次",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内办理诉求时给职工的帮扶，一次计一人次。",
        model="records.servicerecord",
        measure="sum:head_count",
        predicate={"service": "helpdesk.help"},
        day="on",
        columns=(Column("日期", "on", "day"), Column("服务", "service", "service"), Column("工会", "node__name")),
        link="link",
        order=40,
    ),
    Figure(
        code="helpdesk.satisfied",
        name="满意率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition="期间内办结并且职工评价了的诉求中，评价满意或基本满意的占多少。",
        model="cases.case",
        measure="share",
        predicate={**NEED, "rating__in": ["satisfied", "fairly", "not"]},
        part={"rating__in": ["satisfied", "fairly"]},
        day="closed_on",
        columns=CASE_COLUMNS,
        decimals=1,
        order=50,
        board="column",
    ),
    Figure(
        code="helpdesk.rated",
        name="评价率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition="期间内办结的诉求中，职工作了评价的占多少。",
        model="cases.case",
        measure="share",
        predicate=NEED,
        part={"rating__in": ["satisfied", "fairly", "not"]},
        day="closed_on",
        columns=CASE_COLUMNS,
        decimals=1,
        order=60,
    ),
    Figure(
        code="helpdesk.reopened",
        name="重办诉求",
        unit="件",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内提出的诉求中，职工不满意、交上一级重办过的。",
        model="cases.case",
        predicate={**NEED, "reopened_count__gt": 0},
        day="opened_on",
        columns=CASE_COLUMNS,
        order=70,
    ),
    *_median("arrive", "首次到场", "限2小时", 1),
    *_median("help", "首次帮扶", "限4小时", 2),
    *_median("measure", "首次措施", "限6小时", 3),
)
