"""The one way an employer is found or made, for one and for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from unionhome.core.organizations.models import Division, Employer
from unionhome.core.organizations.queries.employers import list_known
from unionhome.core.organizations.rules.employers import EmployerKey
from unionhome.core.registry import Actor

BATCH = 500


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """What is known of an employer. `division_code` has 12 digits; codes are those of the room's rules."""

    name: str
    division_code: str
    uscc: str = ""
    nature: str = ""
    industry: str = ""
    size: str = ""
    workers_count: int | None = None
    women_count: int | None = None
    party_organization: str = ""

    @property
    def key(self) -> EmployerKey:
        """By what it is found."""
        return EmployerKey(self.uscc, self.name, self.division_code)


@dataclass(frozen=True, slots=True)
class Found:
    """The employer of each of the facts, in their order; the ids of those made now, and of those that got their code."""

    employers: list[Employer]
    made: frozenset[int]
    coded: frozenset[int]


def find_or_make(actor: Actor, given: Sequence[EmployerFacts]) -> Found:
    """The employers of facts that were checked: those known (`rules.KnownEmployers`), and new ones for the rest.

    Facts that name one employer twice find it twice. One that is known without a code takes over the code given; what
    else is known of it stays. The places stay locked, so that nobody makes the same employer at the same moment.
    """
    places = Division.objects.select_for_update().filter(pk__in={facts.division_code for facts in given})
    list(places.order_by("pk").values_list("pk", flat=True))
    known = list_known([facts.key for facts in given])
    employers, fresh, coded = [], [], []
    for facts in given:
        employer = known.find(facts.key)
        if employer is None:
            employer = _new(actor, facts)
            fresh.append(employer)
            known.add(facts.key, employer)
        elif facts.uscc and not employer.uscc:
            employer.uscc = facts.uscc
            known.add(facts.key, employer)
            if employer.pk:
                coded.append(employer)
        employers.append(employer)
    Employer.objects.bulk_create(fresh, batch_size=BATCH)
    Employer.objects.bulk_update(coded, ["uscc"], batch_size=BATCH)
    return Found(employers, frozenset(each.pk for each in fresh), frozenset(each.pk for each in coded))


def _new(actor: Actor, facts: EmployerFacts) -> Employer:
    return Employer(
        name=facts.name,
        uscc=facts.uscc,
        nature=facts.nature,
        industry=facts.industry,
        division_id=facts.division_code,
        size=facts.size,
        workers_count=facts.workers_count,
        women_count=facts.women_count,
        party_organization=facts.party_organization,
        created_at=actor.at,
    )
