"""Like matters worked on as one: who can be put under whom, whose clock runs, what each worker reads, how it ends."""

import re

import pytest

from tests.core.cases.test_actions import walk
from unionhome.core.cases import actions, queries
from unionhome.core.cases.clocks import list_lights
from unionhome.core.cases.models import Case, Clock
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world, need):
    """Two like needs at the city; the second follows the first."""
    leader, case = need("public"), need("worker")
    Case.objects.filter(pk=case.pk).update(hidden_path=leader.hidden_path, node=world.nodes["city"])
    return leader, actions.follow_case(world.actor("city"), case.pk, leader_id=leader.pk)


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def test_only_its_own_arrival_runs_on_a_follower(world, pair):
    leader, case = pair
    assert (case.state, case.leader) == ("following", leader)
    due = dict(Clock.objects.filter(case=case).values_list("name", "due_at"))
    assert due["arrive"] and due["help"] is None and due["measure"] is None
    assert [light.state for light in list_lights(case, world.at)] == ["running", "ended", "ended"]
    item = WorkItem.objects.get(object_id=case.pk, closed_at=None)
    assert (item.due_at, item.next_step) == (due["arrive"], "首次到场")


def test_an_outcome_waits_until_every_follower_was_reached_and_ends_all(world, pair):
    leader, case = pair
    walk(world, leader, until="measure")
    with pytest.raises(Refused, match="并入的还有1件没有联系上本人"):
        actions.propose_outcome(world.actor("city"), leader.pk, text="已补发。")
    client = world.client("city")
    assert client.post(f"/desk/cases/{case.pk}/reached/", {}).url == f"/desk/cases/{leader.pk}/"
    actions.propose_outcome(world.actor("city"), leader.pk, text="已补发。")
    actions.rate_case(world.actor("public"), leader, rating="satisfied")
    case.refresh_from_db()
    assert (case.state, case.closed_on, case.rating, case.is_on_time) == ("closed", world.today, "", True)
    counted = {name: ServiceRecord.objects.filter(service=f"helpdesk.{name}").count() for name in ("arrive", "closed")}
    assert counted == {"arrive": 2, "closed": 2}
    assert ServiceRecord.objects.filter(service__in=["helpdesk.help", "helpdesk.measure"]).count() == 2
    assert not WorkItem.objects.filter(closed_at=None).exists()
    actions.rate_case(world.actor("worker"), case, rating="fairly")
    case.refresh_from_db()
    leader.refresh_from_db()
    assert (case.rating, leader.rating) == ("fairly", "satisfied")


@pytest.mark.parametrize(
    ("changes", "kind", "sentence"),
    [
        ({"state": "proposed"}, Refused, "已经提出办结"),
        ({"state": "closed"}, Refused, "已经提出办结"),
        ({"hidden_path": "elsewhere"}, Refused, "不能一起办"),
        ({"kind": "helpdesk.other"}, Refused, "同一种事项"),
        ({"node": "far_town"}, NotFound, None),
        ({"node": "other_county", "shared": True}, Forbidden, "您可以看，不能办"),
    ],
)
def test_what_cannot_lead(world, need, changes, kind, sentence):
    leader, case, town = need("public"), need("public"), world.nodes["county"]
    facts = {"node": town} | changes
    shared = facts.pop("shared", False)
    if isinstance(facts["node"], str):
        facts["node"] = world.nodes[facts["node"]]
    Case.objects.filter(pk=case.pk).update(node=town)
    Case.objects.filter(pk=leader.pk).update(**facts)
    if shared:
        share_row(world.actor("system"), "cases.case", leader.pk, node=town, reason="看")
    with pytest.raises(kind, match=sentence):
        actions.follow_case(world.actor("county"), case.pk, leader_id=leader.pk)
    case.refresh_from_db()
    assert (case.state, case.leader) == ("submitted", None)


