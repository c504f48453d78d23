"""`unionhome import-roster` and `unionhome export-roster`."""

import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from tests.core.members.conftest import Register
from tests.core.members.rosters.samples import document, enter, people, person, workbook
from unionhome.config import cli
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Membership, Person, RosterImport
from unionhome.core.members.rules.roster import headers
from unionhome.core.workflow.models import WorkItem

CITY = ("--organization", "610500")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    taken = capsys.readouterr()
    return code, taken.out, taken.err


def sheet(folder: Path, rows: list[dict[str, str]], name: str = "roster.xlsx") -> str:
    path = folder / name
    path.write_bytes(workbook(rows))
    return str(path)


def read(path: Path) -> list[list[Any]]:
    return load_workbook(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()


@pytest.fixture
def good(tmp_path: Path) -> str:
    return sheet(tmp_path, people(3))


def test_it_tells_what_was_entered_and_writes_what_was_not(
    register: Register, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "refused.xlsx"
    path = sheet(tmp_path, [*people(3), person(8, 手机号码="12")])
    code, told, wrong = run(capsys, "import-roster", path, "--result", str(out))
    assert (code, wrong) == (0, "")
    assert "roster：4行，登记完" in told and "手机号码不对：1" in told
    assert Membership.objects.count() == 3
    assert read(out)[1][0] == 5 and "11位" in read(out)[1][1]
    assert RosterImport.objects.get().user is None


def test_a_preview_enters_nothing_and_leaves_nothing_to_do(
    register: Register, capsys: pytest.CaptureFixture[str], good: str
) -> None:
    code, told, _ = run(capsys, "import-roster", good, "--preview")
    assert code == 0 and "只检查，没有登记" in told
    assert not Person.objects.exists() and not WorkItem.objects.filter(closed_at=None).exists()


def test_resume_after_the_end_begins_anew_and_changes_nothing(
    register: Register, capsys: pytest.CaptureFixture[str], good: str
) -> None:
    run(capsys, "import-roster", good)
    code, _, _ = run(capsys, "import-roster", good, "--resume")
    assert code == 0 and RosterImport.objects.count() == 2
    assert RosterImport.objects.latest("pk").counts == {"u": 3}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.xlsx",), "读不了文件"),
        (("{good}", "--organization", "999"), "没有编码是 999 的工会"),
        (("{good}", "--result", "nowhere/out.xlsx"), "没有文件夹"),
        (("{bad}",), "没有找到表头"),
        (("{young}",), "每一行都没有收"),
        (("{good}", "--organization", "610503"), "每一行都没有收"),
    ],
)
def test_refused_input_is_exit_1_with_the_reason(
    register: Register,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    good: str,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    bad, young = tmp_path / "bad.csv", sheet(tmp_path, [person(1, 姓名="")], "young.xlsx")
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    given = [each.format(good=good, bad=bad, young=young) for each in arguments]
    code, _, wrong = run(capsys, "import-roster", *given)
    assert code == 1 and words in wrong
    assert not Person.objects.exists() and not WorkItem.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize(
    "arguments", [("import-roster",), ("export-roster", "out.xlsx"), ("import-roster", "a", "--x")]
)
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("import-roster", "export-roster"):
        with pytest.raises(SystemExit) as ended:
            cli.main([verb, "--help"])
        assert ended.value.code == 0 and f"example: unionhome {verb}" in capsys.readouterr().out


def test_what_is_exported_can_be_handed_in_again(
    register: Register, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given = person(
        121, 户籍类型="农村户口", 是否农民工="否", 工作单位="一家没有登记的单位", 工会职务="组长", 备注="=备注"
    )
    enter(register.world, "town", [given, person(2, 手机号码="")])
    out = tmp_path / "out.xlsx"
    code, told, _ = run(capsys, "export-roster", "--organization", "610502001", str(out))
    assert code == 0 and "2名会员" in told
    rows = read(out)
    assert rows[0] == list(headers()) and rows[1][rows[0].index("证件号码*")] == document(121)
    assert Entry.objects.filter(kind="members.roster.exported").count() == 1
    run(capsys, "import-roster", str(out))
    assert RosterImport.objects.latest("pk").counts == {"u": 2}


def test_only_the_branch_is_exported(register: Register, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    enter(register.world, "city", [person(1), person(2, 工会组织代码="610503001")])
    out = tmp_path / "out.xlsx"
    run(capsys, "export-roster", "--organization", "610503", str(out))
    assert [row[0] for row in read(out)[1:]] == [person(2)["姓名"]]
