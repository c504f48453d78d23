"""The import of unions by the command, killed as it enters: gone on with, it ends as an unbroken run does."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.core.jobs.ground import ROOT, Ground, ground, wait_for
from tests.core.organizations.small_city import ROWS
from tests.core.organizations.test_sheets import book, cells

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.kill]
COUNT = 600
TREE = """
from datetime import UTC, date, datetime
from pathlib import Path
from unionhome.core.organizations import actions
from unionhome.core.registry import Actor
system = Actor.system("test", datetime(2026, 3, 1, tzinfo=UTC))
actions.load_divisions(system, Path({path!r}), 2023)
actions.found_division_unions(system, "610500", founded_on=date(2015, 1, 1))
"""


@contextmanager
def city(folder: Path) -> Iterator[Ground]:
    folder.mkdir()
    divisions = folder / "divisions.csv"
    divisions.write_text(ROWS, encoding="utf-8")
    with ground(folder) as made:
        made.python(TREE.format(path=str(divisions)))
        yield made


def command(made: Ground, sheet: Path, *more: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "unionhome", "import-organizations", str(sheet), *more]
    return subprocess.run(line, env=made.env, cwd=ROOT, capture_output=True, text=True, timeout=240)


def unions(made: Ground) -> list[tuple[Any, ...]]:
    return made.rows(
        "SELECT n.code, n.name, CAST(o.founded_on AS TEXT), e.name, c.name FROM organizations_organization o "
        "JOIN tree_node n ON n.id = o.node_id LEFT JOIN organizations_employer e ON e.id = o.employer_id "
        "LEFT JOIN organizations_officer c ON c.organization_id = o.node_id ORDER BY n.code"
    )


def test_killed_as_it_enters_and_gone_on_with(tmp_path: Path) -> None:
    sheet = tmp_path / "组织表.xlsx"
    sheet.write_bytes(book(
        cells(工会编码=f"610502001-Q{number:04d}", 工会名称=f"第{number}示例厂工会", 单位名称=f"第{number}示例厂")
        for number in range(1, COUNT + 1)
    ))  # fmt: skip
    with city(tmp_path / "unbroken") as made:
        assert command(made, sheet).returncode == 0
        unbroken = unions(made)
    with city(tmp_path / "broken") as made:
        _kill_as_it_enters(made, sheet)
        before = unions(made)
        plain = command(made, sheet)
        assert plain.returncode == 1 and "--resume" in plain.stderr and unions(made) == before
        done = command(made, sheet, "--resume")
        assert done.returncode == 0, done.stderr
        assert unions(made) == unbroken and len(unbroken) == COUNT + 11
        assert made.rows("SELECT state, outcomes FROM organizations_unionsheet") == [("applied", "n" * COUNT)]
        assert made.rows("SELECT count(*) FROM journal_entry WHERE kind = 'organizations.sheet.entered'") == [(1,)]
        again = command(made, sheet)
        assert again.returncode == 0 and unions(made) == unbroken


def _kill_as_it_enters(made: Ground, sheet: Path) -> None:
    """Kill the command once the sheet is confirmed; the entry is one transaction, of which nothing is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "unionhome", "import-organizations", str(sheet)],
        env=made.env, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: made.rows("SELECT state FROM organizations_unionsheet") == [("applying",)], 120)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(unions(made)) == 11
