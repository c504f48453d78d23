"""A fund with money in it, and decided things to spend it on."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from tests.worlds import World
from unionhome.core.ledger import actions
from unionhome.core.ledger.actions import Demand, Income, Line, Purse, reserving
from unionhome.core.ledger.models import Account, Transfer
from unionhome.core.registry import Actor, Authority, AuthorityFacts, NotFound

FUND, SOURCE = "专项帮扶资金", "上级工会补助"
DECIDED: dict[str, AuthorityFacts] = {}
ITEM = AuthorityFacts("", FUND, "winter", 1_000_000, "fen", date(2026, 12, 31), "冬送温暖方案", "/desk/")


def resolve_item(actor: Actor, ref: Any, at: Any) -> AuthorityFacts:
    """The test's own kind of decided thing."""
    if str(ref) not in DECIDED:
        raise NotFound()
    return DECIDED[str(ref)]


@pytest.fixture(autouse=True)
def _decided(monkeypatch: pytest.MonkeyPatch) -> None:
    DECIDED.clear()
    DECIDED["1"] = ITEM
    kind = Authority("test.item", "议题", "tests.core.ledger.conftest.resolve_item")
    monkeypatch.setattr(reserving, "find_authority", lambda code: kind if code == kind.code else None)


@dataclass
class Money:
    """The town's purse, and the acts on it by those who may."""

    world: World
    purse: Purse
    demand: Demand
    count: int = field(default=0)

    def income(self, quantity: int = 5_000_000, **changes: Any) -> Transfer:
        self.count += 1
        facts = {"source": SOURCE, "voucher": f"回单{self.count}"} | changes
        key = facts.pop("key", f"income:{self.count}")
        return actions.receive(self.world.actor("finance"), self.purse, Income(quantity, **facts), key=key)

    def line(self, quantity: int = 200_000, **changes: Any) -> Line:
        self.count += 1
        return Line(**({"key": f"line:{self.count}", "quantity": quantity, "payee": f"person:{self.count}"} | changes))

    def reserve(self, quantity: int = 200_000, *, who: str = "town", demand: Any = None, **changes: Any) -> Transfer:
        return actions.reserve(self.world.actor(who), demand or self.demand, self.line(quantity, **changes))

    def exempt(self, reason: str = "daily", **changes: Any) -> Demand:
        return replace(self.demand, authority=("exempt", reason), **changes)

    def pay(self, held: Transfer, **facts: Any) -> Transfer:
        return actions.pay(self.world.actor("finance"), held.pk, **facts)

    def void(self, held: Transfer, reason: str = "名单有误") -> Transfer:
        return actions.void(self.world.actor("town"), held.pk, reason=reason)

    def reverse(self, wrong: Transfer) -> Transfer:
        asked = actions.ask_reversal(self.world.actor("finance"), wrong.pk, reason="重复入账")
        return actions.confirm_reversal(self.world.actor("chair"), asked.pk)

    def balances(self) -> dict[str, int]:
        rows = Account.objects.filter(node=self.purse.node, fund=self.purse.fund)
        return dict(rows.values_list("kind", "balance"))


@pytest.fixture
def money(world: World) -> Money:
    purse = Purse(world.nodes["town"], FUND)
    DECIDED["1"] = replace(ITEM, node_path=purse.node.path)
    return Money(world, purse, Demand(purse, "winter", ("test.item", 1), "方案1"))
