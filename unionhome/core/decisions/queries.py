"""Reading items, opinions and meetings of a branch; what is still missing; and what a decision covers when money is paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from unionhome.core.decisions.models import AgendaLine, Item, Meeting, Opinion, Role
from unionhome.core.decisions.rules import list_wanted
from unionhome.core.decisions.workflow import ITEM
from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files
from unionhome.core.ledger import queries as ledger
from unionhome.core.policy.queries import get_value, get_values
from unionhome.core.registry import Actor, AuthorityFacts, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.queries import list_steps

VIEW, LARGE = "decisions.view", "ledger.large_payment"
FEN = "fen"
MOST_OFFERED = 60
OPINE: Mapping[str, str] = {
    Role.FINANCE: "decisions.opine_finance",
    Role.LEGAL: "decisions.opine_legal",
    Role.AUDIT: "decisions.opine_audit",
}
"""Who gives the opinion of a role."""
PHASES: Mapping[str, tuple[str, ...]] = {
    "prepared": ("prepared",),
    "waiting": ("waiting",),
    "scheduled": ("scheduled",),
    "decided": ("decided",),
    "executed": ("executed",),
    "rejected": ("rejected",),
    "stopped": ("withdrawn", "dropped"),
}
MEETING_PHASES: Mapping[str, tuple[str, ...]] = {
    "planned": ("planned", "notified"),
    "held": ("held",),
    "confirmed": ("confirmed",),
    "cancelled": ("cancelled",),
}


# -- items ---------------------------------------------------------------------------------------------------------------


def list_items(actor: Actor, *, phase: str = "", kind: str = "", text: str = "") -> QuerySet[Item]:
    """Items of the actor's branches and those shared, the newest first; `text` is a number, words of the title, or
    the department."""
    items = scope(Item.objects.all(), actor, VIEW).select_related("node").order_by("-opened_on", "-pk")
    if kind:
        items = items.filter(kind=kind)
    if text:
        items = items.filter(Q(number__iexact=text) | Q(title__contains=text) | Q(department__contains=text))
    return items.filter(state__in=PHASES[phase]) if phase in PHASES else items


def count_items(actor: Actor, kind: str = "") -> dict[str, int]:
    """Items by phase, and all of them, in one query."""
    items = scope(Item.objects.all(), actor, VIEW).order_by()
    counts = {phase: Count("pk", filter=Q(state__in=states)) for phase, states in PHASES.items()}
    return (items.filter(kind=kind) if kind else items).aggregate(**counts, all=Count("pk"))


def get_item(actor: Actor, item_id: int) -> Item:
    """The item, if the actor may see it. Raises NotFound."""
    found = scope(Item.objects.filter(pk=item_id), actor, VIEW).select_related("node").first()
    if found is None:
        raise NotFound()
    return found


def get_handled_item(actor: Actor, item_id: int, permission: str) -> Item:
    """The item, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    item = get_item(actor, item_id)
    if not actor.may(permission, item.node.path):
        raise Forbidden(f"这个议题由{item.node.name}办，您可以看，不能办。")
    return item


def list_opinions(item: Item) -> list[Opinion]:
    """The opinions that stand, in the order of the roles."""
    order = list(Role.values)
    found = Opinion.objects.filter(item=item, fell_at__isnull=True)
    return sorted(found, key=lambda opinion: order.index(opinion.role))


def may_opine(actor: Actor, item: Item, role: str) -> bool:
    """Whether the actor may give the opinion of that role: on the own branch, or because the item was handed over."""
    permission = OPINE[role]
    if actor.may(permission, item.node.path):
        return True
    return actor.may(permission) and scope(Item.objects.filter(pk=item.pk), actor, permission).exists()


def is_author(actor: Actor, item: Item) -> bool:
    """Whether the actor brought the item in or put it in other words, and so gives no opinion on it."""
    if item.opened_by == actor.user_id:
        return True
    own = list_steps(item).filter(verb__in=("open", "edit"), user_id=actor.user_id)
    return actor.user_id is not None and own.exists()


def has_other_opinion(actor: Actor, item: Item, role: str) -> bool:
    """Whether the actor gave a standing opinion of another role: each looks at the item with eyes of its own."""
    own = Opinion.objects.filter(item=item, fell_at__isnull=True, given_by=actor.user_id).exclude(role=role)
    return actor.user_id is not None and own.exists()


def list_missing(item: Item, opinions: Iterable[Opinion], today: date) -> list[str]:
    """Which opinions the item still wants before it goes to the meeting, in words."""
    keys = {role: f"decisions.{role}_from" for role in Role.values}
    values = get_values(keys.values(), today, item.node)
    given = {opinion.role for opinion in opinions}
    wanted = list_wanted(item.ceiling_fen, {role: values[key] for role, key in keys.items()})
    return [Role(role).label for role in wanted if role not in given]


def list_funds(node: Node, on: date) -> list[str]:
    """Names of the funds that an item may be paid from: those the ledger keeps on that day."""
    return ledger.list_funds(on, node)


def get_item_facts(actor: Actor, item: Item) -> dict[str, Any]:
    """What the guards of the table look at."""
    if item.state != ITEM.initial:
        return {}
    return {"missing": "、".join(list_missing(item, list_opinions(item), timezone.localdate(actor.at)))}


