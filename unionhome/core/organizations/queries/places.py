"""Divisions, the federation nearest to one, and employers by name: public knowledge, asked by everybody."""

from django.db.models import F, QuerySet

from unionhome.core.organizations.models import Division, Employer, Organization
from unionhome.core.organizations.rules.employers import name_key
from unionhome.core.tree.models import Node
from unionhome.kit.codes import CodeError, division_full, division_parent, division_short


def find_division(code: str) -> Division | None:
    """The standing division of a code of 4, 6, 9 or 12 digits."""
    chain = _chain_codes(code)
    return Division.objects.filter(code=chain[0], ended_year=None).first() if chain else None


def _chain_codes(code: str) -> list[str]:
    """The full code and those above it, the lowest first; empty where it is no code."""
    try:
        step: str | None = division_full(code)
        chain = []
        while step:
            chain.append(step)
            step = division_parent(step)
    except CodeError:
        return []
    return chain


def list_divisions(parent: str = "") -> QuerySet[Division]:
    """The divisions right below a code; without one, the counties of the city."""
    standing = Division.objects.filter(ended_year=None).order_by("code")
    if not parent:
        return standing.filter(level="county")
    return standing.filter(parent=(_chain_codes(parent) or [""])[0])


def list_villages() -> QuerySet[Division]:
    """Every standing village and community of the city."""
    return Division.objects.filter(ended_year=None, level="village").order_by("code")


def list_division_chain(code: str) -> list[Division]:
    """The division of a code and what lies over it, the city first; empty for an unknown code."""
    chain = list(Division.objects.filter(code__in=_chain_codes(code)).order_by("prefix"))
    return chain if chain and chain[-1].code == code.ljust(12, "0") else []


def list_unions_of_division(code: str) -> list[Node]:
    """The active federations over a division, the nearest first: its village's, its town's, its county's, the city's.

    Each node comes with its `organization`.
    """
    codes = [division_short(step) for step in _chain_codes(code)]
    standing = Node.objects.filter(code__in=codes, is_local=True, closed_on=None, organization__status="active")
    return list(standing.select_related("organization").order_by("-path"))


def find_union_of_division(code: str) -> Node | None:
    """The nearest of them. None where not even the city has one."""
    return next(iter(list_unions_of_division(code)), None)


def find_employer(text: str) -> Employer | None:
    """The employer whose code or full name this is."""
    text = text.strip()
    known = Employer.objects.select_related("union", "division")
    return known.filter(uscc=text.upper()).first() or find_employer_by_name(text) if text else None


def find_employer_by_id(pk: int) -> Employer | None:
    """The employer of that id, whoever asks: names and numbers of employers are public."""
    return Employer.objects.select_related("union", "division").filter(pk=pk).first()


def find_employer_by_name(name: str) -> Employer | None:
    """The employer of that name, as names are compared; the one with a union first where several bear it."""
    return (
        Employer.objects.select_related("union", "division")
        .filter(name_key=name_key(name))
        .order_by(F("union").asc(nulls_last=True), "pk")
        .first()
    )


def list_employers(text: str, limit: int = 20) -> list[Employer]:
    """Employers whose name holds the text, by name; none for fewer than two characters."""
    text = text.strip()
    if len(text) < 2:
        return []
    found = (
        Employer.objects.select_related("union__organization", "division")
        .filter(name__contains=text)
        .order_by("name", "pk")
    )
    return list(found[:limit])


def find_office_phone(node_id: int) -> str:
    """The office phone of a union, which is public; empty where none is noted."""
    return Organization.objects.filter(pk=node_id).values_list("phone", flat=True).first() or ""


def find_town_code(node_id: int) -> str:
    """Code of the town in which a union stands; empty for those that stand for more than a town."""
    union = Organization.objects.select_related("division__parent").filter(pk=node_id).first()
    place = union.division if union else None
    town = place.parent if place and place.level == "village" else place
    return town.code if town and town.level == "town" else ""
