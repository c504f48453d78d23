"""Cases of the actor's branches: every list, count and page goes through the one row scope."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from unionhome.core.cases.models import Case, Pause, Referral
from unionhome.core.cases.queries.appeals import is_barred
from unionhome.core.cases.queries.kinds import states_in
from unionhome.core.cases.queries.texts import first_words, get_body
from unionhome.core.cases.rules import rating_end
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.rules import overdue_q

RAISED = "raised"
SENT = "sent"


def list_cases(
    actor: Actor,
    *,
    text: str = "",
    state: str = "",
    category: str = "",
    phase: str = "",
    kind: str = "",
    origin: str = "",
) -> QuerySet[Case]:
    """Newest first. `text` finds a number, a name's beginning or an employer; `phase` groups states of all kinds, or is
    raised: what went up because a clock ran out and is still open; or sent: what waits to be taken up by another union."""
    cases = (
        scope(Case.objects.all(), actor, "cases.view").select_related("node", "handler").order_by("-opened_at", "-id")
    )
    if text:
        cases = cases.filter(
            Q(number__icontains=text) | Q(applicant_name__startswith=text) | Q(employer_text__contains=text)
        )
    if kind:
        cases = cases.filter(kind=kind)
    if category:
        cases = cases.filter(category=category)
    if origin:
        cases = cases.filter(origin=origin)
    if state:
        cases = cases.filter(state=state)
    if phase == RAISED:
        cases = cases.filter(raised_to__isnull=False)
    elif phase == SENT:
        unanswered = Min("referrals__due_at", filter=Q(referrals__answer=Referral.Answer.WAITING))
        cases = cases.filter(pk__in=_sent(actor)).annotate(answer_due_at=unanswered)
    elif phase:
        cases = cases.filter(state__in=states_in(phase))
    return cases


def count_cases(actor: Actor, kind: str = "") -> dict[str, int]:
    """Cases by phase, of one kind or of all, in one query."""
    phases = {
        phase: Count("id", filter=Q(state__in=states_in(phase))) for phase in ("new", "working", "waiting", "closed")
    }
    phases[RAISED] = Count("id", filter=Q(raised_to__isnull=False))
    phases[SENT] = Count("id", filter=Q(pk__in=_sent(actor)))
    phases["sent_late"] = Count("id", filter=Q(pk__in=_sent(actor).filter(overdue_q(actor.at))))
    cases = Case.objects.filter(kind=kind) if kind else Case.objects.all()
    return scope(cases, actor, "cases.view").order_by().aggregate(**phases)


def _sent(actor: Actor) -> QuerySet[Any, Any]:
    """Ids of the cases that the actor's unions sent on and that nobody has taken up yet."""
    waiting = Referral.objects.filter(answer=Referral.Answer.WAITING)
    return scope(waiting, actor, "cases.view").values("case_id")


def get_case(actor: Actor, case_id: int) -> Case:
    """The case, if the actor may see it. Raises NotFound."""
    found = (
        _visible(actor, case_id)
        .select_related("node", "employer", "division", "person", "raised_to")
        .prefetch_related("handler", "stand_in")  # two joins more, and PostgreSQL plans longer than it reads
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def _visible(actor: Actor, case_id: int) -> QuerySet[Case]:
    return scope(Case.objects.filter(pk=case_id), actor, "cases.view")


def is_handled(actor: Actor, case: Case, permission: str = "cases.handle") -> bool:
    """Whether the actor may act on a case found by `get_case`, by branch or by a share to act; who has sent it on
    only looks, and so does whoever handled the matter that an appeal is about."""
    is_theirs = (
        actor.may(permission, case.node.path) or scope(Case.objects.filter(pk=case.pk), actor, permission).exists()
    )
    return is_theirs and not is_barred(case, actor.user_id, actor.node_id)


def get_handled_case(actor: Actor, case_id: int, permission: str = "cases.handle") -> Case:
    """The case, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    case = get_case(actor, case_id)
    _check_handled(actor, case, permission)
    return case


def get_case_to_act(actor: Actor, case_id: int, permission: str = "cases.handle") -> Case:
    """The same for an act, with its union alone: few acts look at who asked, where, and about whom. Raises as it does."""
    case = _visible(actor, case_id).select_related("node").first()
    if case is None:
        raise NotFound()
    _check_handled(actor, case, permission)
    return case


def _check_handled(actor: Actor, case: Case, permission: str) -> None:
    if not is_handled(actor, case, permission):
        if is_barred(case, actor.user_id, actor.node_id):
            raise Forbidden("这件是申诉，要由没有办过原来那件的人办。您可以看，不能办。", "barred")
        raise Forbidden(f"这件事由{case.node.name}办理，您可以看，不能办。")


def find_case_by_submit(submit_key: str) -> Case | None:
    """The case that an earlier send of the same form opened."""
    return Case.objects.filter(submit_key=submit_key).first() if submit_key else None


def list_first_words(actor: Actor, case_ids: Iterable[int]) -> dict[int, str]:
    """The beginning of what was asked, numbers masked, by case: of the cases that the actor sees."""
    found = scope(Case.objects.filter(pk__in=list(case_ids)), actor, "cases.view").only("body_sealed")
    return {case.pk: first_words(get_body(case)) for case in found}


def find_rating_end(case: Case, at: datetime) -> date | None:
    """The day on which a case that waits for its rating closes of itself; None for any other case."""
    if case.state != "proposed" or case.proposed_at is None:
        return None
    return rating_end(case.proposed_at, get_rating_days(at))


def get_rating_days(at: datetime) -> int:
    """For how many days a proposed case waits for its rating, by the policy in force."""
    return int(get_value("cases.rating_days", timezone.localdate(at)))


def find_open_pause(case: Case) -> Pause | None:
    """The pause that runs now."""
    return Pause.objects.filter(case=case, ends_at__isnull=True).first()
