"""The one way anything changes state: lock, check, move, remember, keep the inbox, journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Case, F, Model, When

from unionhome.core.access.models import User
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Refused, State, Table
from unionhome.core.tree.models import Node
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.core.workflow.queries import find_own_step, get_own_steps
from unionhome.core.workflow.rules import check_transition
from unionhome.kit.codes import mask_numbers

M = TypeVar("M", bound=Model)
WHO_HAS_IT = 0
"""In place of an account: whoever was given the item keeps it, as long as it stays at the union."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the inbox shows of a row. `title` is masked; `node` is the union whose turn it is, `raised_to` one above it
    that has to see to it as well. `assignee_id`, and `stand_in_id` where one was chosen for this very row, are said by
    rooms whose rows name their own person."""

    node: Node
    title: str
    url: str
    kind_label: str
    icon: str
    due_at: datetime | None = None
    limit_minutes: int | None = None
    is_provisional: bool = False
    assignee_id: int | None = WHO_HAS_IT
    stand_in_id: int | None = None
    origin: str = ""
    hidden_path: str = ""
    subject_id: int | None = None
    next_step: str = ""
    raised_to: Node | None = None


@transaction.atomic
def start(actor: Actor, table: Table, row: Any, item: ItemFacts) -> WorkItem:
    """Open the inbox item of a new row that stands in the table's initial state, and remember the first step."""
    state = table.state(row.state)
    _keep_step(actor, table, row, verb="open", label="提出", source="", target=row.state)
    _journal(actor, table, row, "opened", item, said="提出", data={"state": row.state})
    return WorkItem.objects.create(
        table=table.name, model=table.model, object_id=row.pk, opened_at=actor.at, **_item_fields(state, item)
    )


@transaction.atomic
def move(
    actor: Actor,
    table: Table,
    row: M,
    verb: str,
    *,
    item: ItemFacts,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    submit_key: str = "",
    said: str = "",
) -> Step:
    """Take one transition of the table; the row given is refreshed in place.

    `facts` feed the guard; the action fetched them. `said` is what the journal says was done where the transition's
    label alone would say too little. A repeat with the same `submit_key` returns the earlier step and changes nothing;
    the key of any other act is refused with BadInput. Raises Forbidden without the permission on the row's branch,
    Refused where the table, an earlier step of the same person, the guard or a missing reason says not now.
    """
    transition = table.transition(verb)
    locked: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    earlier = _same_act(actor, table, locked, verb, submit_key)
    if earlier is not None:
        row.refresh_from_db()
        return earlier
    own_steps = get_own_steps(actor, locked, [transition])
    check_transition(actor, transition, locked.state, locked.node.path, facts or {}, table, own_steps)
    actor = replace(actor, acts_for=_find_absent(actor, table, row.pk))
    if transition.needs_reason and not reason.strip():
        raise Refused(f"请写明{transition.label}的原因。", "reason-missing", fields={"reason": "请写明原因。"})
    reason = mask_numbers(reason.strip())  # kept unsealed
    source, locked.state = locked.state, transition.target
    locked.save(update_fields=["state"])
    row.refresh_from_db()
    step = _keep_step(
        actor,
        table,
        row,
        verb=verb,
        label=transition.label,
        source=source,
        target=transition.target,
        reason=reason,
        submit_key=submit_key,
    )
    keep_item(actor, table, row, item)
    _journal(
        actor,
        table,
        row,
        transition.journal_verb,
        item,
        said=said or transition.label,
        data={"from": source, "to": transition.target, "reason": reason},
    )
    return step


def _find_absent(actor: Actor, table: Table, object_id: int) -> str:
    """For whom the actor stands in on a row, by who has its item; asked only where somebody is away."""
    if not actor.away:
        return ""
    items = WorkItem.objects.filter(model=table.model, object_id=object_id, closed_at__isnull=True)
    found = items.values_list("assignee_id", "stand_in_id").first()
    return actor.for_whom(*found) if found else ""


def _same_act(actor: Actor, table: Table, row: Any, verb: str, submit_key: str) -> Step | None:
    """The step that this very act took when it was sent before. A key is no ticket: it stands for one act of one account
    on one row, and whoever sends that of another act is asked to begin anew. Keys of other accounts are others."""
    earlier = find_own_step(actor, submit_key)
    if earlier is None:
        return None
    said = (earlier.table, earlier.model, earlier.object_id, earlier.verb)
    if said != (table.name, table.model, row.pk, verb):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return earlier


def note_step(actor: Actor, table: Table, row: Any, verb: str, submit_key: str = "") -> Step:
    """Remember one of the table's `notes`: an act by which the row changes but not its state. The act itself journals."""
    label = table.notes[verb]
    return _keep_step(
        actor, table, row, verb=verb, label=label, source=row.state, target=row.state, submit_key=submit_key
    )


