"""How the register's pages look: what queries found, shaped for templates."""

from unionhome.core.members.screens.national import (
    DIFFERENCE_HEADERS,
    columns_page,
    difference_cells,
    differences_page,
    national_lines,
)
from unionhome.core.members.screens.rosters import roster_lines, roster_page
from unionhome.core.members.screens.transfers import transfer_counts, transfer_stages

__all__ = [
    "DIFFERENCE_HEADERS",
    "columns_page",
    "difference_cells",
    "differences_page",
    "national_lines",
    "roster_lines",
    "roster_page",
    "transfer_counts",
    "transfer_stages",
]
