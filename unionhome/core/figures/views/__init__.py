"""Pages of figures: the list, one figure with its rows, the board, the yearly review, what is published and its proof."""

from unionhome.core.figures.views.boards import board, review_now, review_page
from unionhome.core.figures.views.keys import signing_keys
from unionhome.core.figures.views.open import keys, verify, verify_program, verify_proof, verify_start
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

__all__ = [
    "board",
    "figure_export",
    "figure_list",
    "figure_page",
    "frozen",
    "frozen_export",
    "keys",
    "proof",
    "publication",
    "publication_new",
    "publication_step",
    "publications",
    "review_now",
    "review_page",
    "signing_keys",
    "verify",
    "verify_program",
    "verify_proof",
    "verify_start",
]
