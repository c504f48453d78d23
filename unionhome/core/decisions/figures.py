"""Figures of collective decisions. The share of money paid under a decision is the ledger's."""

from unionhome.core.decisions.models import ItemKind
from unionhome.core.decisions.workflow import ITEM
from unionhome.core.registry import Column, Figure

OWNER = "办公室"
COLUMNS = (
    Column("编号", "number"),
    Column("议题", "title"),
    Column("类别", "kind", choices=dict(ItemKind.choices)),
    Column("工会", "node__name"),
    Column("状态", "state", choices={state.name: state.label for state in ITEM.states}),
    Column("哪天同意的", "decided_on", "day"),
    Column("同意的上限", "decided_fen", "fen"),
    Column("有效到", "until_on", "day"),
)

FIGURES = (
    Figure(
        code="decisions.decided",
        name="集体研究同意的议题",
        unit="个",
        kind="flow",
        basis="记录",
        definition="期间内开会同意（含修改后同意）、由另一个人按纪要确认的议题，按开会那天计；后来停止执行的也计。",
        owner=OWNER,
        model="decisions.item",
        predicate={"decided_on__isnull": False},
        day="decided_on",
        columns=COLUMNS,
        link="/desk/decisions/{pk}/",
        order=410,
    ),
    Figure(
        code="decisions.ceiling",
        name="集体研究同意的资金上限",
        unit="元",
        kind="flow",
        basis="记录",
        definition="期间内开会同意的议题定的资金上限之和，按开会那天计。是最多能花的钱，不是花掉的钱。",
        owner=OWNER,
        model="decisions.item",
        measure="sum:decided_fen",
        predicate={"decided_on__isnull": False, "decided_fen__isnull": False},
        day="decided_on",
        columns=COLUMNS,
        link="/desk/decisions/{pk}/",
        order=420,
    ),
)
