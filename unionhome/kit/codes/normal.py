"""What people and spreadsheets do to a code, undone."""

from __future__ import annotations

import re
import unicodedata

from unionhome.kit.errors import InputRefused

_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF])
"""For `str.translate`: signs that nobody sees, so that words are not made of them alone."""


class CodeError(InputRefused):
    """A code that is malformed; ``sentence`` says what to do about it."""


def normal(text: str) -> str:
    """``text`` with full-width signs made narrow, all blanks gone, upper case, without Excel's leading apostrophe."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).lstrip("'").upper()
