"""The desk's pages of rosters."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import load_workbook

from tests.core.members.conftest import Register, text_of
from tests.core.members.rosters.samples import document, enter, hand_in, people, person, text_table
from unionhome.core.access.models import User
from unionhome.core.files.models import SealedFile
from unionhome.core.jobs.models import Job
from unionhome.core.jobs.worker import drain
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Membership, RosterImport
from unionhome.core.members.rules.roster import headers

LIST = "/desk/rosters/"


def post(client: Client, rows: list[dict[str, str]], **given: str) -> Any:
    data = {"file": SimpleUploadedFile("一季度.csv", text_table(rows)), "union": "", "submit_key": "a" * 32, **given}
    return client.post(LIST, data)


def read(data: bytes) -> list[list[Any]]:
    return load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.fixture
def town(register: Register) -> Client:
    return register.world.client("town")


def test_from_the_file_to_the_members(register: Register, town: Client) -> None:
    answer = post(town, [*people(3), person(7, 手机号码="12")])
    roster = RosterImport.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"{LIST}{roster.pk}/"
    page = town.get(answer["Location"])
    assert page["Refresh"] and "正在逐行检查" in text_of(page)
    drain()
    page = town.get(answer["Location"])
    assert "Refresh" not in page and "确认登记" in text_of(page) and "手机号码不对" in text_of(page)
    assert document(0) not in text_of(page)
    assert not Membership.objects.exists()
    assert town.post(f"{LIST}{roster.pk}/apply/").status_code == 302
    assert "正在分批登记" in text_of(town.get(answer["Location"]))
    drain()
    page = text_of(town.get(answer["Location"]))
    assert "登记结果" in page and Membership.objects.count() == 3
    assert "一季度" in text_of(town.get(LIST))
    assert Entry.objects.get(kind="members.roster.entered").actor_name == "郑镇"


def test_the_same_form_twice_is_one_roster(register: Register, town: Client) -> None:
    assert post(town, people(1))["Location"] == post(town, people(1))["Location"]
    assert RosterImport.objects.count() == 1


def test_rows_that_name_no_union_go_to_the_given_one(register: Register, town: Client) -> None:
    post(town, [person(1, 工会组织代码="")], union="渭南示例速运有限公司工会")
    drain()
    assert RosterImport.objects.get().preview == {"n": 1}
    wrong = post(town, people(1), union="渭南示例机械有限公司工会", submit_key="b" * 32)
    assert wrong.status_code == 400 and "不在您的范围" in text_of(wrong)


def test_the_refused_rows_come_back_with_their_reasons_and_it_is_journaled(register: Register, town: Client) -> None:
    roster = enter(register.world, "town", [person(1), person(2, 手机号码="12", 备注="=1+1")])
    answer = town.get(f"{LIST}{roster.pk}/refused/")
    header, line = read(answer.content)
    assert header[:2] == ["原表行号", "没有收的原因"] and line[0] == 3 and "11位" in line[1]
    assert line[header.index("证件号码")] == document(2) and line[header.index("备注")] == "'=1+1"
    assert Entry.objects.get(kind="members.roster.downloaded").data == {"count": 1}


def test_nothing_to_download(register: Register, town: Client) -> None:
    roster = enter(register.world, "town", people(1))
    assert town.get(f"{LIST}{roster.pk}/refused/").status_code == 409


def test_the_template(register: Register, town: Client) -> None:
    assert read(town.get(f"{LIST}template/").content)[0] == list(headers())


def test_giving_up(register: Register, town: Client) -> None:
    roster = hand_in(register.world, "town", people(2))
    assert town.post(f"{LIST}{roster.pk}/cancel/").status_code == 302
    roster.refresh_from_db()
    assert roster.state == "cancelled" and not Membership.objects.exists()


def test_a_roster_of_another_branch_is_not_there(register: Register, town: Client) -> None:
    rows = people(1, 工会组织代码="610502002-Q0001")
    roster = hand_in(register.world, "other_town", rows, name="杜桥花名.csv")
    for path, method in (("", "get"), ("refused/", "get"), ("apply/", "post"), ("cancel/", "post")):
        assert getattr(town, method)(f"{LIST}{roster.pk}/{path}").status_code == 404
    assert "杜桥花名" not in text_of(town.get(LIST))


def test_a_file_that_is_no_table_is_refused_at_the_form(register: Register, town: Client) -> None:
    data = {"file": SimpleUploadedFile("a.xlsx", b"\x89PNG\r\n\x1a\n\0\0"), "union": "", "submit_key": "c" * 32}
    answer = town.post(LIST, data)
    assert answer.status_code == 400 and not SealedFile.objects.exists()


def test_a_stopped_account_enters_nothing_more(register: Register, town: Client) -> None:
    post(town, people(1))
    stop(register, "town")
    drain()
    roster = RosterImport.objects.get()
    assert roster.state == "refused" and "停用" in roster.problem
    assert not Membership.objects.exists()


def stop(register: Register, who: str) -> None:
    User.objects.filter(pk=register.world.users[who].pk).update(is_active=False)


def test_it_is_entered_in_the_name_of_whoever_confirms(register: Register, town: Client) -> None:
    post(town, people(1))
    drain()
    stop(register, "town")
    roster = RosterImport.objects.get()
    assert register.world.client("city").post(f"{LIST}{roster.pk}/apply/").status_code == 302
    drain()
    roster.refresh_from_db()
    assert (roster.state, roster.confirmed_by) == ("applied", register.world.users["city"])
    assert Entry.objects.get(kind="members.roster.entered").user_id == register.world.users["city"].pk


def test_an_entry_that_stopped_is_told_and_taken_up_by_another(register: Register, town: Client) -> None:
    post(town, people(2))
    drain()
    roster = RosterImport.objects.get()
    town.post(f"{LIST}{roster.pk}/apply/")
    stop(register, "town")
    drain()
    city = register.world.client("city")
    page = text_of(city.get(f"{LIST}{roster.pk}/"))
    assert "没有登记完" in page and "停用" in page and "继续登记" in page
    assert not Membership.objects.exists()
    assert city.post(f"{LIST}{roster.pk}/resume/").status_code == 302
    drain()
    roster.refresh_from_db()
    assert (roster.state, roster.problem, Membership.objects.count()) == ("applied", "", 2)


def test_an_entry_that_fails_every_time_says_so(
    register: Register, town: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(town, people(1))
    drain()
    roster = RosterImport.objects.get()
    town.post(f"{LIST}{roster.pk}/apply/")
    with monkeypatch.context() as broken:
        broken.setattr("unionhome.core.members.actions.enter_roster", _fail)
        for _ in range(6):
            Job.objects.update(run_after=None)
            drain()
    roster.refresh_from_db()
    assert roster.state == "stalled" and "程序多次出错" in roster.problem
    town.post(f"{LIST}{roster.pk}/resume/")
    drain()
    roster.refresh_from_db()
    assert roster.state == "applied"


def _fail(*_: Any, **__: Any) -> None:
    raise ValueError("no")
