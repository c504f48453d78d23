"""The dissolution of a union, step by step, and what each step refuses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.organizations.following import ON, enrol, joint, read_figures, standing
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Membership, Person
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import CoveredUnit, Dissolution, Organization, OrganizationChange
from unionhome.core.registry import Refused
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db
DECIDED = date(2026, 2, 10)


@pytest.fixture
def town(org_world: World) -> World:
    joint(org_world)
    enrol(org_world, "union", 6)
    return org_world


def propose(world: World, who: str = "town", **given: Any) -> Dissolution:
    proposal = replace(actions.Proposal("employer", DECIDED, "人民街工发〔2026〕3号", "公司注销"), **given)
    return actions.propose_dissolution(world.actor(who), world.nodes["union"].pk, proposal)


def place(world: World, row: Dissolution, who: str = "town", keeper: str = "joint", **given: Any) -> Dissolution:
    placing = replace(actions.Placing(world.nodes[keeper].code, ON), **given)
    return actions.place_members(world.actor(who), row.pk, placing)


def items(row: Dissolution) -> list[tuple[int, str]]:
    open_items = WorkItem.objects.filter(model="organizations.dissolution", object_id=row.pk, closed_at=None)
    return [(item.node_id, item.state) for item in open_items]


def test_a_union_ends_step_by_step(town: World) -> None:
    last_year = read_figures(town)
    row = propose(town, "union")
    assert items(row) == [(town.nodes["town"].pk, "proposed")]
    assert Organization.objects.get(pk=town.nodes["union"].pk).status == "active", "it stands until it is dissolved"
    row = place(town, row)
    assert (row.state, row.members_count, standing(town, "joint")) == ("placed", 6, 6)
    row = actions.approve_dissolution(town.actor("town"), row.pk, on=date(2026, 3, 5))
    union = Organization.objects.select_related("node").get(pk=town.nodes["union"].pk)
    assert (row.state, row.ended_on, union.status, union.node.closed_on) == (
        "dissolved", date(2026, 3, 5), "dissolved", date(2026, 3, 5)
    )  # fmt: skip
    assert items(row) == [(town.nodes["county"].pk, "dissolved")], "the report goes one level higher"
    assert CoveredUnit.objects.get(node=union.pk).ends_on == date(2026, 3, 5)
    change = OrganizationChange.objects.get(node=union.pk, kind="dissolved")
    assert (change.on, change.other_id) == (date(2026, 3, 5), town.nodes["joint"].pk)
    row = actions.file_dissolution(town.actor("county"), row.pk)
    assert (row.state, items(row)) == ("filed", [])
    assert read_figures(town) == last_year


def test_members_may_keep_their_membership(town: World) -> None:
    row = place(town, propose(town), keeper="town", keeps=True)
    kept = Membership.objects.filter(node=town.nodes["town"], left_on=None)
    assert set(kept.values_list("status", "reason")) == {("retained", "渭南示例速运有限公司工会撤销")}
    assert kept.count() == 6 and Person.objects.filter(node=town.nodes["town"]).count() == 6
    assert row.is_retained


def test_a_union_without_members_needs_no_placing(town: World) -> None:
    proposal = actions.Proposal("assembly", DECIDED)
    row = actions.propose_dissolution(town.actor("town"), town.nodes["joint"].pk, proposal)
    with pytest.raises(Refused) as alone:
        actions.approve_dissolution(town.actor("town"), row.pk, on=ON)
    assert alone.value.code == "same-person"
    assert actions.approve_dissolution(town.actor("county"), row.pk, on=ON).state == "dissolved"


def test_nobody_is_left_behind(town: World) -> None:
    row = propose(town, "union")
    with pytest.raises(Refused, match="还有会员 6 人没有安置"):
        actions.approve_dissolution(town.actor("town"), row.pk, on=ON)
    row = place(town, row)
    enrol(town, "union", 1, start=500)
    with pytest.raises(Refused, match="还有会员 1 人没有安置"):
        actions.approve_dissolution(town.actor("town"), row.pk, on=date(2026, 3, 6))
    facts = actions.UnionFacts(name="分拣小组", form="group", division_code="610502001001", founded_on=date(2022, 1, 1))
    Membership.objects.filter(node=town.nodes["union"], left_on=None).update(status="withdrawn", left_on=ON)
    actions.found_union(town.actor("system"), parent_code=town.nodes["union"].code, facts=facts)
    with pytest.raises(Refused, match="下面还有 1 个组织"):
        actions.approve_dissolution(town.actor("town"), row.pk, on=date(2026, 3, 6))


def test_a_proposal_can_be_taken_back(town: World) -> None:
    row = propose(town)
    with pytest.raises(Refused) as refused:
        actions.cancel_dissolution(town.actor("town"), row.pk, reason=" ")
    assert refused.value.code == "reason-missing"
    row = actions.cancel_dissolution(town.actor("town"), row.pk, reason="单位重组成功")
    assert (row.state, items(row)) == ("cancelled", [])
    assert propose(town).pk != row.pk


PROPOSALS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "no cause": ({"cause": ""}, "town", "bad-cause", "cause"),
    "future-day": ({"decided_on": date(2026, 3, 11)}, "town", "future-day", "decided_on"),
    "before the founding": ({"decided_on": date(2014, 1, 1)}, "town", "before-founding", "decided_on"),
    "a reader": ({}, "chair", "forbidden", ""),
    "another branch": ({}, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", PROPOSALS)
def test_proposals_that_cannot_be(town: World, name: str) -> None:
    given, who, code, field = PROPOSALS[name]
    with pytest.raises(Refused) as refused:
        propose(town, who, **given)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    assert not Dissolution.objects.exists()


def test_federations_and_open_matters_do_not_end(town: World) -> None:
    with pytest.raises(Refused) as refused:
        actions.propose_dissolution(
            town.actor("county"), town.nodes["village"].pk, actions.Proposal("assembly", DECIDED)
        )
    assert refused.value.code == "local-fixed"
    propose(town)
    with pytest.raises(Refused) as refused:
        propose(town)
    assert refused.value.code in ("own-matter", "already-proposed")
    with pytest.raises(Refused) as refused:
        actions.merge_unions(
            town.actor("town"), actions.Merger([town.nodes["union"].pk], town.nodes["joint"].pk, ON, "合并")
        )
    assert refused.value.code == "own-matter"


PLACINGS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "an unknown union": ({"keeper_code": "999"}, "town", "bad-keeper", "keeper"),
    "itself": ({"keeper": "union"}, "town", "bad-keeper", "keeper"),
    "out of sight": ({"keeper": "other_union"}, "town", "bad-keeper", "keeper"),
    "a county": ({"keeper": "county"}, "county", "bad-keeper", "keeper"),
    "future-day": ({"on": date(2026, 3, 11)}, "town", "future-day", "on"),
    "before the decision": ({"on": date(2026, 2, 1)}, "town", "before-decision", "on"),
    "the union itself": ({}, "union", "not-above", ""),
    "a reader": ({}, "chair", "forbidden", ""),
    "another branch": ({}, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", PLACINGS)
def test_placings_that_cannot_be(town: World, name: str) -> None:
    given, who, code, field = PLACINGS[name]
    row = propose(town)
    with pytest.raises(Refused) as refused:
        place(town, row, who, **given)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    assert standing(town, "union") == 6


def test_only_the_unions_above_decide(town: World) -> None:
    row = propose(town, "union")
    with pytest.raises(Refused, match="由上一级工会办理"):
        place(town, row, "union", keeper="union", keeper_code=town.nodes["union"].parent.code)  # type: ignore[union-attr]
    row = place(town, row)
    with pytest.raises(Refused, match="要由另一个人来办"):
        actions.approve_dissolution(town.actor("union"), row.pk, on=ON)
    for on, code in ((date(2026, 3, 1), "before-decision"), (date(2026, 3, 11), "future-day")):
        with pytest.raises(Refused) as refused:
            actions.approve_dissolution(town.actor("town"), row.pk, on=on)
        assert refused.value.code == code
    row = actions.approve_dissolution(town.actor("town"), row.pk, on=ON)
    with pytest.raises(Refused, match="由收到报告的上级工会登记备案"):
        actions.file_dissolution(town.actor("town"), row.pk)


def test_the_same_step_twice_does_nothing_twice(town: World) -> None:
    proposal, key = actions.Proposal("employer", DECIDED), "p" * 32
    row = actions.propose_dissolution(town.actor("town"), town.nodes["union"].pk, proposal, submit_key=key)
    assert actions.propose_dissolution(
        town.actor("town"), town.nodes["union"].pk, proposal, submit_key=key
    ).pk == row.pk  # fmt: skip
    placing = actions.Placing(town.nodes["joint"].code, ON)
    for _ in range(2):
        row = actions.place_members(town.actor("town"), row.pk, placing, submit_key="q" * 32)
    for _ in range(2):
        row = actions.approve_dissolution(town.actor("county"), row.pk, on=ON, submit_key="r" * 32)
    assert (row.state, row.members_count, standing(town, "joint")) == ("dissolved", 6, 6)
    assert Entry.objects.filter(kind="organizations.union.dissolved").count() == 1
