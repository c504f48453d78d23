"""Rows of a sheet between its check and its entry: sealed together, and those that were refused with their reasons."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from unionhome.kit import crypto
from unionhome.kit.sheets.writing import write_workbook

NUMBER, REASON = "原表行号", "没有收的原因"


class Refusal(NamedTuple):
    """A row that cannot be taken: its number, the code and sentence of the reason, and its cells as they came."""

    number: int
    code: str
    sentence: str
    cells: list[str]


class Wrong(Exception):
    """Everything that is wrong with a row, in the order of its columns."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(faults[0][0])
        self.code = faults[0][0]
        self.sentence = "；".join(sentence.rstrip("。") for _, sentence in faults)


def pack_rows(rows: Sequence[Sequence[Any]], *, field: str) -> bytes:
    """Rows sealed for a field."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return crypto.seal_bytes(zlib.compress(text.encode(), 1), field=field)


def unpack_rows(blob: bytes | memoryview, *, field: str) -> list[list[Any]]:
    """What `pack_rows` sealed for the same field; nothing for what was erased."""
    return list(json.loads(zlib.decompress(crypto.open_bytes(blob, field=field)))) if blob else []


def write_refused(target: str | Path | BinaryIO, columns: Sequence[str], refused: Iterable[Refusal]) -> int:
    """Refused rows with their numbers and reasons, and their cells as they came: mend them there and hand them in again."""
    rows = ((each.number, each.sentence, *each.cells) for each in refused)
    return write_workbook(target, (NUMBER, REASON, *columns), rows, sheet_name="没有收的行")


def proper_names(found: Iterable[str], others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """For each column found: its name on the sheet and the template's, by the names that people write for it; of two
    that mean the same the template's own."""
    found = tuple(found)
    for column in found:
        proper = others.get(column, column)
        if proper == column or proper not in found:
            yield column, proper
