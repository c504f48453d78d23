"""Who reported a hazard is told of it in its own words, and of how it ended."""

import pytest

from tests.services.hazards.test_actions import walk
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


def test_what_is_no_hazard_is_told_and_an_anonymous_reporter_not(world, hazard):
    case = hazard(phone="19900000009")
    actions.dismiss_hazard(world.actor("town"), case.pk, reason="已经拆了。")
    assert told(world)[-1] == f"{case.node.name}核实了隐患{case.number}，请您看答复。"
    hidden = hazard(phone="19900000009", is_anonymous=True, point="")
    actions.dismiss_hazard(world.actor("town"), hidden.pk, reason="已经拆了。")
    assert all(hidden.number not in text for text in told(world))
