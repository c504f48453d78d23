"""The tables that move foundings, re-elections and dissolutions."""

from unionhome.core.organizations.workflow.endings import DISSOLUTION
from unionhome.core.organizations.workflow.foundings import FOUNDING, REELECTION

__all__ = ["DISSOLUTION", "FOUNDING", "REELECTION", "TABLES"]

TABLES = (DISSOLUTION, FOUNDING, REELECTION)
