"""QR codes, as inline SVG without style attributes or outside references, and as pictures."""

from __future__ import annotations

import io

import segno

from unionhome.kit.errors import InputRefused

MAX_BYTES = 1200  # beyond this a telephone no longer reads the code from a screen


def qr_png(text: str) -> bytes:
    """The same as a picture with its margin, large enough for a poster. Raises as `qr_svg`."""
    made = io.BytesIO()
    _code(text).save(made, kind="png", scale=16, border=4)
    return made.getvalue()


def qr_svg(text: str, *, title: str = "二维码") -> str:
    """An ``<svg>`` that scales to its box, black on white in dark mode too; ``title`` is read out by screen readers.

    Raises `InputRefused` (qr.empty, qr.long).
    """
    svg = _code(text).svg_inline(omitsize=True, title=title, light="#fff", svgclass="qr", lineclass=None)
    return svg.replace("<svg ", '<svg role="img" ', 1)


def _code(text: str) -> segno.QRCode:
    if not text:
        raise InputRefused("没有内容，无法生成二维码。", "qr.empty")
    if len(text.encode()) > MAX_BYTES:
        raise InputRefused("内容太长，无法生成二维码。", "qr.long")
    return segno.make(text, error="m", micro=False)
