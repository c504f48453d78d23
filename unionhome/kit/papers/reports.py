"""A report (汇报材料): headings, paragraphs whose numbers are links, and tables; as PDF and as a Word document.

Both are set in the faces and sizes of GB/T 9704-2012: title 小标宋 二号, first headings 黑体 三号, text 仿宋 三号, A4 with
margins of 37, 35, 28 and 26 mm.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst

from unionhome.kit.errors import InputRefused
from unionhome.kit.papers.letters import NO_FONT, has_chinese_font

TEMPLATE = Path(__file__).parent / "report.typ"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. `link` is a whole address; `mark` is "" for plain words, "proven", "reported" or "missing"
    for a number, which is then told apart by more than its colour."""

    text: str
    link: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its first line two signs in."""

    runs: tuple[Run, ...]
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `numbers` are the places of columns set to the right, `total` says that the last row sums up."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    caption: str = ""
    total: bool = False
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str
    kind: str = "note"


Block = Paragraph | Heading | Grid | Note


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says. `footer` stands beside the page number; `is_wide` turns the sheet for many columns."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    signer: str = ""
    date: str = ""
    footer: str = ""
    is_wide: bool = False


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def render_report(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes. Raises InputRefused where no Chinese face is found."""
    if not has_chinese_font():
        raise InputRefused(NO_FONT, "papers.no-font")
    given = json.dumps(asdict(report), ensure_ascii=False)
    return bytes(typst.compile(_template(), sys_inputs={"report": given}, format="pdf", timestamp=0))
