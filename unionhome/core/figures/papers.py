"""Reviews and tables as documents: what they say, for `kit.papers` to set."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse

from unionhome.core.figures.queries import Bound, BoundReview, Table
from unionhome.core.figures.queries.review import Piece
from unionhome.kit.papers import Block, Grid, Heading, Note, Paragraph, Report, Run, render_report, write_word

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARKS = {"recorded": "proven", "reported": "reported", "missing": "missing"}
WIDE = 7
"""Columns from which a table lies on its side."""
NOTES = (
    "数字说明：带下划线的数由本系统的记录数出，可以点开看组成它的行；标〔上报〕的数来自下级上报或外部文件，"
    "不算实证；标“未开行”的还没有数。"
)


def review_report(review: BoundReview, base: str, date: str) -> Report:
    """A review: every number leads to its proof at `base`, the address the product is served at ("" for none)."""
    blocks: list[Block] = []
    for section in review.sections:
        blocks.append(Heading(section.title))
        blocks += [Paragraph(tuple(_runs(text, review, base))) for text in section.paragraphs]
    reported = [bound for bound in review.bounds if bound.outside is not None]
    if reported:
        blocks.append(_documents(reported))
    blocks.append(Note(NOTES))
    return Report(review.title, review.subtitle, tuple(blocks), review.node.name, date, f"{review.node.name}工作综述")


def _runs(paragraph: Iterable[Piece], review: BoundReview, base: str) -> Iterator[Run]:
    for piece in paragraph:
        if piece.bound is None:
            yield Run(piece.words)
            continue
        link = _proof(piece.bound, review, base) if piece.bound.value else ""
        yield Run(piece.text, link, MARKS[piece.bound.state])
        if piece.mark:
            yield Run(piece.mark)


def _proof(bound: Bound, review: BoundReview, base: str) -> str:
    return f"{base}{reverse('figures:figure', args=[bound.code])}?{_query(review)}#rows" if base else ""


def _query(review: BoundReview) -> str:
    return urlencode({"node": review.node.code, "from": review.period.start_on, "to": review.period.end_on})


def review_page(review: BoundReview, base: str = "") -> str:
    """The review as a web page that needs nothing else; numbers lead to their proof where `base` is given."""
    return render_to_string("figures/review_document.html", {"review": review, "base": base, "query": _query(review)})


def _documents(reported: list[Bound]) -> Grid:
    rows = tuple(
        (bound.figure.name, bound.text, one.basis, one.document, f"{one.signed_by} {one.signed_on}")
        for bound in reported
        if (one := bound.outside)
    )
    return Grid(("指标", "数", "来处", "文件", "签字"), rows, (1,), "附：来自文件的数")


def table_report(table: Table, date: str) -> Report:
    """A table of figures by unions below, the whole last."""
    heads = table.heads
    grid = Grid(heads, tuple(table.rows), tuple(range(1, len(heads))), total=True)
    notes = tuple(Note(text) for text in table.notes)
    title = f"{table.node.name}有关数据"
    return Report(title, table.days, (grid, *notes), table.node.name, date, is_wide=len(heads) >= WIDE)


def write_report(report: Report, form: str) -> bytes:
    """The document as docx or pdf."""
    return write_word(report) if form == "docx" else render_report(report)
