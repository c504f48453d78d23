"""By when cases have to be dispatched, taken up and solved."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min

from unionhome.core.cases.models import Case, Term


def list_terms(case: Case) -> list[Term]:
    """The terms of a case in their order. The caller has scoped the case."""
    order = [name.value for name in Term.Name]
    return sorted(Term.objects.filter(case=case), key=lambda term: order.index(term.name))


def list_term_dues(case_ids: Iterable[int]) -> dict[int, datetime]:
    """The first due moment of what is not met, by case."""
    running = Term.objects.filter(case__in=list(case_ids), met_at=None, due_at__isnull=False).order_by()
    return dict(running.values_list("case_id").annotate(first_at=Min("due_at")))
