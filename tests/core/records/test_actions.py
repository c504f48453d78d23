from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.core.records.conftest import DAY, NOW, Tree
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person
from unionhome.core.records import actions
from unionhome.core.records.models import ServiceRecord
from unionhome.core.records.queries import _standing
from unionhome.core.records.rules import NewRecord
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import move_node


def add(system: Actor, tree: Tree, **facts: object) -> ServiceRecord:
    values = {"service": "tests.visit", "node": tree.union, "on": DAY, "summary": "上门走访", **facts}
    return actions.add(system, **values)  # type: ignore[arg-type]


def test_where_the_union_stood_is_frozen_on_the_day(system: Actor, tree: Tree) -> None:
    before = add(system, tree)
    move_node(system, tree.town, tree.west, on=date(2021, 7, 1))
    tree.union.refresh_from_db()
    late, early = add(system, tree, on=date(2021, 8, 1)), add(system, tree, on=date(2021, 6, 30))
    assert (before.county_id, before.town_id, before.village_id) == (tree.east.pk, tree.town.pk, None)
    assert late.county_id == tree.west.pk and late.path == tree.union.path
    assert early.county_id == tree.east.pk and early.path == before.path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("city", (None, None, None)),
        ("east", ("east", None, None)),
        ("town", ("east", "town", None)),
        ("village", ("east", "town", "village")),
        ("union", ("east", "town", None)),
    ],
)
def test_every_level_names_the_federations_above_and_itself(
    system: Actor, tree: Tree, name: str, expected: tuple[str | None, ...]
) -> None:
    row = add(system, tree, node=getattr(tree, name))
    assert (row.county_id, row.town_id, row.village_id) == tuple(
        getattr(tree, each).pk if each else None for each in expected
    )


def test_a_record_is_journaled_with_its_subject(system: Actor, tree: Tree, person: Person) -> None:
    row = add(system, tree, person_id=person.pk, amount_fen=200_000, service="tests.grant", hidden_path=tree.union.path)
    entry = Entry.objects.get(kind="records.record.added")
    assert row.entry == entry
    assert (entry.subject_id, entry.node_id, entry.hidden_path) == (person.pk, tree.union.pk, tree.union.path)
    assert entry.data == {
        "service": "tests.grant",
        "on": "2021-06-01",
        "count": 1,
        "head_count": 1,
        "amount_fen": 200_000,
    }


@pytest.mark.parametrize(
    "facts",
    [{"head_count": 0}, {"amount_fen": -1}, {"on": NOW.date() + timedelta(days=1)}, {"head_count": 2, "person_id": 1}],
)
def test_what_could_not_stand_is_refused(system: Actor, tree: Tree, facts: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refusal:
        add(system, tree, **facts)
    assert refusal.value.fields
    assert not ServiceRecord.objects.exists() and not Entry.objects.exists()


def test_an_undeclared_service_is_a_mistake_of_the_program(system: Actor, tree: Tree) -> None:
    with pytest.raises(ValueError, match="nobody"):
        add(system, tree, service="nobody.declares")


def test_a_reversal_takes_back_with_the_same_facts(system: Actor, tree: Tree, person: Person) -> None:
    row = add(system, tree, person_id=person.pk, amount_fen=5_00)
    back = actions.reverse(system, row, reason="登记到了别人名下")
    assert back.sign == -1 and back.reverses == row
    for name in (*actions.COPIED,):
        assert getattr(back, name) == getattr(row, name), name
    assert not _standing().exists() and ServiceRecord.objects.count() == 2
    assert Entry.objects.filter(kind="records.record.reversed", subject_id=person.pk, object_id=row.pk).exists()


def test_a_reversal_is_final(system: Actor, tree: Tree) -> None:
    row = add(system, tree)
    back = actions.reverse(system, row, reason="重复登记")
    with pytest.raises(Refused) as again:
        actions.reverse(system, row, reason="重复登记")
    with pytest.raises(Refused) as deeper:
        actions.reverse(system, back, reason="还是要的")
    assert (again.value.code, deeper.value.code) == ("already-reversed", "reversal-of-reversal")
    assert ServiceRecord.objects.count() == 2


def test_a_reversal_needs_a_reason(system: Actor, tree: Tree) -> None:
    with pytest.raises(Refused, match="为什么"):
        actions.reverse(system, add(system, tree), reason="  ")


@pytest.mark.parametrize(
    "wrong", [{"head_count": 0}, {"amount_fen": -1}, {"sign": -1}, {"sign": 2}, {"person_id": 0, "head_count": 3}]
)
def test_the_tables_refuse_what_the_action_refuses(
    system: Actor, tree: Tree, person: Person, wrong: dict[str, int]
) -> None:
    row = add(system, tree)
    row.pk, row._state.adding = None, True
    for name, value in wrong.items():
        setattr(row, name, person.pk if name == "person_id" else value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_batch_has_one_entry_per_union_and_the_digest_of_its_rows(system: Actor, tree: Tree, person: Person) -> None:
    news = [
        NewRecord("tests.grant", tree.union, DAY, "补助", person_id=person.pk, amount_fen=100_00),
        NewRecord("tests.grant", tree.union, DAY, "补助", head_count=3, beneficiary_kind="villager"),
        NewRecord("tests.grant", tree.village, DAY, "补助"),
    ]
    ids = actions.add_many(system, news)
    rows = ServiceRecord.objects.in_bulk(ids)
    assert [rows[pk].node_id for pk in ids] == [tree.union.pk, tree.union.pk, tree.village.pk]
    assert rows[ids[2]].village_id == tree.village.pk and rows[ids[2]].on == DAY
    assert ServiceRecord.objects.count() == 3
    entries = {entry.node_id: entry for entry in Entry.objects.all()}
    assert len(entries) == 2
    data = entries[tree.union.pk].data
    assert (data["count"], data["head_count"], data["amount_fen"]) == (2, 4, 100_00)
    assert len(data["sha256"]) == 64 and data["sha256"] != entries[tree.village.pk].data["sha256"]


def test_a_batch_is_all_or_nothing(system: Actor, tree: Tree) -> None:
    good = NewRecord("tests.grant", tree.union, DAY, "补助")
    with pytest.raises(BadInput):
        actions.add_many(system, [good, NewRecord("tests.grant", tree.union, DAY, "补助", head_count=0)])
    assert not ServiceRecord.objects.exists()


def test_a_batch_is_written_in_few_statements(system: Actor, tree: Tree, django_assert_max_num_queries: object) -> None:
    news = [NewRecord("tests.grant", tree.union, DAY - timedelta(days=n % 90), "补助") for n in range(400)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        actions.add_many(system, news)