@transaction.atomic(savepoint=False)
def keep_item(actor: Actor, table: Table, row: Any, item: ItemFacts) -> None:
    """Make the inbox say what the row says now: update the open item, close it at an end, open one anew."""
    state = table.state(row.state)
    mine = WorkItem.objects.select_for_update().filter(model=table.model, object_id=row.pk, closed_at__isnull=True)
    if state.is_end:
        mine.update(closed_at=actor.at, state=state.name, state_label=state.label)
    elif not mine.update(**_item_fields(state, item) | {"assignee_id": _assignee(item)}):
        WorkItem.objects.create(
            table=table.name, model=table.model, object_id=row.pk, opened_at=actor.at, **_item_fields(state, item)
        )


@transaction.atomic
def pass_on(actor: Actor, table: Table, ids: Sequence[int], *, source: Node, target: Node, reason: str) -> int:
    """Let open rows that went to another union, as a union ended, wait there; how many. Their state stays.

    The room that owns the rows has put them there. Each keeps a step in its history.
    """
    items = WorkItem.objects.filter(model=table.model, object_id__in=ids, node=source, closed_at__isnull=True)
    found = list(items.values_list("object_id", "state"))
    Step.objects.bulk_create(
        (
            _step(
                actor,
                table,
                object_id,
                verb="pass_on",
                label=f"转由{target.name}办理"[:40],
                source=state,
                target=state,
                reason=mask_numbers(reason)[:500],
            )
            for object_id, state in found
        ),
        batch_size=500,
    )
    items.update(node=target, assignee=None, stand_in=None)
    return len(found)


def _item_fields(state: State, item: ItemFacts) -> dict[str, Any]:
    return {
        "node": item.node,
        "raised_to": item.raised_to,
        "hidden_path": item.hidden_path,
        "kind_label": item.kind_label,
        "icon": item.icon,
        "title": item.title[:120],
        "url": item.url,
        "state": state.name,
        "state_label": state.label,
        "next_step": item.next_step or state.next_step,
        "origin": item.origin,
        "due_at": item.due_at,
        "limit_minutes": item.limit_minutes,
        "is_provisional": item.is_provisional,
        "assignee_id": item.assignee_id or None,
        "stand_in_id": item.stand_in_id,
    }


def _assignee(item: ItemFacts) -> Any:
    if item.assignee_id == WHO_HAS_IT:
        return Case(When(node=item.node, then=F("assignee")), default=None)
    return item.assignee_id


def lock_items(ids: Sequence[int]) -> None:
    """Let nobody else change those items until the transaction ends; locked in one order."""
    list(WorkItem.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk").values_list("pk", flat=True))


def give_label(person: User) -> str:
    """What the step of giving to a person is called."""
    return f"交给{person.name}"[:40]


@transaction.atomic
def give_items(actor: Actor, items: Sequence[WorkItem], person: User, submit_key: str) -> None:
    """Let open items that the caller has locked and judged be a person's; each row keeps a step in its history, the
    first of them the key of the form. The caller journals."""
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(
        assignee=person, stand_in=Case(When(stand_in=person, then=None), default=F("stand_in"))
    )
    Step.objects.bulk_create(
        Step(
            table=item.table,
            model=item.model,
            object_id=item.object_id,
            verb="give",
            label=give_label(person),
            from_state=item.state,
            to_state=item.state,
            submit_key=submit_key if submit_key and number == 0 else None,
            **_who(actor),
        )
        for number, item in enumerate(items)
    )


def _keep_step(actor: Actor, table: Table, row: Any, **facts: str) -> Step:
    step = _step(actor, table, row.pk, **facts)
    step.save(force_insert=True)
    return step


def _step(
    actor: Actor,
    table: Table,
    object_id: int,
    *,
    verb: str,
    label: str,
    source: str,
    target: str,
    reason: str = "",
    submit_key: str = "",
) -> Step:
    """A step of the actor, not yet kept."""
    return Step(
        table=table.name,
        model=table.model,
        object_id=object_id,
        verb=verb,
        label=label,
        from_state=source,
        to_state=target,
        reason=reason,
        submit_key=submit_key or None,
        **_who(actor),
    )


def _who(actor: Actor) -> dict[str, Any]:
    return {
        "at": actor.at,
        "door": actor.door,
        "user_id": actor.user_id,
        "actor_name": f"{actor.name}{actor.said_for(None)}"[:80],
        "actor_post": actor.post,
        "actor_union": actor.node_name,
    }


def _journal(
    actor: Actor, table: Table, row: Any, verb: str, item: ItemFacts, *, said: str, data: Mapping[str, Any]
) -> None:
    record(
        actor,
        f"{table.name}.{verb}",
        node=item.node,
        about=row,
        subject_id=item.subject_id,
        hidden_path=item.hidden_path,
        summary=f"{said}：{item.title}",
        data=data,
    )
