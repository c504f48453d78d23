"""Spreadsheets in: .xlsx, .xls and .csv as rows of texts, told by content and within bounds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise, zip_longest
from pathlib import PurePath

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from unionhome.kit.sheets.cells import SheetRefused, clean_text, value_text
from unionhome.kit.sheets.parts import Bounds, too_large
from unionhome.kit.sheets.xlsx import read_xlsx

MEGABYTE = 1024 * 1024
MAX_BYTES = 256 * MEGABYTE
MAX_XLS_BYTES = 64 * MEGABYTE  # 65,536 rows at most; held in memory while read
MAX_UNPACKED = 3 * 1024 * MEGABYTE
_TEXTS = ("", ".csv", ".txt", ".tsv", ".xls")  # many systems call a table of tabs .xls
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table|\?xml|style)", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEADER_NOISE = re.compile(r"[\s*＊:：]+|[（(](?:必填|选填|必填项|可不填)[）)]")
_HEADER_WITHIN = 20
_LINE_SIGNS = 4 * MEGABYTE  # of a .csv file


def read_rows(
    data: bytes, filename: str, *, max_rows: int, max_columns: int, max_bytes: int = MAX_BYTES
) -> Iterator[list[str]]:
    """Rows of the first sheet, each a list of texts that ends with its last filled cell; blank rows are empty lists, so
    that the place of a row is its number in the sheet.

    Numbers come as 1860 or 1.5, days as 2021-03-05, yes and no as 是 and 否. Size, kind and archive are checked at once,
    rows and columns while reading (only filled cells count), and so is the time that reading takes: ten minutes.
    Raises `SheetRefused`.
    """
    if not data:
        raise SheetRefused("文件是空的，请重新选择。", "sheet.empty")
    if len(data) > max_bytes:
        raise SheetRefused(f"文件不能超过 {max_bytes // MEGABYTE} MB，请分成几个文件再上传。", "sheet.bytes")
    bounds = Bounds(max_rows, max_columns, MAX_UNPACKED)
    if data[:4] == b"PK\x03\x04":
        return bounds.watch.over(read_xlsx(data, bounds))
    if data[:8] == _OLE:
        return bounds.watch.over(_bounded(_xls(data), bounds))
    return bounds.watch.over(_bounded(_csv(data, PurePath(filename).suffix.lower()), bounds))


def _bounded(rows: Iterator[list[str]], bounds: Bounds) -> Iterator[list[str]]:
    """The same rows without empty ends, counted; trailing blank rows are left out."""
    blank = number = 0
    for row in rows:
        number += 1
        while row and not row[-1]:
            row.pop()
        if not row:
            blank += 1
            continue
        if number > bounds.rows:
            raise SheetRefused(f"表格最多 {bounds.rows} 行，请分成几个文件再上传。", "sheet.rows")
        if len(row) > bounds.columns:
            raise SheetRefused(f"表格最多 {bounds.columns} 列，请删去多余的列后再上传。", "sheet.columns")
        yield from ([] for _ in range(blank))
        blank = 0
        yield row


# -- .xls ------------------------------------------------------------------------------------------------------------


def _xls(data: bytes) -> Iterator[list[str]]:
    if _ENCRYPTED in data:
        raise _password()
    if len(data) > MAX_XLS_BYTES:
        raise SheetRefused("旧格式（.xls）的文件太大，请另存为 .xlsx 再上传。", "sheet.bytes")
    try:
        book = load_workbook(io.BytesIO(data))
        return _sheet_rows(book)
    except PasswordError:
        raise _password() from None
    except (KeyboardInterrupt, SystemExit, SheetRefused):
        raise
    except BaseException as error:  # the reader panics on some broken files, and a panic is no Exception
        raise SheetRefused(
            "表格文件打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。", "sheet.broken"
        ) from error


def _password() -> SheetRefused:
    return SheetRefused("表格文件加了密码，请去掉密码后再上传。", "sheet.password")


def _sheet_rows(book: CalamineWorkbook) -> Iterator[list[str]]:
    visible = [
        one.name
        for one in book.sheets_metadata
        if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise SheetRefused("表格文件里没有可读的工作表。", "sheet.none")
    filled = book.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)
    return ([value_text(value) for value in row] for row in filled)


# -- .csv ------------------------------------------------------------------------------------------------------------


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    raise SheetRefused("文件里的文字编码无法识别，请另存为 .xlsx 再上传。", "sheet.encoding")


def _csv(data: bytes, suffix: str) -> Iterator[list[str]]:
    if _PAGE.match(data[:1024]):
        raise SheetRefused("这个文件其实是网页，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。", "sheet.page")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if suffix not in _TEXTS or (b"\0" in data and not wide):
        raise SheetRefused("这不是能识别的表格，请上传 .xlsx、.xls 或 .csv 文件。", "sheet.kind")
    encoding = _encoding(data)
    try:
        lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
        first = lines.readline(_LINE_SIGNS)
        lines.seek(0)
    except UnicodeDecodeError:
        raise SheetRefused("文件里的文字编码无法识别，请另存为 .xlsx 再上传。", "sheet.encoding") from None
    return _csv_rows(lines, max(",\t;", key=first.count))


def _csv_rows(lines: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(_lines(lines), delimiter=delimiter):
            yield [clean_text(cell) for cell in row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise SheetRefused("表格里有一行读不出来，可能少了引号；请另存为 .xlsx 再上传。", "sheet.line") from error


def _lines(lines: io.TextIOWrapper) -> Iterator[str]:
    while line := lines.readline(_LINE_SIGNS + 1):
        if len(line) > _LINE_SIGNS:
            raise too_large()
        if "\0" in line:  # written in two bytes a sign; PostgreSQL keeps none in a text
            raise csv.Error("nul")
        yield line


# -- tables with a header --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a header: the known ``columns`` found, ``unknown`` headers, and ``rows`` as (number, values).

    A row's values are by known header, empty texts included; blank rows are left out. ``rows`` can be read once.
    """

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    header_number: int
    rows: Iterator[tuple[int, dict[str, str]]]


