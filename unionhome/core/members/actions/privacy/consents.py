"""Giving a consent and taking it back: as easy the one as the other."""

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.members.models import Consent, Person
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.rules.privacy import Purpose, find_purpose
from unionhome.core.registry import Actor, Refused
from unionhome.kit.codes import mask_name


@transaction.atomic
def give_consent(actor: Actor, purpose: str) -> Consent:
    """The member agrees to a purpose in its present version. One that stands is left as it is."""
    found, person = find_purpose(purpose), _lock(actor)
    consent, created = Consent.objects.get_or_create(
        person=person,
        purpose=found.code,
        withdrawn_at=None,
        defaults={"version": found.version, "given_at": actor.at},
    )
    if created:
        _journal(actor, person, consent, found, "given", "同意")
    return consent


@transaction.atomic
def withdraw_consent(actor: Actor, purpose: str) -> Consent | None:
    """The member takes a consent back. Raises Refused for one that membership itself rests on; None if none stood."""
    found, person = find_purpose(purpose), _lock(actor)
    if found.ends_by:
        raise Refused(f"“{found.label}”是入会的条件，{found.ends_by}。", "consent-needed")
    consent = Consent.objects.filter(person=person, purpose=found.code, withdrawn_at=None).first()
    if consent is not None:
        consent.withdrawn_at = actor.at
        consent.save(update_fields=["withdrawn_at"])
        _journal(actor, person, consent, found, "withdrawn", "撤回同意")
    return consent


def _lock(actor: Actor) -> Person:
    person = get_own_person(actor)
    return Person.objects.select_for_update(of=("self",)).select_related("node").get(pk=person.pk)


def _journal(actor: Actor, person: Person, consent: Consent, purpose: Purpose, verb: str, word: str) -> None:
    record(
        actor,
        f"members.consent.{verb}",
        node=person.node,
        about=consent,
        subject_id=person.pk,
        summary=f"{mask_name(person.name)}{word}“{purpose.label}”",
        data={"purpose": purpose.code, "version": consent.version},
    )
