"""Proposing a deed, and putting it on the list of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhome.core.files.actions import move_files
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import note_step, start
from unionhome.kit.codes import mask_numbers
from unionhome.services.deeds import queries
from unionhome.services.deeds.actions.locking import (
    Proof,
    due_after,
    is_repeat,
    item_of,
    journal,
    keep_proofs,
    lock_deed,
    prepare_proofs,
    refresh_item,
    step,
    today_of,
)
from unionhome.services.deeds.actions.tying import tie_all
from unionhome.services.deeds.models import Deed, Origin, YearSerial
from unionhome.services.deeds.rules import check_past, check_people, check_words, number_of, refuse_at
from unionhome.services.deeds.workflow import TABLE

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is wanted, where, for how many people, and where the wish came from."""

    title: str
    wanted: str
    origin: str
    people_count: int
    place_text: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """On whose list of which year it goes, decided on which day, done by which union; whether everybody reads it."""

    owner: Node
    year: int
    listed_on: date
    node: Node
    is_open: bool = True


def _facts(given: Proposal) -> dict[str, str | int]:
    """The facts, checked; what is kept unsealed holds no long numbers. Raises BadInput at the field."""
    if given.origin not in Origin.values:
        raise refuse_at("origin", "请选这件事从哪里来。")
    return {
        "title": mask_numbers(check_words("title", given.title, "请写办什么事。"))[:60],
        "wanted": mask_numbers(check_words("wanted", given.wanted, "请写职工要什么。"))[:500],
        "origin": given.origin,
        "place_text": mask_numbers(given.place_text.strip())[:80],
        "expected_people_count": check_people("people_count", given.people_count),
    }


def propose_deed(
    actor: Actor,
    node: Node,
    given: Proposal,
    *,
    proofs: Sequence[Proof] = (),
    case_ids: Sequence[int] = (),
    submit_key: str = "",
) -> Deed:
    """Collect a deed at a union, with the needs it answers. Twice the same form is one deed.

    Raises Forbidden, BadInput at the field, and what `tie_needs` does.
    """
    actor.require("deeds.handle", node.path)
    facts = _facts(given)
    earlier = _find_earlier(actor, submit_key)
    if earlier is not None:
        return earlier
    prepared = prepare_proofs(actor, proofs, node)
    with transaction.atomic():
        serial = _lock_serial(actor)
        earlier = _find_earlier(actor, submit_key)
        if earlier is not None:
            return earlier
        serial.last += 1
        serial.save(update_fields=["last"])
        deed = Deed.objects.create(
            number=number_of(serial.year, serial.last),
            node=node,
            state=TABLE.initial,
            opened_at=actor.at,
            opened_on=today_of(actor),
            submit_key=submit_key or None,
            **facts,
        )
        keep_proofs(actor, deed, prepared)
        start(actor, TABLE, deed, item_of(deed))
        tie_all(actor, deed, case_ids)
    return deed


def _find_earlier(actor: Actor, submit_key: str) -> Deed | None:
    """What the same form made before; nobody else's. Raises BadInput for a key that another account used."""
    earlier = Deed.objects.select_related("node", "owner").filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and not actor.may("deeds.handle", earlier.node.path):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return earlier


def _lock_serial(actor: Actor) -> YearSerial:
    """The serial of the year, held until the transaction ends."""
    year = today_of(actor).year
    YearSerial.objects.get_or_create(year=year)
    return YearSerial.objects.select_for_update().get(year=year)


@transaction.atomic
def edit_deed(actor: Actor, deed_id: int, given: Proposal, *, submit_key: str = "") -> Deed:
    """Write the facts anew while it stands on no list. Raises BadInput at the field, also for one that is listed."""
    deed = lock_deed(actor, deed_id)
    if is_repeat(actor, deed, "edit", submit_key):
        return deed
    if deed.state != TABLE.initial:
        raise BadInput("已经列入清单的，不能再改写。", "already-listed")
    for name, value in _facts(given).items():
        setattr(deed, name, value)
    deed.save()
    note_step(actor, TABLE, deed, "edit", submit_key)
    refresh_item(actor, deed)
    journal(actor, deed, "edited", "改写实事")
    return deed


@transaction.atomic
def list_deed(actor: Actor, deed_id: int, given: Listing, *, submit_key: str = "") -> Deed:
    """Put it on the list of a year: of the union that proposed it, or of a federation above, which may give it to
    another union of its branch.

    Raises Forbidden without the permission on the list's union, BadInput at the field.
    """
    deed = lock_deed(actor, deed_id, "deeds.list")
    if is_repeat(actor, deed, "list", submit_key):
        return deed
    actor.require("deeds.list", given.owner.path)
    _check_listing(actor, deed, given)
    step(
        actor,
        deed,
        "list",
        submit_key=submit_key,
        said=f"列入{given.owner.name}{given.year}年清单",
        owner=given.owner,
        node=given.node,
        year=given.year,
        listed_on=given.listed_on,
        is_open=given.is_open,
        due_at=due_after(actor, "take_days", given.node),
    )
    move_files(actor, deed, node=given.node)
    journal(actor, deed, "given", "交给工会办", year=given.year, list_of=given.owner.name, union=given.node.name)
    return deed


def _check_listing(actor: Actor, deed: Deed, given: Listing) -> None:
    today = timezone.localdate(actor.at)
    if not FIRST_YEAR <= given.year <= today.year + 1:
        raise refuse_at("year", f"请写 {FIRST_YEAR} 到 {today.year + 1} 之间的年份。")
    check_past("listed_on", given.listed_on, today, None)
    if given.owner not in queries.list_owners(actor, deed):
        raise refuse_at("owner", "只能列入提出它的工会或者它上级工会的清单。")
    if not given.node.path.startswith(given.owner.path):
        raise refuse_at("union", f"请选{given.owner.name}或者它下级的工会来办。")
