"""Pages of figures: the list, one figure with its rows, tables, the board, reviews and the documents behind them."""

from unionhome.core.figures.views.boards import board, review_now, review_page, screen
from unionhome.core.figures.views.outside import outside_file, outside_list, outside_new, outside_one
from unionhome.core.figures.views.pages import figure_export, figure_list, figure_page
from unionhome.core.figures.views.reviews import (
    arrange,
    document,
    draft,
    headline,
    preview,
    review_begin,
    review_list,
    section,
)
from unionhome.core.figures.views.tables import table, table_export

__all__ = [
    "arrange",
    "board",
    "document",
    "draft",
    "figure_export",
    "figure_list",
    "figure_page",
    "headline",
    "outside_file",
    "outside_list",
    "outside_new",
    "outside_one",
    "preview",
    "review_begin",
    "review_list",
    "review_now",
    "review_page",
    "screen",
    "section",
    "table",
    "table_export",
]
