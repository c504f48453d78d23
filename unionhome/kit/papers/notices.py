"""A picture with a few words for a chat group, to press long or to download."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst

from unionhome.kit.errors import InputRefused
from unionhome.kit.papers.letters import has_chinese_font

TEMPLATE = Path(__file__).parent / "notice.typ"
DOTS_PER_INCH = 288.0
"""Of 270 points that is 1080 dots: as wide as a telephone."""
NO_FONT = (
    "服务器上没有中文字体，画不出图片。请先复制文字；系统管理员安装 Noto CJK 字体（软件包 fonts-noto-cjk）后就有了。"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the picture says; `code` is an <svg> of a QR code, set under the lines."""

    heading: str
    lines: tuple[str, ...]
    foot: str = ""
    code: str = ""


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def render_notice(notice: Notice) -> bytes:
    """The picture as PNG; the same words give the same bytes. Raises InputRefused where no Chinese face is found."""
    if not has_chinese_font():
        raise InputRefused(NO_FONT, "papers.no-font")
    given = json.dumps(asdict(notice), ensure_ascii=False)
    return bytes(typst.compile(_template(), sys_inputs={"notice": given}, format="png", ppi=DOTS_PER_INCH))
