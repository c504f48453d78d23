"""Unions as workbooks: the template, and a branch as a sheet that can be handed in again."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.organizations.rules.sheets import (
    FORM_TABLE,
    LEVELS,
    NATURE_TABLE,
    headers,
)
from unionhome.kit import codes, sheets

EXAMPLE = (
    "610502001-Q0101", "填工会全称（这一行是示例，请删去）", "610502001", "基层", "独立基层工会", "610502001", "", "",
    "填单位全称", "私营", "制造业", 86, 30, "2021-03-05", "工发〔2021〕3号", 1, "2021-03-05", "2026-03-04", "王小明",
    "0913-0000000",
)  # fmt: skip
SHEET = "工会组织"


def template_workbook() -> bytes:
    """The template: the header, and one row that shows how cells are written."""
    buffer = BytesIO()
    sheets.write_workbook(buffer, headers(), [EXAMPLE], sheet_name=SHEET)
    return buffer.getvalue()


def export_workbook(target: str | Path | BinaryIO, rows: Iterable[UnionRow]) -> int:
    """Unions as a sheet that can be handed in again; how many."""
    return sheets.write_workbook(target, headers(), map(cells_of, rows), sheet_name=SHEET)


def cells_of(row: UnionRow) -> tuple[object, ...]:
    """A union as the cells of the template, in words."""
    return (
        row.code, row.name, row.parent_code, LEVELS.label(row.level), FORM_TABLE.label(row.form), row.division_code,
        row.uscc, row.employer_uscc, row.employer_name, NATURE_TABLE.label(row.nature),
        codes.INDUSTRIES.label(row.industry), row.workers_count, row.women_count, row.founded_on, row.approval_no,
        row.term_no, row.term_starts_on, row.term_ends_on, row.chair_name, row.phone,
    )  # fmt: skip


def texts_of(row: UnionRow) -> list[str]:
    """The same as texts."""
    return ["" if cell is None else str(cell) for cell in cells_of(row)]
