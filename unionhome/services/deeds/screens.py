"""What the pages of deeds show: counts and filters, rows of facts, steps, pictures, and the panels on a need's pages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_kind, is_handled
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.core.workflow.rules import is_overdue, light_of
from unionhome.kit.dates import day_text, moment_text
from unionhome.kit.money import yuan_text
from unionhome.services.deeds import queries
from unionhome.services.deeds.models import Deed, Score, Stage
from unionhome.services.deeds.queries import AWAITS_CHECK, STRUCK, Standing
from unionhome.services.deeds.workflow import TABLE

PHASES = (
    ("late", "超期"),
    ("collected", "待列入"),
    ("listed", "等认领"),
    ("taken", "在办"),
    ("done", "核验、销号"),
    ("rated", "评价、待公布"),
    ("ended", "办完"),
    ("dropped", "不办了"),
)
PLAIN = ("strike_off",)
CONFIRM = {"strike_off": "核验过了，确实办成，销号？销号以后记进服务台账，请职工评价。"}
SIDE = (("edit", "改写", "pencil"), ("evidence", "放照片和凭据", "camera"), ("tie", "放进诉求", "link"))


# -- the list ------------------------------------------------------------------------------------------------------------


def phase_counts(counts: Mapping[str, int], phase: str, year: int | None) -> list[dict[str, Any]]:
    """The counts above the list: each is a filter."""
    items = [{"label": "全部", "value": counts["all"], "url": _list_url(year=year), "active": not phase}]
    for name, label in PHASES:
        tone = "deep" if name == "late" and counts[name] else "ink"
        url = _list_url(year=year, phase=name)
        items.append({"label": label, "value": counts[name], "url": url, "active": phase == name, "tone": tone})
    return items


def _list_url(**asked: Any) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse('deeds:list')}?{urlencode(kept)}" if kept else reverse("deeds:list")


def year_filter(years: Sequence[int], year: int | None, phase: str) -> list[dict[str, Any]]:
    """The filter bar: which year's list."""
    options = [
        {"label": f"{each}年", "url": _list_url(year=each, phase=phase), "active": each == year} for each in years
    ]
    return [
        {
            "label": "哪一年",
            "value": f"{year}年" if year else "全部",
            "active": year is not None,
            "clear_url": _list_url(phase=phase),
            "options": options,
        }
    ]


def list_rows(deeds: Iterable[Deed], at: datetime) -> list[dict[str, Any]]:
    """Rows of the desk's list."""
    return [
        {
            "deed": deed,
            "state": TABLE.state(deed.state),
            "due_text": due_text(deed, at),
            "is_late": is_late(deed, at),
            "people": deed.people_count or deed.expected_people_count,
        }
        for deed in deeds
    ]


def is_late(deed: Deed, at: datetime) -> bool:
    """Whether the union is behind with its step; what waits for its check is not."""
    return deed.state != AWAITS_CHECK and is_overdue(deed.due_at, at)


def due_text(deed: Deed, at: datetime) -> str:
    """When the next step is due, or how late it is; empty where nothing is due."""
    if deed.due_at is None:
        return ""
    if deed.state == AWAITS_CHECK:
        return "等核验"
    if is_overdue(deed.due_at, at):
        return str(light_of(deed.due_at, deed.opened_at, at)["text"])
    return f"{day_text(timezone.localdate(deed.due_at))}以前"


# -- one deed ------------------------------------------------------------------------------------------------------------


def fact_rows(deed: Deed, at: datetime) -> list[dict[str, Any]]:
    """What is known of it, at the desk."""
    list_of = f"{deed.owner.name}，{deed.year}年" if deed.owner else "还没有列入"
    rows = [
        {"label": "想要什么", "value": deed.wanted},
        {"label": "来自哪里", "value": deed.get_origin_display()},
        {"label": "地点", "value": deed.place_text},
        {"label": "承办", "value": deed.node.name},
        {"label": "清单", "value": list_of},
        {"label": "公开", "value": "向职工公开" if deed.is_open else "没有公开"},
        {"label": "决定日期", "value": _day(deed.listed_on)},
        {"label": "认领日期", "value": _day(deed.taken_on)},
        {"label": "答应办成", "value": f"{_day(deed.due_on)}以前" if deed.due_on else ""},
        {"label": "本步到期", "value": due_text(deed, at)},
        {"label": "预计受益", "value": f"{deed.expected_people_count:,}人"},
    ]
    return [row for row in rows if row["value"]]


