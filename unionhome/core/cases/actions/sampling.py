"""The check of a share of all cases before they close (抽查): by somebody who had no hand in it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.closing import close_case
from unionhome.core.cases.actions.handling import already_done, lock_handling, move_case, refresh_item
from unionhome.core.cases.actions.opening import add_entry
from unionhome.core.cases.models import Case, Entry, Term
from unionhome.core.cases.workflow import CHECK, CHECKING
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor


@transaction.atomic
def check_case(actor: Actor, case_id: int, *, text: str = "", submit_key: str = "") -> Case:
    """Find a drawn case well handled, which closes it. The table's guard wants somebody who had no hand in it."""
    case = lock_handling(actor, case_id, CHECK)
    if already_done(actor, case_id, submit_key, Entry.Kind.NOTE):
        return case
    move_case(actor, case, "check")
    add_entry(actor, case, Entry.Kind.NOTE, "抽查合格", text=text.strip(), is_public=False, submit_key=submit_key)
    add_entry(actor, case, Entry.Kind.STEP, "抽查合格，已办结", is_public=True)
    return close_case(actor, case)


@transaction.atomic
def fail_check(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """Give a drawn case back to who handled it, with what is still to be done. The applicant rates the new outcome; the
    rating of this one stays in the timeline."""
    case = lock_handling(actor, case_id, CHECK)
    if already_done(actor, case_id, submit_key, Entry.Kind.NOTE):
        return case
    move_case(actor, case, "fail", reason=reason)
    Case.objects.filter(pk=case.pk).update(proposed_at=None, rating="", rated_at=None, rating_text_sealed=None)
    case.refresh_from_db()
    Term.objects.filter(case=case, name=Term.Name.SOLVE).update(met_at=None)
    clocks.recompute_terms(case)
    refresh_item(actor, case)
    title = "抽查不合格，退回接着办"
    add_entry(actor, case, Entry.Kind.NOTE, title, text=reason.strip(), is_public=False, submit_key=submit_key)
    add_entry(actor, case, Entry.Kind.STEP, "抽查没有通过，工会接着办", is_public=True)
    return case


def close_unchecked(actor: Actor, limit: int = 500) -> int:
    """Close what nobody has checked within the policy's days: the applicant does not wait for it. For the schedule."""
    days = int(get_value("cases.check_days", timezone.localdate(actor.at)))
    waiting = list(queries.list_unchecked(actor.at - timedelta(days=days)).values_list("pk", flat=True)[:limit])
    return sum(_lapse(actor, pk) for pk in waiting)


@transaction.atomic
def _lapse(actor: Actor, case_id: int) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case_id)
    if case.state != CHECKING:
        return False
    move_case(actor, case, "lapse")
    add_entry(actor, case, Entry.Kind.STEP, "已办结" if case.rating else "已办结，您仍可评价", is_public=True)
    close_case(actor, case)
    return True
