"""The same form twice at the same moment, and two cadres at one matter: one effect, and never an error of the house."""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from tests.at_once import at_once
from tests.worlds import World, build_world
from unionhome.core.access import clock
from unionhome.core.cases import actions
from unionhome.core.cases.models import Case, Entry
from unionhome.core.records.models import ServiceRecord
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> World:
    built = build_world()
    monkeypatch.setattr(clock, "now", lambda: built.at)
    return built


def post_twice(world: World, who: str, address: str, sent: dict[str, Any], times: int = 4) -> list[Any]:
    clients = [world.client(who, raise_request_exception=False) for _ in range(times)]
    return at_once(*(lambda client=client: client.post(address, sent) for client in clients))


def test_a_need_sent_four_times_at_once_is_one_need_with_one_receipt(city: World) -> None:
    key = uuid.uuid4().hex
    route = city.nodes["city"].pk
    sent = {"category": "other", "text": "停暖了", "phone": "19900000105", "shown_union": route, "submit_key": key}
    answers = post_twice(city, "public", "/open/help/", sent)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert Case.objects.count() == 1


def test_acts_sent_four_times_at_once_happen_once(city: World) -> None:
    case, _ = report_need(city.actor("public"), Need(category="wages", text="欠薪", phone="19900000106"))
    base = f"/desk/cases/{case.pk}"
    steps = (
        ("step/accept/", {}),
        ("stamp/arrive/", {"text": "打过电话"}),
        ("stamp/measure/", {"text": "发了函"}),
        ("write/", {"text": "在办", "visible": "worker"}),
        ("assign/", {"handler": city.users["city"].pk, "stand_in": ""}),
        ("step/pause/", {"reason": "等材料"}),
        ("step/resume/", {}),
        ("step/propose/", {"text": "办好了"}),
    )
    for path, words in steps:
        lines = Entry.objects.count()
        answers = post_twice(city, "city", f"{base}/{path}", {**words, "submit_key": uuid.uuid4().hex})
        assert [answer.status_code for answer in answers] == [302] * 4, path
        assert Entry.objects.count() == lines + 1, path
    assert ServiceRecord.objects.filter(service="helpdesk.arrive").count() == 1


def test_two_cadres_accept_at_once_and_one_is_told_so(city: World) -> None:
    case, _ = report_need(city.actor("public"), Need(category="wages", text="欠薪", phone="19900000107"))
    clients = [city.client(who, raise_request_exception=False) for who in ("city", "chair")]
    address = f"/desk/cases/{case.pk}/step/accept/"
    answers = at_once(
        *(lambda client=client: client.post(address, {"submit_key": uuid.uuid4().hex}) for client in clients)
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert Entry.objects.filter(case=case, title__endswith="已受理").count() == 1


def test_a_case_that_somebody_works_on_right_now_goes_up_in_the_next_round(city: World) -> None:
    case, _ = report_need(city.actor("public"), Need(category="wages", text="欠薪", phone="19900000108"))
    drafted = actions.draft_rule(city.actor("city"), step_minutes=60)
    Case.objects.update(node=city.nodes["village"], climbs_at=city.at)
    actions.simulate_rule(city.actor("city"), drafted.pk)
    actions.switch_rule_on(city.actor("city"), drafted.pk)
    city.wait(days=5)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        assert at_once(lambda: actions.escalate_late_cases(city.actor("system"))) == [0]
    assert actions.escalate_late_cases(city.actor("system")) == 1
