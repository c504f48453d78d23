"""Divisions, the federation nearest to one, and employers by name: public knowledge, asked by everybody."""

from django.db.models import F, QuerySet

from unionhome.core.organizations.models import Division, Employer
from unionhome.core.organizations.rules import PARTS, division_level, node_code
from unionhome.core.tree.models import Node


def find_division(code: str) -> Division | None:
    """The standing division of a code of 4 to 12 digits."""
    if not (code.isascii() and code.isdigit() and 4 <= len(code) <= 12):
        return None
    return Division.objects.filter(code=code.ljust(12, "0"), ended_year=None).first()


def list_divisions(parent: str = "") -> QuerySet[Division]:
    """The divisions right below a code; without one, the counties of the city."""
    standing = Division.objects.filter(ended_year=None).order_by("code")
    if not parent:
        return standing.filter(level="county")
    return standing.filter(parent=parent.ljust(12, "0"))


def list_division_chain(code: str) -> list[Division]:
    """The division of a code and what lies over it, the city first; empty for an unknown code."""
    division = find_division(code)
    if division is None:
        return []
    codes = {
        division.prefix[:digits].ljust(12, "0")
        for digits in PARTS.values()
        if digits <= len(division.prefix)
    }
    return list(Division.objects.filter(code__in=codes).order_by("prefix"))


def find_union_of_division(code: str) -> Node | None:
    """The nearest active federation for a division: its village's, else its town's, its county's, the city's.

    The node comes with its `organization`. None where not even the city has one.
    """
    if not (code.isascii() and code.isdigit() and 4 <= len(code) <= 12):
        return None
    full = code.ljust(12, "0")
    deepest = PARTS[division_level(full)]
    codes = {
        node_code(full[:digits].ljust(12, "0"), level)
        for level, digits in PARTS.items()
        if digits <= deepest
    }
    return (
        Node.objects.filter(
            code__in=codes,
            is_local=True,
            closed_on=None,
            organization__status="active",
        )
        .select_related("organization")
        .order_by("-path")
        .first()
    )


def find_employer(text: str) -> Employer | None:
    """The employer whose code or full name this is."""
    text = text.strip()
    known = Employer.objects.select_related("union", "division")
    return (
        known.filter(uscc=text.upper()).first() or find_employer_by_name(text)
        if text
        else None
    )


def find_employer_by_name(name: str) -> Employer | None:
    """The employer of exactly that name; the one with a union first where several bear it."""
    return (
        Employer.objects.select_related("union", "division")
        .filter(name=name.strip())
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
