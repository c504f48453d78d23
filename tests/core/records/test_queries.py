from dataclasses import replace
from datetime import date

from tests.core.records.conftest import DAY, Tree, cadre
from tests.core.records.samples import make_person
from unionhome.core.members.models import Person
from unionhome.core.records import actions, queries
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import move_node


def summaries(rows: object) -> list[str]:
    return [row.summary for row in rows]  # type: ignore[attr-defined]


def add(system: Actor, **facts: object) -> object:
    return actions.add(system, **{"service": "tests.visit", "on": DAY, **facts})  # type: ignore[arg-type]


def test_a_cadre_reads_the_branch_and_nothing_beside_it(system: Actor, tree: Tree) -> None:
    add(system, node=tree.union, summary="东")
    add(system, node=tree.west, summary="西")
    assert summaries(queries.list_records(cadre(tree.east))) == ["东"]
    assert summaries(queries.list_records(cadre(tree.city))) == ["西", "东"]
    assert summaries(queries.list_records(cadre(tree.east, "other.view"))) == []


def test_what_is_hidden_from_the_employer_stays_hidden(system: Actor, tree: Tree) -> None:
    add(system, node=tree.town, summary="欠薪求助", hidden_path=tree.union.path)
    inside = replace(cadre(tree.union), grants=(*cadre(tree.union).grants, *cadre(tree.town).grants))
    assert summaries(queries.list_records(cadre(tree.town))) == ["欠薪求助"]
    assert summaries(queries.list_records(inside)) == []


def test_filters(system: Actor, tree: Tree) -> None:
    add(system, node=tree.union, summary="走访", theme="送清凉")
    add(system, node=tree.union, summary="补助", service="tests.grant", on=date(2021, 7, 1))
    reader = cadre(tree.city)
    assert summaries(queries.list_records(reader, service="tests.grant")) == ["补助"]
    assert summaries(queries.list_records(reader, last=date(2021, 6, 30))) == ["走访"]
    assert summaries(queries.list_records(reader, first=date(2021, 6, 2))) == ["补助"]
    assert summaries(queries.list_records(reader, theme="送清凉")) == ["走访"]


def test_a_person_sees_all_that_was_done_also_under_a_merged_double(system: Actor, tree: Tree, person: Person) -> None:
    double = make_person(tree.union, "王建国", merged_into=person)
    add(system, node=tree.union, summary="甲", person_id=person.pk, amount_fen=100)
    add(system, node=tree.west, summary="乙", person_id=double.pk, amount_fen=50)
    add(system, node=tree.west, summary="丙", person_id=make_person(tree.west, "李秀英").pk)
    mine = queries.list_mine(replace(Actor.public(system.at), person_id=person.pk, door="my"))
    assert summaries(mine) == ["乙", "甲"]
    assert queries.get_total(mine) == queries.Total(2, 150)
    assert summaries(queries.list_for_person(cadre(tree.west), person)) == ["乙"]


def test_somebody_in_no_register_has_no_records(system: Actor, tree: Tree) -> None:
    add(system, node=tree.union, summary="群众", head_count=5)
    assert not queries.list_mine(Actor.public(system.at)).exists()


def test_places_of_many_unions_take_as_many_queries_as_of_one(
    system: Actor, tree: Tree, django_assert_num_queries: object
) -> None:
    move_node(system, tree.town, tree.west, on=date(2021, 7, 1))
    days = (date(2010, 1, 1), date(2021, 6, 30), date(2021, 7, 1))
    with django_assert_num_queries(2):  # type: ignore[operator]
        places = queries.list_places((node, day) for node in (tree.union, tree.village, tree.city) for day in days)
    counties = [places[tree.village.pk, day].county_id for day in days]
    assert counties == [tree.east.pk, tree.east.pk, tree.west.pk]
    assert places[tree.city.pk, days[0]].county_id is None
