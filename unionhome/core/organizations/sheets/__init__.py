"""Workbooks of the register of unions."""

from unionhome.core.organizations.sheets.gaps import gap_workbook
from unionhome.core.organizations.sheets.unions import export_workbook, template_workbook, texts_of

__all__ = ["export_workbook", "gap_workbook", "template_workbook", "texts_of"]
