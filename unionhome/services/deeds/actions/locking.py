"""What every act on a deed begins and ends with: the deed locked, a step of its table taken, its evidence kept."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.files.actions import Content, attach, prepare_document, prepare_image
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, keep_item, move
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.dates import day_bounds
from unionhome.services.deeds import queries
from unionhome.services.deeds.models import Deed, Evidence, Stage
from unionhome.services.deeds.workflow import TABLE

FIELDS = {Stage.PAPER: "papers"}
OWNERS = ("checked", "struck_off", "rated")


@dataclass(frozen=True, slots=True)
class Proof:
    """One file as it came. `stage` says what it shows."""

    name: str
    data: bytes
    stage: str = Stage.AFTER


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file, sealed on disk, that has no row yet."""

    stage: str
    content: Content


def lock_deed(actor: Actor, deed_id: int, permission: str = "deeds.handle") -> Deed:
    """The deed to act on, as it stands now, and nobody else's until the transaction ends.

    Raises NotFound, and Forbidden where it may only be read.
    """
    queries.get_handled_deed(actor, deed_id, permission)
    Deed.objects.select_for_update().get(pk=deed_id)
    return queries.get_handled_deed(actor, deed_id, permission)


def is_repeat(actor: Actor, deed: Deed, verb: str, submit_key: str) -> bool:
    """Whether this account took this very step with the same form before. Raises BadInput for the key of another act."""
    earlier = find_own_step(actor, submit_key)
    if earlier is None:
        return False
    if (earlier.model, earlier.object_id, earlier.verb) != (TABLE.model, deed.pk, verb):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return True


def prepare_proofs(actor: Actor, proofs: Sequence[Proof], node: Node) -> list[Prepared]:
    """Clean and seal what came, before the transaction: pictures lose what they tell beside the picture.

    Raises BadInput at the field.
    """
    found = []
    for proof in proofs:
        prepare = prepare_document if proof.stage == Stage.PAPER else prepare_image
        try:
            found.append(Prepared(proof.stage, prepare(actor, proof.data, name=proof.name, node=node)))
        except BadInput as refusal:
            where = FIELDS.get(Stage(proof.stage), "photos")
            raise BadInput(refusal.sentence, refusal.code, fields={where: refusal.sentence}) from refusal
    return found


def keep_proofs(actor: Actor, deed: Deed, prepared: Sequence[Prepared]) -> None:
    """Give prepared files their rows."""
    for each in prepared:
        file = attach(actor, each.content, node=deed.node, about_model=TABLE.model, about_id=deed.pk)
        Evidence.objects.create(deed=deed, stage=each.stage, file=file)


def step(
    actor: Actor, deed: Deed, verb: str, *, reason: str = "", submit_key: str = "", said: str = "", **facts: Any
) -> Deed:
    """Take a step of the table and keep the facts that come with it; the inbox shows the union whose turn it is then."""
    later = copy(deed)
    later.state = TABLE.transition(verb).target
    for name, value in facts.items():
        setattr(later, name, value)
    move(
        actor,
        TABLE,
        deed,
        verb,
        item=item_of(later),
        facts=queries.get_facts(actor, deed),
        reason=reason,
        submit_key=submit_key,
        said=said,
    )
    for name, value in facts.items():
        setattr(deed, name, value)
    if facts:
        deed.save(update_fields=list(facts))
    return deed


def item_of(deed: Deed) -> ItemFacts:
    """What the inbox shows: the union that does it, the one above that checks it, the one on whose list it stands."""
    node = deed.node
    if deed.state == "done":
        node = queries.find_checker(deed)
    elif deed.state in OWNERS and deed.owner is not None:
        node = deed.owner
    return ItemFacts(
        node=node,
        title=f"{deed.number} {deed.title}"[:120],
        url=reverse("deeds:deed", args=[deed.pk]),
        kind_label=TABLE.title,
        icon="checks",
        due_at=deed.due_at,
        origin=deed.get_origin_display(),
    )


def refresh_item(actor: Actor, deed: Deed) -> None:
    """Let the inbox say what the deed says now."""
    keep_item(actor, TABLE, deed, item_of(deed))


def journal(actor: Actor, deed: Deed, what: str, said: str, **data: Any) -> None:
    """Say in the journal what changed beside the state."""
    record(
        actor,
        f"{TABLE.name}.{what}",
        node=deed.node,
        about=deed,
        summary=f"{said}：{deed.number} {deed.title}"[:200],
        data=data,
    )


def today_of(actor: Actor) -> date:
    """The local day of the act."""
    return timezone.localdate(actor.at)


def end_of(day: date) -> datetime:
    """The last minute of a local day."""
    return day_bounds(day)[1] - timedelta(minutes=1)


def due_after(actor: Actor, key: str, node: Node) -> datetime:
    """The last minute of the day that lies so many days ahead by a policy."""
    return end_of(today_of(actor) + timedelta(days=get_value(f"deeds.{key}", today_of(actor), node)))
