"""How orders of the 12351 hotline and their sheets look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases.queries import get_kind
from unionhome.core.registry import Actor, State
from unionhome.core.workflow.queries import NextStep, list_next_steps
from unionhome.kit.dates import day_text, moment_text
from unionhome.services.helpdesk.models import HotlineOrder, HotlineSheet
from unionhome.services.helpdesk.queries import get_category_label
from unionhome.services.helpdesk.rules.hotline import Line, Outcome, reason_label
from unionhome.services.helpdesk.workflow import SHEET

HINTS = {
    Outcome.NEW: "按规则发给该办的工会，当时就有编号、开始计时",
    Outcome.KNOWN: "这个工单编号已经是一件诉求，不再登记",
    Outcome.REFUSED: "不登记；下载后照原因改好，再传一次",
}


def order_rows(orders: Iterable[HotlineOrder], at: datetime) -> list[dict[str, Any]]:
    """Lines of the list of orders."""
    now, today = timezone.localtime(at), timezone.localdate(at)
    rows = []
    for order in orders:
        case = order.case
        state = get_kind(case.kind).table.state(case.state)
        rows.append(
            {
                "order": order,
                "case": case,
                "category": get_category_label(case.category),
                "state": state,
                "called": moment_text(timezone.localtime(order.called_at), now) if order.called_at else "—",
                "received": day_text(order.received_on),
                "return": day_text(order.return_on) if order.return_on else "—",
                "is_late": order.return_on is not None and (case.ended_on or today) > order.return_on,
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet in the list."""

    id: int
    name: str
    rows: int
    entered: int
    refused: int
    state: State
    at: datetime
    by: str


def sheet_lines(sheets: Iterable[HotlineSheet]) -> list[SheetLine]:
    """Lines of the list of sheets."""
    return [
        SheetLine(
            id=sheet.pk,
            name=sheet.name,
            rows=sheet.row_count,
            entered=sheet.counts.get(Outcome.NEW.value, 0),
            refused=(sheet.counts or sheet.preview).get(Outcome.REFUSED.value, 0),
            state=SHEET.state(sheet.state),
            at=sheet.created_at,
            by=sheet.user.name if sheet.user else "系统",
        )
        for sheet in sheets
    ]


@dataclass(frozen=True, slots=True)
class OutcomeBox:
    """Rows of one outcome: how many the check foresaw, how many were entered so."""

    label: str
    hint: str
    foreseen: int
    entered: int


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything on the page of one sheet."""

    state: State
    boxes: list[OutcomeBox]
    reasons: list[tuple[str, int]]
    refused: int
    steps: list[NextStep]
    is_entered: bool
    can_download: bool
    has_result: bool


def sheet_page(actor: Actor, sheet: HotlineSheet) -> SheetPage:
    """The page of a sheet that the caller has scoped."""
    refused = sum(sheet.reasons.values())
    takes = sheet.row_count > sheet.preview.get(Outcome.REFUSED.value, 0)
    boxes = [_box(sheet, outcome) for outcome in Outcome]
    return SheetPage(
        state=SHEET.state(sheet.state),
        boxes=boxes if sheet.preview else [],
        reasons=sorted(((reason_label(code), count) for code, count in sheet.reasons.items()), key=lambda e: -e[1]),
        refused=refused,
        steps=list_next_steps(actor, SHEET, sheet, {"takes": takes}),
        is_entered=sheet.state in ("applied", "ended"),
        can_download=bool(refused) and sheet.erased_at is None,
        has_result=sheet.state == "applied" and sheet.erased_at is None,
    )


def _box(sheet: HotlineSheet, outcome: Outcome) -> OutcomeBox:
    key = outcome.value
    return OutcomeBox(outcome.label, HINTS[outcome], sheet.preview.get(key, 0), sheet.counts.get(key, 0))


def line_rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What becomes of each row, as a table shows it."""
    return [
        {"line": line, "outcome": Outcome(line.outcome).label, "is_refused": line.outcome == Outcome.REFUSED.value}
        for line in lines
    ]
