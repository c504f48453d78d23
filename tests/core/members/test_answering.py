"""How late an answer is, in the lists of applications and transfers: in working days, as its limit is counted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.members.conftest import OTHER_DOCUMENT, Register, text_of
from unionhome.core.members import actions
from unionhome.core.members.models import Person, Transfer
from unionhome.core.members.rules.answering import answer_light
from unionhome.core.members.rules.standing import TransferInput
from unionhome.kit.calendars import WorkCalendar

CHINA = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 3, 3, 10, 0, tzinfo=CHINA)
FRIDAY = datetime(2026, 3, 6, 17, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("at", "state", "text"),
    [
        (FRIDAY - timedelta(days=3), "running", "剩3天"),
        (FRIDAY, "near", "剩0分钟"),
        (FRIDAY + timedelta(minutes=1), "overdue", "已超期"),
        (FRIDAY + timedelta(days=1), "overdue", "已超期"),
        (FRIDAY + timedelta(days=2, hours=23), "overdue", "已超期1个工作日"),
        (FRIDAY + timedelta(days=7), "overdue", "已超期5个工作日"),
    ],
)
def test_lateness_counts_working_days(at: datetime, state: str, text: str) -> None:
    light = answer_light(FRIDAY, SINCE, at, WorkCalendar())
    assert (light["state"], light["text"]) == (state, text)


def test_the_lists_say_how_late_each_answer_is(register: Register) -> None:
    world = register.world
    register.apply("outsider", document=OTHER_DOCUMENT, name="赵六")
    register.member()
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司")
    actions.send_transfer(world.actor("union"), Person.objects.get().pk, node=world.nodes["other_union"], given=given)
    pages = ("/desk/applications/", "/desk/transfers/")
    for address in pages:
        page = text_of(world.client("county").get(address))
        assert "剩3天" in page and "超期" not in page.split("uh-table")[-1]
    world.wait(days=7)
    for address in pages:
        page = text_of(world.client("county").get(address))
        assert "已超期2个工作日" in page and "uh-light-overdue" in page
    assert "已超期2个工作日" in text_of(world.client("county").get(f"/desk/transfers/{Transfer.objects.get().pk}/"))
