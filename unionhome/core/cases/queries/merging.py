"""Like matters that are worked on as one, and those that could be."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.cases.models import Case, Clock
from unionhome.core.cases.queries.kinds import get_kind
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope

SUGGESTED = 5


def count_unreached(case: Case) -> int:
    """How many of the matters that follow this one have a worker whom nobody has reached yet."""
    waiting = Clock.objects.filter(case__leader=case, case__state=FOLLOWING, name=Clock.Name.ARRIVE)
    return waiting.filter(stopped_at=None).count()


def list_followers(actor: Actor, case: Case) -> list[Case]:
    """What is or was worked on with a matter, as far as the actor sees it, the oldest first."""
    found = scope(Case.objects.filter(leader=case), actor, "cases.view")
    return list(found.select_related("node").order_by("opened_at", "pk"))


def find_leader(actor: Actor, case: Case) -> Case | None:
    """The matter that this one is or was worked on with, if the actor may see it."""
    if case.leader_id is None:
        return None
    return scope(Case.objects.filter(pk=case.leader_id), actor, "cases.view").select_related("node").first()


def find_case_by_number(actor: Actor, number: str) -> Case | None:
    """The case of that number, if the actor may see it."""
    return scope(Case.objects.filter(number=number.strip().upper()), actor, "cases.view").first()


def list_like(actor: Actor, case: Case) -> list[Case]:
    """Matters that this one could be put under: of the same kind and as hidden, at the same employer, or in the same
    town and category; opened within the days of the policy, under way and leading; those of its category first."""
    same = Q(pk__in=[])
    if case.employer_id is not None:
        same |= Q(employer_id=case.employer_id)
    elif case.employer_text:
        same |= Q(employer_text=case.employer_text)
    if case.division_id is not None:
        same |= Q(division_id=case.division_id, category=case.category)
    since = case.opened_at - _like_span(case.opened_at)
    found = _leading(case.kind).filter(same, hidden_path=case.hidden_path, opened_at__gte=since).exclude(pk=case.pk)
    rows = scope(found, actor, "cases.handle").select_related("node").order_by("-opened_at", "-pk")[: SUGGESTED * 4]
    return sorted(rows, key=lambda row: row.category != case.category)[:SUGGESTED]


def find_joinable(
    *,
    kind: str,
    category: str,
    node: Node,
    employer: Employer | None,
    division: Division | None,
    place_text: str,
    at: datetime,
    apart: QuerySet[Any] | None = None,
) -> Case | None:
    """A matter that one about to be sent can be worked on with, for its sender to choose.

    Only what need not be kept from any employer and is not sensitive is offered, or the form would tell whoever asks
    that somebody has complained, or is ill or poor. `apart` are the ids of those that their senders wished to be kept
    so. Of the same category and union, at the same employer or the very same place.
    """
    about = get_kind(kind).category(category)
    if about.about_employer or about.is_sensitive:
        return None
    same = Q(pk__in=[])
    if employer is not None:
        same |= Q(employer=employer)
    if division is not None and place_text:
        same |= Q(division=division, place_text=place_text)
    found = _leading(kind).filter(same, category=category, node=node, hidden_path="")
    found = found if apart is None else found.exclude(pk__in=apart)
    return found.filter(opened_at__gte=at - _like_span(at)).order_by("-opened_at", "-pk").first()


def _leading(kind: str) -> QuerySet[Case]:
    return Case.objects.filter(kind=kind, state__in=LEADING, leader=None, appeal_of=None)


LEADING = ("submitted", "handling", "paused")
"""The states in which a matter can lead others: neither proposed nor ended."""


def _like_span(at: datetime) -> timedelta:
    return timedelta(days=get_value("cases.like_days", timezone.localdate(at)))
