"""Values of single cells: to text on the way in, to something harmless on the way out."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from unionhome.kit.dates import CHINA
from unionhome.kit.errors import InputRefused

CELL_SIGNS = 32_767  # what a cell of a workbook holds
_EXACT = 10**15  # whole numbers beyond lose digits in a workbook
_STARTS = "=+-@\t\r＝＋－＠"
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - cells hold wall clocks


class SheetRefused(InputRefused):
    """A file that is not taken as a spreadsheet."""

    def __init__(self, sentence: str, code: str = "sheet") -> None:
        super().__init__(sentence, code)


# -- out -------------------------------------------------------------------------------------------------------------


def safe_text(text: str) -> str:
    """``text`` without signs no workbook can hold, and with an apostrophe before what could run as a formula."""
    text = _UNPRINTABLE.sub("", text)[: CELL_SIGNS - 1]
    if text[:1] and text[0] in _STARTS and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def safe_cell(value: object) -> str | int | float | None:
    """What may stand in a cell for ``value``.

    Texts are made harmless (`safe_text`), numbers stay numbers unless a workbook would lose digits, days and moments
    become 2026-11-24 and 2026-11-24 10:05 (local), yes and no 是 and 否.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value if abs(value) < _EXACT and math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        local = value.astimezone(CHINA) if value.tzinfo else value
        return f"{local:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else safe_text(str(value))


# -- in --------------------------------------------------------------------------------------------------------------


def number_text(number: float) -> str:
    """1860.0 → 1860, 1.1 → 1.1; beyond 10¹⁵, where digits are lost already, 6.1E+17 tells so."""
    if math.isfinite(number) and number == int(number) and abs(number) < _EXACT:
        return str(int(number))
    return repr(number).upper()


def serial_text(serial: float, *, since_1904: bool = False) -> str:
    """The day, moment or time of day meant by a date cell: 2021-03-05, 2021-03-05 18:30 or 18:30."""
    try:
        at = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(minutes=round(serial * 1440))
    except (OverflowError, ValueError):
        return number_text(serial)
    if 0 <= serial < 1:
        return f"{at:%H:%M}"
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M}"


def value_text(value: object) -> str:
    """The text of a value that a reader has already typed."""
    if isinstance(value, str):
        return clean_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def workbook_text(text: str) -> str:
    """A text of a workbook, in which _x000D_ stands for a sign that XML cannot hold, cleaned."""
    if "_x" in text:
        text = _UNPRINTABLE.sub("", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    return clean_text(text)


def clean_text(text: str) -> str:
    """A text without blanks around it and without the apostrophe that `safe_text` set."""
    text = text.strip()
    if text[:1] == "'" and text[1:2] and text[1] in _STARTS:
        return text[1:]
    return text
