"""Saying how difficult a case is, which decides by when it has to be solved."""

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.handling import already_done, lock_handling, refresh_item
from unionhome.core.cases.actions.opening import add_entry
from unionhome.core.cases.models import Case, Difficulty, Entry, Term
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.kit.codes import mask_numbers


@transaction.atomic
def set_difficulty(actor: Actor, case_id: int, *, difficulty: str, reason: str, submit_key: str = "") -> Case:
    """Put a case into another class, with the reason, which the applicant reads. The time that has run counts.

    Whoever handles it does not lengthen the own limit: it takes `cases.difficulty`. Raises BadInput without a reason,
    for an unknown class or the one it has, Refused once an outcome is proposed.
    """
    case = lock_handling(actor, case_id, "cases.difficulty")
    if already_done(actor, case_id, submit_key):
        return case
    if Term.Name.SOLVE not in queries.get_kind(case.kind).terms:
        raise NotFound()
    if clocks.stands_still(case):
        raise Refused("已经提出办结，不能再改难度。", "wrong-state")
    if difficulty not in Difficulty.values or difficulty == case.difficulty:
        raise BadInput("请选另一个难度。", "difficulty-wrong", fields={"difficulty": "请选另一个难度。"})
    if not reason.strip():
        raise BadInput("请写为什么，职工会看到。", "reason-missing", fields={"reason": "请写为什么，职工会看到。"})
    case.difficulty = difficulty
    case.save(update_fields=["difficulty"])
    title = f"难度定为“{Difficulty(difficulty).label}”{_solve_anew(case)}"
    refresh_item(actor, case)
    add_entry(actor, case, Entry.Kind.STEP, title, text=reason.strip(), is_public=True, submit_key=submit_key)
    record(
        actor,
        "cases.case.graded",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{title}：{case.title}",
        data={"difficulty": Difficulty(difficulty).label, "reason": mask_numbers(reason.strip())},
    )
    return case


def _solve_anew(case: Case) -> str:
    """Give the case the limit of its class from the moment it began; by when it is to be solved, in words."""
    term = Term.objects.filter(case=case, name=Term.Name.SOLVE).first()
    if term is None:
        return ""
    frame = clocks.get_frame(case.node, term.started_at)
    term.limit_minutes = clocks.term_limits(case, [term.name], term.started_at, frame)[term.name]
    term.save(update_fields=["limit_minutes"])
    clocks.recompute_terms(case)
    term.refresh_from_db()
    due = timezone.localtime(term.due_at) if term.due_at else None
    return f"，{due.month}月{due.day}日以前办结" if due else ""
