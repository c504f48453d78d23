"""What the pages show of matters put before somebody outside of the union."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases.models import Case, Handover
from unionhome.core.cases.queries.handovers import AWAITED
from unionhome.core.cases.rules import HEARD_TITLES, CaseKind
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.registry import Actor
from unionhome.kit.dates import day_text

TONES = {"waiting": "amber", "taken": "blue", "declined": "deep", "done": "green", "silent": "deep", "dropped": "grey"}


def handover_rows(handovers: Iterable[Handover], at: datetime, *, can_act: bool) -> list[dict[str, Any]]:
    """Each with when it went, by when an answer is due, and how it came back."""
    return [_row(each, timezone.localdate(at) > each.due_on, can_act=can_act) for each in handovers]


def _row(each: Handover, is_late: bool, *, can_act: bool) -> dict[str, Any]:
    is_awaited = each.answer in AWAITED
    return {
        "authority": each.authority,
        "answer": each.get_answer_display(),
        "tone": TONES[each.answer],
        "sent": f"{day_text(each.sent_on)}送出" + (f"，文号{each.paper_number}" if each.paper_number else ""),
        "named": "本人同意，告诉了对方是谁" if each.is_named else "没有告诉对方是谁",
        "when": _when(each, is_late) if is_awaited else f"{day_text(each.answered_on)}记下" if each.answered_on else "",
        "is_late": is_awaited and is_late,
        "hear_url": reverse("cases:hear", args=[each.case_id, each.pk]) if can_act and is_awaited else "",
    }


def _when(each: Handover, is_late: bool) -> str:
    return f"{day_text(each.due_on)}以前要有回音" + ("，已经过了，请催问" if is_late else "")


def hand_over_rows(actor: Actor, case: Case, kind: CaseKind) -> list[dict[str, Any]]:
    """The button that puts a matter under way before somebody outside of the union."""
    is_open = kind.table.state(case.state).phase in ("new", "working") and case.state != FOLLOWING
    if kind.step_url or not is_open or not actor.may("cases.refer", case.node.path):
        return []
    url = reverse("cases:hand_over", args=[case.pk])
    return [{"label": "移交外单位", "url": url, "icon": "gavel", "main": False, "allowed": True, "post": False}]


def heard_choices(handover: Handover) -> list[tuple[str, str]]:
    """What the authority may have said; taken up once, not again."""
    return [(code, f"{handover.authority}{words}") for code, words in HEARD_TITLES.items() if code != handover.answer]
