"""Splits: some employers of a union, with their members, get one of their own."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.organizations.following import ON, employers_of, enrol, joint, read_figures, standing
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Membership
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Organization, OrganizationChange
from unionhome.core.registry import Refused
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops(org_world: World) -> World:
    """A joint union of three shops: four members at the first, five at the second, two of no known shop."""
    made = joint(org_world)
    first, second, _ = employers_of(made)
    enrol(org_world, "joint", 4, employer=first)
    enrol(org_world, "joint", 5, start=100, employer=second)
    enrol(org_world, "joint", 2, start=200)
    return org_world


def split(world: World, *numbers: int, **given: Any) -> actions.Split:
    shops = employers_of(Organization.objects.get(pk=world.nodes["joint"].pk))
    chosen = [shops[number].pk for number in numbers or (0, 1)]
    plain = actions.Split(world.nodes["joint"].pk, chosen, "示例商圈联合工会", "joint", ON, "商圈单独建会")
    return replace(plain, **given)


def test_two_shops_get_a_union_of_their_own(shops: World) -> None:
    last_year = read_figures(shops)
    asked = split(shops, chair_name="曹会")
    made = actions.split_union(shops.actor("town"), asked, submit_key="s" * 32)
    assert (made.form, made.founded_on, made.node.parent_id) == ("joint", ON, shops.nodes["town"].pk)
    assert len(employers_of(made)) == 2
    assert len(employers_of(Organization.objects.get(pk=shops.nodes["joint"].pk))) == 1
    moved = Membership.objects.filter(node=made.pk, left_on=None)
    assert moved.count() == 9 and set(moved.values_list("joined_on", flat=True)) == {ON}
    assert standing(shops, "joint") == 2, "whose employer nobody entered stays"
    assert {officer.name for officer in made.officers.all()} == {"曹会"}
    assert read_figures(shops) == last_year
    rows = OrganizationChange.objects.filter(kind="split")
    assert {(row.node_id, row.other_id) for row in rows} == {
        (shops.nodes["joint"].pk, made.pk), (made.pk, shops.nodes["joint"].pk)
    }  # fmt: skip
    before = Entry.objects.count()
    again = actions.split_union(shops.actor("town"), asked, submit_key="s" * 32)
    assert (again.pk, Entry.objects.count()) == (made.pk, before)


def test_one_shop_becomes_a_single_employers_union(shops: World) -> None:
    made = actions.split_union(shops.actor("town"), split(shops, 0, form="single", name="示例商店工会"))
    assert made.employer is not None and made.employer.union_id == made.pk
    assert Membership.objects.filter(node=made.pk, left_on=None).count() == 4


def test_a_plan_says_who_goes_and_who_stays(shops: World) -> None:
    plan = actions.plan_split(shops.actor("town"), split(shops))
    assert {each.key: each.count for each in plan.sources[0][1]} == {"members": 9, "moving": 0, "unlinked": 2}
    assert not OrganizationChange.objects.filter(kind="split").exists()


REFUSALS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "nobody": ({"employer_ids": []}, "town", "bad-split", "employers"),
    "everybody": ({"employer_ids": "all"}, "town", "bad-split", "employers"),
    "a stranger": ({"employer_ids": [0]}, "town", "bad-split", "employers"),
    "two in a single union": ({"form": "single"}, "town", "bad-form", "form"),
    "a group": ({"form": "group"}, "town", "bad-form", "form"),
    "no name": ({"name": " "}, "town", "no-name", "name"),
    "a name that is taken": ({"name": "园里堡社区工会"}, "town", "name-taken", "name"),
    "no reason": ({"reason": ""}, "town", "no-reason", "reason"),
    "future-day": ({"on": date(2026, 3, 11)}, "town", "future-day", "on"),
    "before the cover": ({"on": date(2020, 6, 1)}, "town", "before-events", "on"),
    "before the founding": ({"on": date(2019, 6, 1)}, "town", "before-founding", "on"),
    "a federation": ({"node_id": "village"}, "county", "local-fixed", ""),
    "its own village": ({}, "village", "not-found", ""),
    "a reader": ({}, "chair", "forbidden", ""),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_splits_that_cannot_be(shops: World, name: str) -> None:
    given, who, code, field = REFUSALS[name]
    asked = dict(given)
    if asked.get("employer_ids") == "all":
        asked["employer_ids"] = [each.pk for each in employers_of(Organization.objects.get(pk=shops.nodes["joint"].pk))]
    if "node_id" in asked:
        asked["node_id"] = shops.nodes[asked["node_id"]].pk
    before = (Entry.objects.count(), Node.objects.count())
    for act in (actions.plan_split, actions.split_union):
        with pytest.raises(Refused) as refused:
            act(shops.actor(who), split(shops, **asked))
        assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    assert (Entry.objects.count(), Node.objects.count()) == before
