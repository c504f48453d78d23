"""Items of the inbox given to a colleague, many at a time: what goes, what does not and why, and nothing twice."""

import pytest

from tests.core.home.conftest import Add
from tests.worlds import World
from unionhome.core.cases import actions as cases
from unionhome.core.cases.actions import NewCase, open_case
from unionhome.core.cases.models import Case
from unionhome.core.cases.models import Entry as Line
from unionhome.core.home.actions import give_to_colleague
from unionhome.core.home.queries import list_receivers
from unionhome.core.home.rules import MOST_GIVEN
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden
from unionhome.core.workflow.actions import ItemFacts, keep_item
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.services.helpdesk.workflow import TABLE

pytestmark = pytest.mark.django_db
KEY = "a" * 32


def make_case(world: World, place: str = "town") -> tuple[Case, WorkItem]:
    new = NewCase("helpdesk.need", "hardship", "家里有困难。", world.nodes[place], "walk_in")
    case, _ = open_case(world.actor(place), new)
    return case, WorkItem.objects.get(model="cases.case", object_id=case.pk)


def test_a_batch_goes_to_a_colleague_and_the_rest_is_named(world: World, add: Add) -> None:
    mate = world.cadre("mate", "town")
    case, item = make_case(world)
    [plain], [done], [below], [own] = add(), add(closed_at=world.at), add(place="village"), add(assignee=mate)
    [personal] = add(table="members.roster", state="checked")
    [far] = add(place="far_town")
    picked = [item.pk, plain.pk, done.pk, below.pk, own.pk, personal.pk, far.pk]
    given = give_to_colleague(world.actor("town"), picked, receiver_id=mate.pk, submit_key=KEY)
    assert [each.item.pk for each in given.given] == sorted([item.pk, plain.pk])
    assert {each.item.pk: each.reason for each in given.refused} == {
        done.pk: "已经办完了",
        below.pk: "现在由园里堡社区工会办理，只能分本工会的",
        own.pk: "已经是mate经办",
        personal.pk: "由导入的人自己办，不能交给别人",
    }
    assert given.gone_count == 1
    case.refresh_from_db()
    assert case.handler == mate
    assert Line.objects.filter(case=case, title="指派：mate经办", is_public=False).count() == 1
    assert set(WorkItem.objects.filter(assignee=mate).values_list("pk", flat=True)) == {item.pk, plain.pk, own.pk}
    entry = Entry.objects.get(kind="home.items.given")
    assert (entry.node, entry.data["count"], entry.data["receiver"]) == (world.nodes["town"], 2, "mate")
    again = give_to_colleague(world.actor("town"), picked, receiver_id=mate.pk, submit_key=KEY)
    assert again.is_repeat and not again.given
    assert Entry.objects.filter(kind="home.items.given").count() == 1
    assert Step.objects.filter(verb="give").count() == 2


def test_what_cannot_be_chosen_is_refused(world: World, add: Add) -> None:
    mate, stranger = world.cadre("mate", "town"), world.users["other_town"]
    [item] = add()
    for name, ids, receiver, refusal in (
        ("town", [], mate, BadInput),
        ("town", list(range(MOST_GIVEN + 1)), mate, BadInput),
        ("town", [item.pk], stranger, BadInput),
        ("auditor", [item.pk], mate, Forbidden),
        ("sysadmin", [item.pk], mate, Forbidden),
    ):
        with pytest.raises(refusal):
            give_to_colleague(world.actor(name), ids, receiver_id=receiver.pk)
    assert not Step.objects.filter(verb="give").exists()


def test_a_colleague_gets_only_what_the_post_may_do(world: World, add: Add) -> None:
    _, item = make_case(world)
    clerk = world.cadre("clerk", "town", role="finance")
    keeper = world.cadre("keeper", "town", role="sysadmin")
    for person, reason in ((clerk, "clerk的岗位不能办诉求"), (keeper, "keeper的岗位看不到这一件")):
        given = give_to_colleague(world.actor("town"), [item.pk], receiver_id=person.pk)
        assert [each.reason for each in given.refused] == [reason]
    [plain] = add()
    town = world.actor("town")
    assert list_receivers(town, [item.pk, plain.pk]) == [world.users["town"]]
    assert set(list_receivers(town, [plain.pk])) == {world.users["town"], clerk, keeper}


