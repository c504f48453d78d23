"""Sheets of the 12351 hotline: what each row becomes, one need for each number, saved words, and the way back."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from python_calamine import CalamineWorkbook

from tests.at_once import at_once
from tests.sample_places import enter_divisions, enter_unions
from tests.worlds import World, build_world
from unionhome.core.access import clock
from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_body
from unionhome.core.files.models import SealedFile
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.kit.sheets import write_workbook
from unionhome.services.helpdesk import actions, queries
from unionhome.services.helpdesk.actions import TypedOrder, entry
from unionhome.services.helpdesk.forms import WordsForm
from unionhome.services.helpdesk.models import HotlineOrder, HotlineSheet, HotlineWord
from unionhome.services.helpdesk.rules.hotline import TEMPLATE

pytestmark = pytest.mark.django_db
FIRM = "渭南示例速运有限公司"


@pytest.fixture
def city(world: World) -> World:
    enter_divisions()
    enter_unions(world)
    return world


def cells(number: str = "WN0001", **given: object) -> list[object]:
    """One row of the template, any column replaced."""
    row: dict[str, object] = {
        "工单编号": number,
        "来电时间": "2026-03-09 16:20",
        "来电人": "王样例",
        "联系电话": "19900000777",
        "镇街": "临渭区人民街道",
        "类别": "拖欠工资",
        "诉求内容": "两个月没发工资",
        "要求反馈日期": "2026-03-20",
        **given,
    }
    return [row.get(column, "") for column in TEMPLATE]


def book(rows: Iterable[list[object]], head: Iterable[str] = TEMPLATE) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, list(head), rows)
    return buffer.getvalue()


def check(
    world: World, *rows: list[object], who: str = "city", data: bytes = b"", name: str = "a.xlsx"
) -> HotlineSheet:
    actor = world.actor(who)
    sheet = actions.hand_in_sheet(actor, data or book(rows), name=name, in_background=False)
    return actions.check_sheet(actor, sheet.pk)


def enter(world: World, *rows: list[object], who: str = "city") -> HotlineSheet:
    sheet = check(world, *rows, who=who)
    actions.apply_sheet(world.actor(who), sheet.pk, in_background=False)
    return actions.enter_sheet(world.actor(who), sheet.pk)


def grid(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_each_row_becomes_one_thing(city: World) -> None:
    """A table of rows; what is wrong with a row is said, and nothing is entered by the check."""
    rows: list[tuple[list[object], str, str]] = [
        (cells("WN0001"), "n", "人民街道总工会"),
        (cells("wn 0001", 来电人="别人"), "r", "和第2行的工单编号相同"),
        (cells("WN0003", 工作单位=FIRM, 镇街=""), "n", "人民街道总工会"),
        (cells("WN0004", 联系电话="0913-2223333"), "n", ""),
        (cells("WN0005", 镇街="华州区"), "n", "华州区总工会"),
        (cells("WN0006", 镇街="火星", 类别="奇怪的事"), "n", "没见过类别“奇怪的事”，先归“其他”；没认出镇街"),
        (cells("W"), "r", "工单编号应是4至40位"),
        (cells("WN0008", 联系电话="12345"), "r", "手机号码应为11位"),
        (cells("WN0009", 来电时间="2026-03-11 08:00"), "r", "来电时间在现在以后"),
        (cells("WN0010", 要求反馈日期="2026-03-01"), "r", "要求反馈日期早于来电"),
        (cells("WN0011", 诉求内容="长" * 2001), "r", "最多2000个字"),
        (cells("WN0012", 诉求内容=""), "r", "没有写诉求内容"),
        (cells("WN0013", 来电时间="2026年3月9日 25时10分"), "r", "来电时间"),
    ]
    sheet = check(city, *(row for row, *_ in rows))
    lines = queries.list_lines(sheet)
    assert sheet.state == "checked" and len(lines) == len(rows)
    for line, (_, outcome, words) in zip(lines, rows, strict=True):
        assert line.outcome == outcome, line
        assert words in f"{line.union}{line.note}", line
    assert not Case.objects.exists()
    assert "19900000777" not in str(lines) and "王样例" not in str(lines)
    page = city.client("city").get(f"/desk/help/hotline/sheets/{sheet.pk}/").content.decode()
    assert "WN0006" in page and "没见过的类别" in page


def test_a_file_that_is_no_sheet_of_orders_is_refused_as_a_whole(city: World) -> None:
    gb = ",".join(TEMPLATE).encode("gb18030") + b"\n" + ",".join(map(str, cells())).encode("gb18030")
    assert check(city, data=gb, name="热线.csv").preview == {"n": 1}
    other = book([["WN0002", "13900000000", "事"]], ["受理编号", "来电号码", "主要内容"])
    assert check(city, data=other).preview == {"n": 1}
    for data, words in (
        (book([["x"]], ["诉求内容"]), "缺少这些列"),
        (book([]), "一件工单也没有"),
        (book([cells(f"WN{number:05}") for number in range(2030)]), "最多"),
    ):
        sheet = check(city, data=data)
        assert sheet.state == "refused" and words in sheet.problem
    with pytest.raises(BadInput):
        check(city, data=b"%PDF-1.7\n" + b"0" * 40, name="a.pdf")


def test_an_order_is_one_need_whoever_hands_it_in(city: World) -> None:
    sheet = enter(city, cells("WN0001"), cells("WN0002", 联系电话="0913-2223333"), cells("WN", 诉求内容="x"))
    assert (sheet.state, sheet.counts) == ("applied", {"n": 2, "r": 1})
    order = HotlineOrder.objects.select_related("case__node").get(number="WN0001")
    case = order.case
    assert (case.origin, case.opened_at, case.node.name) == ("hotline", city.at, "人民街道总工会")
    assert order.called_at is not None and order.called_at.day == 9
    assert not sheet.rows_sealed and case.clocks.count() == 3
    landline = HotlineOrder.objects.get(number="WN0002").case
    assert "0913-2223333" in get_body(landline) and not landline.phone_sealed
    again = enter(city, cells("WN0001"), cells("WN0003"), who="county")
    assert again.counts == {"n": 1, "k": 1} and case.number in queries.list_lines(again)[0].note
    with pytest.raises(BadInput, match=case.number):
        actions.register_order(
            city.actor("county"), TypedOrder(number="wn0001", text="同一件", phone="19900000777", category="wages")
        )
    assert Case.objects.count() == 3 == HotlineOrder.objects.count()
    page = city.client("town").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "WN0001" in page and "来电时间" in page
    result = grid(city.client("city").get(f"/desk/help/hotline/sheets/{sheet.pk}/result/"))
    assert result[1][1:4] == ["WN0001", "登记为诉求", case.number] and result[3][2] == "没有收"
    refused = grid(city.client("city").get(f"/desk/help/hotline/sheets/{sheet.pk}/refused/"))
    assert refused[1][0] == 4


def test_an_entry_that_was_cut_off_goes_on_and_enters_nothing_twice(city: World, monkeypatch: Any) -> None:
    sheet = check(city, cells("WN0001"), cells("WN0002"))
    actions.apply_sheet(city.actor("city"), sheet.pk, in_background=False)
    real, count = entry.open_order, []

    def dies(*given: Any, **named: Any) -> Any:
        count.append(1)
        if len(count) == 2:
            raise RuntimeError
        return real(*given, **named)

    monkeypatch.setattr(entry, "open_order", dies)
    with pytest.raises(RuntimeError):
        actions.enter_sheet(city.actor("city"), sheet.pk)
    assert HotlineOrder.objects.count() == 1
    sheet = actions.enter_sheet(city.actor("city"), sheet.pk)
    assert (sheet.state, sheet.counts, Case.objects.count()) == ("applied", {"n": 2}, 2)


def test_a_branch_takes_only_what_is_its_own(city: World) -> None:
    sheet = check(city, cells("WN0001", 镇街="华州街道"), cells("WN0002"), who="county")
    assert [line.outcome for line in queries.list_lines(sheet)] == ["r", "n"]
    for who in ("town", "union", "village"):
        with pytest.raises(Forbidden):
            check(city, cells(), who=who)
    with pytest.raises(Forbidden):
        check(city, cells(), who="finance")
    with pytest.raises(NotFound):
        queries.get_sheet(city.actor("other_county"), sheet.pk)
    answer = city.client("town").post(
        "/desk/help/hotline/sheets/", {"file": SimpleUploadedFile("a.xlsx", book([cells()]))}
    )
    assert answer.status_code == 403
    typed = TypedOrder(number="WN0009", text="电话里接到的", phone="19900000777", category="other")
    case = actions.register_order(city.actor("town"), typed)
    assert case.node.name == "人民街道总工会"
    assert list(queries.list_orders(city.actor("town"))) and not list(queries.list_orders(city.actor("other_town")))


def test_an_order_about_the_own_employer_passes_its_union_by(city: World) -> None:
    enter(city, cells("WN0001", 工作单位=FIRM))
    case = Case.objects.get()
    assert case.hidden_path == city.nodes["union"].path and case.node == city.nodes["town"]
    assert not list(queries.list_orders(city.actor("union")))


def test_words_are_learnt_once(city: World) -> None:
    sheet = check(city, cells("WN0001", 类别="讨薪维权"), cells("WN0002", 类别="讨薪维权"))
    assert sheet.words == {"讨薪维权": 2}
    (name,) = WordsForm(words=sheet.words).names.values()
    answer = city.client("city").post(f"/desk/help/hotline/sheets/{sheet.pk}/words/", {name: "wages"})
    assert answer.status_code == 302
    sheet.refresh_from_db()
    assert not sheet.words and "拖欠工资" in queries.list_lines(sheet)[0].title
    assert not check(city, cells("WN0003", 类别="讨薪 维权"), who="county").words
    assert HotlineWord.objects.get().node == city.nodes["city"]
    actions.apply_sheet(city.actor("city"), sheet.pk, in_background=False)
    with pytest.raises(Refused):
        actions.save_words(city.actor("city"), sheet.pk, {"讨薪维权": "other"})


def test_the_same_words_sent_twice_teach_no_other_word(city: World) -> None:
    sheet = check(city, *(cells(f"WN000{n}", 类别=word) for n, word in enumerate(("讨薪维权", "讨薪维权", "停车难"))))
    client, path = city.client("city"), f"/desk/help/hotline/sheets/{sheet.pk}/words/"
    names = WordsForm(words=sheet.words).names
    sent = {names["讨薪维权"]: "wages", names["停车难"]: ""}
    for _ in range(2):
        assert client.post(path, sent).status_code == 302
    assert list(HotlineWord.objects.values_list("word", "category")) == [("讨薪维权", "wages")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "?"}, "number"),
        ({"phone": "110"}, "phone"),
        ({"called": "明天"}, "called"),
        ({"called": "2026-03-12 09:00"}, "called"),
        ({"text": " "}, "text"),
    ],
)
def test_a_typed_order_is_refused_at_its_field(city: World, changed: dict[str, str], field: str) -> None:
    given = {"number": "WN0001", "text": "欠薪", "phone": "19900000777", "category": "wages", **changed}
    with pytest.raises(BadInput) as refused:
        actions.register_order(city.actor("city"), TypedOrder(**given))
    assert set(refused.value.fields) == {field}
    assert city.client("city").post("/desk/help/hotline/new/", given).status_code == 400
    assert not Case.objects.exists()


def test_the_way_back_tells_how_far_each_is(city: World) -> None:
    enter(city, cells("WN0001"), cells("WN0002", 要求反馈日期="2026-03-09"))
    case = HotlineOrder.objects.get(number="WN0001").case
    town = city.actor("town")
    city.wait(minutes=30)
    cases.accept_case(town, case.pk)
    for name in ("arrive", "help", "measure"):
        cases.stamp_clock(city.actor("town"), case.pk, name, text="办了")
    for code in ("evidence", "arbitration"):
        cases.tick_point(city.actor("town"), case.pk, code, is_done=True)
    cases.propose_outcome(city.actor("town"), case.pk, text="单位已补发。")
    case.refresh_from_db()
    cases.close_unrated(city.actor("system", at=city.wait(days=9)), case)
    client = city.client("city")
    rows = grid(client.get("/desk/help/hotline/return.xlsx?begins_on=2026-03-01&ends_on=2026-03-31"))
    assert [row[0] for row in rows[1:]] == ["WN0001", "WN0002"]
    assert rows[1][9] == "单位已补发。" and rows[1][7] == "按时" and rows[1][12] == "按期"
    assert rows[2][9] == "" and "王样例" not in str(rows) and "19900000777" not in str(rows)
    ended = client.get("/desk/help/hotline/return.xlsx?begins_on=2026-03-01&ends_on=2026-03-31&only_ended=on")
    assert len(grid(ended)) == 2
    for days in ("begins_on=2026-03-31&ends_on=2026-03-01", "begins_on=2020-01-01&ends_on=2026-03-01", "begins_on=x"):
        assert client.get(f"/desk/help/hotline/return.xlsx?{days}").status_code == 400


def test_a_sheet_is_erased_when_its_time_is_over(city: World) -> None:
    sheet = check(city, cells("WN0001"), cells("W"))
    assert not actions.erase_old_sheets(city.actor("system"))
    assert actions.erase_old_sheets(city.actor("system", at=city.wait(days=31))) == 1
    sheet = HotlineSheet.objects.get(pk=sheet.pk)
    assert sheet.state == "cancelled" and sheet.preview == {"n": 1, "r": 1}
    assert not (sheet.rows_sealed or sheet.refused_sealed or sheet.lines_sealed)
    assert not SealedFile.objects.filter(model="helpdesk.hotlinesheet", erased_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory")
def test_two_cadres_at_one_moment_make_one_need(monkeypatch: pytest.MonkeyPatch) -> None:
    built = build_world()
    monkeypatch.setattr(clock, "now", lambda: built.at)
    built.cadre("second", "city")
    sheets = [check(built, cells("WN0001"), cells("WN0002"), who=who) for who in ("city", "second")]
    for who, sheet in zip(("city", "second"), sheets, strict=True):
        actions.apply_sheet(built.actor(who), sheet.pk, in_background=False)
    acts = [
        lambda who=who, sheet=sheet: actions.enter_sheet(built.actor(who), sheet.pk)
        for who, sheet in zip(("city", "second"), sheets, strict=True)
    ]
    at_once(*acts)
    assert Case.objects.count() == 2 == HotlineOrder.objects.count()
    assert sum(HotlineSheet.objects.get(pk=sheet.pk).counts.get("n", 0) for sheet in sheets) == 2
