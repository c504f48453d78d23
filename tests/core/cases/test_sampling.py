"""A share of all matters is looked at by somebody else before it closes, and nobody can tell beforehand which."""

import re
from hashlib import sha256

import pytest

from tests.core.cases.test_actions import walk
from unionhome.core.cases import actions, jobs, queries
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import is_drawn
from unionhome.core.cases.screens.mine import own_context
from unionhome.core.policy.actions import set_value
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import NotFound, Refused
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(world, case):
    """All are checked; this one was handled by the city's cadre and rated."""
    set_value(world.actor("system"), "cases.check_share", 100, world.today, "样例", None)
    walk(world, case)
    return actions.rate_case(world.actor("public"), case, rating="satisfied")


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def test_somebody_else_finds_it_well_handled_and_it_closes(world, drawn):
    page = f"/desk/cases/{drawn.pk}/"
    assert (drawn.state, drawn.closed_on, drawn.rating) == ("checking", None, "satisfied")
    assert own_context(drawn, world.at, "/")["next"] == "工会抽查办得好不好，看过就办结"
    assert WorkItem.objects.get(object_id=drawn.pk, closed_at=None).due_at is None
    assert "这件您办过，要由没有办过的人来抽查。" in read(world.client("city"), page)
    for act, refused, sentence in (
        (lambda: actions.check_case(world.actor("city"), drawn.pk, text="好"), Refused, "没有办过的人"),
        (lambda: actions.fail_check(world.actor("city"), drawn.pk, reason="不好"), Refused, "没有办过的人"),
        (lambda: actions.fail_check(world.actor("chair"), drawn.pk, reason=" "), Refused, "原因"),
        (lambda: actions.check_case(world.actor("county"), drawn.pk, text="好"), NotFound, "没有找到"),
        (lambda: actions.stamp_clock(world.actor("city"), drawn.pk, "help", text="又去了"), Refused, "等抽查"),
        (lambda: actions.rate_case(world.actor("public"), drawn, rating="not"), Refused, "已经评价过"),
    ):
        with pytest.raises(refused, match=sentence):
            act()
    client, sent = world.client("chair"), {"text": "回访了本人", "submit_key": "c" * 32}
    assert "再记一次帮扶" not in read(client, page)
    assert client.post(f"{page}step/check/", {"text": " "}).status_code == 400
    for _ in range(2):
        assert client.post(f"{page}step/check/", sent).status_code == 302
    case = Case.objects.get(pk=drawn.pk)
    assert (case.state, case.closed_on) == ("closed", world.today)
    assert ServiceRecord.objects.filter(service="helpdesk.closed").count() == 1
    lines = [(line.title, line.text) for line in queries.list_timeline(case, public_only=True)]
    assert ("抽查合格，已办结", "") in lines and not any("回访" in text for _, text in lines)


def test_not_well_handled_it_goes_back_and_is_drawn_again(world, drawn):
    case = actions.fail_check(world.actor("chair"), drawn.pk, reason="还差两个月没有补", submit_key="f" * 32)
    assert (case.state, case.rating, case.proposed_at, case.handler) == ("handling", "", None, world.users["city"])
    assert not any("差两个月" in line.text for line in queries.list_timeline(case, public_only=True))
    assert "还差两个月没有补" in read(world.client("city"), f"/desk/cases/{case.pk}/")
    actions.propose_outcome(world.actor("city"), case.pk, text="补齐了")
    again = actions.rate_case(world.actor("public"), Case.objects.get(pk=case.pk), rating="fairly")
    assert again.state == "checking"


def test_unrated_and_unchecked_it_closes_by_itself(world, need, drawn):
    other = need("public", phone="19900000008")
    walk(world, other)
    world.wait(days=8)
    jobs.close_unrated(world.actor("system"))
    states = dict(Case.objects.values_list("pk", "state"))
    assert (states[drawn.pk], states[other.pk]) == ("closed", "checking")
    other.refresh_from_db()
    assert own_context(other, world.at, "/")["can_rate"]
    world.wait(days=4)
    jobs.close_unrated(world.actor("system"))
    other.refresh_from_db()
    assert (other.state, other.rating) == ("closed", "")


def test_the_draw_is_the_same_whenever_it_is_asked():
    digests = [sha256(str(number).encode()).hexdigest() for number in range(2000)]
    first = [is_drawn(digest, 10) for digest in digests]
    assert first == [is_drawn(digest, 10) for digest in digests] and 150 < sum(first) < 250
    assert not any(is_drawn(digest, 0) for digest in digests) and all(is_drawn(digest, 100) for digest in digests)
