from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from unionhome.kit.sheets import SheetRefused, read_rows

XLS = (Path(__file__).parent / "samples" / "roster.xls").read_bytes()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def made(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        fill(book)
    return out.getvalue()


def of_cells(cells: list[tuple[int, int, object]]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, column, value in cells:
            sheet.write(row, column, value)

    return made(fill)


def packed(sheet: str, **parts: str) -> bytes:
    """An archive as small as a workbook may be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            (
                f'<workbook xmlns="{MAIN}" xmlns:r="urn:r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
            ),
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            (
                '<Relationships><Relationship Id="r1" Type="urn:x/worksheet" Target="worksheets/sheet1.xml"/>'
                '<Relationship Id="r2" Type="urn:x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
            ),
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            archive.writestr(f"xl/{name}.xml", text)
    return out.getvalue()


def rows(data: bytes, name: str = "名单.xlsx", max_rows: int = 100, max_columns: int = 30) -> list[list[str]]:
    return list(read_rows(data, name, max_rows=max_rows, max_columns=max_columns))


def refusal(data: bytes, name: str = "名单.xlsx", **bounds: int) -> str:
    with pytest.raises(SheetRefused) as caught:
        rows(data, name, **bounds)
    assert caught.value.sentence.endswith("。")
    return caught.value.code


# -- .xlsx -----------------------------------------------------------------------------------------------------------


def test_values_come_as_texts() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("名单")
        day, moment, clock, chinese = (
            book.add_format({"num_format": code})
            for code in ("yyyy-mm-dd", 'yyyy"年"m"月"d"日" hh:mm', "hh:mm", '[$-804]yyyy"年"m"月"d"日";@')
        )
        money = book.add_format({"num_format": '"共"#,##0.00"元"_);[Red]\\d(#,##0.00)'})
        sheet.write_string(0, 0, " 王小明 ")
        sheet.write_number(0, 1, 1860)
        sheet.write_number(0, 2, 1.1)
        sheet.write_datetime(0, 3, date(2021, 3, 5), day)
        sheet.write_datetime(0, 4, datetime(2021, 3, 5, 18, 30), moment)
        sheet.write_datetime(0, 5, time(18, 30), clock)
        sheet.write_datetime(0, 6, date(2021, 3, 5), chinese)
        sheet.write_number(0, 7, 44260, money)
        sheet.write_boolean(0, 8, True)
        sheet.write_formula(0, 9, "=1+1", None, 2)
        sheet.write_formula(0, 10, '="a"&"b"', None, "ab")
        sheet.write_number(0, 11, 610502199001011234)
        sheet.write_rich_string(0, 12, "一", book.add_format({"bold": True}), "二", "三")
        sheet.write_datetime(0, 13, date(2021, 3, 5), book.add_format({"num_format": 14}))

    assert rows(made(fill)) == [
        [
            "王小明",
            "1860",
            "1.1",
            "2021-03-05",
            "2021-03-05 18:30",
            "18:30",
            "2021-03-05",
            "44260",
            "是",
            "2",
            "ab",
            "6.105021990010112E+17",
            "一二三",
            "2021-03-05",
        ]
    ]


def test_days_since_1904() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_datetime(0, 0, date(2021, 3, 5), book.add_format({"num_format": "yyyy/m/d"}))

    assert rows(made(fill, date_1904=True)) == [["2021-03-05"]]


def test_the_place_of_a_row_is_its_number() -> None:
    assert rows(of_cells([(1, 2, "c2"), (4, 0, "a5"), (4, 1, ""), (4, 3, "  ")])) == [
        [],
        ["", "", "c2"],
        [],
        [],
        ["a5"],
    ]


def test_only_the_first_visible_sheet_is_read() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        hidden, shown, other = (book.add_worksheet() for _ in range(3))
        hidden.hide()
        shown.activate()
        for sheet, text in ((hidden, "hidden"), (shown, "shown"), (other, "other")):
            sheet.write(0, 0, text)

    assert rows(made(fill)) == [["shown"]]


def test_prefixes_missing_references_and_phonetics() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        '<x:row><x:c t="inlineStr"><x:is><x:t>a&amp;b</x:t></x:is></x:c><x:c/><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>'
        '<x:row r="3"><x:c r="b3" t="s"><x:v>0</x:v></x:c><x:c t="str"><x:v>x</x:v></x:c><x:c t="d"><x:v>2021-03-05T00:00:00</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>重</t></r><r><t>庆</t></r><rPh sb="0" eb="1"><t>zhong</t></rPh></si></sst>'
    )
    assert rows(packed(sheet, sharedStrings=strings)) == [["a&b", "", "2"], [], ["", "重庆", "x", "2021-03-05"]]


def test_only_filled_cells_count_against_the_bounds() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, thick = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write(0, 0, "a")
        sheet.write_blank(1_048_575, 16_383, None, thick)

    assert rows(made(fill)) == [["a"]]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [(10, 0, "sheet.rows"), (1_048_575, 0, "sheet.rows"), (0, 5, "sheet.columns"), (0, 16_383, "sheet.columns")],
)
def test_bounds_of_rows_and_columns(row: int, column: int, code: str) -> None:
    assert refusal(of_cells([(0, 0, "a"), (row, column, "far")]), max_rows=10, max_columns=5) == code
    assert len(rows(of_cells([(9, 4, "edge")]), max_rows=10, max_columns=5)) == 10


def test_two_cells_far_apart_cost_no_memory() -> None:
    import tracemalloc

    data = of_cells([(0, 0, "a"), (200_000, 40, "far")])
    tracemalloc.start()
    count = sum(1 for _ in read_rows(data, "x.xlsx", max_rows=300_000, max_columns=60))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 200_001 and peak < 60_000_000


def test_archives_that_unpack_too_far_are_refused_before_unpacking() -> None:
    bomb = packed("<worksheet/>", sharedStrings=" " * 100_000_000)
    assert len(bomb) < 400_000 and refusal(bomb) == "sheet.unpacked"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for place in range(5001):
            archive.writestr(f"xl/{place}", "")
    assert refusal(many.getvalue()) == "sheet.unpacked"


@pytest.mark.parametrize("declaration", ['<!DOCTYPE a [<!ENTITY x "yy">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_document_types_are_refused(declaration: str) -> None:
    sheet = f'{declaration}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert refusal(packed(sheet)) == "sheet.doctype"
    plain = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert refusal(packed(plain, sharedStrings=f"{declaration}<sst/>")) == "sheet.doctype"
    assert rows(packed(plain)) == []


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><sheetData><row r='1'>",
        "not xml",
        "<worksheet><row r='2'/><row r='1'><c><v>1</v></c></row></worksheet>",
        "<worksheet><row><c t='s'><v>7</v></c></row></worksheet>",
        "<worksheet><row><c><v>one</v></c></row></worksheet>",
        "<worksheet><row r='x'/></worksheet>",
        "",
    ],
)
def test_broken_sheets_are_refused(sheet: str) -> None:
    assert refusal(packed(sheet)) == "sheet.broken"


def test_other_archives_and_locked_ones_are_refused() -> None:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(document.getvalue()) == "sheet.kind"
    assert refusal(b"PK\x03\x04" + bytes(100)) == "sheet.broken"
    whole = of_cells([(0, 0, "a")])
    assert refusal(whole[: len(whole) // 2]) == "sheet.broken"
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refusal(locked) == "sheet.password"


cells = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9).map(lambda value: round(value, 3)),
    st.booleans(),
)


def expected(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value).upper()
    return str(value).strip()


@settings(deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.booleans())
def test_whatever_stands_in_a_sheet_is_read(table: list[list[object]], in_memory: bool) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, values in enumerate(table):
            for column, value in enumerate(values):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(row, column, value)

    def trimmed(values: list[str]) -> list[str]:
        while values and not values[-1]:
            values = values[:-1]
        return values

    wanted = [
        trimmed([expected(value).removeprefix("'") if str(value)[:1] == "'" else expected(value) for value in values])
        for values in table
    ]
    while wanted and not wanted[-1]:
        wanted.pop()
    found = rows(made(fill, constant_memory=not in_memory))
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in wanted
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
    st.sampled_from(["xlsx", "xls"]),
)
def test_damaged_workbooks_are_read_or_refused_but_never_fail(places: list[tuple[int, int]], kind: str) -> None:
    damaged = bytearray(
        XLS
        if kind == "xls"
        else of_cells([(row, column, f"{row}-{column}") for row in range(5) for column in range(5)])
    )
    for place, value in places:
        damaged[place % len(damaged)] = value
    try:
        rows(bytes(damaged), f"x.{kind}")
    except SheetRefused:
        return


def both_ways(sheet: str, strings: str = "") -> tuple[object, object]:
    """The same sheet read by the expression and, because it begins with a comment, by the parser alone."""
    parts = {"sharedStrings": strings} if strings else {}
    answers: list[object] = []
    for text in (sheet, f"<!-- -->{sheet}"):
        try:
            answers.append(rows(packed(text, **parts), max_rows=12, max_columns=6))
        except SheetRefused as refused:
            answers.append(refused.code)
    return answers[0], answers[1]


values = st.one_of(
    st.integers(-5, 50_000).map(str), st.sampled_from(["", "1.5", "x", "1E5", "a&amp;b", " 空 ", "=1", "&#65;", "true"])
)
odd_cells = st.one_of(
    st.tuples(
        values, st.sampled_from(["", ' t="n"', ' t="str"', ' t="b"', ' t="s"', ' t="e"', ' s="1"', " s='0'", ' x="y"'])
    ).map(lambda pair: f"<c{{ref}}{pair[1]}><v>{pair[0]}</v></c>"),
    values.map(lambda text: f'<c{{ref}} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'),
    values.map(lambda text: f'<c{{ref}} t="inlineStr"><is><r><t>{text}</t></r><r><t>!</t></r></is></c>'),
    values.map(lambda text: f'<c{{ref}} t="str"><f>A1</f><v>{text}</v></c>'),
    st.sampled_from(
        [
            "<c{ref}/>",
            '<c{ref} s="1" />',
            "<c{ref}></c>",
            "<c{ref}><v/></c>",
            "<c{ref}><!-- <v>1</v> --><v>2</v></c>",
            "<c{ref} t='str'><v><![CDATA[<v>]]></v></c>",
        ]
    ),
)


@st.composite
def odd_sheets(draw: st.DrawFn) -> str:
    number, lines = 0, []
    for cells in draw(st.lists(st.lists(odd_cells, max_size=4), max_size=5)):
        number += draw(st.integers(1, 3))
        column, text = 0, ""
        for cell in cells:
            column += draw(st.integers(1, 2))
            text += cell.replace(
                "{ref}",
                draw(st.sampled_from([f' r="{chr(64 + column)}{number}"', "", f" r='{chr(64 + column)}{number}'"])),
            )
        numbered = draw(
            st.sampled_from([f' r="{number}"', f' r="{number}" spans="1:4"', f' spans="1:4" r="{number}"', ""])
        )
        lines.append(f"<row{numbered}>{text}</row>" if text or draw(st.booleans()) else f"<row{numbered}/>")
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


@settings(deadline=None, max_examples=300)
@given(odd_sheets())
def test_both_ways_through_a_sheet_lead_to_the_same_rows(sheet: str) -> None:
    quick, slow = both_ways(
        sheet, f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>s{place}</t></si>" for place in range(9)) + "</sst>"
    )
    assert quick == slow


@pytest.mark.parametrize("end", ["", "<row r='9'><c><v>1</v></c>", "<c/></sheetData>", "</row></sheetData>"])
def test_sheets_that_stop_short_are_refused(end: str) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{end}'
    assert refusal(packed(sheet)) == "sheet.broken"


def test_foreign_encodings_of_a_sheet() -> None:
    text = (
        f'<?xml version="1.0" encoding="{{}}"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>é</v></c></row>'
        "</sheetData></worksheet>"
    )
    for name in ("utf-8", "UTF-8", "iso-8859-1", "utf-16"):
        out = io.BytesIO(packed("<x/>"))
        data = text.format(name).encode(name)
        with zipfile.ZipFile(out) as old, zipfile.ZipFile(fresh := io.BytesIO(), "w") as new:
            for part in old.namelist():
                new.writestr(part, data if part.endswith("sheet1.xml") else old.read(part))
        assert rows(fresh.getvalue()) == [["é"]]


def test_signs_that_xml_cannot_hold() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>a_x000D_\nb_x0001_c_x005F_x0041_</v></c></row></sheetData></worksheet>'
    assert rows(packed(sheet)) == [["a\r\nbc_x0041_"]]


# -- .xls ------------------------------------------------------------------------------------------------------------


def test_the_old_format() -> None:
    assert rows(XLS, "名单.xls") == [
        [],
        ["", "姓名", "证件号码", "入会日期", "金额", "是否"],
        ["", "王小明", "11010519491231002X", "2021-03-05", "1860.5", "是"],
        [],
        ["", "李四", "", "", "3"],
    ]
    assert refusal(XLS, "名单.xls", max_rows=4) == "sheet.rows"
    assert refusal(XLS, "名单.xls", max_columns=5) == "sheet.columns"
    assert refusal(XLS[:600], "名单.xls") == "sheet.broken"


# -- .csv ------------------------------------------------------------------------------------------------------------