def list_lines_of(item: Item) -> list[AgendaLine]:
    """Every meeting at which the item was on the agenda, the newest first."""
    return list(AgendaLine.objects.filter(item=item).select_related("meeting").order_by("-meeting__held_on", "-pk"))


def get_material(item: Item, file_id: int) -> SealedFile:
    """A material of the item that the caller has scoped. Raises NotFound."""
    return _get_file(list_files(item), file_id)


def _get_file(files: QuerySet[SealedFile], file_id: int) -> SealedFile:
    found = files.filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found


# -- meetings ------------------------------------------------------------------------------------------------------------


def list_meetings(actor: Actor, phase: str = "") -> QuerySet[Meeting]:
    """Meetings of the actor's branches with the number of their items, the newest first."""
    meetings = scope(Meeting.objects.all(), actor, VIEW).select_related("node").order_by("-held_on", "-pk")
    if phase in MEETING_PHASES:
        meetings = meetings.filter(state__in=MEETING_PHASES[phase])
    return meetings.annotate(item_count=Count("lines"))


def count_meetings(actor: Actor) -> dict[str, int]:
    """Meetings by phase, and all of them, in one query."""
    counts = {phase: Count("pk", filter=Q(state__in=states)) for phase, states in MEETING_PHASES.items()}
    return scope(Meeting.objects.all(), actor, VIEW).order_by().aggregate(**counts, all=Count("pk"))


def get_meeting(actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, if the actor may see it. Raises NotFound."""
    found = scope(Meeting.objects.filter(pk=meeting_id), actor, VIEW).select_related("node").first()
    if found is None:
        raise NotFound()
    return found


def get_handled_meeting(actor: Actor, meeting_id: int, permission: str) -> Meeting:
    """The meeting, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    meeting = get_meeting(actor, meeting_id)
    if not actor.may(permission, meeting.node.path):
        raise Forbidden(f"这次会议由{meeting.node.name}办，您可以看，不能办。")
    return meeting


def list_lines(meeting: Meeting) -> list[AgendaLine]:
    """The agenda in its order, with the items."""
    return list(AgendaLine.objects.filter(meeting=meeting).select_related("item", "item__node"))


def list_ready(meeting: Meeting) -> list[Item]:
    """Items of the meeting's union that wait for a meeting: those put off before first, then the oldest."""
    items = Item.objects.filter(node=meeting.node_id, state="waiting")
    return list(items.select_related("node").order_by("-deferred_count", "opened_on", "pk")[:MOST_OFFERED])


def get_meeting_facts(meeting: Meeting) -> dict[str, Any]:
    """What the guards of the table look at."""
    if meeting.state == "planned":
        return {"agenda_missing": not AgendaLine.objects.filter(meeting=meeting).exists()}
    if meeting.state == "held":
        return {"minutes_missing": not meeting.minutes_number, "scan_missing": not list_files(meeting).exists()}
    return {}


def get_scan(meeting: Meeting, file_id: int) -> SealedFile:
    """A page of the signed minutes of a meeting that the caller has scoped. Raises NotFound."""
    return _get_file(list_files(meeting), file_id)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the union's policies ask of a meeting on a day: parts of those due, the start of large money in fen, days."""

    quorum: str
    quorum_large: str
    large_fen: int
    material_days: int

    def get_share(self, item: Item) -> str:
        """The part of those due who must take part in an item."""
        return self.quorum_large if (item.ceiling_fen or 0) >= self.large_fen else self.quorum


def get_limits(node: Node, on: date) -> Limits:
    """By one query."""
    keys = ("decisions.quorum", "decisions.quorum_large", LARGE, "decisions.material_days")
    values = get_values(keys, on, node)
    return Limits(*(values[key] for key in keys))


def get_valid_months(node: Node, on: date) -> int:
    """How many months a decision of that day holds."""
    return int(get_value("decisions.valid_months", on, node))


# -- what a decision covers ----------------------------------------------------------------------------------------------


def get_authority(actor: Actor, item_id: int, at: datetime) -> AuthorityFacts:
    """What a decided item covers at a moment. Call it inside the transaction of the payment: the row stays locked until
    its end, so that nobody stops the decision meanwhile.

    Raises NotFound for an item the actor may not see, Refused where it is not decided, stopped, carried out, past its
    last day, or about no money.
    """
    item = get_item(actor, item_id)
    item = Item.objects.select_for_update(of=("self",)).select_related("node").get(pk=item.pk)
    refusal = _find_lapse(item, timezone.localdate(at))
    if refusal:
        raise Refused(f"{item.number}{refusal}", "no-authority")
    return AuthorityFacts(
        node_path=item.node.path,
        fund=item.fund,
        purpose=item.purpose,
        ceiling=item.decided_fen or 0,
        unit=FEN,
        until=item.until_on,
        title=f"{item.number} {item.title}",
        link=reverse("decisions:item", args=[item.pk]),
        since=item.decided_on,
    )


def _find_lapse(item: Item, day: date) -> str:
    """Why nothing can be paid on it that day; empty where it holds."""
    if item.state != "decided":
        return f"现在的状态是“{ITEM.state(item.state).label}”，不能按它付钱。"
    if item.decided_fen is None:
        return "没有定资金上限，不能按它付钱。"
    if item.decided_on is not None and day < item.decided_on:
        return "是后来才决定的，不能按它付钱。"
    return "过了有效期，要重新上会。" if item.until_on is not None and day > item.until_on else ""
