"""The one way anything changes state, tried on a small table over rows that have no meaning of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, Refused, State, Table, Transition
from unionhome.core.workflow.actions import ItemFacts, keep_item, move, start
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.core.workflow.queries import count_items, list_items, list_next_steps, list_steps

pytestmark = pytest.mark.django_db


def refuse_cold(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_warm") else "先热一热。"


TABLE = Table(
    name="tests.thing",
    title="样例",
    model="workflow.workitem",
    initial="new",
    states=(
        State("new", "待受理", "new", next_step="受理"),
        State("open", "办理中", "working", next_step="办结"),
        State("done", "已办结", "closed"),
    ),
    transitions=(
        Transition("accept", "受理", ("new",), "open", "cases.handle"),
        Transition("finish", "办结", ("open",), "done", "cases.handle", guard=refuse_cold),
        Transition("return", "退回", ("open",), "new", "cases.handle", needs_reason=True),
        Transition("withdraw", "撤回", ("new", "open"), "done", doors=("my",), past="withdrawn"),
    ),
)

SEALED = replace(
    TABLE,
    transitions=(
        TABLE.transition("accept"),
        Transition("seal", "封存", ("open",), "done", "cases.handle", another_person=("open", "accept")),
    ),
)


@pytest.fixture
def row(world: World) -> WorkItem:
    """A row of the town that stands in the table's first state; any model with a state and a node would do."""
    return WorkItem.objects.create(
        table="rows",
        model="tests.row",
        object_id=1,
        node=world.nodes["town"],
        kind_label="样例",
        icon="home",
        title="样例",
        url="/",
        state="new",
        state_label="待受理",
        opened_at=world.at,
    )


def item(world: World, **changes: Any) -> ItemFacts:
    facts = {"node": world.nodes["town"], "title": "样例一件", "url": "/desk/", "kind_label": "样例", "icon": "home"}
    return ItemFacts(**(facts | changes))


def act(world: World, row: WorkItem, verb: str, who: str = "town", **more: Any) -> Step:
    return move(world.actor(who), TABLE, row, verb, item=item(world), **more)


def inbox_of(row: WorkItem) -> WorkItem:
    return WorkItem.objects.get(model=TABLE.model, object_id=row.pk)


def test_start_opens_the_item_and_remembers_the_first_step(world: World, row: WorkItem) -> None:
    opened = start(world.actor("town"), TABLE, row, item(world, due_at=world.at))
    assert (opened.state_label, opened.next_step, opened.due_at) == ("待受理", "受理", world.at)
    assert [(step.verb, step.from_state, step.to_state) for step in list_steps(row)] == [("open", "", "new")]
    assert Entry.objects.get(kind="tests.thing.opened").node == world.nodes["town"]


def test_a_move_changes_state_step_item_and_journal(world: World, row: WorkItem) -> None:
    start(world.actor("town"), TABLE, row, item(world))
    world.wait(hours=1)
    step = act(world, row, "accept")
    assert (row.state, step.from_state, step.to_state, step.at) == ("open", "new", "open", world.at)
    assert (step.actor_name, step.actor_union) == ("郑镇", "人民街道总工会")
    assert (inbox_of(row).next_step, inbox_of(row).closed_at) == ("办结", None)
    entry = Entry.objects.get(kind="tests.thing.accepted")
    assert (entry.data["from"], entry.data["to"]) == ("new", "open")


def test_the_journal_says_what_was_done(world: World, row: WorkItem) -> None:
    start(world.actor("town"), TABLE, row, item(world))
    act(world, row, "accept")
    act(world, row, "return", reason="缺材料", said="退给本人")
    said = Entry.objects.filter(kind__startswith="tests.thing.").order_by("id").values_list("summary", flat=True)
    assert list(said) == ["提出：样例一件", "受理：样例一件", "退给本人：样例一件"]


def test_an_end_closes_the_item_and_what_comes_back_opens_another(world: World, row: WorkItem) -> None:
    start(world.actor("town"), TABLE, row, item(world))
    act(world, row, "accept")
    act(world, row, "finish", facts={"is_warm": True})
    assert (inbox_of(row).closed_at, inbox_of(row).state) == (world.at, "done")
    row.state = "open"
    row.save(update_fields=["state"])
    keep_item(world.actor("town"), TABLE, row, item(world))
    assert WorkItem.objects.filter(model=TABLE.model, object_id=row.pk, closed_at=None).count() == 1


def test_from_another_state_it_is_not_now(world: World, row: WorkItem) -> None:
    with pytest.raises(Refused) as refused:
        act(world, row, "finish", facts={"is_warm": True})
    assert refused.value.code == "wrong-state"
    row.refresh_from_db()
    assert row.state == "new" and not Step.objects.exists()


def test_the_state_in_the_table_counts_not_the_one_in_hand(world: World, row: WorkItem) -> None:
    stale = WorkItem.objects.get(pk=row.pk)
    act(world, row, "accept")
    with pytest.raises(Refused, match="别人刚刚办过"):
        act(world, stale, "accept")
    assert Step.objects.filter(verb="accept").count() == 1


@pytest.mark.parametrize("who", ["other_town", "other_county", "village", "auditor", "worker"])
def test_without_the_permission_on_the_branch_it_is_forbidden(world: World, row: WorkItem, who: str) -> None:
    with pytest.raises(Forbidden):
        act(world, row, "accept", who)
    row.refresh_from_db()
    assert row.state == "new"


def test_a_union_above_may_and_so_may_one_that_it_was_shared_with(world: World, row: WorkItem) -> None:
    act(world, row, "accept", "county")
    act(world, row, "return", "other_town", facts={"is_shared": True}, reason="请补一张照片。")
    assert row.state == "new"


