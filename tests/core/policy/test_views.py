from datetime import date

import pytest

from tests.worlds import World
from unionhome.core.policy import queries
from unionhome.core.policy.actions import set_value
from unionhome.core.policy.models import PolicyParameter

KEY = queries.DUTY_HOURS
ADDRESS = f"/desk/policies/{KEY}/"
SEND = {
    "value": "08:00-12:00，15:00-18:30",
    "starts_on": "2026-06-01",
    "node": "all",
    "source": "渭工发〔2026〕5号",
    "approved_by": "主席办公会",
    "note": "夏季作息",
}


def test_the_list_shows_value_unit_source_and_region(world: World) -> None:
    set_value(world.actor("chair"), KEY, [["09:00", "17:00"]], world.today, "区工发1号", world.nodes["county"])
    client = world.client("town")
    everywhere = client.get("/desk/policies/").content.decode()
    assert "08:30–12:00，14:00–18:00" in everywhere
    assert "1 处另有规定" in everywhere
    county = client.get(f"/desk/policies/?union={world.nodes['county'].pk}").content.decode()
    assert "09:00–17:00" in county
    assert "区工发1号" in county
    assert client.get("/desk/policies/?union=999999").status_code == 404


def test_a_chair_adds_a_dated_value(world: World) -> None:
    answer = world.client("chair").post(f"{ADDRESS}set/", SEND, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2026年6月1日起按新的值执行" in page
    assert "到时执行" in page
    assert "夏季作息" in page
    assert queries.get_value(KEY, date(2026, 6, 1)) == [["08:00", "12:00"], ["15:00", "18:30"]]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("value", "八点", "时间段"),
        ("value", "18:00-08:00", "从早到晚"),
        ("starts_on", "2026-02-30", "没有这一天"),
        ("source", "", "请填写依据的文件"),
        ("node", "999", "选项里没有这一项"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, field: str, text: str, sentence: str) -> None:
    answer = world.client("chair").post(f"{ADDRESS}set/", SEND | {field: text})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert PolicyParameter.objects.filter(key=KEY).count() == 1


def test_a_day_that_was_in_force_is_refused_at_its_field(world: World) -> None:
    answer = world.client("chair").post(f"{ADDRESS}set/", SEND | {"starts_on": "2000-01-01"})
    assert answer.status_code == 409
    assert "请换一个开始日期" in answer.content.decode()


def test_who_may_not_sees_no_form_and_cannot_send(world: World) -> None:
    world.cadre("county_chair", "county", "chair")
    for name in ("town", "sysadmin", "county_chair"):
        assert "从那天起执行" not in world.client(name).get(ADDRESS).content.decode()
        assert world.client(name).post(f"{ADDRESS}set/", SEND).status_code == 403
        assert world.client(name).post("/desk/calendar/2027/set/", {"days": "x", "source": "x"}).status_code in (
            400,
            403,
        )
    assert PolicyParameter.objects.filter(key=KEY).count() == 1
    assert world.client("chair").get("/desk/policies/none/").status_code == 404


def test_without_the_second_factor_the_chair_is_asked_for_it(world: World) -> None:
    answer = world.client("chair", strong=False).post(f"{ADDRESS}set/", SEND)
    assert answer.status_code == 302
    assert PolicyParameter.objects.filter(key=KEY).count() == 1


def test_the_calendar_marks_make_up_days_and_years_not_announced(world: World) -> None:
    client = world.client("town")
    assert client.get("/desk/calendar/").headers["Location"] == "/desk/calendar/2026/"
    page = client.get("/desk/calendar/2026/").content.decode()
    assert "春节调休上班" in page
    assert "已公布" in page
    assert "暂定" not in page
    assert "暂定" in client.get("/desk/calendar/2031/").content.decode()
    assert client.get("/desk/calendar/1999/").status_code == 404


def test_the_chair_enters_an_announced_year(world: World) -> None:
    send = {"days": "2031-01-23 至 2031-01-29 休 春节\n2031-01-19 班 春节调休上班", "source": "国办发明电〔2030〕9号"}
    client = world.client("chair")
    assert "31 年" not in client.get("/desk/calendar/2031/").content.decode()
    answer = client.post("/desk/calendar/2031/set/", send, follow=True)
    assert "2031年的工作日历已公布" in answer.content.decode()
    assert "2031-01-23 至 2031-01-29 休 春节" in answer.content.decode()
    other = client.post("/desk/calendar/2032/set/", send)
    assert other.status_code == 400
    assert "这里填 2032 年的日子" in other.content.decode()


def test_the_form_gives_back_what_stands(world: World) -> None:
    notice = queries.get_notice(world.actor("town"), 2026)
    assert "2026-02-15 至 2026-02-23 休 春节" in notice["days"]
    assert "2026-02-14 班 春节调休上班" in notice["days"]
