"""Saying whether who rang is the member with that number in the register: never by itself, always by somebody who asked."""

from django.db import transaction

from unionhome.core.cases.actions import add_entry, already_done, lock_handling, refresh_item, set_employer
from unionhome.core.cases.models import Case, Entry
from unionhome.core.journal.actions import record
from unionhome.core.members.models import Person
from unionhome.core.members.queries.lookups import get_membership
from unionhome.core.registry import Actor, BadInput
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.models import CallerCheck, NeedDetail


@transaction.atomic
def check_caller(actor: Actor, case_id: int, person_id: int, *, is_same: bool, how: str, submit_key: str = "") -> Case:
    """Keep that the worker of a need is, or is not, that member, and how it was found out. From a yes on the need stands
    among the member's own matters, and is kept from the member's employer where it was to be kept from the employer.

    Raises NotFound for a person with another number or out of the actor's sight, BadInput without words, Refused where
    the employer's own union has the need: it goes to another union first.
    """
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key, Entry.Kind.NOTE):
        return case
    person = queries.get_possible_member(actor, case, person_id)
    if not how.strip():
        raise BadInput("请写怎么核对的。", "how-missing", fields={"how": "请写怎么核对的，比如问了姓名和在哪个单位。"})
    if is_same:
        _keep_from_employer(actor, case, person)
        Case.objects.filter(pk=case.pk).update(person=person)
        case.refresh_from_db()
        refresh_item(actor, case)
    CallerCheck.objects.create(case=case, person=person, is_same=is_same, at=actor.at, user_id=actor.user_id)
    title = "核对过了，是名册里的会员" if is_same else "核对过了，不是名册里同号码的会员"
    add_entry(actor, case, Entry.Kind.NOTE, title, text=how.strip(), is_public=False, submit_key=submit_key)
    record(
        actor,
        "helpdesk.caller.checked",
        node=case.node,
        about=case,
        subject_id=person.pk if is_same else None,
        hidden_path=case.hidden_path,
        summary=f"{title}：{case.number}",
        data={"is_member": is_same},
    )
    return case


def _keep_from_employer(actor: Actor, case: Case, person: Person) -> None:
    detail, membership = NeedDetail.objects.filter(case=case).first(), get_membership(person.pk)
    employer = membership.employer if membership else None
    if case.employer_id is None and employer is not None and detail is not None and detail.is_hidden_from_employer:
        set_employer(actor, case, employer=employer, text=case.employer_text or employer.name, hide=True)
