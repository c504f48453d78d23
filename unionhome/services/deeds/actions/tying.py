"""Needs of many become one deed: put under it, and taken out again."""

from collections.abc import Sequence

from django.db import transaction

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_handled_case
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.workflow.actions import note_step
from unionhome.services.deeds.actions.locking import journal, lock_deed
from unionhome.services.deeds.models import Deed, DeedNeed
from unionhome.services.deeds.workflow import TABLE

READY = ("collected", "listed", "taken")
MOST_AT_ONCE = 100


@transaction.atomic
def tie_needs(actor: Actor, deed_id: int, case_ids: Sequence[int]) -> Deed:
    """Put needs under a deed that is not done yet; those that stand there already stay, so that twice is once.

    Raises NotFound and Forbidden of each case, Refused for one that is kept from an employer or stands under another.
    """
    deed = lock_deed(actor, deed_id)
    tie_all(actor, deed, case_ids)
    return deed


def tie_all(actor: Actor, deed: Deed, case_ids: Sequence[int]) -> None:
    """The same of a deed that the caller has locked."""
    if case_ids and deed.state not in READY:
        raise Refused("已经办成的实事，不能再放诉求进去。", "already-done")
    if len(case_ids) > MOST_AT_ONCE:
        raise Refused(f"一次最多放 {MOST_AT_ONCE} 件。", "too-many")
    for case_id in sorted(set(case_ids)):
        _tie(actor, deed, get_handled_case(actor, case_id))


def _tie(actor: Actor, deed: Deed, case: Case) -> None:
    earlier = DeedNeed.objects.select_related("deed").filter(case=case).first()
    if earlier is not None and earlier.deed_id == deed.pk:
        return
    if earlier is not None:
        sentence = f"{case.number}已经放在另一件实事里了。"
        raise Refused(sentence, "tied-elsewhere", fields={"numbers": sentence})
    if case.hidden_path:
        sentence = f"{case.number}要避开单位工会，不能放进实事清单。"
        raise Refused(sentence, "hidden-need", fields={"numbers": sentence})
    DeedNeed.objects.create(deed=deed, case=case, at=actor.at)
    note_step(actor, TABLE, deed, "tie")
    journal(actor, deed, "tied", "诉求并成实事", case=case.number)


@transaction.atomic
def untie_need(actor: Actor, deed_id: int, case_id: int) -> Deed:
    """Take a need out again; twice is once. Raises NotFound for one that the actor cannot see."""
    deed = lock_deed(actor, deed_id)
    if deed.state not in READY:
        raise Refused("已经办成的实事，不能再移出诉求。", "already-done")
    case = get_handled_case(actor, case_id)
    row = DeedNeed.objects.filter(deed=deed, case=case).first()
    if row is None:
        raise NotFound("这件诉求不在这件实事里。")
    row.delete()
    note_step(actor, TABLE, deed, "untie")
    journal(actor, deed, "untied", "移出诉求", case=case.number)
    return deed
