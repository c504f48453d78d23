"""A report as a Word document that WPS and Word open right: real headings, live links, the faces by their names."""

import io
import re
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from unionhome.kit.papers.reports import Grid, Heading, Note, Paragraph, Report, Run

TITLE, TEXT, HEADING, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
BLUE, AMBER, GREY = RGBColor(0x1D, 0x5F, 0xBF), RGBColor(0x9A, 0x5B, 0x00), RGBColor(0x4E, 0x59, 0x69)
SIZE = Pt(16)
NUMBER_WIDTH = Mm(30)
LINE = Pt(28)
A4 = (Mm(210), Mm(297))
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Signs that XML cannot hold."""
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The time a file says it was made at: the same report gives the same words whenever it is asked for."""


def write_word(report: Report) -> bytes:
    """The document."""
    document = Document()
    _page(document, report)
    _base_style(document)
    _line(document, report.title, TITLE, Pt(22), bold=False, center=True, style="Title")
    if report.subtitle:
        _line(document, report.subtitle, TEXT, SIZE, center=True)
    for block in report.blocks:
        _block(document, block)
    if report.signer or report.date:
        _ending(document, report)
    _properties(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any, report: Report) -> None:
    section = document.sections[0]
    width, height = A4[::-1] if report.is_wide else A4
    section.orientation = WD_ORIENT.LANDSCAPE if report.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, right in ((section.footer, True), (section.even_page_footer, False)):
        _footer(footer.paragraphs[0], report.footer, right)


def _footer(paragraph: WordParagraph, beside: str, right: bool) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    if beside and right:
        _text(paragraph, beside + "　", TEXT, Pt(9), color=GREY)
    _text(paragraph, "— ", TEXT, Pt(14))
    _field(paragraph, "PAGE")
    _text(paragraph, " —", TEXT, Pt(14))
    if beside and not right:
        _text(paragraph, "　" + beside, TEXT, Pt(9), color=GREY)


def _field(paragraph: WordParagraph, code: str) -> None:
    run = paragraph.add_run()
    _face(run, TEXT, Pt(14))
    for kind, words in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)


def _base_style(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, SIZE
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    for name in ("Title", "Heading 1"):
        plain = document.styles[name]
        plain.font.color.rgb, plain.font.bold = RGBColor(0, 0, 0), False
        plain.paragraph_format.space_before = plain.paragraph_format.space_after = Pt(0)
        for border in plain.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)


def _block(document: Any, block: Any) -> None:
    if isinstance(block, Heading):
        _line(document, block.text, HEADING, SIZE, style="Heading 1", indent=True)
    elif isinstance(block, Paragraph):
        paragraph = document.add_paragraph()
        _indent(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        for run in block.runs:
            _said(paragraph, run)
    elif isinstance(block, Note):
        small = _line(document, block.text, TEXT, Pt(10.5), color=GREY)
        small.paragraph_format.line_spacing = Pt(17)
    else:
        _table(document, block)


def _line(
    document: Any,
    text: str,
    face: str,
    size: Length,
    *,
    style: str | None = None,
    bold: bool = False,
    center: bool = False,
    indent: bool = False,
    color: RGBColor | None = None,
) -> WordParagraph:
    paragraph: WordParagraph = document.add_paragraph(style=style)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(36) if size > SIZE else LINE
    if indent:
        _indent(paragraph)
    _text(paragraph, text, face, size, bold=bold, color=color)
    return paragraph


def _indent(paragraph: WordParagraph) -> None:
    """Two signs in, whatever the size: as WPS counts it, and in points for whoever does not."""
    paragraph.paragraph_format.first_line_indent = SIZE * 2
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")


def _text(
    paragraph: WordParagraph, text: str, face: str, size: Length, *, bold: bool = False, color: RGBColor | None = None
) -> Any:
    run = paragraph.add_run(UNWRITABLE.sub("", text))
    _face(run, face, size)
    run.bold = bold
    if color is not None:
        run.font.color.rgb = color
    return run


def _face(run: Any, face: str, size: Length) -> None:
    run.font.name, run.font.size = LATIN, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _said(paragraph: WordParagraph, run: Run) -> None:
    text = f"{run.text}〔上报〕" if run.mark == "reported" else f"【{run.text}】" if run.mark == "missing" else run.text
    color = {"reported": AMBER, "missing": GREY}.get(run.mark, BLUE if run.link else None)
    made = _text(paragraph, text, TEXT, SIZE, color=color)
    if run.link:
        made.font.underline = True
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        paragraph._p.remove(made._r)
        link.append(made._r)
        paragraph._p.append(link)


def _table(document: Any, grid: Grid) -> None:
    if grid.caption:
        _line(document, grid.caption, HEADING, Pt(12)).paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(grid.columns))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for place, name in enumerate(grid.columns):
        _cell(table.rows[0].cells[place], name, HEADING, WD_ALIGN_PARAGRAPH.CENTER)
    _repeat(table.rows[0])
    for number, row in enumerate(grid.rows):
        line = table.add_row()
        _keep_whole(line)
        cells = line.cells
        face = HEADING if grid.total and number == len(grid.rows) - 1 else TEXT
        for place, words in enumerate(row):
            side = WD_ALIGN_PARAGRAPH.RIGHT if place in grid.numbers else WD_ALIGN_PARAGRAPH.LEFT
            _cell(cells[place], words, face, side)
    _set_widths(document, table, grid)


def _set_widths(document: Any, table: Any, grid: Grid) -> None:
    """Numbers as narrow as they can be, so that names get the room."""
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    count, words = len(grid.numbers), len(grid.columns) - len(grid.numbers)
    narrow = min(NUMBER_WIDTH, int(room * 0.7) // max(1, count))
    wide = (room - narrow * count) // max(1, words)
    table.autofit = False
    for place, column in enumerate(table.columns):
        width = narrow if place in grid.numbers else wide
        column.width = width
        for cell in column.cells:
            cell.width = width


def _keep_whole(row: Any) -> None:
    """A row is not parted by the end of a page."""
    whole = OxmlElement("w:cantSplit")
    whole.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(whole)


def _cell(cell: Any, text: str, face: str, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.line_spacing = Pt(18)
    _text(paragraph, text, face, Pt(10.5))


def _repeat(row: Any) -> None:
    """The head of the table stands on every page."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _ending(document: Any, report: Report) -> None:
    document.add_paragraph()
    for text in filter(None, (report.signer, report.date)):
        paragraph = _line(document, text, TEXT, SIZE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = SIZE * 2


def _properties(document: Any, report: Report) -> None:
    facts = document.core_properties
    facts.title, facts.author = UNWRITABLE.sub("", report.title), UNWRITABLE.sub("", report.signer)
    facts.language, facts.comments = "zh-CN", ""
    facts.created = facts.modified = MADE
