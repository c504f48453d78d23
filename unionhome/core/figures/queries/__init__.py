"""Asking figures: what is declared, the four questions, and the rows as people read them."""

from unionhome.core.figures.queries.board import Board, build_board
from unionhome.core.figures.queries.catalog import find_figure, get_figure, list_figures, list_groups
from unionhome.core.figures.queries.choices import Ways, get_node, get_ways
from unionhome.core.figures.queries.parity import Parity, api_rows, check_parity, export_rows
from unionhome.core.figures.queries.review import Review, build_review, review_facts
from unionhome.core.figures.queries.rows import About, Row, about, columns_of, read_cells, read_facts, read_rows
from unionhome.core.figures.queries.values import (
    Part,
    Value,
    by_child,
    by_month,
    get_value,
    list_rows,
    parts_of_ratio,
    recount,
)

__all__ = [
    "About",
    "Board",
    "Parity",
    "Part",
    "Review",
    "Row",
    "Value",
    "Ways",
    "about",
    "api_rows",
    "build_board",
    "build_review",
    "by_child",
    "by_month",
    "check_parity",
    "columns_of",
    "export_rows",
    "find_figure",
    "get_figure",
    "get_node",
    "get_value",
    "get_ways",
    "list_figures",
    "list_groups",
    "list_rows",
    "parts_of_ratio",
    "read_cells",
    "read_facts",
    "read_rows",
    "recount",
    "review_facts",
]
