"""The inbox, the history of a row, and the steps that are open to an actor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet

from unionhome.core.registry import Actor, Refused, Table, Transition, discover, resolve
from unionhome.core.tree.queries import scope, scope_parts
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.core.workflow.rules import check_transition, overdue_q


@dataclass(frozen=True, slots=True)
class NextStep:
    """One button: allowed, or in its place with the reason why not."""

    transition: Transition
    allowed: bool
    reason: str = ""

    @property
    def verb(self) -> str:
        return self.transition.verb

    @property
    def label(self) -> str:
        return self.transition.label

    @property
    def icon(self) -> str:
        return self.transition.icon

    @property
    def main(self) -> bool:
        return self.transition.main


def list_steps(row: Model) -> QuerySet[Step]:
    """What happened to a row, oldest first. The caller has scoped the row."""
    return Step.objects.filter(model=row._meta.label_lower, object_id=row.pk).order_by("id")


def find_own_step(actor: Actor, submit_key: str, row: Model | None = None) -> Step | None:
    """The step, of that row where one is given, that this account took with a form or call of that key. Keys are the
    account's own: programs choose theirs, so those of two may be the same."""
    if not submit_key:
        return None
    steps = Step.objects.all() if row is None else list_steps(row)
    return steps.filter(submit_key=submit_key, user_id=actor.user_id).first()


def get_own_steps(actor: Actor, row: Model, transitions: Iterable[Transition]) -> dict[str, str]:
    """The steps of a row that this very account took, verb to label, as far as one of the transitions asks for
    another person; asked only then. The product itself is nobody."""
    verbs = {verb for each in transitions for verb in each.another_person}
    if not verbs or not actor.user_id:
        return {}
    return dict(list_steps(row).filter(verb__in=verbs, user_id=actor.user_id).values_list("verb", "label"))


def list_next_steps(actor: Actor, table: Table, row: Any, facts: Mapping[str, Any]) -> list[NextStep]:
    """The transitions out of the row's state, in table order: those the door knows, allowed or with their reason."""
    steps = []
    known = [each for each in table.transitions if row.state in each.sources and actor.door in each.doors]
    own = get_own_steps(actor, row, known)
    for transition in known:
        try:
            check_transition(actor, transition, row.state, row.node.path, facts, table, own)
        except Refused as refusal:
            steps.append(NextStep(transition, False, refusal.sentence))
        else:
            steps.append(NextStep(transition, True))
    return steps


def find_refusal(actor: Actor, table: Table, row: Any, verb: str, facts: Mapping[str, Any]) -> Refused | None:
    """Why the actor may not take a step now, for the page that asks for its words; None where it may be taken."""
    transition = table.transition(verb)
    own = get_own_steps(actor, row, [transition])
    try:
        check_transition(actor, transition, row.state, row.node.path, facts, table, own)
    except Refused as refusal:
        return refusal
    return None


MOST_NAMED = 1200
"""So many unions a county has at most: their items are asked for union by union, those of a city by path."""


def list_open(actor: Actor) -> QuerySet[WorkItem]:
    """Every open item the actor sees, in no order. Items are hardly ever shared; where none is, the database goes
    through the actor's branches by an index, however many are open elsewhere."""
    items = WorkItem.objects.filter(closed_at__isnull=True)
    parts = scope_parts(items, actor, "workflow.view", few=MOST_NAMED)
    return scope(items, actor, "workflow.view") if parts.shared.exists() else parts.inside


def list_items(actor: Actor, items: QuerySet[WorkItem] | None = None) -> QuerySet[WorkItem]:
    """Every open item the actor sees, first due first; without a due moment last. `items` where asked for before."""
    items = list_open(actor) if items is None else items
    return items.select_related("node", "assignee").order_by(F("due_at").asc(nulls_last=True), "id")


def list_picked(actor: Actor, ids: Iterable[int]) -> QuerySet[WorkItem]:
    """The items of those ids that the actor sees, done or not, in the order of their ids."""
    items = scope(WorkItem.objects.filter(pk__in=list(ids)), actor, "workflow.view")
    return items.select_related("node", "assignee").order_by("pk")


