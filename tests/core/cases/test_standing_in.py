"""A colleague stands in: what waits for the absent one is the colleague's too, by the colleague's own rights only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from unionhome.core.access.actions import end_absence, set_absence, stop_user
from unionhome.core.access.models import Absence, RoleGrant
from unionhome.core.cases import actions, screens
from unionhome.core.cases.actions import NewCase, open_case
from unionhome.core.cases.models import Case, Entry
from unionhome.core.home.actions import give_to_colleague
from unionhome.core.home.queries import Choice, count_inbox, get_inbox_page
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.notices.models import Notice
from unionhome.core.registry import NotFound
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.core.workflow.queries import count_assigned

pytestmark = pytest.mark.django_db
MINE = Choice("all", is_mine=True)


def make_case(world: World, place: str = "town", handler: str = "town", stand_in: str = "", **facts: object) -> Case:
    new = NewCase("helpdesk.need", "hardship", "家里有困难。", world.nodes[place], "walk_in")
    case, _ = open_case(world.actor(place), new)
    chosen = world.users[stand_in] if stand_in else None
    actions.assign_case(world.actor(place), case.pk, handler=world.users[handler], stand_in=chosen)
    Case.objects.filter(pk=case.pk).update(**facts)
    return Case.objects.get(pk=case.pk)


def leave(world: World, who: str = "town", stand_in: str = "mate", first: int = 0, last: int = 2) -> Absence:
    return set_absence(
        world.actor(who), world.users[who].pk, stand_in_id=world.users[stand_in].pk,
        starts_on=world.today + timedelta(days=first), last_on=world.today + timedelta(days=last),
    )  # fmt: skip


def mine(world: World, name: str) -> dict[int, str]:
    """The cases in the list 经办我 of an account, each with the colleague it is for; the bell says the same number."""
    page = get_inbox_page(world.actor(name), MINE)
    assert count_assigned(world.actor(name)) == len(page.rows)
    return {row.item.object_id: row.for_name for row in page.rows}


@pytest.fixture
def mates(world: World) -> World:
    for name in ("mate", "third"):
        world.cadre(name, "town")
    return world


def test_what_waits_is_in_the_stand_ins_list_on_these_days_and_no_longer(mates: World) -> None:
    case, [other] = make_case(mates), [WorkItem.objects.create(
        table="rows", model="tests.row", object_id=77, node=mates.nodes["town"], kind_label="入会", icon="home",
        title="一件", url="/desk/", state="new", state_label="待受理", opened_at=mates.at,
    )]  # fmt: skip
    give_to_colleague(mates.actor("mate"), [other.pk], receiver_id=mates.users["town"].pk)
    leave(mates, first=1)
    both = {case.pk: "郑镇", 77: "郑镇"}
    for days, hers in ((0, {}), (1, both), (2, both), (3, {})):
        mates.wait(days=days and 1)
        assert (mine(mates, "mate"), mine(mates, "third")) == (hers, {}), days
        assert mine(mates, "town") == dict.fromkeys(both, "")


def test_who_was_chosen_for_a_case_by_hand_goes_before_the_absence_unless_away_too(mates: World) -> None:
    chosen, plain = make_case(mates, stand_in="third"), make_case(mates)
    leave(mates)
    assert (mine(mates, "mate"), mine(mates, "third")) == ({plain.pk: "郑镇"}, {chosen.pk: "郑镇"})
    assert screens.handling_rows(chosen, mates.at)[1:3] == [
        {"label": "经办", "value": "郑镇（A岗），3月10日到12日不在"},
        {"label": "替班", "value": "third，代郑镇"},
    ]
    leave(mates, "third", "county")
    assert mine(mates, "mate") == {plain.pk: "郑镇", chosen.pk: "郑镇"} and mine(mates, "third") == {}
    item = WorkItem.objects.get(object_id=chosen.pk)
    give_to_colleague(mates.actor("mate"), [item.pk], receiver_id=mates.users["third"].pk)
    item.refresh_from_db()
    assert item.stand_in is None and mine(mates, "county") == {chosen.pk: "third"}


def test_a_chosen_stand_in_whose_account_was_stopped_gives_way_to_the_absence(mates: World) -> None:
    case = make_case(mates, stand_in="third")
    leave(mates)
    assert mine(mates, "mate") == {}
    stop_user(mates.actor("sysadmin"), mates.users["third"].pk, reason="离职")
    case = Case.objects.get(pk=case.pk)
    assert screens.handling_rows(case, mates.at)[2]["value"] == "mate，代郑镇"
    deliver_batch(mates.actor("system"))
    assert mine(mates, "mate") == {case.pk: "郑镇"}
    assert Case.objects.get(pk=case.pk).stand_in is None
    assert Entry.objects.filter(case=case, title__startswith="B岗的账号停用", is_public=False).count() == 1


def test_a_stand_in_from_the_union_above_has_it_in_the_own_turn_and_in_the_first_line(mates: World) -> None:
    case = make_case(mates)
    WorkItem.objects.filter(object_id=case.pk).update(due_at=mates.at + timedelta(hours=1))
    before = count_inbox(mates.actor("county"))
    leave(mates, stand_in="county")
    with CaptureQueriesContext(connection) as one:
        after = count_inbox(mates.actor("county"))
    assert (before.own, before.own_due_today, after.own, after.own_due_today) == (0, 0, 1, 1)
    assert [row.for_name for row in get_inbox_page(mates.actor("county"), Choice("own")).rows] == ["郑镇"]
    for number in range(4):
        mates.cadre(f"more{number}", "town")
        make_case(mates, handler=f"more{number}")
        leave(mates, f"more{number}", "county")
    with CaptureQueriesContext(connection) as many:
        assert count_inbox(mates.actor("county")).own == 5
    assert len(many) == len(one)
    assert "代郑镇" in mates.client("county").get("/desk/inbox/?view=all&who=me").content.decode()


def test_nothing_is_lent_and_what_is_hidden_stays_hidden(mates: World) -> None:
    hidden, case = make_case(mates), make_case(mates)
    path = mates.nodes["town"].path
    leave(mates)
    Case.objects.filter(pk=hidden.pk).update(hidden_path=path)
    WorkItem.objects.filter(object_id=hidden.pk).update(hidden_path=path)
    assert mine(mates, "mate") == {case.pk: "郑镇"}
    assert screens.handling_rows(Case.objects.get(pk=hidden.pk), mates.at)[2]["value"] == "没有"
    with pytest.raises(NotFound):
        actions.accept_case(mates.actor("mate"), hidden.pk)
    RoleGrant.objects.filter(user=mates.users["mate"]).update(node=mates.nodes["other_town"])
    assert mine(mates, "mate") == {}
    with pytest.raises(NotFound):
        actions.accept_case(mates.actor("mate"), case.pk)
    assert screens.own_context(case, mates.at, "/")["who"] == "人民街道总工会工会干事"


def test_acts_of_the_stand_in_say_for_whom_and_the_clocks_run_on(mates: World) -> None:
    case = make_case(mates)
    due = WorkItem.objects.get(object_id=case.pk).due_at
    absence = leave(mates)
    assert WorkItem.objects.get(object_id=case.pk).due_at == due
    for name, words in (("mate", "mate（代郑镇）"), ("third", "third"), ("town", "郑镇")):
        actions.add_note(mates.actor(name), case.pk, text="记一笔。")
        line, entry = Entry.objects.filter(case=case).latest("pk"), JournalEntry.objects.latest("pk")
        assert line.actor_name == words
        assert entry.summary.endswith("（代郑镇）") == (name == "mate") and entry.actor_name == mates.users[name].name
    actions.accept_case(mates.actor("mate"), case.pk)
    assert Step.objects.latest("pk").actor_name == "mate（代郑镇）"
    moved = JournalEntry.objects.get(kind="helpdesk.need.accepted")
    assert moved.summary.count("（代郑镇）") == 1 and moved.user_id == mates.users["mate"].pk
    end_absence(mates.actor("town"), absence.pk)
    actions.add_note(mates.actor("mate"), case.pk, text="又记一笔。")
    assert Entry.objects.filter(case=case).latest("pk").actor_name == "mate"


def test_pages_name_who_stands_in_and_who_will_be_away(mates: World) -> None:
    case = make_case(mates)
    leave(mates, stand_in="county", first=1)
    desk = mates.client("third")
    assert "3月11日到12日不在，由周县代" in desk.get(f"/desk/cases/{case.pk}/assign/").content.decode()
    item = WorkItem.objects.get(object_id=case.pk)
    assert "3月11日到12日不在，由周县代" in desk.get(f"/desk/inbox/give/?pick={item.pk}").content.decode()
    assert screens.own_context(case, mates.at, "/")["who"] == "人民街道总工会工会干事"
    mates.wait(days=1)
    assert "周县，代郑镇" in mates.client("third").get(f"/desk/cases/{case.pk}/").content.decode()
    assert screens.own_context(case, mates.at, "/")["who"] == "临渭区总工会权益保障部"


def test_messages_go_to_the_stand_in_once_and_never_past_a_hidden_path(mates: World) -> None:
    mates.cadre("alone", "other_village")
    leave(mates, "alone")
    leave(mates, "third")
    union = mates.nodes["union"].path

    def told(place: str, by: str = "system", hidden_path: str = "") -> dict[str, str]:
        node = mates.nodes[place]
        new = NewCase("helpdesk.need", "injury", "受伤了。", node, "walk_in", hidden_path=hidden_path)
        case, _ = open_case(mates.actor(by), new)
        while deliver_batch(mates.actor("system")):
            pass
        rows = Notice.objects.filter(kind="cases.urgent", object_id=case.pk).values_list("user__username", "text")
        assert len(rows) == len(dict(rows))
        return dict(rows)

    for hidden in ("", union):
        words = told("other_village", hidden_path=hidden)
        assert set(words) == {"alone", "mate"} and words["mate"] == f"代alone：{words['alone']}"
    assert set(told("other_village", by="mate")) == {"alone"}
    assert len(set(told("town").values())) == 1, "who is told anyway is not told in somebody's stead"
    mates.grant("mate", "cadre", "union")
    assert set(told("other_village", hidden_path=union)) == {"alone"}
    assert set(told("other_village")) == {"alone", "mate"}
