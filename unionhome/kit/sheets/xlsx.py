"""Rows of an .xlsx file, streamed.

Readers that hold a whole sheet reserve its full rectangle: two cells far apart are enough to exhaust a machine, and a
roster of 700,000 rows takes 1.5 GB. This one keeps one row and the shared strings, and stops at the first cell out of
bounds.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from unionhome.kit.sheets.cells import SheetRefused, clean_text, number_text, serial_text
from unionhome.kit.sheets.parts import CHUNK, Attributes, Book, Bounds, broken, make_parser, open_archive, read_book


def _column(letters: str) -> int:
    """A → 0, AA → 26"""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


class _Reader:
    """Builds rows from the events of a parser; finished ones wait in ``ready``."""

    def __init__(self, book: Book, bounds: Bounds) -> None:
        self.book, self.bounds = book, bounds
        self.ready: list[list[str]] = []
        self.row: list[str] = []
        self.given = self.taken = 0  # numbers of the row being read and of the last one with content
        self.pieces: list[str] = []
        self.columns: dict[str, int] = {}
        self.column, self.kind, self.style = -1, "", ""
        self.reading = self.aside = False
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}
        self.parser = make_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    # -- events

    def _start(self, name: str, attributes: Attributes) -> None:
        if not self.starts:
            self._learn(name)
        if (known := self.starts.get(name)) is not None:
            known(attributes)

    def _learn(self, root: str) -> None:
        """The root tells the prefix that all names carry."""
        prefix = root[:root.rfind(":") + 1]
        self.starts = {prefix + "c": self._open_cell, prefix + "v": self._open_value, prefix + "t": self._open_value,
                       prefix + "row": self._open_row, prefix + "rPh": self._open_aside}
        self.ends = {prefix + "c": self._close_cell, prefix + "v": self._close_value, prefix + "t": self._close_value,
                     prefix + "row": self._close_row, prefix + "rPh": self._close_aside}

    def _end(self, name: str) -> None:
        if (known := self.ends.get(name)) is not None:
            known()

    def _text(self, piece: str) -> None:
        if self.reading:
            self.pieces.append(piece)

    def _open_value(self, _: Attributes) -> None:
        self.reading = not self.aside

    def _close_value(self) -> None:
        self.reading = False

    def _open_aside(self, _: Attributes) -> None:
        self.aside = True

    def _close_aside(self) -> None:
        self.aside = False

    def _open_cell(self, attributes: Attributes) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        if not letters:
            self.column += 1
        else:
            place = self.columns.get(letters)
            if place is None:
                place = self.columns[letters] = _column(letters[:4])
            self.column = place
        self.kind, self.style = attributes.get("t", ""), attributes.get("s", "")

    def _close_cell(self) -> None:
        if not self.pieces:
            return
        text = self._cell_text("".join(self.pieces))
        self.pieces.clear()
        if not text:
            return
        row, column = self.row, self.column
        if not 0 <= column < self.bounds.columns:
            raise SheetRefused(f"表格最多 {self.bounds.columns} 列，请删去多余的列后再上传。", "sheet.columns")
        if column >= len(row):
            row.extend([""] * (column + 1 - len(row)))
        row[column] = text

    def _open_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        given = int(number) if number else self.given + 1
        if given <= self.given:
            raise broken()
        self.given, self.column, self.row = given, -1, []

    def _close_row(self) -> None:
        """Rows without content count only if one with content follows: sheets often end in thousands of blank ones."""
        if not self.row:
            return
        if self.given > self.bounds.rows:
            raise SheetRefused(f"表格最多 {self.bounds.rows} 行，请分成几个文件再上传。", "sheet.rows")
        self.ready.extend([] for _ in range(self.given - self.taken - 1))
        self.ready.append(self.row)
        self.taken, self.row = self.given, []

    # -- values

    def _cell_text(self, raw: str) -> str:
        kind = self.kind
        if kind == "s":
            return self.book.strings[int(raw)]
        if kind in ("", "n"):
            number = float(raw)
            if self.style in self.book.date_styles:
                return serial_text(number, since_1904=self.book.since_1904)
            return number_text(number)
        if kind == "b":
            return "是" if raw.strip() in ("1", "true") else "否"
        if kind == "d":
            return raw.strip().replace("T00:00:00", "").replace("T", " ")
        return clean_text(raw)

    def take(self) -> list[list[str]]:
        """The rows finished so far."""
        taken, self.ready = self.ready, []
        return taken


def read_xlsx(data: bytes, bounds: Bounds) -> Iterator[list[str]]:
    """Rows of the first visible sheet as texts, blank ones included, each ending with its last filled cell.

    The directory is checked at once, all else while reading. Raises `SheetRefused`.
    """
    return _stream(open_archive(data, bounds), bounds)


def _stream(archive: zipfile.ZipFile, bounds: Bounds) -> Iterator[list[str]]:
    try:
        book = read_book(archive, bounds)
        reader = _Reader(book, bounds)
        with archive.open(book.sheet) as stream:
            while chunk := stream.read(CHUNK):
                reader.parser.Parse(chunk, False)
                yield from reader.take()
        reader.parser.Parse(b"", True)
        yield from reader.take()
    except SheetRefused:
        raise
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, RuntimeError) as error:
        raise broken(error) from error
