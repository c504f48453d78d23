"""The files of persons as the desk sees them: lines of lists, one file with masked facts, who looked, what was agreed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionhome.core.members.models import AccessRecord, Consent, Membership, Person
from unionhome.core.members.rules import facts, privacy, sealed
from unionhome.core.members.rules.codes import STANDING, Status
from unionhome.core.members.rules.facts import FactRow, FactSpec
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.queries import list_hiding_paths, scope
from unionhome.kit import codes

VIEW = "members.view"


def get_person(actor: Actor, person_id: int, permission: str = VIEW) -> Person:
    """A person of the actor's branches, with the union that keeps the file; of a merged file the one that stays.

    Raises NotFound.
    """
    stays = Person.objects.filter(pk=person_id).order_by().values("merged_into")
    found = (
        scope(Person.objects.filter(merged_into__isnull=True), actor, permission)
        .select_related("node")
        .filter(pk=Coalesce(Subquery(stays), Value(person_id)))
        .first()
    )
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of a list: names masked for unions above the one that keeps the file."""

    id: int
    name: str
    document: str
    phone: str
    union: str
    union_id: int
    employer: str
    group: str
    status: str
    is_member: bool
    card_no: str
    joined_on: date | None


def list_rows(actor: Actor, persons: Iterable[Person]) -> list[MemberRow]:
    """Lines for persons that were found, each with its standing memberships."""
    return [_row(actor, person) for person in persons]


def _row(actor: Actor, person: Person) -> MemberRow:
    standing: Membership | None = next(iter(person.standing), None)  # type: ignore[attr-defined]
    return MemberRow(
        id=person.pk,
        name=get_shown_name(actor, person),
        document=codes.mask_document(sealed.open_text(person.document_sealed, sealed.DOCUMENT)),
        phone=facts.show("phone", sealed.open_text(person.phone_sealed, sealed.PHONE), masked=True),
        union=person.node.name,
        union_id=person.node_id,
        employer=employer_name(standing),
        group=person.get_group_display() if person.group not in ("", "none") else "",
        status=standing.get_status_display() if standing else "不在会",
        is_member=standing is not None,
        card_no=sealed.mask_card(standing.card_no) if standing else "",
        joined_on=standing.first_on if standing else None,  # type: ignore[attr-defined]
    )


def get_shown_name(actor: Actor, person: Person) -> str:
    """The name as the actor may see it."""
    if privacy.sees_names(actor, person.node_id):
        return person.name
    return codes.mask_name(person.name)


def employer_name(membership: Membership | None) -> str:
    """Where somebody works, as linked or as written."""
    if membership is None:
        return ""
    return membership.employer.name if membership.employer else membership.employer_text


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How often a file was opened: altogether, and in the last ninety days."""

    total: int
    recent: int


@dataclass(frozen=True, slots=True)
class MemberFile:
    """A person's file with the facts masked, but for the parts that were just opened."""

    person: Person
    name: str
    membership: Membership | None
    status: str
    tone: str
    card_no: str
    group: str
    facts: tuple[FactRow, ...]


TONES: Mapping[str, str] = {
    Status.ACTIVE: "green",
    Status.TRANSFERRING: "blue",
    Status.RETAINED: "amber",
}


def get_file(actor: Actor, person: Person, *, opened: Mapping[str, str] | None = None) -> MemberFile:
    """The page of a person the caller has scoped. `opened` are values that `actions.open_file` has handed out."""
    shown = {"name": person.name} if privacy.sees_names(actor, person.node_id) else {}
    membership = (
        Membership.objects.select_related("node", "employer").filter(person=person, status__in=STANDING).first()
    )
    return MemberFile(
        person=person,
        name=shown.get("name") or codes.mask_name(person.name),
        membership=membership,
        status=membership.get_status_display() if membership else "不在会",
        tone=TONES.get(Status(membership.status), "grey") if membership else "grey",
        card_no=sealed.mask_card(membership.card_no) if membership else "",
        group=person.get_group_display() if person.group not in ("", "none") else "",
        facts=tuple(build_facts(person, membership, shown, opened or {})),
    )


ALWAYS = ("name", "document", "phone", "birth_on")
"""Facts that have their line even while nobody has given them."""


def build_facts(
    person: Person,
    membership: Membership | None,
    shown: Mapping[str, str],
    opened: Mapping[str, str],
) -> Iterable[FactRow]:
    """Every fact as a line. `shown` stand clear for good, `opened` for a minute, the rest masked."""
    values = get_clear_values(person)
    for spec in facts.FACTS:
        value = values[spec.key]
        if not value and spec.key not in ALWAYS:
            continue
        source, on = facts.source_of(spec.key, person.source, person.source_on, person.sources)
        yield fact_row(spec, value, source, on, shown, opened)
    if employer := employer_name(membership):
        source, on = facts.source_of("employer", person.source, person.source_on, person.sources)
        yield FactRow("employer", "工作单位", employer, source, on)
    for key, label, value in _of_membership(person, membership):
        if value:
            source, on = facts.source_of(key, person.source, person.source_on, person.sources)
            yield FactRow(key, label, value, source, on)


