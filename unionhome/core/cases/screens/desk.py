"""What the case pages show: rows of facts, timeline lines, buttons; shaped from what queries find."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.clocks import list_lights_of
from unionhome.core.cases.models import Case, Entry, Referral
from unionhome.core.cases.queries import Checked, TimelineEntry
from unionhome.core.cases.rules import CLOCK_LABELS, ORIGINS, CaseKind, Category, Light, desk_title, first_due
from unionhome.core.cases.workflow import CHECKING, FOLLOWING
from unionhome.core.registry import State
from unionhome.core.workflow.queries import NextStep
from unionhome.core.workflow.rules import is_overdue, light_of
from unionhome.kit.dates import moment_text

ENTRY_ICONS: dict[str, str] = {
    Entry.Kind.OPENED: "message-report",
    Entry.Kind.STEP: "check",
    Entry.Kind.ARRIVED: "phone",
    Entry.Kind.HELPED: "heart-handshake",
    Entry.Kind.MEASURED: "file-certificate",
    Entry.Kind.REPLY: "message-2",
    Entry.Kind.NOTE: "file-text",
    Entry.Kind.MATERIAL: "paperclip",
    Entry.Kind.RATED: "star",
}
PHASES = (
    ("raised", "已升级"),
    ("sent", "等接收"),
    ("new", "待受理"),
    ("working", "办理中"),
    ("waiting", "等职工"),
    ("closed", "已办结"),
)


def phase_counts(counts: dict[str, int], chosen: str, kind: str = "") -> list[dict[str, Any]]:
    """The counts above the list: each is a filter."""
    base, only = reverse("cases:list"), f"kind={kind}" if kind else ""
    items = [
        {
            "label": "全部",
            "value": sum(counts[phase] for phase, _ in PHASES if phase not in ("raised", "sent")),
            "url": f"{base}?{only}" if only else base,
            "active": not chosen,
        }
    ]
    for phase, label in PHASES:
        tone = "amber" if phase in ("new", "raised") and counts[phase] else "ink"
        if phase == "sent" and counts["sent_late"]:
            tone = "deep"
        items.append(
            {
                "label": label,
                "value": counts[phase],
                "url": f"{base}?phase={phase}" + (f"&{only}" if only else ""),
                "active": chosen == phase,
                "tone": tone,
            }
        )
    return items


def list_title(kind: str) -> str:
    """What the list is of: 诉求 for all of it, else the title of the kind."""
    return next((each.title for each in queries.list_kinds() if each.code == kind), "诉求")


def list_crumb(case: Case) -> dict[str, str]:
    """The way back from a case: the list of its kind."""
    title, base = queries.get_kind(case.kind).title, reverse("cases:list")
    return {"label": title, "url": base if title == list_title("") else f"{base}?kind={case.kind}"}


def filters(query: QueryDict, kind: str, category: str, origin: str) -> list[dict[str, Any]]:
    """The filter bar; state lives in the address."""
    kinds = [(each.code, each.title) for each in queries.list_kinds()]
    categories = [(each.code, each.label) for each in queries.list_categories(kind)]
    bars = [
        _filter(query, "类别", "category", categories, category),
        _filter(query, "渠道", "origin", list(ORIGINS.items()), origin),
    ]
    return [_filter(query, "哪一种", "kind", kinds, kind, category=""), *bars] if len(kinds) > 1 else bars


def _filter(
    query: QueryDict, label: str, name: str, choices: Sequence[tuple[str, str]], chosen: str, **clears: str
) -> dict[str, Any]:
    options = [
        {"label": text, "url": f"?{_with(query, **{name: code}, **clears)}", "active": code == chosen}
        for code, text in choices
    ]
    value = next((each["label"] for each in options if each["active"]), "")
    return {
        "label": label,
        "value": value or "全部",
        "active": bool(value),
        "clear_url": f"?{_with(query, **{name: ''}, **clears)}",
        "options": options,
    }


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        if value:
            changed[name] = value
        else:
            changed.pop(name, None)
    return changed.urlencode()


def list_rows(cases: Sequence[Case], at: datetime) -> list[dict[str, Any]]:
    """Rows of the table, with the clocks of all of them read at once."""
    lights = list_lights_of(cases, at)
    dues = queries.list_dues(case for case in cases if case.ended_on is None and not first_due(lights[case.pk]))
    now = timezone.localtime(at)
    rows = []
    for case in cases:
        kind = queries.get_kind(case.kind)
        light = first_due(lights[case.pk])
        due = light.due_at if light else dues.get(case.pk)
        rows.append(
            {
                "case": case,
                "state": kind.table.state(case.state),
                "category": kind.category(case.category),
                "opened_text": moment_text(timezone.localtime(case.opened_at), now),
                "due_text": moment_text(timezone.localtime(due), now) if due else "",
                "is_overdue": is_overdue(due, at),
                "late_text": (light.text if light else light_of(due, case.opened_at, at)["text"])
                if due and is_overdue(due, at)
                else "",
                "union": case.node.name,
                "answer_text": _answer_text(case, at),
            }
        )
    return rows


def _answer_text(case: Case, at: datetime) -> str:
    """Of a matter in the list of those sent on: whether the union it went to is late with its answer."""
    due = getattr(case, "answer_due_at", None)
    return "" if due is None else ("超时没有接收" if is_overdue(due, at) else "等接收")


def applicant_rows(case: Case, phone: str) -> list[dict[str, Any]]:
    """The person, masked; the phone in clear only after it was asked for with a reason."""
    return [
        {"label": "姓名", "value": queries.get_masked_applicant(case)},
        {"label": "手机", "value": phone or queries.get_masked_phone(case) or "没有留"},
        {"label": "会员", "value": "实名会员" if case.person_id else "还不是会员，或没有登录"},
        {"label": "渠道", "value": ORIGINS.get(case.origin, "其他")},
    ]


def matter_rows(case: Case, category: str, *, is_quiet: bool = False) -> list[dict[str, Any]]:
    """What it is about. `is_quiet`: the applicant asked that the employer be told nothing, whoever that may be."""
    rows = [{"label": "类别", "value": f"{category}（紧急）" if case.is_urgent else category}]
    if case.employer_text:
        rows.append({"label": "单位", "value": case.employer_text})
    place = " ".join(part for part in (case.division.name if case.division else "", case.place_text) if part)
    if place:
        rows.append({"label": "地点", "value": place})
    rows.append({"label": "保密", "value": "不让单位知道" if case.hidden_path or is_quiet else "没有要求避开"})
    return rows


def _referral_rows(referral: Referral | None, at: datetime) -> list[dict[str, Any]]:
    """Whose answer it waits for, and whether that is late."""
    if referral is None:
        return []
    rows = [{"label": "转来", "value": f"{referral.sender.name}转来，等{referral.target.name}接收"}]
    if referral.due_at is not None:
        due = moment_text(timezone.localtime(referral.due_at), timezone.localtime(at))
        late = "，超时没有接收" if is_overdue(referral.due_at, at) else ""
        rows.append({"label": "接收时限", "value": f"{due}{late}"})
    return rows


def handling_rows(case: Case, at: datetime) -> list[dict[str, Any]]:
    """Who handles it, and who does today where the handler is away."""
    standing = queries.find_standing(case, at)
    chosen = f"{case.stand_in.name}（B岗）" if case.stand_in else "没有"
    away = f"，{standing.absence.days}不在" if standing else ""
    return [
        {"label": "承办", "value": case.node.name},
        {"label": "经办", "value": f"{case.handler.name}（A岗）{away}" if case.handler else "还没有人"},
        {"label": "替班", "value": f"{standing.person.name}，代{standing.absence.user.name}" if standing else chosen},
        *([{"label": "已升到", "value": case.raised_to.name}] if case.raised_to else []),
        *_referral_rows(queries.find_waiting_referral(case), at),
    ]


def check_rows(checks: Iterable[Checked], at: datetime) -> list[dict[str, Any]]:
    """The checklist: what, whether it must be, and by whom and when it was ticked."""
    now = timezone.localtime(at)
    return [
        {
            "code": each.point.code,
            "label": each.point.label,
            "is_required": each.point.is_required,
            "is_done": each.tick is not None,
            "who": f"{each.tick.actor_name} {moment_text(timezone.localtime(each.tick.at), now)}" if each.tick else "",
        }
        for each in checks
    ]


def timeline_rows(
    entries: Iterable[TimelineEntry],
    at: datetime,
    base_url: str,
    *,
    for_worker: bool = False,
    may_unseal: bool = False,
) -> list[dict[str, Any]]:
    """Lines of the timeline as the kit draws them; a shut note leads to where it is opened with a reason."""
    now = timezone.localtime(at)
    rows = []
    for entry in entries:
        rows.append(
            {
                "icon": "check" if for_worker else ENTRY_ICONS.get(entry.kind, "check"),
                "title": entry.title if for_worker else f"{entry.who} {desk_title(entry.title)}".strip(),
                "text": SHUT_WORDS if entry.is_shut else entry.text,
                "time_text": moment_text(timezone.localtime(entry.at), now),
                "tone": "done" if for_worker or entry.clock else "plain",
                "chips": [CLOCK_LABELS[entry.clock]] if entry.clock else ["密封"] * entry.is_sealed,
                "visible_to": "" if for_worker else ("worker" if entry.is_public else "union"),
                "files": [
                    *(_file_row(f"{base_url}files/{file.pk}/", file.name, file.mime) for file in entry.files),
                    *([_note_row(f"{base_url}notes/{entry.id}/")] if entry.is_shut and may_unseal else []),
                ],
            }
        )
    return rows


SHUT_WORDS = "只有写的人和有权限的人能看。"


def _note_row(url: str) -> dict[str, str]:
    return {"url": url, "name": "有急事，写明原因打开", "icon": "lock-open", "small_url": ""}


def written_text(note: Entry, at: datetime) -> str:
    """Who wrote a note, and when."""
    who = " ".join(part for part in (note.actor_union, note.actor_post, note.actor_name) if part)
    return f"{who} {moment_text(timezone.localtime(note.at), timezone.localtime(at))}"


def _file_row(url: str, name: str, mime: str) -> dict[str, str]:
    """A recording as a link, a photo as a small picture that opens over the page."""
    is_photo = mime.startswith("image/")
    return {
        "url": url,
        "name": name,
        "icon": "photo" if is_photo else "microphone",
        "small_url": f"{url}?small=1" if is_photo else "",
    }


def group_text(case: Case, category: Category, state: State, lights: Sequence[Light], *, is_quiet: bool = False) -> str:
    """A few words to copy into a group of colleagues: no name, no phone, no employer. None about a matter that must
    stay hidden from somebody: nobody knows who sits in a group."""
    if case.hidden_path or is_quiet:
        return ""
    opened = timezone.localtime(case.opened_at)
    kept = [light.name.removeprefix("首次") for light in lights if light.stopped_at is not None]
    done = f"已经办到：{'、'.join(kept)}。" if kept else "还没有人到场。" * bool(lights)
    urgent = "紧急" if case.is_urgent else ""
    return (
        f"【{case.node.name}】{urgent}诉求 {case.number}（{category.label}），{opened.month}月{opened.day}日提出，"
        f"现在{state.label}。{done if not state.is_end else ''}"
    )


def nothing_to_do(case: Case, state: State, at: datetime, *, can_act: bool) -> str:
    """Why there is no next step."""
    end = queries.find_rating_end(case, at)
    if end:
        return f"等职工评价，{end.month}月{end.day}日自动办结。"
    return (
        "这件事已经办完，没有下一步。"
        if can_act or state.is_end
        else f"这件事由{case.node.name}办理，您可以看，不能办。"
    )


def step_rows(case: Case, kind: CaseKind, steps: Sequence[NextStep], lights: Sequence[Light]) -> list[dict[str, Any]]:
    """The buttons at the right: the next clock first and red, then what the table permits or why not."""
    phase = kind.table.state(case.state).phase
    rows: list[dict[str, Any]] = []
    if phase == "working":
        open_keys = [light.key for light in lights if light.is_open]
        for index, key in enumerate(open_keys):
            rows.append(_stamp_row(case, key, main=index == 0))
        again = [key for key in _again(case) if key in kind.clocks and key not in open_keys]
        rows.extend(_stamp_row(case, key, again=True) for key in again)
    has_main = any(row["main"] for row in rows)
    for step in steps:
        if step.verb in ("decline", "send_back") and not step.allowed and not kind.step_url:
            continue
        rows.append(_step_row(case, kind, step, main=not has_main and step.main and step.allowed))
    return rows


def _again(case: Case) -> tuple[str, ...]:
    """What can be recorded once more: of a matter that follows another, or is being checked, nothing."""
    return () if case.state in (FOLLOWING, CHECKING) else ("help", "measure")


def _stamp_row(case: Case, key: str, *, main: bool = False, again: bool = False) -> dict[str, Any]:
    label = {"help": "再记一次帮扶", "measure": "再记一项措施"}[key] if again else f"记录{CLOCK_LABELS[key]}"
    icon = {"arrive": "phone", "help": "heart-handshake", "measure": "file-certificate"}[key]
    url = reverse("cases:stamp", args=[case.pk, key])
    return {"label": label, "url": url, "icon": icon, "main": main, "allowed": True, "post": False}


def _step_row(case: Case, kind: CaseKind, step: NextStep, *, main: bool) -> dict[str, Any]:
    has_page = step.verb in ("refer", "reroute") or (step.verb == "follow" and not kind.step_url)
    name = f"cases:{step.verb}" if has_page else kind.step_url or "cases:step"
    arguments = [case.pk] if has_page else [case.pk, step.verb]
    return {
        "label": step.label,
        "url": reverse(name, args=arguments),
        "icon": step.icon,
        "main": main,
        "allowed": step.allowed,
        "reason": step.reason,
        "post": step.verb in kind.plain,
    }
