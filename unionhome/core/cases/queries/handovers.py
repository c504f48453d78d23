"""Matters put before somebody outside of the union, and what is awaited from there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Min

from unionhome.core.cases.models import Case, Handover
from unionhome.core.registry import NotFound
from unionhome.kit.dates import day_bounds

AWAITED = (Handover.Answer.WAITING, Handover.Answer.TAKEN)
"""Answers after which another one is to come."""


def list_handovers(case: Case) -> list[Handover]:
    """All of a case, the newest first. The caller has scoped the case."""
    return list(Handover.objects.filter(case=case).order_by("-pk"))


def find_awaited(case: Case) -> Handover | None:
    """The one whose answer is due first. The caller has scoped the case."""
    return Handover.objects.filter(case=case, answer__in=AWAITED).order_by("due_on", "pk").first()


def get_handover(case: Case, handover_id: int) -> Handover:
    """One of a case that the caller has scoped. Raises NotFound."""
    found = Handover.objects.filter(case=case, pk=handover_id).first()
    if found is None:
        raise NotFound()
    return found


def list_handover_dues(case_ids: Iterable[int]) -> dict[int, datetime]:
    """The last minute of the day on which the first answer is due, by case."""
    awaited = Handover.objects.filter(case__in=list(case_ids), answer__in=AWAITED).order_by()
    rows = awaited.values_list("case_id").annotate(day=Min("due_on"))
    return {case_id: day_bounds(day)[1] - timedelta(minutes=1) for case_id, day in rows}
