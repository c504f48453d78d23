"""How sheets of unions look: lines of the list, and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unionhome.core.organizations.models import UnionSheet
from unionhome.core.organizations.rules.sheets import Outcome, reason_label
from unionhome.core.organizations.workflow import SHEET
from unionhome.core.registry import Actor, State
from unionhome.core.workflow.queries import NextStep, list_next_steps

SAMPLED = (Outcome.NEW, Outcome.CHANGED, Outcome.MOVED, Outcome.REFUSED)
WRITTEN = (Outcome.NEW, Outcome.CHANGED, Outcome.MOVED)
HINTS = {
    Outcome.NEW: "登记里没有这个编码，会新建工会",
    Outcome.CHANGED: "已有这个工会，按下面写的项目更新；表里空着的不动",
    Outcome.MOVED: "已有这个工会，会从今天起换到表里写的上级",
    Outcome.UNCHANGED: "和登记的一样，不动",
    Outcome.REFUSED: "不登记；下载后照原因改好，再传一次",
}


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


def sheet_lines(sheets: Iterable[UnionSheet]) -> list[SheetLine]:
    """Lines of the list."""
    return [
        SheetLine(
            id=sheet.pk,
            name=sheet.name,
            rows=sheet.row_count,
            entered=sum(sheet.counts.get(outcome.value, 0) for outcome in WRITTEN),
            refused=(sheet.counts or sheet.preview).get(Outcome.REFUSED.value, 0),
            state=SHEET.state(sheet.state),
            at=sheet.created_at,
            by=sheet.user.name if sheet.user else "命令行",
        )
        for sheet in sheets
    ]


@dataclass(frozen=True, slots=True)
class OutcomeBox:
    """Rows of one outcome: how many the check foresaw, how many were entered so, and a few of them."""

    label: str
    hint: str
    is_refused: bool
    foreseen: int
    entered: int
    samples: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything on the page of one sheet."""

    state: State
    boxes: list[OutcomeBox]
    sampled: list[OutcomeBox]
    reasons: list[tuple[str, int]]
    refused: int
    steps: list[NextStep]
    is_entered: bool
    can_download: bool


def sheet_page(actor: Actor, sheet: UnionSheet) -> SheetPage:
    """The page of a sheet that the caller has scoped."""
    boxes = {outcome: _box(sheet, outcome) for outcome in Outcome}
    refused = sum(sheet.reasons.values())
    facts = {"takes": sheet.row_count > sheet.preview.get(Outcome.REFUSED.value, 0)}
    return SheetPage(
        state=SHEET.state(sheet.state),
        boxes=list(boxes.values()) if sheet.preview else [],
        sampled=[boxes[outcome] for outcome in SAMPLED if boxes[outcome].samples],
        reasons=sorted(((reason_label(code), count) for code, count in sheet.reasons.items()), key=lambda e: -e[1]),
        refused=refused,
        steps=list_next_steps(actor, SHEET, sheet, facts),
        is_entered=sheet.state in ("applied", "ended"),
        can_download=bool(refused) and sheet.erased_at is None,
    )


def _box(sheet: UnionSheet, outcome: Outcome) -> OutcomeBox:
    return OutcomeBox(
        label=outcome.label,
        hint=HINTS[outcome],
        is_refused=outcome is Outcome.REFUSED,
        foreseen=sheet.preview.get(outcome.value, 0),
        entered=sheet.counts.get(outcome.value, 0),
        samples=sheet.samples.get(outcome.value, []),
    )
