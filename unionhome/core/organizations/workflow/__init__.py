"""The tables that move foundings, re-elections, dissolutions and sheets."""

from unionhome.core.organizations.workflow.endings import DISSOLUTION
from unionhome.core.organizations.workflow.foundings import FOUNDING, REELECTION
from unionhome.core.organizations.workflow.sheets import SHEET

__all__ = ["DISSOLUTION", "FOUNDING", "REELECTION", "SHEET", "TABLES"]

TABLES = (DISSOLUTION, FOUNDING, REELECTION, SHEET)
