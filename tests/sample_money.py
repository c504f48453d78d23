"""A sample income of a union, asked to be taken back, and a lot of one payment that needed no decision."""

from dataclasses import dataclass

from tests.worlds import World
from unionhome.core.ledger import actions
from unionhome.core.ledger.actions import Demand, Income, Line, Purse
from unionhome.core.ledger.models import Account, Batch, Reversal, Transfer
from unionhome.core.tree.models import Node


@dataclass
class Money:
    """One of each."""

    account: Account
    transfer: Transfer
    batch: Batch
    reversal: Reversal


def make_money(world: World, node: Node, number: int) -> Money:
    """One of each at a union of the test world."""
    system = world.actor("system")
    purse = Purse(node, "本级工会经费")
    income = actions.receive(system, purse, Income(100_000 + number, "会费", f"样单{number}"), key=f"sample:{number}")
    demand = Demand(purse, "office", ("exempt", "daily"), f"样批{number}")
    actions.reserve_many(system, demand, [Line(f"sample:{number}:line", 100 + number, "sample")])
    asked = actions.ask_reversal(system, income.pk, reason=f"第{number}笔样例登记错了")
    return Money(income.credit, income, Batch.objects.filter(node=node).latest("pk"), asked)
