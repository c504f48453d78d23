"""What a service does to a case of its own kind, inside its own acts: they lock it first by `lock_handling`."""

from typing import Any

from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.escalating import plan_climb
from unionhome.core.cases.actions.handling import follow_files, refresh_item
from unionhome.core.cases.models import Case, Handover, Referral
from unionhome.core.cases.queries.handovers import AWAITED
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import Actor, Refused
from unionhome.kit.codes import mask_numbers

ENDS = ("closed", "withdrawn", "ended")


def end_case(actor: Actor, case: Case, how: str = "ended") -> None:
    """Note the moment at which a case that has moved to an end ended: closed with an outcome, withdrawn by the
    applicant, or ended without either. What was not kept counts no more, and nobody has to take it up."""
    if how not in ENDS:
        raise ValueError(how)
    day = timezone.localdate(actor.at)
    ends: dict[str, dict[str, Any]] = {
        "closed": {"closed_at": actor.at, "closed_on": day},
        "withdrawn": {"withdrawn_at": actor.at},
    }
    Case.objects.filter(pk=case.pk).update(ended_on=day, **ends.get(how, {}))
    answer_referral(actor, case, Referral.Answer.MOVED)
    awaited = Handover.objects.filter(case=case, answer__in=AWAITED)
    awaited.update(answer=Handover.Answer.DROPPED, answered_on=day)
    case.refresh_from_db()
    plan_climb(case)


def hide_case(actor: Actor, case: Case, path: str) -> None:
    """Keep a case that is hidden from nobody, and its files, from a branch from now on. The caller has made sure that
    the branch does not handle it."""
    Case.objects.filter(pk=case.pk).update(hidden_path=path)
    case.refresh_from_db()
    follow_files(actor, case)
    refresh_item(actor, case)


def set_employer(actor: Actor, case: Case, *, employer: Employer | None, text: str, hide: bool) -> None:
    """Note the employer that a case turned out to be about. `hide`: its union must not see the case from now on, nor
    its files; where its union is the federation of a place, what was hidden before stays hidden. Raises Refused where
    that union handles the case: it has to go to another one first."""
    union = employer.union if employer else None
    found = queries.get_top_employer_path(union) if union is not None and hide else ""
    hidden = found or case.hidden_path
    if hidden and case.node.path.startswith(hidden):
        sentence = "本人不让单位知道，这件事正由单位工会办，请先转给上级工会。"
        raise Refused(sentence, "hidden-union", fields={"employer_text": sentence})
    words = mask_numbers(text.strip()) or (employer.name if employer else "")
    Case.objects.filter(pk=case.pk).update(employer=employer, employer_text=words[:120], hidden_path=hidden)
    case.refresh_from_db()
    follow_files(actor, case)
    refresh_item(actor, case)
