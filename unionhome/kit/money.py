"""Money in whole fen, and its texts. No floats anywhere: they cannot hold a fen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from unionhome.kit.errors import InputRefused

MAX_FEN = 10**15  # ten trillion yuan, far above any budget and within a 64-bit column
_FORM = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]*))?")
_DRESS = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])+|元(?:整|正)?$|\s+")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


class MoneyRefused(InputRefused):
    """A text that is no amount of money."""


def yuan_text(fen: int) -> str:
    """186000 → 1,860.00"""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """186000 → 1860, 186050 → 1860.5: without commas and idle zeros, for sheets and sentences."""
    return yuan_text(fen).replace(",", "").rstrip("0").rstrip(".")


def parse_yuan(text: str) -> int:
    """The fen meant by a text in yuan: 1860, 1,860.00, ￥1,860.5, 1860元 (full-width digits too).

    Raises `MoneyRefused`: money.empty, .negative, .form, .digits (more than two decimals), .large. Raises TypeError for
    anything that is not text, floats above all.
    """
    if not isinstance(text, str):
        raise TypeError("an amount is read from text, never from a float")
    amount = _DRESS.sub("", unicodedata.normalize("NFKC", text).strip().upper())
    if not amount:
        raise MoneyRefused("请填写金额。", "money.empty")
    if amount[0] in "-−–—":
        raise MoneyRefused("金额不能是负数。", "money.negative")
    found = _FORM.fullmatch(amount)
    if found is None:
        raise MoneyRefused("金额请用数字填写，单位是元，例如 1860 或 1,860.50。", "money.form")
    decimals = found[2] or ""
    if len(decimals) > 2:
        raise MoneyRefused("金额最多精确到分，小数点后最多两位。", "money.digits")
    fen = int(found[1].replace(",", "")) * 100 + int(decimals.ljust(2, "0"))
    if fen > MAX_FEN:
        raise MoneyRefused("金额太大，请核对单位是不是元。", "money.large")
    return fen


def times(fen: int, rate: Decimal | Fraction | int) -> int:
    """``fen`` times ``rate``, to the nearest fen, halves away from zero (四舍五入). TypeError for floats."""
    if isinstance(rate, float):
        raise TypeError("a rate is exact: Decimal, Fraction or int")
    exact = fen * Fraction(rate)
    return int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def split(fen: int, weights: Sequence[int]) -> list[int]:
    """``fen`` shared by ``weights`` so that the parts add up: left-over fen go to the largest remainders, first ones first.

    Raises ValueError for a negative sum or weight, or if all weights are zero.
    """
    total = sum(weights)
    if fen < 0 or total <= 0 or min(weights) < 0:
        raise ValueError("shares need a sum and weights that are not negative")
    parts = [fen * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(fen * weights[place] % total))
    for place in by_remainder[: fen - sum(parts)]:
        parts[place] += 1
    return parts


def _group(number: int) -> str:
    """Up to four digits in capitals, zeros within as one 零."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return text


def _whole(yuan: int) -> str:
    """A whole number in capitals; a gap below 亿 or 万 is said as one 零."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if yuan >= unit:
            high, low = divmod(yuan, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return _group(yuan)


def capital(fen: int) -> str:
    """金额大写 by the rules of the People's Bank (支付结算办法 附一): 1000705 → 壹万零柒元零伍分, 186000 → 壹仟捌佰陆拾元整."""
    if abs(fen) > MAX_FEN:
        raise ValueError("an amount beyond the range of capitals")
    yuan, rest = divmod(abs(fen), 100)
    jiao, cent = divmod(rest, 10)
    text = "负" if fen < 0 else ""
    text += f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{text or '零元'}整"
    text += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return text + (f"{_DIGITS[cent]}分" if cent else "整")
