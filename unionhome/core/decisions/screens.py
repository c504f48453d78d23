"""What the pages of collective decisions show: counts and filters, rows of facts, steps, opinions, results."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from unionhome.core.decisions.models import AgendaLine, Item, ItemKind, Meeting, Opinion, Outcome, Role
from unionhome.core.decisions.queries import Limits, is_author, may_opine
from unionhome.core.decisions.rules import is_late
from unionhome.core.decisions.workflow import BY_MEETING, ITEM, MEETING
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.papers.models import Paper
from unionhome.core.papers.workflow import PAPER
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit.dates import moment_text
from unionhome.kit.money import yuan_text

PHASES = (
    ("prepared", "准备中"),
    ("waiting", "等上会"),
    ("scheduled", "已排上会"),
    ("decided", "执行中"),
    ("executed", "执行完"),
    ("rejected", "没有同意"),
    ("stopped", "停止、不上会"),
)
MEETING_PHASES = (("planned", "没有开的"), ("held", "等确认"), ("confirmed", "已确认"), ("cancelled", "取消的"))
PLAIN = ("submit", "take_back")
CONFIRM_WORDS = {"confirm": "登记的和纪要一致？确认以后，同意的议题就可以执行、付钱。"}
TONES = {"agreed": "green", "changed": "green", "deferred": "amber", "rejected": "deep", "": "grey"}
JUDGING = ("confirm", "send_back")
ROLE_ICONS = {"finance": "calculator", "legal": "scale", "audit": "shield-check"}


def phase_counts(counts: Mapping[str, int], phase: str, kind: str) -> list[dict[str, Any]]:
    """The counts above the list of items: each is a filter."""
    return _counts("decisions:list", PHASES, counts, phase, kind=kind)


def meeting_counts(counts: Mapping[str, int], phase: str) -> list[dict[str, Any]]:
    """The same above the list of meetings."""
    return _counts("decisions:meetings", MEETING_PHASES, counts, phase)


def _counts(
    url_name: str, phases: Sequence[tuple[str, str]], counts: Mapping[str, int], phase: str, **kept: str
) -> list[dict[str, Any]]:
    rows = (("", "全部"), *phases)
    return [
        {
            "label": label,
            "value": counts[name or "all"],
            "url": _url(url_name, phase=name, **kept),
            "active": phase == name,
        }
        for name, label in rows
    ]


def _url(url_name: str, **asked: str) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse(url_name)}?{urlencode(kept)}" if kept else reverse(url_name)


def kind_filter(kind: str, phase: str) -> list[dict[str, Any]]:
    """The filter bar: which kind of item."""
    options = [
        {"label": label, "url": _url("decisions:list", kind=code, phase=phase), "active": code == kind}
        for code, label in ItemKind.choices
    ]
    return [
        {
            "label": "哪一类",
            "value": ItemKind(kind).label if kind else "全部",
            "active": bool(kind),
            "clear_url": _url("decisions:list", phase=phase),
            "options": options,
        }
    ]


def item_rows(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Rows of the list of items."""
    return [
        {
            "item": item,
            "state": ITEM.state(item.state),
            "money": _money(_ceiling(item)),
            "is_again": item.deferred_count,
        }
        for item in items
    ]


def _ceiling(item: Item) -> int | None:
    return item.decided_fen if item.decided_fen is not None else item.ceiling_fen


