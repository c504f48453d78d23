"""The ledger's pages, workbooks and figures, and the demo's money."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.core.ledger.conftest import FUND, SOURCE, Money
from unionhome.core.figures.queries import get_value, list_rows
from unionhome.core.ledger import actions, demo, queries
from unionhome.core.ledger.models import Account, Reversal, Transfer
from unionhome.kit.dates import Period

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_an_income_is_entered_once_and_wrong_words_stay_on_the_form(money: Money, client_for: ClientFor) -> None:
    finance, url = client_for("finance"), "/desk/ledger/receive/"
    right = {
        "union": "人民街道总工会", "fund": FUND, "source": SOURCE, "quantity": "1,860.50", "voucher": "回单9",
        "on": "2026-03-09", "submit_key": "a" * 32,
    }  # fmt: skip
    assert "进哪种资金" in text_of(finance.get(url))
    for changes, said in (
        ({"quantity": "-5"}, "不能是负数"),
        ({"quantity": "0.001"}, "最多精确到分"),
        ({"union": "没有的工会"}, "找不到工会"),
        ({"fund": "天上的"}, "aria-invalid"),
        ({"on": "2026-03-11"}, "不能晚于"),
    ):
        answer = finance.post(url, right | changes)
        assert answer.status_code == 400 and said in text_of(answer) and "回单9" in text_of(answer), changes
    assert {finance.post(url, right).url for _ in range(2)} == {f"/desk/ledger/transfers/{Transfer.objects.get().pk}/"}
    assert client_for("town").get(url).status_code == 403


def test_pages_tell_where_money_came_from_and_on_what_it_went(money: Money, client_for: ClientFor) -> None:
    income = money.income()
    paid = money.pay(money.reserve(), voucher="批次1")
    town, account = client_for("town"), Account.objects.get(kind="fund")
    assert "48,000.00 元" in text_of(town.get("/desk/ledger/")) and "没有这样的账户" in text_of(
        town.get("/desk/ledger/?q=华州")
    )
    purse = f"/desk/ledger/accounts/{account.pk}/"
    shown = text_of(town.get(purse))
    assert "收入：上级工会补助" in shown and "冬送温暖方案" in shown and "批次1" in shown
    assert "批次1" not in text_of(town.get(f"{purse}?code=income")) and "没有这样的流水" in text_of(
        town.get(f"{purse}?last=2026-03-09")
    )
    assert "批次1" not in text_of(town.get(f"{purse}?before={paid.pk}"))
    one = text_of(town.get(f"/desk/ledger/transfers/{paid.pk}/"))
    assert paid.digest in one and "冬送温暖方案" in one and "10,000.00 元" in one and "申请冲正" not in one
    assert client_for("other_town").get(purse).status_code == 404
    (head, *rows) = (
        CalamineWorkbook.from_filelike(BytesIO(town.get(f"{purse}export/").content)).get_sheet_by_index(0).to_python()
    )
    assert [row[2:4] for row in rows] == [["支付", "2000"], ["预留", "2000"], ["收入", "50000"]] and head[0] == "流水号"
    assert town.get("/desk/ledger/export/").status_code == 200
    finance, chair = client_for("finance"), client_for("chair")
    ask = f"/desk/ledger/transfers/{income.pk}/reverse/"
    assert finance.post(ask, {"reason": ""}).status_code == 400
    finance.post(ask, {"reason": "没有到账"})
    row = Reversal.objects.get()
    assert "确认冲正" in text_of(chair.get(f"/desk/ledger/transfers/{income.pk}/"))
    refuse = f"/desk/ledger/reversals/{row.pk}/refuse/"
    assert chair.get(refuse).status_code == 200 and chair.post(refuse, {"reason": "到账了"}).status_code == 302
    again = actions.ask_reversal(money.world.actor("finance"), paid.pk, reason="付错")
    weak = client_for("chair", strong=False).post(f"/desk/ledger/reversals/{again.pk}/confirm/")
    assert "second-factor" in weak.url and chair.post(f"/desk/ledger/reversals/{again.pk}/confirm/").status_code == 302
    assert "这一笔已经冲正" in text_of(finance.get(f"/desk/ledger/transfers/{paid.pk}/"))


def test_a_page_asks_the_same_however_long_it_is(money: Money, client_for: ClientFor) -> None:
    town, counts = client_for("town"), []
    for _ in range(2):
        for _ in range(3):
            money.income()
            money.reserve(1_000)
        account = Account.objects.get(kind="fund")
        with CaptureQueriesContext(connection) as asked:
            town.get("/desk/ledger/")
            town.get(f"/desk/ledger/accounts/{account.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_figures_are_what_one_counts(money: Money) -> None:
    world = money.world
    wrong = money.income(700)
    money.income(1_000_000)
    money.reverse(wrong)
    first, second, third = money.reserve(), money.reserve(300_000), money.reserve(1)
    money.pay(first)
    money.reverse(money.pay(second))
    money.void(third)
    money.reserve(50)
    expected = {"income": 1_000_000, "spending": 200_000, "reserved": 50}
    for place in ("city", "town", "other_county"):
        for code, fen in expected.items():
            asked = (world.actor("system"), f"ledger.{code}", world.nodes[place], Period.year(2026))
            found, rows = get_value(*asked), list_rows(*asked).count()
            assert (found.raw or 0) == (fen if place != "other_county" else 0), (place, code)
            assert bool(rows) is (place != "other_county")


def test_the_demo_has_money_and_nothing_is_wrong_with_it(money: Money, client_for: ClientFor) -> None:
    world = money.world
    nodes = {name: world.nodes[name] for name in ("city", "county", "town")}

    def at(days_ago: int, hour: int) -> object:
        return world.at.replace(hour=hour) - timedelta(days=days_ago)

    stage = SimpleNamespace(
        memo={"nodes": nodes}, at=at, actor=lambda name, moment: world.actor(name, at=moment), tell=lambda *_: None
    )
    demo.build(stage)
    assert not list(queries.find_faults()) and Reversal.objects.get().state == "asked"
    assert (
        queries.count_held(world.actor("city")).balance > 0
        and client_for("city").get("/desk/ledger/").status_code == 200
    )
