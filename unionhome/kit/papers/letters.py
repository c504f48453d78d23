"""An official letter after GB/T 9704-2012, and whether this machine has the faces for it."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import typst

from unionhome.kit.errors import InputRefused

TEMPLATE = Path(__file__).parent / "letter.typ"
FACES = ("FangSong", "FangSong_GB2312", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC")
"""Faces the template asks for, the best first."""
NO_FONT = "服务器上没有中文字体，打印不出公文。请系统管理员安装 Noto CJK 字体（软件包 fonts-noto-cjk）后再打印。"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. `organ` is the red heading, left empty for those who may not use one; `note` is the contact
    line at its foot; `rows` are set as a table under `columns`; `code` is an <svg> of a QR code, set at the end."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signer: str
    date: str
    organ: str = ""
    number: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    closing: str = ""
    attachments: tuple[str, ...] = ()
    note: str = ""
    code: str = ""


NARROWEST, WIDEST, MARGIN = 4, 22, 3
"""Bounds of a column's share of the width, in half-width signs of its longest cell, and what its edges take."""
_AMOUNT = re.compile(r"-?[\d,]+(\.\d+)?( ?[元件人分])?")


def _shape(letter: Letter) -> list[dict[str, int | bool]]:
    """How wide each column is beside the others, and whether it holds amounts, which stand at its right."""
    shapes: list[dict[str, int | bool]] = []
    for place, title in enumerate(letter.columns):
        cells = [row[place] for row in letter.rows]
        longest = max(_signs(cell) for cell in (title, *cells))
        is_amount = bool(cells) and all(_AMOUNT.fullmatch(cell) for cell in cells)
        shapes.append({"share": min(max(longest, NARROWEST), WIDEST) + MARGIN, "right": is_amount})
    return shapes


def _signs(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


@cache
def has_chinese_font() -> bool:
    """Whether the system has one of the faces."""
    return bool(set(typst.Fonts().families()) & set(FACES))


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def render_letter(letter: Letter) -> bytes:
    """The letter as PDF; the same letter gives the same bytes. Raises InputRefused where no Chinese face is found."""
    if not has_chinese_font():
        raise InputRefused(NO_FONT, "papers.no-font")
    given = json.dumps(asdict(letter) | {"shapes": _shape(letter)}, ensure_ascii=False)
    return bytes(typst.compile(_template(), sys_inputs={"letter": given}, format="pdf", timestamp=0))
