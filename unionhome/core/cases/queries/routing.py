"""Who asks, and where a matter of theirs goes: facts of the register and of the tree for the one routing rule."""

from dataclasses import dataclass

from django.conf import settings

from unionhome.core.cases.rules import Route, RouteFacts, UnionFacts, choose_route
from unionhome.core.members.models import Person
from unionhome.core.members.queries import get_membership
from unionhome.core.members.queries.own import find_own_person
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.organizations.queries import (
    find_cell_of_place,
    find_division,
    find_union_of_division,
    list_divisions,
)
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_local_above, find_root, list_ancestors


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks: the person in the register behind an actor, with employer and union where there are any."""

    person: Person | None = None
    name: str = ""
    node: Node | None = None
    employer: Employer | None = None


def find_applicant(actor: Actor) -> Applicant:
    """What the register knows of the signed-in worker; empty for a visitor or somebody who is no member."""
    person = find_own_person(actor)
    if person is None:
        return Applicant()
    membership = get_membership(person.pk)
    return Applicant(
        person=person,
        name=person.name,
        node=membership.node if membership else None,
        employer=membership.employer if membership else None,
    )


def find_route(
    applicant: Applicant, *, about_employer: bool, hide: bool, employer: Employer | None, division: Division | None
) -> Route | None:
    """The route of a matter as it would be sent now."""
    employer = employer or applicant.employer
    employer_union = employer.union if employer else None
    own = employer_union or (applicant.node if applicant.node and not applicant.node.is_local else None)
    return choose_route(
        RouteFacts(
            about_employer=about_employer,
            hide_from_employer=hide,
            membership=_facts(applicant.node),
            membership_above=_facts(find_local_above(applicant.node)) if applicant.node else None,
            employer=_facts(employer_union),
            employer_above=_facts(find_local_above(employer_union)) if employer_union else None,
            employer_top_path=get_top_employer_path(own) if own else "",
            place=_facts(find_town_union(division)),
            root=_facts(find_root()),
        )
    )


def _facts(node: Node | None) -> UnionFacts | None:
    return UnionFacts(node.pk, node.name, node.path, node.is_local, node.level) if node else None


def get_top_employer_path(node: Node) -> str:
    """The topmost union over it that is no federation of a division: a group's union sees as little as its branch.
    Empty for the federation of a division."""
    return next((each.path for each in list_ancestors(node) if not each.is_local), "")


def find_town_union(division: Division | None) -> Node | None:
    """The federation that handles what happens at a place: the one in charge of its grid cell, else the nearest. A
    village helps without a clock of its own, the town's handles."""
    cell = find_cell_of_place(division.code) if division is not None and division.level == "village" else None
    node = (
        cell.node
        if cell and cell.node.closed_on is None
        else (find_union_of_division(division.code) if division else None)
    )
    return find_local_above(node) if node is not None and node.level == "village" else node


def list_town_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Towns of the city grouped by county, for a select. Two queries."""
    root = find_division(f"{settings.ROOT_CODE:0<12}")
    counties = list(list_divisions(root.code)) if root else []
    towns = Division.objects.filter(level="town", parent__in=counties).order_by("code")
    by_county: dict[object, list[tuple[str, str]]] = {}
    for town in towns:
        by_county.setdefault(town.parent_id, []).append((town.code, town.name))
    return [(county.name, by_county.get(county.pk, [])) for county in counties]
