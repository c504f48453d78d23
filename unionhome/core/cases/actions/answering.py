"""What becomes of a referral: answered by the union it was sent to, or overtaken."""

from unionhome.core.cases.models import Case, Referral
from unionhome.core.registry import Actor


def answer_referral(actor: Actor, case: Case, answer: str) -> bool:
    """Answer the referral that waits; False where none does."""
    waiting = Referral.objects.filter(case=case, answer=Referral.Answer.WAITING)
    return bool(waiting.update(answer=answer, answered_at=actor.at))
