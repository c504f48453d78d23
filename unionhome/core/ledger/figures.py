"""Figures of money: what came in, what was paid, what is reserved. A reversal counts less than nothing on its own day."""

from typing import Any

from unionhome.core.ledger.workflow import Code
from unionhome.core.registry import Column, Figure

OWNER = "财务部"
COLUMNS = (
    Column("记账日期", "on", "day"),
    Column("种类", "code", choices=dict(Code.choices)),
    Column("工会", "node__name"),
    Column("资金", "fund"),
    Column("来源", "source"),
    Column("依据", "allowance__title"),
    Column("凭据号", "voucher"),
    Column("数目", "quantity", "fen"),
)


def _money(code: str, name: str, definition: str, **facts: Any) -> Figure:
    return Figure(
        code=f"ledger.{code}",
        name=name,
        unit="元",
        basis="记录",
        definition=definition,
        owner=OWNER,
        model="ledger.transfer",
        columns=COLUMNS,
        link="/desk/ledger/transfers/{pk}/",
        **({"kind": "flow", "day": "on"} | facts),
    )


FIGURES = (
    _money(
        "income",
        "资金收入",
        "期间内登记的各种资金收入之和，按记账日期；冲正的在冲正那天减去。",
        measure="sum:received",
        predicate={"unit": "fen", "code__in": [Code.INCOME.value, Code.REVERSE.value], "source__gt": ""},
        order=410,
    ),
    _money(
        "spending",
        "资金支出",
        "期间内登记的支付之和，按记账日期；冲正的在冲正那天减去。预留的不算。",
        measure="sum:spent",
        predicate={"unit": "fen", "source": "", "code__in": [Code.PAY.value, Code.REVERSE.value]},
        order=420,
    ),
    _money(
        "reserved",
        "已预留的资金",
        "期间最后一天已经预留、还没有支付也没有取消的资金之和。",
        kind="stock",
        day="",
        standing=("on", "resolution__on"),
        measure="sum:quantity",
        predicate={"unit": "fen", "code": Code.RESERVE.value},
        order=430,
    ),
)
