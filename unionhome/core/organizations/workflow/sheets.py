"""The table that moves a sheet of unions."""

from unionhome.core.registry import sheet_table

SHEET = sheet_table("organizations.sheet", "组织导入", "organizations.unionsheet", "organizations.import", "组织表")
