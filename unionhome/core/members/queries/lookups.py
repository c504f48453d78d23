"""What other rooms and the forms ask: who stands behind a number, whose member, which union answers, by when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.access.actions import FoundPerson
from unionhome.core.access.queries import find_own_phone
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.answering import answer_light
from unionhome.core.members.rules.codes import STANDING, WorkGroup
from unionhome.core.members.rules.joining import AnswerBy, Candidate, JoinInput, Route, check_join, choose_route
from unionhome.core.organizations import queries as organizations
from unionhome.core.organizations.models import Employer, Organization
from unionhome.core.policy import queries as policy
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.calendars import due_working_days
from unionhome.kit.codes import DocumentKind, mask_document, mask_phone

SUGGESTIONS = 8
MOST_HOLDERS = 20
"""Files that are looked at for one phone; a number with more is nobody's own."""


def find_person_by_document(document: str, kind: str = DocumentKind.RESIDENT) -> Person | None:
    """The person of a checked document number, whoever asks: for rooms above, never for a page. A file that was merged
    leads to the one that stays."""
    rows = Person.objects.filter(document_index=sealed.document_index(kind, document))
    # Asked apart: each has an index of its own, and SQLite takes neither for both together but reads the whole register.
    found = rows.filter(merged_into__isnull=True).select_related("node").order_by().first()
    if found is None:
        led = rows.filter(merged_into__isnull=False).select_related("merged_into__node").order_by().first()
        found = led.merged_into if led else None
    return found


def find_person_by_phone(phone: str) -> Person | None:
    """The person of a checked mobile number; None where nobody or more than one has it. Merged files are one."""
    rows = Person.objects.select_related("node", "merged_into__node").filter(phone_index=sealed.phone_index(phone))
    found = {person.pk: person for person in (row.merged_into or row for row in rows[:MOST_HOLDERS])}
    return next(iter(found.values())) if len(found) == 1 else None


def list_phone_holders(actor: Actor, phone: str, permission: str = "members.view") -> list[Person]:
    """Persons of the actor's branches that stand in the register with a checked number; merged files are left out."""
    held = Person.objects.filter(phone_index=sealed.phone_index(phone), merged_into__isnull=True)
    return list(scope(held, actor, permission).select_related("node").order_by("pk")[:MOST_HOLDERS])


def find_phone_owner(phone: str) -> FoundPerson | None:
    """Whom a phone belongs to at a sign-in, if one person only has it.

    A number that stands on a merged file alone opens nothing: whoever has it now may be a stranger.
    """
    person = find_person_by_phone(phone)
    return _found(person) if person and person.phone_index == sealed.phone_index(phone) else None


def find_account_owner(person_id: int) -> FoundPerson | None:
    """The person of an account, for a sign-in to compare phone and document: of a merged file the one that stays."""
    person = Person.objects.select_related("merged_into").filter(pk=person_id).first()
    return _found(person.merged_into or person) if person else None


def _found(person: Person) -> FoundPerson:
    document = sealed.open_text(person.document_sealed, sealed.DOCUMENT)
    phone = sealed.open_text(person.phone_sealed, sealed.PHONE)
    return FoundPerson(person.pk, person.name, phone=phone, document=document)


def get_membership(person_id: int | None) -> Membership | None:
    """The membership that counts now, with its union and employer; None for somebody who is no member."""
    if person_id is None:
        return None
    return (
        Membership.objects.select_related("node", "employer", "person")
        .filter(person=person_id, status__in=STANDING)
        .first()
    )


def is_member(actor: Actor) -> bool:
    """Whether the worker who is signed in is a member now."""
    return get_membership(actor.person_id) is not None


def is_outsider(actor: Actor) -> bool:
    """Whether the worker who is signed in is no member."""
    return not is_member(actor)


def find_route(*, employer_id: int | None = None, employer_text: str = "", division_code: str = "") -> Route:
    """Which union would answer an application, and why. Raises BadInput where none is found."""
    employer = find_employer(employer_id, employer_text)
    union = employer.union if employer else None
    code = division_code or (employer.division_id if employer else "")
    place = organizations.find_division(code) if code else None
    local = organizations.find_union_of_division(code) if code else None
    is_near = local is not None and local.level in ("town", "village")
    return choose_route(
        employer=employer.name if employer else employer_text.strip(),
        employer_union=_candidate(union) if union and not union.closed_on else None,
        place=place.people_name if place else "",
        place_union=_candidate(local) if local and is_near else None,
        fallback=_candidate(local) if local else None,
    )


