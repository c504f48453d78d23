"""The parts of an .xlsx archive that are needed to read a sheet.

Sizes are bounded by the directory of the archive before anything is unpacked; document types, the carriers of entity
bombs, are refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from array import array
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from unionhome.kit.sheets.cells import CELL_SIGNS, SheetRefused, workbook_text
from unionhome.kit.sheets.watch import Watch

CHUNK = 256 * 1024
MOST_SIGNS = 7 * CELL_SIGNS  # of one text: each of its signs may be written as _x000D_
_MAX_PARTS = 5000
_SMALL_PART = 16 * 1024 * 1024
_RATIO, _RATIO_FROM = 150, 64 * 1024 * 1024
_MAX_ELEMENTS = 500_000
_MAX_STRINGS = 8_000_000
_MAX_TEXT = 512 * 1024 * 1024
_SHORT = 64  # signs; longer texts are kept ready, so that a cell that repeats one costs nothing
_FORMAT_SIGNS = 255  # what Excel takes; formats run through an expression
_KNOWN = frozenset(("Relationship", "workbookPr", "sheet", "numFmt", "cellXfs", "cellStyles", "xf"))
_DATE_FORMATS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_NO_DATE_SIGNS = re.compile(r'"[^"]*"?|\\.|\[[^\]]*\]?|_.|\*.|general', re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may hold: rows beneath each other, columns, and bytes when unpacked."""

    rows: int
    columns: int
    unpacked: int
    watch: Watch = field(default_factory=Watch, compare=False)


class Strings:
    """The shared strings of a book, held as bytes: a roster has millions, of which a list would take a gigabyte."""

    def __init__(self, most: int) -> None:
        self.most = min(most, _MAX_STRINGS)
        self._text, self._ends = bytearray(), array("Q", [0])
        self._long: dict[int, str] = {}
        self._long_size = 0

    def add(self, text: str) -> None:
        """Raises `SheetRefused` when there are too many."""
        place = len(self._ends) - 1
        if len(text) > _SHORT:
            self._long[place] = text
            self._long_size += 4 * len(text)
        else:
            self._text += text.encode()
        self._ends.append(len(self._text))
        if place >= self.most or len(self._text) + self._long_size > _MAX_TEXT:
            raise too_large()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> str:
        """Raises IndexError."""
        if place < 0:
            raise IndexError(place)
        end = self._ends[place + 1]
        if place in self._long:
            return self._long[place]
        return self._text[self._ends[place] : end].decode()


@dataclass(slots=True)
class Book:
    """What is needed to read the cells of one sheet."""

    sheet: str
    since_1904: bool
    date_styles: frozenset[str]
    strings: Strings


def broken(error: Exception | None = None) -> SheetRefused:
    """The refusal of a file that does not hold together."""
    refusal = SheetRefused("表格文件打不开，可能已损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。", "sheet.broken")
    refusal.__cause__ = error
    return refusal


def too_large() -> SheetRefused:
    """The refusal of a file that holds more than is read."""
    return SheetRefused("表格内容太多，请分成几个文件再上传。", "sheet.large")


def _refuse_document_type(*_: object) -> None:
    raise SheetRefused("表格文件里有不允许的内容，请另存为 .xlsx 后再上传。", "sheet.doctype")


def make_parser() -> expat.XMLParserType:
    """A parser that refuses document types."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _elements(stream: IO[bytes]) -> list[tuple[str, Attributes]]:
    """Names and attributes of those elements of a small part that are needed."""
    found: list[tuple[str, Attributes]] = []

    def start(name: str, attributes: Attributes) -> None:
        name = _local(name)
        if name not in _KNOWN:
            return
        if len(found) >= _MAX_ELEMENTS:
            raise too_large()
        found.append((name, {_local(key): value for key, value in attributes.items()}))

    parser = make_parser()
    parser.StartElementHandler = start
    parser.Parse(stream.read(_SMALL_PART), False)
    return found


# -- the archive -----------------------------------------------------------------------------------------------------


def open_archive(data: bytes, bounds: Bounds) -> zipfile.ZipFile:
    """The archive of a workbook whose directory keeps within the bounds. Raises `SheetRefused`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise broken(error) from error
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    suspicious = unpacked > _RATIO_FROM and unpacked > _RATIO * len(data)
    if len(parts) > _MAX_PARTS or unpacked > bounds.unpacked or suspicious:
        raise SheetRefused("表格文件解开后太大，请分成几个文件再上传。", "sheet.unpacked")
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused("表格文件加了密码，请去掉密码后再上传。", "sheet.password")
    return archive


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Type and absolute path of the parts that ``part`` points to, by their id."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in archive.namelist():
        return {}
    with archive.open(listed) as stream:
        found = [attributes for element, attributes in _elements(stream) if element == "Relationship"]
    return {
        one.get("Id", ""): (
            one.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:],
        )
        for one in found
    }


