"""Taking a deed with a day, adding evidence, and saying that it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from unionhome.core.records.models import BeneficiaryKind
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.workflow.actions import note_step
from unionhome.kit.codes import mask_numbers
from unionhome.services.deeds import queries
from unionhome.services.deeds.actions.locking import (
    Prepared,
    Proof,
    due_after,
    end_of,
    is_repeat,
    journal,
    keep_proofs,
    lock_deed,
    prepare_proofs,
    step,
    today_of,
)
from unionhome.services.deeds.models import Deed, Stage
from unionhome.services.deeds.rules import (
    check_cost,
    check_past,
    check_people,
    check_promise,
    check_times,
    check_words,
    refuse_at,
)
from unionhome.services.deeds.workflow import TABLE

CHECKED = ("checked", "struck_off", "rated", "published", "kept", "dropped")


@dataclass(frozen=True, slots=True)
class Done:
    """What was done and when; `people_count` people were served, `times` times in all (None: once each); what it cost
    in fen and where the money came from."""

    on: date
    text: str
    people_count: int
    cost_fen: int | None
    cost_source: str = ""
    times: int | None = None
    people_kind: str = BeneficiaryKind.WORKER


@transaction.atomic
def take_deed(actor: Actor, deed_id: int, *, taken_on: date, due_on: date, submit_key: str = "") -> Deed:
    """The union takes it, and promises a day. Raises BadInput at the field."""
    deed = lock_deed(actor, deed_id)
    if is_repeat(actor, deed, "take", submit_key):
        return deed
    check_past("taken_on", taken_on, today_of(actor), deed.listed_on)
    check_promise(due_on, taken_on)
    step(
        actor,
        deed,
        "take",
        submit_key=submit_key,
        said=f"认领，{due_on:%Y-%m-%d} 以前办成",
        taken_on=taken_on,
        due_on=due_on,
        due_at=end_of(due_on),
    )
    journal(actor, deed, "promised", "答应办成的日子", due_on=due_on.isoformat(), union=deed.node.name)
    return deed


def add_evidence(actor: Actor, deed_id: int, proofs: Sequence[Proof], *, submit_key: str = "") -> Deed:
    """Add pictures or papers until it was checked. Raises BadInput at the field, Refused afterwards."""
    deed = queries.get_handled_deed(actor, deed_id)
    if is_repeat(actor, deed, "evidence", submit_key):
        return deed
    if not proofs:
        raise refuse_at("photos", "请选照片或者凭据。", "evidence-missing")
    _refuse_checked(deed)
    prepared = prepare_proofs(actor, proofs, deed.node)
    with transaction.atomic():
        deed = lock_deed(actor, deed_id)
        if is_repeat(actor, deed, "evidence", submit_key):
            return deed
        _refuse_checked(deed)
        keep_proofs(actor, deed, prepared)
        note_step(actor, TABLE, deed, "evidence", submit_key)
        journal(actor, deed, "shown", "放照片和凭据", files=len(prepared))
    return deed


def _refuse_checked(deed: Deed) -> None:
    if deed.state in CHECKED:
        raise Refused("已经核验过的，不能再放照片和凭据。", "already-checked")


def finish_deed(actor: Actor, deed_id: int, given: Done, *, proofs: Sequence[Proof] = (), submit_key: str = "") -> Deed:
    """Say that it is done, with evidence, people and cost; then others check it.

    Raises BadInput at the field: without a picture afterwards or a paper, fewer times than people, money from nowhere.
    """
    deed = queries.get_handled_deed(actor, deed_id)
    if is_repeat(actor, deed, "finish", submit_key):
        return deed
    _check_done(actor, deed, given)
    prepared = prepare_proofs(actor, proofs, deed.node)
    with transaction.atomic():
        return _finish(actor, deed_id, given, prepared, submit_key)


def _check_done(actor: Actor, deed: Deed, given: Done) -> int:
    """How many times somebody was served. Raises BadInput."""
    check_words("text", given.text, "请写办成了什么。")
    check_past("done_on", given.on, today_of(actor), deed.taken_on)
    check_people("people_count", given.people_count)
    check_cost(given.cost_fen, given.cost_source)
    if given.people_kind not in BeneficiaryKind.values:
        raise BadInput("请选受益的是哪些人。", "bad-kind", fields={"people_kind": "请选受益的是哪些人。"})
    return check_times(given.people_count, given.times)


def _finish(actor: Actor, deed_id: int, given: Done, prepared: Sequence[Prepared], submit_key: str) -> Deed:
    deed = lock_deed(actor, deed_id)
    if is_repeat(actor, deed, "finish", submit_key):
        return deed
    times = _check_done(actor, deed, given)
    shown = queries.list_evidence(deed)
    if not (shown[Stage.AFTER] or shown[Stage.PAPER] or any(each.stage != Stage.BEFORE for each in prepared)):
        raise refuse_at("photos", "请放一张办成以后的照片，或者一份凭据。", "evidence-missing")
    step(
        actor,
        deed,
        "finish",
        submit_key=submit_key,
        done_on=given.on,
        done_text=mask_numbers(given.text.strip())[:500],
        people_count=given.people_count,
        service_count=times,
        people_kind=given.people_kind,
        cost_fen=given.cost_fen,
        cost_source=mask_numbers(given.cost_source.strip())[:80],
        due_at=due_after(actor, "check_days", deed.node),
    )
    keep_proofs(actor, deed, prepared)
    journal(actor, deed, "accounted", "报受益人数和花费", people=given.people_count, cost_fen=given.cost_fen)
    return deed
