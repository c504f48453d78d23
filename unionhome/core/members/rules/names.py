"""How a name is found by its pinyin initials."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "单": "s",
    "仇": "q",
    "解": "x",
    "曾": "z",
    "查": "z",
    "朴": "p",
    "区": "o",
    "任": "r",
    "尉": "y",
    "乐": "y",
    "盖": "g",
    "翟": "z",
    "折": "s",
    "种": "c",
    "召": "s",
    "黑": "h",
    "员": "y",
    "缪": "m",
    "覃": "q",
    "幺": "y",
}
"""Surnames that are read otherwise than the common word. In 渭南 员 is yùn, 折 is shé."""


@lru_cache(maxsize=8192)
def _initial(sign: str) -> str:
    letter = lazy_pinyin(sign, style=Style.FIRST_LETTER, errors="ignore")
    return letter[0].lower() if letter else ""


def initials(name: str) -> str:
    """王建国 is wjg; letters of other scripts stay, everything else goes."""
    signs = [sign for sign in name if sign.isalpha()]
    if not signs:
        return ""
    first = SURNAMES.get(signs[0])
    letters = [sign.lower() if sign.isascii() else _initial(sign) for sign in signs]
    if first:
        letters[0] = first
    return "".join(letters)[:60]