def test_a_follower_does_not_act_by_itself(world, pair, need):
    leader, case = pair
    city, third = world.actor("city"), need("public")
    for act, sentence in (
        (lambda: actions.follow_case(city, leader.pk, leader_id=leader.pk), "不能并到自己"),
        (lambda: actions.follow_case(city, leader.pk, leader_id=case.pk), "已经并在这一件下面"),
        (lambda: actions.follow_case(city, case.pk, leader_id=third.pk), "并入办理"),
        (lambda: actions.stamp_clock(city, case.pk, "help", text="帮"), "记在牵头的那一件上"),
        (lambda: actions.stamp_clock(city, case.pk, "measure", text="谈"), "记在牵头的那一件上"),
        (lambda: actions.assign_case(city, case.pk, handler=None), "在那一件上指派"),
        (lambda: actions.refer_case(city, case.pk, node=world.nodes["county"], reason="归那边"), "并入办理"),
        (lambda: actions.propose_outcome(city, case.pk, text="好了"), "并入办理"),
        (lambda: actions.part_case(city, case.pk, reason=" "), "原因"),
        (lambda: actions.part_case(city, leader.pk, reason="分开"), "待受理"),
    ):
        with pytest.raises(Refused, match=sentence):
            act()
    assert actions.follow_case(city, third.pk, leader_id=case.pk).leader == leader
    with pytest.raises(NotFound):
        actions.part_case(world.actor("other_county"), case.pk, reason="分开")


def test_followers_go_where_the_leader_goes(world, pair):
    leader, case = pair
    city, lawyer = world.actor("city"), world.actor("lawyer")
    actions.assign_case(city, leader.pk, handler=world.users["city"], stand_in=world.users["chair"])
    case.refresh_from_db()
    assert (case.handler, case.stand_in) == (world.users["city"], world.users["chair"])
    share_row(world.actor("system"), "cases.case", leader.pk, reason="协办", user_id=lawyer.user_id, can_act=True)
    actions.refer_case(city, leader.pk, node=world.nodes["county"], reason="就近办理")
    case.refresh_from_db()
    assert (case.node, case.handler, case.state, case.county) == (
        world.nodes["county"], None, "following", world.nodes["county"],
    )  # fmt: skip
    assert queries.get_handled_case(lawyer, case.pk) == case
    actions.part_case(world.actor("county"), case.pk, reason="不是一回事")
    with pytest.raises(NotFound):
        queries.get_case(lawyer, case.pk)


@pytest.mark.parametrize("way", ["withdrawn", "put under another"])
def test_who_helped_with_a_former_leader_reads_nothing_that_was_taken_out(world, pair, need, way):
    leader, _ = pair
    city, lawyer, other = world.actor("city"), world.actor("lawyer"), need("public")
    actions.follow_case(city, other.pk, leader_id=leader.pk)
    share_row(world.actor("system"), "cases.case", leader.pk, reason="协办", user_id=lawyer.user_id, can_act=True)
    actions.assign_case(city, leader.pk, handler=None)
    assert queries.get_case(lawyer, other.pk) == other
    if way == "withdrawn":
        actions.withdraw_case(world.actor("public"), leader, reason="")
    else:
        actions.follow_case(city, leader.pk, leader_id=need("public").pk)
    actions.part_case(city, other.pk, reason="不是一回事")
    with pytest.raises(NotFound):
        queries.get_case(lawyer, other.pk)


def test_taken_out_it_runs_its_own_clocks_again(world, pair):
    leader, case = pair
    before = Clock.objects.get(case=leader, name="measure")
    actions.part_case(world.actor("city"), case.pk, reason="不是一回事")
    case.refresh_from_db()
    own = Clock.objects.get(case=case, name="measure")
    assert (case.state, case.leader, own.due_at) == ("handling", None, before.due_at)
    assert JournalEntry.objects.filter(kind="helpdesk.need.parted", object_id=case.pk).count() == 1
    assert actions.stamp_clock(world.actor("city"), case.pk, "help", text="送了米").help_minutes is not None


def test_a_leader_taken_back_hands_the_lead_to_the_oldest(world, pair, need):
    leader, case = pair
    third = need("public")
    actions.follow_case(world.actor("city"), third.pk, leader_id=leader.pk)
    walk(world, leader, until="measure")
    actions.withdraw_case(world.actor("public"), leader, reason="")
    case.refresh_from_db()
    third.refresh_from_db()
    assert (case.state, case.leader, third.state, third.leader) == ("handling", None, "following", case)
    assert case.measure_minutes is not None and case.arrive_minutes is None
    actions.withdraw_case(world.actor("public"), third, reason="")
    third.refresh_from_db()
    assert (third.state, third.leader) == ("withdrawn", None)
    assert queries.count_unreached(case) == 0


