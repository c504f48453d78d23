"""What a worker reads of the own register: only rows of the actor's own person or account."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from unionhome.core.members.models import (
    AccessRecord,
    Application,
    Correction,
    Leaving,
    Membership,
    Person,
)
from unionhome.core.members.queries import files
from unionhome.core.members.queries.lookups import get_membership
from unionhome.core.members.rules import facts, sealed
from unionhome.core.members.rules.facts import FactRow
from unionhome.core.members.workflow import APPLICATION, CORRECTION, LEAVING
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import list_steps
from unionhome.kit.codes import mask_document


def find_own_person(actor: Actor) -> Person | None:
    """The person of the actor's account; None for somebody the register does not know."""
    if actor.person_id is None:
        return None
    found = Person.objects.select_related("node", "merged_into__node").filter(pk=actor.person_id).first()
    return found.merged_into or found if found else None


def get_own_person(actor: Actor) -> Person:
    """Raises NotFound for somebody the register does not know."""
    person = find_own_person(actor)
    if person is None:
        raise NotFound("您还没有入会，先填入会申请。")
    return person


def _short_mask(text: str) -> str:
    """A masked text for a narrow screen: every run of stars four long."""
    return re.sub(r"\*{5,}", "****", text)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A member's own card and file."""

    person: Person
    membership: Membership | None
    card_no: str
    card_code: str
    facts: tuple[FactRow, ...]
    employer: str
    first_joined_on: date | None
    looks: files.FileCounts


def get_own_file(actor: Actor, *, opened: Mapping[str, str] | None = None) -> OwnFile:
    """The actor's own file, document and phone masked but for what was just opened. Raises NotFound."""
    person = get_own_person(actor)
    membership = get_membership(person.pk)
    shown = {"name": "", "birth_on": ""}
    first = files.list_memberships(person).order_by("joined_on").values_list("joined_on", flat=True).first()
    return OwnFile(
        person=person,
        membership=membership,
        card_no=sealed.mask_card(membership.card_no) if membership else "",
        card_code=sealed.card_code(membership.card_no) if membership and membership.card_no else "",
        facts=tuple(
            replace(row, value=_short_mask(row.value))
            for row in files.build_facts(person, membership, shown, opened or {})
        ),
        employer=files.employer_name(membership),
        first_joined_on=first,
        looks=files.count_access(files.list_access(person), actor.at),
    )


def list_own_access(actor: Actor) -> QuerySet[AccessRecord]:
    """Who opened the actor's own file or application, newest first."""
    if actor.person_id is None:
        return AccessRecord.objects.filter(application__user=actor.user_id).order_by("-at", "-pk")
    same = Q(person=actor.person_id) | Q(person__in=Person.objects.filter(merged_into=actor.person_id))
    return AccessRecord.objects.filter(same).order_by("-at", "-pk")


def list_own_consents(actor: Actor) -> list[files.ConsentRow]:
    """Every purpose and the actor's own last answer. Raises NotFound."""
    return files.list_consents(get_own_person(actor))


def _list_own_corrections(actor: Actor) -> QuerySet[Correction]:
    """The actor's own requests, newest first."""
    return Correction.objects.filter(person=actor.person_id).order_by("-pk")


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """The actor's last application with its state and what happened to it."""

    application: Application
    state: State
    steps: tuple[Step, ...]
    document: str
    reason: str


def find_own_application(actor: Actor) -> OwnApplication | None:
    """The actor's newest application, whatever became of it."""
    row = (
        Application.objects.select_related("node", "employer", "division", "membership__node")
        .filter(user=actor.user_id)
        .order_by("-submitted_at", "-pk")
        .first()
    )
    if row is None:
        return None
    steps = tuple(list_steps(row))
    said = next((step.reason for step in reversed(steps) if step.reason), "")
    return OwnApplication(
        application=row,
        state=APPLICATION.state(row.state),
        steps=steps,
        document=_short_mask(mask_document(sealed.open_sent(row.facts_sealed).document)),
        reason=said,
    )


def find_waiting_application(actor: Actor) -> Application | None:
    """The actor's application that waits for the union or, returned, for the actor."""
    if actor.user_id is None:
        return None
    open_states = [state.name for state in APPLICATION.states if not state.is_end]
    rows = Application.objects.select_related("node").filter(user=actor.user_id, state__in=open_states)
    return rows.order_by("-submitted_at", "-pk").first()


def get_returned(actor: Actor) -> dict[str, str]:
    """What the actor's returned application held, to fill the form again. Raises NotFound where none was returned."""
    row = Application.objects.select_related("employer").filter(user=actor.user_id, state="returned").first()
    if row is None:
        raise NotFound("没有要补正的入会申请。")
    return {
        "name": row.name,
        "document_kind": row.document_kind,
        "document": sealed.open_sent(row.facts_sealed).document,
        "employer_text": row.employer.name if row.employer else row.employer_text,
        "division": row.division_id or "",
        "group": row.group,
    }


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One request of the member's own: what, how it stands, what the union said."""

    id: int
    label: str
    value: str
    state: State
    is_open: bool
    due_at: datetime
    reason: str


def list_own_correction_lines(actor: Actor) -> list[CorrectionLine]:
    """The newest five requests with the union's words. Two queries."""
    rows = list(_list_own_corrections(actor)[:5])
    said = dict(
        Step.objects.filter(
            model=Correction._meta.label_lower,
            object_id__in=[row.pk for row in rows],
            verb="decline",
        ).values_list("object_id", "reason")
    )
    return [
        CorrectionLine(
            id=row.pk,
            label=facts.BY_KEY[row.fact].label,
            value=facts.show(row.fact, sealed.open_text(row.value_sealed, sealed.CORRECTION), masked=True),
            state=CORRECTION.state(row.state),
            is_open=row.state == CORRECTION.initial,
            due_at=row.due_at,
            reason=said.get(row.pk, ""),
        )
        for row in rows
    ]


def find_own_leaving(actor: Actor) -> Leaving | None:
    """The actor's open notice of leaving."""
    if actor.person_id is None:
        return None
    return Leaving.objects.select_related("node").filter(person=actor.person_id, state="submitted").first()


def find_leaving_word(actor: Actor) -> str:
    """What became of the actor's newest notice of leaving without the actor: where it went along, why it stopped."""
    row = Leaving.objects.filter(person=actor.person_id or 0).order_by("-pk").first()
    if row is None or row.state not in (LEAVING.initial, "lapsed"):
        return ""
    steps = list_steps(row).filter(verb__in=("pass_on", "lapse")).order_by("-pk")
    return steps.values_list("reason", flat=True).first() or ""
