"""What every act begins and ends with: the row locked, a step of its table taken, its line of the inbox, its files."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.decisions import queries
from unionhome.core.decisions.models import Item, Meeting
from unionhome.core.decisions.workflow import ITEM, MEETING
from unionhome.core.files.actions import Content, attach, prepare_document, prepare_image
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Table
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, keep_item, move
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.dates import day_bounds

OF_STEP: tuple[str, ...] = ("reason", "submit_key", "said")
"""Words of a step, beside the fields of the row."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came."""

    name: str
    data: bytes


def lock_item(actor: Actor, item_id: int, permission: str) -> Item:
    """The item to act on, as it stands now, and nobody else's until the transaction ends. Raises NotFound, Forbidden."""
    queries.get_handled_item(actor, item_id, permission)
    Item.objects.select_for_update().get(pk=item_id)
    return queries.get_handled_item(actor, item_id, permission)


def lock_meeting(actor: Actor, meeting_id: int, permission: str) -> Meeting:
    """The meeting, likewise. Raises NotFound, Forbidden."""
    queries.get_handled_meeting(actor, meeting_id, permission)
    Meeting.objects.select_for_update().get(pk=meeting_id)
    return queries.get_handled_meeting(actor, meeting_id, permission)


def is_repeat(actor: Actor, table: Table, row: Item | Meeting, verb: str, submit_key: str) -> bool:
    """Whether this account took this very step with the same form before. Raises BadInput for the key of another act."""
    earlier = find_own_step(actor, submit_key)
    if earlier is None:
        return False
    if (earlier.model, earlier.object_id, earlier.verb) != (table.model, row.pk, verb):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return True


def step_item(actor: Actor, item: Item, verb: str, **facts: Any) -> Item:
    """Take a step of an item. `reason`, `submit_key` and `said` are of the step, the rest are fields kept with it."""
    said = {name: facts.pop(name) for name in OF_STEP if name in facts}
    _step(actor, ITEM, item, verb, item_of(_later(ITEM, item, verb, facts)), queries.get_item_facts(actor, item), said)
    return _keep(item, facts)


def step_meeting(actor: Actor, meeting: Meeting, verb: str, **facts: Any) -> Meeting:
    """The same of a meeting."""
    said = {name: facts.pop(name) for name in OF_STEP if name in facts}
    later = meeting_item_of(_later(MEETING, meeting, verb, facts))
    _step(actor, MEETING, meeting, verb, later, queries.get_meeting_facts(meeting), said)
    return _keep(meeting, facts)


def _later(table: Table, row: Any, verb: str, facts: Mapping[str, Any]) -> Any:
    later = copy(row)
    later.state = table.transition(verb).target
    for name, value in facts.items():
        setattr(later, name, value)
    return later


def _step(
    actor: Actor, table: Table, row: Any, verb: str, item: ItemFacts, facts: Mapping[str, Any], said: Mapping[str, str]
) -> None:
    move(actor, table, row, verb, item=item, facts=facts, **said)


def _keep(row: Any, facts: Mapping[str, Any]) -> Any:
    for name, value in facts.items():
        setattr(row, name, value)
    if facts:
        row.save(update_fields=list(facts))
    return row


def item_of(item: Item) -> ItemFacts:
    """What the inbox shows of an item; one that is being carried out is due when the decision lapses."""
    due_on = item.until_on if item.state == "decided" else None
    return ItemFacts(
        node=item.node,
        title=f"{item.number} {item.title}"[:120],
        url=reverse("decisions:item", args=[item.pk]),
        kind_label=ITEM.title,
        icon="gavel",
        due_at=_end_of(due_on) if due_on else None,
        origin=item.get_kind_display(),
    )


def meeting_item_of(meeting: Meeting) -> ItemFacts:
    """What the inbox shows of a meeting: due on its day until it was held."""
    is_ahead = meeting.state in ("planned", "notified")
    return ItemFacts(
        node=meeting.node,
        title=f"{meeting}"[:120],
        url=reverse("decisions:meeting", args=[meeting.pk]),
        kind_label=MEETING.title,
        icon="calendar-event",
        due_at=_end_of(meeting.held_on) if is_ahead else None,
        origin=meeting.get_body_display(),
    )


def refresh_item(actor: Actor, item: Item) -> None:
    """Let the inbox say what the item says now."""
    keep_item(actor, ITEM, item, item_of(item))


def tell(actor: Actor, row: Item | Meeting, what: str, said: str, data: Mapping[str, Any]) -> None:
    """Say in the journal what changed beside the state."""
    name = f"{row.number} {row.title}" if isinstance(row, Item) else str(row)
    table = ITEM if isinstance(row, Item) else MEETING
    record(actor, f"{table.name}.{what}", node=row.node, about=row, summary=f"{said}：{name}"[:200], data=dict(data))


def prepare_files(actor: Actor, uploads: Sequence[Upload], node: Node) -> list[Content]:
    """Seal what came, before the transaction: documents by their kind, the rest as pictures. Raises BadInput."""
    found = []
    for upload in uploads:
        is_picture = upload.data[:3] in (b"\xff\xd8\xff", b"\x89PN", b"RIF") or upload.data[4:8] == b"ftyp"
        prepare = prepare_image if is_picture else prepare_document
        try:
            found.append(prepare(actor, upload.data, name=upload.name, node=node))
        except BadInput as refusal:
            raise BadInput(refusal.sentence, refusal.code, fields={"papers": refusal.sentence}) from refusal
    return found


def keep_files(actor: Actor, row: Item | Meeting, contents: Sequence[Content]) -> list[SealedFile]:
    """Give prepared files their rows."""
    model = row._meta.label_lower
    return [attach(actor, each, node=row.node, about_model=model, about_id=row.pk) for each in contents]


def today_of(actor: Actor) -> date:
    """The local day of the act."""
    return timezone.localdate(actor.at)


def _end_of(day: date) -> datetime:
    """The last minute of a local day."""
    return day_bounds(day)[1] - timedelta(minutes=1)
