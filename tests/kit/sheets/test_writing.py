from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionhome.kit.sheets import csv_lines, read_rows, safe_cell, write_workbook

FORMULA_STARTS = "=+-@\t\r＝＋－＠"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("王小明", "王小明"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("-5.00", "-5.00"),
        ("+8613812345678", "+8613812345678"),
        ("-12.5%", "-12.5%"),
        ("a\x00b\x1fc\ud800", "abc"),
        ("", None),
        (None, None),
        (True, "是"),
        (False, "否"),
        (5, 5),
        (1.5, 1.5),
        (10**15, "1000000000000000"),
        (float("nan"), "nan"),
        (Decimal("1.10"), "1.10"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 16, 5, tzinfo=UTC), "2026-11-25 00:05"),
        (datetime(2026, 11, 24, 16, 5), "2026-11-24 16:05"),
    ],
)
def test_cells_are_harmless(value: object, cell: object) -> None:
    made = safe_cell(value)
    assert made == cell and type(made) is type(cell)


@given(st.text())
def test_no_text_can_run(text: str) -> None:
    made = safe_cell(text)
    assert made is None or isinstance(made, str)
    if made and made[0] in FORMULA_STARTS:
        assert (
            not any(sign in made for sign in "=@|!(\t\r＝＠") and float(made.replace(",", "").rstrip("%")) is not None
        )
    assert len(made or "") <= 32_767


def read_back(data: bytes, name: str) -> list[list[str]]:
    return list(read_rows(data, name, max_rows=1000, max_columns=50))


ROWS = [("王小明", "610502199001011234", 186050, date(2026, 1, 2), True), ("=1+1", None, 1.5, None, False)]
TEXTS = [
    ["姓名", "证件号码", "金额", "日期", "是否"],
    ["王小明", "610502199001011234", "186050", "2026-01-02", "是"],
    ["=1+1", "", "1.5", "", "否"],
]


def test_a_workbook_reads_back() -> None:
    out = io.BytesIO()
    assert write_workbook(out, TEXTS[0], iter(ROWS), sheet_name="名单[1]:*?/\\'" + "长" * 40) == 2
    assert read_back(out.getvalue(), "a.xlsx") == TEXTS
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and 'state="frozen"' in sheet
        assert "名单（1）：＊？／＼’" in archive.read("xl/workbook.xml").decode()


def test_a_workbook_without_rows_still_has_its_header(tmp_path: Path) -> None:
    assert write_workbook(tmp_path / "empty.xlsx", TEXTS[0], []) == 0
    assert read_back((tmp_path / "empty.xlsx").read_bytes(), "a.xlsx") == TEXTS[:1]


def test_a_csv_reads_back_and_opens_in_excel() -> None:
    data = b"".join(csv_lines(TEXTS[0], ROWS))
    assert data.startswith(b"\xef\xbb\xbf") and read_back(data, "a.csv") == TEXTS
    assert next(iter(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) == TEXTS[0]
    assert b"'=1+1" in data


def test_rows_that_do_not_fit_are_the_writers_fault() -> None:
    for headers, rows in ((["a", "b"], [(1,)]), (["a"], [(1, 2)]), (["a", "a"], []), ([], [])):
        with pytest.raises(ValueError):  # noqa: PT011 - said by zip or by the writer
            write_workbook(io.BytesIO(), headers, rows)


def test_texts_that_look_like_escapes_survive() -> None:
    out = io.BytesIO()
    write_workbook(out, ["a"], [("_x0041_",), ("x_x",)])
    assert read_back(out.getvalue(), "a.xlsx") == [["a"], ["_x0041_"], ["x_x"]]


def test_an_error_in_the_rows_comes_through() -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        write_workbook(io.BytesIO(), ["a"], rows())


texts = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
    .map(str.strip)
    .filter(lambda text: text[:1] != "'")
)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=10))
def test_any_texts_survive_both_formats(rows: list[tuple[str, str]]) -> None:
    def kept(found: list[list[str]]) -> list[list[str]]:
        return [row for row in found[1:] if row]

    out = io.BytesIO()
    write_workbook(out, ["a", "b"], rows)
    wanted = [list(row) if row[1] else [row[0]] for row in rows if any(row)]
    assert kept(read_back(out.getvalue(), "a.xlsx")) == wanted
    assert kept(read_back(b"".join(csv_lines(["a", "b"], rows)), "a.csv")) == wanted
