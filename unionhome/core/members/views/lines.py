"""Rows of the register as plain lines for templates: moments in words, who looked, what happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.members.models import AccessRecord
from unionhome.core.members.queries import list_answer_lights
from unionhome.core.members.queries.exports import get_look_by
from unionhome.core.members.rules.codes import Part
from unionhome.core.registry import Actor, Table
from unionhome.core.workflow.models import Step
from unionhome.kit.codes import mask_name
from unionhome.kit.dates import moment_text

TONES = {
    **dict.fromkeys(("approve", "accept", "confirm", "release", "receive", "file"), "done"),
    **dict.fromkeys(("open", "resubmit"), "blue"),
}
ICONS = {
    "open": "send",
    "resubmit": "send",
    "return_to_worker": "arrow-back-up",
    "forward": "arrow-right",
    "decline": "x",
    "cancel": "x",
    "hold": "x",
    "refuse": "x",
    "lapse": "x",
    "drop": "x",
    "decide": "gavel",
    "send_back": "arrow-back-up",
}
PLAIN_REASON: dict[str, str] = {Part.MASKED: "日常查看"}
"""A masked file opens without a written reason; the line still says so."""
MASKED_WORDS = "看了档案（遮住）"


def look_lines(actor: Actor, looks: Iterable[AccessRecord]) -> list[dict[str, Any]]:
    """Who opened a file: union, post, why, what was seen, when."""
    return [
        {
            "union": get_look_by(look),
            "post": look.post,
            "reason": look.reason_label or PLAIN_REASON.get(look.part, ""),
            "seen": MASKED_WORDS if look.part == Part.MASKED else seen_words(look),
            "is_clear": look.part not in (Part.MASKED, Part.EXISTS),
            "is_probe": look.part == Part.EXISTS,
            "time": _look_time(look.at, actor.at),
        }
        for look in looks
    ]


def _look_time(at: datetime, now: datetime) -> str:
    """The day and, whatever the day, the time."""
    text, clock = moment_text(at, now), f"{timezone.localtime(at):%H:%M}"
    return text if text.endswith(clock) else f"{text} {clock}"


def seen_words(look: AccessRecord) -> str:
    """What was seen, as the end of a sentence."""
    label = Part(look.part).label
    return label if look.part == Part.EXISTS else f"看了{label}"


def step_lines(actor: Actor, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """What happened, newest first, for `{% timeline %}`."""
    return [
        {
            "title": step.label,
            "text": _step_text(step),
            "time_text": moment_text(step.at, actor.at),
            "tone": TONES.get(step.verb, "plain"),
            "icon": ICONS.get(step.verb, "check"),
        }
        for step in reversed(list(steps))
    ]


def _step_text(step: Step) -> str:
    if step.door == "system":
        return step.reason or "系统"
    who = "申请人本人" if step.door == "my" else "，".join(filter(None, (step.actor_union, step.actor_post)))
    return f"{who}：{step.reason}" if step.reason else who


def next_lines(
    table: Table, steps: Iterable[Any], urls: Mapping[str, str], confirm: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Buttons for `{% next_steps %}`: what needs no words is sent at once, the rest opens a page with a form."""
    return [
        {
            "label": step.label,
            "url": urls[step.verb],
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": not table.transition(step.verb).needs_reason,
            "confirm": confirm.get(step.verb, ""),
        }
        for step in steps
        if step.verb in urls
    ]


def light(actor: Actor, due_at: datetime | None, submitted_at: datetime, *, is_over: bool) -> dict[str, Any] | None:
    """How much of the time to answer is used, in the words of the lists."""
    if due_at is None or is_over:
        return None
    return list_answer_lights(actor, [(0, due_at, submitted_at)])[0]


def masked(name: str) -> str:
    """A name for a breadcrumb that anybody behind may read."""
    return mask_name(name)
