"""The ledger for programs: the same rows as the pages, a page at a time. Reading only."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.ledger import queries
from unionhome.core.ledger.models import Transfer
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["ledger"])
MOST_ROWS = 500


class AccountsIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    fund: str = Field("", max_length=40)
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class AccountOut(Schema):
    """A union's money of one fund, in `unit` (fen): `balance` is what is there, `available` what is not reserved."""

    id: int
    organization: str
    fund: str
    unit: str
    balance: int
    reserved: int
    available: int
    paid: int


class AccountList(Schema):
    """`next` is the mark of the next page, null on the last one; `total` counts all pages."""

    total: int
    items: list[AccountOut]
    next: str | None


class TransfersIn(Schema):
    """What narrows the transfers."""

    account: int | None = Field(None, ge=1, le=2**63 - 1)
    code: str = Field("", max_length=8, description="income、reserve、pay、void 或 reverse")
    first: date | None = None
    last: date | None = None
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class TransferOut(Schema):
    """One transfer. `quantity` in `unit` (fen)."""

    id: int
    code: str
    organization: str
    fund: str
    unit: str
    quantity: int
    source: str
    purpose: str
    authority: str
    exempt: str
    voucher: str
    on: date
    resolves: int | None
    reverses: int | None
    digest: str


class TransferList(Schema):
    """`next` is the mark of the next page, null on the last one."""

    items: list[TransferOut]
    next: str | None


@router.get("/ledger/accounts", response=AccountList, summary="资金台账", operation_id="list_ledger_accounts")
@api_door("ledger.view")
def list_accounts(request: HttpRequest, asked: Query[AccountsIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.list_purses(actor, fund=asked.fund)
    question = f"ledger.accounts|{asked.fund}"
    rows = list(found.order_by("pk").filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = rows[: asked.limit]
    return {
        "total": found.count(),
        "items": [_account(each) for each in shown],
        "next": make_cursor(question, shown[-1].pk) if len(rows) > asked.limit else None,
    }


def _account(purse: Any) -> dict[str, Any]:
    return {
        "id": purse.pk,
        "organization": purse.node.code,
        "fund": purse.fund,
        "unit": purse.unit,
        "balance": purse.balance + purse.reserved,
        "reserved": purse.reserved,
        "available": purse.balance,
        "paid": purse.paid,
    }


@router.get("/ledger/transfers", response=TransferList, summary="资金流水", operation_id="list_ledger_transfers")
@api_door("ledger.view")
def list_transfers(request: HttpRequest, asked: Query[TransfersIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account = queries.get_purse(actor, asked.account) if asked.account is not None else None
    found = queries.list_transfers(actor, account, code=asked.code, first=asked.first, last=asked.last)
    question = f"ledger.transfers|{asked.account}|{asked.code}|{asked.first}|{asked.last}"
    rows = list(found.order_by("pk").filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = rows[: asked.limit]
    return {
        "items": [_transfer(each) for each in shown],
        "next": make_cursor(question, shown[-1].pk) if len(rows) > asked.limit else None,
    }


def _transfer(each: Transfer) -> dict[str, Any]:
    return {
        "id": each.pk,
        "code": each.code,
        "organization": each.node.code,
        "fund": each.fund,
        "unit": each.unit,
        "quantity": each.quantity,
        "source": each.source,
        "purpose": each.purpose,
        "authority": each.allowance.title if each.allowance is not None else "",
        "exempt": each.exempt,
        "voucher": each.voucher,
        "on": each.on,
        "resolves": each.resolves_id,
        "reverses": each.reverses_id,
        "digest": each.digest,
    }
