"""Text tables and headers: encodings, delimiters, headers in any order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.sheets.test_reading import refusal, rows
from unionhome.kit.sheets import SheetRefused, read_rows, read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f'姓名{delimiter}备注\r\n王小明{delimiter}"一{delimiter}二\n三"\r\n\r\n 李四 {delimiter}\r\n\r\n'
    assert rows(text.encode(encoding), "名单.csv") == [
        ["姓名", "备注"],
        ["王小明", f"一{delimiter}二\n三"],
        [],
        ["李四"],
    ]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "sheet.empty"),
        (b"<html><table></table>", "a.xls", "sheet.page"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "a.csv", "sheet.page"),
        (b"%PDF-1.7 \0", "a.csv", "sheet.kind"),
        (b"a,b", "a.xlsx", "sheet.kind"),
        (b"a,b", "a.pdf", "sheet.kind"),
        (b"\xff\x81,\x80", "a.csv", "sheet.encoding"),
        (b"a," + b"x" * 200_000, "a.csv", "sheet.line"),
        (b"\xff\xfea", "a.csv", "sheet.encoding"),
        ("a,b\n1,x\0y\n".encode("utf-16"), "a.csv", "sheet.line"),
    ],
)
def test_what_is_no_table(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def test_bounds_of_text_tables() -> None:
    text = b"a,b\n" * 11
    assert refusal(text, "a.csv", max_rows=10) == "sheet.rows"
    assert refusal(text, "a.csv", max_columns=1) == "sheet.columns"
    assert len(rows(b"a,b\n" * 10 + b"\n" * 90 + b",\n", "a.csv", max_rows=10)) == 10
    with pytest.raises(SheetRefused) as caught:
        read_rows(text, "a.csv", max_rows=10, max_columns=10, max_bytes=10)
    assert caught.value.code == "sheet.bytes"


# -- tables ----------------------------------------------------------------------------------------------------------

KNOWN = ("姓名", "证件号码", "手机号码")


def table_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, dict[str, str]]]]:
    table = read_table(text.encode(), "a.csv", known=KNOWN, max_rows=100, max_columns=10)
    return table.columns, table.unknown, list(table.rows)


def test_headers_in_any_order_under_a_title() -> None:
    columns, unknown, found = table_of(
        "XX公司会员名单,,\n\n 手机 号码 ,姓名*,车牌,证件号码（必填）\n139,王五,陕E,61\n,,粤B,\n\n,李四\n"
    )
    assert columns == ("手机号码", "姓名", "证件号码") and unknown == ("车牌",)
    assert found == [
        (4, {"手机号码": "139", "姓名": "王五", "证件号码": "61"}),
        (7, {"手机号码": "", "姓名": "李四", "证件号码": ""}),
    ]


def test_a_merged_header_of_two_lines() -> None:
    columns, unknown, found = table_of("姓名,联系方式,\n,手机号码,证件号码\n王五,139,61\n")
    assert set(columns) == set(KNOWN) and unknown == ()
    assert found == [(3, {"姓名": "王五", "手机号码": "139", "证件号码": "61"})]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n1,2\n", "sheet.header"),
        ("", "sheet.empty"),
        ("\n\n", "sheet.header"),
        ("姓名,姓名*\n1,2\n", "sheet.twice"),
        ("x\n" * 20 + "姓名\n", "sheet.header"),
    ],
)
def test_headers_that_do_not_serve(text: str, code: str) -> None:
    with pytest.raises(SheetRefused) as caught:
        table_of(text)
    assert caught.value.code == code


def test_a_table_is_read_as_it_is_asked_for() -> None:
    def lines() -> Iterator[str]:
        yield "姓名\n"
        yield from ("王五\n" for _ in range(150))

    table = read_table("".join(lines()).encode(), "a.csv", known=KNOWN, max_rows=100, max_columns=10)
    assert next(table.rows) == (2, {"姓名": "王五"})
    with pytest.raises(SheetRefused):
        list(table.rows)
