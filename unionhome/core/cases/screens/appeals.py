"""What the pages show of an appeal and of the matter it is about."""

from typing import Any

from django.urls import reverse

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case
from unionhome.core.registry import Actor


def find_tied(case: Case) -> Case | None:
    """The matter that this one appeals, else the one that appeals it; only what is closed can have one."""
    if case.appeal_of_id is not None:
        return queries.find_original(case)
    return queries.find_appeal(case) if case.closed_on is not None else None


def desk_tied(actor: Actor, case: Case) -> dict[str, Any]:
    """The panel 申诉 of the desk, empty where there is none; a link where the actor may open the other matter."""
    other = find_tied(case)
    if other is None:
        return {}
    return {
        "case": other,
        "is_appeal": case.appeal_of_id is not None,
        "is_stuck": case.ended_on is None and queries.is_stuck(case, actor.at),
        "url": reverse("cases:case", args=[other.pk]) if queries.is_seen(actor, other) else "",
    }