def test_an_item_stays_with_its_person_until_it_leaves_the_union(world: World) -> None:
    mate = world.cadre("mate", "town")
    case, item = make_case(world)
    give_to_colleague(world.actor("town"), [item.pk], receiver_id=mate.pk)
    cases.accept_case(world.actor("town"), case.pk)
    item.refresh_from_db()
    assert item.assignee == mate
    for place, person in (("town", mate), ("county", None)):
        facts = ItemFacts(world.nodes[place], "事", "/desk/", "诉求", "home")
        keep_item(world.actor("town"), TABLE, case, facts)
        item.refresh_from_db()
        assert item.assignee == person


def test_the_page_shows_what_can_go_gives_it_and_says_what_did_not(world: World, add: Add) -> None:
    mate = world.cadre("mate", "town")
    [item], [below] = add(title="甲事"), add(place="village", title="乙事")
    client = world.client("town")
    page = client.get("/desk/inbox/").content.decode()
    assert f'name="pick" value="{item.pk}"' in page
    assert f'value="{below.pk}" data-pick' not in client.get("/desk/inbox/?view=all").content.decode()
    shown = client.get(f"/desk/inbox/give/?pick={item.pk}&pick={below.pk}&pick=x").content.decode()
    assert "交给同事 1 件" in shown and "只能分本工会的" in shown
    assert "，我自己）" in shown or "（我自己）" in shown
    assert client.get("/desk/inbox/give/").status_code == 400
    sent = {"pick": [item.pk, below.pk], "receiver": "", "submit_key": KEY}
    refused = client.post("/desk/inbox/give/", sent)
    assert refused.status_code == 400 and "甲事" in refused.content.decode()
    assert "请选择交给谁" in refused.content.decode()
    answer = client.post("/desk/inbox/give/", sent | {"receiver": mate.pk}).content.decode()
    assert "已把 1 件交给mate" in answer and "乙事" in answer
    assert client.post("/desk/inbox/give/", sent | {"receiver": mate.pk}).status_code == 302


def test_the_first_line_says_what_is_due_and_opens_it(world: World, add: Add) -> None:
    add(3, due=1)
    add(2, due=-5)
    add(1, place="village", due=-5)
    page = world.client("town").get("/desk/inbox/")
    assert [(part["label"], part["count"]) for part in page.context["today_line"]] == [("今天到期", 3), ("已超时", 2)]
    for part in page.context["today_line"]:
        assert world.client("town").get("/desk/inbox/" + part["url"]).context["page"].total == part["count"]


def test_near_and_raised_narrow_the_list(world: World, add: Add) -> None:
    add(2, due=1)
    add(1, due=3)
    add(1, due=-1, place="village", raised_to=world.nodes["town"])
    client = world.client("town")
    for query, total in (("near=1", 2), ("raised=1", 1), ("near=1&raised=1", 0)):
        assert client.get(f"/desk/inbox/?view=all&{query}").context["page"].total == total, query


def test_what_follows_goes_with_its_leader_and_not_by_itself(world: World) -> None:
    mate = world.cadre("mate", "town")
    (leader, head), (follower, led) = make_case(world), make_case(world)
    cases.follow_case(world.actor("town"), follower.pk, leader_id=leader.pk)
    given = give_to_colleague(world.actor("town"), [head.pk, led.pk], receiver_id=mate.pk)
    assert [each.item.pk for each in given.given] == [head.pk]
    assert [each.reason for each in given.refused] == ["并入办理的随牵头的那一件走，请分牵头的那一件"]
    follower.refresh_from_db()
    led.refresh_from_db()
    assert (follower.handler, led.assignee) == (mate, mate)


@pytest.mark.parametrize("digits", [20, 5000])
def test_a_number_that_no_item_has_is_not_chosen(world: World, digits: int) -> None:
    assert world.client("town").get(f"/desk/inbox/give/?pick={'9' * digits}").status_code == 400


def test_the_key_of_one_batch_gives_nothing_to_another_colleague(world: World, add: Add) -> None:
    mate, other = world.cadre("mate", "town"), world.cadre("other", "town")
    [item] = add()
    give_to_colleague(world.actor("town"), [item.pk], receiver_id=mate.pk, submit_key=KEY)
    with pytest.raises(BadInput) as refused:
        give_to_colleague(world.actor("town"), [item.pk], receiver_id=other.pk, submit_key=KEY)
    assert refused.value.code == "key-used"
