"""Applications, notices of leaving and requests for correction, as the desk sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from unionhome.core.members.models import (
    AccessRecord,
    Application,
    Correction,
    Leaving,
    Membership,
    Person,
)
from unionhome.core.members.queries.files import fact_row, get_shown_name
from unionhome.core.members.queries.lookups import list_answer_lights
from unionhome.core.members.rules import facts, privacy, sealed
from unionhome.core.members.rules.codes import STANDING, Source
from unionhome.core.members.rules.facts import FactRow
from unionhome.core.members.rules.joining import clash
from unionhome.core.members.workflow import APPLICATION, CORRECTION, LEAVING
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.tree.queries import list_hiding_paths, scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps
from unionhome.kit import codes, dates

VIEW = "members.view"
M = TypeVar("M", bound=Model)


def _get(queryset: QuerySet[M], actor: Actor, pk: int, permission: str) -> M:
    found = scope(queryset, actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def get_application(actor: Actor, pk: int, permission: str = VIEW) -> Application:
    """An application at a union of the actor's branches. Raises NotFound."""
    rows = Application.objects.select_related("node", "employer", "division", "membership__node", "user")
    return _get(rows, actor, pk, permission)


def get_leaving(actor: Actor, pk: int, permission: str = VIEW) -> Leaving:
    """A notice of leaving of a member of the actor's branches. Raises NotFound."""
    rows = Leaving.objects.select_related("node", "person__node", "membership")
    return _get(rows, actor, pk, permission)


def get_correction(actor: Actor, pk: int, permission: str = VIEW) -> Correction:
    """A request for correction of a member of the actor's branches. Raises NotFound."""
    rows = Correction.objects.select_related("node", "person__node")
    return _get(rows, actor, pk, permission)


def list_applications(actor: Actor, state: str = "") -> QuerySet[Application]:
    """Applications of the actor's branches, newest first."""
    rows = scope(Application.objects.all(), actor, VIEW).select_related("node", "employer")
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-submitted_at", "-pk")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of the list of applications."""

    id: int
    name: str
    employer: str
    group: str
    union: str
    state: State
    submitted_at: datetime
    due_at: datetime | None
    light: Mapping[str, Any] | None


def list_application_rows(actor: Actor, rows: Iterable[Application]) -> list[ApplicationRow]:
    """Lines for applications that `list_applications` found."""
    rows = list(rows)
    owed = ((row.pk, row.due_at, row.submitted_at) for row in rows if row.state == "submitted")
    lights = list_answer_lights(actor, owed)
    return [
        ApplicationRow(
            id=row.pk,
            name=row.name if privacy.sees_names(actor, row.node_id) else codes.mask_name(row.name),
            employer=row.employer.name if row.employer else row.employer_text or "没有固定单位",
            group=row.get_group_display() if row.group != "none" else "",
            union=row.node.name,
            state=APPLICATION.state(row.state),
            submitted_at=row.submitted_at,
            due_at=row.due_at if row.state == "submitted" else None,
            light=lights.get(row.pk),
        )
        for row in rows
    ]


def find_clash(actor: Actor, document_index: str) -> Mapping[str, str | bool]:
    """Facts for the guard of joining. What lies out of the actor's sight is told only as "elsewhere"."""
    standing = (
        Membership.objects.select_related("node", "person__node")
        .filter(
            Q(person__document_index=document_index)
            | Q(person__in=Person.objects.filter(document_index=document_index).values("merged_into")),
            person__merged_into__isnull=True,
            status__in=STANDING,
        )
        .first()
    )
    if standing is None:
        return {}
    sees = scope(Person.objects.filter(pk=standing.person_id), actor, VIEW).exists()
    return clash(standing.node.name, sees=sees)


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """One application with what a union needs to answer it."""

    application: Application
    name: str
    state: State
    facts: tuple[FactRow, ...]
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    looks: tuple[AccessRecord, ...]
    member_of: str
    is_doubled: bool
    age: int | None


