"""A review as it is read: words and numbers in their places, JSON-ready, the same for a draft and for what was signed."""

from collections.abc import Iterator, Mapping
from typing import Any

from unionhome.kit.verifier import canonical

FORMAT = "unionhome-review-1"
STATES = ("recorded", "reported", "missing")


def list_numbers(written: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every number of a written review, in the order in which they stand."""
    for section in written["sections"]:
        for paragraph in section["paragraphs"]:
            yield from (piece for piece in paragraph if "code" in piece)


def statement_of_review(written: Mapping[str, Any], facts: Mapping[str, Any]) -> bytes:
    """The bytes that are signed for a review: what it says, and `facts` (id, key, signers, moment)."""
    return canonical({"format": FORMAT, **facts, "review": written})
