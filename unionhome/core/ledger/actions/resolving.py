"""A reservation ends once: paid, or released."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F

from unionhome.core.ledger.actions.posting import (
    MARK,
    MOST_LINES,
    Kind,
    Purse,
    check_day,
    draft,
    lock_accounts,
    post,
    post_many,
)
from unionhome.core.ledger.actions.reserving import require_standing
from unionhome.core.ledger.models import Account, Allowance, Transfer
from unionhome.core.ledger.queries import get_transfer
from unionhome.core.ledger.rules import refuse_at
from unionhome.core.ledger.workflow import Code
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit.codes import mask_numbers

NOT_BOTH = {
    Code.PAY: "这笔预留已经取消了，不能支付。",
    Code.VOID: "这笔预留已经支付了，不能取消；付错了请申请冲正。",
}
SUFFIX = {Code.PAY: f"{MARK}paid", Code.VOID: f"{MARK}void"}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a lot did: how many it ended, for how much, and how many were ended in that way before."""

    count: int
    total: int
    earlier: int


@dataclass(frozen=True, slots=True)
class _End:
    """How reservations end."""

    code: Code
    on: date | None = None
    voucher: str = ""
    note: str = ""


@transaction.atomic
def pay(actor: Actor, reservation_id: int, *, voucher: str = "", on: date | None = None) -> Transfer:
    """What was reserved is paid, whole. Once more gives the payment of before.

    Raises NotFound, Forbidden; Refused where it was released, or paid and reversed since, where what it was reserved on
    was stopped meanwhile, and for whoever reserved it without a decision; BadInput for the day.
    """
    return _end_one(actor, "ledger.pay", reservation_id, _End(Code.PAY, on, voucher))


@transaction.atomic
def void(actor: Actor, reservation_id: int, *, reason: str) -> Transfer:
    """What was reserved goes back into the fund and the allowance. Raises as `pay` does, BadInput without a reason."""
    return _end_one(actor, "ledger.reserve", reservation_id, _End(Code.VOID, note=_reason(reason)))


@transaction.atomic
def pay_many(
    actor: Actor, purse: Purse, keys: Sequence[str], *, voucher: str = "", on: date | None = None
) -> Settled:  # fmt: skip
    """Pay a lot of at most 5,000 reservations of one purse, named by their keys, all or none; those paid before stay.

    Raises what `pay` does, naming how many keys are unknown.
    """
    return _end_many(actor, "ledger.pay", purse, keys, _End(Code.PAY, on, voucher))


@transaction.atomic
def void_many(actor: Actor, purse: Purse, keys: Sequence[str], *, reason: str) -> Settled:
    """Release a lot of reservations in the same way."""
    return _end_many(actor, "ledger.reserve", purse, keys, _End(Code.VOID, note=_reason(reason)))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise refuse_at("reason", "请写明为什么取消预留。", "reason-missing")
    return mask_numbers(reason.strip())[:200]


def _end_one(actor: Actor, permission: str, reservation_id: int, end: _End) -> Transfer:
    held = get_transfer(actor, reservation_id)
    purse = Purse(held.node, held.fund, held.unit)
    actor.require(permission, held.node.path)
    if held.code != Code.RESERVE:
        raise Refused("这一笔不是预留，不能这样办。", "no-reservation")
    day = check_day(actor, held.node, end.on)
    locked = _lock_allowances([held.allowance_id])
    accounts = lock_accounts(actor, purse, (Kind.RESERVED, _target(end.code)))
    now = Transfer.objects.select_related("resolution", "resolution__reversal").get(pk=held.pk)
    earlier = _find_end(now, end.code)
    if earlier is not None:
        return earlier
    if end.code == Code.PAY:
        _require_two(actor, [held])
        _require_standing(actor, locked, [held])
    done = post(actor, _ending(actor, purse, held, end, day, accounts))
    if end.code == Code.VOID:
        _give_back([held])
    return done


