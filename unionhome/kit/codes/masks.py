"""Masks for screens, lists, papers and logs."""

from __future__ import annotations

import re

_DOCUMENT = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{15,19}(?![0-9A-Za-z])")


def _middle(text: str, head: int, tail: int) -> str:
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """王*国, 王*; of a single sign nothing is left."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    return _middle(name, 1, 0 if len(name) == 2 else 1)


def mask_document(number: str) -> str:
    """6105**********1234; of other documents a fifth at either end."""
    if len(number) == 18:
        return _middle(number, 4, 4)
    return _middle(number, len(number) // 5, len(number) // 5)


def mask_phone(number: str) -> str:
    """138****5678; of other numbers two digits at either end, of very short ones none."""
    if len(number) == 11:
        return _middle(number, 3, 4)
    return _middle(number, 2, 2) if len(number) > 6 else "*" * len(number)


def mask_account(number: str) -> str:
    """A bank account by its last four digits: ************1234; very short ones not at all."""
    return _middle(number, 0, 4) if len(number) > 8 else "*" * len(number)


def mask_numbers(text: str) -> str:
    """A free text with the document, account and mobile numbers in it masked."""
    text = _DOCUMENT.sub(lambda found: mask_document(found[0]), text)
    text = _ACCOUNT.sub(lambda found: mask_account(found[0]), text)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)
