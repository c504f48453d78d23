from collections.abc import Callable
from datetime import date

import pytest

from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import Organization, OrganizationChange
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import get_path_on

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
Facts = Callable[..., actions.UnionFacts]
TOWN = "610502001"
ON = date(2026, 11, 20)


def test_facts_change_with_source_and_day(union: Organization, cadre: Cadre) -> None:
    changed = actions.change_facts(
        cadre(TOWN),
        union.pk,
        facts={"address": "人民街道示例路 1 号", "term_no": 2, "approval_no": ""},
        source="换届批复",
        on=ON,
        reason="换届",
    )
    assert changed.sources["address"] == ["换届批复", "2026-11-20"]
    assert changed.sources["term_no"] == ["换届批复", "2026-11-20"]
    assert "approval_no" not in changed.sources
    change = OrganizationChange.objects.filter(node=union.node).latest("pk")
    assert (change.kind, change.old, change.new, change.reason) == (
        "changed",
        "",
        "办公地址 人民街道示例路 1 号；届次 2",
        "换届",
    )
    entry = Entry.objects.get(pk=change.entry_id)
    assert entry.kind == "organizations.union.changed"
    assert entry.data["new"] == {"address": "人民街道示例路 1 号", "term_no": "2"}


def test_nothing_changed_leaves_no_trace(union: Organization, cadre: Cadre) -> None:
    before = (Entry.objects.count(), OrganizationChange.objects.count())
    actions.change_facts(cadre(TOWN), union.pk, facts={"address": ""}, source="本级", on=ON)
    assert (Entry.objects.count(), OrganizationChange.objects.count()) == before


