"""Spreadsheets in and out: bounded and told by content on the way in, safe from formulas on the way out."""

from unionhome.kit.sheets.cells import SheetRefused, safe_cell
from unionhome.kit.sheets.reading import Table, read_rows, read_table
from unionhome.kit.sheets.rows import Refusal, Wrong, pack_rows, proper_names, unpack_rows, write_refused
from unionhome.kit.sheets.writing import csv_lines, write_workbook

__all__ = [
    "Refusal",
    "SheetRefused",
    "Table",
    "Wrong",
    "csv_lines",
    "pack_rows",
    "proper_names",
    "read_rows",
    "read_table",
    "safe_cell",
    "unpack_rows",
    "write_refused",
    "write_workbook",
]
