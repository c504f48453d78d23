"""The committees of a union with who sits there, who sat there, what is vacant and what is missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from unionhome.core.organizations.models import Committee, Officer, Organization
from unionhome.core.organizations.queries.following import count_members
from unionhome.core.organizations.queries.unions import VIEW, list_officers
from unionhome.core.organizations.rules import (
    COMMITTEES,
    SeatAdvice,
    needs_women,
    seat_advice,
    vacancies,
)
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.queries import scope


@dataclass(frozen=True, slots=True)
class Board:
    """One committee as it stands on a day. `vacant` counts seats that nobody fills; `advice` fits the membership."""

    kind: str
    label: str
    committee: Committee | None
    officers: list[Officer]
    advice: SeatAdvice
    vacant: int

    @property
    def is_off(self) -> bool:
        """Whether the seats lie outside the advice."""
        return self.committee is not None and not self.advice.fits(self.committee.seats_count)


@dataclass(frozen=True, slots=True)
class Boards:
    """The three committees of a union; `warning` says what is missing for its women."""

    boards: list[Board]
    members: int
    women: int
    warning: str


def get_boards(organization: Organization, on: date) -> Boards:
    """The committees of a union on a day. The caller has scoped the union."""
    members, women = count_members(organization.node)
    standing = Committee.objects.filter(organization=organization, starts_on__lte=on).filter(
        Q(ends_on=None) | Q(ends_on__gt=on)
    )
    committees = {row.kind: row for row in standing}
    officers = list_officers(organization, on)
    boards = []
    for kind, label in COMMITTEES:
        sitting = [officer for officer in officers if officer.committee == kind]
        committee = committees.get(kind)
        seats = committee.seats_count if committee else None
        advice = seat_advice(kind, members)
        boards.append(Board(kind, label, committee, sitting, advice, vacancies(seats, {each.name for each in sitting})))
    has_women = "women" in committees or any(officer.committee == "women" for officer in officers)
    warning = needs_women(women, has_women) if organization.status == "active" else ""
    return Boards(boards, members, women, warning)


def list_former_officers(organization: Organization, on: date) -> QuerySet[Officer]:
    """Who held a post before that day and no longer does, the last first. The caller has scoped the union."""
    return Officer.objects.filter(organization=organization, ends_on__lte=on).order_by("-ends_on", "-pk")


def get_officer(actor: Actor, pk: int) -> Officer:
    """One post of a union in the actor's branches. Raises NotFound."""
    rows = scope(Officer.objects.all(), actor, VIEW).select_related("organization__node")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def list_posts_of(organization: Organization, name: str, on: date) -> list[tuple[str, str]]:
    """Which posts (committee, post) somebody of that name holds in a union on a day or later."""
    rows = Officer.objects.filter(organization=organization, name=name).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    return list(rows.values_list("committee", "post"))
