"""Keeping an election as it was reported, and seating those elected."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.models import Committee, Election, Officer, Organization
from unionhome.core.organizations.rules import ElectionFacts, check_election, is_seat
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.kit.dates import years_before

HEADS = ("主席", "主任")


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


def seat_elected(actor: Actor, organization: Organization, election: Election, *, source: str) -> None:
    """The new term begins: the committees elected open with their seats, those before close, who held a seat there ends.

    Committees that were not elected, and posts that are no seats, go on. `source` is what the committees rest upon. The
    caller has checked that the actor may. Raises BadInput where a post or a committee began that day or later.
    """
    on, kinds = election.term_starts_on, {seat["committee"] for seat in election.seats}
    _end_seats(organization, kinds, on)
    Officer.objects.bulk_create(
        Officer(
            organization=organization,
            name=seat["name"],
            post=seat["post"],
            committee=seat["committee"],
            starts_on=on,
        )
        for seat in election.seats
    )
    opened = _open_committees(organization, election, source)
    record(
        actor,
        "organizations.officers.seated",
        node=organization.node,
        about=organization,
        summary=f"{organization.node.name}新一届委员会任职 {len(election.seats)} 人",
        data={"count": len(election.seats), "from": on.isoformat(), "seats": opened},
    )


def _end_seats(organization: Organization, kinds: Collection[str], on: date) -> None:
    standing = organization.officers.filter(Q(ends_on=None) | Q(ends_on__gt=on), committee__in=kinds)
    seated = [officer for officer in standing if is_seat(officer.post)]
    later = organization.committees.filter(kind__in=kinds, ends_on=None, starts_on__gte=on)
    if any(officer.starts_on >= on for officer in seated) or later.exists():
        sentence = "有人的任职起、或者委员会的产生日期不早于新一届，请先核对。"
        raise BadInput(sentence, "bad-days", fields={"term_starts_on": sentence})
    Officer.objects.filter(pk__in=[officer.pk for officer in seated]).update(ends_on=on)
    organization.committees.filter(kind__in=kinds, ends_on=None).update(ends_on=on)


def _open_committees(organization: Organization, election: Election, source: str) -> dict[str, int]:
    """A committee for each that has a head and members; one delegate or one organiser is none. Seats by committee."""
    seats = Counter(seat["committee"] for seat in election.seats)
    headed = {seat["committee"] for seat in election.seats if seat["post"] in HEADS}
    opened = {kind: count for kind, count in seats.items() if kind in headed and (count > 1 or kind == "women")}
    Committee.objects.bulk_create(
        Committee(
            organization=organization,
            kind=kind,
            seats_count=count,
            starts_on=election.term_starts_on,
            source=source[:60],
        )
        for kind, count in opened.items()
    )
    return opened
