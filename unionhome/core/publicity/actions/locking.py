"""What every act on a notice begins and ends with: the notice locked, a step taken, files kept, the inbox in time."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files.actions import Content, attach, prepare_document, prepare_image
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.publicity import queries
from unionhome.core.publicity.models import Notice
from unionhome.core.publicity.workflow import NOTICE
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.dates import day_bounds


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture, or a scan as PDF, as it came."""

    name: str
    data: bytes


def lock_notice(actor: Actor, notice_id: int, permission: str) -> Notice:
    """The notice to act on, as it stands now, and nobody else's until the transaction ends.

    Raises NotFound, and Forbidden where it may only be read.
    """
    queries.get_handled_notice(actor, notice_id, permission)
    Notice.objects.select_for_update().get(pk=notice_id)
    return queries.get_handled_notice(actor, notice_id, permission)


def is_repeat(actor: Actor, row: Model, verb: str, submit_key: str) -> bool:
    """Whether this account took this very step with the same form before. Raises BadInput for the key of another act."""
    earlier = find_own_step(actor, submit_key)
    if earlier is None:
        return False
    if (earlier.model, earlier.object_id, earlier.verb) != (row._meta.label_lower, row.pk, verb):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return True


def step(
    actor: Actor, notice: Notice, verb: str, *, reason: str = "", submit_key: str = "", said: str = "", **facts: Any
) -> Notice:
    """Take a step of the table and keep the facts that come with it."""
    later = copy(notice)
    later.state = NOTICE.transition(verb).target
    for name, value in facts.items():
        setattr(later, name, value)
    known = queries.get_facts(notice, actor.at)
    move(actor, NOTICE, notice, verb, item=item_of(later), facts=known, reason=reason, submit_key=submit_key, said=said)
    for name, value in facts.items():
        setattr(notice, name, value)
    if facts:
        notice.save(update_fields=list(facts))
    return notice


def item_of(notice: Notice) -> ItemFacts:
    """What the inbox shows."""
    return ItemFacts(
        node=notice.node,
        title=f"{notice.number} {notice.title}"[:120],
        url=reverse("publicity:notice", args=[notice.pk]),
        kind_label=NOTICE.title,
        icon="speakerphone",
        due_at=notice.due_at,
        origin=queries.get_kind(notice.kind).title,
    )


def journal(actor: Actor, notice: Notice, what: str, said: str, **data: Any) -> None:
    """Say in the journal what changed beside the state."""
    record(
        actor,
        f"{NOTICE.name}.{what}",
        node=notice.node,
        about=notice,
        summary=f"{said}：{notice.number} {notice.title}"[:200],
        data=data,
    )


def prepare(actor: Actor, photos: Sequence[Photo], node: Node, name: str, *, scans: bool = False) -> list[Content]:
    """Clean and seal what came, before the transaction. `scans` may be PDF. Raises BadInput at the field `name`."""
    found = []
    for photo in photos:
        is_scan = scans and photo.data.startswith(b"%PDF-")
        make = prepare_document if is_scan else prepare_image
        try:
            found.append(make(actor, photo.data, name=photo.name, node=node))
        except BadInput as refusal:
            raise BadInput(refusal.sentence, refusal.code, fields={name: refusal.sentence}) from refusal
    return found


def keep(actor: Actor, contents: Sequence[Content], row: Model, node: Node) -> None:
    """Give prepared files their rows."""
    for content in contents:
        attach(actor, content, node=node, about_model=row._meta.label_lower, about_id=row.pk)


def today_of(actor: Actor) -> date:
    """The local day of the act."""
    return timezone.localdate(actor.at)


def end_of(day: date) -> datetime:
    """The last minute of a local day."""
    return day_bounds(day)[1] - timedelta(minutes=1)


def days_of(actor: Actor, key: str, node: Node) -> int:
    """A number of days by a policy in force at a union."""
    return int(get_value(key, today_of(actor), node))
