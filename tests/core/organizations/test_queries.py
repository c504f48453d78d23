from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps

from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import CoveredUnit, Employer, Organization
from unionhome.core.registry import Actor, NotFound, discover
from unionhome.core.tree.actions import close_node
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
Facts = Callable[..., actions.UnionFacts]
EmployerOf = Callable[..., actions.EmployerFacts]
TOWN = "610502001"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("610502001001", "610502001001"),
        ("610502001", TOWN),
        ("610502", "610502"),
        ("6105", "610500"),
        ("610502001999", TOWN),
        ("610502999999", "610502"),
        ("610599", "610500"),
        ("619900", None),
        ("61050", None),
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_union_of_a_place(tree: dict[str, Node], code: str, found: str | None) -> None:
    node = queries.find_union_of_division(code)
    assert (node.code if node else None) == found


def test_a_union_that_no_longer_stands_is_passed_over(tree: dict[str, Node], system: Actor) -> None:
    Organization.objects.filter(node__code="610502001001").update(status="dissolved")
    close_node(system, tree["610502001002"], on=date(2020, 1, 1))
    for code in ("610502001001", "610502001002"):
        node = queries.find_union_of_division(code)
        assert node is not None and node.code == TOWN
    above = queries.list_unions_of_division("610502001001")
    assert [node.code for node in above] == [TOWN, "610502", "610500"]


def test_divisions_step_by_step(tree: dict[str, Node]) -> None:
    assert [row.code for row in queries.list_divisions()] == ["610502000000", "610503000000"]
    assert [row.people_name for row in queries.list_divisions("610502001")] == ["园里堡社区", "南塘社区"]
    assert not queries.list_divisions("no code")
    division = queries.find_division("610502")
    assert division is not None and division.code == "610502000000"
    assert queries.find_division("610599") is None
    chain = queries.list_division_chain("610502100201")
    assert [row.name for row in chain] == ["渭南市", "临渭区", "桥南镇", "李家村村民委员会"]
    assert queries.get_division_text(chain[-1]) == "临渭区桥南镇李家村"
    assert queries.list_division_chain("610502999999") == []


def test_employers_by_name_and_code(union: Organization, system: Actor, employer: EmployerOf) -> None:
    other = actions.register_employer(
        system, employer(uscc="", name="渭南示例速运有限公司", division_code="610503100200")
    )
    known = Employer.objects.get(uscc="91350100M000100Y43")
    assert queries.find_employer("91350100m000100y43") == known
    assert queries.find_employer(" 渭南示例速运有限公司 ") == known
    assert queries.find_employer("") is None
    assert queries.find_employer_by_name("没有") is None
    assert set(queries.list_employers("示例速运")) == {known, other}
    assert len(queries.list_employers("示例速运", limit=1)) == 1
    assert queries.list_employers("速") == []


def test_what_an_actor_sees(union: Organization, cadre: Cadre, system: Actor) -> None:
    assert queries.get_organization(cadre(TOWN), union.pk) == union
    with pytest.raises(NotFound):
        queries.get_organization(cadre("610503"), union.pk)
    assert queries.get_organization_by_code(cadre(TOWN), f"{TOWN}-Q0001") == union
    with pytest.raises(NotFound):
        queries.get_organization_by_code(cadre("610503"), f"{TOWN}-Q0001")
    assert [top.node.code for top in queries.list_tops(cadre("610502"))] == ["610502"]
    assert [top.node.code for top in queries.list_tops(system)] == ["610500"]
    seen = queries.list_organizations(cadre("610502100"), queries.Filters())
    assert [one.node.code for one in seen] == ["610502100", "610502100200", "610502100201"]
    assert not queries.list_organizations(cadre("610502", "sysadmin"), queries.Filters())


