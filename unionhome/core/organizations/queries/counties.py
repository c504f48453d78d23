"""The unions right below the city side by side, for the schematic map and its table."""

from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils import timezone

from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries.gaps import count_coverage_by_path
from unionhome.core.organizations.queries.tree import list_children
from unionhome.core.organizations.queries.unions import VIEW
from unionhome.core.organizations.rules import COUNTED_FORMS
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope


@dataclass(frozen=True, slots=True)
class County:
    """One county with everything below it.

    `unions` counts as the figure does, `coverage` is the share of villages with a grid worker in per cent (None
    without villages), `overdue` the unions whose term is over.
    """

    node: Node
    unions: int
    members: int
    coverage: float | None
    overdue: int


def list_counties(actor: Actor, city: Organization) -> list[County]:
    """The counties below the city, in the order of their codes, in a fixed number of queries."""
    rows = [row for row in list_children(actor, city.pk) if row.organization.node.level == "county"]
    rows = [row for row in rows if row.organization.status == "active"]
    width = len(rows[0].organization.node.path) if rows else 0
    covered = count_coverage_by_path(actor, "worker", width) if rows else {}
    overdue = _count_overdue(actor, width) if rows else {}
    counties = []
    for row in rows:
        node = row.organization.node
        total, gaps = covered.get(node.path, (0, 0))
        own = int(row.organization.form in COUNTED_FORMS)
        share = 100 * (total - gaps) / total if total else None
        counties.append(County(node, row.below_count + own, row.members_count, share, overdue.get(node.path, 0)))
    return sorted(counties, key=lambda county: county.node.code)


def get_tiles(actor: Actor) -> dict[str, str]:
    """Where each county stands on the schematic map, as the deployment says; empty where it says nothing."""
    return dict(get_value("organizations.county_tiles", timezone.localdate(actor.at)))


def _count_overdue(actor: Actor, width: int) -> dict[str, int]:
    today = timezone.localdate(actor.at)
    found = scope(Organization.objects.filter(status="active", term_ends_on__lt=today), actor, VIEW).order_by()
    return dict(found.annotate(top=Substr("node__path", 1, width)).values_list("top").annotate(count=Count("pk")))
