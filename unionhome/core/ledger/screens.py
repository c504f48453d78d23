"""How the ledger looks: counts, lines, facts of a transfer, what may be done with it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from unionhome.core.ledger.models import Account, Allowance, Reversal, Transfer
from unionhome.core.ledger.queries import Totals
from unionhome.core.ledger.rules import EXEMPTS, quantity_text
from unionhome.core.ledger.workflow import REVERSAL, Code
from unionhome.core.registry import Actor
from unionhome.core.workflow.queries import NextStep
from unionhome.kit.dates import moment_text

TONES = {Code.INCOME: "green", Code.RESERVE: "amber", Code.PAY: "blue", Code.VOID: "grey", Code.REVERSE: "deep"}
REVERSIBLE = (Code.INCOME, Code.PAY)


def total_facts(totals: Totals) -> list[dict[str, str]]:
    """Sums above the list."""
    shown = (
        ("余额", totals.balance),
        ("其中已预留", totals.reserved),
        ("可用", totals.available),
        ("累计支付", totals.paid),
    )
    return [{"label": label, "value": quantity_text(fen, "fen")} for label, fen in shown]


def fund_filter(funds: Iterable[str], chosen: str, text: str) -> list[dict[str, Any]]:
    """The bar that narrows by fund."""
    kept = {"q": text} if text else {}

    def url(fund: str) -> str:
        return "?" + urlencode(kept | ({"fund": fund} if fund else {}))

    options = [{"label": each, "url": url(each), "active": each == chosen} for each in funds]
    return [
        {"label": "资金", "value": chosen, "active": bool(chosen), "clear_url": url(""), "options": options},
    ]


def purse_lines(purses: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines of accounts."""
    return [
        {
            "purse": purse,
            "url": reverse("ledger:purse", args=[purse.pk]),
            "balance": quantity_text(purse.balance + purse.reserved, purse.unit),
            "reserved": quantity_text(purse.reserved, purse.unit),
            "available": quantity_text(purse.balance, purse.unit),
            "paid": quantity_text(purse.paid, purse.unit),
        }
        for purse in purses
    ]


def purse_facts(purse: Any, sums: Iterable[tuple[str, int]]) -> list[dict[str, str]]:
    """What an account holds, and what came in by source."""
    (line,) = purse_lines([purse])
    rows = [
        {"label": "余额", "value": line["balance"]},
        {"label": "其中已预留", "value": line["reserved"]},
        {"label": "可用", "value": line["available"]},
        {"label": "累计支付", "value": line["paid"]},
    ]
    return rows + [{"label": f"收入：{source}", "value": quantity_text(each, purse.unit)} for source, each in sums]


def code_filter(purse: Account, clean: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bar that narrows by what a transfer is for."""
    kept = {name: clean[name].isoformat() for name in ("first", "last") if clean.get(name)}
    chosen = clean.get("code", "")

    def url(code: str) -> str:
        return "?" + urlencode(kept | ({"code": code} if code else {}))

    options = [{"label": each.label, "url": url(each), "active": each == chosen} for each in Code]
    value = Code(chosen).label if chosen else ""
    return [{"label": "种类", "value": value, "active": bool(chosen), "clear_url": url(""), "options": options}]


def transfer_lines(transfers: Iterable[Transfer]) -> list[dict[str, Any]]:
    """Lines of transfers."""
    return [
        {
            "transfer": each,
            "url": reverse("ledger:transfer", args=[each.pk]),
            "label": Code(each.code).label,
            "tone": TONES[Code(each.code)],
            "quantity": quantity_text(each.quantity, each.unit),
            "about": each.source or authority_text(each.allowance, each.exempt),
        }
        for each in transfers
    ]


def authority_text(allowance: Allowance | None, exempt: str) -> str:
    """On what it was paid, in words."""
    if exempt:
        return f"不用集体研究：{EXEMPTS[exempt].label}"
    return allowance.title if allowance is not None else ""


def transfer_facts(transfer: Transfer, actor: Actor) -> list[dict[str, Any]]:
    """Everything a transfer says of itself; what is not said is left out."""
    rows: list[dict[str, Any]] = [
        {"label": "数目", "value": quantity_text(transfer.quantity, transfer.unit)},
        {"label": "工会", "value": transfer.node.name},
        {"label": "资金", "value": transfer.fund},
        {"label": "从哪里来", "value": transfer.source},
        {"label": "记账日期", "value": f"{transfer.on:%Y-%m-%d}"},
        {"label": "凭据号", "value": transfer.voucher},
        {"label": "说明", "value": transfer.note},
        {"label": "谁登记的", "value": transfer.actor_name, "date_text": moment_text(transfer.at, actor.at)},
    ]
    if transfer.batch is not None:
        rows.append({"label": "成批办理", "value": f"这一批 {transfer.batch.count:,} 笔"})
    rows.append({"label": "核对用的摘要", "value": transfer.digest})
    return [row for row in rows if row["value"]]


def authority_facts(transfer: Transfer) -> list[dict[str, Any]]:
    """On what it rests, and how much of that is used."""
    allowance = transfer.allowance
    if allowance is None:
        return []
    rows: list[dict[str, Any]] = [{"label": "依据", "value": authority_text(allowance, transfer.exempt)}]
    if allowance.link and not transfer.exempt:
        rows[0] |= {"action_url": allowance.link, "action": "打开"}
    if allowance.ceiling is not None:
        rows.append({"label": "最多用", "value": quantity_text(allowance.ceiling, allowance.unit)})
        rows.append({"label": "已经用了", "value": quantity_text(allowance.used, allowance.unit)})
    return rows


def tied_lines(transfer: Transfer) -> list[dict[str, Any]]:
    """The transfers that belong to it: what it pays or releases, how it ended, what took it back."""
    ties = (
        ("这一笔办的是", transfer.resolves),
        ("这笔预留后来", getattr(transfer, "resolution", None)),
        ("这一笔冲正的是", transfer.reverses),
        ("这一笔已经冲正", getattr(transfer, "reversal", None)),
    )
    return [
        {
            "label": label,
            "text": f"{Code(each.code).label} {quantity_text(each.quantity, each.unit)}，{each.on:%Y-%m-%d}",
            "url": reverse("ledger:transfer", args=[each.pk]),
        }
        for label, each in ties
        if each is not None
    ]


def may_ask(transfer: Transfer, asked: Reversal | None, actor: Actor) -> bool:
    """Whether the button that asks for a reversal stands on the page."""
    is_open = asked is None or asked.state == "refused"
    return is_open and transfer.code in REVERSIBLE and actor.may("ledger.reverse", transfer.node.path)


def reversal_facts(asked: Reversal) -> list[dict[str, Any]]:
    """Who wants a transfer taken back, and why."""
    return [
        {"label": "状态", "value": REVERSAL.state(asked.state).label},
        {"label": "谁申请的", "value": asked.asked_by},
        {"label": "原因", "value": asked.reason},
    ]


def reversal_steps(asked: Reversal, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    """Buttons: confirming is sent at once, refusing asks why."""
    return [
        {
            "label": step.label,
            "url": reverse(f"ledger:{step.verb}", args=[asked.pk]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb == "confirm",
            "confirm": "冲正以后不能再改，确认吗？" if step.verb == "confirm" else "",
        }
        for step in steps
    ]
