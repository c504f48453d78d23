"""Keeping an election as it was reported, and seating those elected."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.models import Election, Officer, Organization
from unionhome.core.organizations.rules import ElectionFacts, check_election
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.kit.dates import years_before


def keep_election(
    actor: Actor, node: Node, facts: ElectionFacts, *, term_no: int, has_employer: bool, earliest: date
) -> Election:
    """Check an election and keep it. The caller has checked that the actor may. Raises BadInput at the field."""
    check_election(
        facts, level=node.level, has_employer=has_employer, earliest=earliest, today=timezone.localdate(actor.at)
    )
    election = Election.objects.create(
        node=node,
        held_on=facts.held_on,
        assembly=facts.assembly,
        entitled_count=facts.entitled_count,
        attended_count=facts.attended_count,
        members_count=facts.members_count,
        women_count=facts.women_count,
        principal_name=facts.principal_name,
        term_no=term_no,
        term_years=facts.term_years,
        term_starts_on=facts.term_starts_on,
        seats=[asdict(seat) for seat in facts.seats],
        recorded_at=actor.at,
    )
    record(
        actor,
        "organizations.election.recorded",
        node=node,
        about=election,
        summary=f"登记选举结果：{node.name}第{term_no}届",
        data={"held_on": facts.held_on.isoformat(), "count": len(facts.seats)},
    )
    return election


def last_day_of(election: Election) -> date:
    """The last day of the term the election begins."""
    return years_before(election.term_starts_on, -election.term_years) - timedelta(days=1)


def seats_of(election: Election) -> list[tuple[str, str, str]]:
    """Committee, name and post of everybody elected."""
    return [(seat["committee"], seat["name"], seat["post"]) for seat in election.seats]


def seat_officers(actor: Actor, organization: Organization, seats: Sequence[tuple[str, str, str]], *, on: date) -> None:
    """A new term: whoever held a post ends it that day, and each (committee, name, post) begins.

    The caller has checked that the actor may. Raises BadInput where somebody's post began that day or later.
    """
    standing = organization.officers.filter(Q(ends_on=None) | Q(ends_on__gt=on))
    if standing.filter(starts_on__gte=on).exists():
        sentence = "有人的任职起不早于新一届，请先核对任职。"
        raise BadInput(sentence, "bad-days", fields={"term_starts_on": sentence})
    standing.update(ends_on=on)
    Officer.objects.bulk_create(
        [
            Officer(organization=organization, name=name, post=post, committee=committee, starts_on=on)
            for committee, name, post in seats
        ]
    )
    record(
        actor,
        "organizations.officers.seated",
        node=organization.node,
        about=organization,
        summary=f"{organization.node.name}新一届委员会任职 {len(seats)} 人",
        data={"count": len(seats), "from": on.isoformat()},
    )
