"""Money, points or goods come in from outside."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from unionhome.core.ledger.actions.posting import (
    Kind,
    Purse,
    check_day,
    check_key,
    draft,
    find_same,
    lock_accounts,
    post,
)
from unionhome.core.ledger.models import Transfer
from unionhome.core.ledger.queries import list_funds, list_sources
from unionhome.core.ledger.rules import check_quantity, refuse_at
from unionhome.core.ledger.workflow import Code
from unionhome.core.registry import Actor
from unionhome.kit.codes import mask_numbers


@dataclass(frozen=True, slots=True)
class Income:
    """What came: how much (fen), where from, and the voucher that says so."""

    quantity: int
    source: str
    voucher: str
    on: date | None = None
    note: str = ""


@transaction.atomic
def receive(actor: Actor, purse: Purse, income: Income, *, key: str) -> Transfer:
    """Write an income into a fund of a union. The same key again changes nothing.

    Raises Forbidden, BadInput for what is no income: no whole number above nothing, a fund or source that is not on the
    list of the day, no voucher, a day to come or closed.
    """
    actor.require("ledger.receive", purse.node.path)
    quantity = check_quantity(income.quantity)
    on = check_day(actor, purse.node, income.on)
    if purse.fund not in list_funds(on, purse.node):
        raise refuse_at("fund", "没有这种资金，请从列表里选。", "bad-fund")
    if income.source not in list_sources(on, purse.node):
        raise refuse_at("source", "没有这种来源，请从列表里选。", "bad-source")
    if not income.voucher.strip():
        raise refuse_at("voucher", "请写凭据号，没有凭据不能入账。", "no-voucher")
    accounts = lock_accounts(actor, purse, (Kind.SOURCE, Kind.FUND), income.source)
    same = {"code": Code.INCOME, "node_id": purse.node.pk, "fund": purse.fund, "quantity": quantity, "unit": purse.unit}
    earlier = find_same(check_key(key), source=income.source, **same)
    if earlier is not None:
        return earlier
    transfer = draft(
        actor,
        purse,
        Code.INCOME,
        accounts[Kind.SOURCE],
        accounts[Kind.FUND],
        quantity=quantity,
        received=quantity,
        source=income.source,
        voucher=income.voucher[:80],
        note=mask_numbers(income.note)[:200],
        on=on,
        key=key,
    )
    return post(actor, transfer)