def result_rows(deed: Deed) -> list[dict[str, Any]]:
    """What came of it: people and times apart, and the money."""
    if deed.done_on is None:
        return []
    in_time = {True: "，按期", False: "，超期", None: ""}[deed.is_on_time]
    rows = [
        {"label": "办成", "value": f"{_day(deed.done_on)}{in_time}"},
        {"label": "办成的事", "value": deed.done_text},
        {"label": "受益", "value": _served(deed)},
        {"label": "花费", "value": _cost(deed)},
        {"label": "核验", "value": f"{_day(deed.checked_on)}，{deed.check_text}" if deed.checked_on else ""},
        {"label": "销号", "value": _day(deed.struck_on)},
        {"label": "公布", "value": _day(deed.published_on)},
    ]
    return [row for row in rows if row["value"]]


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _served(deed: Deed) -> str:
    """240人，360人次（职工）."""
    people = f"{deed.people_count or 0:,}人"
    times = f"，{deed.service_count:,}人次" if deed.service_count != deed.people_count and deed.service_count else ""
    return f"{people}{times}（{deed.get_people_kind_display()}）"


def _cost(deed: Deed) -> str:
    if not deed.cost_fen:
        return "没有花钱"
    return f"{yuan_text(deed.cost_fen)}元，{deed.cost_source}"


