"""Nothing is reserved without an authority: a decided thing, or a reason from the list of those that need no decision."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from unionhome.core.ledger.actions.posting import (
    MOST_LINES,
    Kind,
    Purse,
    check_day,
    check_key,
    draft,
    find_same,
    lock_accounts,
    post,
    post_many,
)
from unionhome.core.ledger.models import Account, Allowance, Transfer
from unionhome.core.ledger.queries.allowed import find_authority, get_exempt_sums, get_limits
from unionhome.core.ledger.rules import (
    AUTHORITY,
    EXEMPTS,
    check_exempt,
    check_quantity,
    digest_of,
    key_of,
    quantity_text,
    refuse_at,
)
from unionhome.core.ledger.workflow import Code
from unionhome.core.registry import Actor, AuthorityFacts, BadInput, Refused, resolve
from unionhome.kit.codes import mask_numbers

EXEMPT = "exempt"
LONGEST_PAYEE, LONGEST_PURPOSE, LONGEST_REF = 80, 40, 40


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted of a purse: for which purpose (a code), and on what authority: (code of the kind, id), or
    ("exempt", reason). The same for every line."""

    purse: Purse
    purpose: str
    authority: tuple[str, str | int]
    voucher: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One reservation. `payee` tells the same payee again and is neither a name nor a number that people know;
    `model` (Django label) and `object_id` name the row it is about."""

    key: str
    quantity: int
    payee: str = ""
    note: str = ""
    model: str = ""
    object_id: int | None = None


@transaction.atomic
def reserve(actor: Actor, demand: Demand, line: Line) -> Transfer:
    """Put money aside until it is paid or released. The same key again changes nothing.

    Raises Forbidden; BadInput for what is no amount, day or key; Refused without an authority that covers it (fund,
    purpose, ceiling, last day), and where the fund holds too little.
    """
    ready = _prepare(actor, demand, [line])
    earlier = find_same(line.key, **ready.same, quantity=line.quantity, payee=key_of(line.payee))
    if earlier is not None:
        return earlier
    authority = _allow(actor, demand, ready, [line])
    return post(actor, _draft(actor, demand, ready, line), authority=authority)


@transaction.atomic
def reserve_many(actor: Actor, demand: Demand, lines: Sequence[Line]) -> int:
    """Put money aside for a lot of at most 5,000 lines, all or none; how many were not there yet.

    A list that is longer goes lot by lot; whoever was interrupted sends the same lots again. Raises what `reserve` does.
    """
    if len(lines) > MOST_LINES:
        raise BadInput(f"一次最多预留 {MOST_LINES:,} 笔，请分批办。", "too-many-lines")
    if len({line.key for line in lines}) != len(lines):
        raise BadInput("名单里有重复的行。", "double-line")
    if not lines:
        return 0
    ready = _prepare(actor, demand, lines)
    there = _list_there(ready, lines)
    left = [line for line in lines if line.key not in there]
    if left:
        authority = _allow(actor, demand, ready, left)
        post_many(actor, demand.purse, [_draft(actor, demand, ready, line) for line in left], authority=authority)
    return len(left)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is locked and checked before keys are looked up."""

    on: date
    allowance: Allowance
    accounts: Mapping[Kind, Account]
    same: Mapping[str, object]


def _prepare(actor: Actor, demand: Demand, lines: Sequence[Line]) -> _Ready:
    purse = demand.purse
    actor.require("ledger.reserve", purse.node.path)
    for line in lines:
        check_quantity(line.quantity)
        check_key(line.key)
        if len(key_of(line.payee)) > LONGEST_PAYEE:
            raise refuse_at("payee", f"收款方的代号最多 {LONGEST_PAYEE} 个字符。", "bad-payee")
    if not 0 < len(key_of(demand.purpose)) <= LONGEST_PURPOSE:
        raise refuse_at("purpose", "请写明用途。", "no-purpose")
    on = check_day(actor, purse.node, demand.on)
    kind, ref = _authority_of(demand)
    allowance = _lock_allowance(demand)
    accounts = lock_accounts(actor, purse, (Kind.FUND, Kind.RESERVED))
    same: dict[str, object] = {
        "code": Code.RESERVE,
        "node_id": purse.node.pk,
        "fund": purse.fund,
        "unit": purse.unit,
        "purpose": key_of(demand.purpose),
        "allowance_id": allowance.pk,
        "exempt": ref if kind == EXEMPT else "",
    }
    return _Ready(on, allowance, accounts, same)


def _authority_of(demand: Demand) -> tuple[str, str]:
    """Its kind and id. An id is a number however it is written, or its ceiling would be kept twice."""
    kind, ref = demand.authority
    with suppress(ValueError):
        ref = int(ref)
    if len(str(ref)) > LONGEST_REF:
        raise Refused("没有这样的依据。", "no-authority")
    return kind, str(ref)


def require_standing(actor: Actor, allowance: Allowance, at: datetime) -> None:
    """What was reserved at a moment on an authority may still be paid: the authority was not stopped since. That its
    last day went by afterwards does not matter. Raises Refused as its room says."""
    if allowance.kind != EXEMPT:
        _resolve(actor, allowance.kind, allowance.ref, at)


