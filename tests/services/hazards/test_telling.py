"""Who reported a hazard is told of it in its own words, and of how it ended."""

import pytest

from tests.services.hazards.test_actions import walk
from unionhome.core.cases.actions.opening import receipt_of
from unionhome.core.cases.models import Entry
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.notices.models import Notice
from unionhome.kit.channels import Gateway
from unionhome.services.hazards import actions

pytestmark = pytest.mark.django_db


def told(world) -> list[str]:
    while deliver_batch(world.actor("system")):
        pass
    return list(Notice.objects.order_by("pk").values_list("text", flat=True))


@pytest.fixture(autouse=True)
def _channels(settings):
    settings.SMS_GATEWAY = Gateway("http://127.0.0.1:1/")


def test_the_reporter_reads_of_a_hazard_and_of_its_end(world, hazard):
    case = hazard(phone="19900000009")
    assert told(world) == [f"隐患{case.number}已收到，由{case.node.name}办理。"]
    walk(world, case, "answer")
    actions.strike_off_hazard(world.actor("city"), case.pk, text="改好了。")
    assert told(world)[1:] == [f"隐患{case.number}改好了，{case.node.name}到现场复查过。"]


def test_who_follows_a_report_is_told_how_it_ended_and_reads_what_was_done(world, hazard):
    leader, own = hazard(phone="19900000009"), hazard(phone="19900000008", submit_key="f" * 32)
    actions.follow_hazard(world.actor("public"), own, leader.pk)
    walk(world, leader, "answer")
    told(world)
    actions.strike_off_hazard(world.actor("city"), leader.pk, text="到现场看了。")
    assert told(world)[-2:] == [f"隐患{each.number}改好了，{leader.node.name}到现场复查过。" for each in (leader, own)]
    visitor, base = world.client(), f"/open/matters/{receipt_of('f' * 32)}/"
    page = visitor.get(base)
    shown = page.content.decode()
    assert "一起办的那件：复查合格，已销号" in shown and "一起办的那件：责任单位说改好了" in shown
    assert "到现场看了。" not in shown and "装好了。" not in shown and "并在一起办" not in shown
    (after,) = page.context["own_panel"][1]["after"]
    assert visitor.get(after["url"]).status_code == visitor.get(after["small_url"]).status_code == 200
    others = SealedFile.objects.filter(model="cases.entry", object_id=Entry.objects.get(case=leader, kind="opened").pk)
    assert others and {visitor.get(f"{base}files/{file.pk}/").status_code for file in others} == {404}


def test_what_is_no_hazard_is_told_and_an_anonymous_reporter_not(world, hazard):
    case = hazard(phone="19900000009")
    actions.dismiss_hazard(world.actor("town"), case.pk, reason="已经拆了。")
    assert told(world)[-1] == f"{case.node.name}核实了隐患{case.number}，请您看答复。"
    hidden = hazard(phone="19900000009", is_anonymous=True, point="")
    actions.dismiss_hazard(world.actor("town"), hidden.pk, reason="已经拆了。")
    assert all(hidden.number not in text for text in told(world))