def find_employer(employer_id: int | None, text: str) -> Employer | None:
    """The employer that was picked, or the one of exactly that name or code."""
    if employer_id:
        return Employer.objects.select_related("union", "division").filter(pk=employer_id).first()
    return organizations.find_employer(text.replace("\0", ""))


def _candidate(node: Node) -> Candidate:
    return Candidate(node.pk, node.name)


def list_likely_employers(text: str) -> list[Employer]:
    """Employers whose name holds the text, for somebody who wrote it roughly."""
    return organizations.list_employers(text.replace("\0", ""), limit=SUGGESTIONS)


def list_likely_unions(text: str) -> list[Node]:
    """Active unions whose name holds the text, shortest name first. Names of unions are public."""
    text = text.replace("\0", "").strip()
    if len(text) < 2:
        return []
    found = (
        Organization.objects.select_related("node")
        .filter(status="active", node__name__contains=text, node__closed_on__isnull=True)
        .order_by("node__path")[: SUGGESTIONS * 4]
    )
    return sorted((each.node for each in found), key=lambda node: len(node.name))[:SUGGESTIONS]


def find_chosen_union(text: str, code: str, fitting: list[Node]) -> Node | None:
    """The union that a form meant: the one picked, the one of exactly that name, or the only one that fits."""
    if code:
        return next((node for node in fitting if node.code == code), None)
    exact = [node for node in fitting if node.name == text.strip()]
    if len(exact) == 1:
        return exact[0]
    return fitting[0] if len(fitting) == 1 else None


def get_join_preview(actor: Actor, given: JoinInput) -> Route:
    """Check the five fields and say where they would go, without sending anything. Raises BadInput at the fields."""
    check_join(given, timezone.localdate(actor.at))
    return find_route(
        employer_id=given.employer_id,
        employer_text=given.employer_text,
        division_code=given.division_code,
    )


def list_join_lines(actor: Actor, given: JoinInput) -> list[tuple[str, str]]:
    """What was filled in, for the applicant to look over: labels and texts, the document masked."""
    employer = find_employer(given.employer_id, given.employer_text)
    place = organizations.find_division(given.division_code) if given.division_code else None
    lines = [
        ("姓名", given.name),
        ("证件", mask_document(given.document)),
        ("手机号码", mask_phone(find_own_phone(actor))),
        ("工作单位", employer.name if employer else given.employer_text or "没有固定单位"),
        ("干活的地方", organizations.get_division_text(place) if place else ""),
        ("您是", WorkGroup(given.group).label if given.group != WorkGroup.NONE else ""),
    ]
    return [(label, text) for label, text in lines if text]


def get_route_due(actor: Actor, route: Route) -> datetime:
    """By when the union of a route must have answered, were it sent now."""
    return get_answer_by(actor, Node.objects.get(pk=route.node_id)).at


def get_answer_by(actor: Actor, node: Node) -> AnswerBy:
    """When the union must have answered what comes in now, by policy and its own duty hours."""
    today = timezone.localdate(actor.at)
    days = int(policy.get_value("members.answer_days", today, node))
    calendar = policy.get_calendar(today.year, today.year + 1)
    due = due_working_days(actor.at, days, calendar=calendar, hours=policy.get_duty_hours(node, today))
    if due.at is None:
        raise ValueError("a due moment without pauses always exists")
    return AnswerBy(due.at, due.provisional, days)


def list_answer_lights(actor: Actor, owed: Iterable[tuple[int, datetime, datetime]]) -> dict[int, dict[str, Any]]:
    """The lights of answers that are owed, given as id, due moment and since when; one query for all of them."""
    rows = list(owed)
    if not rows:
        return {}
    years = [timezone.localtime(at).year for at in (min(due for _, due, _ in rows), actor.at)]
    calendar = policy.get_calendar(min(years), max(years))
    return {pk: answer_light(due, since, actor.at, calendar) for pk, due, since in rows}
