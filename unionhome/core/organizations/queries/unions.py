"""Lists of unions, one union, and what belongs to it. Rows come from the actor's branches."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from unionhome.core.organizations.models import (
    CoveredUnit,
    Division,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.rules import COMMITTEES, Light, place_name, term_light
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.tree.rules import prefixes

VIEW = "organizations.view"
CHAIRS = ("主席", "主任")


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list of unions; empty texts narrow nothing. `term` is due, overdue or none."""

    text: str = ""
    form: str = ""
    level: str = ""
    status: str = ""
    term: str = ""

    def __bool__(self) -> bool:
        return any((self.text, self.form, self.level, self.status, self.term))


def list_visible(actor: Actor) -> QuerySet[Organization]:
    """The unions of the actor's branches, with node and division."""
    return scope(Organization.objects.all(), actor, VIEW).select_related("node", "division")


def get_organization(actor: Actor, node_id: int) -> Organization:
    """One union of the actor's branches with its node, parent, employer and division. Raises NotFound."""
    found = (
        list_visible(actor)
        .select_related("node__parent", "employer", "division__parent__parent__parent")
        .filter(pk=node_id)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def get_organization_by_code(actor: Actor, code: str) -> Organization:
    """One union of the actor's branches by its code. Raises NotFound."""
    found = list_visible(actor).select_related("node__parent", "employer").filter(node__code=_clean_text(code)).first()
    if found is None:
        raise NotFound()
    return found


def _clean_text(text: str) -> str:
    """Text to search by, without what no database takes."""
    return text.replace("\x00", "").strip()


def list_organizations(actor: Actor, filters: Filters, *, under: Node | None = None) -> QuerySet[Organization]:
    """The actor's unions that match, in the order of the tree; `under` narrows to a branch."""
    found = list_visible(actor).select_related("node__parent").order_by("node__path")
    if under is not None:
        found = found.filter(branch_q("node__path", [under.path]))
    if filters.text:
        text = _clean_text(filters.text)
        found = found.filter(
            Q(node__name__contains=text) | Q(node__code__startswith=text) | Q(short_name__contains=text)
        )
    for field, value in (
        ("form", filters.form),
        ("node__level", filters.level),
        ("status", filters.status),
    ):
        if value:
            found = found.filter(**{field: value})
    return _of_term(actor, found, filters.term)


def _of_term(actor: Actor, found: QuerySet[Organization], term: str) -> QuerySet[Organization]:
    if not term:
        return found
    today = timezone.localdate(actor.at)
    found = found.filter(status="active")
    if term == "overdue":
        return found.filter(term_ends_on__lt=today)
    if term == "none":
        return found.filter(term_ends_on=None)
    return found.filter(term_ends_on__gte=today, term_ends_on__lte=today + timedelta(days=get_warn_days(actor)))


@dataclass(frozen=True, slots=True)
class Terms:
    """How many unions of the actor stand how with their terms; `warn_days` is how early a term counts as due."""

    warn_days: int
    due: int
    overdue: int
    none: int


def count_terms(actor: Actor, under: Node | None = None) -> Terms:
    """Terms that end soon, that are over, and that nobody entered, in one query."""
    today, warn_days = timezone.localdate(actor.at), get_warn_days(actor)
    found = scope(Organization.objects.filter(status="active"), actor, VIEW)
    if under is not None:
        found = found.filter(branch_q("node__path", [under.path]))
    row = found.aggregate(
        due=Count(
            "pk",
            filter=Q(
                term_ends_on__gte=today,
                term_ends_on__lte=today + timedelta(days=warn_days),
            ),
        ),
        overdue=Count("pk", filter=Q(term_ends_on__lt=today)),
        none=Count("pk", filter=Q(term_ends_on=None)),
    )
    return Terms(warn_days=warn_days, **row)


def get_warn_days(actor: Actor) -> int:
    """How many days before its end a term counts as due; a parameter in force on the day."""
    return int(get_value("organizations.term_warning_days", timezone.localdate(actor.at)))


def get_light(organization: Organization, today: date, warn_days: int) -> Light | None:
    """How the term of an active union stands; None for others."""
    return term_light(organization.term_ends_on, today, warn_days) if organization.status == "active" else None


def list_ancestors(organization: Organization) -> list[Node]:
    """From the city down to the union itself. Names of unions are public."""
    return list(Node.objects.filter(path__in=prefixes(organization.node.path)).order_by("path"))


def list_officers(organization: Organization, on: date) -> list[Officer]:
    """Who holds a post on a day, committee by committee, the chair first. The caller has scoped the union."""
    standing = Officer.objects.filter(organization=organization, starts_on__lte=on).filter(
        Q(ends_on=None) | Q(ends_on__gt=on)
    )
    order = [committee for committee, _ in COMMITTEES]
    return sorted(standing, key=lambda row: (order.index(row.committee), row.post not in CHAIRS, row.starts_on, row.pk))


def list_covered(organization: Organization, on: date) -> QuerySet[CoveredUnit]:
    """Employers the union organises on a day. The caller has scoped the union."""
    return (
        CoveredUnit.objects.filter(node=organization.pk, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("employer__division")
        .order_by("employer__name", "pk")
    )


def list_changes(organization: Organization, *, kind: str = "", year: int = 0) -> QuerySet[OrganizationChange]:
    """Its dated changes, newest first, of one kind or one year. The caller has scoped the union."""
    found = OrganizationChange.objects.filter(node=organization.pk).order_by("-on", "-pk")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(on__year=year) if year else found


def count_changes(organization: Organization) -> tuple[dict[str, int], dict[str, int]]:
    """How many changes of each kind, and of each year, the last year first. The caller has scoped the union."""
    rows = list_changes(organization).order_by("-on").values_list("kind", "on__year")
    kinds, years = Counter[str](), Counter[str]()
    for kind, year in rows:
        kinds[kind] += 1
        years[str(year)] += 1
    return dict(kinds), dict(years)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a union as people read it, with where it came from and its day."""

    label: str
    value: str
    source: str = ""
    date_text: str = ""


def list_facts(organization: Organization) -> list[Fact]:
    """What is known of a union. Facts that nobody gave are left out; those with a source say it."""
    node, employer = organization.node, organization.employer
    plain = [
        Fact("工会编码", node.code),
        Fact("工会类型", organization.get_form_display()),
        Fact("所在地", get_division_text(organization.division), *organization.sources.get("division", ())),
    ]
    if employer is not None:
        plain += [
            Fact("所在单位", employer.name),
            Fact("单位代码", employer.uscc or "没有登记"),
            Fact(
                "性质、行业", "，".join(filter(None, (employer.get_nature_display(), employer.get_industry_display())))
            ),
            Fact("单位党组织", employer.party_organization),
        ]
    return [fact for fact in (*plain, *map(partial(_fact, organization), SHOWN_FACTS)) if fact.value]


SHOWN_FACTS = (
    "short_name",
    "uscc",
    "founded_on",
    "approved_by",
    "approval_no",
    "workers_count",
    "women_count",
    "members_count",
    "legal_no",
    "legal_issued_on",
    "legal_ends_on",
    "account_on",
    "address",
    "phone",
)


def _fact(organization: Organization, name: str) -> Fact:
    value = getattr(organization, name)
    unit = " 人" if name.endswith("_count") else ""
    source, day = organization.sources.get(name, ("", ""))
    return Fact(get_fact_label(name), "" if value in (None, "") else f"{value}{unit}", source, day)


def get_fact_label(name: str) -> str:
    """The word for a field of a union."""
    return str(getattr(Organization._meta.get_field(name), "verbose_name", name))


def get_division_text(division: Division) -> str:
    """A division as people write it: 临渭区人民街道园里堡社区. One query a level where its parents were not fetched."""
    names = [division.name]
    while division.parent is not None and division.parent.level != "city":
        division = division.parent
        names.insert(0, division.name)
    return "".join((*names[:-1], place_name(names[-1], "village", names[:-1])))
