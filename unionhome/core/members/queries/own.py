"""What a worker reads of the own register: only rows of the actor's own person or account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from unionhome.core.access.actions.accounts import PHONE_FIELD
from unionhome.core.access.queries import get_self
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
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.facts import FactRow
from unionhome.core.members.workflow import APPLICATION
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import list_steps
from unionhome.kit import crypto


def find_own_person(actor: Actor) -> Person | None:
    """The person of the actor's account; None for somebody the register does not know."""
    if actor.person_id is None:
        return None
    return Person.objects.select_related("node").filter(pk=actor.person_id, merged_into__isnull=True).first()


def get_own_person(actor: Actor) -> Person:
    """Raises NotFound for somebody the register does not know."""
    person = find_own_person(actor)
    if person is None:
        raise NotFound("您还没有入会，先填入会申请。")
    return person


def get_own_phone(actor: Actor) -> str:
    """The mobile number of the actor's own account, "" for none. Never for another's page."""
    user = get_self(actor)
    return crypto.open_sealed(user.phone_sealed, field=PHONE_FIELD) if user.phone_sealed else ""


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


def get_own_file(actor: Actor, *, clear: Mapping[str, str] | None = None) -> OwnFile:
    """The actor's own file, document and phone masked but for what was just opened. Raises NotFound."""
    person = get_own_person(actor)
    membership = get_membership(person.pk)
    shown = {"name": person.name, **(clear or {})}
    if person.birth_on and "birth_on" not in shown:
        shown["birth_on"] = person.birth_on.isoformat()
    first = Membership.objects.filter(person=person).order_by("joined_on").values_list("joined_on", flat=True).first()
    return OwnFile(
        person=person,
        membership=membership,
        card_no=sealed.mask_card(membership.card_no) if membership else "",
        card_code=sealed.card_code(membership.card_no) if membership and membership.card_no else "",
        facts=tuple(files.build_facts(person, membership, shown)),
        employer=files.employer_name(membership),
        first_joined_on=first,
        looks=files.count_access(person, actor.at),
    )


def list_own_access(actor: Actor) -> QuerySet[AccessRecord]:
    """Who opened the actor's own file or application, newest first."""
    if actor.person_id is None:
        return AccessRecord.objects.filter(application__user=actor.user_id).order_by("-at", "-pk")
    return AccessRecord.objects.filter(person=actor.person_id).order_by("-at", "-pk")


def list_own_consents(actor: Actor) -> list[files.ConsentRow]:
    """Every purpose and the actor's own last answer. Raises NotFound."""
    return files.list_consents(get_own_person(actor))


def list_own_corrections(actor: Actor) -> QuerySet[Correction]:
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
        document=sealed.open_sent(row.facts_sealed).document,
        reason=said,
    )


def find_own_leaving(actor: Actor) -> Leaving | None:
    """The actor's open notice of leaving."""
    if actor.person_id is None:
        return None
    return Leaving.objects.select_related("node").filter(person=actor.person_id, state="submitted").first()
