"""The one way a transfer is written: accounts locked in one order, floors checked, balances kept, digests journaled.

Whoever posts locks in this order: the allowance, then the accounts by their number. Keys are looked up afterwards, so
that the same act sent twice at the same moment finds what the first one did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.ledger.models import FLOORS, Account, Batch, Transfer
from unionhome.core.ledger.rules import (
    FACTS,
    UNITS,
    batch_digest,
    clean,
    digest_of,
    moment_text,
    quantity_text,
    refuse_at,
)
from unionhome.core.ledger.workflow import Code
from unionhome.core.periods.queries import require_open
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.bulk import insert

Kind = Account.Kind
MOST_LINES = 5_000
"""So many rows are one lot: one transaction, one entry of the journal."""
LONGEST_KEY, MARK, REVERSED = 90, "#", "reverse:"
COLUMNS = (*FACTS, "batch_id", "digest")
POSTED = {
    Code.INCOME: ("received", "收入"),
    Code.RESERVE: ("reserved", "预留"),
    Code.PAY: ("paid", "支付"),
    Code.VOID: ("released", "取消预留"),
    Code.REVERSE: ("reversed", "冲正"),
}


@dataclass(frozen=True, slots=True)
class Purse:
    """The money of one union in one fund."""

    node: Node
    fund: str
    unit: str = "fen"


def check_day(actor: Actor, node: Node, on: date | None) -> date:
    """The day on which it counts, today unless said. Raises BadInput for the future, a closed period, an ended union."""
    today = timezone.localdate(actor.at)
    day = on or today
    if day > today:
        raise refuse_at("on", "记账日期不能晚于今天。", "bad-on")
    if day < node.opened_on or (node.closed_on is not None and day > node.closed_on):
        raise refuse_at("on", f"{node.name}那一天还没有成立，或者已经撤销。", "no-union")
    require_open([(node, day)], "on")
    return day


def check_key(key: str) -> str:
    """Raises BadInput for a key that cannot be kept, or that is one of those which the ledger makes of others: a
    reservation's end has its key and a mark, a reversal the number of what it takes back."""
    if not key or key != clean(key) or len(key) > LONGEST_KEY or MARK in key or key.startswith(REVERSED):
        raise BadInput(f"办理标识要有，最多 {LONGEST_KEY} 个字符，不能有“{MARK}”。", "bad-key")
    return key


def lock_accounts(actor: Actor, purse: Purse, kinds: Sequence[Kind], source: str = "") -> dict[Kind, Account]:
    """The accounts of a purse, opened where they are not there yet, locked until the transaction ends."""
    if purse.unit not in UNITS:
        raise refuse_at("unit", "没有这种记账单位。", "bad-unit")
    ids = []
    for kind in kinds:
        account, _ = Account.objects.get_or_create(
            node=purse.node,
            fund=purse.fund,
            unit=purse.unit,
            kind=kind,
            source=source if kind == Kind.SOURCE else "",
            defaults={"floor": FLOORS[kind], "opened_at": actor.at},
        )
        ids.append(account.pk)
    locked = Account.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {Kind(account.kind): account for account in locked}


def draft(actor: Actor, purse: Purse, code: Code, debit: Account, credit: Account, **facts: object) -> Transfer:
    """A transfer of the actor, not yet written; texts are cleaned."""
    cleaned = {name: clean(value) if isinstance(value, str) else value for name, value in facts.items()}
    return Transfer(
        node=purse.node,
        fund=purse.fund,
        unit=purse.unit,
        code=code,
        debit=debit,
        credit=credit,
        at=actor.at,
        user_id=actor.user_id,
        actor_name=clean(f"{actor.name}{actor.said_for(None)}")[:80],
        **cleaned,
    )


