"""How rosters look: lines of the list, and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unionhome.core.members.models import RosterImport
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import ELSEWHERE
from unionhome.core.members.rules.roster_judging import reason_label
from unionhome.core.members.workflow import ROSTER
from unionhome.core.registry import Actor, State
from unionhome.core.workflow.queries import NextStep, list_next_steps

SAMPLED = (Outcome.NEW, Outcome.CHANGED, Outcome.MOVED, Outcome.REFUSED)
HINTS = {
    Outcome.NEW: "登记系统里没有，会新建档案和会籍",
    Outcome.CHANGED: "已经是这个工会的会员，会按名册更新下面写的项目；名册里空着的不动",
    Outcome.MOVED: "现在是您范围内另一个工会的会员，会转到名册写的工会",
    Outcome.UNCHANGED: "和登记的一样，不动",
    Outcome.REFUSED: "不登记；下载后照原因改好，再传一次",
}
TONES = {Outcome.REFUSED: "deep", Outcome.MOVED: "amber"}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One roster in the list."""

    id: int
    name: str
    where: str
    rows: int
    entered: int
    refused: int
    state: State
    at: datetime
    by: str


def roster_lines(rosters: Iterable[RosterImport]) -> list[RosterLine]:
    """Lines of the list."""
    return [_line(each) for each in rosters]


def _line(roster: RosterImport) -> RosterLine:
    counts = roster.counts or roster.preview
    written = (Outcome.NEW, Outcome.CHANGED, Outcome.MOVED)
    return RosterLine(
        id=roster.pk,
        name=roster.name,
        where=(roster.default_node or roster.node).name,
        rows=roster.row_count,
        entered=sum(roster.counts.get(outcome.value, 0) for outcome in written),
        refused=counts.get(Outcome.REFUSED.value, 0),
        state=ROSTER.state(roster.state),
        at=roster.created_at,
        by=roster.user.name if roster.user else "命令行",
    )


@dataclass(frozen=True, slots=True)
class OutcomeBox:
    """Rows of one outcome: how many the check foresaw, how many were entered so, and a few of them."""

    label: str
    hint: str
    tone: str
    foreseen: int
    entered: int
    samples: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RosterPage:
    """Everything on the page of one roster."""

    state: State
    boxes: list[OutcomeBox]
    sampled: list[OutcomeBox]
    missing: list[dict[str, Any]]
    reasons: list[tuple[str, int]]
    refused: int
    steps: list[NextStep]
    share: float
    is_checked: bool
    is_entered: bool
    can_download: bool
    elsewhere: int


def roster_page(actor: Actor, roster: RosterImport) -> RosterPage:
    """The page of a roster that the caller has scoped."""
    boxes = {outcome: _box(roster, outcome) for outcome in Outcome}
    refused = sum(roster.reasons.values())
    facts = {"takes": roster.row_count > roster.preview.get(Outcome.REFUSED.value, 0)}
    return RosterPage(
        state=ROSTER.state(roster.state),
        boxes=list(boxes.values()),
        sampled=[boxes[outcome] for outcome in SAMPLED if boxes[outcome].samples],
        missing=roster.samples.get("missing", []),
        reasons=sorted(((reason_label(code), count) for code, count in roster.reasons.items()), key=lambda e: -e[1]),
        refused=refused,
        steps=list_next_steps(actor, ROSTER, roster, facts),
        share=roster.done_count / roster.row_count if roster.row_count else 0,
        is_checked=bool(roster.preview),
        is_entered=roster.state in ("applying", "stalled", "applied", "ended"),
        can_download=bool(refused) and roster.erased_at is None and roster.state != "refused",
        elsewhere=roster.reasons.get(ELSEWHERE, 0) if _may_propose(actor, roster) else 0,
    )


def _may_propose(actor: Actor, roster: RosterImport) -> bool:
    is_ready = roster.state in ("checked", "applied", "ended") and roster.erased_at is None
    return is_ready and actor.may("members.propose", roster.node.path)


def _box(roster: RosterImport, outcome: Outcome) -> OutcomeBox:
    return OutcomeBox(
        label=outcome.label,
        hint=HINTS[outcome],
        tone=TONES.get(outcome, "ink"),
        foreseen=roster.preview.get(outcome.value, 0),
        entered=roster.counts.get(outcome.value, 0),
        samples=roster.samples.get(outcome.value, []),
    )
