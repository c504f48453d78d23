"""`unionhome figures` and `unionhome review`."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.figures.conftest import CODES, Add
from tests.worlds import World
from unionhome.config import cli
from unionhome.core.figures.rules.published import PUBLISHED
from unionhome.core.members.models import Person

SHAPE = ["code", "name", "value", "unit", "scope", "basis", "period"]
CITY = ("--organization", "610500", "--year", "2025")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    taken = capsys.readouterr()
    return code, taken.out, taken.err


def test_json_has_the_agreed_shape(world: World, add: Add, capsys: pytest.CaptureFixture[str]) -> None:
    add("union", amount_fen=1_860_00)
    code, out, _ = run(capsys, "figures", *CITY, "--format", "json")
    values: list[dict[str, Any]] = json.loads(out)
    assert code == 0 and [value["code"] for value in values] == CODES
    assert all(list(value) == SHAPE for value in values)
    assert next(value for value in values if value["code"] == "tests.money") == {
        "code": "tests.money",
        "name": "tests.money",
        "value": 186_000,
        "unit": "fen",
        "scope": "全市",
        "basis": "记录",
        "period": "2025",
    }


def test_rows_come_along_when_asked_for(
    world: World, add: Add, people: list[Person], capsys: pytest.CaptureFixture[str]
) -> None:
    add("union", person_id=people[0].pk, amount_fen=5)
    _, out, _ = run(capsys, "figures", *CITY, "--code", "tests.money", "--rows", "--format", "json")
    assert json.loads(out)[0]["rows"] == [
        {
            "日期": "2025-06-01",
            "服务": "走访",
            "工会": "渭南示例速运有限公司工会",
            "姓名": "王＊国",
            "内容": "上门走访",
            "金额（元）": 5,
        }
    ]


def test_csv_and_table(world: World, add: Add, capsys: pytest.CaptureFixture[str]) -> None:
    add("union", summary="=1+1", amount_fen=1_860_00)
    _, out, _ = run(capsys, "figures", *CITY, "--format", "csv")
    table = list(csv.reader(io.StringIO(out)))
    assert table[0] == SHAPE and ["tests.money", "tests.money", "186000", "fen", "全市", "记录", "2025"] in table
    _, out, _ = run(capsys, "figures", *CITY, "--code", "tests.visits", "--rows", "--format", "csv")
    assert "'=1+1" in next(csv.reader([out.splitlines()[1]]))
    code, out, _ = run(capsys, "figures", *CITY, "--rows")
    assert code == 0 and "1,860.00 元" in out and "上门走访" not in out and "渭南市总工会 2025年" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("figures", "--organization", "000000", "--year", "2025"), "没有编码是 000000 的工会"),
        (("figures", "--organization", "610500", "--year", "1492"), "年份要在"),
        (("figures", *CITY, "--code", "tests.nothing"), "没有这个指标"),
    ],
)
def test_refusals_go_to_stderr(
    world: World, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "") and reason in err


@pytest.mark.parametrize("arguments", [("figures",), ("figures", *CITY, "--format", "xml"), ("review", "--year", "x")])
def test_wrong_usage_is_told_apart(db: None, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2


def test_the_review_names_all_printed_numbers(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "review", "--organization", "610500", "--year", "2021", "--format", "json")
    review = json.loads(out)
    assert code == 0 and review["organization"] == "610500" and review["year"] == 2021
    assert {figure["code"] for figure in review["figures"]} == {each.code for each in PUBLISHED}
    assert all(list(figure)[:7] == SHAPE and figure["value"] is None for figure in review["figures"])
    assert {figure["state"] for figure in review["figures"]} == {"未开行"}
    assert "未开行" in review["sections"][0]["paragraphs"][0]


def test_the_review_as_a_page(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "review", *CITY, "--format", "html")
    assert code == 0 and out.startswith("<!doctype html>") and "未开行" in out and "渭南市总工会 2025年工作综述" in out


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_a_review_is_written_to_a_file(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str, begins: bytes
) -> None:
    place = tmp_path / f"综述.{form}"
    code, out, _ = run(
        capsys, "review", *CITY, "--format", form, "--out", str(place), "--base", "https://union.example"
    )
    assert code == 0 and str(place) in out and place.read_bytes().startswith(begins)
