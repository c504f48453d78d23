"""Asking figures: what is declared, the four questions, and the rows as people read them."""

from unionhome.core.figures.queries.board import Board, get_board
from unionhome.core.figures.queries.catalog import find_figure, get_figure, list_figures, list_groups
from unionhome.core.figures.queries.choices import Ways, get_node, get_ways
from unionhome.core.figures.queries.parity import Parity, get_parity, list_api_rows, list_export_rows
from unionhome.core.figures.queries.review import Review, get_review, get_review_facts
from unionhome.core.figures.queries.rows import (
    About,
    Row,
    get_about,
    list_cells,
    list_columns,
    list_facts,
    list_read_rows,
)
from unionhome.core.figures.queries.values import (
    Asking,
    Part,
    Value,
    get_asking,
    get_value,
    list_by_child,
    list_by_month,
    list_rows,
    list_values,
    parts_of_ratio,
    recount,
)

__all__ = [
    "About",
    "Asking",
    "Board",
    "Parity",
    "Part",
    "Review",
    "Row",
    "Value",
    "Ways",
    "find_figure",
    "get_about",
    "get_asking",
    "get_board",
    "get_figure",
    "get_node",
    "get_parity",
    "get_review",
    "get_review_facts",
    "get_value",
    "get_ways",
    "list_api_rows",
    "list_by_child",
    "list_by_month",
    "list_cells",
    "list_columns",
    "list_export_rows",
    "list_facts",
    "list_figures",
    "list_groups",
    "list_read_rows",
    "list_rows",
    "list_values",
    "parts_of_ratio",
    "recount",
]
