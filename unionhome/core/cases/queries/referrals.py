"""Matters sent to other unions, and what these answered."""

from unionhome.core.cases.models import Case, Referral

WAITING = Referral.Answer.WAITING


def find_waiting_referral(case: Case) -> Referral | None:
    """The referral that nobody has answered yet. The caller has scoped the case."""
    return (
        Referral.objects.filter(case=case, answer=WAITING)
        .select_related("sender", "target", "handler", "stand_in")
        .first()
    )


def get_referral_facts(case: Case) -> dict[str, bool]:
    """Whether `find_waiting_referral` and `find_taken_referral` find one, by one query: what guards look at."""
    rows = list(Referral.objects.filter(case=case).order_by("-pk").values_list("answer", "target_id"))
    return {
        "referred": any(answer == WAITING for answer, _ in rows),
        "taken": rows[:1] == [(Referral.Answer.ACCEPTED, case.node_id)],
    }


def find_taken_referral(case: Case) -> Referral | None:
    """The referral by which the union that handles the case now took it up. The caller has scoped the case."""
    last = (
        Referral.objects.filter(case=case)
        .select_related("sender", "target", "handler", "stand_in")
        .order_by("-pk")
        .first()
    )
    if last is None or last.answer != Referral.Answer.ACCEPTED or last.target_id != case.node_id:
        return None
    return last
