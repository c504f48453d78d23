"""Taking figures out of the house, and writing reviews."""

from unionhome.core.figures.actions.exporting import Export, export_figure, export_table
from unionhome.core.figures.actions.outside import Outside, enter_outside, withdraw_outside
from unionhome.core.figures.actions.reviews import (
    add_section,
    arrange_section,
    begin_review,
    drop_number,
    export_review,
    retitle,
    write_section,
)

__all__ = [
    "Export",
    "Outside",
    "add_section",
    "arrange_section",
    "begin_review",
    "drop_number",
    "enter_outside",
    "export_figure",
    "export_review",
    "export_table",
    "retitle",
    "withdraw_outside",
    "write_section",
]
