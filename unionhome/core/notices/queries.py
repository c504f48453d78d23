"""Reading messages: one's own, and for administrators what went out and what did not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from unionhome.core.access.queries import get_own_id
from unionhome.core.notices.models import Channel, Notice, State
from unionhome.core.notices.rules import LEASE
from unionhome.core.policy.queries import get_values_of
from unionhome.core.policy.rules import duty_hours
from unionhome.core.registry import Actor, NoticeKind, Refused, rooms
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.calendars import DutyHours

SHOWN_DAYS = 30
LATE = timedelta(minutes=30)
KEYS = ("notices.quiet_hours", "notices.most_tries", "notices.sms_per_day")


def list_kinds() -> list[NoticeKind]:
    """Every kind of message that a card declares."""
    return [kind for room in rooms() for kind in room.card.notices]


def get_kind(name: str) -> NoticeKind:
    """Raises Refused for a kind that no card declares."""
    found = next((kind for kind in list_kinds() if kind.name == name), None)
    if found is None:
        raise Refused("系统里没有这一种消息。", "unknown-notice")
    return found


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for messages of a union on a day."""

    quiet: DutyHours
    most_tries: int
    sms_per_day: int


def get_limits(nodes: Iterable[Node], at: datetime) -> Mapping[int, Limits]:
    """The limits in force at each of some unions, by id, in one query."""
    values = get_values_of(KEYS, timezone.localdate(at), nodes)
    return {pk: Limits(duty_hours(each[KEYS[0]]), each[KEYS[1]], each[KEYS[2]]) for pk, each in values.items()}


def list_own(actor: Actor) -> QuerySet[Notice]:
    """The messages of the actor's account at this door, newest first."""
    own = Notice.objects.filter(user_id=get_own_id(actor), door=actor.door, channel=Channel.IN_APP)
    return own.select_related("node").order_by("-id")


def count_unread(actor: Actor) -> int:
    """How many of them nobody has opened."""
    return list_own(actor).filter(read_at__isnull=True).count()


def list_due(at: datetime) -> QuerySet[Notice]:
    """What may be taken to be sent now: due, or left in the middle by a sender that died."""
    waits = Q(state=State.WAITING, due_at__lte=at)
    return Notice.objects.filter(waits | Q(state=State.SENDING, claimed_at__lte=at - LEASE))


def list_sent(actor: Actor, *, state: str = "", channel: str = "") -> QuerySet[Notice]:
    """Messages of the last thirty days in the actor's branch, newest first. Raises Forbidden."""
    actor.require("notices.manage")
    rows = Notice.objects.filter(created_at__gt=actor.at - timedelta(days=SHOWN_DAYS))
    rows = scope(rows, actor, "notices.manage").select_related("node", "user").order_by("-id")
    rows = rows.filter(state=state) if state in State.values else rows
    return rows.filter(channel=channel) if channel in Channel.values else rows


def count_by_state(actor: Actor, *, channel: str = "") -> dict[str, int]:
    """The same by state, zeros included. Raises Forbidden."""
    counts = {state.value: 0 for state in State}
    rows = list_sent(actor, channel=channel).order_by()
    counts.update(rows.values_list("state").annotate(count=Count("pk")).order_by("state"))
    return counts


@dataclass(frozen=True, slots=True)
class Troubled:
    """Messages that somebody should look at."""

    failed: int
    late: int


def count_troubled(at: datetime) -> Troubled:
    """How many failed in the last three days, and how many have been due for half an hour. For the doctor."""
    failed = Notice.objects.filter(state=State.FAILED, created_at__gt=at - timedelta(days=3)).count()
    late = Notice.objects.filter(state=State.WAITING, due_at__lte=at - LATE).count()
    return Troubled(failed, late)
