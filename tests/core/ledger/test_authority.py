"""An authority is one however it is written, holds until it is paid, and no other date or spelling makes room beside it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.core.ledger.conftest import DECIDED, Money
from unionhome.core.ledger import actions, queries
from unionhome.core.ledger.models import Allowance, Transfer
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import NotFound, Refused

pytestmark = pytest.mark.django_db


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value.code


@pytest.mark.parametrize("ref", ["1", " 1", "01", "\uff11", "+1"])
def test_a_ceiling_is_one_however_the_id_is_written(money: Money, ref: str) -> None:
    money.income()
    DECIDED[ref] = DECIDED["1"]
    money.reserve(600_000)
    assert code_of(lambda: money.reserve(600_000, demand=replace(money.demand, authority=("test.item", ref)))) == (
        "above-ceiling"
    )
    assert Allowance.objects.count() == 1


@pytest.mark.parametrize(
    ("payee", "purpose"),
    [("FIRM:1", "office"), ("firm: 1", "office"), ("\uff46irm:1\u200b", "office"), ("firm:1", "Office\u3000")],
)
def test_small_payments_are_added_up_however_payee_and_purpose_are_written(
    money: Money, payee: str, purpose: str
) -> None:
    money.income(9_000_000)
    demand = money.exempt("urgent", purpose="office")
    for _ in range(3):
        money.reserve(500_000, demand=demand, payee="firm:1")
    assert code_of(lambda: money.reserve(500_000, demand=replace(demand, purpose=purpose), payee=payee)) == "split"


def test_another_date_neither_splits_nor_takes_the_limits_of_that_day(money: Money) -> None:
    money.income(9_000_000, on=date(2025, 1, 2))
    world, demand = money.world, money.exempt("urgent")
    days = [world.today - timedelta(days=95 * number) for number in range(4)]
    for day in days[:3]:
        money.reserve(500_000, demand=replace(demand, on=day), payee="firm:1")
    assert code_of(lambda: money.reserve(500_000, demand=replace(demand, on=days[3]), payee="firm:1")) == "split"
    set_value(world.actor("system"), "ledger.exempt_urgent_payment", 100_000, world.today, "样例通知", None)
    for day in (days[0], days[2]):
        assert code_of(lambda day=day: money.reserve(100_001, demand=replace(demand, on=day))) == "above-payment"


def test_nothing_is_paid_on_what_was_stopped_since(money: Money) -> None:
    money.income()
    single, first, second = money.reserve(), money.line(), money.line()
    actions.reserve_many(money.world.actor("town"), money.demand, [first, second])
    paid = money.pay(Transfer.objects.get(key=first.key))
    facts = DECIDED.pop("1")
    finance, keys = money.world.actor("finance"), [first.key, second.key]
    for act in (lambda: money.pay(single), lambda: actions.pay_many(finance, money.purse, keys)):
        with pytest.raises(NotFound), transaction.atomic():
            act()
    assert money.pay(Transfer.objects.get(key=first.key)) == paid  # sent again
    money.void(single)
    DECIDED["1"] = replace(facts, until=money.world.today)
    money.world.wait(days=3)
    assert actions.pay_many(money.world.actor("finance"), money.purse, keys).count == 1  # reserved while it held
    assert not list(queries.find_faults())


def test_the_longest_key_still_ends(money: Money) -> None:
    money.income()
    assert len(money.pay(money.reserve(key="k" * 90)).key) <= 100