def _money(fen: int | None) -> str:
    return f"{yuan_text(fen)}元" if fen is not None else "不花钱"


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _rows(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def fact_rows(item: Item) -> list[dict[str, str]]:
    """What the meeting is asked."""
    return _rows(
        (
            ("工会", item.node.name),
            ("类别", item.get_kind_display()),
            ("做什么用", item.get_purpose_display()),
            ("事由", item.purpose_text),
            ("汇报部门", item.department),
            ("资金上限", _money(item.ceiling_fen)),
            ("标准", item.standard),
            ("钱从哪里出", item.fund),
            ("提出", _day(item.opened_on)),
            ("缓议", f"{item.deferred_count}次" if item.deferred_count else ""),
        )
    )


def decided_rows(item: Item) -> list[dict[str, str]]:
    """What was decided, and what came of it."""
    if item.decided_on is None:
        return []
    changed = "，修改后同意" if item.is_changed else "，同意"
    return _rows(
        (
            ("决定", f"{_day(item.decided_on)}{changed}"),
            ("管住的上限", _money(item.decided_fen)),
            ("标准", item.decided_standard),
            ("有效到", _day(item.until_on)),
            ("结束", _day(item.ended_on)),
            ("执行情况", item.result_text),
        )
    )


def opinion_rows(actor: Actor, item: Item, opinions: Sequence[Opinion], missing: Sequence[str]) -> list[dict[str, Any]]:
    """One line a role: the opinion, that it is still wanted, or that none is; with the way in for whoever gives it."""
    given = {opinion.role: opinion for opinion in opinions}
    is_open = item.state in ("prepared", "waiting") and not is_author(actor, item)
    own = {role for role, opinion in given.items() if opinion.given_by == actor.user_id}
    return [
        {
            "label": label,
            "icon": ROLE_ICONS[role],
            "opinion": given.get(role),
            "tone": {"agree": "green", "change": "amber", "against": "deep"}.get(given[role].stance, "grey")
            if role in given
            else "grey",
            "is_wanted": label in missing,
            "url": reverse("decisions:opine", args=[item.pk, role])
            if is_open and not own - {role} and may_opine(actor, item, role)
            else "",
        }
        for role, label in Role.choices
    ]


def step_rows(item: Item, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    """The buttons of an item; what only its meeting does is left out."""
    url = "decisions:step"
    return [_button(step, reverse(url, args=[item.pk, step.verb]), step.verb in PLAIN) for step in steps
            if step.verb not in BY_MEETING]  # fmt: skip


def meeting_step_rows(meeting: Meeting, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    """The buttons of a meeting: its outcomes have a page of their own, confirming asks for the second factor."""
    return [_button(step, _meeting_url(meeting, step.verb), step.verb == "confirm") for step in steps]


def _meeting_url(meeting: Meeting, verb: str) -> str:
    if verb == "enter":
        return reverse("decisions:outcomes", args=[meeting.pk])
    return reverse("decisions:judge" if verb in JUDGING else "decisions:meeting_step", args=[meeting.pk, verb])


def _button(step: NextStep, url: str, is_plain: bool) -> dict[str, Any]:
    return {
        "label": step.label,
        "url": url,
        "icon": step.icon,
        "main": step.main,
        "allowed": step.allowed,
        "reason": step.reason,
        "post": is_plain,
        "confirm": CONFIRM_WORDS.get(step.verb, ""),
    }


def list_notes_now(item: Item) -> list[str]:
    """Acts that change an item and not its state, as far as they fit now."""
    return {"prepared": ["edit", "file", "ask"], "waiting": ["file", "ask"]}.get(item.state, [])


def side_rows(item: Item) -> list[dict[str, str]]:
    """Those acts as links."""
    icons = {"edit": "pencil", "file": "paperclip", "ask": "scale"}
    return [
        {"url": reverse("decisions:step", args=[item.pk, verb]), "label": ITEM.notes[verb], "icon": icons[verb]}
        for verb in list_notes_now(item)
    ]


def step_lines(steps: Iterable[Step], at: datetime) -> list[dict[str, Any]]:
    """What happened, the newest first."""
    now = timezone.localtime(at)
    return [
        {
            "title": f"{step.actor_union} {step.actor_post} {step.label}".strip(),
            "text": step.reason,
            "time_text": moment_text(timezone.localtime(step.at), now),
            "tone": "done" if step.to_state in ("decided", "executed", "confirmed") else "plain",
        }
        for step in reversed(list(steps))
    ]


def file_rows(files: Iterable[SealedFile], url_name: str, pk: int) -> list[dict[str, str]]:
    """Sealed files as links, with the digest by which a copy is told from the signed one."""
    rows = []
    for file in files:
        url = reverse(url_name, args=[pk, file.pk])
        small = f"{url}?small=1" if file.kind == Kind.IMAGE else ""
        rows.append({"url": url, "small_url": small, "name": file.name, "icon": file.icon, "digest": file.digest})
    return rows


def paper_rows(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """The printed sheets of a row."""
    return [
        {"paper": paper, "state": PAPER.state(paper.state), "url": reverse("papers:paper", args=[paper.pk])}
        for paper in papers
    ]


# -- meetings ------------------------------------------------------------------------------------------------------------


def meeting_rows(meetings: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the list of meetings."""
    return [{"meeting": meeting, "state": MEETING.state(meeting.state)} for meeting in meetings]


def meeting_facts(meeting: Meeting) -> list[dict[str, str]]:
    """When, who, and under which number."""
    due = len(meeting.present) + len(meeting.absent)
    return _rows(
        (
            ("工会", meeting.node.name),
            ("什么会", meeting.get_body_display()),
            ("哪天", _day(meeting.held_on)),
            ("材料发出", _day(meeting.notified_on)),
            ("应到", f"{due}人，到会{len(meeting.present)}人" if meeting.present else ""),
            ("到会", "、".join(meeting.present)),
            ("请假", "、".join(meeting.absent)),
            ("列席", "、".join(meeting.attending)),
            ("纪要文号", meeting.minutes_number),
            ("确认", _day(meeting.confirmed_on)),
        )
    )


def late_text(meeting: Meeting, limits: Limits) -> str:
    """That the materials went out too late; empty where they did not."""
    if not is_late(meeting.held_on, meeting.notified_on, limits.material_days):
        return ""
    days = (meeting.held_on - meeting.notified_on).days if meeting.notified_on else 0
    return f"材料提前{days}天发，规定提前{limits.material_days}天。请在会上说明。"


def line_rows(lines: Iterable[AgendaLine]) -> list[dict[str, Any]]:
    """The agenda with its outcomes."""
    return [
        {
            "line": line,
            "outcome": line.get_outcome_display(),
            "tone": TONES[line.outcome],
            "money": _money(line.ceiling_fen if line.ceiling_fen is not None else line.item.ceiling_fen),
            "standard": line.standard or line.item.standard,
            "is_changed": line.outcome == Outcome.CHANGED,
            "recused": "、".join(line.recused),
        }
        for line in lines
    ]


def heard_rows(lines: Iterable[AgendaLine], *, sees_meetings: bool) -> list[dict[str, Any]]:
    """At which meetings an item stood on the agenda; a lawyer sees the item and not the meeting."""
    return [
        {
            "meeting": line.meeting,
            "url": reverse("decisions:meeting", args=[line.meeting_id]) if sees_meetings else "",
            "outcome": line.get_outcome_display() or MEETING.state(line.meeting.state).label,
            "tone": TONES[line.outcome],
            "is_confirmed": line.meeting.state == "confirmed" or not line.outcome,
        }
        for line in lines
    ]
