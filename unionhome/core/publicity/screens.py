"""What the pages of public notices show: counts, rows, steps, places with photographs, what everybody reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.papers.queries import find_paper
from unionhome.core.publicity import queries
from unionhome.core.publicity.models import Notice, Objection, Posting
from unionhome.core.publicity.rules import ANSWER_FIELD, COLUMNS, CONTACT_FIELD, NAME_FIELD, TEXT_FIELD, short_digest
from unionhome.core.publicity.workflow import NOTICE, OBJECTION
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit import crypto
from unionhome.kit.dates import day_bounds, moment_text
from unionhome.kit.money import yuan_text

PHASES = (
    ("drafted", "待出公示"),
    ("issued", "待张贴"),
    ("posted", "公示中"),
    ("objected", "有异议"),
    ("ended", "期满"),
    ("withdrawn", "已撤回"),
)
PLAIN = ("issue", "close", "reissue")
HIDDEN = ("object", "enter", "settle", "uphold")
CONFIRM = {"issue": "名单核对过了，出公示？出了以后名单不能再改。", "close": "公示期满，没有异议要答复，归档？"}
SIDE = (
    ("reissue", "重新出公文", "file-text"),
    ("posting", "再贴一处", "camera"),
    ("extend", "延长公示", "calendar"),
    ("enter", "登记书面异议", "message-report"),
)


def phase_counts(counts: Mapping[str, int], phase: str) -> list[dict[str, Any]]:
    """The counts above the list: each is a filter."""
    items = [{"label": "全部", "value": counts["all"], "url": "?", "active": not phase}]
    for name, label in PHASES:
        tone = "deep" if name == "objected" and counts[name] else "ink"
        one = {"label": label, "value": counts[name], "url": f"?phase={name}", "active": phase == name, "tone": tone}
        items.append(one)
    return items


def list_rows(notices: Iterable[Notice], at: datetime) -> list[dict[str, Any]]:
    """Rows of the desk's list."""
    return [
        {
            "notice": notice,
            "kind": queries.get_kind(notice.kind).title,
            "state": _state(notice, is_over=notice.ends_on is not None and at >= day_bounds(notice.ends_on)[1]),
            "span": _span(notice, notice.ends_on),
        }
        for notice in notices
    ]


def state_of(notice: Notice, at: datetime) -> dict[str, str]:
    """The state in words; a term that is over says so though nobody has filed it yet."""
    return _state(notice, is_over=queries.is_over(notice, at))


def _state(notice: Notice, *, is_over: bool) -> dict[str, str]:
    state = NOTICE.state(notice.state)
    if notice.state == "posted" and is_over:
        return {"label": "期满，待归档", "tone": "amber"}
    return {"label": state.label, "tone": state.tone}


def span_text(notice: Notice) -> str:
    """From when to when it hangs; 暂定 where a year's holidays are not announced yet."""
    return _span(notice, queries.find_end(notice))


def _span(notice: Notice, end: date | None) -> str:
    if end is None or notice.published_on is None:
        return f"{notice.days_count}个工作日"
    provisional = "（节假日还没有公布，暂定）" if notice.is_provisional else ""
    return f"{notice.published_on:%Y-%m-%d} 到 {end:%Y-%m-%d}{provisional}"


def fact_rows(notice: Notice) -> list[dict[str, Any]]:
    """What is known of it, at the desk."""
    total = f"，合计{yuan_text(notice.total_fen)}元" if notice.total_fen is not None else ""
    rows = [
        {"label": "哪一类", "value": queries.get_kind(notice.kind).title},
        {"label": "工会", "value": notice.node.name},
        {"label": "名单", "value": f"{notice.row_count:,}条{total}"},
        {"label": "贴在哪里", "value": notice.get_place_display()},
        {"label": "公示期", "value": span_text(notice)},
        {"label": "网上", "value": "公示期内谁都能看" if notice.is_open else "不在网上公示"},
        {"label": "校验码", "value": short_digest(notice.digest)},
    ]
    return [row for row in rows if row["value"]]


def head_cells(notice: Notice) -> list[dict[str, Any]]:
    """The columns' labels; numbers stand at the right."""
    return [
        {"label": COLUMNS[code].label, "is_number": COLUMNS[code].kind in ("fen", "count")} for code in notice.columns
    ]


def body_rows(notice: Notice, rows: Iterable[Sequence[Any]]) -> list[list[dict[str, Any]]]:
    """The frozen rows as everybody reads them."""
    heads = head_cells(notice)
    return [
        [
            {**head, "text": yuan_text(int(cell)) if code == "amount" else cell}
            for head, code, cell in zip(heads, notice.columns, row, strict=True)
        ]
        for row in rows
    ]


