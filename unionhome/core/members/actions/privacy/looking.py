"""Opening what is masked. The only way to clear text: each opening is journaled and stays visible to the person."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from unionhome.core.access.actions import limit
from unionhome.core.journal.actions import record
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import AccessRecord, Application, Person
from unionhome.core.members.queries.exports import Export, get_export
from unionhome.core.members.queries.files import get_clear_values, get_person
from unionhome.core.members.queries.matters import get_application
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.rules import privacy, sealed
from unionhome.core.members.rules.codes import Part, Reason
from unionhome.core.members.rules.joining import PROBE_MINUTES, PROBES
from unionhome.core.registry import Actor, require_strong
from unionhome.core.tree.models import Node
from unionhome.kit.codes import mask_name

UNMASK = "members.unmask"


def _hidden_from(actor: Actor, node: Node) -> str:
    """The branch that does not learn of a look: the person's own union, where a union above it or beside it looks.

    A look from above may mean that the person complained about the employer.
    """
    return "" if actor.node_path.startswith(node.path) else node.path


@transaction.atomic
def view_file(actor: Actor, person_id: int) -> Person:
    """Open the masked file of a person of the actor's branches: noted once per account and hour. Raises NotFound."""
    person = get_person(actor, person_id)
    since = actor.at - timedelta(minutes=privacy.VIEW_AGAIN_MINUTES)
    seen = AccessRecord.objects.filter(person=person, user_id=actor.user_id, part=Part.MASKED, at__gt=since)
    if not actor.is_system and not seen.exists():
        entry = record(
            actor,
            "members.file.viewed",
            node=person.node,
            about=person,
            subject_id=person.pk,
            summary=f"看了{mask_name(person.name)}的档案（遮住证件和电话）",
            hidden_path=_hidden_from(actor, person.node),
        )
        _note(actor, entry, [Part.MASKED], person=person)
    return person


@transaction.atomic
def open_file(
    actor: Actor,
    person_id: int,
    *,
    reason: str,
    reason_text: str = "",
    parts: tuple[str, ...],
) -> dict[str, str]:
    """Hand out the clear text of `parts` (name, document, phone, birth_on, address) of a person.

    Needs members.unmask on the branch and the second factor; the person sees union, post, reason and parts.
    Raises NotFound out of scope, Forbidden, BadInput without a reason.
    """
    person = get_person(actor, person_id)
    actor.require(UNMASK, person.node.path)
    require_strong(actor, UNMASK)
    reason, reason_text = privacy.check_reason(reason, reason_text)
    opened = privacy.check_parts(parts)
    entry = _record_opening(
        actor,
        "members.file.opened",
        person.node,
        person,
        person.name,
        opened,
        reason,
        reason_text,
        subject_id=person.pk,
    )
    _note(actor, entry, opened, person=person, reason=reason, reason_text=reason_text)
    values = get_clear_values(person)
    return {part: values[part] for part in opened}


@transaction.atomic
def open_application(
    actor: Actor,
    application_id: int,
    *,
    reason: str,
    reason_text: str = "",
    parts: tuple[str, ...],
) -> dict[str, str]:
    """As `open_file`, for an application that no union has agreed to yet. The applicant sees it, member or not."""
    application = get_application(actor, application_id)
    actor.require(UNMASK, application.node.path)
    require_strong(actor, UNMASK)
    reason, reason_text = privacy.check_reason(reason, reason_text)
    opened = privacy.check_parts(parts)
    person_id = application.membership.person_id if application.membership else None
    entry = _record_opening(
        actor,
        "members.application.opened_facts",
        application.node,
        application,
        application.name,
        opened,
        reason,
        reason_text,
        subject_id=person_id,
    )
    _note(
        actor,
        entry,
        opened,
        application=application,
        person_id=person_id,
        reason=reason,
        reason_text=reason_text,
    )
    sent = sealed.open_sent(application.facts_sealed)
    values = {"name": application.name, "document": sent.document, "phone": sent.phone}
    return {part: values[part] for part in opened if part in values}


def _record_opening(
    actor: Actor,
    kind: str,
    node: Node,
    about: Person | Application,
    name: str,
    parts: Iterable[Part],
    reason: str,
    reason_text: str,
    *,
    subject_id: int | None,
) -> Entry:
    seen = "、".join(part.label for part in parts)
    why = reason_text if reason == Reason.OTHER else Reason(reason).label
    return record(
        actor,
        kind,
        node=node,
        about=about,
        subject_id=subject_id,
        summary=f"看了{mask_name(name)}的{seen}，原因：{why}"[:300],
        data={"parts": [str(part) for part in parts], "reason": reason, "text": reason_text},
        hidden_path=_hidden_from(actor, node),
    )


