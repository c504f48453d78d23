"""What the start pages read: the inbox page by page, the search over rooms, a worker's news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from unionhome.core.access.doors import may_open
from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor
from unionhome.core.cases.clocks import list_first_lights
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.queries import (
    list_cases,
    list_colleagues,
    list_first_words,
    list_handlers,
    list_own_news,
)
from unionhome.core.cases.rules import Light
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.decisions.queries import list_items as list_decisions
from unionhome.core.home.rules import Giving, why_not
from unionhome.core.members.queries import Found as FoundPersons
from unionhome.core.members.queries import find_persons, list_found, list_rows
from unionhome.core.organizations.queries import Filters, list_organizations
from unionhome.core.policy.queries import get_calendar, get_duty_hours
from unionhome.core.registry import Actor, BadInput, discover
from unionhome.core.tree.queries import find_any_node, get_any_node
from unionhome.core.workflow.models import WorkItem
from unionhome.core.workflow.queries import (
    InboxCounts,
    count_items,
    is_personal,
    list_items,
    list_picked,
    list_seen_by,
    mine_q,
    own_q,
    waiting_q,
)
from unionhome.core.workflow.rules import is_overdue, light_of, overdue_q
from unionhome.kit.calendars import DutyHours, WorkCalendar
from unionhome.kit.cursors import make_cursor, read_cursor
from unionhome.kit.dates import moment_text
from unionhome.kit.errors import InputRefused

VIEWS = ("own", "overdue", "today", "waiting", "all")
GROUPS = ("已超时", "今日到期", "以后到期", "没有时限", "等别人办")
PAGE = 50
MOST_OVERDUE = 5
"""Overdue lines before what is due today: more of them would push today off the first screen."""
MOST_MARKS = 60
CASE = Case._meta.label_lower
FOUND = 20
SOON = timedelta(hours=2)
RAISED = "下级超期没有答复，催办或代办"
"""The next step of what was raised to the actor's union."""


Items = QuerySet[WorkItem] | None


def _get_end_of_day(at: datetime) -> datetime:
    """Local midnight after `at`."""
    local = timezone.localtime(at)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def count_inbox(actor: Actor, items: Items = None) -> InboxCounts:
    """The counts above the inbox and its kinds, in one query. `items` are the open ones, where found before."""
    return count_items(actor, _get_end_of_day(actor.at), items)


@dataclass(frozen=True, slots=True)
class Choice:
    """What narrows the inbox. `is_own`: the actor's own union only; `is_mine`: what the actor handles or stands in for; `is_near`: due
    within two hours; `is_raised`: what went up because a union let the time pass."""

    view: str = "all"
    kind: str = ""
    is_own: bool = False
    is_mine: bool = False
    is_near: bool = False
    is_raised: bool = False

    @property
    def question(self) -> str:
        """The name of this list, to which a page mark is bound."""
        return f"inbox|{self.view}|{self.kind}|{self.is_own:d}{self.is_mine:d}{self.is_near:d}{self.is_raised:d}"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox. `for_name`: the absent colleague for whom the actor has it."""

    item: WorkItem
    group: str
    light: dict[str, Any]
    due_text: str
    opened_text: str
    words: str = ""
    may_open: bool = True
    next_step: str = ""
    for_name: str = ""

    @property
    def for_text(self) -> str:
        return f"代{self.for_name}"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the inbox: its lines, the count of each group in the whole list, and the mark of the next page.

    `more_overdue` counts the overdue items that stand behind the first few, to be opened by themselves.
    """

    rows: list[InboxRow]
    group_counts: Mapping[str, int]
    more_overdue: int
    next_cursor: str

    @property
    def total(self) -> int:
        return sum(self.group_counts.values())


def get_inbox_page(actor: Actor, choice: Choice, cursor: str = "", items: Items = None) -> InboxPage:
    """Open items in the order they fall due, fifty a page. Raises BadInput for a mark that is not of this list.

    Where many items are overdue, the first page begins with a few of them, so that today's are seen at once.
    """
    items, end = _narrowed(actor, choice, items), _get_end_of_day(actor.at)
    counts = _count_groups(items, actor.at, end)
    last = _read_cursor(choice, cursor)
    overdue = counts[GROUPS[0]]
    is_cut = not last and choice.view in ("own", "all") and overdue > MOST_OVERDUE
    head = list(items.filter(overdue_q(actor.at))[:MOST_OVERDUE]) if is_cut else []
    rest = items.filter(Q(due_at__gte=actor.at) | Q(due_at=None)) if is_cut else _after(items, last)
    found = list(rest[: PAGE - len(head) + 1])
    shown = found[: PAGE - len(head)]
    words = _list_words(actor, head + shown)
    return InboxPage(
        rows=[
            replace(
                row,
                words=words.get(row.item.pk, ""),
                may_open=may_open(actor, row.item.url),
                next_step=RAISED if row.item.raised_to_id == actor.node_id else row.item.next_step,
                for_name=actor.for_whom(row.item.assignee_id, row.item.stand_in_id),
            )
            for row in _rows(head + shown, actor.at, end)
        ],
        group_counts=counts,
        more_overdue=overdue - MOST_OVERDUE if is_cut else 0,
        next_cursor=make_cursor(choice.question, shown[-1].pk) if len(found) > len(shown) else "",
    )


