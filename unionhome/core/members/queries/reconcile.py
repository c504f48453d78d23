"""What of the register cannot be right, or not any more: members by what is wrong, unions by what they report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionhome.core.members.models import Duplicate, Membership
from unionhome.core.members.queries.files import employer_name, get_shown_name
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import STANDING, EmploymentState, Status
from unionhome.core.members.rules.duplicates import Decision
from unionhome.core.members.rules.retiring import last_birth, retires_on
from unionhome.core.organizations.models import Organization
from unionhome.core.policy.queries import get_values
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import scope
from unionhome.kit import codes, dates
from unionhome.kit.codes import DocumentKind

VIEW = "members.view"
MAN, WOMAN = "members.retirement_man", "members.retirement_woman"
REPORTED = "reported"
CHECKS: Mapping[str, tuple[str, str]] = {
    REPORTED: ("上报不符", "上报的和登记数出来的不一样：打开工会，核对后改上报数，或补登记会员"),
    "over_age": ("过退休年龄", "过了法定退休年龄还在会：核对本人情况，已退休的改为保留会籍"),
    "deceased": ("记过去世", "有一段会籍记为去世，又在会：核对后更正会籍"),
    "two_unions": ("像在两处", "像是同一个人在两个工会：打开档案，核对是不是同一个人，是就合并"),
    "closed": ("工会已撤销", "工会已撤销，或单位现在没有工会：把会员转到别的工会"),
    "document": ("不是身份证", "登记的证件不是居民身份证：核对证件"),
    "phone": ("没有手机", "没有登记手机号码：问本人，更正资料"),
    "birth": ("没有生日", "没有登记出生日期：核对证件，补齐"),
}
"""What is looked at: its name, and the act that settles it."""


def _conditions(today: date, ages: Mapping[str, Any]) -> dict[str, Q]:
    """The members that each check finds, as conditions on a standing membership."""
    man, woman = (last_birth(today, int(ages[key])) for key in (MAN, WOMAN))
    old = Q(person__sex="1", person__birth_on__lte=man) | Q(person__sex="2", person__birth_on__lte=woman)
    dead = Membership.objects.filter(person=OuterRef("person"), status=Status.DECEASED)
    other = Membership.objects.filter(person=OuterRef("other"), status__in=STANDING).exclude(
        node=OuterRef(OuterRef("node"))
    )
    twin = Duplicate.objects.filter(Exists(other), person=OuterRef("person"), state=Decision.OPEN)
    closed = Q(node__closed_on__isnull=False) | Q(employer__isnull=False, employer__union__isnull=True)
    return {
        "over_age": old & Q(status=Status.ACTIVE) & ~Q(person__employment_state=EmploymentState.RETIRED),
        "deceased": Q(Exists(dead)),
        "two_unions": Q(Exists(twin)),
        "closed": closed,
        "document": ~Q(person__document_kind=DocumentKind.RESIDENT),
        "phone": Q(person__phone_index=""),
        "birth": Q(person__birth_on__isnull=True),
    }


def _standing(actor: Actor) -> QuerySet[Membership]:
    return scope(Membership.objects.filter(status__in=STANDING), actor, VIEW)


def _conditions_for(actor: Actor) -> dict[str, Q]:
    today = timezone.localdate(actor.at)
    return _conditions(today, get_values((MAN, WOMAN), today))


def count_checks(actor: Actor) -> dict[str, int]:
    """How many members, or unions, each check finds in the actor's branches. Three queries."""
    conditions = _conditions_for(actor)
    found: dict[str, int] = _standing(actor).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    return {REPORTED: list_union_checks(actor).count(), **found}


def list_union_checks(actor: Actor) -> QuerySet[Organization]:
    """Active unions whose reported number differs from the members counted, the widest apart first."""
    counted = (
        Membership.objects.filter(node=OuterRef("node"), left_on__isnull=True)
        .order_by()
        .values("node")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = scope(Organization.objects.filter(members_count__isnull=False), actor, VIEW)
    return (
        rows.annotate(counted=Coalesce(Subquery(counted), 0), gap=F("members_count") - F("counted"))
        .exclude(gap=0)
        .select_related("node")
        .order_by("node__path")
    )


def list_member_checks(actor: Actor, check: str) -> QuerySet[Membership]:
    """Members whom a check finds in the actor's branches, union by union."""
    rows = _standing(actor).filter(_conditions_for(actor)[check])
    return rows.select_related("person__node", "node", "employer").order_by("node__path", "pk")


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One member whom a check found, as a list shows it."""

    person_id: int
    name: str
    document: str
    union: str
    employer: str
    status: str
    age: int | None
    why: str


def list_check_members(actor: Actor, check: str, rows: Iterable[Membership]) -> list[CheckRow]:
    """Lines for members that `list_member_checks` found."""
    today = timezone.localdate(actor.at)
    ages = get_values((MAN, WOMAN), today)
    return [_row(actor, check, row, today, ages) for row in rows]


def _row(actor: Actor, check: str, row: Membership, today: date, ages: Mapping[str, Any]) -> CheckRow:
    person = row.person
    return CheckRow(
        person_id=person.pk,
        name=get_shown_name(actor, person),
        document=codes.mask_document(sealed.open_text(person.document_sealed, sealed.DOCUMENT)),
        union=row.node.name,
        employer=employer_name(row),
        status=row.get_status_display(),
        age=dates.age(person.birth_on, today) if person.birth_on else None,
        why=_why(check, row, today, ages),
    )


def _why(check: str, row: Membership, today: date, ages: Mapping[str, Any]) -> str:
    person = row.person
    if check == "over_age" and person.birth_on:
        due = retires_on(person.birth_on, int(ages[WOMAN if person.sex == "2" else MAN]))
        return f"{dates.age(person.birth_on, today)}岁，{due:%Y-%m}到退休年龄"
    if check == "closed":
        closed = row.node.closed_on
        return f"工会{closed}撤销" if closed else "单位现在没有工会组织"
    if check == "document":
        return person.get_document_kind_display()
    return CHECKS[check][0]
