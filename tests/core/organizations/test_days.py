"""Dates back: what is over stays as it was told, by whatever act it is tried."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.core.organizations.following import joint, read_figures
from tests.core.organizations.workflows import founding_at
from tests.worlds import World
from unionhome.core.figures.queries import get_value
from unionhome.core.organizations import actions, rules
from unionhome.core.organizations.models import CoveredUnit, Organization, OrganizationChange, UnionSpan
from unionhome.core.registry import Actor, BadInput
from unionhome.kit.dates import Period

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 24), date(2026, 10, 24)),
        (date(2026, 2, 1), date(2026, 1, 1)),
        (date(2026, 1, 16), date(2026, 1, 1)),
        (date(2026, 1, 15), date(2025, 12, 15)),
        (date(2026, 1, 1), date(2025, 12, 1)),
    ],
)
def test_the_first_open_day(today: date, first: date) -> None:
    assert rules.first_open_day(today, 31, 15) == first


Act = Callable[[Actor, World, date], Any]
ACTS: dict[str, Act] = {
    "rename": lambda actor, world, on: actions.rename_union(
        actor, world.nodes["union"].pk, name="新名工会", on=on, reason="更名"
    ),
    "move": lambda actor, world, on: actions.move_union(
        actor, world.nodes["union"].pk, parent_code=world.nodes["town"].code, on=on, reason="移动"
    ),
    "relocate": lambda actor, world, on: actions.relocate_union(
        actor, world.nodes["union"].pk, division_code="610502001001", address="示例路 1 号", source="本级", on=on
    ),
    "merge": lambda actor, world, on: actions.merge_unions(
        actor, actions.Merger([world.nodes["union"].pk], world.nodes["joint"].pk, on, "合并")
    ),
    "split": lambda actor, world, on: actions.split_union(
        actor, actions.Split(world.nodes["joint"].pk, [_one_of(world).employer_id], "分出工会", "single", on, "分立")
    ),
    "cover": lambda actor, world, on: actions.cover_employer(
        actor, world.nodes["joint"], actions.EmployerFacts("渭南示例早餐店", "610502001001"), on=on
    ),
    "uncover": lambda actor, world, on: actions.end_cover(actor, _one_of(world).pk, on=on, reason="搬走"),
    "cell": lambda actor, world, on: actions.create_cell(actor, actions.CellFacts("610502001001", on)),
    "cells": lambda actor, world, on: actions.create_cells(actor, "610502001000", on=on),
    "federations": lambda actor, world, on: actions.found_place_unions(actor, "610502100000", on=on),
}  # fmt: skip


def _one_of(world: World) -> CoveredUnit:
    return CoveredUnit.objects.filter(node=world.nodes["joint"]).order_by("pk")[0]


@pytest.mark.usefixtures("closed_years")
@pytest.mark.parametrize("name", sorted(ACTS))
def test_no_act_of_a_cadre_falls_into_a_closed_year(org_world: World, name: str) -> None:
    joint(org_world)
    before = read_figures(org_world)
    actor = org_world.actor("county")
    with pytest.raises(BadInput) as refused:
        ACTS[name](actor, org_world, date(org_world.today.year - 1, 11, 1))
    assert refused.value.code == "closed-day" and "不能再改" in refused.value.sentence
    assert read_figures(org_world) == before


@pytest.mark.usefixtures("closed_years")
def test_the_end_of_a_union_is_dated_in_the_open_year(org_world: World) -> None:
    union, above = org_world.nodes["union"], org_world.actor("county")
    row = actions.propose_dissolution(
        org_world.actor("town"), union.pk, actions.Proposal("employer", date(2024, 5, 1), reason="企业注销")
    )
    long_ago = date(org_world.today.year - 1, 11, 1)
    with pytest.raises(BadInput) as placing:
        actions.place_members(above, row.pk, actions.Placing(org_world.nodes["village"].code, long_ago))
    with pytest.raises(BadInput) as ending:
        actions.approve_dissolution(above, row.pk, on=long_ago)
    assert {placing.value.code, ending.value.code} == {"closed-day"}


@pytest.mark.usefixtures("closed_years")
def test_a_union_of_long_ago_counts_from_the_first_open_day(
    cadre: Callable[..., Actor], tree: Any, facts: Callable[..., actions.UnionFacts], employer: Callable[..., Any]
) -> None:
    """Its founding day is kept as it was; the figures of earlier years do not move."""
    old = facts(founded_on=date(2020, 3, 1))
    union = actions.found_union(cadre("610502"), parent_code="610502001", facts=old, employer=employer())
    span, change = UnionSpan.objects.get(node=union.node), OrganizationChange.objects.get(node=union.node)
    assert (union.founded_on, union.node.opened_on, span.starts_on) == (
        date(2020, 3, 1), date(2026, 10, 24), date(2026, 10, 24),
    )  # fmt: skip
    assert (change.on, change.reason) == (date(2020, 3, 1), "补登，从 2026-10-24 起计数")
    below = facts(name="一车间分会", form="branch", founded_on=date(2021, 3, 1))
    assert actions.found_union(cadre("610502"), parent_code=union.node.code, facts=below).founded_on == date(2021, 3, 1)


@pytest.mark.usefixtures("closed_years")
def test_a_founding_day_corrected_leaves_closed_years_alone(
    system: Actor,
    cadre: Callable[..., Actor],
    tree: Any,
    facts: Callable[..., actions.UnionFacts],
    employer: Callable[..., Any],
) -> None:
    old = actions.found_union(system, parent_code="610502001", facts=facts(), employer=employer())
    for day in (date(2018, 1, 1), date(2024, 6, 1)):
        actions.change_facts(cadre("610502"), old.pk, facts={"founded_on": day}, source="批复", on=ON)
        old.refresh_from_db()
        assert (old.founded_on, UnionSpan.objects.get(node=old.pk).starts_on) == (day, date(2020, 3, 1))
    new = actions.found_union(
        cadre("610502"),
        parent_code="610502001",
        facts=facts(name="渭南示例商行工会", founded_on=date(2026, 11, 20)),
        employer=employer(name="渭南示例商行", uscc=""),
    )
    actions.change_facts(cadre("610502"), new.pk, facts={"founded_on": date(2019, 1, 1)}, source="批复", on=ON)
    assert UnionSpan.objects.get(node=new.pk).starts_on == date(2026, 10, 24)


@pytest.mark.usefixtures("closed_years")
def test_an_approval_of_last_year_counts_from_the_first_open_day(system: Actor, tree: Any, employer: Any) -> None:
    """The paper keeps its day; the union counts from where figures are still open, and never while it is prepared."""
    founding = founding_at(system, "approved", employer())
    assert founding.organization is not None
    assert not UnionSpan.objects.filter(node=founding.organization.pk).exists()
    actions.complete_founding(system, founding.pk, seal_on=date(2026, 11, 24))
    assert UnionSpan.objects.get(node=founding.organization.pk).starts_on == founding.approved_on


@pytest.mark.usefixtures("closed_years")
def test_the_product_dates_back_as_far_as_it_likes(system: Actor, tree: Any, facts: Any, employer: Any) -> None:
    union = actions.found_union(system, parent_code="610502001", facts=facts(), employer=employer())
    assert UnionSpan.objects.get(node=union.pk).starts_on == date(2020, 3, 1)
    actions.rename_union(system, union.pk, name="更名工会", on=date(2022, 1, 1), reason="更名")


# -- the nature of an employer ---------------------------------------------------------------------------------------


def test_another_nature_today_leaves_last_year_as_it_was(org_world: World) -> None:
    union = Organization.objects.select_related("employer__division").get(pk=org_world.nodes["union"].pk)
    assert union.employer is not None
    _change_nature(org_world, union, "110", date(2024, 1, 10))
    last, now = Period(date(2025, 1, 1), date(2025, 12, 31)), Period(date(2026, 1, 1), org_world.today)
    assert _natures(org_world, last) == (1, 0)
    _change_nature(org_world, union, "170", org_world.today)
    assert (_natures(org_world, last), _natures(org_world, now)) == ((1, 0), (0, 1))
    spans = list(UnionSpan.objects.filter(node=union.pk).order_by("pk").values_list("nature", "ends_on"))
    assert spans[-2:] == [("110", org_world.today), ("170", None)]


def _natures(world: World, period: Period) -> tuple[int, int]:
    """Unions of public and of private enterprises in the town."""
    codes = ("organizations.public_enterprise_unions", "organizations.private_enterprise_unions")
    actor = world.actor("system")
    public, private = (int(get_value(actor, code, world.nodes["town"], period).raw or 0) for code in codes)
    return public, private


def _change_nature(world: World, union: Organization, nature: str, on: date) -> None:
    """As of a day: the act itself has no other day than today's."""
    assert union.employer is not None
    actor = Actor.system("tests", world.at.replace(year=on.year, month=on.month, day=on.day))
    facts = actions.EmployerFacts(union.employer.name, union.employer.division_id, nature=nature)
    actions.change_employer(actor, union.employer.pk, facts)