def read_book(archive: zipfile.ZipFile, bounds: Bounds) -> Book:
    """Find the first visible sheet, the styles that are days, and the shared strings. Raises `SheetRefused`."""
    parts = frozenset(archive.namelist())
    starts = [path for kind, path in _relations(archive, "").values() if kind == "officeDocument"]
    book_path = next((path for path in (*starts, "xl/workbook.xml") if path in parts), None)
    if book_path is None:
        raise SheetRefused("这不是 Excel 表格，请上传 .xlsx、.xls 或 .csv 文件。", "sheet.kind")
    relations = _relations(archive, book_path)
    with archive.open(book_path) as stream:
        elements = _elements(stream)
    since_1904 = any(
        name == "workbookPr" and attributes.get("date1904") in ("1", "true") for name, attributes in elements
    )
    named = {kind: path for kind, path in relations.values() if path in parts}
    return Book(
        _first_sheet(elements, relations, parts),
        since_1904,
        _date_styles(archive, named.get("styles")),
        _strings(archive, named.get("sharedStrings"), bounds),
    )


def _first_sheet(
    elements: list[tuple[str, Attributes]], relations: dict[str, tuple[str, str]], parts: frozenset[str]
) -> str:
    for name, attributes in elements:
        kind, path = relations.get(attributes.get("id", ""), ("", ""))
        if (
            name == "sheet"
            and kind == "worksheet"
            and attributes.get("state", "visible") == "visible"
            and path in parts
        ):
            return path
    raise SheetRefused("表格文件里没有可读的工作表。", "sheet.none")


def _date_styles(archive: zipfile.ZipFile, path: str | None) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a day or a time."""
    if path is None:
        return frozenset()
    with archive.open(path) as stream:
        elements = _elements(stream)
    own = {
        attributes.get("numFmtId", ""): attributes.get("formatCode", "")
        for name, attributes in elements
        if name == "numFmt"
    }
    names = [name for name, _ in elements]
    first = names.index("cellXfs") + 1 if "cellXfs" in names else len(names)
    last = names.index("cellStyles") if "cellStyles" in names[first:] else len(names)
    styles = [attributes.get("numFmtId", "0") for name, attributes in elements[first:last] if name == "xf"]
    dates = {style for style in set(styles) if _is_date(style, own.get(style))}
    return frozenset(str(place) for place, style in enumerate(styles) if style in dates)


def _is_date(number: str, code: str | None) -> bool:
    if code is None:
        return number in _DATE_FORMATS
    return len(code) <= _FORMAT_SIGNS and bool(_DATE_SIGNS.search(_NO_DATE_SIGNS.sub("", code)))


# -- shared strings --------------------------------------------------------------------------------------------------


def _strings(archive: zipfile.ZipFile, path: str | None, bounds: Bounds) -> Strings:
    if path is None:
        return Strings(0)
    found = Strings(4 * bounds.rows * bounds.columns + 100_000)
    pieces: list[str] = []
    size = 0
    reading = phonetic = False

    def start(name: str, _: Attributes) -> None:
        nonlocal reading, phonetic
        name = _local(name)
        reading = name == "t" and not phonetic
        phonetic = phonetic or name == "rPh"

    def end(name: str) -> None:
        nonlocal reading, phonetic, size
        reading, name = False, _local(name)
        if name == "rPh":
            phonetic = False
        elif name == "si":
            found.add(workbook_text("".join(pieces)))
            pieces.clear()
            size = 0

    def text(piece: str) -> None:
        nonlocal size
        if reading:
            pieces.append(piece)
            size += len(piece)
            if size > MOST_SIGNS:
                raise too_large()

    parser = make_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    with archive.open(path) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            bounds.watch.look()
    return found