def step_rows(deed: Deed, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    """The buttons at the right; what is not for now stays in place with its reason."""
    return [
        {
            "label": step.label,
            "url": reverse("deeds:step", args=[deed.pk, step.verb]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb in PLAIN,
            "confirm": CONFIRM.get(step.verb, ""),
        }
        for step in steps
    ]


def side_rows(deed: Deed) -> list[dict[str, str]]:
    """Acts that change the deed and not its state; what does not fit now is left out."""
    return [
        {"url": reverse("deeds:step", args=[deed.pk, verb]), "label": label, "icon": icon}
        for verb, label, icon in SIDE
        if verb in list_notes_now(deed)
    ]


def list_notes_now(deed: Deed) -> list[str]:
    """Which of those acts fit now."""
    fits = {
        "edit": deed.state == TABLE.initial,
        "evidence": deed.state in ("collected", "listed", "taken", "done"),
        "tie": deed.state in ("collected", "listed", "taken"),
    }
    return [verb for verb, does in fits.items() if does]


def step_lines(steps: Iterable[Step], at: datetime) -> list[dict[str, Any]]:
    """What happened, the newest first."""
    now = timezone.localtime(at)
    return [
        {
            "title": f"{step.actor_union} {step.actor_post} {step.label}".strip(),
            "text": step.reason,
            "time_text": moment_text(timezone.localtime(step.at), now),
            "tone": "done" if step.to_state in STRUCK else "plain",
        }
        for step in reversed(list(steps))
    ]


def photo_rows(files: Iterable[SealedFile], url_name: str, deed: Deed) -> list[dict[str, str]]:
    """Pictures, small, opening over the page; and papers as links."""
    rows = []
    for file in files:
        url = reverse(url_name, args=[deed.pk, file.pk])
        small = f"{url}?small=1" if file.kind == Kind.IMAGE else ""
        rows.append({"url": url, "small_url": small, "name": file.name, "icon": file.icon})
    return rows


def evidence(deed: Deed, url_name: str) -> dict[str, list[dict[str, str]]]:
    """Before, after and papers."""
    shown = queries.list_evidence(deed)
    return {stage: photo_rows(shown[stage], url_name, deed) for stage in Stage.values}


def need_rows(cases: Iterable[Case], deed: Deed, *, can_act: bool) -> list[dict[str, Any]]:
    """The needs beneath it that the actor may read."""
    return [
        {
            "case": case,
            "url": reverse("cases:case", args=[case.pk]),
            "state": get_kind(case.kind).table.state(case.state),
            "out_url": reverse("deeds:untie", args=[deed.pk, case.pk])
            if can_act and "tie" in list_notes_now(deed)
            else "",
        }
        for case in cases
    ]


def score_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many said what."""
    return [{"label": label, "value": f"{counts[score]:,}份"} for score, label in Score.choices]


# -- everybody's pages -----------------------------------------------------------------------------------------------------


def open_rows(deeds: Iterable[Deed]) -> list[dict[str, Any]]:
    """Rows of the open list."""
    return [
        {
            "deed": deed,
            "url": reverse("deeds:public_deed", args=[deed.pk]),
            "state": open_state(deed),
            "tone": TABLE.state(deed.state).tone,
            "when": open_when(deed),
        }
        for deed in deeds
    ]


def open_state(deed: Deed) -> str:
    """The state in words for who is no cadre."""
    plain = {"listed": "等工会认领", "taken": "正在办", "done": "办成了，上级在核验", "checked": "核验过了"}
    plain |= {"struck_off": "办成了，请评价", "rated": "办成了", "published": "办成了", "kept": "办成了"}
    return plain.get(deed.state, TABLE.state(deed.state).label)


def open_when(deed: Deed) -> str:
    """By when, or since when."""
    if deed.state in STRUCK:
        return f"{_day(deed.done_on)}办成"
    return f"{_day(deed.due_on)}以前办成" if deed.due_on and deed.state != "dropped" else ""


def open_facts(deed: Deed) -> list[dict[str, Any]]:
    """What everybody reads of one: numbers only once they were checked and struck off."""
    rows = [
        {"label": "职工要什么", "value": deed.wanted},
        {"label": "谁来办", "value": deed.node.name},
        {"label": "地点", "value": deed.place_text},
        {"label": "什么时候", "value": open_when(deed)},
    ]
    if deed.state in STRUCK:
        rows += [
            {"label": "办成了什么", "value": deed.done_text},
            {"label": "受益", "value": _served(deed)},
            {"label": "花费", "value": _cost(deed)},
        ]
    return [row for row in rows if row["value"]]


def standing_text(standing: Standing) -> str:
    """12件，办成9件，540人受益."""
    served = f"，{standing.people:,}人受益" if standing.people else ""
    return f"一共{standing.total:,}件，办成{standing.done:,}件{served}"


def own_rows(actor: Actor, deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """The worker's lists: what may be rated now comes first."""
    rated, today = queries.list_rated_ids(actor, deeds), timezone.localdate(actor.at)
    rows = [
        {
            "deed": deed,
            "state": "谢谢您的评价" if deed.pk in rated else open_state(deed),
            "tone": TABLE.state(deed.state).tone,
            "when": open_when(deed),
            "may_rate": queries.is_rateable(deed, today) and deed.pk not in rated,
        }
        for deed in deeds
    ]
    return sorted(rows, key=lambda row: not row["may_rate"])


# -- on the pages of a need ------------------------------------------------------------------------------------------------


def case_panel(actor: Actor, case: Case) -> tuple[str, dict[str, Any]]:
    """On the desk's page of a need: the deed it became part of, or the way into one. Nothing of hidden matters."""
    deed = queries.find_deed_of(case)
    seen = deed is not None and actor.may(queries.VIEW, deed.node.path)
    is_free = deed is None and not case.hidden_path and actor.may("deeds.handle") and is_handled(actor, case)
    return "deeds/case_panel.html", {
        "deed": deed if seen else None,
        "state": TABLE.state(deed.state) if deed else None,
        "tie_url": reverse("deeds:from_case", args=[case.pk]) if is_free else "",
    }


def own_panel(actor: Actor, case: Case) -> tuple[str, dict[str, Any]]:
    """On the worker's page of a need: that it became part of a deed that everybody may read of, and how far that is."""
    deed = queries.find_deed_of(case)
    shown = deed if deed is not None and deed.is_open and deed.listed_on else None
    return "deeds/own_panel.html", {
        "deed": shown,
        "state": open_state(shown) if shown else "",
        "when": open_when(shown) if shown else "",
        "others": queries.count_needs(shown) - 1 if shown else 0,
    }
