"""Workbooks and CSV files out, from a generator of rows and in little memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from rustpy_xlsxwriter import FastExcel

from unionhome.kit.sheets.cells import safe_cell, safe_text

MAX_ROWS = 1_048_575  # beneath the header; a format's limit
_NAME_SIGNS = str.maketrans("[]:*?/\\'", "（）：＊？／＼’")


def _sheet_name(name: str) -> str:
    return safe_text(name).translate(_NAME_SIGNS).strip()[:31] or "Sheet1"


def _width(header: str) -> float:
    """A column as wide as its header, two units for a Chinese sign, and wide enough for a document number."""
    return float(min(40, max(12, sum(2 if sign > "\xff" else 1 for sign in header) + 4)))


def _counted(rows: Iterable[Sequence[object]], names: Sequence[str], count: list[int]) -> Iterator[dict[str, object]]:
    for row in rows:
        if count[0] == MAX_ROWS:
            raise ValueError(f"a sheet holds at most {MAX_ROWS} rows")
        count[0] += 1
        yield dict(zip(names, map(safe_cell, row), strict=True))
    if not count[0]:  # the writer takes the header from the first row
        yield dict.fromkeys(names)


def write_workbook(
    target: str | Path | BinaryIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet_name: str = "Sheet1",
) -> int:
    """Write one sheet with a bold, frozen header to a path or a binary buffer; the number of rows written.

    ``rows`` may be a generator. Each row is as long as ``headers``, and headers differ, else ValueError; values go
    through `safe_cell`. 1,048,575 rows at most.
    """
    names = [safe_text(header) for header in headers]
    if len(set(names)) != len(names) or not names:
        raise ValueError("headers must be given and differ")
    count = [0]
    book = FastExcel(str(target) if isinstance(target, Path) else target)
    book.format(bold_headers=True).freeze(row=1)
    book.sheet(_sheet_name(sheet_name), _counted(rows, names, count), column_widths=[_width(name) for name in names])
    book.save()
    return count[0]


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A CSV file line by line, in UTF-8 with the mark by which Excel knows it, for a streamed answer."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in chain([headers], rows):
        writer.writerow([safe_cell(value) for value in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    line = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return line
