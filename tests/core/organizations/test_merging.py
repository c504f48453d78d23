"""Mergers: what follows, what ends, what stays as it was, and what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.organizations.following import ON, THIS_YEAR, employers_of, enrol, joint, read_figures, standing
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Membership, Person
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import CoveredUnit, Organization, OrganizationChange
from unionhome.core.registry import Refused
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(org_world: World) -> World:
    """A joint union of three shops with ten members, beside the enterprise union with six."""
    made = joint(org_world)
    enrol(org_world, "union", 6)
    enrol(org_world, "joint", 10, start=100, employer=employers_of(made)[0])
    return org_world


def merger(world: World, **given: Any) -> actions.Merger:
    plain = actions.Merger([world.nodes["union"].pk], world.nodes["joint"].pk, ON, "企业并入街道，会员大会通过")
    return replace(plain, **given)


def group(world: World, above: str, name: str = "分拣小组", founded_on: date = date(2022, 1, 1)) -> Organization:
    facts = actions.UnionFacts(name=name, form="group", division_code="610502001001", founded_on=founded_on)
    return actions.found_union(world.actor("system"), parent_code=world.nodes[above].code, facts=facts)


def test_a_union_becomes_part_of_another(town: World) -> None:
    below = group(town, "union")
    chair = actions.appoint_officer(
        town.actor("town"), Organization.objects.get(pk=town.nodes["union"].pk), name="秦会", post="主席",
        starts_on=date(2024, 1, 1),
    )  # fmt: skip
    last_year, this_year = read_figures(town), read_figures(town, THIS_YEAR)
    cards = set(Membership.objects.filter(node=town.nodes["union"]).values_list("person", "card_no"))
    target = actions.merge_unions(town.actor("town"), merger(town))
    source = Organization.objects.select_related("node").get(pk=town.nodes["union"].pk)
    assert (source.status, source.node.closed_on) == ("dissolved", ON)
    below.node.refresh_from_db()
    assert below.node.parent_id == target.pk
    chair.refresh_from_db()
    assert chair.ends_on == ON
    assert (standing(town, "union"), standing(town, "joint")) == (0, 16)
    assert not Person.objects.filter(node=source.node).exists()
    stays = Membership.objects.filter(node=target.pk, entry="transferred")
    assert set(stays.values_list("person", "card_no")) == cards
    assert set(stays.values_list("joined_on", flat=True)) == {ON}
    closed = Membership.objects.filter(node=source.pk)
    assert set(closed.values_list("status", "left_on", "reason")) == {("left", ON, "企业并入街道，会员大会通过")}
    assert len(employers_of(target)) == 4
    assert read_figures(town) == last_year, "last year stays what it was"
    after = read_figures(town, THIS_YEAR)
    changed = {key: after[key] - this_year[key] for key in after if after[key] != this_year[key]}
    ours = {"union", "joint"}
    assert {key: by for key, by in changed.items() if key[1] not in ours} == {
        (code, place): by
        for place in ("town", "county", "city")
        for code, by in (("organizations.unions", -1), ("organizations.grassroots_unions", -1),
                         ("organizations.joint_employers", 1))
    }  # fmt: skip


def test_a_merger_is_told_on_both_sides(town: World) -> None:
    target = actions.merge_unions(town.actor("town"), merger(town))
    rows = OrganizationChange.objects.filter(kind="merged").order_by("pk")
    source = town.nodes["union"]
    assert [(row.node_id, row.other_id, row.on) for row in rows] == [
        (source.pk, target.pk, ON), (target.pk, source.pk, ON)
    ]  # fmt: skip
    kinds = Entry.objects.filter(kind__in=("organizations.union.merged", "organizations.union.joined"))
    assert {(entry.kind, entry.node_id) for entry in kinds} == {
        ("organizations.union.merged", source.pk), ("organizations.union.joined", target.pk)
    }  # fmt: skip
    followed = Entry.objects.filter(kind="members.union.followed")
    assert {entry.node_id for entry in followed} == {source.pk, target.pk}
    assert {entry.data["members"] for entry in followed} == {6}
    assert all(len(entry.data["sha256"]) == 64 for entry in followed)


def test_the_same_merger_twice_does_nothing_twice(town: World) -> None:
    actions.merge_unions(town.actor("town"), merger(town))
    before = (Entry.objects.count(), Membership.objects.count())
    actions.merge_unions(town.actor("town"), merger(town))
    assert (Entry.objects.count(), Membership.objects.count()) == before


def test_a_plan_counts_and_writes_nothing(town: World) -> None:
    group(town, "union")
    before = (Entry.objects.count(), Membership.objects.filter(status="active").count())
    plan = actions.plan_merger(town.actor("town"), merger(town))
    counts = {each.key: each.count for each in plan.sources[0][1]}
    assert counts == {"members": 6, "moving": 0, "covered": 1, "children": 1, "officers": 0, "items": 0}
    assert (Entry.objects.count(), Membership.objects.filter(status="active").count()) == before


def test_employers_that_ended_are_not_covered_any_more(town: World) -> None:
    actions.merge_unions(town.actor("town"), merger(town, employers_follow=False))
    assert CoveredUnit.objects.get(node=town.nodes["union"]).ends_on == ON
    assert len(employers_of(Organization.objects.get(pk=town.nodes["joint"].pk))) == 3


def test_who_joined_after_the_day_goes_from_the_day_of_joining(town: World) -> None:
    late = Membership.objects.filter(node=town.nodes["union"]).first()
    assert late is not None
    Membership.objects.filter(pk=late.pk).update(joined_on=date(2026, 3, 5), counts_on=date(2026, 3, 5))
    actions.merge_unions(town.actor("town"), merger(town))
    late.refresh_from_db()
    assert late.left_on == date(2026, 3, 5)
    assert Membership.objects.get(person=late.person, status="active").joined_on == date(2026, 3, 5)


def test_states_follow_and_transfers_stop_a_merger(town: World) -> None:
    one, two = Membership.objects.filter(node=town.nodes["union"]).order_by("pk")[:2]
    Membership.objects.filter(pk=one.pk).update(status="retained")
    Membership.objects.filter(pk=two.pk).update(status="transferring")
    with pytest.raises(Refused, match="1 人正在办会籍转接") as refused:
        actions.merge_unions(town.actor("town"), merger(town))
    assert refused.value.code == "blocked-moving"
    Membership.objects.filter(pk=two.pk).update(status="active")
    actions.merge_unions(town.actor("town"), merger(town))
    assert Membership.objects.get(person=one.person, left_on=None).status == "retained"


REFUSALS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "future-day": ({"on": date(2026, 3, 11)}, "town", "future-day", "on"),
    "before the founding": ({"on": date(2014, 1, 1)}, "town", "before-founding", "on"),
    "before a sub-union": ({"on": date(2021, 6, 1)}, "town", "before-events", "on"),
    "no reason": ({"reason": " "}, "town", "no-reason", "reason"),
    "nothing": ({"source_ids": ["missing"]}, "town", "bad-sources", "codes"),
    "itself": ({"source_ids": ["joint"]}, "town", "itself", "codes"),
    "a federation": ({"source_ids": ["village"]}, "county", "local-fixed", ""),
    "a county holds no members": ({"target_id": "town"}, "county", "bad-target", "codes"),
    "a parent below its child": ({"target_id": "inner"}, "town", "cycle", ""),
    "into a group": ({"source_ids": ["joint"], "target_id": "group"}, "town", "bad-target", "codes"),
    "two employers in a single union": (
        {"source_ids": ["joint"], "target_id": "union"}, "town", "single-employer", "employers",
    ),
    "its own cadre": ({}, "union", "not-found", ""),
    "a reader": ({}, "chair", "forbidden", ""),
    "another branch": ({}, "other_town", "not-found", ""),
    "across towns by one town": ({"source_ids": ["other_union"]}, "town", "not-found", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_mergers_that_cannot_be(town: World, name: str) -> None:
    given, who, code, field = REFUSALS[name]
    town.nodes["group"] = group(town, "union").node
    facts = actions.UnionFacts(
        name="分厂联合工会", form="joint", division_code="610502001001", founded_on=date(2022, 1, 1)
    )
    inner = actions.found_union(town.actor("system"), parent_code=town.nodes["union"].code, facts=facts)
    town.nodes["inner"] = inner.node
    asked: dict[str, Any] = dict(given)
    if "source_ids" in asked:
        asked["source_ids"] = [town.nodes[each].pk for each in asked["source_ids"] if each in town.nodes]
    if "target_id" in asked:
        asked["target_id"] = town.nodes[asked["target_id"]].pk
    before = (Entry.objects.count(), Node.objects.filter(closed_on=None).count())
    with pytest.raises(Refused) as refused:
        actions.plan_merger(town.actor(who), merger(town, **asked))
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    with pytest.raises(Refused):
        if asked.get("source_ids") == []:
            raise refused.value
        actions.merge_unions(town.actor(who), merger(town, **asked))
    assert (Entry.objects.count(), Node.objects.filter(closed_on=None).count()) == before


def test_the_county_merges_across_towns(town: World) -> None:
    actions.merge_unions(town.actor("county"), merger(town, source_ids=[town.nodes["other_union"].pk]))
    assert len(employers_of(Organization.objects.get(pk=town.nodes["joint"].pk))) == 4


def test_thirty_members_in_batches_of_seven(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhome.core.members.actions.standing.following.BATCH", 7)
    enrol(town, "union", 24, start=300)
    actions.merge_unions(town.actor("town"), merger(town))
    assert (standing(town, "union"), standing(town, "joint")) == (0, 40)


def test_many_members_cost_no_more_statements_than_few(org_world: World) -> None:
    """Within one batch the number of statements hangs neither on members nor on employers."""
    few, many = (_statements(org_world, number, employers) for number, employers in ((1, 3), (2, 12)))
    assert many == few


def _statements(world: World, number: int, employers: int) -> int:
    """What it takes to merge a joint union of so many employers, with five members for each of them, into another."""
    source, target = (joint(world, employers=0, name=f"第{number}联合工会{side}") for side in ("甲", "乙"))
    for serial in range(employers):
        shop = actions.EmployerFacts(f"渭南示例第{number}街第{serial}饭店", "610502001001")
        actions.cover_employer(world.actor("system"), source.node, shop, on=date(2021, 1, 1))
    world.nodes["joint"] = source.node
    enrol(world, "joint", 5 * employers, start=100 * number, employer=employers_of(source)[0])
    asked = merger(world, source_ids=[source.pk], target_id=target.pk)
    with CaptureQueriesContext(connection) as found:
        actions.merge_unions(world.actor("town"), asked)
    return len(found)
