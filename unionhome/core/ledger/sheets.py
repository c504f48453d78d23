"""Accounts and transfers as workbooks."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from unionhome.core.ledger.models import Transfer
from unionhome.core.ledger.rules import UNITS
from unionhome.core.ledger.screens import authority_text
from unionhome.core.ledger.workflow import Code
from unionhome.kit.money import plain_yuan
from unionhome.kit.sheets import write_workbook

PURSES = ("工会编码", "工会", "资金", "单位", "余额", "其中已预留", "可用", "累计支付")
TRANSFERS = ("流水号", "记账日期", "种类", "数目", "单位", "来源或依据", "凭据号", "说明", "登记人", "摘要")
MOST_ROWS = 100_000


def _number(quantity: int, unit: str) -> str:
    return plain_yuan(quantity) if unit == "fen" else str(quantity)


def purse_workbook(purses: Iterable[Any]) -> bytes:
    """The list of accounts."""
    buffer = BytesIO()
    rows = (
        (
            each.node.code,
            each.node.name,
            each.fund,
            UNITS[each.unit],
            _number(each.balance + each.reserved, each.unit),
            _number(each.reserved, each.unit),
            _number(each.balance, each.unit),
            _number(each.paid, each.unit),
        )
        for each in purses
    )
    write_workbook(buffer, PURSES, rows, sheet_name="资金台账")
    return buffer.getvalue()


def transfer_workbook(transfers: Iterable[Transfer]) -> bytes:
    """The transfers of an account, the newest first."""
    buffer = BytesIO()
    write_workbook(buffer, TRANSFERS, _lines(transfers), sheet_name="资金流水")
    return buffer.getvalue()


def _lines(transfers: Iterable[Transfer]) -> Iterator[tuple[object, ...]]:
    for each in transfers:
        yield (
            each.pk,
            f"{each.on:%Y-%m-%d}",
            Code(each.code).label,
            _number(each.quantity, each.unit),
            UNITS[each.unit],
            each.source or authority_text(each.allowance, each.exempt),
            each.voucher,
            each.note,
            each.actor_name,
            each.digest,
        )