def _end_many(actor: Actor, permission: str, purse: Purse, keys: Sequence[str], end: _End) -> Settled:
    actor.require(permission, purse.node.path)
    wanted = set(keys)
    if len(wanted) > MOST_LINES:
        raise BadInput(f"一次最多办 {MOST_LINES:,} 笔，请分批办。", "too-many-lines")
    day = check_day(actor, purse.node, end.on)
    held = Transfer.objects.filter(key__in=wanted, code=Code.RESERVE, node=purse.node, fund=purse.fund, unit=purse.unit)
    locked = _lock_allowances(held.order_by().values_list("allowance_id", flat=True).distinct())
    accounts = lock_accounts(actor, purse, (Kind.RESERVED, _target(end.code)))
    rows = list(held.select_related("resolution", "resolution__reversal").order_by("pk"))
    if len(rows) != len(wanted):
        raise Refused(f"有 {len(wanted) - len(rows)} 笔没有预留过，这一批都没有办。", "unknown-reservation")
    left = [row for row in rows if _find_end(row, end.code) is None]
    if end.code == Code.PAY:
        _require_two(actor, left)
        _require_standing(actor, locked, left)
    total = post_many(actor, purse, [_ending(actor, purse, row, end, day, accounts) for row in left])
    if end.code == Code.VOID:
        _give_back(left)
    return Settled(len(left), total, len(rows) - len(left))


def _lock_allowances(ids: Iterable[int | None]) -> list[Allowance]:
    """Before the accounts, for payments too: a row that names an allowance waits for whoever holds it."""
    wanted = [each for each in ids if each is not None]
    return list(Allowance.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _require_two(actor: Actor, held: Sequence[Transfer]) -> None:
    """Where no meeting decided, nobody moves money alone: who reserved it does not pay it."""
    if actor.user_id is not None and any(row.exempt and row.user_id == actor.user_id for row in held):
        raise Refused("不用集体研究的支付，预留和支付要由两个人办。这笔是您预留的，请另一个人付。", "same-person")


def _require_standing(actor: Actor, locked: Iterable[Allowance], held: Sequence[Transfer]) -> None:
    """Each authority once, as of the last of its reservations."""
    last = {row.allowance_id: row.at for row in sorted(held, key=lambda row: row.at)}
    for allowance in locked:
        if allowance.pk in last:
            require_standing(actor, allowance, last[allowance.pk])


def _target(code: Code) -> Kind:
    return Kind.PAYEE if code == Code.PAY else Kind.FUND


def _find_end(held: Transfer, code: Code) -> Transfer | None:
    """How it ended before, if in this very way. Raises Refused where it ended otherwise."""
    earlier: Transfer | None = getattr(held, "resolution", None)
    if earlier is None:
        return None
    if earlier.code != code:
        raise Refused(NOT_BOTH[code], "ended-otherwise")
    if getattr(earlier, "reversal", None) is not None:
        raise Refused("这笔支付已经冲正，要付请重新预留。", "reversed")
    return earlier


def _ending(
    actor: Actor, purse: Purse, held: Transfer, end: _End, day: date, accounts: dict[Kind, Account]
) -> Transfer:  # fmt: skip
    if day < held.on:
        raise refuse_at("on", "不能早于预留的那一天。", "before-reservation")
    return draft(
        actor,
        purse,
        end.code,
        accounts[Kind.RESERVED],
        accounts[_target(end.code)],
        quantity=held.quantity,
        spent=held.quantity if end.code == Code.PAY else 0,
        purpose=held.purpose,
        payee=held.payee,
        key=f"{held.key}{SUFFIX[end.code]}",
        voucher=end.voucher[:80],
        note=end.note,
        model=held.model,
        object_id=held.object_id,
        on=day,
        allowance_id=held.allowance_id,
        exempt=held.exempt,
        resolves=held,
    )


def _give_back(held: Sequence[Transfer]) -> None:
    """Return to each allowance what was taken of it; they are locked."""
    sums: dict[int, int] = defaultdict(int)
    for row in held:
        sums[row.allowance_id or 0] += row.quantity
    for allowance_id, total in sums.items():
        Allowance.objects.filter(pk=allowance_id).update(used=F("used") - total)
