"""By when a need is dispatched, taken up and solved; and who says how difficult it is."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from tests.core.cases.test_actions import walk
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Term
from unionhome.core.cases.screens.mine import own_context
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db


def term(case, name) -> Term:
    return Term.objects.get(case=case, name=name)


def due(case, name) -> str:
    at = term(case, name).due_at
    return f"{timezone.localtime(at):%m-%d %H:%M}" if isinstance(at, datetime) else ""


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def test_met_one_after_the_other_and_anew_at_the_next_union(world, need):
    case, page = need("public"), "/desk/cases/{}/"
    assert [due(case, name) for name in ("dispatch", "accept", "solve")] == [
        "03-10 10:30",
        "03-11 10:00",
        "03-17 10:00",
    ]
    world.wait(minutes=40)
    assert "派单时限今天10:30前，超10分钟" in read(world.client("city"), page.format(case.pk))
    actions.refer_case(world.actor("city"), case.pk, node=world.nodes["county"], reason="归区里办")
    assert term(case, "dispatch").met_at == world.at and term(case, "accept").met_at is None
    assert due(case, "accept") == "03-11 10:40"
    text = read(world.client("county"), page.format(case.pk))
    assert "派单时限今天10:40办到，超过了时限" in text and "难度一般" in text
    actions.accept_case(world.actor("county"), case.pk)
    assert term(case, "accept").met_at == world.at
    other = need("public", phone="19900000008")
    actions.assign_case(world.actor("city"), other.pk, handler=world.users["city"])
    assert term(other, "dispatch").met_at == world.at and term(other, "accept").met_at is None
    urgent = need("public", category="injury", phone="19900000007")
    assert (term(urgent, "dispatch").due_at - world.at).total_seconds() == 1800


def test_when_the_firsts_are_kept_the_inbox_shows_by_when_it_is_solved(world, case):
    walk(world, case, until="measure")
    item = WorkItem.objects.get(object_id=case.pk, closed_at=None)
    assert item.due_at == term(case, "solve").due_at
    assert "03-17" in read(world.client("city"), "/desk/cases/")
    assert "3月17日" in own_context(case, world.at, "/")["when"]
    actions.pause_case(world.actor("city"), case.pk, reason="等工资条")
    assert due(case, "solve") == "" and "暂停，不计时" in read(world.client("city"), f"/desk/cases/{case.pk}/")
    world.wait(minutes=30)
    actions.resume_case(world.actor("city"), case.pk)
    assert due(case, "solve") == "03-17 10:30"
    set_value(world.actor("system"), "cases.check_share", 100, world.today, "样例", None)
    actions.propose_outcome(world.actor("city"), case.pk, text="补发了")
    assert term(case, "solve").met_at == world.at
    actions.rate_case(world.actor("public"), Case.objects.get(pk=case.pk), rating="satisfied")
    actions.fail_check(world.actor("chair"), case.pk, reason="还差两个月")
    assert (due(case, "solve"), term(case, "solve").met_at) == ("03-17 10:30", None)


def test_how_difficult_it_is_says_somebody_else_than_who_handles_it(world, case):
    walk(world, case, until="accept")
    page, chair = f"/desk/cases/{case.pk}/", world.client("chair")
    for who, difficulty, reason, refused, sentence in (
        ("city", "complex", "人多", Forbidden, "不能办"),
        ("county", "complex", "人多", NotFound, "没有找到"),
        ("chair", "ordinary", "人多", Refused, "请选另一个难度"),
        ("chair", "king", "人多", Refused, "请选另一个难度"),
        ("chair", "complex", " ", Refused, "请写为什么"),
    ):
        with pytest.raises(refused, match=sentence):
            actions.set_difficulty(world.actor(who), case.pk, difficulty=difficulty, reason=reason)
    assert f"{page}difficulty/" in chair.get(page).content.decode()
    assert f"{page}difficulty/" not in world.client("city").get(page).content.decode()
    sent = {"difficulty": "difficult", "reason": "要查三年的账", "submit_key": "d" * 32}
    for _ in range(2):
        assert chair.post(f"{page}difficulty/", sent).status_code == 302
    assert due(case, "solve") == "03-31 10:00"
    line = queries.list_timeline(case, public_only=True)[0]
    assert (line.title, line.text) == ("难度定为“疑难”，3月31日以前办结", "要查三年的账")
    assert JournalEntry.objects.get(kind="cases.case.graded").data["difficulty"] == "疑难"
    Case.objects.filter(pk=case.pk).update(state="proposed")
    with pytest.raises(Refused, match="已经提出办结"):
        actions.set_difficulty(world.actor("chair"), case.pk, difficulty="complex", reason="人多")
