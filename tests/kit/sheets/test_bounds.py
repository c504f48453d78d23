"""Files made to take time or memory: small to send, endless to read."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
import xlsxwriter

from tests.kit.sheets.test_reading import MAIN, made, packed, refusal, rows
from unionhome.kit.sheets import SheetRefused, parts, quick, reading
from unionhome.kit.sheets.parts import Strings
from unionhome.kit.sheets.watch import Watch

SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
STRINGS = f'<sst xmlns="{MAIN}">{{}}</sst>'


def seconds(started: float) -> float:
    return time.process_time() - started


@pytest.mark.parametrize("sign", ["[", '"', "_", "[\\"])
def test_formats_of_many_signs_are_told_at_once(sign: str) -> None:
    started = time.process_time()
    assert not parts._is_date("200", sign * 300_000)
    assert parts._NO_DATE_SIGNS.sub("", sign * 300_000 + "x") is not None
    assert seconds(started) < 2


def test_a_format_longer_than_excel_takes_shows_a_number() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, code in enumerate(("yyyy-mm-dd" + " " * 245, "yyyy-mm-dd" + " " * 246)):
            sheet.write_number(row, 0, 44_260, book.add_format({"num_format": code}))

    assert rows(made(fill)) == [["2021-03-05"], ["44260"]]


def test_a_head_of_blanks_is_passed_at_once() -> None:
    started = time.process_time()
    assert not quick.starts_as_usual(b" " * 200_000)
    assert seconds(started) < 2


def test_many_relations_to_many_parts_are_looked_up_at_once() -> None:
    parts_of = {f"part{number}": "" for number in range(4000)}
    many = '<Relationship Id="many{0}" Type="urn:x/worksheet" Target="nowhere/{0}"/>'
    data = packed(
        SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>'),
        **parts_of,
    )
    started = time.process_time()
    with_many = _with_relations(data, "".join(many.format(number) for number in range(40_000)))
    assert rows(with_many) == [["1"]]
    assert seconds(started) < 5


def _with_relations(data: bytes, relations: str) -> bytes:
    """The same archive, whose workbook points to more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace(b"</Relationships>", relations.encode() + b"</Relationships>")
            new.writestr(name, text)
    return out.getvalue()


def test_shared_strings_take_little_memory() -> None:
    texts = [f"6105{number:014d}" for number in range(200_000)]
    tracemalloc.start()
    held = Strings(len(texts) + 1)
    for text in texts:
        held.add(text)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 8_000_000  # 18 signs and 8 for their end each; as a list 15 MB and more
    assert (held[0], held[199_999], len(held)) == (texts[0], texts[-1], 200_000)


def test_shared_strings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = SHEET.format('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    many = packed(cell, sharedStrings=STRINGS.format("<si><t>甲</t></si>" * 50))
    assert rows(many) == [["甲"]]
    with monkeypatch.context() as changed:
        changed.setattr(parts, "_MAX_STRINGS", 49)
        assert refusal(many) == "sheet.large"
    with monkeypatch.context() as changed:
        changed.setattr(parts, "_MAX_TEXT", 100)
        assert refusal(many) == "sheet.large"


@pytest.mark.parametrize("where", ["shared", "inline", "slow"])
def test_a_text_longer_than_any_cell_is_refused(where: str) -> None:
    text = "长" * (8 * 32_767)
    if where == "shared":
        data = packed(
            SHEET.format('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
            sharedStrings=STRINGS.format(f"<si><t>{text}</t></si>"),
        )
    else:
        data = packed(
            SHEET.format(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>').replace(
                "<worksheet", "<!-- --><worksheet" if where == "slow" else "<worksheet"
            )
        )
    assert refusal(data) == "sheet.large"


def test_shared_strings_of_every_length_come_back() -> None:
    texts = ["", "短", "x" * 64, "长" * 65, "长" * 32_000, "末"]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    cells = "".join(f'<c r="{"ABCDEF"[place]}1" t="s"><v>{place}</v></c>' for place in range(len(texts)))
    data = packed(SHEET.format(f'<row r="1">{cells}</row>'), sharedStrings=STRINGS.format(shared))
    assert rows(data) == [texts]


def test_a_line_of_a_csv_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LINE_SIGNS", 20)
    assert rows("姓名,证件\n甲,1\n".encode(), "a.csv") == [["姓名", "证件"], ["甲", "1"]]
    assert refusal(b"," * 21, "a.csv") == "sheet.large"


def test_reading_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("unionhome.kit.sheets.watch.monotonic", lambda: now[0])

    def slow() -> Iterator[list[str]]:
        for _ in range(4):
            now[0] += 3
            yield ["甲"]

    taken = []
    with pytest.raises(SheetRefused) as caught:
        for row in Watch(10).over(slow()):
            taken.append(row)
            now[0] += 1000  # whoever takes the rows may take their time
    assert len(taken) == 3
    assert caught.value.code == "sheet.slow"
    assert caught.value.sentence.startswith("表格太复杂，读不完")


@pytest.mark.parametrize("way", ["quick", "slow"])
def test_the_time_is_looked_at_while_nothing_comes(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows without content give no row between two looks."""
    now = [0.0]

    def clock() -> float:
        now[0] += 400
        return now[0]

    monkeypatch.setattr("unionhome.kit.sheets.watch.monotonic", clock)
    sheet = SHEET.format("".join(f'<row r="{number}"></row>' for number in range(1, 90)))
    if way == "slow":
        sheet = sheet.replace("<sheetData>", "<!-- --><sheetData>")
    assert refusal(packed(sheet, sharedStrings=STRINGS.format("<si/>"))) == "sheet.slow"
