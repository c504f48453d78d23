"""Opaque page marks: where a program's list goes on. Signed, so that nobody makes one up, and bound to one list."""

from __future__ import annotations

from django.core import signing

from unionhome.kit.errors import InputRefused

SALT = "unionhome.kit.cursors"


def make_cursor(question: str, last: int) -> str:
    """The mark behind the row ``last`` of the list that ``question`` names (path and filters)."""
    return signing.dumps([question, last], salt=SALT)


def read_cursor(question: str, cursor: str) -> int:
    """The last row seen; 0 for no mark. Raises InputRefused for a mark that is not ours or of another list."""
    if not cursor:
        return 0
    try:
        asked, last = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _refused() from None
    if asked != question:
        raise _refused()
    return int(last)


def _refused() -> InputRefused:
    return InputRefused("翻页标记不对，请从第一页重新取。", "bad-cursor")
