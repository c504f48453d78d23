"""What is entered today about days that a federation has closed counts from the first open day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.core.organizations.small_city import AT
from tests.core.organizations.workflows import another, reelection_at, seal
from unionhome.core.figures.queries import get_value
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Coverage, Organization, UnionSpan
from unionhome.core.periods.actions import close_period
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
TODAY = timezone.localdate(AT)
TOWN = "610502001"
CLOSED = Period(date(2026, 1, 1), TODAY - timedelta(days=1))


def close(system: Actor) -> None:
    close_period(system, Node.objects.get(code=TOWN), CLOSED, with_below=True)


def test_a_union_and_gaps_of_long_ago_count_from_the_first_open_day(
    tree: Any, system: Actor, cadre: Cadre, facts: Callable[..., actions.UnionFacts], employer: Callable[..., Any]
) -> None:
    close(system)
    asked = {"parent_code": TOWN, "facts": facts(founded_on=date(2020, 3, 1)), "employer": employer()}
    union = actions.found_union(cadre("610502"), **asked)
    assert (union.founded_on, UnionSpan.objects.get(node=union.pk).starts_on) == (date(2020, 3, 1), TODAY)
    day = TODAY - timedelta(days=1)
    with pytest.raises(BadInput) as refused:
        actions.rename_union(cadre(TOWN), union.pk, name="新名工会", on=day, reason="更名")
    assert refused.value.code == "period-closed"
    Coverage.objects.all().delete()
    actions.settle_coverage(system)
    noted = Coverage.objects.filter(kind="worker")
    begun = dict(noted.values_list("division_id", "starts_on"))
    assert begun["610502001001"] == TODAY, "its town is closed"
    assert begun["610503100200"] < CLOSED.start_on, "the other county is not"


def _rate(system: Actor, union: Organization, period: Period) -> object:
    value = get_value(system, "organizations.timely_reelections", union.node, period)
    return value.raw, value.rows


def test_a_reelection_leaves_the_rate_of_closed_days_alone(union: Organization, system: Actor, cadre: Cadre) -> None:
    """One approved late stays not in time; one of a term that was entered late counts after the closing."""
    today = Period(TODAY, TODAY)
    own = {"term_no": 2, "term_years": 3, "term_starts_on": date(2022, 1, 1)}
    Organization.objects.filter(pk=union.pk).update(term_ends_on=TODAY - timedelta(days=2), members_count=40, **own)
    union = Organization.objects.select_related("node").get(pk=union.pk)
    town = cadre(TOWN)
    reelection = reelection_at(town, "reported", union, held_on=TODAY - timedelta(days=3))
    before = _rate(system, union, CLOSED)
    close(system)
    seal(town, actions.issue_term_paper(town, reelection.pk))
    done = actions.approve_reelection(another(town), reelection.pk)
    assert (done.is_on_time, done.counts_on_time) == (True, False)
    assert _rate(system, union, CLOSED) == before == (0.0, 1)
    Organization.objects.filter(pk=union.pk).update(
        term_starts_on=date(2022, 1, 1), term_ends_on=TODAY - timedelta(days=30)
    )
    late = actions.open_reelection(town, union.pk)
    assert (late.ended_on, late.counts_on) == (TODAY - timedelta(days=30), TODAY)
    assert (_rate(system, union, CLOSED), _rate(system, union, today)) == (before, (0.0, 1))