def test_a_transition_belongs_to_its_doors(world: World, row: WorkItem) -> None:
    with pytest.raises(Forbidden):
        act(world, row, "withdraw")
    act(world, row, "withdraw", "worker")
    assert row.state == "done"
    assert Entry.objects.filter(kind="tests.thing.withdrawn").count() == 1


def test_a_guard_says_why_not(world: World, row: WorkItem) -> None:
    act(world, row, "accept")
    with pytest.raises(Refused, match="先热一热") as refused:
        act(world, row, "finish", facts={"is_warm": False})
    assert refused.value.code == "guard-finish"


def test_a_reason_that_is_needed_is_asked_for_at_its_field(world: World, row: WorkItem) -> None:
    act(world, row, "accept")
    with pytest.raises(Refused) as refused:
        act(world, row, "return", reason="  ")
    assert "reason" in refused.value.fields
    assert act(world, row, "return", reason=" 缺材料 ").reason == "缺材料"


def test_the_same_form_sent_twice_is_one_step(world: World, row: WorkItem) -> None:
    first = act(world, row, "accept", submit_key="a" * 32)
    assert act(world, row, "accept", submit_key="a" * 32) == first
    assert Step.objects.count() == 1 and Entry.objects.filter(kind="tests.thing.accepted").count() == 1


def test_a_spent_key_opens_no_other_act(world: World, row: WorkItem) -> None:
    """Else whoever sends an old key would pass by permission, state and guard."""
    act(world, row, "accept", submit_key="a" * 32)
    with pytest.raises(BadInput) as refused:
        act(world, row, "return", reason="缺材料", submit_key="a" * 32)
    assert refused.value.code == "key-used"
    assert Step.objects.count() == 1


def test_a_key_is_the_accounts_own(world: World, row: WorkItem) -> None:
    """One account's key neither answers for another nor stands in its way: each act is judged by itself."""
    act(world, row, "accept", submit_key="a" * 32)
    with pytest.raises(Refused) as refused:
        act(world, row, "accept", who="county", submit_key="a" * 32)
    assert refused.value.code == "wrong-state"
    again = act(world, row, "return", who="county", reason="缺材料", submit_key="a" * 32)
    assert again.user_id == world.users["county"].pk and Step.objects.count() == 2


def test_buttons_come_from_the_same_table(world: World, row: WorkItem) -> None:
    act(world, row, "accept")

    def buttons(who: str) -> list[tuple[str, bool, str]]:
        steps = list_next_steps(world.actor(who), TABLE, row, {})
        return [(step.verb, step.allowed, step.reason) for step in steps]

    assert buttons("town") == [("finish", False, "先热一热。"), ("return", True, "")]
    assert [(verb, allowed) for verb, allowed, _ in buttons("auditor")] == [("finish", False), ("return", False)]
    assert buttons("worker") == [("withdraw", True, "")]


def test_the_inbox_is_first_due_first_in_the_own_branch(world: World, row: WorkItem) -> None:
    WorkItem.objects.all().delete()
    for number, (name, hours) in enumerate((("town", 5), ("village", -1), ("other_town", 1), ("town", None))):
        due = None if hours is None else world.at + timedelta(hours=hours)
        facts = item(world, node=world.nodes[name], due_at=due)
        start(world.actor("system"), TABLE, WorkItem(pk=9000 + number, state="new"), facts)
    town = world.actor("town")
    assert [each.object_id for each in list_items(town)] == [9001, 9000, 9003]
    counts = count_items(town, world.at.replace(hour=23))
    assert (counts.overdue, counts.due_today, counts.own, counts.all_open) == (1, 1, 2, 3)


def test_an_item_is_hidden_from_the_branch_it_is_about(world: World, row: WorkItem) -> None:
    hidden = item(world, node=world.nodes["union"], hidden_path=world.nodes["union"].path)
    WorkItem.objects.all().delete()
    start(world.actor("system"), TABLE, WorkItem(pk=9000, state="new"), hidden)
    assert not list_items(world.actor("union"))
    assert list_items(world.actor("town")).count() == 1


@pytest.mark.parametrize(
    ("opener", "accepter", "sentence"),
    [
        ("town", "city", "前面的“提出”是您办的，“封存”要由另一个人来办。"),
        ("city", "town", "前面的“受理”是您办的，“封存”要由另一个人来办。"),
        ("city", "city", ""),
        ("system", "system", ""),
    ],
)
def test_who_took_an_earlier_step_may_not_take_the_later_one(
    world: World, row: WorkItem, opener: str, accepter: str, sentence: str
) -> None:
    """By account, whatever posts it holds; the button stands with the reason, and no other row is asked."""
    start(world.actor(opener), SEALED, row, item(world))
    move(world.actor(accepter), SEALED, row, "accept", item=item(world))
    button = next(each for each in list_next_steps(world.actor("town"), SEALED, row, {}) if each.verb == "seal")
    assert (button.allowed, button.reason) == (not sentence, sentence)
    if sentence:
        with pytest.raises(Refused) as refused:
            move(world.actor("town"), SEALED, row, "seal", item=item(world))
        assert (refused.value.code, refused.value.sentence) == ("same-person", sentence)
        row.refresh_from_db()
        assert row.state == "open"
    else:
        move(world.actor("town"), SEALED, row, "seal", item=item(world))


def test_the_product_itself_is_nobody(world: World, row: WorkItem) -> None:
    system = world.actor("system")
    start(system, SEALED, row, item(world))
    move(system, SEALED, row, "accept", item=item(world))
    move(system, SEALED, row, "seal", item=item(world))
    assert row.state == "done"
