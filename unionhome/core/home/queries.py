"""What the start pages read: the inbox in groups, the search over rooms, a worker's news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from unionhome.core.cases.models import Entry
from unionhome.core.cases.queries import list_cases, list_own_news
from unionhome.core.members.queries import list_persons, list_rows
from unionhome.core.organizations.queries import Filters, list_organizations
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import WorkItem
from unionhome.core.workflow.queries import InboxCounts, count_items, list_items
from unionhome.kit.dates import deadline_text, moment_text

VIEWS = ("own", "overdue", "today", "all")
MOST = 200
FOUND = 20


def get_end_of_day(at: datetime) -> datetime:
    """Local midnight after `at`."""
    local = timezone.localtime(at)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def count_inbox(actor: Actor) -> InboxCounts:
    """The four counts above the inbox, in one query."""
    return count_items(actor, get_end_of_day(actor.at))


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox."""

    item: WorkItem
    group: str
    light: dict[str, Any]
    due_text: str
    opened_text: str


def list_inbox(actor: Actor, view: str, kind: str = "") -> list[InboxRow]:
    """Open items in the order they fall due, at most 200 a page, each with its light and its group."""
    end = get_end_of_day(actor.at)
    items = list_items(actor)
    if view == "own":
        items = items.filter(node=actor.node_id or 0)
    elif view == "overdue":
        items = items.filter(due_at__lt=actor.at)
    elif view == "today":
        items = items.filter(due_at__gte=actor.at, due_at__lt=end)
    if kind:
        items = items.filter(kind_label=kind)
    return [_row(item, actor.at, end) for item in items[:MOST]]


def _row(item: WorkItem, at: datetime, end: datetime) -> InboxRow:
    now = timezone.localtime(at)
    due = timezone.localtime(item.due_at) if item.due_at else None
    if due is None:
        group, light, text = "没有时限", {"state": "not_started", "share": 0, "text": "没有时限"}, ""
    elif due <= now:
        group, text = "已超时", moment_text(due, now)
        light = {"state": "overdue", "share": 1, "text": "已超时"}
    else:
        group = "今日到期" if due < end else "以后到期"
        share = (at - item.opened_at) / max(due - item.opened_at, timedelta(minutes=1))
        text = deadline_text(due, now)
        light = {"state": "near" if share >= 0.75 else "running", "share": share, "text": text}
    return InboxRow(item, group, light, text, moment_text(timezone.localtime(item.opened_at), now))


def list_item_kinds(actor: Actor) -> list[str]:
    """The kinds of matter that wait in the actor's view."""
    return sorted(set(list_items(actor).order_by().values_list("kind_label", flat=True).distinct()))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, room by room; at most twenty of each."""

    cases: Sequence[Any]
    members: Sequence[Any]
    organizations: Sequence[Any]

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.members or self.organizations)


def search_all(actor: Actor, text: str) -> Found:
    """Cases by number, name or employer; members as their room searches; unions by name or code."""
    cases = list(list_cases(actor, text=text)[:FOUND]) if actor.may("cases.view") else []
    members = list_rows(actor, list_persons(actor, text)[:FOUND]) if actor.may("members.view") else []
    unions = list(list_organizations(actor, Filters(text=text))[:FOUND]) if actor.may("organizations.view") else []
    return Found(cases, members, unions)


def list_news(actor: Actor) -> list[Entry]:
    """The latest public lines on the worker's own cases, written by others."""
    return list(list_own_news(actor)[:50])
