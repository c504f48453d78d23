"""Closing one stay and opening the next, and the changes a union records by itself: retained, back to active, a death."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.members.actions.standing.resting import end_what_rests_on_it, follow_members
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries.files import get_person
from unionhome.core.members.queries.standing import get_standing
from unionhome.core.members.rules import standing as rules
from unionhome.core.members.rules.codes import STANDING, Entry, Held, Source, Status
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.codes import mask_name, mask_numbers

CHANGED = "这个人的会籍刚刚变了，请刷新看看。"


def close_membership(
    membership: Membership, status: Status, *, on: date, reason: str = "", happened_on: date | None = None
) -> None:
    """End a standing membership as of a day. Raises Refused where somebody ended it meanwhile."""
    ended = Membership.objects.filter(pk=membership.pk, status__in=STANDING).update(
        status=status, left_on=max(on, membership.joined_on), reason=mask_numbers(reason), happened_on=happened_on
    )
    if not ended:
        raise Refused(CHANGED, "membership-changed")
    membership.refresh_from_db()


def open_membership(
    actor: Actor,
    before: Membership,
    entry: Entry,
    *,
    node: Node | None = None,
    employer: Employer | None = None,
    employer_text: str = "",
    retained: bool = False,
    happened_on: date | None = None,
) -> Membership:
    """The stay that follows a closed one: card kept, first day the last one's end; the file and what is under way go to
    its union.

    Within the same union employer and post are kept, elsewhere they are those given.
    """
    stays = node is None or node.pk == before.node_id
    joined_on = before.left_on or timezone.localdate(actor.at)
    membership = Membership(
        person=before.person,
        node=before.node if node is None else node,
        employer=before.employer if stays else employer,
        employer_text=before.employer_text if stays else "" if employer else mask_numbers(employer_text),
        union_post=before.union_post if stays and not retained else "",
        card_no=before.card_no,
        entry=entry,
        joined_on=joined_on,
        counts_on=max(joined_on, before.counts_on),
        status=Status.RETAINED if retained else Status.ACTIVE,
        held=Held.RETAINED if retained else Held.ACTIVE,
        happened_on=happened_on,
        created_at=actor.at,
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise Refused(CHANGED, "membership-changed") from error
    Person.objects.filter(pk=before.person_id).update(node=membership.node)
    follow_members(actor, [before.person_id])
    return membership


@transaction.atomic
def retain_member(actor: Actor, person_id: int, *, reason: str, on: date | None, note: str = "") -> Membership:
    """Keep the membership of somebody retired or out of work: counted, no dues. `on` is the day of what happened.

    Raises NotFound out of scope, Forbidden, BadInput at the fields, Refused where the standing does not allow it.
    """
    person, membership = _take(actor, person_id, "members.retain")
    if _is_repeat(actor, membership, Entry.RETAINED):
        return membership
    _refuse("retain", person, membership)
    reason = rules.check_choice(reason, rules.RetainReason, "reason")
    day = rules.check_day(on, since=None, today=timezone.localdate(actor.at))
    words = _words(rules.RetainReason(reason).label, rules.check_text(note, "note", longest=120))
    close_membership(membership, Status.CONTINUED, on=timezone.localdate(actor.at), reason=words, happened_on=day)
    kept = open_membership(actor, membership, Entry.RETAINED, retained=True, happened_on=day)
    _set_employment(actor, person, rules.EMPLOYMENT_AFTER.get(reason, ""))
    _journal(actor, kept, "members.member.retained", "转为保留会籍", words)
    return kept


@transaction.atomic
def resume_member(actor: Actor, person_id: int, *, note: str = "") -> Membership:
    """A retained member works again: back to active in the same union. Raises as `retain_member` does."""
    person, membership = _take(actor, person_id, "members.retain")
    if _is_repeat(actor, membership, Entry.RESUMED):
        return membership
    _refuse("resume", person, membership)
    words = _words("恢复在会", rules.check_text(note, "note", longest=120))
    close_membership(membership, Status.CONTINUED, on=timezone.localdate(actor.at), reason=words)
    resumed = open_membership(actor, membership, Entry.RESUMED)
    _set_employment(actor, person, "on_post")
    _journal(actor, resumed, "members.member.resumed", "恢复在会", words)
    return resumed


@transaction.atomic
def record_death(actor: Actor, person_id: int, *, on: date | None, proof: str) -> Membership:
    """Close the membership of somebody who died (注销). The file and the card stay with their history.

    The membership ends on the day of recording; `on`, the day of death, stands beside it. Raises as `retain_member`.
    """
    person = get_person(actor, person_id)
    actor.require("members.record_death", person.node.path)
    ended = Membership.objects.filter(person=person, status=Status.DECEASED).order_by("-pk").first()
    if ended is not None:
        return ended
    _, membership = _take(actor, person_id, "members.record_death")
    proof = rules.check_choice(proof, rules.DeathProof, "proof")
    day = rules.check_day(on, since=person.birth_on, today=timezone.localdate(actor.at))
    words = f"{day:%Y-%m-%d}去世，凭{rules.DeathProof(proof).label}"
    close_membership(membership, Status.DECEASED, on=timezone.localdate(actor.at), reason=words, happened_on=day)
    end_what_rests_on_it(actor, [person.pk], "会籍已经注销")
    _journal(actor, membership, "members.member.deceased", "会籍注销", words)
    return membership


def _take(actor: Actor, person_id: int, permission: str) -> tuple[Person, Membership]:
    person = get_person(actor, person_id)
    actor.require(permission, person.node.path)
    membership = lock_membership(person.pk)
    if membership is None:
        raise Refused("这个人现在不在会，会籍没有可办的。", "no-member")
    return person, membership


def lock_membership(person_id: int) -> Membership | None:
    """The standing membership, kept from others until the transaction ends."""
    rows = Membership.objects.select_for_update(of=("self",)).filter(person=person_id, status__in=STANDING)
    return rows.select_related("node", "employer", "person__node").first()


def _is_repeat(actor: Actor, membership: Membership, entry: Entry) -> bool:
    """Whether the same was done today already: a form sent twice does nothing twice."""
    return membership.entry == entry and membership.joined_on == timezone.localdate(actor.at)


def _refuse(step: str, person: Person, membership: Membership) -> None:
    sentence = rules.step_fault(step, get_standing(person, membership))
    if sentence:
        raise Refused(sentence, f"not-now-{step}")


def _words(label: str, note: str) -> str:
    return f"{label}：{note}" if note else label


def _set_employment(actor: Actor, person: Person, state: str) -> None:
    if not state or person.employment_state == state:
        return
    told = [str(Source.UNION), timezone.localdate(actor.at).isoformat()]
    Person.objects.filter(pk=person.pk).update(
        employment_state=state, sources={**person.sources, "employment_state": told}
    )


def _journal(actor: Actor, membership: Membership, kind: str, what: str, reason: str) -> None:
    on = membership.left_on or membership.joined_on
    record(
        actor,
        kind,
        node=membership.node,
        about=membership,
        subject_id=membership.person_id,
        summary=f"{mask_name(membership.person.name)}{what}：{reason}",
        data={"status": membership.status, "on": on.isoformat()},
    )