def post(actor: Actor, transfer: Transfer, *, authority: str = "") -> Transfer:
    """Write one transfer between accounts that are locked. `authority` is the digest of what it rests on, for the journal.

    Raises Refused where an account would sink below its floor."""
    _keep_balances([transfer])
    transfer.digest = _digest(transfer)
    transfer.save(force_insert=True)
    verb, label = POSTED[Code(transfer.code)]
    record(
        actor,
        f"ledger.transfer.{verb}",
        node=transfer.node,
        about=transfer,
        summary=f"{label}{quantity_text(transfer.quantity, transfer.unit)}，{transfer.fund}",
        data={
            "digest": transfer.digest,
            "fund": transfer.fund,
            "quantity": transfer.quantity,
            "unit": UNITS[transfer.unit],
            "on": transfer.on.isoformat(),
        }
        | ({"authority": authority} if authority else {}),
    )
    return transfer


def post_many(actor: Actor, purse: Purse, transfers: Sequence[Transfer], *, authority: str = "") -> int:
    """Write the transfers of one lot between accounts that are locked, as `post` would. The sum moved."""
    if not transfers:
        return 0
    if len(transfers) > MOST_LINES:
        raise BadInput(f"一次最多办 {MOST_LINES:,} 笔，请分批办。", "too-many-lines")
    total = _keep_balances(transfers)
    for transfer in transfers:
        transfer.digest = _digest(transfer)
    code = Code(transfers[0].code)
    batch = Batch.objects.create(
        node=purse.node,
        code=code,
        fund=purse.fund,
        unit=purse.unit,
        count=len(transfers),
        total=total,
        digest=batch_digest(transfer.digest for transfer in transfers),
        at=actor.at,
    )
    insert(Transfer, COLUMNS, (_values(transfer, batch) for transfer in transfers))
    verb, label = POSTED[code]
    record(
        actor,
        f"ledger.batch.{verb}",
        node=purse.node,
        about=batch,
        summary=f"成批{label}{len(transfers)} 笔，合计{quantity_text(total, purse.unit)}，{purse.fund}",
        data={
            "digest": batch.digest,
            "fund": purse.fund,
            "quantity": total,
            "unit": UNITS[purse.unit],
            "count": len(transfers),
        }
        | ({"authority": authority} if authority else {}),
    )
    return total


def _values(transfer: Transfer, batch: Batch) -> list[object]:
    """A row as drivers take it, in the order of COLUMNS."""
    facts = [getattr(transfer, name) for name in FACTS]
    facts[FACTS.index("at")] = connection.ops.adapt_datetimefield_value(transfer.at)
    facts[FACTS.index("on")] = transfer.on.isoformat()
    return [*facts, batch.pk, transfer.digest]


def _digest(transfer: Transfer) -> str:
    return digest_of(
        moment_text(transfer.at) if name == "at" else getattr(transfer, name)  # days and numbers say themselves
        for name in FACTS
    )


def _keep_balances(transfers: Iterable[Transfer]) -> int:
    """Move the sum of transfers that share two accounts from the one to the other; the sum."""
    listed = list(transfers)
    debit, credit = listed[0].debit, listed[0].credit
    total = sum(each.quantity for each in listed)
    if debit.floor is not None and debit.balance - total < debit.floor:
        raise Refused(_too_little(debit, total), "not-enough", fields={"quantity": _too_little(debit, total)})
    Account.objects.filter(pk=debit.pk).update(balance=F("balance") - total)
    Account.objects.filter(pk=credit.pk).update(balance=F("balance") + total)
    debit.balance -= total
    credit.balance += total
    return total


def _too_little(account: Account, total: int) -> str:
    label = Kind(account.kind).label
    return (
        f"{account.node.name}的{account.fund}{label}只有 {quantity_text(account.balance, account.unit)}，"
        f"不够 {quantity_text(total, account.unit)}。"
    )


def find_same(key: str, **facts: object) -> Transfer | None:
    """What an act of that key wrote before; the caller holds the locks. Raises BadInput where it was another act."""
    earlier = Transfer.objects.select_related("node", "debit", "credit").filter(key=key).first()
    if earlier is not None and any(getattr(earlier, name) != value for name, value in facts.items()):
        raise BadInput("这个办理标识已经用在别的资金上，请刷新后再办。", "key-used")
    return earlier
