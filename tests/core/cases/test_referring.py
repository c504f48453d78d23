"""A matter sent to another union: taken up, declined, sent back, or left lying; the worker's clock never stops."""

import re

import pytest

from unionhome.core.access.models import User
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Clock, Referral
from unionhome.core.registry import Forbidden, Refused
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(world):
    """The town has sent a matter to a town of the other county."""
    new = actions.NewCase("helpdesk.need", "other", "停暖了", world.nodes["town"], "phone", phone="19900000007")
    case, _ = actions.open_case(world.actor("public"), new)
    world.cadre("far", "far_town")
    return actions.refer_case(world.actor("town"), case.pk, node=world.nodes["far_town"], reason="归那边办")


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def answer_of(case) -> tuple[str, str]:
    case.refresh_from_db()
    return Referral.objects.filter(case=case).latest("pk").answer, case.node.name


def test_taken_up_and_sent_back(world, sent):
    far, due = world.actor("far"), Clock.objects.get(case=sent, name="arrive").due_at
    assert answer_of(sent) == ("waiting", "华州街道总工会")
    actions.accept_case(far, sent.pk)
    assert answer_of(sent) == ("accepted", "华州街道总工会")
    actions.send_back(far, sent.pk, reason="单位在你们那边", submit_key="s" * 32)
    actions.send_back(far, sent.pk, reason="单位在你们那边", submit_key="s" * 32)
    assert answer_of(sent) == ("returned", "人民街道总工会")
    assert (sent.state, sent.accepted_at) == ("submitted", None)
    assert Clock.objects.get(case=sent, name="arrive").due_at == due
    with pytest.raises(Forbidden):
        actions.accept_case(far, sent.pk)
    assert actions.accept_case(world.actor("town"), sent.pk).state == "handling"


def test_declined_it_is_back_at_once_and_the_worker_reads_where(world, sent):
    client = world.client("far")
    base = f"/desk/cases/{sent.pk}/step/decline/"
    assert client.post(base, {"reason": ""}).status_code == 400
    assert client.post(base, {"reason": "不在我们辖区"}).status_code == 302
    assert answer_of(sent) == ("declined", "人民街道总工会")
    titles = [(line.title, line.text) for line in queries.list_timeline(sent, public_only=True)]
    assert ("华州街道总工会没有接收，回到人民街道总工会", "") in titles
    assert not any("辖区" in text for _, text in titles)
    assert "不在我们辖区" in read(world.client("town"), f"/desk/cases/{sent.pk}/")
    assert WorkItem.objects.get(object_id=sent.pk, closed_at=None).node == world.nodes["town"]


def test_it_comes_back_to_who_had_it_at_the_sender_as_long_as_they_work_there(world, need):
    case, city = need("public"), world.actor("city")
    world.cadre("mate", "city")
    for left in (False, True):
        actions.assign_case(city, case.pk, handler=world.users["city"], stand_in=world.users["mate"])
        actions.refer_case(city, case.pk, node=world.nodes["county"], reason="归区里办")
        if left:
            User.objects.filter(pk=world.users["mate"].pk).update(is_active=False)
        actions.decline_case(world.actor("county"), case.pk, reason="不归区里")
        case.refresh_from_db()
        assert (case.handler, case.stand_in) == (world.users["city"], None if left else world.users["mate"])
    assert WorkItem.objects.get(object_id=case.pk, closed_at=None).assignee == world.users["city"]
    page = read(world.client("city"), f"/desk/cases/{case.pk}/")
    assert "没有接收，回到渭南市总工会" in page and "临渭区总工会没有接收" not in page


def test_what_was_not_sent_here_cannot_be_declined_or_sent_back(world, need, sent):
    own = need("public")
    for act, sentence in (
        (lambda: actions.decline_case(world.actor("city"), own.pk, reason="不办"), "不是别的工会转来"),
        (lambda: actions.send_back(world.actor("city"), own.pk, reason="不办"), "待受理"),
        (lambda: actions.decline_case(world.actor("town"), sent.pk, reason="不办"), "您可以看，不能办"),
        (lambda: actions.decline_case(world.actor("far"), sent.pk, reason=" "), "原因"),
    ):
        with pytest.raises(Refused, match=sentence):
            act()
    actions.accept_case(world.actor("city"), own.pk)
    with pytest.raises(Refused, match="不是从别的工会接收来的"):
        actions.send_back(world.actor("city"), own.pk, reason="不办")
    client = world.client("city")
    page = read(client, f"/desk/cases/{own.pk}/")
    assert "不接收" not in page and "退回" not in page
    Case.objects.filter(pk=own.pk).update(state="paused")
    for path in ("step/decline", "step/send_back", "step/pause", "step/part", "step/propose", "refer", "follow"):
        assert client.get(f"/desk/cases/{own.pk}/{path}/").status_code == 409, path


def test_a_silent_union_lights_up_at_the_sender(world, sent):
    town = world.actor("town")
    assert (queries.count_cases(town)["sent"], queries.count_cases(town)["sent_late"]) == (1, 0)
    assert queries.count_cases(world.actor("other_county"))["sent"] == 0
    world.wait(days=1)
    page = read(world.client("town"), "/desk/cases/?phase=sent")
    assert queries.count_cases(world.actor("town"))["sent_late"] == 1
    assert sent.number in page and "超时没有接收" in page
    assert "等华州街道总工会接收" in read(world.client("town"), f"/desk/cases/{sent.pk}/")
    actions.accept_case(world.actor("far"), sent.pk)
    assert queries.count_cases(world.actor("town"))["sent"] == 0


def test_sent_on_before_it_was_taken_up_or_taken_back(world, sent):
    actions.refer_case(world.actor("far"), sent.pk, node=world.nodes["other_county"], reason="归区里")
    answers = Referral.objects.filter(case=sent).order_by("pk").values_list("answer", flat=True)
    assert list(answers) == ["moved", "waiting"]
    actions.decline_case(world.actor("other_county"), sent.pk, reason="不归区里")
    assert answer_of(sent) == ("declined", "华州街道总工会")
    actions.refer_case(world.actor("far"), sent.pk, node=world.nodes["town"], reason="还是您办")
    actions.withdraw_case(world.actor("public"), Case.objects.get(pk=sent.pk), reason="")
    assert answer_of(sent)[0] == "moved"


def test_a_sender_that_has_ended_gets_nothing_back(world, sent):
    world.nodes["town"].closed_on = world.today
    world.nodes["town"].save(update_fields=["closed_on"])
    actions.decline_case(world.actor("far"), sent.pk, reason="不归我们")
    assert answer_of(sent) == ("declined", "临渭区总工会")
