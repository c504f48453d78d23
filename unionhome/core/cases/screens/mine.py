"""What the worker's pages show. Pure shaping of what the queries found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.clocks import list_lights, list_lights_of
from unionhome.core.cases.models import Case, Handover
from unionhome.core.cases.queries import TimelineEntry
from unionhome.core.cases.queries.handovers import AWAITED
from unionhome.core.cases.rules import CaseKind, Light, first_due, rating_end
from unionhome.core.cases.screens.desk import timeline_rows
from unionhome.core.cases.screens.handovers import handover_rows
from unionhome.core.cases.workflow import CHECKING, FOLLOWING
from unionhome.core.organizations.queries.places import find_office_phone
from unionhome.core.registry import State
from unionhome.kit.dates import deadline_text, moment_text

CHIPS = {"new": ("工会在办", "green", "circle-dashed"), "working": ("工会在办", "green", "circle-dashed")}
YOUR_TURN = ("等您办", "amber", "hand-finger")


def chip(state: State) -> tuple[str, str, str]:
    """The state chip in the worker's words: 工会在办, 等您办, 已办结."""
    if state.waits:
        return YOUR_TURN
    if state.is_end:
        return (state.label, "grey", "circle-check")
    return CHIPS[state.phase]


def next_words(kind: CaseKind, state: State, light: Light | None) -> str:
    """What happens next, in the worker's words."""
    if state.is_end or state.name in kind.words:
        return kind.words.get(state.name, "")
    if light is None:
        return "和同样的诉求一起办，办好后请您评价" if state.name == FOLLOWING else kind.words.get("", "")
    return {"arrive": "工会打电话联系您", "help": "工会提供帮扶", "measure": "工会采取措施"}[light.key]


def own_rows(cases: Sequence[Case], at: datetime) -> list[dict[str, Any]]:
    """The list of own matters, the worker's own duties first."""
    lights = list_lights_of(cases, at)
    days = queries.get_rating_days(at)
    rows = [_own_row(case, at, lights[case.pk], days) for case in cases]
    return sorted(rows, key=lambda row: not row["your_turn"])


def _closes_text(case: Case, at: datetime, days: int) -> str:
    """12月7日自动办结, of a matter that waits for its rating."""
    if case.state != "proposed" or case.proposed_at is None:
        return ""
    end = rating_end(case.proposed_at, days)
    return f"{end.month}月{end.day}日自动办结"


def _own_row(case: Case, at: datetime, lights: list[Light], days: int) -> dict[str, Any]:
    kind = queries.get_kind(case.kind)
    state = kind.table.state(case.state)
    light = None if state.is_end else first_due(lights)
    now = timezone.localtime(at)
    text, tone, icon = chip(state)
    closes = _closes_text(case, at, days)
    return {
        "case": case,
        "title": kind.category(case.category).label,
        "chip": text,
        "tone": tone,
        "icon": icon,
        "your_turn": text == YOUR_TURN[0],
        "next": next_words(kind, state, light),
        "who": "您本人" if text == YOUR_TURN[0] else case.node.name,
        "when": deadline_text(timezone.localtime(light.due_at), now) if light and light.due_at else closes,
        "opened_text": moment_text(timezone.localtime(case.opened_at), now),
    }


def _own_lines(case: Case) -> list[TimelineEntry]:
    """The own timeline, with what is done in the matter that leads it, the newest first."""
    lines = [*queries.list_timeline(case, public_only=True), *queries.list_led_lines(case)]
    return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)


def _who(case: Case, at: datetime) -> str:
    """The union and the post of who has it today."""
    standing = queries.find_standing(case, at)
    person = standing.person if standing else case.handler
    if person is None:
        return case.node.name
    union = person.node if standing and person.node is not None else case.node
    return f"{union.name}{person.post}"


def _awaited_words(awaited: Handover) -> str:
    return f"等{awaited.authority}回音，工会盯着催问"


def _solved_text(case: Case, state: State, light: Light | None, at: datetime) -> str:
    """3月17日前, of a matter of which only the outcome is still to come."""
    due = queries.list_dues([case]).get(case.pk) if light is None and state.name == "handling" else None
    return deadline_text(timezone.localtime(due), timezone.localtime(at)) if due else ""


def own_context(case: Case, at: datetime, base_url: str) -> dict[str, Any]:
    """Everything the page of one matter shows."""
    kind = queries.get_kind(case.kind)
    state = kind.table.state(case.state)
    lights = list_lights(case, at)
    light = None if state.is_end else first_due(lights)
    now = timezone.localtime(at)
    handovers = queries.list_handovers(case)
    awaited = min((each for each in handovers if each.answer in AWAITED), key=lambda each: each.due_on, default=None)
    pause = queries.find_open_pause(case)
    text, tone, icon = chip(state)
    return {
        "case": case,
        "title_text": kind.category(case.category).label,
        "chip": text,
        "tone": tone,
        "icon": icon,
        "state": state,
        "next": _awaited_words(awaited) if awaited and not light else next_words(kind, state, light),
        "when": deadline_text(timezone.localtime(light.due_at), now)
        if light and light.due_at
        else _closes_text(case, at, queries.get_rating_days(at))
        or ("" if awaited else _solved_text(case, state, light, at)),
        "left": light.text if light else "",
        "who": _who(case, at),
        "lights": lights,
        "working": light or next((each for each in lights if each.is_open), lights[-1] if lights else None),
        "entries": timeline_rows(_own_lines(case), at, base_url, for_worker=True),
        "handovers": handover_rows(handovers, at, can_act=False),
        "referral": queries.find_waiting_referral(case),
        "is_together": case.leader_id is not None,
        "is_hidden": bool(case.hidden_path),
        "pause": pause,
        "outcome": queries.get_outcome(case),
        "opened_text": moment_text(timezone.localtime(case.opened_at), now),
        "can_rate": "rate" in kind.own_acts
        and (state.name == "proposed" or (state.name in ("closed", CHECKING) and not case.rating)),
        "can_add": "material" in kind.own_acts and not state.is_end,
        "can_withdraw": "withdraw" in kind.own_acts and state.name in kind.table.transition("withdraw").sources,
        "office_phone": find_office_phone(case.node_id) or "12351",
    }
