"""Entering a person and a membership: the one place where both are made, for one applicant or for a roster."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Entry, Source, Status
from unionhome.core.members.rules.joining import counting_day
from unionhome.core.organizations.models import Employer
from unionhome.core.periods.queries import list_open_since
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.codes import Document, mask_numbers
from unionhome.kit.pinyin import initials


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is known of somebody who becomes a member of a union."""

    node: Node
    name: str
    document: Document
    phone: str
    source: Source
    on: date
    employer: Employer | None = None
    employer_text: str = ""
    facts: Mapping[str, object] | None = None


def build_person(actor: Actor, new: NewMember) -> Person:
    """An unsaved person of the register."""
    person = Person(
        node=new.node,
        name=new.name,
        name_initials=initials(new.name),
        birth_on=new.document.birth_on,
        sex=new.document.sex or "",
        source=new.source,
        source_on=timezone.localdate(actor.at),
        created_at=actor.at,
        **sealed.document_fields(new.document.kind, new.document.number),
        **sealed.phone_fields(new.phone),
        **dict(new.facts or {}),
    )
    if new.document.birth_on:
        known = [Source.DOCUMENT, person.source_on.isoformat()]
        person.sources = {"birth_on": known, "sex": known}
    return person


def build_membership(actor: Actor, person: Person, new: NewMember, open_since: date | None) -> Membership:
    """An unsaved membership of a saved person, with the card that the person keeps for life.

    `open_since` is the day after the last closed one of the union.
    """
    return Membership(
        person=person,
        node=new.node,
        employer=new.employer,
        employer_text="" if new.employer else mask_numbers(new.employer_text),
        card_no=sealed.card_number(settings.ROOT_CODE, person.pk),
        entry=Entry.JOINED,
        joined_on=new.on,
        counts_on=counting_day(new.on, open_since),
        status=Status.ACTIVE,
        created_at=actor.at,
    )


def enter(actor: Actor, new: NewMember) -> Membership:
    """Make a person of somebody new, or take the known one, and open the membership.

    Raises Refused where the register knows the document under another name. The database refuses a second membership.
    """
    index = sealed.document_index(new.document.kind, new.document.number)
    stays = Person.objects.filter(document_index=index).values("merged_into")
    person = (
        Person.objects.select_for_update()
        .filter(Q(document_index=index) | Q(pk__in=stays), merged_into__isnull=True)
        .first()
    )
    if person is None:
        person = build_person(actor, new)
    elif person.name != new.name:
        raise Refused("这个证件号码登记的是另一个姓名，请和本人核对证件。", "name-differs")
    else:
        _refresh(actor, person, new)
    person.save()
    membership = build_membership(actor, person, new, list_open_since([new.node.pk]).get(new.node.pk))
    membership.save()
    return membership


def _refresh(actor: Actor, person: Person, new: NewMember) -> None:
    """Somebody who was a member before comes back: phone and facts are the new ones."""
    today = timezone.localdate(actor.at).isoformat()
    changed = {**sealed.phone_fields(new.phone), **dict(new.facts or {})}
    for name, value in changed.items():
        setattr(person, name, value)
    person.sources = {
        **person.sources,
        **{key: [new.source, today] for key in ("phone", *(new.facts or ()))},
    }
    person.node = new.node