def _resolve(actor: Actor, kind: str, ref: str, at: datetime) -> AuthorityFacts:
    """What the authority covers at a moment. Raises Refused as its room says, and for a kind nobody declares."""
    declared = find_authority(kind)
    if declared is None:
        raise Refused("没有依据不能动用资金：要有集体研究的决定，或者不用集体研究的理由。", "no-authority")
    facts: AuthorityFacts = resolve(declared.resolve)(actor, ref, at)
    return facts


def _lock_allowance(demand: Demand) -> Allowance:
    kind, ref = _authority_of(demand)
    if kind == EXEMPT:
        if ref not in EXEMPTS or demand.purse.unit != "fen":
            raise Refused("这个理由不在“不用集体研究”的清单上，要先有决定。", "no-authority")
        ref = str(demand.purse.node.pk)
    found, _ = Allowance.objects.get_or_create(kind=kind, ref=ref, unit=demand.purse.unit)
    return Allowance.objects.select_for_update().get(pk=found.pk)


def _allow(actor: Actor, demand: Demand, ready: _Ready, lines: Sequence[Line]) -> str:
    """Take what the lines want of the allowance; the digest of what it says. Raises Refused where it does not cover them."""
    allowance, said = ready.allowance, dict[str, object]()
    total = sum(line.quantity for line in lines)
    kind, ref = _authority_of(demand)
    if kind == EXEMPT:
        _check_exempt(actor, demand, ready, lines)
    else:
        facts = _resolve(actor, kind, ref, actor.at)
        _check_covered(demand, ready, facts, total)
        said = {"title": facts.title[:120], "link": facts.link[:120], "ceiling": facts.ceiling}
    Allowance.objects.filter(pk=allowance.pk).update(used=F("used") + total, **said)
    return digest_of(({name: getattr(allowance, name) for name in AUTHORITY} | said).values())


def _check_covered(demand: Demand, ready: _Ready, facts: AuthorityFacts, total: int) -> None:
    purse = demand.purse
    if facts.node_path != purse.node.path:
        raise Refused(f"“{facts.title}”是别的工会定的，不能用{purse.node.name}的钱。", "other-union")
    if facts.unit != purse.unit:
        raise Refused(f"“{facts.title}”定的不是这种单位。", "other-unit")
    if facts.fund != purse.fund:
        raise Refused(f"“{facts.title}”定的是用{facts.fund}，不能用{purse.fund}。", "other-fund")
    if key_of(facts.purpose) != key_of(demand.purpose):
        raise Refused(f"“{facts.title}”定的不是这个用途。", "other-purpose")
    if facts.since is not None and ready.on < facts.since:
        raise Refused(f"“{facts.title}”是 {facts.since:%Y-%m-%d} 才定的，记账日期不能更早。", "before-authority")
    if facts.until is not None and ready.on > facts.until:
        raise Refused(f"“{facts.title}”到 {facts.until:%Y-%m-%d} 为止，已经过了。", "authority-over")
    left = facts.ceiling - ready.allowance.used
    if total > left:
        raise Refused(
            f"“{facts.title}”最多用 {quantity_text(facts.ceiling, purse.unit)}，已经用了"
            f" {quantity_text(ready.allowance.used, purse.unit)}，还剩 {quantity_text(max(0, left), purse.unit)}，"
            f"不够 {quantity_text(total, purse.unit)}。",
            "above-ceiling",
        )


def _check_exempt(actor: Actor, demand: Demand, ready: _Ready, lines: Sequence[Line]) -> None:
    if not all(key_of(line.payee) for line in lines):
        raise refuse_at("payee", "不用集体研究的支付，要写明付给谁。", "no-payee")
    _, reason = _authority_of(demand)
    limits, today = get_limits(reason, ready.on, demand.purse.node), timezone.localdate(actor.at)
    if today != ready.on:
        limits = limits.and_also(get_limits(reason, today, demand.purse.node))
    asked = [(key_of(line.payee), line.quantity) for line in lines]
    payees = {payee for payee, _ in asked}
    spent, by_payee = get_exempt_sums(
        ready.allowance, reason, key_of(demand.purpose), ready.on, actor.at, limits.days, payees
    )
    check_exempt(limits, asked, spent, by_payee)


def _draft(actor: Actor, demand: Demand, ready: _Ready, line: Line) -> Transfer:
    return draft(
        actor,
        demand.purse,
        Code.RESERVE,
        ready.accounts[Kind.FUND],
        ready.accounts[Kind.RESERVED],
        quantity=line.quantity,
        purpose=key_of(demand.purpose),
        payee=key_of(line.payee),
        key=line.key,
        voucher=demand.voucher[:80],
        note=mask_numbers(line.note)[:200],
        model=line.model,
        object_id=line.object_id,
        on=ready.on,
        allowance=ready.allowance,
        exempt=str(ready.same["exempt"]),
    )


def _list_there(ready: _Ready, lines: Sequence[Line]) -> set[str]:
    """Keys of lines that are reserved already. Raises BadInput where one of them was another act."""
    asked = {line.key: line for line in lines}
    there = set()
    for row in Transfer.objects.filter(key__in=list(asked)):
        line = asked[row.key]
        wanted = {**ready.same, "quantity": line.quantity, "payee": key_of(line.payee)}
        if any(getattr(row, name) != value for name, value in wanted.items()):
            raise BadInput("这个办理标识已经用在别的资金上，请刷新后再办。", "key-used")
        there.add(row.key)
    return there
