"""Figures of public notices: shown, objected to, answered on time."""

from unionhome.core.publicity.models import Place, Way
from unionhome.core.publicity.workflow import NOTICE, OBJECTION
from unionhome.core.registry import Column, Figure

OWNER = "办公室"
FIGURES = (
    Figure(
        code="publicity.published",
        name="公示的名单",
        unit="份",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内贴出来的公示，按第一次贴出那天计；后来撤回的也计。",
        model="publicity.notice",
        predicate={"published_on__isnull": False},
        day="published_on",
        columns=(
            Column("编号", "number"),
            Column("标题", "title"),
            Column("工会", "node__name"),
            Column("贴在哪里", "place", choices=dict(Place.choices)),
            Column("状态", "state", choices={state.name: state.label for state in NOTICE.states}),
            Column("贴出", "published_on", "day"),
            Column("期满", "ends_on", "day"),
            Column("名单行数", "row_count", "number"),
        ),
        link="/desk/publicity/{pk}/",
        order=410,
    ),
    Figure(
        code="publicity.objected",
        name="公示收到的异议",
        unit="份",
        kind="flow",
        basis="记录",
        owner=OWNER,
        definition="期间内在公示期里收到的异议，按收到那天计，网上和书面都计。",
        model="publicity.objection",
        day="received_on",
        columns=(
            Column("公示编号", "notice__number"),
            Column("标题", "notice__title"),
            Column("工会", "node__name"),
            Column("怎么提的", "way", choices=dict(Way.choices)),
            Column("状态", "state", choices={state.name: state.label for state in OBJECTION.states}),
            Column("收到", "received_on", "day"),
        ),
        link="/desk/objections/{pk}/",
        order=420,
    ),
    Figure(
        code="publicity.answered_on_time",
        name="公示异议按期答复率",
        unit="%",
        kind="ratio",
        basis="记录",
        owner=OWNER,
        definition="期间内答复的公示异议中，在规定的工作日以内答复的占多少。",
        model="publicity.answer",
        measure="share",
        part={"is_on_time": True},
        day="answered_on",
        place="objection__node",
        columns=(
            Column("公示编号", "objection__notice__number"),
            Column("标题", "objection__notice__title"),
            Column("工会", "objection__node__name"),
            Column("成立", "is_upheld", "yes_no"),
            Column("答复", "answered_on", "day"),
        ),
        link="/desk/objections/{objection__pk}/",
        decimals=1,
        order=430,
    ),
)
