"""Purses, transfers and reversals of the actor's branches."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from unionhome.core.ledger.models import Account, Reversal, Transfer
from unionhome.core.ledger.workflow import Code
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.queries import scope

VIEW = "ledger.view"
Kind = Account.Kind


def _other(kind: Kind) -> Coalesce:
    """The balance of another account of the same purse; nothing where there is none."""
    same = Account.objects.filter(node=OuterRef("node"), fund=OuterRef("fund"), unit=OuterRef("unit"), kind=kind)
    return Coalesce(Subquery(same.values("balance")[:1], output_field=IntegerField()), 0)


def list_purses(actor: Actor, *, text: str = "", fund: str = "") -> QuerySet[Account]:
    """Each union's money of each fund, by union: `balance` is what it may spend, with `reserved` and `paid` beside it."""
    rows = scope(Account.objects.filter(kind=Kind.FUND).select_related("node"), actor, VIEW)
    if text.strip():
        rows = rows.filter(Q(node__name__contains=text.strip()) | Q(node__code=text.strip()))
    if fund:
        rows = rows.filter(fund=fund)
    return rows.annotate(reserved=_other(Kind.RESERVED), paid=_other(Kind.PAYEE)).order_by("node__path", "fund", "unit")


def get_purse(actor: Actor, account_id: int) -> Any:
    """One of them by its account. Raises NotFound."""
    found = list_purses(actor).filter(pk=account_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over purses in fen: what may be spent, what is reserved, what was paid."""

    available: int
    reserved: int
    paid: int

    @property
    def balance(self) -> int:
        return self.available + self.reserved


def count_held(actor: Actor, *, text: str = "", fund: str = "") -> Totals:
    """The money of the purses of such a list, by one statement."""
    money = list_purses(actor, text=text, fund=fund).filter(unit="fen").order_by()
    sums = money.aggregate(all_left=Sum("balance"), all_reserved=Sum("reserved"), all_paid=Sum("paid"))
    return Totals(sums["all_left"] or 0, sums["all_reserved"] or 0, sums["all_paid"] or 0)


def list_sums(account: Account) -> list[tuple[str, int]]:
    """What came into a purse, by source, the most first. The caller has scoped it."""
    rows = Account.objects.filter(node=account.node_id, fund=account.fund, unit=account.unit, kind=Kind.SOURCE)
    return [(source, -balance) for source, balance in rows.order_by("balance").values_list("source", "balance")]


def list_transfers(
    actor: Actor,
    account: Account | None = None,
    *,
    code: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Transfer]:
    """Transfers the actor may see, of one purse where one is given, the newest first."""
    rows = scope(Transfer.objects.select_related("node", "allowance"), actor, VIEW)
    if account is not None:
        rows = rows.filter(node=account.node_id, fund=account.fund, unit=account.unit)
    if code:
        rows = rows.filter(code=code)
    if first is not None:
        rows = rows.filter(on__gte=first)
    if last is not None:
        rows = rows.filter(on__lte=last)
    return rows.order_by("-pk")


def get_waiting(kind: str, ref: int) -> int:
    """What was reserved on an authority, and neither paid nor released yet. The caller has scoped the authority."""
    rows = Transfer.objects.filter(allowance__kind=kind, allowance__ref=str(ref), code=Code.RESERVE)
    return rows.filter(resolution__isnull=True).aggregate(total=Sum("quantity"))["total"] or 0


def get_transfer(actor: Actor, transfer_id: int) -> Transfer:
    """One transfer with what it rests on. Raises NotFound."""
    ties = ("node", "debit", "credit", "allowance", "batch", "resolves", "resolution", "reverses", "reversal")
    rows = scope(Transfer.objects.select_related(*ties, "resolution__reversal"), actor, VIEW)
    found = rows.filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    return found


def get_reversal(actor: Actor, reversal_id: int) -> Reversal:
    """One asked reversal. Raises NotFound."""
    rows = scope(Reversal.objects.select_related("node", "transfer", "transfer__node"), actor, VIEW)
    found = rows.filter(pk=reversal_id).first()
    if found is None:
        raise NotFound()
    return found


def find_reversal(transfer: Transfer) -> Reversal | None:
    """The last asked reversal of a transfer the caller has scoped."""
    return Reversal.objects.filter(transfer=transfer).select_related("node", "transfer").order_by("-pk").first()