def _list_words(actor: Actor, items: Sequence[WorkItem]) -> dict[int, str]:
    """What was asked in the matters among the items, by item."""
    cases = {item.object_id: item.pk for item in items if item.model == Case._meta.label_lower}
    if not cases or not actor.may("cases.view"):
        return {}
    return {cases[pk]: text for pk, text in list_first_words(actor, cases).items()}


def _narrowed(actor: Actor, choice: Choice, found: Items) -> QuerySet[WorkItem]:
    items = list_items(actor, found)
    if choice.view == "overdue":
        items = items.filter(overdue_q(actor.at))
    elif choice.view == "today":
        items = items.filter(due_at__gte=actor.at, due_at__lt=_get_end_of_day(actor.at))
    elif choice.view == "waiting":
        items = items.filter(waiting_q())
    elif choice.view == "own":
        items = items.exclude(waiting_q())
    if choice.is_own or choice.view == "own":
        items = items.filter(own_q(actor))
    if choice.is_mine:
        items = items.filter(mine_q(actor))
    if choice.is_near:
        items = items.filter(due_at__gte=actor.at, due_at__lt=actor.at + SOON)
    if choice.is_raised:
        items = items.filter(raised_to__isnull=False)
    return items.filter(kind_label=choice.kind) if choice.kind else items


def _count_groups(items: QuerySet[WorkItem], at: datetime, end: datetime) -> dict[str, int]:
    never, waits = Q(due_at=None), waiting_q()
    conditions = (
        overdue_q(at),
        Q(due_at__gte=at, due_at__lt=end),
        Q(due_at__gte=end),
        never & ~waits,
        never & waits,
    )
    names = [f"group_{number}" for number in range(len(GROUPS))]
    counts = items.order_by().aggregate(
        **{name: Count("id", filter=condition) for name, condition in zip(names, conditions, strict=True)}
    )
    return {group: counts[name] for group, name in zip(GROUPS, names, strict=True)}


def _read_cursor(choice: Choice, cursor: str) -> int:
    try:
        return read_cursor(choice.question, cursor)
    except InputRefused as refused:
        raise BadInput(refused.sentence, refused.code) from None


def _after(items: QuerySet[WorkItem], last: int) -> QuerySet[WorkItem]:
    """What follows the last item seen, which may have been closed since."""
    if not last:
        return items
    place = WorkItem.objects.filter(pk=last).values_list("due_at", flat=True).first()
    later = Q(due_at=place, pk__gt=last)
    return items.filter(later if place is None else later | Q(due_at__gt=place) | Q(due_at=None))


def _rows(items: Sequence[WorkItem], at: datetime, end: datetime) -> list[InboxRow]:
    """Lines with their lights. Cases show the same light as on their own page: duty time, not the wall clock."""
    counted = list_first_lights([item.object_id for item in items if item.model == CASE and item.due_at], at)
    waiting = {
        (table.name, state.name) for table in discover("workflow", "TABLES") for state in table.states if state.waits
    }
    return [
        _row(
            item,
            at,
            end,
            light=counted.get(item.object_id) if item.model == CASE else None,
            waits=(item.table, item.state) in waiting,
        )
        for item in items
    ]


def _row(item: WorkItem, at: datetime, end: datetime, *, light: Light | None, waits: bool) -> InboxRow:
    now = timezone.localtime(at)
    opened = moment_text(item.opened_at, now)
    if item.due_at is None and waits:
        return InboxRow(item, GROUPS[4], {"state": "paused", "share": 0, "text": "等别人办"}, "", opened)
    if item.due_at is None:
        return InboxRow(item, GROUPS[3], {"state": "not_started", "share": 0, "text": "没有时限"}, "", opened)
    group = GROUPS[0] if is_overdue(item.due_at, at) else GROUPS[1] if item.due_at < end else GROUPS[2]
    shown = light_of(item.due_at, item.opened_at, at)
    if light is not None and light.due_at == item.due_at:
        shown = {"state": light.state, "share": light.share, "text": light.text}
    return InboxRow(item, group, shown, moment_text(item.due_at, now), opened)


