"""A figure as a workbook: its rows on the first sheet, what it means and where it stood on the second."""

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rustpy_xlsxwriter import FastExcel

from unionhome.core.figures.models import PublishedFigure
from unionhome.core.figures.queries import About, FrozenRow, Table, Value
from unionhome.core.figures.queries.tables import COMPARED, TableCell
from unionhome.core.figures.rules.shown import Raw, unit_of
from unionhome.core.registry import Column, Figure
from unionhome.kit.sheets.cells import safe_cell, safe_text

MOST_ROWS = 1_048_575
"""Rows that one sheet holds beneath its header."""
ROWS_SHEET, ABOUT_SHEET, TABLE_SHEET = "组成这个数的行", "指标说明", "汇总表"
WIDEST = 40.0

Rows = Iterable[Sequence[object]]


def write_figure(
    value: Value, about: About, columns: Sequence[Column], rows: Rows, taken: Sequence[tuple[str, str]]
) -> tuple[bytes, int]:
    """The workbook and how many rows it holds. `taken` says when and for whom. No cell can run as a formula.

    Raises ValueError for more rows than a sheet holds.
    """
    names = [safe_text(column.label) for column in columns]
    count = [0]
    buffer = io.BytesIO()
    book = FastExcel(buffer)
    book.format(bold_headers=True).freeze(row=1)
    book.sheet(ROWS_SHEET, _records(names, rows, count), column_widths=[_width(name) for name in names])
    # the second sheet is written after the first has been read, so that it can tell how many rows there are
    book.sheet(ABOUT_SHEET, _about(value, about, taken, count), column_widths=[16.0, 80.0])
    book.save()
    return buffer.getvalue(), count[0]


def _records(names: Sequence[str], rows: Rows, count: list[int]) -> Iterator[dict[str, object]]:
    for row in rows:
        count[0] += 1
        if count[0] > MOST_ROWS:
            raise ValueError(f"a sheet holds at most {MOST_ROWS} rows")
        yield dict(zip(names, map(safe_cell, row), strict=True))
    if not count[0]:  # the writer takes the header from the first row
        yield dict.fromkeys(names)


def _about(
    value: Value, about: About, taken: Sequence[tuple[str, str]], count: list[int]
) -> Iterator[dict[str, object]]:
    unit = unit_of(value.figure)
    facts = (
        ("指标", value.figure.name),
        ("编码", value.figure.code),
        ("数值", value.shown),
        ("单位", unit.word),
        ("行数", str(count[0])),
        ("工会", value.node.name),
        ("期间", value.period.title),
        ("类型", about.kind),
        ("范围", about.scope),
        ("口径", about.basis),
        ("定义", value.figure.definition),
        ("归口业务", about.owner),
        *taken,
    )
    for label, text in facts:
        yield {"项目": label, "内容": safe_cell(text)}


def write_table(table: Table) -> bytes:
    """Several figures by unions below, numbers as numbers in the units shown; what they mean on the second sheet."""
    heads = [safe_text(name) for name in _distinct(table.heads)]
    buffer = io.BytesIO()
    book = FastExcel(buffer)
    book.format(bold_headers=True).freeze(row=1)
    book.sheet(TABLE_SHEET, _lines(table, heads), column_widths=[_width(name) for name in heads])
    notes = (("工会", table.node.name), ("期间", table.days),
             *(("说明", text) for text in table.notes))  # fmt: skip
    about = [{"项目": label, "内容": safe_cell(text)} for label, text in notes]
    book.sheet(ABOUT_SHEET, iter(about), column_widths=[16.0, 80.0])
    book.save()
    return buffer.getvalue()


def _distinct(heads: Sequence[str]) -> Iterator[str]:
    """The columns of another period are called after the figure they belong to."""
    figure = ""
    for name in heads:
        if name in COMPARED:
            yield f"{figure} {name}"
        else:
            figure = name
            yield name


def _lines(table: Table, heads: Sequence[str]) -> Iterator[dict[str, object]]:
    for line in (*table.lines, table.total):
        cells: list[object] = [line.label]
        for cell in line.cells:
            cells.append(_number(cell.figure, cell.raw))
            if table.other:
                both = cell.raw is not None and cell.before is not None
                cells += [_number(cell.figure, cell.before), _number(cell.figure, _less(cell)) if both else None]
        yield dict(zip(heads, map(safe_cell, cells), strict=True))


def _less(cell: TableCell) -> Decimal:
    return Decimal(cell.raw or 0) - Decimal(cell.before or 0)


def _number(figure: Figure, raw: Raw) -> float | int | None:
    if raw is None:
        return None
    unit = unit_of(figure)
    number = round(Decimal(raw) / unit.per, unit.decimals)
    return int(number) if number == number.to_integral_value() else float(number)


def _width(header: str) -> float:
    return min(WIDEST, max(12.0, sum(2 if sign > "\xff" else 1 for sign in header) + 4.0))


def write_frozen(
    row: PublishedFigure, lines: Iterable[FrozenRow], taken: Sequence[tuple[str, str]]
) -> tuple[bytes, int]:
    """A frozen figure as a workbook: rows with their digests, and what was published of them. As `write_figure`."""
    names = [*(column["label"] for column in row.declaration["columns"]), "这一行的摘要"]
    count = [0]
    buffer = io.BytesIO()
    book = FastExcel(buffer)
    book.format(bold_headers=True).freeze(row=1)
    rows = ([*line.cells, line.digest] for line in lines)
    book.sheet(ROWS_SHEET, _records(names, rows, count), column_widths=[_width(name) for name in names])
    facts = (
        ("指标", row.name),
        ("编码", row.code),
        ("数值", row.shown),
        ("单位", row.unit),
        ("行数", str(row.row_count)),
        ("工会", row.node.name),
        ("期间", f"{row.starts_on} 至 {row.ends_on}"),
        ("定义", row.declaration["definition"]),
        ("版次", f"第 {row.version} 版"),
        ("编号", row.public_id),
        ("所有行的摘要", row.rows_digest),
        ("签名", row.signature),
        ("密钥指纹", row.key.fingerprint if row.key else ""),
        *taken,
    )
    pairs = ({"项目": label, "内容": safe_cell(text)} for label, text in facts)
    book.sheet(ABOUT_SHEET, pairs, column_widths=[16.0, 80.0])
    book.save()
    return buffer.getvalue(), count[0]
