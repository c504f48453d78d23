"""The terms of a case in words."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.clocks import stands_still
from unionhome.core.cases.models import Case, Term
from unionhome.core.registry import Actor
from unionhome.core.workflow.rules import is_overdue, light_of
from unionhome.kit.dates import deadline_text, moment_text


def term_rows(actor: Actor, case: Case) -> list[dict[str, Any]]:
    """By when it is to be dispatched, taken up and solved, how that stands, and how difficult it is."""
    terms = queries.list_terms(case)
    if not terms:
        return []
    still = stands_still(case)
    rows: list[dict[str, Any]] = [
        {"label": f"{term.get_name_display()}时限", "value": _words(term, actor.at, still)} for term in terms
    ]
    may_change = not still and queries.is_handled(actor, case, "cases.difficulty")
    change = {"action": "改", "action_url": reverse("cases:difficulty", args=[case.pk])} if may_change else {}
    return [*rows, {"label": "难度", "value": case.get_difficulty_display(), **change}]


def _words(term: Term, at: datetime, still: str) -> str:
    now = timezone.localtime(at)
    if term.met_at is not None:
        late = "，超过了时限" if is_overdue(term.due_at, term.met_at) else ""
        return f"{moment_text(timezone.localtime(term.met_at), now)}办到{late}"
    if still or term.due_at is None:
        return f"{still}，不再计时" if still else "暂停，不计时"
    left = light_of(term.due_at, term.started_at, at)["text"]
    return f"{deadline_text(timezone.localtime(term.due_at), now)}，{left}"
