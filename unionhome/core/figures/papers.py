"""Reviews and tables as documents: what they say, for `kit.papers` to set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse

from unionhome.core.figures.queries import Table
from unionhome.core.figures.rules.written import list_numbers
from unionhome.kit.papers import Block, Grid, Heading, Note, Paragraph, Report, Run, render_report, write_word

Written = Mapping[str, Any]
"""`queries.get_said` of a review."""
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


def review_report(written: Written, base: str, date: str, signed: str = "") -> Report:
    """A review: every number leads to its proof at `base`, the address the product is served at ("" for none).

    `signed` is the public id of a review that was signed.
    """
    blocks: list[Block] = []
    for section in written["sections"]:
        blocks.append(Heading(section["title"]))
        blocks += [Paragraph(tuple(_runs(text, written, base))) for text in section["paragraphs"]]
    if written["documents"]:
        blocks.append(_documents(written["documents"]))
    blocks.append(Note(NOTES))
    if signed:
        blocks.append(Note(f"已签发，编号 {signed}。核验：{base}{reverse('figures:signed_review', args=[signed])}"))
    name = written["organization"]["name"]
    return Report(written["title"], written["subtitle"], tuple(blocks), name, date, f"{name}工作综述")


def _runs(paragraph: Iterable[Mapping[str, str]], written: Written, base: str) -> Iterator[Run]:
    for piece in paragraph:
        if "words" in piece:
            yield Run(piece["words"])
        else:
            yield Run(piece["text"], proof_address(piece, written, base), MARKS[piece["state"]])
            if piece.get("mark"):
                yield Run(piece["mark"])


def proof_address(piece: Mapping[str, str], written: Written, base: str) -> str:
    """Where a number is proven: the published figure, or in a draft the rows of now; "" for no address."""
    if not base or piece["state"] == "missing":
        return ""
    if "proof" in piece:
        return base + reverse("figures:verify", args=[piece["proof"]])
    if piece["code"] in {one["code"] for one in written["documents"]}:
        return ""
    period = written["period"]
    asked = urlencode({"node": written["organization"]["code"], "from": period["from"], "to": period["to"]})
    return f"{base}{reverse('figures:figure', args=[piece['code']])}?{asked}#rows"


def review_page(written: Written, base: str = "") -> str:
    """The review as a web page that needs nothing else; numbers lead to their proof where `base` is given."""
    sections = [
        {
            "title": section["title"],
            "paragraphs": [
                [{**piece, "url": "" if "words" in piece else proof_address(piece, written, base)} for piece in text]
                for text in section["paragraphs"]
            ],
        }
        for section in written["sections"]
    ]
    numbers = {piece["code"]: piece for piece in list_numbers(written)}
    context = {"written": written, "sections": sections, "numbers": list(numbers.values())}
    return render_to_string("figures/review_document.html", context)


def _documents(documents: Sequence[Mapping[str, str]]) -> Grid:
    rows = tuple(
        (one["name"], one["text"], one["basis"], one["document"], f"{one['signed_by']} {one['signed_on']}")
        for one in documents
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