def step_rows(notice: Notice, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    """The buttons at the right; what is not for now stays in place with its reason."""
    return [
        {
            "label": step.label,
            "url": reverse("publicity:step", args=[notice.pk, step.verb]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb in PLAIN,
            "confirm": CONFIRM.get(step.verb, ""),
        }
        for step in steps
        if step.verb not in HIDDEN
    ]


def list_side_now(notice: Notice, at: datetime) -> list[str]:
    """Which acts beside the steps fit now."""
    if notice.state == "issued":
        return [] if find_paper(notice, queries.PAPER) else ["reissue"]
    if notice.state not in (*queries.RUNNING, "upheld") or queries.is_over(notice, at):
        return []
    return ["enter"] if notice.state == "upheld" else ["posting", "extend", "enter"]


def side_rows(notice: Notice, at: datetime) -> list[dict[str, Any]]:
    """Acts that change the notice and not its state."""
    now = list_side_now(notice, at)
    return [
        {
            "url": reverse("publicity:step", args=[notice.pk, verb]),
            "label": label,
            "icon": icon,
            "post": verb in PLAIN,
        }
        for verb, label, icon in SIDE
        if verb in now
    ]


def whole_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """The whole list as words."""
    return [
        [yuan_text(int(cell)) if code == "amount" else str(cell) for code, cell in zip(columns, row, strict=True)]
        for row in rows
    ]


def paper_link(notice: Notice) -> dict[str, str]:
    """The office's page of the paper, and how far it is."""
    paper = find_paper(notice, queries.PAPER)
    if paper is None:
        return {}
    words = {"to_print": "等打印", "to_seal": "等盖章", "sealed": "已盖章回传"}
    return {"url": reverse("papers:paper", args=[paper.pk]), "label": words.get(paper.state, "公文")}


def posting_rows(notice: Notice, postings: Iterable[tuple[Posting, list[SealedFile]]]) -> list[dict[str, Any]]:
    """Where it hangs, with small photographs."""
    return [
        {
            "where": "，".join(filter(None, (posting.get_place_display(), posting.place_text))),
            "posting": posting,
            "files": file_rows(files, "publicity:photo", notice.pk),
        }
        for posting, files in postings
    ]


def file_rows(files: Iterable[SealedFile], url_name: str, pk: int) -> list[dict[str, str]]:
    """Pictures, small, opening over the page; PDF as links."""
    rows = []
    for file in files:
        url = reverse(url_name, args=[pk, file.pk])
        small = f"{url}?small=1" if file.kind == Kind.IMAGE else ""
        rows.append({"url": url, "small_url": small, "name": file.name, "icon": file.icon})
    return rows


def objection_rows(objections: Iterable[Objection]) -> list[dict[str, Any]]:
    """What was said against it, without the words."""
    return [
        {
            "objection": each,
            "url": reverse("publicity:objection", args=[each.pk]),
            "state": OBJECTION.state(each.state),
            "who": "实名" if each.is_named else "没有写姓名",
        }
        for each in objections
    ]


def objection_facts(objection: Objection, *, shows_who: bool) -> list[dict[str, Any]]:
    """One objection, at the desk; who it was only for whoever may answer."""
    name = _opened(objection.name_sealed, NAME_FIELD) if shows_who else "写了姓名，只有答复的人能看"
    rows = [
        {"label": "怎么提的", "value": objection.get_way_display()},
        {"label": "谁提的", "value": name if objection.is_named else "没有写姓名"},
        {"label": "联系方式", "value": _opened(objection.contact_sealed, CONTACT_FIELD) if shows_who else ""},
        {"label": "收到", "value": f"{objection.received_on:%Y-%m-%d}"},
        {"label": "答复期限", "value": f"{timezone.localdate(objection.due_at):%Y-%m-%d}以前"},
        {"label": "查询码", "value": objection.receipt},
    ]
    return [row for row in rows if row["value"]]


def text_of(objection: Objection) -> str:
    """What it says."""
    return _opened(objection.text_sealed, TEXT_FIELD)


def answer_of(objection: Objection) -> dict[str, Any]:
    """What the union answered; nothing yet where it did not."""
    answer = getattr(objection, "answer", None)
    if answer is None:
        return {}
    return {
        "label": OBJECTION.state(objection.state).label,
        "text": _opened(answer.text_sealed, ANSWER_FIELD),
        "on": answer.answered_on,
    }


def _opened(blob: Any, field: str) -> str:
    return crypto.open_sealed(bytes(blob), field=field) if blob else ""


def step_lines(steps: Iterable[Step], at: datetime) -> list[dict[str, Any]]:
    """What happened, the newest first."""
    now = timezone.localtime(at)
    return [
        {
            "title": f"{step.actor_union} {step.actor_post} {step.label}".strip(),
            "text": step.reason,
            "time_text": moment_text(timezone.localtime(step.at), now),
            "tone": "done" if step.to_state == "ended" else "plain",
        }
        for step in reversed(list(steps))
    ]


def open_rows(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Rows of everybody's list."""
    return [
        {
            "notice": notice,
            "url": reverse("publicity:open_notice", args=[notice.public_id]),
            "span": _span(notice, notice.ends_on),
        }
        for notice in notices
    ]


def check_facts(notice: Notice, at: datetime) -> list[dict[str, Any]]:
    """What whoever scanned the paper reads: no names, but whether it is genuine and how long it runs."""
    return [
        {"label": "公示编号", "value": notice.number},
        {"label": "工会", "value": notice.node.name},
        {"label": "状态", "value": state_of(notice, at)["label"]},
        {"label": "公示期", "value": span_text(notice)},
        {"label": "名单", "value": f"{notice.row_count:,}条"},
        {"label": "校验码", "value": short_digest(notice.digest)},
    ]


def may_answer(actor: Actor, objection: Objection) -> str:
    """Why the actor may not answer it; empty where the form is shown."""
    if objection.state != OBJECTION.initial:
        return "已经答复了。"
    if not actor.may("publicity.answer", objection.node.path):
        return "您可以看，不能答复。"
    if queries.is_involved(actor, objection.notice):
        return "这份公示是您经手的，异议要换一个人答复，也可以请上级工会答复。"
    return ""