def test_a_new_term_is_reckoned_and_checked(union: Organization, cadre: Cadre) -> None:
    changed = actions.change_facts(
        cadre(TOWN),
        union.pk,
        facts={"term_starts_on": date(2026, 1, 15), "term_years": 3},
        source="换届批复",
        on=ON,
    )
    assert changed.term_ends_on == date(2029, 1, 14)
    with pytest.raises(BadInput) as backwards:
        actions.change_facts(cadre(TOWN), union.pk, facts={"term_ends_on": date(2025, 1, 1)}, source="批复", on=ON)
    assert "term_ends_on" in backwards.value.fields
    union.refresh_from_db()
    assert union.term_ends_on == date(2029, 1, 14)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"uscc": "81610502000000001A"}, "uscc"),
        ({"uscc": "91350100M000100Y43"}, "uscc"),
        ({"term_years": 2}, "term_years"),
        ({"workers_count": 1, "women_count": 2}, "women_count"),
    ],
)
def test_bad_facts_are_refused(union: Organization, cadre: Cadre, given: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.change_facts(cadre(TOWN), union.pk, facts=given, source="批复", on=ON)
    assert list(refused.value.fields) == [field]
    with pytest.raises(BadInput) as future:
        actions.change_facts(cadre(TOWN), union.pk, facts={"address": "x"}, source="批复", on=date(2027, 1, 1))
    assert list(future.value.fields) == ["on"]


def test_what_is_no_fact_is_a_mistake_of_the_program(union: Organization, cadre: Cadre) -> None:
    with pytest.raises(ValueError, match="form"):
        actions.change_facts(cadre(TOWN), union.pk, facts={"form": "joint"}, source="x", on=ON)


def test_an_enterprise_keeps_its_own_contact_and_numbers(union: Organization, cadre: Cadre) -> None:
    own = cadre(union.node.code)
    changed = actions.change_facts(
        own, union.pk, facts={"phone": "0913-1234567", "members_count": 40}, source="本级上报", on=ON
    )
    assert changed.phone == "0913-1234567"
    with pytest.raises(Forbidden, match="上一级工会"):
        actions.change_facts(own, union.pk, facts={"term_no": 9}, source="本级", on=ON)
    with pytest.raises(Forbidden):
        actions.rename_union(own, union.pk, name="新名", on=ON, reason="想改")
    village = cadre("610502001001")
    with pytest.raises(NotFound):
        actions.change_facts(village, union.pk, facts={"phone": "1"}, source="本级", on=ON)


def test_a_village_does_not_change_what_lies_below_it(tree: dict[str, Node], cadre: Cadre, facts: Facts) -> None:
    joint = actions.found_union(cadre(TOWN), parent_code="610502001001", facts=facts(name="商户联合工会", form="joint"))
    with pytest.raises(Forbidden, match="不能改别的工会"):
        actions.change_facts(cadre("610502001001"), joint.pk, facts={"phone": "1"}, source="本级", on=ON)


def test_siblings_and_readers_cannot_change(union: Organization, cadre: Cadre) -> None:
    with pytest.raises(NotFound):
        actions.change_facts(cadre("610503"), union.pk, facts={"phone": "1"}, source="x", on=ON)
    with pytest.raises(Forbidden):
        actions.change_facts(cadre("610502", "chair"), union.pk, facts={"phone": "1"}, source="x", on=ON)
    with pytest.raises(NotFound):
        actions.change_facts(cadre("610502", "sysadmin"), union.pk, facts={}, source="x", on=ON)


def test_a_union_is_renamed(union: Organization, cadre: Cadre) -> None:
    renamed = actions.rename_union(cadre(TOWN), union.pk, name="渭南示例物流有限公司工会", on=ON, reason="单位更名")
    assert renamed.node.name == "渭南示例物流有限公司工会"
    change = queries.list_changes(renamed)[0]
    assert (change.kind, change.old, change.on) == ("renamed", "渭南示例速运有限公司工会", ON)
    for name, on, field in (
        ("", ON, "name"),
        ("园里堡社区工会", ON, "name"),
        ("别名", date(2027, 1, 1), "on"),
        ("别名", date(2019, 1, 1), "on"),
    ):
        with pytest.raises(BadInput) as refused:
            actions.rename_union(cadre(TOWN), union.pk, name=name, on=on, reason="x")
        assert list(refused.value.fields) == [field]
    count = Entry.objects.count()
    actions.rename_union(cadre(TOWN), union.pk, name=renamed.node.name, on=ON, reason="x")
    assert Entry.objects.count() == count


def test_a_town_is_renamed_by_the_county_only(tree: dict[str, Node], cadre: Cadre) -> None:
    pk = tree[TOWN].pk
    with pytest.raises(Forbidden):
        actions.rename_union(cadre(TOWN), pk, name="新街道总工会", on=ON, reason="撤镇设街")
    actions.rename_union(cadre("610502"), pk, name="新街道总工会", on=ON, reason="撤镇设街")
    assert Node.objects.get(pk=pk).name == "新街道总工会"


def test_a_union_moves_with_what_is_below_it(union: Organization, cadre: Cadre, facts: Facts) -> None:
    group = actions.found_union(
        cadre(TOWN),
        parent_code=union.node.code,
        facts=facts(name="分拣小组", form="group", founded_on=date(2021, 1, 1)),
    )
    moved = actions.move_union(cadre("610502"), union.pk, parent_code="610502100", on=ON, reason="单位搬迁")
    bridge = Node.objects.get(code="610502100")
    assert moved.node.parent_id == bridge.pk
    group.node.refresh_from_db()
    assert group.node.path.startswith(moved.node.path)
    town = Node.objects.get(code=TOWN)
    assert get_path_on(moved.node, date(2026, 11, 19)).startswith(town.path)
    assert get_path_on(moved.node, ON).startswith(bridge.path)
    change = queries.list_changes(moved)[0]
    assert (change.kind, change.old, change.new) == ("moved", "人民街道总工会", "桥南镇总工会")


def test_moves_that_cannot_be(union: Organization, cadre: Cadre, facts: Facts) -> None:
    group = actions.found_union(
        cadre(TOWN),
        parent_code=union.node.code,
        facts=facts(name="分拣小组", form="group", founded_on=date(2021, 1, 1)),
    )
    sub = actions.found_union(
        cadre(TOWN),
        parent_code=union.node.code,
        facts=facts(name="分公司联合工会", form="joint", founded_on=date(2021, 1, 1)),
    )
    county = cadre("610502")

    def move(who: Actor, pk: int, parent: str, on: date = ON) -> Refused:
        with pytest.raises(Refused) as refused:
            actions.move_union(who, pk, parent_code=parent, on=on, reason="x")
        return refused.value

    assert move(county, union.pk, sub.node.code).code == "cycle"
    assert move(county, union.pk, group.node.code).code == "cycle"
    assert move(county, union.pk, "999").code == "unknown-parent"
    assert move(county, group.pk, "610502100").code == "bad-parent"
    assert move(county, union.pk, "610502100", date(2027, 1, 1)).code == "future-day"
    assert move(county, union.pk, "610502100", date(2019, 1, 1)).code == "before-founding"
    assert move(county, Node.objects.get(code=TOWN).pk, "610502100").code == "local-fixed"
    assert move(cadre(TOWN), union.pk, "610502100").status == 403
    assert move(cadre("610503"), union.pk, "610503").status == 404
    actions.move_union(county, union.pk, parent_code="610502100", on=ON, reason="x")
    assert move(county, union.pk, TOWN, date(2026, 11, 1)).code == "before-founding"


def test_dissolved_unions_do_not_change(union: Organization, cadre: Cadre) -> None:
    Organization.objects.filter(pk=union.pk).update(status="dissolved")
    with pytest.raises(Refused) as refused:
        actions.change_facts(cadre(TOWN), union.pk, facts={"phone": "1"}, source="x", on=ON)
    assert refused.value.code == "dissolved"


def test_a_corrected_founding_day_moves_the_count(union: Organization, cadre: Cadre, facts: Facts) -> None:
    actions.found_union(
        cadre(TOWN),
        parent_code=union.node.code,
        facts=facts(name="分拣小组", form="group", founded_on=date(2021, 1, 1)),
    )

    def correct(day: date | None) -> Organization:
        return actions.change_facts(cadre(TOWN), union.pk, facts={"founded_on": day}, source="核对批复", on=ON)

    corrected = correct(date(2018, 6, 1))
    assert (corrected.founded_on, corrected.node.opened_on) == (date(2018, 6, 1), date(2018, 6, 1))
    for day, code in (
        (None, "no-founding"),
        (date(2027, 1, 1), "future-day"),
        (date(2014, 1, 1), "before-parent"),
        (date(2021, 1, 2), "after-events"),
    ):
        with pytest.raises(BadInput) as refused:
            correct(day)
        assert refused.value.code == code
        assert list(refused.value.fields) == ["founded_on"]
    actions.move_union(cadre("610502"), union.pk, parent_code="610502100", on=date(2020, 5, 1), reason="x")
    with pytest.raises(BadInput):
        actions.change_facts(cadre("610502"), union.pk, facts={"founded_on": date(2020, 5, 1)}, source="核对", on=ON)
    union.refresh_from_db()
    assert union.founded_on == date(2018, 6, 1)
