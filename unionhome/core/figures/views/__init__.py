"""Pages of figures: the list, one figure with its rows, tables, the board, reviews, what is published and its proof."""

from unionhome.core.figures.views.boards import board, review_now, review_page, screen
from unionhome.core.figures.views.keys import signing_keys
from unionhome.core.figures.views.open import (
    keys,
    signed_review,
    signed_review_file,
    verify,
    verify_program,
    verify_proof,
    verify_start,
)
from unionhome.core.figures.views.outside import outside_file, outside_list, outside_new, outside_one
from unionhome.core.figures.views.pages import figure_export, figure_list, figure_page
from unionhome.core.figures.views.publishing import (
    frozen,
    frozen_export,
    proof,
    publication,
    publication_new,
    publication_step,
    publications,
)
from unionhome.core.figures.views.reviews import (
    arrange,
    correct,
    document,
    draft,
    freeze,
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
    "correct",
    "document",
    "draft",
    "figure_export",
    "figure_list",
    "figure_page",
    "freeze",
    "frozen",
    "frozen_export",
    "headline",
    "keys",
    "outside_file",
    "outside_list",
    "outside_new",
    "outside_one",
    "preview",
    "proof",
    "publication",
    "publication_new",
    "publication_step",
    "publications",
    "review_begin",
    "review_list",
    "review_now",
    "review_page",
    "screen",
    "section",
    "signed_review",
    "signed_review_file",
    "signing_keys",
    "table",
    "table_export",
    "verify",
    "verify_program",
    "verify_proof",
    "verify_start",
]
