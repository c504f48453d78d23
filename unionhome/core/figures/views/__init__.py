"""Pages of figures: the list, one figure with its rows, the board, and the yearly review."""

from unionhome.core.figures.views.boards import board, review_now, review_page
from unionhome.core.figures.views.pages import figure_export, figure_list, figure_page

__all__ = ["board", "figure_export", "figure_list", "figure_page", "review_now", "review_page"]
