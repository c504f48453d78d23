"""Rows of an .xlsx file, streamed.

Readers that hold a whole sheet reserve its full rectangle: two cells far apart are enough to exhaust a machine, and a
roster of 700,000 rows takes 1.5 GB. This one keeps one row and the shared strings, and stops at the first cell out of
bounds.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from unionhome.kit.sheets.cells import SheetRefused, number_text, serial_text, workbook_text
from unionhome.kit.sheets.parts import (
    CHUNK,
    MOST_SIGNS,
    Attributes,
    Book,
    Bounds,
    broken,
    make_parser,
    open_archive,
    read_book,
    too_large,
)
from unionhome.kit.sheets.quick import Cells, row_pieces, split_row, starts_as_usual

_BATCH = 500  # rows handed on together


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
        self.size = 0
        self.reading = self.aside = False
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}

    # -- events of a parser

    def parser(self) -> expat.XMLParserType:
        """A parser that reports to this reader."""
        made = make_parser()
        made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = self._start, self._end, self._text
        return made

    def _start(self, name: str, attributes: Attributes) -> None:
        if not self.starts:
            self._learn(name)
        if (known := self.starts.get(name)) is not None:
            known(attributes)

    def _learn(self, root: str) -> None:
        """The root tells the prefix that all names carry."""
        prefix = root[: root.rfind(":") + 1]
        self.starts = {
            prefix + "c": self._open_cell,
            prefix + "v": self._open_value,
            prefix + "t": self._open_value,
            prefix + "row": self._open_row,
            prefix + "rPh": self._open_aside,
        }
        self.ends = {
            prefix + "c": self._close_cell,
            prefix + "v": self._close_value,
            prefix + "t": self._close_value,
            prefix + "row": self._close_row,
            prefix + "rPh": self._close_aside,
        }

    def _end(self, name: str) -> None:
        if (known := self.ends.get(name)) is not None:
            known()

    def _text(self, piece: str) -> None:
        if self.reading:
            self.pieces.append(piece)
            self.size += len(piece)
            if self.size > MOST_SIGNS:
                raise too_large()

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
        self.column = self._place(letters) if letters else self.column + 1
        self.kind, self.style = attributes.get("t", ""), attributes.get("s", "0")

    def _close_cell(self) -> None:
        if self.pieces:
            self._store(self.column, self._cell_text(self.kind, self.style, "".join(self.pieces)))
            self.pieces.clear()
            self.size = 0

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

    # -- rows taken apart before

    def add_row(self, number: str | None, cells: Cells) -> None:
        """Take a row that `split_row` has taken apart."""
        self._open_row({"r": number} if number else {})
        for letters, style, kind, value, text in cells:
            if raw := value or text:
                if len(raw) > MOST_SIGNS:
                    raise too_large()
                self._store(self._place(letters), self._cell_text(kind, style or "0", raw))
        self._close_row()

    # -- values

    def _place(self, letters: str) -> int:
        letters = letters[:4]
        place = self.columns.get(letters)
        if place is None:
            place = self.columns[letters] = _column(letters)
        return place

    def _store(self, column: int, text: str) -> None:
        if not text:
            return
        row = self.row
        if column == len(row) < self.bounds.columns:
            row.append(text)
            return
        if not 0 <= column < self.bounds.columns:
            raise SheetRefused(f"表格最多 {self.bounds.columns} 列，请删去多余的列后再上传。", "sheet.columns")
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text

    def _cell_text(self, kind: str, style: str, raw: str) -> str:
        if kind == "s":
            return self.book.strings[int(raw)]
        if kind in ("", "n"):
            number = float(raw)
            if style in self.book.date_styles:
                return serial_text(number, since_1904=self.book.since_1904)
            return number_text(number)
        if kind == "b":
            return "是" if raw.strip() in ("1", "true") else "否"
        if kind == "d":
            return raw.strip().replace("T00:00:00", "").replace("T", " ")
        return workbook_text(raw)

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
            head = stream.read(CHUNK)
            read = _read_quickly if starts_as_usual(head) else _read_slowly
            for _ in read(reader, head, stream):
                bounds.watch.look()
                yield from reader.take()
        yield from reader.take()
    except SheetRefused:
        raise
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        LookupError,
        ValueError,
        RuntimeError,
    ) as error:
        raise broken(error) from error


def _read_slowly(reader: _Reader, head: bytes, stream: IO[bytes]) -> Iterator[None]:
    parser, chunk = reader.parser(), head
    while chunk:
        parser.Parse(chunk, False)
        yield
        chunk = stream.read(CHUNK)
    parser.Parse(b"", True)


def _read_quickly(reader: _Reader, head: bytes, stream: IO[bytes]) -> Iterator[None]:
    for piece in row_pieces(head, stream):
        reader.bounds.watch.look()  # rows without content come to no batch
        split = split_row(piece)
        if split is None:
            reader.parser().Parse(f"<sheetData>{piece}</row></sheetData>", True)
        else:
            reader.add_row(*split)
        if len(reader.ready) >= _BATCH:
            yield