def test_children_with_their_counts(union: Organization, cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    joint = actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(name="联合工会", form="joint"))
    actions.cover_employer(cadre(TOWN), joint.node, employer(name="甲店", uscc=""), on=date(2021, 1, 1))
    actions.found_union(
        cadre(TOWN), parent_code=union.node.code, facts=facts(name="小组", form="group", founded_on=date(2021, 1, 1))
    )
    rows = {
        row.organization.node.code: row for row in queries.list_children(cadre("610502"), union.node.parent.parent_id)
    }  # type: ignore[union-attr, arg-type]
    town = rows[TOWN]
    assert (town.below_count, town.covered_count, town.children_count) == (4, 2, 4)
    assert (rows["610502100"].below_count, rows["610502100"].covered_count) == (2, 0)
    below = {row.organization.node.code: row for row in queries.list_children(cadre(TOWN), town.organization.pk)}
    assert (below[f"{TOWN}-Q0001"].below_count, below[f"{TOWN}-Q0001"].children_count) == (0, 1)
    assert below[f"{TOWN}-L0001"].covered_count == 1
    assert queries.count_unions([town.organization.node]) == 5
    with pytest.raises(NotFound):
        queries.list_children(cadre("610503"), town.organization.pk)


def test_terms_are_counted_and_listed(union: Organization, cadre: Cadre) -> None:
    county = cadre("610502")
    today = date(2026, 11, 24)
    town = Organization.objects.filter(node__code=TOWN)
    for ends_on, name in (
        (today - timedelta(days=1), "overdue"),
        (today, "due"),
        (today + timedelta(days=180), "due"),
        (today + timedelta(days=181), ""),
    ):
        town.update(term_ends_on=ends_on)
        counted = queries.count_terms(county)
        assert (counted.overdue, counted.due) == (int(name == "overdue"), int(name == "due"))
        for term in ("overdue", "due"):
            listed = queries.list_organizations(county, queries.Filters(term=term))
            assert listed.count() == int(term == name)
        assert queries.list_organizations(county, queries.Filters(term="none")).count() == counted.none


def test_officers_and_facts(union: Organization, cadre: Cadre) -> None:
    town = cadre(TOWN)
    for post, committee, starts_on in (
        ("委员", "union", date(2020, 3, 1)),
        ("主任", "women", date(2020, 3, 1)),
        ("主席", "union", date(2020, 4, 1)),
        ("主任", "audit", date(2020, 3, 1)),
    ):
        actions.appoint_officer(
            town, union, name=f"{committee}某人", post=post, committee=committee, starts_on=starts_on
        )
    listed = queries.list_officers(union, date(2026, 1, 1))
    assert [(row.committee, row.post) for row in listed] == [
        ("union", "主席"),
        ("union", "委员"),
        ("audit", "主任"),
        ("women", "主任"),
    ]
    assert len(queries.list_officers(union, date(2020, 3, 1))) == 3
    facts = {fact.label: fact for fact in queries.list_facts(union)}
    assert facts["所在单位"].value == "渭南示例速运有限公司"
    assert facts["建会日期"].source == "建会批复"
    assert "简称" not in facts
    assert queries.list_covered(union, date(2020, 2, 1)).count() == 0
    assert queries.list_covered(union, date(2020, 3, 1)).count() == 1


def test_figures_ask_rows_that_exist(union: Organization) -> None:
    figures = {figure.code: figure for figure in discover("figures", "FIGURES") if figure.owner == "organizations"}
    unions = figures["organizations.unions"]
    assert Organization.objects.filter(**unions.predicate).count() == 12
    assert Organization.objects.filter(**figures["organizations.grassroots_unions"].predicate).count() == 1
    assert CoveredUnit.objects.filter(**figures["organizations.joint_employers"].predicate).count() == 0
    for figure in figures.values():
        model = apps.get_model(figure.model)
        fields = [column.field for column in figure.columns]
        rows = model.objects.filter(**figure.predicate)
        if figure.standing:
            first, last = figure.standing
            rows = rows.filter(**{f"{first}__lte": date(2026, 1, 1), f"{last}__isnull": True})
        assert rows.values_list(*fields, f"{figure.place}__path") is not None
        assert rows.count() == len(rows.values_list(*fields))