def _of_membership(person: Person, membership: Membership | None) -> Iterable[tuple[str, str, str]]:
    if membership is not None:
        yield "union_post", "工会职务", membership.union_post
        yield "note", "名册备注", membership.note
    yield "national_no", "全国系统会员编号", person.national_no
    yield "national_state", "全国系统录入", person.get_national_state_display()


def fact_row(
    spec: FactSpec,
    value: str,
    source: str,
    on: date,
    shown: Mapping[str, str],
    opened: Mapping[str, str],
) -> FactRow:
    """One line: clear where the viewer sees it anyway or has just opened it."""
    is_clear = spec.key in shown or spec.key in opened
    masked = facts.show(spec.key, value, masked=True)
    return FactRow(
        key=spec.key,
        label=spec.label,
        value=facts.show(spec.key, value, masked=False) if is_clear else masked,
        source=source if value else "",
        on=on,
        part=spec.part if value and not is_clear else "",
        masked=masked if spec.key in opened else "",
    )


def get_clear_values(person: Person) -> dict[str, str]:
    """Every fact as stored text, unsealed. Only for masking, for the person, and for an action that journals."""
    return {
        "name": person.name,
        "document": sealed.open_text(person.document_sealed, sealed.DOCUMENT),
        "phone": sealed.open_text(person.phone_sealed, sealed.PHONE),
        "birth_on": person.birth_on.isoformat() if person.birth_on else "",
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "group": person.group,
        "employment_state": person.employment_state,
        "employment_form": person.employment_form,
        "is_migrant": {True: "yes", False: "no", None: ""}[person.is_migrant],
        "skill_level": person.skill_level,
        "education": person.education,
        "degree": person.degree,
        "political": person.political,
        "household_kind": person.household_kind,
        "address": sealed.open_text(person.address_sealed, sealed.ADDRESS),
    }


def get_open_values(person: Person) -> dict[str, str]:
    """The facts that stand uncovered anyway, for a form that starts from them."""
    values = get_clear_values(person)
    return {spec.key: values[spec.key] for spec in facts.FACTS if not spec.part}


def list_memberships(person: Person) -> QuerySet[Membership]:
    """Where the person was a member, newest first, under files merged into this one too. The caller has scoped it."""
    rows = Membership.objects.filter(_of(person)).select_related("node", "employer", "person")
    return rows.order_by("-joined_on", "-pk")


def _of(person: Person) -> Q:
    """Rows of a person and of the files merged into it."""
    return Q(person=person) | Q(person__in=Person.objects.filter(merged_into=person))


def list_access(person: Person) -> QuerySet[AccessRecord]:
    """Who opened the file, newest first: for the person."""
    return AccessRecord.objects.filter(_of(person)).order_by("-at", "-pk")


def list_seen_access(actor: Actor, person: Person) -> QuerySet[AccessRecord]:
    """The same for a cadre who may see the person: without the looks that unions above keep to themselves."""
    return list_access(person).exclude(hidden_path__in=list_hiding_paths(actor))


def count_access(rows: QuerySet[AccessRecord], at: datetime) -> FileCounts:
    """How often the file was opened up to now."""
    return FileCounts(rows.count(), rows.filter(at__gt=at - timedelta(days=90)).count())


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One purpose and how the person stands to it."""

    purpose: privacy.Purpose
    given_on: date | None
    withdrawn_on: date | None

    @property
    def is_given(self) -> bool:
        return self.given_on is not None and self.withdrawn_on is None


def list_consents(person: Person) -> list[ConsentRow]:
    """Every declared purpose with the last answer. The caller has scoped the person, or is the person."""
    last: dict[str, Consent] = {}
    for row in Consent.objects.filter(_of(person)).order_by("given_at", "pk"):
        last[row.purpose] = row
    return [_consent_row(purpose, last.get(purpose.code)) for purpose in privacy.purposes()]


def _consent_row(purpose: privacy.Purpose, row: Consent | None) -> ConsentRow:
    if row is None:
        return ConsentRow(purpose, None, None)
    ended = row.withdrawn_at
    return ConsentRow(
        purpose,
        timezone.localdate(row.given_at),
        timezone.localdate(ended) if ended else None,
    )


def find_by_card_code(actor: Actor, code: str) -> Person | None:
    """The person behind a scanned card, if the code is ours and the person stands in the actor's branches."""
    card_no = sealed.read_card_code(code)
    if not card_no:
        return None
    stands = Membership.objects.filter(card_no=card_no, status__in=(*STANDING, Status.DOUBLED))
    people = stands.annotate(owner=Coalesce("person__merged_into", "person")).values("owner")
    return scope(Person.objects.filter(pk__in=people), actor, VIEW).first()
