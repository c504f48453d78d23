"""This year's money of the demo: what the city, a county and a town received, a few small payments, one mistake."""

from typing import Any

from unionhome.core.ledger import actions
from unionhome.core.ledger.actions import Demand, Income, Line, Purse
from unionhome.core.ledger.models import Transfer

# place, fund, source, yuan, voucher, days ago
INCOMES = (
    ("city", "专项帮扶资金", "上级工会补助", 3_600_000, "省工拨字第18号", 210),
    ("city", "专项帮扶资金", "财政补助", 2_400_000, "财政拨款回单0412", 180),
    ("city", "接受捐赠资金", "社会捐赠", 386_500, "捐赠协议0007", 120),
    ("city", "本级工会经费", "拨缴经费", 1_850_000, "代收划转0630", 90),
    ("county", "专项帮扶资金", "上级工会补助", 640_000, "市工拨字第31号", 150),
    ("county", "本级工会经费", "拨缴经费", 212_000, "代收划转0631", 88),
    ("town", "本级工会经费", "上级工会补助", 36_000, "区工拨字第9号", 75),
    ("town", "接受捐赠资金", "社会捐赠", 8_200, "捐赠协议0011", 40),
)
# place, reason, purpose, what for, payee, yuan, days ago, how it ends
PAYMENTS = (
    ("city", "condolence", "condolence", "住院慰问", "slip:1", 1_000, 62, "pay"),
    ("city", "daily", "office", "会议室饮水机滤芯", "shop:1", 380, 48, "pay"),
    ("county", "urgent", "urgent", "家里失火，先行救助", "slip:2", 3_000, 33, "pay"),
    ("town", "daily", "office", "宣传栏用纸", "shop:2", 260, 21, "pay"),
    ("town", "condolence", "condolence", "生育慰问", "slip:3", 800, 9, "reserve"),
    ("town", "daily", "office", "打印机墨盒", "shop:2", 420, 5, "void"),
)


def build(world: Any) -> None:
    """Everything by the people whose turn it is; one income was entered twice and waits to be taken back."""
    made = [_receive(world, *facts) for facts in INCOMES]
    for number, facts in enumerate(PAYMENTS):
        _spend(world, number, *facts)
    twice = _receive(world, "city", "接受捐赠资金", "社会捐赠", 12_000, "捐赠协议0012", 14, "twice")
    _receive(world, "city", "接受捐赠资金", "社会捐赠", 12_000, "捐赠协议0012", 15)
    actions.ask_reversal(world.actor("finance", world.at(3, 15)), twice.pk, reason="同一份捐赠协议登记了两次。")
    world.tell("资金", len(made) + len(PAYMENTS) + 2, len(made) + len(PAYMENTS) + 2, "笔")


def _receive(
    world: Any, place: str, fund: str, source: str, yuan: int, voucher: str, days_ago: int, key: str = ""
) -> Transfer:  # fmt: skip
    purse = Purse(world.memo["nodes"][place], fund)
    actor = world.actor("finance", world.at(days_ago, 10))
    income = Income(yuan * 100, source, voucher)
    return actions.receive(actor, purse, income, key=f"demo:{place}:{voucher}{key}")


def _spend(
    world: Any, number: int, place: str, reason: str, purpose: str, note: str, payee: str, yuan: int, days_ago: int,
    end: str,
) -> None:  # fmt: skip
    fund = "专项帮扶资金" if place == "county" else "本级工会经费"
    demand = Demand(Purse(world.memo["nodes"][place], fund), purpose, ("exempt", reason))
    line = Line(f"demo:spend:{number}", yuan * 100, payee, note)
    held = actions.reserve(world.actor(place, world.at(days_ago, 11)), demand, line)
    if end == "pay":
        payer = world.actor("finance", world.at(days_ago - 1, 15))
        actions.pay(payer, held.pk, voucher=f"支付审批单{number + 1:04d}")
    elif end == "void":
        actions.void(world.actor(place, world.at(days_ago - 1, 9)), held.pk, reason="库房里还有，不买了。")