def test_each_worker_reads_titles_of_what_leads_and_no_words(world, pair):
    leader, case = pair
    city = world.actor("city")
    walk(world, leader, until="help")
    actions.reply_to_applicant(city, leader.pk, text="只给牵头的看的话")
    page = read(world.client("worker"), f"/my/matters/{case.pk}/")
    assert "和同样的诉求一起办理" in page and "一起办的那件：提供帮扶" in page
    for words in ("做了这件事", "只给牵头的看的话", leader.number, "一起办的那件：答复"):
        assert words not in page


def test_the_desk_finds_like_matters_and_puts_one_under_another(world, need):
    facts = {"category": "hardship", "hide_from_employer": False, "employer_text": "示例饭店"}
    leader, case = need("public", **facts), need("public", **facts)
    far = need("public", **facts | {"employer_text": "别的饭店"})
    assert queries.list_like(world.actor("city"), case) == [leader]
    client, address = world.client("city"), f"/desk/cases/{case.pk}/"
    page = read(client, address)
    assert "可能是同样的诉求" in page and leader.number in page and far.number not in page
    for number, status in (("SQ-1", 400), (case.number, 409), (leader.number.lower(), 302)):
        assert client.post(f"{address}follow/", {"number": number}).status_code == status, number
    assert "随牵头的那一件办理" in read(client, address)
    assert "每位职工都联系上了" in read(client, f"/desk/cases/{leader.pk}/")
    world.wait(days=61)
    assert queries.list_like(world.actor("city"), need("public", **facts)) == []


def test_what_is_of_another_category_is_put_under_only_by_who_says_so(world, need):
    leader, case = need("public"), need("public", category="contract")
    client, address = world.client("city"), f"/desk/cases/{case.pk}/follow/"
    refused = client.post(address, {"number": leader.number})
    assert refused.status_code == 409
    assert "这一件是“劳动合同”，那一件是“拖欠工资”" in refused.content.decode()
    assert client.post(address, {"number": leader.number, "is_same": "on"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.leader) == ("following", leader)


def test_a_worker_may_join_a_like_need_that_is_hidden_from_nobody(world, need):
    facts = {"category": "other", "hide_from_employer": False, "place_text": "东风街宿舍"}
    facts["division"] = _division(world)
    leader = need("public", **facts)
    assert need("public", join=False, **facts).state == "submitted"
    joined = need("public", join=True, **facts)
    assert joined.state == "following"
    assert need("public", join=True, **facts | {"place_text": "西街"}).state == "submitted"
    for category in ("wages", "hardship", "children", "health"):
        world.wait(hours=2)
        kept = {**facts, "category": category}
        need("outsider", **kept)
        assert need("outsider", join=True, **kept).state == "submitted", category
    assert leader.state == "submitted"


def test_what_its_worker_wished_to_hide_is_offered_to_nobody_and_joins_nothing(world, need):
    """Also where no union is known that it would be hidden from."""
    facts = {"category": "other", "place_text": "东风街宿舍", "division": _division(world)}
    quiet, open_one = {**facts, "hide_from_employer": True}, {**facts, "hide_from_employer": False}
    assert need("public", **quiet).hidden_path == ""
    assert need("public", join=True, **open_one).state == "submitted"
    assert need("public", join=True, **quiet).state == "submitted"


def _division(world):
    from tests.sample_places import enter_divisions
    from unionhome.core.organizations.queries import find_division

    enter_divisions()
    return find_division("610502001000")


def test_what_another_branch_has_is_neither_named_nor_listed(world, need):
    leader, case = need("public"), need("public")
    Case.objects.filter(pk=leader.pk).update(node=world.nodes["other_county"])
    Case.objects.filter(pk=case.pk).update(node=world.nodes["county"])
    client, county = world.client("county"), world.actor("county")
    answers = [
        client.post(f"/desk/cases/{case.pk}/follow/", {"number": number})
        for number in (leader.number, "SQ-20200101-0001")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    Case.objects.filter(pk=case.pk).update(leader=leader, state="following")
    case.refresh_from_db()
    assert queries.find_leader(county, case) is None
    assert queries.list_followers(world.actor("other_county"), leader) == []
