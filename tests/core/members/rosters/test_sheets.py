"""Sheets as people and mischief-makers make them, up to the register."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from tests.core.members.conftest import Register
from tests.core.members.rosters.samples import UNION, document, enter, hand_in, person, text_table, workbook
from unionhome.core.members import queries
from unionhome.core.members.models import Membership, Person, RosterLot
from unionhome.core.registry import Refused


def made_by_hand() -> bytes:
    """A title over all, a header in two lines with merged cells, a day as Excel keeps it, numbers by formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("名册")
    day = book.add_format({"num_format": "yyyy/m/d"})
    page.merge_range("A1:F1", "二〇二六年会员花名册")
    page.merge_range("A2:B2", "本人")
    page.merge_range("C2:C3", "工会组织代码")
    page.merge_range("D2:D3", "入会日期")
    page.merge_range("E2:F2", "其他")
    for column, text in enumerate(("姓  名*", "证件号码（必填）", "", "", "手机号码", "爱好")):
        if text:
            page.write_string(2, column, text)
    page.write_string(3, 0, "王甲乙")
    page.write_formula(3, 1, '="6105"&"02"', None, document(121))
    page.write_string(3, 2, UNION)
    page.write_number(3, 3, 44260, day)
    page.write_number(3, 4, 13900000121)
    page.write_string(3, 5, "=HYPERLINK(1)")
    book.close()
    return buffer.getvalue()


def test_merged_headers_formulas_and_days_of_excel(register: Register) -> None:
    roster = enter(register.world, "town", made_by_hand(), name="花名册.xlsx")
    assert roster.counts == {"n": 1} and roster.unknown == ["爱好"]
    assert Membership.objects.get().joined_on.isoformat() == "2021-03-05"
    assert queries.find_persons(register.world.actor("union"), document(121)).ids == (Person.objects.get().pk,)


def bomb() -> bytes:
    """A workbook of a few hundred kilobytes that unpacks to far more."""
    whole = workbook([person(1)])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part.filename))
        new.writestr("xl/media/image1.bin", b"\0" * (128 * 1024 * 1024))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (bomb, "a.xlsx", "解开后太大"),
        (lambda: text_table([person(1)], columns=["姓名", *(f"列{n}" for n in range(16_383))]), "a.csv", "最多 200 列"),
        (lambda: b"PK\x03\x04" + b"\0" * 500, "a.xlsx", "打不开"),
        (lambda: "<html><table><tr><td>姓名</td></tr></table>".encode(), "a.xls", "表格"),
        (
            lambda: text_table([person(1)], columns=["姓名", "证件号码", "证件号码", "工会组织代码"]),
            "a.csv",
            "出现了两次",
        ),
    ],
)
def test_sheets_that_are_refused_whole(register: Register, data: Any, name: str, words: str) -> None:
    try:
        problem = hand_in(register.world, "town", data(), name=name).problem
    except Refused as refused:
        problem = refused.sentence
    assert words in problem
    assert not RosterLot.objects.exists()


def test_a_number_in_a_header_is_masked(register: Register) -> None:
    columns = ("姓名", "证件号码", "工会组织代码", document(5))
    roster = hand_in(register.world, "town", text_table([person(1)], columns=columns))
    assert document(5) not in roster.unknown[0]


def test_a_number_in_the_wrong_column_stands_nowhere_in_clear(register: Register) -> None:
    roster = hand_in(register.world, "town", [person(1, 民族=document(5), 工会组织代码=document(6))])
    shown = str(roster.samples)
    assert roster.preview == {"r": 1}
    assert document(5) not in shown and document(6) not in shown and document(1) not in shown