def _header(text: str) -> str:
    return _HEADER_NOISE.sub("", text)


def read_table(
    data: bytes, filename: str, *, known: Collection[str], max_rows: int, max_columns: int, max_bytes: int = MAX_BYTES
) -> Table:
    """Read a sheet whose header is the row, among the first twenty, that names most of the ``known`` columns.

    Titles above it are passed over; blanks, line breaks, asterisks and （必填） in headers do not matter; of a
    merged header of two lines the lower one counts where it is filled. Raises `SheetRefused`: those of `read_rows`,
    sheet.header (no known column), sheet.twice (a column twice).
    """
    rows = read_rows(data, filename, max_rows=max_rows, max_columns=max_columns, max_bytes=max_bytes)
    names = {_header(name): name for name in known}
    kept = list(islice(rows, _HEADER_WITHIN))
    candidates = _headers([[_header(cell) for cell in row] for row in kept])
    below, header = max(candidates, key=lambda one: sum(cell in names for cell in one[1]), default=(0, []))
    if not any(cell in names for cell in header):
        raise SheetRefused(f"没有找到表头，表里应有这些列：{'、'.join(list(known)[:8])}。", "sheet.header")
    found = {names[cell]: column for column, cell in enumerate(header) if cell in names}
    _refuse_twice([names[cell] for cell in header if cell in names])
    unknown = tuple(cell for cell in header if cell and cell not in names)
    return Table(tuple(found), unknown, below, _values(chain(kept[below:], rows), found, below))


def _refuse_twice(names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SheetRefused(f"“{twice}”这一列出现了两次，请删去一列。", "sheet.twice")


def _headers(top: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Every row, then every two rows under each other as one, with the number of the last row."""
    yield from enumerate(top, 1)
    for place, (over, under) in enumerate(pairwise(top), 2):
        yield place, [low or high for high, low in zip_longest(over, under, fillvalue="")]


def _values(rows: Iterable[list[str]], found: dict[str, int], above: int) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(rows, above + 1):
        values = {name: row[column] if column < len(row) else "" for name, column in found.items()}
        if any(values.values()):
            yield number, values
