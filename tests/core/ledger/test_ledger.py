"""Money in, reserved, paid or released, reversed: every way, every refusal, and what stays true whatever is done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.at_once import at_once
from tests.core.ledger.conftest import DECIDED, FUND, Money
from tests.worlds import build_world
from unionhome.config.cli import main
from unionhome.core.journal.models import Entry
from unionhome.core.ledger import actions, queries
from unionhome.core.ledger.actions import Demand, Purse
from unionhome.core.ledger.models import Account, Allowance, Reversal, Transfer
from unionhome.core.periods.actions import close_period
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit.dates import Period

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return list(queries.find_faults())


def used() -> int:
    return Allowance.objects.get(kind="test.item").used


def test_money_comes_in_is_reserved_and_paid_or_released(money: Money) -> None:
    money.income()
    first, second = money.reserve(), money.reserve(300_000)
    assert (money.balances(), used()) == ({"source": -5_000_000, "fund": 4_500_000, "reserved": 500_000}, 500_000)
    paid = money.pay(first, voucher="批次1")
    money.void(second)
    assert money.balances() == {"source": -5_000_000, "fund": 4_800_000, "reserved": 0, "payee": 200_000}
    assert (paid.spent, paid.payee, paid.allowance, used()) == (200_000, first.payee, first.allowance, 200_000)
    again = money.pay(first)
    assert again == paid and Transfer.objects.count() == 5 and not faults()
    entry = Entry.objects.get(kind="ledger.transfer.paid")
    assert entry.data["digest"] == paid.digest and "person" not in str(entry.data)


def test_the_same_key_again_changes_nothing(money: Money) -> None:
    income = money.income(key="a")
    held = money.reserve(key="b", payee="person:1")
    assert money.income(key="a") == income and money.reserve(key="b", payee="person:1") == held
    assert Transfer.objects.count() == 2 and used() == 200_000
    for act in (lambda: money.income(1, key="a"), lambda: money.reserve(7, key="b", payee="person:1")):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "key-used"


def refusals(money: Money) -> Iterator[tuple[Callable[[], Any], str, str]]:
    """Every act that is refused: what is tried, the code, the field."""
    world, demand = money.world, money.demand
    tomorrow, gone = world.today + timedelta(days=1), date(2014, 1, 1)
    held, paid, freed = money.reserve(), money.reserve(), money.reserve()
    payment = money.pay(paid)
    release = money.void(freed)
    yield lambda: money.income(0), "not-above-0", "quantity"
    yield lambda: money.income(-5), "not-above-0", "quantity"
    yield lambda: money.income(0.5), "no-whole-number", "quantity"  # type: ignore[arg-type]
    yield lambda: money.income(10**14), "too-large", "quantity"
    yield lambda: money.income(voucher=" "), "no-voucher", "voucher"
    yield lambda: money.income(source="天上"), "bad-source", "source"
    yield lambda: money.income(on=tomorrow), "bad-on", "on"
    yield lambda: money.income(on=gone), "no-union", "on"
    yield lambda: money.income(key=""), "bad-key", ""
    yield lambda: money.reserve(key=f"{held.key}#paid"), "bad-key", ""
    yield lambda: money.reserve(key=f"reverse:{payment.pk}"), "bad-key", ""
    yield lambda: money.reserve(key="k" * 91), "bad-key", ""
    yield lambda: money.reserve(900_000), "above-ceiling", ""
    yield lambda: money.reserve(who="other_town"), "forbidden", ""
    yield lambda: money.reserve(demand=replace(demand, authority=("nobody.item", 1))), "no-authority", ""
    yield lambda: money.reserve(demand=replace(demand, authority=("test.item", 2))), "not-found", ""
    yield lambda: money.reserve(demand=replace(demand, purpose="summer")), "other-purpose", ""
    yield lambda: money.reserve(demand=replace(demand, purpose="")), "no-purpose", "purpose"
    yield lambda: money.reserve(payee="x" * 81), "bad-payee", "payee"
    yield lambda: money.void(held, reason=" "), "reason-missing", "reason"
    yield lambda: money.void(paid), "ended-otherwise", ""
    yield lambda: money.pay(freed), "ended-otherwise", ""
    yield lambda: money.pay(payment), "no-reservation", ""
    yield lambda: money.pay(held, on=world.today - timedelta(days=1)), "before-reservation", "on"
    yield lambda: actions.pay(world.actor("town"), held.pk), "forbidden", ""
    yield lambda: actions.pay(world.actor("other_town"), held.pk), "not-found", ""
    yield lambda: actions.ask_reversal(world.actor("finance"), release.pk, reason="错"), "not-reversible", ""
    yield lambda: actions.ask_reversal(world.actor("finance"), payment.pk, reason=" "), "reason-missing", "reason"
    yield lambda: actions.ask_reversal(world.actor("town"), payment.pk, reason="错"), "forbidden", ""
    many = (world.actor("finance"), money.purse)
    yield lambda: actions.pay_many(*many, [held.key, "nothing"]), "unknown-reservation", ""
    yield lambda: actions.void_many(*many, [paid.key], reason="错"), "ended-otherwise", ""
    line = money.line()
    yield lambda: actions.reserve_many(world.actor("town"), demand, [line, line]), "double-line", ""
    yield lambda: actions.reserve_many(world.actor("town"), demand, [money.line()] * 5_001), "too-many-lines", ""


def test_what_is_not_right_is_refused_and_changes_nothing(money: Money) -> None:
    money.income()
    tried = list(refusals(money))
    before = (money.balances(), used(), Transfer.objects.count())
    for number, (act, code, name) in enumerate(tried):
        with pytest.raises(Refused) as refused, transaction.atomic():
            act()
        assert refused.value.code == code, number
        assert not name or name in refused.value.fields, code
        assert (money.balances(), used(), Transfer.objects.count()) == before, code
    assert not faults()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"node_path": "/elsewhere/"}, "other-union"),
        ({"fund": "本级工会经费"}, "other-fund"),
        ({"unit": "point"}, "other-unit"),
        ({"until": date(2026, 3, 9)}, "authority-over"),
        ({"since": date(2026, 3, 11)}, "before-authority"),
        ({"ceiling": 199_999}, "above-ceiling"),
    ],
)
def test_an_authority_covers_only_what_it_says(money: Money, changes: dict[str, Any], code: str) -> None:
    money.income()
    DECIDED["1"] = replace(DECIDED["1"], **changes)
    with pytest.raises(Refused) as refused:
        money.reserve()
    assert refused.value.code == code


def test_a_fund_is_never_overdrawn_and_a_closed_period_stays_closed(money: Money) -> None:
    money.income(300_000, on=date(2025, 12, 30))
    with pytest.raises(Refused) as refused:
        money.reserve(300_001)
    assert refused.value.code == "not-enough" and "3,000.00" in refused.value.sentence
    close_period(money.world.actor("town"), money.purse.node, Period.year(2025))
    with pytest.raises(Refused) as refused:
        money.income(1, on=date(2025, 12, 31))
    assert refused.value.code == "period-closed"
    row = Account.objects.get(kind="fund")
    for wrong in ({"balance": -1}, {"floor": 300_001}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.parametrize(
    ("reason", "earlier", "asked", "code"),
    [
        ("daily", [], 200_000, ""),
        ("daily", [], 200_001, "above-payment"),
        ("daily", [], 2_000_000, "needs-decision"),
        ("nothing", [], 100, "no-authority"),
        ("urgent", [("daily", 200_000)] * 5 + [("urgent", 500_000)], 499_999, ""),
        ("urgent", [("daily", 200_000)] * 5 + [("urgent", 500_000)], 500_000, "split"),
    ],
)
def test_what_needs_no_decision_is_bounded_and_not_split(
    money: Money, reason: str, earlier: list[tuple[str, int]], asked: int, code: str
) -> None:
    money.income(9_000_000)
    for before, fen in earlier:
        money.reserve(fen, demand=money.exempt(before), payee="firm:1")
    if not code:
        assert money.reserve(asked, demand=money.exempt(reason), payee="firm:1").exempt == reason
        return
    with pytest.raises(Refused) as refused:
        money.reserve(asked, demand=money.exempt(reason), payee="firm:1")
    assert refused.value.code == code


def test_what_was_released_or_lies_long_ago_does_not_count_and_the_period_is_bounded(money: Money) -> None:
    money.income(9_000_000, on=date(2025, 6, 1))
    long_ago = money.world.actor("town", at=money.world.at - timedelta(days=200))
    actions.reserve(long_ago, money.exempt(), money.line())
    town = money.world.actor("town")
    lines = [money.line(payee=f"firm:{number}") for number in range(15)]
    actions.reserve_many(town, money.exempt(), lines)
    for again in (money.line(), replace(money.line(), payee="")):
        with pytest.raises(Refused) as refused, transaction.atomic():
            actions.reserve(town, money.exempt(), again)
        assert refused.value.code == ("above-period" if again.payee else "no-payee")
    with pytest.raises(Refused) as refused, transaction.atomic():
        money.reserve(demand=money.exempt(on=date(2025, 7, 1)))  # another date makes no room
    assert refused.value.code == "above-period"
    actions.void_many(town, money.purse, [lines[0].key], reason="不买了")
    money.reserve(demand=money.exempt())
    assert not faults()


def test_a_lot_that_was_broken_off_is_sent_again(money: Money) -> None:
    money.income()
    town, finance = money.world.actor("town"), money.world.actor("finance")
    lines = [money.line(10_000) for _ in range(5)]
    assert actions.reserve_many(town, money.demand, lines[:3]) == 3
    assert actions.reserve_many(town, money.demand, lines) == 2
    keys = [line.key for line in lines]
    money.pay(Transfer.objects.get(key=keys[0]))
    assert actions.pay_many(finance, money.purse, keys, voucher="批次") == actions.Settled(4, 40_000, 1)
    assert actions.pay_many(finance, money.purse, keys) == actions.Settled(0, 0, 5)
    assert money.balances() == {"source": -5_000_000, "fund": 4_950_000, "reserved": 0, "payee": 50_000}
    over = [money.line(100_000) for _ in range(10)]
    with pytest.raises(Refused), transaction.atomic():
        actions.reserve_many(town, money.demand, over)
    assert used() == 50_000 and Entry.objects.filter(kind="ledger.batch.reserved").count() == 2 and not faults()


def test_nobody_pays_alone_what_no_meeting_decided(money: Money) -> None:
    money.income()
    alone, decided = money.reserve(who="finance", demand=money.exempt()), money.reserve(who="finance")
    finance = money.world.actor("finance")
    for act in (lambda: money.pay(alone), lambda: actions.pay_many(finance, money.purse, [alone.key])):
        with pytest.raises(Refused) as refused, transaction.atomic():
            act()
        assert refused.value.code == "same-person"
    assert money.pay(decided).spent == 200_000


def test_what_was_wrong_is_asked_by_one_and_confirmed_by_another(money: Money) -> None:
    world, income = money.world, money.income()
    payment = money.pay(money.reserve())
    world.grant("chair", "finance", "city")
    world.grant("city", "finance", "city")
    asked = actions.ask_reversal(world.actor("chair"), payment.pk, reason="付错了人")
    assert WorkItem.objects.get(closed_at=None).url == f"/desk/ledger/transfers/{payment.pk}/"
    for who, strong, code in (
        ("chair", True, "same-person"),
        ("finance", True, "same-person"),
        ("finance", False, "needs-factor"),
        ("auditor", True, "forbidden"),
        ("other_town", True, "not-found"),
    ):
        with pytest.raises(Refused) as refused, transaction.atomic():
            actions.confirm_reversal(world.actor(who, strong=strong), asked.pk)
        assert refused.value.code == code, who
    back = actions.confirm_reversal(world.actor("city"), asked.pk)
    assert (back.spent, back.quantity, back.reverses, used()) == (-200_000, 200_000, payment, 0)
    assert money.balances()["payee"] == 0 and not WorkItem.objects.filter(closed_at=None)
    with pytest.raises(Refused) as refused:
        money.pay(payment.resolves)  # type: ignore[arg-type]
    assert refused.value.code == "reversed"
    with pytest.raises(Refused) as refused, transaction.atomic():
        actions.ask_reversal(world.actor("finance"), payment.pk, reason="再来")
    assert refused.value.code == "asked-already"
    money.reserve(4_900_000 - 4_000_000)
    with pytest.raises(Refused) as refused, transaction.atomic():
        money.reverse(income)
    assert refused.value.code == "not-enough" and not faults()
    again = actions.ask_reversal(world.actor("finance"), income.pk, reason="没有到账")
    actions.refuse_reversal(world.actor("chair"), again.pk, reason="到账了")
    assert Reversal.objects.get(pk=again.pk).state == "refused" and not hasattr(income, "reversal")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows[0].update(voucher="另一张"), "流水 {0}：内容和它的摘要不符"),
        (lambda rows: rows[0].update(digest="0" * 64), "流水 {0}：内容和它的摘要不符"),
        (lambda rows: rows[1].update(payee="person:9"), "流水 {1}（第 "),
        (lambda rows: rows[1].delete(), "写的是 2 笔，现在有 1 笔"),
        (lambda rows: rows[2].delete(), "流水 {2}：日志里有，台账里没有了"),
        (lambda rows: Account.objects.filter(kind="fund").update(balance=1), "余额写的是 0.01 元"),
        (lambda rows: Allowance.objects.update(used=5), "写的是用了 0.05 元，按流水是 4,000.00 元"),
        (lambda rows: Entry.objects.filter(model="ledger.transfer").delete(), "流水 {0}：日志里没有这一笔"),
    ],
)
def test_what_was_changed_by_hand_is_found_and_named(
    money: Money, capsys: pytest.CaptureFixture[str], spoil: Callable[[Any], Any], said: str
) -> None:
    first = money.income()
    actions.reserve_many(money.world.actor("town"), money.demand, [money.line(), money.line()])
    last = money.income(3)
    many = Transfer.objects.exclude(batch=None).order_by("pk")[1]
    assert not faults() and main(["verify"]) == 0 and "资金台账完整：4 笔" in capsys.readouterr().out
    ids = (first.pk, many.pk, last.pk)
    spoil([Transfer.objects.filter(pk=pk) for pk in ids])
    assert any(said.format(*ids) in sentence for sentence in faults())
    assert main(["verify"]) == 1 and said.format(*ids) in capsys.readouterr().out


ACTS = st.lists(
    st.tuples(st.sampled_from(("income", "reserve", "pay", "void", "reverse", "again")), st.integers(-2, 400)),
    max_size=25,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_whatever_is_done_sums_are_nothing_and_no_floor_breaks(money: Money, acts: list[tuple[str, int]]) -> None:
    DECIDED["1"] = replace(DECIDED["1"], ceiling=700)
    with transaction.atomic():
        for verb, number in acts:
            _try(money, verb, number)
        rows = list(Account.objects.all())
        assert sum(row.balance for row in rows) == 0
        assert all(row.floor is None or row.balance >= row.floor for row in rows)
        assert all(each.used <= 700 for each in Allowance.objects.all())
        assert not faults()
        transaction.set_rollback(True)


def _try(money: Money, verb: str, number: int) -> None:
    """One act on whatever is there; a refusal is an answer too."""
    rows = list(Transfer.objects.order_by("pk"))
    row = rows[number % len(rows)] if rows else None
    before = len(rows)
    try:
        with transaction.atomic():
            if verb in ("income", "reserve"):
                getattr(money, verb)(number)
            elif row is not None and verb == "again" and row.code in ("income", "reserve"):
                _again(money, row)
                assert Transfer.objects.count() == before
            elif row is not None and verb != "again":
                getattr(money, verb)(row)
    except Refused:
        assert Transfer.objects.count() == before


def _again(money: Money, row: Transfer) -> None:
    if row.code == "income":
        money.income(row.quantity, key=row.key)
    else:
        money.reserve(row.quantity, key=row.key, payee=row.payee)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory")
def test_many_at_the_same_moment_spend_no_more_than_there_is() -> None:
    world = build_world()
    purse = Purse(world.nodes["town"], FUND)
    DECIDED["1"] = replace(DECIDED["1"], node_path=purse.node.path)
    money = Money(world, purse, Demand(purse, "winter", ("test.item", 1)))
    money.income(1_000_000)
    lines = [money.line(150_000) for _ in range(7)]
    town, asked = world.actor("town"), [*lines, *lines[:3]]
    results = at_once(*(lambda line=line: actions.reserve(town, money.demand, line) for line in asked))
    assert {each.code for each in results if isinstance(each, Refused)} == {"above-ceiling"}
    assert money.balances()["reserved"] == 900_000 == used() and not faults()
    held = list(Transfer.objects.filter(code="reserve"))
    payer = world.actor("finance")
    ends = [lambda one=one: actions.pay(payer, one.pk) for one in held for _ in range(2)]
    ends += [lambda one=one: actions.void(payer, one.pk, reason="错") for one in held]
    at_once(*ends)
    assert money.balances()["reserved"] == 0 and Transfer.objects.exclude(resolves=None).count() == 6 and not faults()


def test_others_see_nothing_of_it(money: Money) -> None:
    row = money.income()
    account = Account.objects.get(kind="fund")
    for who, sees in (("town", True), ("county", True), ("auditor", True), ("other_town", False), ("village", False)):
        actor = money.world.actor(who)
        assert bool(queries.list_purses(actor).count()) is sees and bool(queries.list_transfers(actor).count()) is sees
        if not sees:
            for ask in (
                lambda a=actor: queries.get_transfer(a, row.pk),
                lambda a=actor: queries.get_purse(a, account.pk),
            ):
                with pytest.raises(NotFound):
                    ask()
    with pytest.raises(Forbidden):
        actions.receive(money.world.actor("town"), money.purse, actions.Income(1, "会费", "回单"), key="x")
    assert queries.count_held(money.world.actor("town")).balance == 5_000_000
    assert queries.count_held(money.world.actor("other_town"), fund=FUND).balance == 0
