"""What the pages of messages draw."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from unionhome.core.notices.models import Channel, Notice, State
from unionhome.core.notices.queries import list_kinds
from unionhome.kit.codes import mask_name
from unionhome.kit.dates import moment_text

TONES = {State.WAITING: "grey", State.SENDING: "blue", State.SENT: "green", State.FAILED: "deep", State.DROPPED: "grey"}


def own_rows(notices: Iterable[Notice], now: datetime, read_name: str) -> list[dict[str, Any]]:
    """Lines of the receiver's list."""
    labels = _labels()
    return [
        {
            "pk": notice.pk,
            "title": labels.get(notice.kind, "消息"),
            "text": notice.text,
            "union": notice.node.name,
            "time_text": moment_text(timezone.localtime(notice.created_at), now),
            "is_new": notice.read_at is None,
            "link": notice.link,
            "read_url": reverse(read_name, args=[notice.pk]),
        }
        for notice in notices
    ]


def sent_lines(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Lines of the administrator's list."""
    labels = _labels()
    return [
        {
            "notice": notice,
            "kind": labels.get(notice.kind, "消息"),
            "whom": _whom(notice),
            "tone": TONES[State(notice.state)],
            "reason": _reason(notice),
            "may_send": notice.state in (State.FAILED, State.DROPPED) and bool(notice.address_sealed),
        }
        for notice in notices
    ]


def _labels() -> dict[str, str]:
    return {kind.name: kind.label for kind in list_kinds()}


def _whom(notice: Notice) -> str:
    if notice.user is None:
        return notice.address_shown
    return notice.user.name if notice.door == "desk" else mask_name(notice.user.name)


def _reason(notice: Notice) -> str:
    """Why it is not out, and from when on it is tried again."""
    waits = notice.state == State.WAITING
    later = f"{timezone.localtime(notice.due_at):%m-%d %H:%M} 以后发" if waits else ""
    return f"{notice.reason} {later}".strip()


def state_label(state: str) -> str:
    """A state in words; empty for none."""
    return str(State(state).label) if state in State.values else ""


def state_counts(counts: Mapping[str, int], chosen: str, channel: str) -> list[dict[str, Any]]:
    """The counts above the list, each of which filters it."""
    return [
        {
            "label": state.label,
            "value": counts[state.value],
            "url": _url(state=state.value, channel=channel),
            "active": state.value == chosen,
            "tone": "deep" if state == State.FAILED and counts[state.value] else "ink",
        }
        for state in State
    ]


def channel_filters(state: str, chosen: str) -> list[dict[str, Any]]:
    """The filter by way of sending; its state lives in the address."""
    options = [
        {"label": label, "url": _url(state=state, channel=name), "active": name == chosen}
        for name, label in [("", "全部"), *Channel.choices]
    ]
    picked = next((option for option in options if option["active"]), options[0])
    return [
        {
            "label": "怎么发",
            "value": picked["label"],
            "active": picked is not options[0],
            "clear_url": options[0]["url"],
            "options": options,
        }
    ]


def _url(**choice: str) -> str:
    return "?" + urlencode({name: value for name, value in choice.items() if value})