@dataclass(frozen=True, slots=True)
class Judged:
    """One chosen item, and why it cannot be given; empty where it can."""

    item: WorkItem
    reason: str


def list_judged(
    actor: Actor, item_ids: Sequence[int], *, receiver: User | None = None, handled: set[int] | None = None
) -> list[Judged]:
    """The chosen items that the actor sees, each with the reason why it cannot be given.

    `handled` are the cases among them that the actor may act on, where the caller has locked them.
    """
    items = list(list_picked(actor, item_ids))
    other = get_actor(receiver, "desk", actor.at) if receiver else None
    seen = list_seen_by(other, item_ids) if other else set()
    return [
        Judged(
            item,
            why_not(
                Giving(
                    is_done=item.closed_at is not None,
                    is_own=item.node_id == actor.node_id,
                    union=item.node.name,
                    is_personal=is_personal(item),
                    is_case=item.model == CASE,
                    is_led=item.model == CASE and item.state == FOLLOWING,
                    giver_may=item.object_id in handled
                    if handled is not None
                    else actor.may("cases.handle", item.node.path),
                    receiver=receiver.name if receiver else "",
                    has_it=receiver is not None and item.assignee_id == receiver.pk,
                    receiver_sees=other is None or item.pk in seen,
                    receiver_may=other is None or other.may("cases.handle", item.node.path),
                )
            ),
        )
        for item in items
    ]


def list_case_ids(actor: Actor, item_ids: Sequence[int]) -> list[int]:
    """The cases among the chosen items."""
    return [item.object_id for item in list_picked(actor, item_ids) if item.model == CASE]


def list_receivers(actor: Actor, item_ids: Sequence[int]) -> list[User]:
    """Whom the actor can give items to: the people of the own union; where a case is among them, who may handle cases."""
    if actor.node_id is not None and list_case_ids(actor, item_ids):
        return list_handlers(get_any_node(actor.node_id), actor.at)
    return list(list_colleagues(actor.node_id or 0))


def find_colleague(actor: Actor, user_id: int) -> User | None:
    """One of them."""
    return list_colleagues(actor.node_id or 0).filter(pk=user_id).first()


@dataclass(frozen=True, slots=True)
class DutyDay:
    """Today at the actor's union: its duty hours, the calendar that says whether it works, and what falls due."""

    on: date
    calendar: WorkCalendar
    hours: DutyHours
    due_at: Sequence[datetime]


def get_duty_day(actor: Actor, items: Items = None) -> DutyDay:
    """The duty hours in force at the actor's union today, and the due moments of today's items, at most sixty."""
    day = timezone.localdate(actor.at)
    node = find_any_node(actor.node_id) if actor.node_id else None
    start = timezone.make_aware(datetime.combine(day, time()))
    due = list_items(actor, items).filter(due_at__gte=start, due_at__lt=_get_end_of_day(actor.at))
    moments = due.order_by(F("due_at")).values_list("due_at", flat=True)[:MOST_MARKS]
    return DutyDay(day, get_calendar(day.year, day.year + 1), get_duty_hours(node, day), [at for at in moments if at])


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, room by room; at most twenty of each."""

    cases: Sequence[Any]
    members: Sequence[Any]
    members_text: str
    organizations: Sequence[Any]
    decisions: Sequence[Any] = ()

    @property
    def has_more_members(self) -> bool:
        return self.members_text != str(len(self.members))

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.members or self.organizations or self.decisions)


def search_all(actor: Actor, text: str) -> Found:
    """Cases by number, name or employer; members as their room searches; unions by name or code; items for collective
    decision by number, title or department."""
    cases = list(list_cases(actor, text=text)[:FOUND]) if actor.may("cases.view") else []
    found = find_persons(actor, text) if actor.may("members.view") else FoundPersons((), is_more=False)
    members = list_rows(actor, list_found(actor, found.ids[:FOUND]))
    unions = list(list_organizations(actor, Filters(text=text))[:FOUND]) if actor.may("organizations.view") else []
    decisions = list(list_decisions(actor, text=text)[:FOUND]) if actor.may("decisions.view") else []
    return Found(cases, members, found.total_text, unions, decisions)


def list_news(actor: Actor) -> list[Entry]:
    """The latest public lines on the worker's own cases, written by others."""
    return list(list_own_news(actor)[:50])
