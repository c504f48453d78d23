"""Pages of publications: reachable, walked by clicking, closed to others; the public page tells what it may."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.core.figures.conftest import Add, flow
from tests.core.figures.publishing import draft, publish, staff, walk
from tests.worlds import World
from unionhome.config.cli import main
from unionhome.core.figures import queries
from unionhome.core.figures.models import Publication, PublishedFigure
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import Figure
from unionhome.kit.verifier import check_export

ClientFor = Callable[..., Client]
YEAR = "from=2025-01-01&to=2025-12-31"


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, declared: None) -> None:
    """One of the figures may be told to the public."""
    figures: dict[str, Figure] = dict(queries.catalog._by_code())  # type: ignore[attr-defined]
    for code, measure in (("tests.told", "rows"), ("tests.helped", "people:person")):
        figures[code] = flow(code, "人", measure, openness="public")
    monkeypatch.setattr("unionhome.core.figures.queries.catalog._by_code", lambda: figures)


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_a_publication_is_walked_by_clicking(world: World, add: Add, client_for: ClientFor) -> None:
    add("union", amount_fen=5_000)
    staff(world, "town")
    town = client_for("town")
    listed = page(town, f"/desk/figures/?{YEAR}&node=610502001")
    assert "/desk/figures/published/?" in listed
    assert "/desk/figures/published/new/" in page(town, f"/desk/figures/published/?{YEAR}&node=610502001")
    form = page(town, f"/desk/figures/published/new/?{YEAR}&node=610502001")
    assert 'value="tests.visits"' in form
    sent = town.post(
        f"/desk/figures/published/new/?{YEAR}&node=610502001",
        {"title": "2025年数字", "codes": ["tests.visits", "tests.money"], "submit_key": "a" * 32},
    )
    row = Publication.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/desk/figures/published/{row.pk}/"
    shown = page(town, sent["Location"])
    assert "等部门核对" in shown and "50.00" in shown
    assert row.title in page(town, "/desk/inbox/")
    for verb, who in (("check", "town"), ("approve", "town_office"), ("publish", "town_chair")):
        client = client_for(who)
        assert f"/moves/{verb}/" in page(client, f"/desk/figures/published/{row.pk}/")
        assert client.post(f"/desk/figures/published/{row.pk}/moves/{verb}/").status_code == 302
    published = page(town, f"/desk/figures/published/{row.pk}/")
    assert "已签发公布" in published and published.count("/open/verify/") == 2
    figure = page(town, f"/desk/figures/tests.visits/?{YEAR}&node=610502001")
    assert f"/desk/figures/frozen/{row.figures.get(code='tests.visits').public_id}/" in figure


def test_what_is_sent_wrong_comes_back_whole(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    address = f"/desk/figures/published/new/?{YEAR}&node=610502001"
    answer = client_for("town").post(address, {"title": "半填的标题", "codes": []})
    body = answer.content.decode()
    assert answer.status_code == 400 and "请选要发布的指标" in body and "半填的标题" in body
    answer = client_for("town").post(address, {"title": "", "codes": ["tests.visits"]})
    body = answer.content.decode()
    assert answer.status_code == 400 and re.search(r'value="tests.visits"[^>]*checked', body)


def test_returning_asks_why(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    row = draft(world, "town", ["tests.visits"])
    address = f"/desk/figures/published/{row.pk}/moves/return/"
    town = client_for("town")
    assert "原因" in page(town, address)
    assert town.post(address, {"reason": ""}).status_code == 400
    assert town.post(address, {"reason": "期间不对"}).status_code == 302
    assert "期间不对" in page(town, f"/desk/figures/published/{row.pk}/")
    assert town.get(f"/desk/figures/published/{row.pk}/moves/nonsense/").status_code == 404


def test_a_publication_of_others_is_not_there(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    row = publish(world, "town", "tests.visits")
    other = client_for("other_town")
    for path in (f"/desk/figures/published/{row.publication_id}/", f"/desk/figures/frozen/{row.public_id}/"):
        page(other, path, 404)
        page(client_for("county"), path)
    assert other.post(f"/desk/figures/frozen/{row.public_id}/export/").status_code == 404
    assert other.post(f"/desk/figures/published/proof/?{YEAR}&node=610502001").status_code == 404
    assert "2025年数字" not in page(other, "/desk/figures/published/")
    for place in ("union", "lawyer", "sysadmin"):
        answer = client_for(place).get(f"/desk/figures/frozen/{row.public_id}/")
        assert answer.status_code in (403, 404)


def test_the_frozen_rows_are_shown_and_leave_as_a_workbook(
    world: World, add: Add, client_for: ClientFor, people: list[Person]
) -> None:
    for number in range(3):
        add("union", person_id=people[number].pk, summary=f"走访第{number}户")
    row = publish(world, "town", "tests.visits")
    shown = page(client_for("town"), f"/desk/figures/frozen/{row.public_id}/")
    assert all(f"走访第{number}户" in shown for number in range(3)) and "签名核对无误" in shown
    assert "王建国" not in shown and row.rows_digest in shown
    answer = client_for("town").post(f"/desk/figures/frozen/{row.public_id}/export/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 4 and rows[0][-1] == "这一行的摘要" and len(str(rows[1][-1])) == 64
    assert Entry.objects.filter(kind="figures.frozen.exported").count() == 1


def test_the_public_page_shows_a_public_number_with_its_proof(
    world: World, add: Add, client_for: ClientFor, tmp_path: Path
) -> None:
    for number in range(6):
        add("union" if number else "village", summary=f"走访第{number}户")
    row = publish(world, "town", "tests.told")
    shown = page(client_for("public"), f"/open/verify/{row.public_id}/")
    for words in ("校验通过", "人民街道总工会", "测试用", "郑镇", row.signature, row.rows_digest, "<svg", "第 1 版"):
        assert words in shown, words
    assert re.search(r'uh-proof">6<', shown) and "走访第" not in shown
    assert "看冻结的行" not in shown and "看冻结的行" in page(client_for("town"), f"/open/verify/{row.public_id}/")
    answer = client_for("public").get(f"/open/verify/{row.public_id}/proof/")
    (tmp_path / "p.zip").write_bytes(answer.content)
    report = check_export(tmp_path / "p.zip", [row.key.fingerprint])
    assert [finding.code for finding in report.findings] == ["not-whole"] and report.statements == 1
    assert "verify.py" in zipfile.ZipFile(tmp_path / "p.zip").namelist()


def test_small_cells_are_kept_back_with_another(world: World, add: Add, client_for: ClientFor) -> None:
    for place, count in (("village", 2), ("other_village", 6), ("union", 9)):
        for _ in range(count):
            add(place)
    row = publish(world, "town", "tests.told")
    shown = {cell["label"]: cell["shown"] for cell in json.loads(row.statement)["cells"]}
    assert shown["园里堡社区工会"] is None and shown["南塘社区工会"] is None
    assert shown["渭南示例速运有限公司工会"] == "9"
    assert page(client_for("public"), f"/open/verify/{row.public_id}/").count("不显示</td>") == 2


def test_a_number_of_few_people_is_not_told(
    world: World, add: Add, client_for: ClientFor, people: list[Person]
) -> None:
    for person in people:
        add("union", person_id=person.pk)
    row = publish(world, "town", "tests.helped")
    shown = page(client_for("public"), f"/open/verify/{row.public_id}/")
    assert "少于 5" in shown and not re.search(r'uh-proof">3<', shown) and "按下级工会" not in shown
    assert client_for("public").get(f"/open/verify/{row.public_id}/proof/").status_code == 404


def test_an_internal_number_is_proved_but_not_told(world: World, add: Add, client_for: ClientFor) -> None:
    for _ in range(7):
        add("union")
    row = publish(world, "town", "tests.visits")
    shown = page(client_for("public"), f"/open/verify/{row.public_id}/")
    assert "只在工会内部使用" in shown and row.signature in shown and not re.search(r'uh-proof">7<', shown)
    assert "7 行" not in shown


def test_every_version_and_reason_is_public(world: World, add: Add, client_for: ClientFor) -> None:
    for _ in range(6):
        add("union")
    first = publish(world, "town", "tests.told")
    add("union")
    second = publish(world, "town", "tests.told", reason="漏登了一次走访")
    old, new = (page(client_for("public"), f"/open/verify/{row.public_id}/") for row in (first, second))
    assert "后来更正过" in old and f"/open/verify/{second.public_id}/" in old and re.search(r'uh-proof">6<', old)
    assert "漏登了一次走访" in old and "漏登了一次走访" in new and re.search(r'uh-proof">7<', new)


def test_a_changed_row_of_the_database_is_seen(world: World, add: Add, client_for: ClientFor) -> None:
    for _ in range(6):
        add("union")
    row = publish(world, "town", "tests.told")
    PublishedFigure.objects.filter(pk=row.pk).update(statement=row.statement.replace('"shown":"6"', '"shown":"9"'))
    assert "校验没有通过" in page(client_for("public"), f"/open/verify/{row.public_id}/")


def test_a_draft_and_a_wrong_id_are_not_public(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    row = draft(world, "town", ["tests.told"]).figures.get()
    for public_id in (row.public_id, "f" * 24, "x"):
        page(client_for("public"), f"/open/verify/{public_id}/", 404)


def test_names_of_signers_are_the_unions_own_choice(world: World, add: Add) -> None:
    for _ in range(6):
        add("union")
    set_value(world.actor("system"), "figures.signer_names", False, world.today, "信息公开规定", world.nodes["county"])
    said = json.loads(publish(world, "town", "tests.told").statement)
    assert [each["name"] for each in said["signers"]] == ["", "", ""] and said["signers"][0]["post"] == "工会干事"


def test_anybody_finds_the_program_the_keys_and_the_way(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    row = publish(world, "town", "tests.visits")
    public = client_for("public")
    assert "编号" in page(public, "/open/verify/")
    assert public.get(f"/open/verify/?id= {row.public_id.upper()} ")["Location"] == f"/open/verify/{row.public_id}/"
    assert "请核对" in page(public, "/open/verify/?id=编号")
    assert b"def is_signed" in public.get("/open/verify/program/").content
    keys = page(public, "/open/keys/610502001/")
    assert row.key.public in keys and "在用" in keys
    assert "还没有密钥" in page(public, "/open/keys/610503/")
    page(public, "/open/keys/999/", 404)


def test_the_keeper_of_keys_changes_one(world: World, add: Add, client_for: ClientFor) -> None:
    world.cadre("keeper", "town", "secadmin")
    client = client_for("keeper")
    assert "/desk/figures/keys/" in page(client, "/desk/grants/")
    assert "还没有密钥" in page(client, "/desk/figures/keys/")
    assert client.post("/desk/figures/keys/", {"reason": ""}).status_code == 400
    assert client.post("/desk/figures/keys/", {"reason": "先备好"}).status_code == 302
    assert "先备好" in page(client, "/desk/figures/keys/")
    weak = client_for("keeper", strong=False).post("/desk/figures/keys/", {"reason": "再换"})
    assert weak["Location"].startswith("/desk/second-factor/")


def test_the_commands_write_a_proof_and_print_the_keys(
    world: World, add: Add, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add("union")
    row = publish(world, "town", "tests.visits")
    out = str(tmp_path / "p.zip")
    assert main(["signing-keys", "--organization", "610502001"]) == 0
    fingerprint = capsys.readouterr().out.split()[0]
    assert fingerprint == row.key.fingerprint
    assert main(["export-proof", "--organization", "610502001", "--year", "2025", out]) == 0
    assert main(["verify", out, "--fingerprint", fingerprint]) == 0
    assert main(["export-proof", "--organization", "610502001", "--year", "2019", out]) == 1
    assert main(["signing-keys", "--organization", "610502001", "--renew", "--reason", "年度更换"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 2


@pytest.mark.parametrize("state", ["drafted", "checked", "approved", "published"])
def test_every_state_has_its_page(world: World, add: Add, client_for: ClientFor, state: str) -> None:
    add("union")
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), state)
    page(client_for("county"), f"/desk/figures/published/{row.pk}/")
    page(client_for("town"), "/desk/figures/published/?state=open")
