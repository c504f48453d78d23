"""Unions of the actor's branches: the tree with its counts, lists, one union and what belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from unionhome.core.organizations.models import (
    CoveredUnit,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.rules import COUNTED_FORMS, WARN_DAYS
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.queries import branch_q, get_path_on, scope
from unionhome.core.tree.rules import prefixes

VIEW = "organizations.view"


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


@dataclass(frozen=True, slots=True)
class Child:
    """One row of the tree browser. `below_count` are the active unions under it, `children_count` all right below."""

    organization: Organization
    below_count: int
    children_count: int


def _visible(actor: Actor) -> QuerySet[Organization]:
    return scope(Organization.objects.all(), actor, VIEW).select_related("node", "division")


def get_organization(actor: Actor, node_id: int) -> Organization:
    """One union of the actor's branches with its node, parent, employer and division. Raises NotFound."""
    found = _visible(actor).select_related("node__parent", "employer__division").filter(pk=node_id).first()
    if found is None:
        raise NotFound()
    return found


def list_tops(actor: Actor) -> list[Organization]:
    """Where the actor's tree begins: the heads of its branches, without those inside another."""
    branches = actor.branches(VIEW)
    if actor.is_system:
        return list(_visible(actor).filter(node__parent=None))
    heads = [path for path in set(branches) if not any(path != other and path.startswith(other) for other in branches)]
    return list(_visible(actor).filter(node__path__in=heads).order_by("node__path"))


def list_children(actor: Actor, node_id: int, *, limit: int | None = None, offset: int = 0) -> list[Child]:
    """The unions right below one, with the counts below each: three queries whatever their number.

    Raises NotFound outside the actor's branches.
    """
    parent = get_organization(actor, node_id).node
    rows = list_below(actor, node_id)[offset : None if limit is None else offset + limit]
    return with_counts(rows, parent.path)


def list_below(actor: Actor, node_id: int) -> QuerySet[Organization]:
    """The unions right below one, in the order of the tree."""
    return _visible(actor).filter(node__parent=node_id).order_by("node__code")


def with_counts(rows: Iterable[Organization], parent_path: str = "") -> list[Child]:
    """Put the counts beside rows that are children of one parent, or tops of their own."""
    rows = list(rows)
    below = _count_below(parent_path, rows)
    children = dict(
        Node.objects.filter(parent__in=[row.pk for row in rows]).values_list("parent").annotate(count=Count("pk"))
    )
    return [Child(row, below.get(row.node.path, 0), children.get(row.pk, 0)) for row in rows]


def _count_below(parent_path: str, rows: list[Organization]) -> dict[str, int]:
    """Active unions strictly below each row, by its path: one grouped query for each depth among the rows."""
    counts: dict[str, int] = {}
    for width in {len(row.node.path) for row in rows}:
        paths = [row.node.path for row in rows if len(row.node.path) == width]
        grouped = (
            _counted()
            .filter(branch_q("node__path", [parent_path] if parent_path else paths))
            .exclude(node__path__in=paths)
            .annotate(top=Substr("node__path", 1, width))
            .values_list("top")
            .annotate(count=Count("pk"))
            .order_by()
        )
        counts.update(grouped)
    return counts


def _counted() -> QuerySet[Organization]:
    """Active unions of the forms that count."""
    return Organization.objects.filter(status="active", form__in=COUNTED_FORMS)


def count_unions(node: Node) -> int:
    """Active unions of a branch, its head included."""
    return _counted().filter(branch_q("node__path", [node.path])).count()


def list_organizations(actor: Actor, filters: Filters, *, under: Node | None = None) -> QuerySet[Organization]:
    """The actor's unions that match, in the order of the tree; `under` narrows to a branch."""
    found = _visible(actor).select_related("node__parent").order_by("node__path")
    if under is not None:
        found = found.filter(branch_q("node__path", [under.path]))
    if filters.text:
        text = filters.text.strip()
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
    return _of_term(found, filters.term, timezone.localdate(actor.at))


def _of_term(found: QuerySet[Organization], term: str, today: date) -> QuerySet[Organization]:
    if not term:
        return found
    found = found.filter(status="active")
    if term == "overdue":
        return found.filter(term_ends_on__lt=today)
    if term == "none":
        return found.filter(term_ends_on=None)
    return found.filter(term_ends_on__gte=today, term_ends_on__lte=today + timedelta(days=WARN_DAYS))


@dataclass(frozen=True, slots=True)
class Terms:
    """How many unions of the actor stand how with their terms."""

    due: int
    overdue: int
    none: int


def count_terms(actor: Actor, under: Node | None = None) -> Terms:
    """Terms that end within 180 days, that are over, and that nobody entered, in one query."""
    today = timezone.localdate(actor.at)
    found = scope(Organization.objects.filter(status="active"), actor, VIEW)
    if under is not None:
        found = found.filter(branch_q("node__path", [under.path]))
    row = found.aggregate(
        due=Count(
            "pk",
            filter=Q(
                term_ends_on__gte=today,
                term_ends_on__lte=today + timedelta(days=WARN_DAYS),
            ),
        ),
        overdue=Count("pk", filter=Q(term_ends_on__lt=today)),
        none=Count("pk", filter=Q(term_ends_on=None)),
    )
    return Terms(**row)


def list_parents(actor: Actor) -> QuerySet[Organization]:
    """Active unions under which the actor might found another."""
    return (
        scope(Organization.objects.filter(status="active"), actor, "organizations.manage")
        .select_related("node")
        .order_by("node__path")
    )


def list_ancestors(organization: Organization) -> list[Node]:
    """From the city down to the union itself. Names of unions are public."""
    return list(Node.objects.filter(path__in=prefixes(organization.node.path)).order_by("path"))


def list_officers(organization: Organization, on: date) -> QuerySet[Officer]:
    """Who holds a post on a day. The caller has scoped the union."""
    return (
        Officer.objects.filter(organization=organization, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .order_by("-committee", "starts_on", "pk")
    )


def list_covered(organization: Organization, on: date) -> QuerySet[CoveredUnit]:
    """Employers the union organises on a day. The caller has scoped the union."""
    return (
        CoveredUnit.objects.filter(node=organization.pk, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .select_related("employer__division")
        .order_by("employer__name", "pk")
    )


def list_changes(organization: Organization) -> QuerySet[OrganizationChange]:
    """Its dated changes, newest first. The caller has scoped the union."""
    return OrganizationChange.objects.filter(node=organization.pk).order_by("-on", "-pk")


def count_by_level(node: Node, on: date) -> dict[str, int]:
    """Unions standing in a branch on a day, by level, on the tree of that day."""
    return _standing(node, on, "node__level")


def count_by_form(node: Node, on: date) -> dict[str, int]:
    """Unions, branches and groups standing in a branch on a day, by form, on the tree of that day."""
    return _standing(node, on, "node__organization__form", counted_only=False)


def _standing(node: Node, on: date, field: str, *, counted_only: bool = True) -> dict[str, int]:
    rows = (
        NodePath.objects.filter(
            branch_q("path", [get_path_on(node, on)]),
            Q(ends_on=None) | Q(ends_on__gt=on),
            Q(node__closed_on=None) | Q(node__closed_on__gt=on),
            starts_on__lte=on,
            node__opened_on__lte=on,
        )
        .exclude(node__organization__status="preparing")
        .order_by()
    )
    if counted_only:
        rows = rows.filter(node__organization__form__in=COUNTED_FORMS)
    return dict(rows.values_list(field).annotate(count=Count("pk")))
