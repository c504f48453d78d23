"""Whether who rang the hotline, or came in, stands in the register: by the number, and only for who may see members."""

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_text
from unionhome.core.cases.rules import PHONE_FIELD
from unionhome.core.members.models import Person
from unionhome.core.members.queries.lookups import list_phone_holders
from unionhome.core.registry import Actor, NotFound
from unionhome.services.helpdesk.models import CallerCheck
from unionhome.services.helpdesk.rules.helped import Gathered

ASKED_OF = ("hotline", *Gathered.values)
"""Origins where a union wrote the number down; one that somebody typed into the public page proves nothing."""


def list_possible_members(actor: Actor, case: Case) -> list[Person]:
    """Members of the actor's branches with the number of a need whose worker is not known, but not those of whom
    somebody has said that it is another. The caller has scoped the need; nobody without `members.view` reads any."""
    if case.person_id is not None or case.origin not in ASKED_OF or not case.phone_sealed or case.ended_on:
        return []
    if not actor.branches("members.view"):
        return []
    denied = set(CallerCheck.objects.filter(case=case, is_same=False).values_list("person_id", flat=True))
    held = list_phone_holders(actor, get_text(case.phone_sealed, PHONE_FIELD))
    return [person for person in held if person.pk not in denied]


def get_possible_member(actor: Actor, case: Case, person_id: int) -> Person:
    """One of them. Raises NotFound."""
    found = next((each for each in list_possible_members(actor, case) if each.pk == person_id), None)
    if found is None:
        raise NotFound()
    return found
