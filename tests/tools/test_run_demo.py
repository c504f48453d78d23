"""`make run` fills a demo once, brings it up to date when the code changed, and otherwise serves at once."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tools import run_demo
from unionhome.config.demo import ACCOUNTS, World
from unionhome.core.home.demo_cards import CARDS


@pytest.fixture
def verbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The verbs of the command in the order they were run; `demo` leaves a database behind."""
    run: list[str] = []

    def unionhome(env: dict[str, str], *words: str) -> None:
        run.append(words[0])
        assert (words[0] == "demo") == ("--migrate" in words)
        if words[0] in ("migrate", "demo"):
            (tmp_path / "unionhome.sqlite").touch()

    monkeypatch.setattr(run_demo, "unionhome", unionhome)
    monkeypatch.delenv("UNIONHOME_DATABASE_URL", raising=False)
    return run


def start(folder: Path, size: str = "village") -> None:
    run_demo.fill(folder, {}, size)


def test_the_first_start_fills_and_the_second_runs_nothing(tmp_path: Path, verbs: list[str]) -> None:
    start(tmp_path)
    assert verbs == ["demo"]
    start(tmp_path)
    assert verbs == ["demo"]


def test_changed_code_is_migrated_and_the_data_stays(tmp_path: Path, verbs: list[str], monkeypatch: Any) -> None:
    start(tmp_path)
    monkeypatch.setattr(run_demo, "code_mark", lambda: "other")
    start(tmp_path, "county")
    assert verbs == ["demo", "migrate"]
    assert (tmp_path / "demo-state").read_text() == "ready village other\n"


def test_a_demo_broken_off_while_filling_is_made_anew(tmp_path: Path, verbs: list[str]) -> None:
    (tmp_path / "demo-state").write_text("building county\n")
    (tmp_path / "unionhome.sqlite").write_text("half")
    (tmp_path / "lots-1").mkdir()
    start(tmp_path)
    assert verbs == ["demo"]
    assert not (tmp_path / "lots-1").exists()
    assert (tmp_path / "unionhome.sqlite").read_text() == ""


def test_another_database_is_migrated(tmp_path: Path, verbs: list[str], monkeypatch: Any) -> None:
    start(tmp_path)
    monkeypatch.setenv("UNIONHOME_DATABASE_URL", "postgres://127.0.0.1/other")
    start(tmp_path)
    assert verbs == ["demo", "migrate"]


def test_every_account_of_the_demo_is_said_and_has_its_card(capsys: pytest.CaptureFixture[str]) -> None:
    run_demo.say_where("127.0.0.1", 8000)
    said = capsys.readouterr().out
    names = [username for username, *_ in ACCOUNTS]
    assert sorted(card.name for card in CARDS) == sorted(names)
    assert all(f"  {name} " in said for name in (*names, "worker", "outsider"))


def test_the_filling_says_how_far_it_is_and_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    world = World("city", date(2026, 11, 24), Random(1))
    for done in (10, 20, 100):
        world.tell("会员", done, 100, "人")
    assert capsys.readouterr().err == "  会员 10 人，还剩 90 人\n  会员 100 人\n"
