"""Employers as the desk keeps them: those of the actor's unions, and those of its area that no union organises."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from unionhome.core.organizations.models import CoveredUnit, Employer
from unionhome.core.organizations.queries.reach import get_reach
from unionhome.core.organizations.queries.unions import VIEW
from unionhome.core.organizations.rules.employers import EmployerKey, KnownEmployers, name_key
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.codes import division_full, division_prefix

ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class EmployerFilters:
    """What narrows the list of employers; empty texts narrow nothing. `union` and `party` are with, without."""

    text: str = ""
    union: str = ""
    party: str = ""
    nature: str = ""
    industry: str = ""

    def __bool__(self) -> bool:
        return any((self.text, self.union, self.party, self.nature, self.industry))


@dataclass(frozen=True, slots=True)
class EmployerCounts:
    """Employers in sight: all, without a union, covered by a joint union, with a Party organisation."""

    total: int
    without_union: int
    joint: int
    with_party: int


def _areas(actor: Actor) -> list[str]:
    """Prefixes of the divisions whose federations the actor works for; everything for the product itself."""
    if actor.is_system:
        return [""]
    grants = [grant.node_id for grant in actor.grants if VIEW in grant.permissions and not grant.shares_only]
    codes = Node.objects.filter(pk__in=grants, is_local=True).values_list("code", flat=True)
    return sorted({division_prefix(division_full(code)) for code in codes})


def _unorganised(actor: Actor) -> Q:
    inside = Q(pk__in=[])
    for prefix in _areas(actor):
        inside |= Q(division__prefix__startswith=prefix)
    return Q(union=None) & inside


def _visible(actor: Actor) -> QuerySet[Employer]:
    """The employers of the actor's unions, and those of its area without a union."""
    own = scope(Employer.objects.all(), actor, VIEW)
    return own | Employer.objects.filter(_unorganised(actor))


def list_employers_by(actor: Actor, filters: EmployerFilters) -> QuerySet[Employer]:
    """Those that match, by name."""
    found = _visible(actor).select_related("union__organization", "division").order_by("name", "pk")
    text = filters.text.replace("\x00", "").strip()
    if text:
        found = found.filter(Q(name__contains=text) | Q(uscc=text.upper()))
    if filters.union:
        found = found.filter(union__isnull=filters.union == "without")
    if filters.union == "joint":
        found = found.filter(union__organization__form="joint")
    if filters.party:
        none = Q(party_organization="")
        found = found.filter(none if filters.party == "without" else ~none)
    for field, value in (("nature", filters.nature), ("industry", filters.industry)):
        if value:
            found = found.filter(**{field: value})
    return found


def count_employers(actor: Actor) -> EmployerCounts:
    """One query."""
    sums = _visible(actor).aggregate(
        total=Count("pk"),
        without_union=Count("pk", filter=Q(union=None)),
        joint=Count("pk", filter=Q(union__organization__form="joint")),
        with_party=Count("pk", filter=~Q(party_organization="")),
    )
    return EmployerCounts(**sums)


def get_employer(actor: Actor, pk: int) -> Employer:
    """One employer in the actor's sight. Raises NotFound."""
    found = (
        _visible(actor).select_related("union__organization", "division__parent__parent__parent").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound()
    return found


def list_coverings(employer: Employer) -> QuerySet[CoveredUnit]:
    """Which union it has had when, the last first. Names of unions are public."""
    return CoveredUnit.objects.filter(employer=employer).select_related("node__organization").order_by("-starts_on")


def get_cover(actor: Actor, pk: int) -> CoveredUnit:
    """One cover of a union in the actor's branches. Raises NotFound."""
    rows = scope(CoveredUnit.objects.all(), actor, VIEW).select_related("node__organization", "employer")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def may_keep(actor: Actor, prefix: str, union_path: str | None) -> bool:
    """Whether the actor keeps what is known of an employer: through its union, or as a federation of its area."""
    if not actor.may("organizations.manage"):
        return False
    if union_path is not None:
        reach = get_reach(actor, union_path)
        return reach.manages or reach.is_own
    return any(prefix.startswith(area) for area in _areas(actor))


def may_enter_employers(actor: Actor) -> bool:
    """Whether the actor works for a federation of a division, which enters the employers of its area."""
    return actor.may("organizations.manage") and bool(_areas(actor))


def list_known(keys: Iterable[EmployerKey]) -> KnownEmployers[Employer]:
    """The employers of the register among which those of the keys are found, by a few queries."""
    wanted = list(keys)
    found: dict[int, Employer] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        lot = wanted[start : start + ASKED_AT_ONCE]
        codes = {key.uscc for key in lot if key.uscc}
        rows = Employer.objects.filter(
            Q(uscc__in=codes) | Q(name_key__in={name_key(key.name) for key in lot if key.name})
        )
        found.update({row.pk: row for row in rows})
    return KnownEmployers((_key_of_employer(found[pk]), found[pk]) for pk in sorted(found))


def _key_of_employer(employer: Employer) -> EmployerKey:
    """By what an employer of the register is known."""
    return EmployerKey(employer.uscc, employer.name, employer.division_id)
