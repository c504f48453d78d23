"""Documents: letters, reports and pictures set by typst, and reports as Word. What is said is never read as markup."""

from unionhome.kit.papers.letters import Letter, has_chinese_font, render_letter
from unionhome.kit.papers.notices import Notice, render_notice
from unionhome.kit.papers.reports import Block, Grid, Heading, Note, Paragraph, Report, Run, render_report
from unionhome.kit.papers.words import write_word

__all__ = [
    "Block",
    "Grid",
    "Heading",
    "Letter",
    "Note",
    "Notice",
    "Paragraph",
    "Report",
    "Run",
    "has_chinese_font",
    "render_letter",
    "render_notice",
    "render_report",
    "write_word",
]
