"""Documents as PDF, set by typst. What is said goes in as data and is never read as markup."""

from unionhome.kit.papers.letters import Letter, has_chinese_font, render_letter

__all__ = ["Letter", "has_chinese_font", "render_letter"]