def _note(actor: Actor, entry: Entry, parts: Iterable[Part], **about: Any) -> None:
    AccessRecord.objects.bulk_create(
        AccessRecord(
            at=actor.at,
            user_id=actor.user_id,
            union_name=actor.node_name,
            post=actor.post,
            part=part,
            entry_id=entry.pk,
            hidden_path=entry.hidden_path,
            **about,
        )
        for part in parts
    )


def count_probe(actor: Actor) -> None:
    """Count a document that is nobody's in the actor's sight among the tries of the hour. Raises TooMany."""
    limit(actor, "members.probe", str(actor.user_id), PROBES, PROBE_MINUTES)


@transaction.atomic
def probe(actor: Actor, person: Person | None) -> None:
    """Note that somebody out of sight of the file learnt that its person is a member. Raises TooMany.

    A document that leads to nobody (None) is asked for no less: it counts alike. The caller refuses afterwards, outside
    of any transaction that would take this back.
    """
    count_probe(actor)
    if person is None:
        said = "填了一个证件号码，没有找到在别的工会入会的人"
        record(actor, "members.membership.probed", node=None, summary=said)
        return
    entry = record(
        actor,
        "members.membership.probed",
        node=person.node,
        about=person,
        subject_id=person.pk,
        summary=f"有人填了{mask_name(person.name)}的证件号码，只看到“已在其他工会入会”",
    )
    _note(
        actor,
        entry,
        [Part.EXISTS],
        person=person,
        reason=Reason.MEMBERSHIP if actor.node_id else "",
    )


@transaction.atomic
def note_probes(actor: Actor, indexes: Sequence[str]) -> None:
    """As `probe`, for the documents of a roster: each person sees that a union met them, by the documents' indexes."""
    met = Person.objects.filter(document_index__in=indexes).select_related("node", "merged_into__node")
    found = list({person.pk: person for person in (row.merged_into or row for row in met)}.values())
    if not found or actor.is_system:
        return
    entry = record(
        actor,
        "members.membership.probed",
        node=None,
        summary=f"登记名册时有{len(found)}人只看到“已在其他工会入会”",
        data={"count": len(found)},
    )
    for person in found:
        _note(actor, entry, [Part.EXISTS], person=person, reason=Reason.MEMBERSHIP)


@transaction.atomic
def open_own_file(actor: Actor, part: str) -> dict[str, str]:
    """Show the member one masked part of the own file. Journaled; not listed among those who looked."""
    person = get_own_person(actor)
    (opened,) = privacy.check_parts((part,))
    record(
        actor,
        "members.file.opened_by_owner",
        node=person.node,
        about=person,
        subject_id=person.pk,
        summary=f"{mask_name(person.name)}本人看了{opened.label}",
        data={"parts": [str(opened)]},
    )
    return {opened: get_clear_values(person)[opened]}


@transaction.atomic
def export_own_file(actor: Actor) -> Export:
    """Everything the register holds of the actor's own person, in clear words, for download. Raises NotFound."""
    person = get_own_person(actor)
    record(
        actor,
        "members.file.exported",
        node=person.node,
        about=person,
        subject_id=person.pk,
        summary=f"{mask_name(person.name)}本人导出了自己的资料",
    )
    return get_export(actor, person)


@transaction.atomic
def note_phone_shown(actor: Actor, person_id: int, entry: Entry, *, reason_text: str = "") -> None:
    """Let the person see that a union handling a matter looked at the phone; `entry` is the journal's."""
    _note(actor, entry, [Part.PHONE], person_id=person_id, reason=Reason.MATTER, reason_text=reason_text)


@transaction.atomic
def note_sealed_opened(actor: Actor, person_id: int, entry: Entry, *, reason_text: str) -> None:
    """Let the person see that somebody opened a sealed note of a matter; `entry` is the journal's."""
    _note(actor, entry, [Part.SEALED_NOTE], person_id=person_id, reason=Reason.MATTER, reason_text=reason_text)


@transaction.atomic
def note_attachment_read(actor: Actor, person_id: int, entry: Entry) -> None:
    """Let the person see that a union handling a matter looked at what was attached; `entry` is the journal's."""
    _note(actor, entry, [Part.ATTACHMENT], person_id=person_id, reason=Reason.MATTER)