def get_application_page(
    actor: Actor, application: Application, *, opened: Mapping[str, str] | None = None
) -> ApplicationPage:
    """The page of an application the caller has scoped. Whether its person is a member out of the actor's sight is
    not told here: only agreeing to it asks that, counted and visible to the person."""
    shown = {"name": application.name} if privacy.sees_names(actor, application.node_id) else {}
    met = find_clash(actor, application.document_index)
    member_of = str(met.get("member_of", "")) if application.state != "joined" else ""
    known = {"member_of": member_of} if member_of else {}
    sent = sealed.open_sent(application.facts_sealed)
    document = _document(application, sent.document, timezone.localdate(actor.at))
    return ApplicationPage(
        application=application,
        name=shown.get("name") or codes.mask_name(application.name),
        state=APPLICATION.state(application.state),
        facts=tuple(_application_facts(application, sent, document, shown, opened or {})),
        steps=tuple(list_steps(application)),
        next_steps=tuple(list_next_steps(actor, APPLICATION, application, known)),
        looks=tuple(
            AccessRecord.objects.filter(application=application)
            .exclude(hidden_path__in=list_hiding_paths(actor))
            .order_by("-at")[:20]
        ),
        member_of=member_of,
        is_doubled=scope(
            Application.objects.filter(
                document_index=application.document_index,
                state__in=("submitted", "returned"),
            ).exclude(pk=application.pk),
            actor,
            VIEW,
        ).exists(),
        age=(dates.age(document.birth_on, timezone.localdate(actor.at)) if document.birth_on else None),
    )


def _document(application: Application, number: str, today: date) -> codes.Document:
    return codes.parse_document(codes.DocumentKind(application.document_kind), number, on=today)


def _application_facts(
    application: Application,
    sent: sealed.SentFacts,
    document: codes.Document,
    shown: Mapping[str, str],
    opened: Mapping[str, str],
) -> list[FactRow]:
    on, source = timezone.localdate(application.submitted_at), Source.APPLICATION.label
    employer = application.employer.name if application.employer else application.employer_text
    rows = [
        fact_row(facts.BY_KEY[key], value, source, on, shown, opened)
        for key, value in (
            ("name", application.name),
            ("document", sent.document),
            ("phone", sent.phone),
            ("group", application.group),
        )
        if value
    ]
    if document.sex:
        rows.append(fact_row(facts.BY_KEY["sex"], document.sex, Source.DOCUMENT.label, on, shown, opened))
    kind = application.get_document_kind_display()
    rows.insert(1, FactRow("document_kind", "证件类型", kind, source, on))
    rows.append(FactRow("employer", "工作单位", employer or "没有固定单位", source, on))
    if application.division:
        rows.append(FactRow("division", "干活的地方", application.division.people_name, source, on))
    return rows


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A notice of leaving or a request for correction, with its person and next steps."""

    name: str
    state: State
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    value: str = ""
    label: str = ""


def get_leaving_page(actor: Actor, leaving: Leaving) -> MatterPage:
    """The page of a notice the caller has scoped."""
    return MatterPage(
        name=get_shown_name(actor, leaving.person),
        state=LEAVING.state(leaving.state),
        steps=tuple(list_steps(leaving)),
        next_steps=tuple(list_next_steps(actor, LEAVING, leaving, {})),
    )


def get_correction_page(actor: Actor, correction: Correction) -> MatterPage:
    """The page of a request the caller has scoped; a new phone, address or name stays masked."""
    value = sealed.open_text(correction.value_sealed, sealed.CORRECTION)
    return MatterPage(
        name=get_shown_name(actor, correction.person),
        state=CORRECTION.state(correction.state),
        steps=tuple(list_steps(correction)),
        next_steps=tuple(list_next_steps(actor, CORRECTION, correction, {})),
        value=facts.show(correction.fact, value, masked=True),
        label=facts.BY_KEY[correction.fact].label,
    )