def list_seen_by(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Which of those items an account sees."""
    return set(scope(WorkItem.objects.filter(pk__in=list(ids)), actor, "workflow.view").values_list("pk", flat=True))


def is_personal(item: WorkItem) -> bool:
    """Whether only the person who began it goes on with it."""
    return any(table.is_personal for table in discover("workflow", "TABLES") if table.name == item.table)


def waiting_q() -> Q:
    """Items that wait for somebody who is no union: an applicant who has to add or to rate."""
    found = Q(pk__in=[])
    for table in discover("workflow", "TABLES"):
        names = [state.name for state in table.states if state.waits]
        if names:
            found |= Q(table=table.name, state__in=names)
    return found


def own_q(actor: Actor) -> Q:
    """Items of the actor's own union: its turn, or raised to it because a union below was silent; and what the actor
    stands in for at another union."""
    own = actor.node_id or 0
    return Q(node=own) | Q(raised_to=own) | _stood_q(actor)


def mine_q(actor: Actor) -> Q:
    """Items that the actor handles, or stands in for today."""
    return Q(assignee=actor.user_id or 0) | _stood_q(actor)


def _stood_q(actor: Actor) -> Q:
    """The rule of `Actor.for_whom`, for the database. Who is away comes with the actor: a short list of values. What
    rooms above name as APART is nothing for this stand-in."""
    if not actor.away or actor.is_away:
        return Q()
    absent = [each.user_id for each in actor.away]
    named = [each.user_id for each in actor.away if each.stand_in_id == actor.user_id]
    unchosen = Q(stand_in=None) | Q(stand_in__in=absent)
    stood = Q(assignee__in=absent, stand_in=actor.user_id) | Q(assignee__in=named) & unchosen
    for model, path in discover("workflow", "APART"):
        if ids := resolve(path)(actor):
            stood &= ~Q(model=model, object_id__in=ids)
    return stood


def _own_turn(actor: Actor) -> QuerySet[WorkItem]:
    """What it is the actor's own union's turn to do, first due first."""
    own = WorkItem.objects.filter(own_q(actor), closed_at__isnull=True)
    return list_items(actor, scope(own, actor, "workflow.view")).exclude(waiting_q())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the list of the own union's turn, counted from 1, with its neighbours' pages."""

    number: int
    total: int
    previous_url: str
    next_url: str


MOST_NEIGHBOURS = 2000


def find_place(actor: Actor, row: Model) -> Place | None:
    """The place of a row in the inbox; None where it is not the own union's turn, or beyond the first two thousand."""
    items = _own_turn(actor).select_related(None).values_list("model", "object_id", "url")[:MOST_NEIGHBOURS]
    listed = list(items) if actor.may("workflow.view") else []
    here = (row._meta.label_lower, row.pk)
    at = next((number for number, (model, pk, _) in enumerate(listed) if (model, pk) == here), None)
    if at is None:
        return None
    before = listed[at - 1][2] if at else ""
    after = listed[at + 1][2] if at + 1 < len(listed) else ""
    return Place(at + 1, len(listed), before, after)


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """The counts above the inbox, and the kinds of matter in it. `own` is the own union's turn, `waiting` the turn of
    somebody else."""

    overdue: int = 0
    due_today: int = 0
    own_overdue: int = 0
    own_due_today: int = 0
    own: int = 0
    waiting: int = 0
    all_open: int = 0
    kinds: tuple[str, ...] = ()


def count_items(actor: Actor, end_of_day: datetime, items: QuerySet[WorkItem] | None = None) -> InboxCounts:
    """One query. Overdue and due until `end_of_day` in the whole view; at the own union; all open."""
    due_today = Q(due_at__gte=actor.at, due_at__lt=end_of_day)
    conditions = {
        "overdue": overdue_q(actor.at),
        "due_today": due_today,
        "own_overdue": own_q(actor) & overdue_q(actor.at),
        "own_due_today": own_q(actor) & due_today,
        "own": own_q(actor) & ~waiting_q(),
        "waiting": waiting_q(),
        "all_open": Q(),
    }
    asked = {name: Count("id", filter=condition or None) for name, condition in conditions.items()}
    rows: list[Any] = list(
        (list_open(actor) if items is None else items).order_by().values("kind_label").annotate(**asked)
    )
    sums = {name: sum(row[name] for row in rows) for name in conditions}
    return InboxCounts(**sums, kinds=tuple(sorted(row["kind_label"] for row in rows)))


def count_assigned(actor: Actor) -> int:
    """Open items that the actor handles, or stands in for today."""
    if not actor.user_id:
        return 0
    mine = WorkItem.objects.filter(mine_q(actor), closed_at__isnull=True)
    return scope(mine, actor, "workflow.view").count()
