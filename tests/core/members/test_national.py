"""An export of the national register: its columns are matched once, and each row that differs is settled by an act."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import Register, text_of
from unionhome.core.files.models import SealedFile
from unionhome.core.members import actions, queries
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import (
    Membership,
    NationalDifference,
    NationalImport,
    NationalMapping,
    Person,
)
from unionhome.core.members.queries.national import find_row
from unionhome.core.members.rules import national as rules
from unionhome.core.members.rules.codes import NationalState, Status
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.kit import sheets
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db
HEADERS = ("序号", "会员编号", "会员姓名", "身份证号", "联系电话", "所属工会编码", "文化程度", "会员状态", "就业状况")
UNION = "610502001-Q0001"


def document(serial: int) -> str:
    return make_identity("610502", date(1980, 5, 6), serial)


def add(register: Register, node: str, serial: int, name: str = "李小明", phone: str = "", **facts: str) -> Person:
    row = EnrolRow(register.world.nodes[node].pk, name, document(serial), phone, facts=facts)
    (outcome,) = actions.enrol_many(register.world.actor("system"), [row])
    return Person.objects.get(pk=outcome.person_id or 0)


def line(serial: int, name: str = "李小明", **cells: str) -> list[str]:
    known = {
        "会员编号": f"N{serial:06d}", "会员姓名": name, "身份证号": document(serial), "所属工会编码": UNION,
        "会员状态": "审核通过", **cells,
    }  # fmt: skip
    return [known.get(header, "") for header in HEADERS]


def workbook(*rows: list[str]) -> bytes:
    buffer = BytesIO()
    sheets.write_workbook(buffer, HEADERS, rows)
    return buffer.getvalue()


def compared(register: Register, *rows: list[str], who: str = "city", **given: Any) -> NationalImport:
    actor = register.world.actor(who)
    batch = actions.hand_in_national(actor, workbook(*rows), name="导出.xlsx")
    columns = rules.propose(batch.headers)
    actions.start_comparing(actor, batch.pk, columns=columns, in_background=False, **given)
    return actions.compare_national(actor, batch.pk)


def open_kinds(batch: NationalImport) -> dict[str, list[str]]:
    rows = NationalDifference.objects.filter(batch=batch, state="open").order_by("kind", "number", "pk")
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(",".join(row.fields))
    return found


def settle(register: Register, batch: NationalImport, kind: str, verb: str, **given: str) -> Any:
    ids = list(NationalDifference.objects.filter(batch=batch, kind=kind, state="open").values_list("pk", flat=True))
    return actions.settle_differences(register.world.actor("city"), batch.pk, ids, verb, **given)


# -- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("姓名", "公民身份号码"), {"姓名": "姓名", "证件号码": "公民身份号码"}),
        (("会员 姓名*", "证件号码（必填）"), {"姓名": "会员 姓名*", "证件号码": "证件号码（必填）"}),
        (
            ("职工姓名", "有效证件号码", "移动电话"),
            {"姓名": "职工姓名", "证件号码": "有效证件号码", "手机号码": "移动电话"},
        ),
        (("甲", "乙"), {}),
    ],
)
def test_columns_are_proposed_by_their_words(headers: tuple[str, ...], expected: dict[str, str]) -> None:
    assert rules.propose(headers) == expected


def test_a_header_is_known_again_whatever_its_order() -> None:
    assert rules.fingerprint(["姓名", "证件号码"]) == rules.fingerprint(["证件号码*", " 姓名"])
    assert rules.fingerprint(["姓名"]) != rules.fingerprint(["姓名", "证件号码"])


def test_what_is_shown_of_an_export_is_masked(register: Register) -> None:
    rows = line(121, 联系电话="19900015678")
    batch = actions.hand_in_national(register.world.actor("city"), workbook(rows), name="导出.xlsx")
    text = f"{batch.samples}{batch.headers}"
    assert "李小明" not in text and document(121) not in text and "19900015678" not in text
    assert batch.samples["会员姓名"] == ["李**"] or batch.samples["会员姓名"] == ["李*明"] or "李" in text
    assert SealedFile.objects.filter(model="members.nationalimport", object_id=batch.pk).count() == 1


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"姓名": "会员姓名"}, "证件号码"),
        ({"姓名": "会员姓名", "证件号码": "会员姓名"}, "姓名"),
        ({"姓名": "会员姓名", "证件号码": "没有这一列"}, ""),
        ({"姓名": "会员姓名", "证件号码": "身份证号", "天气": "序号"}, ""),
    ],
)
def test_columns_that_cannot_be(register: Register, columns: dict[str, str], field: str) -> None:
    city = register.world.actor("city")
    batch = actions.hand_in_national(city, workbook(line(121)), name="导出.xlsx")
    with pytest.raises(BadInput) as refused:
        actions.start_comparing(city, batch.pk, columns=columns, in_background=False)
    assert field in refused.value.fields if field else not refused.value.fields
    batch.refresh_from_db()
    assert batch.state == "uploaded" and not NationalMapping.objects.exists()


def test_a_mapping_is_saved_and_taken_again_below_its_branch(register: Register) -> None:
    add(register, "union", 121)
    compared(register, line(121), name="省系统")
    again = actions.hand_in_national(register.world.actor("town"), workbook(line(121)), name="导出.xlsx")
    assert again.mapping and again.mapping.name == "省系统" and again.node == register.world.nodes["town"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG....", "甲\n乙\n".encode()])
def test_files_that_are_no_export(register: Register, data: bytes) -> None:
    with pytest.raises(BadInput):
        actions.hand_in_national(register.world.actor("city"), data, name="导出.csv")
    assert not NationalImport.objects.exists()


# -- what differs ----------------------------------------------------------------------------------------------------


def test_every_row_has_its_place(register: Register) -> None:
    same = add(register, "union", 121, education="30")
    add(register, "union", 343, phone="19900015678", education="60")
    add(register, "other_union", 565)
    add(register, "union", 787, name="王改名")
    absent = add(register, "village", 909)
    bad = line(121)
    bad[3] = "610502198005061"
    batch = compared(
        register,
        line(121, 文化程度="大学专科"),
        line(343, 文化程度="大学专科", 联系电话="19900019999"),
        line(565),
        line(787, name="王新名"),
        line(131, name="赵没有"),
        line(121),
        bad,
    )
    assert (batch.state, batch.row_count, batch.same_count) == ("compared", 7, 1)
    assert open_kinds(batch) == {
        "differs": ["education,phone", "union", "name"], "here": [""], "there": [""], "unread": ["", ""],
    }  # fmt: skip
    assert NationalDifference.objects.get(kind="here").person == absent
    same.refresh_from_db()
    assert (same.national_no, same.national_state) == ("N000121", NationalState.ENTERED)


def test_a_union_that_we_do_not_know_is_no_difference(register: Register) -> None:
    add(register, "union", 121)
    batch = compared(register, line(121, 所属工会编码="QG-998877"), line(343, 所属工会编码="QG-1"))
    assert open_kinds(batch) == {"there": [""]}
    done = settle(register, batch, "there", "enter")
    assert done.count == 0 and "没有写明是哪个工会" in done.faults[0][0]


def test_words_are_asked_for_and_then_known(register: Register) -> None:
    person = add(register, "union", 121)
    rows = line(121, 就业状况="坚守岗位")
    batch = compared(register, rows)
    assert batch.strange == {"就业状态": ["坚守岗位"]} and open_kinds(batch) == {}
    city = register.world.actor("city")
    words = {"就业状态": {"坚守岗位": "on_post"}}
    actions.start_comparing(
        city, batch.pk, columns=rules.propose(batch.headers), words=words, in_background=False
    )  # fmt: skip
    batch = actions.compare_national(city, batch.pk)
    assert batch.strange == {} and open_kinds(batch) == {"differs": ["employment_state"]}
    settle(register, batch, "differs", "take")
    person.refresh_from_db()
    assert person.employment_state == "on_post" and person.sources["employment_state"][0] == "national"


def test_a_member_of_another_branch_is_only_elsewhere(register: Register) -> None:
    other = add(register, "far_town", 121, phone="19900015678")
    batch = compared(register, line(121, 联系电话="19900019999"), who="town")
    row = NationalDifference.objects.get(batch=batch, kind="there")
    assert row.person is None and row.shown["note"] == "已在其他工会入会"
    other.refresh_from_db()
    assert not other.national_no
    assert queries.list_access(other).filter(part="exists").count() == 1
    with pytest.raises(NotFound):
        queries.get_national(register.world.actor("other_county"), batch.pk)
    done = actions.settle_differences(register.world.actor("town"), batch.pk, [row.pk], "enter")
    assert done.count == 0


def test_nobody_asks_for_a_thousand_others_a_day(register: Register) -> None:
    for serial in (121, 131, 141):
        add(register, "far_town", serial)
    system = register.world.actor("system")
    set_value(system, "members.roster_told", 2, register.world.today, "样例通知", register.world.nodes["town"])
    assert compared(register, line(121), line(131), who="town").state == "compared"
    refused = compared(register, line(141), who="town")
    assert refused.state == "refused" and "已在其他工会入会" in refused.problem
    assert not NationalDifference.objects.filter(batch=refused).exists()


# -- settling --------------------------------------------------------------------------------------------------------


def test_each_kind_is_settled_by_its_act(register: Register) -> None:
    changed = add(register, "union", 121, education="60")
    moved = add(register, "other_union", 343)
    named = add(register, "union", 565, name="王改名")
    gone = add(register, "union", 787)
    batch = compared(
        register, line(121, 文化程度="大学专科"), line(343), line(565, name="王新名"), line(131, name="赵没有")
    )
    assert settle(register, batch, "differs", "take").count == 3
    assert settle(register, batch, "there", "enter").count == 1
    assert settle(register, batch, "here", "leave", reason="去外地了").count == 1
    for person in (changed, moved, named, gone):
        person.refresh_from_db()
    assert changed.education == "30" and named.name == "王新名" and named.name_initials == "wxm"
    assert moved.node == register.world.nodes["union"]
    new = Person.objects.get(name="赵没有")
    assert (new.source, new.national_no, new.national_state) == ("national", "N000131", "entered")
    left = Membership.objects.get(person=gone)
    assert (left.status, left.reason, left.left_on) == (Status.LEFT, "去外地了", register.world.today)
    assert open_kinds(batch) == {}
    again = compared(
        register, line(121, 文化程度="大学专科"), line(343), line(565, name="王新名"), line(131, name="赵没有")
    )
    assert (again.same_count, open_kinds(again)) == (4, {})


def test_kept_rows_need_a_reason_and_stay_kept(register: Register) -> None:
    add(register, "union", 121, education="60")
    absent = add(register, "union", 343)
    rows = line(121, 文化程度="大学专科")
    batch = compared(register, rows)
    with pytest.raises(BadInput):
        settle(register, batch, "here", "keep")
    settle(register, batch, "here", "keep", reason="正在补录")
    settle(register, batch, "differs", "keep", reason="我们的对")
    absent.refresh_from_db()
    assert absent.national_state == NationalState.WAITING
    actions.start_comparing(
        register.world.actor("city"), batch.pk, columns=rules.propose(batch.headers), in_background=False
    )
    assert open_kinds(actions.compare_national(register.world.actor("city"), batch.pk)) == {}
    assert NationalDifference.objects.filter(state="kept").count() == 2


@pytest.mark.parametrize(
    ("kind", "verb", "count"),
    [
        ("differs", "take", 1), ("differs", "enter", 0), ("differs", "leave", 0), ("differs", "ignore", 1),
        ("there", "enter", 1), ("there", "take", 0), ("there", "keep", 0), ("here", "leave", 1), ("here", "take", 0),
        ("unread", "ignore", 1), ("unread", "keep", 0),
    ],
)  # fmt: skip
def test_a_preview_says_which_rows_cannot_take_part(register: Register, kind: str, verb: str, count: int) -> None:
    add(register, "union", 121, education="60")
    add(register, "union", 343)
    bad = line(1)
    bad[3] = "不是号码"
    batch = compared(register, line(121, 文化程度="大学专科"), line(131, name="赵没有"), bad)
    (row,) = NationalDifference.objects.filter(batch=batch, kind=kind)
    foreseen = actions.preview_settling(register.world.actor("city"), batch.pk, [row.pk], verb)
    assert (foreseen.count, sum(n for _, n in foreseen.faults)) == (count, 1 - count)
    done = actions.settle_differences(register.world.actor("city"), batch.pk, [row.pk], verb, reason="核对过")
    assert done.count == count
    row.refresh_from_db()
    assert (row.state == "open") is (count == 0)


def test_who_may_not_settles_nothing(register: Register) -> None:
    batch = compared(register, line(131, name="赵没有"))
    (pk,) = NationalDifference.objects.filter(batch=batch).values_list("pk", flat=True)
    for who, refusal in (("chair", NotFound), ("other_county", NotFound)):
        with pytest.raises(refusal):
            actions.settle_differences(register.world.actor(who), batch.pk, [pk], "enter")
    with pytest.raises(BadInput):
        actions.settle_differences(register.world.actor("city"), batch.pk, [], "enter")
    with pytest.raises(BadInput):
        actions.settle_differences(register.world.actor("city"), batch.pk, [pk], "burn")
    with pytest.raises(Forbidden):
        actions.hand_in_national(register.world.actor("chair"), workbook(line(1)), name="导出.xlsx")


def test_an_export_is_erased_when_its_time_is_over(register: Register) -> None:
    batch = compared(register, line(131, name="赵没有"))
    (row,) = NationalDifference.objects.filter(batch=batch)
    assert find_row(row)
    register.world.wait(days=40)
    assert actions.erase_old_national(register.world.actor("system")) == 1
    row.refresh_from_db()
    batch.refresh_from_db()
    assert find_row(row) is None and row.shown == {} and batch.samples == {} and batch.state == "closed"
    with pytest.raises(Refused):
        actions.start_comparing(register.world.actor("city"), batch.pk, columns={}, in_background=False)


# -- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def city(register: Register) -> Client:
    return register.world.client("city")


def test_from_the_upload_to_the_last_row(register: Register, city: Client) -> None:
    add(register, "union", 121, education="60", phone="19900015678")
    rows = [line(121, 文化程度="大学专科", 联系电话="19900019999"), line(131, name="赵没有")]
    upload = BytesIO(workbook(*rows))
    upload.name = "导出.xlsx"
    answer = city.post("/desk/members/national/", {"file": upload, "submit_key": "b" * 32})
    batch = NationalImport.objects.get()
    assert answer["Location"] == f"/desk/members/national/{batch.pk}/"
    page = text_of(city.get(answer["Location"]))
    assert "哪一列是哪一项" in page and document(121) not in page and "19900019999" not in page
    sent = {f"column-{place}": rules.propose(batch.headers).get(name, "") for place, name in enumerate(rules.COLUMNS)}
    wrong = {**sent, f"column-{rules.COLUMNS.index('证件号码')}": ""}
    assert city.post(f"/desk/members/national/{batch.pk}/compare/", wrong).status_code == 400
    assert city.post(f"/desk/members/national/{batch.pk}/compare/", {**sent, "name": "省系统"}).status_code == 302
    assert "正在逐行核对" in text_of(city.get(f"/desk/members/national/{batch.pk}/"))
    actions.compare_national(register.world.actor("city"), batch.pk)
    page = text_of(city.get(f"/desk/members/national/{batch.pk}/?kind=differs"))
    assert "学历：高中" in page or "学历" in page
    assert "19900019999" not in page and "赵没有" not in page
    (differs,) = NationalDifference.objects.filter(kind="differs").values_list("pk", flat=True)
    settling = f"/desk/members/national/{batch.pk}/settle/"
    page = text_of(city.post(settling, {"one": f"take-{differs}"}))
    assert "能处理 1 行" in page
    page = text_of(city.post(settling, {"confirm": "1", "ids": str(differs), "act": "keep", "reason": ""}))
    assert "请写明原因" in page
    assert city.post(settling, {"confirm": "1", "ids": str(differs), "act": "take"}).status_code == 302
    assert "能处理 1 行" in text_of(city.post(f"{settling}?kind=there", {"every": "enter"}))
    sheet = city.get(f"/desk/members/national/{batch.pk}/sheet/?kind=there")
    cells = list(sheets.read_rows(sheet.content, "差异.xlsx", max_rows=9, max_columns=20))
    assert cells[1][1] == "全国系统有，这里没有" and document(131) not in str(cells)
    assert city.post(f"/desk/members/national/{batch.pk}/close/").status_code == 302
    batch.refresh_from_db()
    assert batch.state == "closed"


def test_the_rows_of_a_page_cost_the_same_however_many(
    register: Register, city: Client, django_assert_max_num_queries: Any
) -> None:
    for serial in range(100, 130):
        add(register, "union", serial, education="60")
    batch = compared(register, *(line(serial, 文化程度="大学专科") for serial in range(100, 130)))
    with django_assert_max_num_queries(20):
        city.get(f"/desk/members/national/{batch.pk}/?kind=differs")
