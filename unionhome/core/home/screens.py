"""What the start pages show. Pure shaping."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases.models import Entry
from unionhome.core.home.queries import InboxRow
from unionhome.core.workflow.queries import InboxCounts
from unionhome.kit.dates import moment_text

ORDER = ("已超时", "今日到期", "以后到期", "没有时限")


def inbox_counts(counts: InboxCounts, view: str) -> list[dict[str, Any]]:
    """The four counts above the inbox, each a filter."""
    base = reverse("home:inbox")
    items = (
        ("overdue", "已超时", counts.overdue, "deep" if counts.overdue else "ink", "本级和下级"),
        ("today", "今日到期", counts.due_today, "amber" if counts.due_today else "ink", "本级和下级"),
        ("own", "待我办", counts.own, "ink", "轮到本工会"),
        ("all", "全部在办", counts.all_open, "ink", "本级和下级"),
    )
    return [
        {
            "label": label,
            "value": value,
            "url": f"{base}?view={name}",
            "active": view == name,
            "tone": tone,
            "note": note,
        }
        for name, label, value, tone, note in items
    ]


def group_rows(rows: Sequence[InboxRow]) -> list[dict[str, Any]]:
    """Rows under the heads 已超时, 今日到期, 以后到期, 没有时限."""
    groups = []
    for name in ORDER:
        inside = [row for row in rows if row.group == name]
        if inside:
            groups.append({"name": name, "rows": inside})
    return groups


def kind_filter(kinds: Iterable[str], chosen: str, view: str) -> list[dict[str, Any]]:
    """The filter by kind of matter; state lives in the address."""
    options = [{"label": kind, "url": f"?view={view}&kind={kind}", "active": kind == chosen} for kind in kinds]
    return [
        {
            "label": "类别",
            "value": chosen or "全部",
            "active": bool(chosen),
            "clear_url": f"?view={view}",
            "options": options,
        }
    ]


def news_rows(entries: Iterable[Entry], now: datetime, url_of: Callable[[int], str]) -> list[dict[str, Any]]:
    """Lines of 消息."""
    return [
        {
            "title": entry.title,
            "union": entry.actor_union or entry.case.node.name,
            "number": entry.case.number,
            "time_text": moment_text(timezone.localtime(entry.at), now),
            "url": url_of(entry.case_id),
        }
        for entry in entries
    ]
