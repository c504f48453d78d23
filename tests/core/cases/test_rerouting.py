"""A wrong category put right: the union, the limits and the checklist follow, and who is kept from it is kept from it."""

import re

import pytest

from tests.sample_places import enter_divisions
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Clock, Entry, Referral
from unionhome.core.cases.rules import Route, UnionFacts, find_new_union
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.core.tree.queries import list_shares
from unionhome.core.workflow.models import WorkItem
from unionhome.services.helpdesk.models import NeedDetail

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_firm(world, need):
    """Sent as 其他, without a wish to hide it, to the union of the worker's own employer."""
    enter_divisions()
    firm = Employer.objects.create(
        name="渭南示例速运有限公司", division=Division.objects.get(code="610502001000"), union=world.nodes["union"],
        created_at=world.at,
    )  # fmt: skip
    return need("public", category="other", hide_from_employer=False, employer=firm)


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def test_found_to_be_about_the_employer_it_leaves_the_employers_union(world, at_firm):
    client, page = world.client("union"), f"/desk/cases/{at_firm.pk}/"
    assert at_firm.node == world.nodes["union"]
    client.post(f"{page}step/accept/", {})
    form = read(client, f"{page}category/")
    assert "拖欠工资，改由人民街道总工会办理，以后单位工会看不到" in form
    assert "子女上学，还由渭南示例速运有限公司工会办理" in form
    sent = client.post(f"{page}category/", {"category": "wages", "submit_key": "e" * 32})
    assert (sent.status_code, sent.url) == (302, "/desk/cases/")
    case = Case.objects.get(pk=at_firm.pk)
    assert (case.node, case.state, case.handler, case.category) == (world.nodes["town"], "submitted", None, "wages")
    assert case.hidden_path == world.nodes["union"].path and case.title.startswith("拖欠工资：")
    assert client.get(page).status_code == 404 and not list_shares("cases.case", case.pk, world.at)
    assert JournalEntry.objects.get(kind="helpdesk.need.rerouted").hidden_path == case.hidden_path
    detail = NeedDetail.objects.get(case=case)
    assert detail.is_about_employer and detail.is_hidden_from_employer and "上级工会" in detail.route_why
    lines = [(line.title, line.text) for line in queries.list_timeline(case, public_only=True)]
    assert lines[0][0] == "转给人民街道总工会办理" and "单位" in lines[0][1]
    assert lines[1][0] == "类别由“其他”改为“拖欠工资”"
    again = actions.correct_category(world.actor("union"), case.pk, category="wages", submit_key="e" * 32)
    assert again.node == case.node and Entry.objects.filter(case=case, title__startswith="类别由").count() == 1
    back = actions.correct_category(world.actor("town"), case.pk, category="other")
    assert (back.node, back.hidden_path) == (world.nodes["town"], world.nodes["union"].path)


def test_it_stays_where_no_other_union_is_due_and_its_limits_change(world, need):
    case, city = need("public", category="other", hide_from_employer=False), world.actor("city")
    actions.accept_case(city, case.pk)
    before = {clock.name: clock.due_at for clock in Clock.objects.filter(case=case)}
    world.wait(minutes=30)
    case = actions.correct_category(world.actor("city"), case.pk, category="injury")
    assert (case.state, case.is_urgent, case.node) == ("handling", True, world.nodes["city"])
    now = {clock.name: clock for clock in Clock.objects.filter(case=case)}
    assert all(clock.is_natural and clock.started_at == case.opened_at for clock in now.values())
    assert now["help"].due_at > before["help"] and now["arrive"].limit_minutes == 120
    assert WorkItem.objects.get(object_id=case.pk, closed_at=None).title.startswith("工伤意外：")
    assert [point.code for point in queries.list_points(case)] == ["injury_place", "injury_limit"]
    entry = JournalEntry.objects.get(kind="cases.case.recategorized")
    assert (entry.data["category_before"], entry.data["category"]) == ("其他", "工伤意外")
    case = actions.correct_category(world.actor("city"), case.pk, category="other")
    assert not case.is_urgent and {c.name: c.due_at for c in Clock.objects.filter(case=case)} == before


def test_what_was_sent_on_stays_and_the_worker_reads_the_new_category(world, at_firm):
    actions.refer_case(world.actor("union"), at_firm.pk, node=world.nodes["other_town"], reason="归那边办")
    case = actions.correct_category(world.actor("other_town"), at_firm.pk, category="hardship")
    assert case.node == world.nodes["other_town"] and Referral.objects.get(case=case).answer == "waiting"


def test_refused(world, need, at_firm):
    case, union = need("public"), world.actor("union")
    for who, category, refused, sentence in (
        ("city", "wages", Refused, "现在就是这一类"),
        ("city", "none", Refused, "请选一个类别"),
        ("other_county", "other", NotFound, "没有找到"),
    ):
        with pytest.raises(refused, match=sentence):
            actions.correct_category(world.actor(who), case.pk, category=category)
    with pytest.raises(Forbidden):
        actions.refer_case(union, at_firm.pk, node=world.nodes["town"], reason="归上级")
        actions.correct_category(union, at_firm.pk, category="hardship")
    client = world.client("city")
    for state in ("paused", "proposed", "following", "closed"):
        Case.objects.filter(pk=case.pk).update(state=state)
        assert client.get(f"/desk/cases/{case.pk}/category/").status_code == 409, state
        with pytest.raises(Refused):
            actions.correct_category(world.actor("city"), case.pk, category="other")


def test_what_leads_others_is_not_hidden_over_their_heads(world, need, at_firm):
    other = need("public", category="other", hide_from_employer=False, employer=at_firm.employer, phone="19900000008")
    union = world.actor("union")
    actions.follow_case(union, other.pk, leader_id=at_firm.pk)
    with pytest.raises(Refused, match="先把它们移出"):
        actions.correct_category(union, at_firm.pk, category="wages")
    assert actions.correct_category(union, at_firm.pk, category="hardship").category == "hardship"


def test_where_it_goes():
    here, there, firm = (
        UnionFacts(number, name, path, local, "town")
        for number, name, path, local in (
            (1, "这里", "/a/b/", True),
            (2, "那里", "/a/", True),
            (3, "单位", "/a/b/c/", False),
        )
    )
    led_here, leads_there, hides = Route(here, ""), Route(there, ""), Route(here, "", hidden_path=firm.path)
    for before, after, at, is_bound, expected in (
        (led_here, leads_there, here, False, there),
        (led_here, leads_there, here, True, None),
        (leads_there, led_here, firm, False, None),
        (led_here, led_here, here, False, None),
        (None, None, here, False, None),
        (None, hides, firm, True, here),
    ):
        assert find_new_union(at.id, at.path, before, after, is_bound=is_bound) == expected
