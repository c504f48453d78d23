"""Entering many members at once: checked row by row, written in a few statements, one journal entry a union."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.members.actions.privacy.looking import note_probes
from unionhome.core.members.actions.register.entering import NewMember, build_membership, build_person
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules import facts as fact_rules
from unionhome.core.members.rules import joining, sealed
from unionhome.core.members.rules.codes import STANDING, Source
from unionhome.core.organizations.models import Employer
from unionhome.core.periods.queries import list_open_since
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.codes import CodeError, Document, DocumentKind, parse_mobile

CHUNK = 500


@dataclass(frozen=True, slots=True)
class EnrolRow:
    """One member of a roster. `facts` are stored values by fact key; `employer_id` an employer of the register."""

    node_id: int
    name: str
    document: str
    phone: str = ""
    document_kind: str = DocumentKind.RESIDENT
    joined_on: date | None = None
    employer_id: int | None = None
    employer_text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    """What became of a row: the person's id, or why not. In the order of the rows."""

    person_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Ready:
    place: int
    new: NewMember
    index: str


@transaction.atomic
def enrol_many(actor: Actor, rows: Sequence[EnrolRow], *, source: Source = Source.ROSTER) -> list[EnrolOutcome]:
    """Make members of many people new to the register; one outcome a row, in order. Nobody is entered twice.

    A document that the register knows already is refused: in sight by name of the union, else only as a member
    elsewhere. Raises Forbidden where a union lies out of the actor's branches of members.enrol.
    """
    nodes = _nodes(actor, rows)
    employers = Employer.objects.in_bulk({row.employer_id for row in rows if row.employer_id})
    outcomes: list[EnrolOutcome] = [EnrolOutcome()] * len(rows)
    ready: list[_Ready] = []
    seen: set[str] = set()
    for place, row in enumerate(rows):
        try:
            new = _check(actor, row, nodes[row.node_id], employers, source)
        except BadInput as refused:
            outcomes[place] = EnrolOutcome(reason=next(iter(refused.fields.values()), refused.sentence))
            continue
        index = sealed.document_index(new.document.kind, new.document.number)
        if index in seen:
            outcomes[place] = EnrolOutcome(reason="这个证件号码在名册里出现了两次")
            continue
        seen.add(index)
        ready.append(_Ready(place, new, index))
    for start in range(0, len(ready), CHUNK):
        _enter(actor, ready[start : start + CHUNK], outcomes)
    _journal(actor, rows, outcomes, nodes)
    return outcomes


def _nodes(actor: Actor, rows: Sequence[EnrolRow]) -> dict[int, Node]:
    nodes = Node.objects.in_bulk({row.node_id for row in rows})
    for node in nodes.values():
        actor.require("members.enrol", node.path)
    return nodes


def _check(
    actor: Actor,
    row: EnrolRow,
    node: Node,
    employers: Mapping[int, Employer],
    source: Source,
) -> NewMember:
    today = timezone.localdate(actor.at)
    if sentence := joining.name_fault(row.name):
        raise BadInput(sentence)
    document = joining.read_document(row.document_kind, row.document, today)
    if sentence := joining.age_fault(document.birth_on, today):
        raise BadInput(sentence)
    joined_on = row.joined_on or today
    if joined_on > today:
        raise BadInput("入会日期在今天以后，请核对")
    return NewMember(
        node=node,
        name=row.name.strip(),
        document=document,
        phone=_phone(row.phone),
        source=source,
        on=joined_on,
        employer=employers.get(row.employer_id or 0),
        employer_text=row.employer_text,
        facts=_facts(row.facts, document, today),
    )


def _phone(text: str) -> str:
    try:
        return parse_mobile(text) if text.strip() else ""
    except CodeError as error:
        raise BadInput(error.sentence) from error


def _facts(given: Mapping[str, str], document: Document, today: date) -> dict[str, object]:
    columns: dict[str, object] = {}
    for key, value in given.items():
        text = fact_rules.clean(key, value, today)
        if key == "address":
            columns.update(sealed.address_fields(text))
        elif key == "is_migrant":
            columns[key] = text == "yes"
        else:
            columns[key] = text
    return columns


def _enter(actor: Actor, ready: list[_Ready], outcomes: list[EnrolOutcome]) -> None:
    known = _known(actor, [each.index for each in ready])
    note_probes(actor, [index for index, reason in known.items() if reason == joining.ELSEWHERE])
    fresh = [each for each in ready if each.index not in known]
    for each in ready:
        if each.index in known:
            outcomes[each.place] = EnrolOutcome(reason=known[each.index])
    persons = Person.objects.bulk_create([build_person(actor, each.new) for each in fresh])
    since = list_open_since({each.new.node.pk for each in fresh})
    Membership.objects.bulk_create(
        build_membership(actor, person, each.new, since.get(each.new.node.pk))
        for person, each in zip(persons, fresh, strict=True)
    )
    for person, each in zip(persons, fresh, strict=True):
        outcomes[each.place] = EnrolOutcome(person_id=person.pk)


def _known(actor: Actor, indexes: list[str]) -> dict[str, str]:
    """Why documents the register holds already cannot be entered, by index. Two queries whatever their number."""
    stays = Coalesce("merged_into", "pk")
    held = dict(Person.objects.filter(document_index__in=indexes).values_list("document_index", stays))
    persons = Person.objects.filter(pk__in=held.values())
    unions = dict(
        Membership.objects.filter(person__in=persons, status__in=STANDING).values_list("person_id", "node__name")
    )
    visible = set(scope(persons, actor, "members.view").values_list("pk", flat=True))
    reasons = {}
    for index, person_id in held.items():
        if person_id not in visible:
            reasons[index] = joining.ELSEWHERE
        elif person_id in unions:
            reasons[index] = f"已经是{unions[person_id]}的会员"
        else:
            reasons[index] = "以前是会员，现在不在会，请一个一个办入会"
    return reasons


def _journal(
    actor: Actor,
    rows: Sequence[EnrolRow],
    outcomes: Sequence[EnrolOutcome],
    nodes: Mapping[int, Node],
) -> None:
    """One entry a union: how many, and the digest of the persons entered, so that the batch can be proven."""
    entered: dict[int, list[int]] = defaultdict(list)
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.person_id:
            entered[row.node_id].append(outcome.person_id)
    for node_id, ids in entered.items():
        digest = hashlib.sha256(json.dumps(sorted(ids)).encode()).hexdigest()
        record(
            actor,
            "members.member.enrolled",
            node=nodes[node_id],
            about=nodes[node_id],
            summary=f"{nodes[node_id].name}登记会员{len(ids)}人",
            data={"count": len(ids), "sha256": digest},
        )
