"""Changing a fact of a file: by the union, or asked for by the member and checked by the union."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.actions import release_phone
from unionhome.core.journal.actions import record
from unionhome.core.members.models import Correction, Person
from unionhome.core.members.queries.files import get_clear_values, get_person
from unionhome.core.members.queries.lookups import get_answer_by
from unionhome.core.members.queries.matters import get_correction
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.rules import facts, sealed
from unionhome.core.members.rules.codes import Source
from unionhome.core.members.workflow import CORRECTION
from unionhome.core.registry import Actor, BadInput, Refused, require_strong
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit import crypto
from unionhome.kit.codes import mask_name
from unionhome.kit.pinyin import initials

UNMASK = "members.unmask"


@transaction.atomic
def correct_facts(actor: Actor, person_id: int, changes: Mapping[str, str]) -> Person:
    """Set facts of a member's file; each gets 工会更正 and today as its source. Unchanged values stay as they are.

    Another phone needs the second factor: it decides who may sign in as the person. Raises NotFound out of scope,
    Forbidden, BadInput at the field named after the fact.
    """
    person = get_person(actor, person_id)
    actor.require("members.correct", person.node.path)
    if "phone" in changes:
        require_strong(actor, UNMASK)
    return set_facts(actor, person, changes, Source.UNION)


def set_facts(actor: Actor, person: Person, changes: Mapping[str, str], source: Source) -> Person:
    """Set facts of a person whom the caller may correct; each gets the source and today. Raises BadInput."""
    person = Person.objects.select_for_update(of=("self",)).select_related("node").get(pk=person.pk)
    today = timezone.localdate(actor.at)
    before = get_clear_values(person)
    wrong: dict[str, str] = {}
    cleaned: dict[str, str] = {}
    for key, value in changes.items():
        try:
            cleaned[key] = facts.clean(key, value, today)
        except BadInput as refused:
            wrong[key] = refused.sentence
    if wrong:
        raise BadInput("有几项要改一下，您填写的都还在。", fields=wrong)
    changed = {key: value for key, value in cleaned.items() if value != before[key]}
    if not changed:
        return person
    for key, value in changed.items():
        _set(person, key, value)
    person.sources = {
        **person.sources,
        **{key: [str(source), today.isoformat()] for key in changed},
    }
    person.save()
    _journal(actor, person, before, changed)
    return person


def _set(person: Person, key: str, value: str) -> None:
    columns: dict[str, object] = {key: value}
    if key == "phone":
        columns = sealed.phone_fields(value)
    elif key == "address":
        columns = sealed.address_fields(value)
    elif key == "name":
        columns["name_initials"] = initials(value)
    elif key == "is_migrant":
        columns = {key: value == "yes"}
    for name, column in columns.items():
        setattr(person, name, column)


def _journal(actor: Actor, person: Person, before: Mapping[str, str], changed: Mapping[str, str]) -> None:
    labels = "、".join(facts.BY_KEY[key].label for key in changed)
    record(
        actor,
        "members.member.corrected",
        node=person.node,
        about=person,
        subject_id=person.pk,
        summary=f"更正了{mask_name(person.name)}的{labels}",
        data={
            key: [
                facts.show(key, before[key], masked=True),
                facts.show(key, value, masked=True),
            ]
            for key, value in changed.items()
        },
    )


@transaction.atomic
def release_account(actor: Actor, person_id: int) -> bool:
    """Take the phone off the account of a member and end its sessions; False where none was bound.

    Needs members.correct and the second factor. Raises NotFound out of scope, Forbidden.
    """
    person = get_person(actor, person_id)
    actor.require("members.correct", person.node.path)
    require_strong(actor, UNMASK)
    return release_phone(actor, person.pk)


@transaction.atomic
def request_correction(actor: Actor, *, fact: str, value: str, note: str = "", submit_key: str = "") -> Correction:
    """The member asks the union to change one fact of the own file. Raises BadInput, or Refused while one is open."""
    earlier = Correction.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.person_id == actor.person_id:
        return earlier
    person = get_own_person(actor)
    cleaned = facts.clean(fact, value, timezone.localdate(actor.at))
    if cleaned == get_clear_values(person)[fact]:
        raise BadInput("和登记的一样，不用更正。", fields={"value": "和登记的一样"})
    if len(note) > 200:
        raise BadInput("说明最多200个字。", fields={"note": "说明最多200个字"})
    answer = get_answer_by(actor, person.node)
    correction = Correction(
        person=person,
        node=person.node,
        state=CORRECTION.initial,
        fact=fact,
        value_sealed=crypto.seal(cleaned, field=sealed.CORRECTION),
        note=note.strip(),
        submitted_at=actor.at,
        due_at=answer.at,
        is_provisional=answer.is_provisional,
        submit_key=submit_key or None,
    )
    try:
        with transaction.atomic():
            correction.save()
    except IntegrityError as error:
        raise Refused("这一项已经申请过更正，工会还在核对。", "correction-open") from error
    start(actor, CORRECTION, correction, _item_of(correction))
    return correction


def _item_of(correction: Correction) -> ItemFacts:
    """What the inbox shows of a request."""
    label = facts.BY_KEY[correction.fact].label
    return ItemFacts(
        node=correction.node,
        title=f"{mask_name(correction.person.name)}申请更正{label}",
        url=reverse("members:correction", args=[correction.pk]),
        kind_label="更正",
        icon="edit",
        due_at=correction.due_at,
        is_provisional=correction.is_provisional,
        origin="手机申请",
        subject_id=correction.person_id,
    )


@transaction.atomic
def accept_correction(actor: Actor, correction_id: int, *, submit_key: str = "") -> Correction:
    """Take the member's value; its source becomes 本人更正."""
    correction = get_correction(actor, correction_id)
    step = move(actor, CORRECTION, correction, "accept", item=_item_of(correction), submit_key=submit_key)
    if correction.decided_at is None and step.to_state == correction.state:
        value = sealed.open_text(correction.value_sealed, sealed.CORRECTION)
        set_facts(actor, correction.person, {correction.fact: value}, Source.PERSON)
        _decide(actor, correction)
    return correction


@transaction.atomic
def decline_correction(actor: Actor, correction_id: int, *, reason: str, submit_key: str = "") -> Correction:
    """Leave the fact as it is; the member sees why."""
    correction = get_correction(actor, correction_id)
    move(
        actor,
        CORRECTION,
        correction,
        "decline",
        item=_item_of(correction),
        reason=reason[:200],
        submit_key=submit_key,
    )
    _decide(actor, correction)
    return correction


@transaction.atomic
def cancel_correction(actor: Actor, correction_id: int) -> Correction:
    """The member takes the request back."""
    correction = (
        Correction.objects.select_related("node", "person")
        .filter(pk=correction_id, person=get_own_person(actor))
        .first()
    )
    if correction is None:
        raise BadInput("没有这份更正申请，请刷新页面再试。")
    move(actor, CORRECTION, correction, "cancel", item=_item_of(correction))
    _decide(actor, correction)
    return correction


def _decide(actor: Actor, correction: Correction) -> None:
    correction.decided_at = correction.decided_at or actor.at
    correction.save(update_fields=["decided_at"])
