"""Twelve-digit codes of divisions (统计用区划代码): province 2, city 2, county 2, town 3, village 3 digits.

Short forms are accepted wherever a code is: "61", "6105", "610502", "610502001". Parts that are zero do not exist,
also in the middle: cities without counties (4419 00 003 000) and counties right below a province (4190 01).
"""

from __future__ import annotations

import re

from unionhome.kit.codes.normal import CodeError

_CUTS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
_STARTS = {"province": 0, "city": 2, "county": 4, "town": 6, "village": 9}
_FORM = re.compile(r"[1-9][0-9](?:[0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})?")


def division_full(code: str) -> str:
    """The twelve digits. Raises `CodeError` (division.form) unless it has 2, 4, 6, 9 or 12 digits."""
    if not _FORM.fullmatch(code):
        raise CodeError("地区代码应为2、4、6、9或12位数字。", "division.form")
    return code.ljust(12, "0")


def division_level(code: str) -> str:
    """ "province", "city", "county", "town" or "village": the lowest part that is not zero."""
    full = division_full(code)
    return next(level for level, start in reversed(_STARTS.items()) if full[start : _CUTS[level]].strip("0"))


def division_prefix(code: str) -> str:
    """The digits with which everything within begins: "610502" for the county, "610502001" for the town."""
    return division_full(code)[: _CUTS[division_level(code)]]


def division_short(code: str) -> str:
    """The usual written form: six digits down to the county, nine for a town, twelve for a village."""
    return division_full(code)[: max(6, _CUTS[division_level(code)])]


def division_parent(code: str) -> str | None:
    """The twelve digits of the division just above, None for a province."""
    start = _STARTS[division_level(code)]
    above = division_full(code)[:start]
    return division_prefix(above.ljust(12, "0")).ljust(12, "0") if above else None
