"""A sheet of 20,000 rows with 600 bad ones, by the command, in processes of their own: refused rows, kill, nothing in clear.

Whoever is killed in the middle enters fewer, and so does everybody with PostgreSQL; a second lot is begun all the same.
"""

import io
import itertools
import random
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from python_calamine import load_workbook

from tests.core.jobs.ground import ROOT, Ground, ground, wait_for
from tests.core.members.rosters.samples import document, person, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.kill]

TREE = """
from datetime import UTC, date, datetime
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_nodes
opened = date(2015, 1, 1)
add_nodes(Actor.system("test", datetime(2026, 3, 1, tzinfo=UTC)), [
    NewNode("610500", "渭南市总工会", "city", "", opened, True),
    NewNode("610502", "临渭区总工会", "county", "610500", opened, True),
    NewNode("610503", "华州区总工会", "county", "610500", opened, True),
    *(NewNode(f"610503-Q{n:04d}", f"华州第{n}示例工会", "grassroots", "610503", opened, False) for n in range(3)),
    *(NewNode(f"610502-Q{n:04d}", f"第{n}示例工会", "grassroots", "610502", opened, False) for n in range(40)),
])
"""
ROWS, BAD_EACH = (20_000, 75) if connection.vendor == "sqlite" else (9_000, 35)
BROKEN_OFF = 12_000
SHAPES = ("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def wrong_check(row: dict[str, str]) -> None:
    number = row["证件号码"]
    row["证件号码"] = number[:17] + ("1" if number[17] != "1" else "2")


def wrong_birth(row: dict[str, str]) -> None:
    row["证件号码"] = row["证件号码"][:10] + "1340" + row["证件号码"][14:]


def old_number(row: dict[str, str]) -> None:
    row["证件号码"] = row["证件号码"][:6] + row["证件号码"][8:17]


FAULTS = (
    (wrong_check, "身份证号码有误"),
    (wrong_birth, "出生日期不存在"),
    (lambda row: row.update(工会组织代码="610502-Q9999"), "没有代码是"),
    (lambda row: row.update(姓名=" "), "请填写姓名"),
    (lambda row: row.update(性别="女" if row["性别"] == "男" else "男"), "和证件号码不符"),
    (lambda row: row.update(手机号码=row["手机号码"][:10]), "11位"),
    (old_number, "15位"),
    (lambda row: row.update(入会日期=f"{date.today() + timedelta(days=40):%Y-%m-%d}"), "今天以后"),
)


def make_rows() -> tuple[list[dict[str, str]], dict[int, str]]:
    """The rows, and what each bad one must be told, by its number in the sheet."""
    chance = random.Random(7)
    rows = [person(number, 工会组织代码=f"610502-Q{number % 40:04d}", 入会日期=_day(number)) for number in range(ROWS)]
    for number, row in enumerate(rows):
        if number % 5 == 0:
            row["证件号码"] = row["证件号码"].translate(WIDE)
        elif number % 5 == 1:
            row["证件号码"] = f" {row['证件号码'].lower()} "
    told: dict[int, str] = {}
    places = chance.sample(range(ROWS), BAD_EACH * len(FAULTS))
    for (spoil, words), place in zip(itertools.cycle(FAULTS), places, strict=False):
        rows[place] = person(place, 工会组织代码="610502-Q0001")
        spoil(rows[place])
        told[place + 2] = words
    return rows, told


def _day(number: int) -> str:
    return SHAPES[number % 3].format(date(2010, 1, 1) + timedelta(days=number % 4000))


def command(made: Ground, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "unionhome", *arguments], env=made.env, cwd=ROOT, capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip


@contextmanager
def city(folder: Path) -> Iterator[Ground]:
    """An empty register over forty unions."""
    folder.mkdir()
    with ground(folder) as made:
        made.python(TREE)
        yield made


def members(made: Ground) -> list[tuple[Any, ...]]:
    """Everything that does not differ from run to run."""
    return made.rows(
        "SELECT p.document_index, p.name, p.node_id, p.sex, CAST(p.birth_on AS TEXT), p.phone_index, p.ethnicity, "
        "p.education, m.node_id, CAST(m.joined_on AS TEXT), m.status FROM members_person p "
        "JOIN members_membership m ON m.person_id = p.id ORDER BY p.document_index"
    )


def bytes_held(made: Ground) -> Iterator[tuple[str, bytes]]:
    """All that lies under the data directory, unpacked where it is packed, and all cells of a server's tables."""
    for path in sorted(made.folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield path.name, data
            if zipfile.is_zipfile(io.BytesIO(data)):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    yield from ((name, archive.read(name)) for name in archive.namelist())
    if not made.url.startswith("sqlite"):
        for (table,) in made.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            yield table, "\n".join(row[0] for row in made.rows(f"SELECT t::text FROM {table} t")).encode()
        return
    with closing(sqlite3.connect(made.url.removeprefix("sqlite://"))) as here:
        for (table,) in here.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in here.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    if isinstance(cell, bytes) and cell[:1] == b"\x78":
                        yield table, zlib.decompress(cell)


def test_exactly_the_bad_rows_are_refused_and_nothing_lies_in_clear(tmp_path: Path) -> None:
    rows, told = make_rows()
    sheet, result = tmp_path / "名册.xlsx", tmp_path / "没有收的.xlsx"
    sheet.write_bytes(workbook(rows))
    with city(tmp_path / "data") as made:
        preview = command(made, "import-roster", str(sheet), "--preview")
        assert preview.returncode == 0 and not members(made), preview.stderr
        county = ("--organization", "610502")
        done = command(made, "import-roster", str(sheet), *county, "--result", str(result))
        assert done.returncode == 0, done.stderr
        refused = load_workbook(io.BytesIO(result.read_bytes())).get_sheet_by_index(0).to_python()[1:]
        assert {int(row[0]) for row in refused} == set(told)
        for row in refused:
            assert told[int(row[0])] in str(row[1])
        first = members(made)
        assert len(first) == ROWS - len(told)
        again = command(made, "import-roster", str(sheet), *county)
        assert again.returncode == 0 and members(made) == first
        assert made.rows("SELECT count(*) FROM members_membership") == [(len(first),)]
        _assert_sealed(made)


def _assert_sealed(made: Ground) -> None:
    """No document and no phone of all those people, in whatever encoding of digits."""
    numbers = {text.encode() for place in range(ROWS) for text in (document(place), f"139{place:08d}")}
    held = 0
    for name, data in bytes_held(made):
        held += len(data)
        found = numbers_in(data) & numbers
        assert not found, f"{name} holds {sorted(found)[0].decode()[:4]}…"
    assert held > 50 * ROWS


NUMBERS = (re.compile(rb"(?=(\d{17}[\dXx]))"), re.compile(rb"(?=(1[3-9]\d{9}))"))


def numbers_in(data: bytes) -> set[bytes]:
    """What looks like a document or a phone, wherever it begins; UTF-16 and UTF-32 are digits with zeros between."""
    found: set[bytes] = set()
    for text in (data, data.replace(b"\0", b"")) if b"\0" in data else (data,):
        for pattern in NUMBERS:
            found.update(match[1].upper() for match in pattern.finditer(text))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_a_number_in_clear_would_be_found(encoding: str) -> None:
    """The search of these tests, on what it is meant to find."""
    text = f"姓名{document(7).lower()}，电话99{13900000007}"
    assert {document(7).encode(), b"13900000007"} <= numbers_in(b"\1" + text.encode(encoding))


def test_killed_in_the_middle_and_resumed_is_as_unbroken(tmp_path: Path) -> None:
    rows = [person(number, 工会组织代码=f"610502-Q{number % 40:04d}") for number in range(BROKEN_OFF)]
    sheet = tmp_path / "名册.xlsx"
    sheet.write_bytes(workbook(rows))
    with city(tmp_path / "unbroken") as made:
        assert command(made, "import-roster", str(sheet)).returncode == 0
        unbroken = members(made)
    with city(tmp_path / "broken") as made:
        _kill_in_the_middle(made, sheet)
        assert 0 < len(members(made)) < BROKEN_OFF
        plain = command(made, "import-roster", str(sheet))
        assert plain.returncode == 1 and "--resume" in plain.stderr
        done = command(made, "import-roster", str(sheet), "--resume")
        assert done.returncode == 0, done.stderr
        assert members(made) == unbroken and len(unbroken) == BROKEN_OFF
        assert made.rows("SELECT count(*) FROM members_person") == [(BROKEN_OFF,)]
        assert made.rows("SELECT state, done_count FROM members_rosterimport") == [("applied", BROKEN_OFF)]
        outcomes = made.rows("SELECT outcomes FROM members_rosterlot ORDER BY number")
        assert "".join(row[0] for row in outcomes) == "n" * BROKEN_OFF
        assert made.rows("SELECT count(*) FROM journal_entry WHERE kind = 'members.roster.entered'") == [(40,)]


def _kill_in_the_middle(made: Ground, sheet: Path) -> None:
    """Kill the command as soon as a lot was entered and others wait."""
    process = subprocess.Popen(
        [sys.executable, "-m", "unionhome", "import-roster", str(sheet)],
        env=made.env, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: made.rows("SELECT count(*) FROM members_rosterlot WHERE applied_at IS NOT NULL") != [(0,)], 120)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    """The same people in the rosters of two counties: each becomes a member once, the other is told so and no more."""
    count = 6_000
    orders = (range(count), range(count - 1, -1, -1))
    with city(tmp_path / "data") as made:
        processes = []
        for county, order in zip(("610502", "610503"), orders, strict=True):
            sheet = tmp_path / f"{county}.xlsx"
            sheet.write_bytes(workbook(person(n, 工会组织代码=f"{county}-Q{n % 3:04d}") for n in order))
            line = [sys.executable, "-m", "unionhome", "import-roster", str(sheet), "--organization", county]
            processes.append(subprocess.Popen(line, env=made.env, cwd=ROOT, stdout=subprocess.DEVNULL))
        assert [process.wait(timeout=200) for process in processes] == [0, 0]
        assert made.rows("SELECT count(*), count(DISTINCT document_index) FROM members_person") == [(count, count)]
        assert made.rows("SELECT count(*), count(DISTINCT person_id) FROM members_membership") == [(count, count)]
        outcomes = "".join(row[0] for row in made.rows("SELECT outcomes FROM members_rosterlot"))
        assert outcomes.count("n") == count and outcomes.count("r") == count
