"""Numbers of identity documents.

Citizen numbers follow GB 11643-1999: six digits of division, eight of birth, three of order (odd is male) and a
check digit. Residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and the permanent residence card
of foreigners since 2023 (9) keep the same shape and check. The division is **never** checked: numbers outlive
county borders, and were issued before and after the county they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul

from unionhome.kit.codes.normal import CodeError, normal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_FORM = re.compile(r"[1-9][0-9]{14}")
_NUMBER_CELL = re.compile(r"[0-9.]+E\+?[0-9]+|[1-9][0-9]{14,17}\.0+")
_LENIENT = {  # passports and passes differ by country and year
    "passport": re.compile(r"[A-Z0-9]{5,17}"),
    "travel": re.compile(r"[A-Z0-9()]{7,14}"),
    "other": re.compile(r"[A-Z0-9\u4e00-\u9fff][A-Z0-9\u4e00-\u9fff()/.-]{3,29}"),
}
_FIRST_YEAR = 1900


class DocumentKind(StrEnum):
    """The kinds of document a person may show."""

    RESIDENT = "resident"
    RESIDENCE = "residence"
    FOREIGNER = "foreigner"
    PASSPORT = "passport"
    TRAVEL = "travel"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(kind.value, kind.label) for kind in cls]

    @classmethod
    def match(cls, text: str) -> DocumentKind:
        """The kind meant by a label or usual word; an empty text means the citizen's card. Raises `CodeError`."""
        word = normal(text)
        for kind in cls:
            if word in (kind.value.upper(), kind.label, *_WORDS[kind]):
                return kind
        raise CodeError(
            f"没有“{text.strip()[:20]}”这种证件类型，可填：{'、'.join(_LABELS.values())}。", "document.kind"
        )


_LABELS = {
    DocumentKind.RESIDENT: "居民身份证",
    DocumentKind.RESIDENCE: "港澳台居民居住证",
    DocumentKind.FOREIGNER: "外国人永久居留身份证",
    DocumentKind.PASSPORT: "护照",
    DocumentKind.TRAVEL: "来往内地（大陆）通行证",
    DocumentKind.OTHER: "其他证件",
}
_WORDS: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.RESIDENT: ("", "身份证", "居民身份证号", "二代身份证", "公民身份号码", "01", "1", "111"),
    DocumentKind.RESIDENCE: ("居住证", "港澳居民居住证", "台湾居民居住证", "港澳台居住证"),
    DocumentKind.FOREIGNER: ("外国人永久居留证", "永久居留证", "五星卡"),
    DocumentKind.PASSPORT: ("普通护照", "中国护照", "外国护照"),
    DocumentKind.TRAVEL: (
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "回乡证",
        "台胞证",
        "通行证",
        "来往内地(大陆)通行证",
    ),
    DocumentKind.OTHER: ("其他", "其它", "其它证件"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked 18-digit number and what it says: day of birth, ``sex`` "1" male or "2" female (GB/T 2261.1)."""

    number: str
    birth_on: date
    sex: str

    @property
    def kind(self) -> DocumentKind:
        if self.number[0] == "9":
            return DocumentKind.FOREIGNER
        return DocumentKind.RESIDENCE if self.number[:2] in ("81", "82", "83") else DocumentKind.RESIDENT


@dataclass(frozen=True, slots=True)
class Document:
    """A document of any kind; birth and sex are known where the number tells them."""

    kind: DocumentKind
    number: str
    birth_on: date | None = None
    sex: str | None = None


@lru_cache(maxsize=8192)
def _weigh(place: int, digits: str) -> int:
    """The weighted sum of some digits; divisions and orders recur, so a roster of a million rows mostly looks up."""
    return sum(map(mul, _WEIGHTS[place:], map(int, digits)))


@lru_cache(maxsize=65536)
def _birth_part(digits: str) -> tuple[date | None, int]:
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        birth_on = None
    return birth_on, _weigh(6, digits)


def identity_check(first17: str) -> str:
    """The check digit that belongs to the first 17 digits."""
    return _CHECKS[(_weigh(0, first17[:6]) + _birth_part(first17[6:14])[1] + _weigh(14, first17[14:17])) % 11]


def parse_identity(text: str, *, on: date) -> Identity:
    """Read an 18-digit number, forgiving full-width digits, blanks and a small x; ``on`` is today.

    Raises `CodeError`: identity.empty, .number_cell, .old (15 digits), .length, .form, .birth, .future, .check.
    """
    number = text if _FORM.fullmatch(text) else _clean(text)
    birth_on = _birth(number, on)
    if identity_check(number[:17]) != number[17]:
        raise CodeError("身份证号码有误，请对照证件逐位核对。", "identity.check")
    return Identity(number, birth_on, "1" if number[16] in "13579" else "2")


def _clean(text: str) -> str:
    number = normal(text).replace("×", "X").replace("-", "")
    if _FORM.fullmatch(number):
        return number
    if not number:
        raise CodeError("请填写身份证号码。", "identity.empty")
    if _NUMBER_CELL.fullmatch(number):
        raise CodeError(
            "身份证号码被表格当成了数字，末尾几位已经丢失；请把这一列设为“文本”后重新填写。", "identity.number_cell"
        )
    if _OLD_FORM.fullmatch(number):
        raise CodeError("15位的老身份证号码已经停用，请填写18位号码。", "identity.old")
    if len(number) != 18:
        raise CodeError(f"身份证号码应为18位，现在是{len(number)}位，请核对。", "identity.length")
    raise CodeError("身份证号码只能由数字组成，最后一位可以是X，请核对。", "identity.form")


def _birth(number: str, on: date) -> date:
    birth_on, _ = _birth_part(number[6:14])
    if birth_on is None or birth_on.year < _FIRST_YEAR:
        raise CodeError("身份证号码里的出生日期不存在，请核对第7至14位。", "identity.birth")
    if birth_on > on:
        raise CodeError("身份证号码里的出生日期还没有到，请核对第7至14位。", "identity.future")
    return birth_on


def parse_document(kind: DocumentKind, text: str, *, on: date) -> Document:
    """Read a number of any ``kind``. Kinds of the 18-digit shape are told from the number itself.

    Raises `CodeError`: those of `parse_identity`, document.empty, document.form.
    """
    if kind in (DocumentKind.RESIDENT, DocumentKind.RESIDENCE) or (
        kind is DocumentKind.FOREIGNER and not normal(text)[:1].isalpha()
    ):
        found = parse_identity(text, on=on)
        return Document(found.kind, found.number, found.birth_on, found.sex)
    number = normal(text)
    if not number:
        raise CodeError("请填写证件号码。", "document.empty")
    # the foreigners' card before 2023 had three letters and twelve digits
    form = _LENIENT["passport" if kind is DocumentKind.FOREIGNER else kind.value]
    if not form.fullmatch(number):
        raise CodeError(f"{kind.label}号码的写法不对，请对照证件核对。", "document.form")
    return Document(kind, number)


def make_identity(division: str, birth_on: date, serial: int) -> str:
    """A synthetic number: six digits of ``division``, and ``serial`` 0–999, odd for a man. For invented people only."""
    if not (len(division) == 6 and division.isdecimal() and 0 <= serial <= 999):
        raise ValueError("a division has six digits, a serial three")
    first17 = f"{division}{birth_on:%Y%m%d}{serial:03d}"
    return first17 + identity_check(first17)
