"""Mobile numbers of mainland China."""

from __future__ import annotations

import re

from unionhome.kit.codes.normal import CodeError, normal

_FORM = re.compile(r"1[3-9][0-9]{9}")
_NOISE = re.compile(r"[-‐‑‒–—―−()._]")
_PREFIX = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)|0(?=1[3-9][0-9]{9}$)")


def parse_mobile(text: str) -> str:
    """The eleven digits meant, forgiving full-width digits, blanks, dashes and +86.

    Raises `CodeError`: mobile.empty, mobile.form.
    """
    if _FORM.fullmatch(text):
        return text
    number = _PREFIX.sub("", _NOISE.sub("", normal(text)))
    if not number:
        raise CodeError("请填写手机号码。", "mobile.empty")
    if not _FORM.fullmatch(number):
        raise CodeError("手机号码应为11位数字，以1开头，请核对。", "mobile.form")
    return number
