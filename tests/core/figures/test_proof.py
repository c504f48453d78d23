"""The proof of published figures: whole, it holds without server and database; tampered with, every fault is named."""

import json
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.core.figures.conftest import Add
from tests.core.figures.publishing import PERIOD, publish
from tests.worlds import World
from unionhome.config.cli import main
from unionhome.core.figures import actions
from unionhome.core.journal.actions import record
from unionhome.core.members.models import Person
from unionhome.core.registry import NotFound, Refused
from unionhome.kit import signing
from unionhome.kit.verifier import BadExport, canonical, check_export, entry_digest, fingerprint_of, sha256

Files = dict[str, bytes]
Change = Callable[[Files], None]


@pytest.fixture
def proof(world: World, add: Add, people: list[Person], tmp_path: Path) -> Path:
    """A town's year: two figures, one of them in two versions, some acts in the journal, exported."""
    for number in range(6):
        add("union", person_id=people[number % 3].pk, amount_fen=1_000 * (number + 1), summary=f"走访第{number}户")
    town = world.nodes["town"]
    for number in range(5):
        record(world.actor("town"), "tests.act.done", node=town, summary=f"第{number}件事")
    publish(world, "town", "tests.money")
    publish(world, "town", "tests.people")
    add("union", amount_fen=9_000)
    publish(world, "town", "tests.money", reason="补登一次")
    made = actions.export_proof(world.actor("town"), town, PERIOD.start_on, PERIOD.end_on)
    assert made.figures == 3
    path = tmp_path / "proof.zip"
    path.write_bytes(made.content)
    return path


def read(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Files) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def fingerprint(files: Files) -> str:
    return str(json.loads(files["keys.json"])[0]["fingerprint"])


def find(files: Files, code: str, version: int = 1) -> str:
    """The id of a published figure in the export."""
    for name, data in files.items():
        if name.startswith("statements/") and name.endswith(".json"):
            said = json.loads(data)
            if (said["figure"]["code"], said["version"]) == (code, version):
                return str(said["id"])
    raise AssertionError(code)


def test_a_whole_proof_holds(proof: Path) -> None:
    report = check_export(proof, [fingerprint(read(proof))])
    assert report.findings == [] and report.statements == 3 and report.rows == 6 + 3 + 7 and report.entries > 10


def test_it_holds_with_nothing_but_the_file_itself(proof: Path, tmp_path: Path) -> None:
    files = read(proof)
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    run = [
        sys.executable,
        "-I",
        "-S",
        "verify.py",
        proof.name,
        "--fingerprint",
        signing.fingerprint_text(fingerprint(files)),
    ]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "没有发现问题" in done.stdout and "3个发布的数" in done.stdout


def change_a_byte_of_a_row(files: Files) -> None:
    name = f"rows/{find(files, 'tests.money')}.jsonl"
    lines = files[name].splitlines(keepends=True)
    lines[2] = lines[2].replace("走访".encode(), "造访".encode(), 1)
    files[name] = b"".join(lines)


def change_a_row_and_its_digest(files: Files) -> None:
    name = f"rows/{find(files, 'tests.money')}.jsonl"
    lines = files[name].splitlines(keepends=True)
    facts = json.loads(lines[2])
    facts.pop("digest")
    facts["cells"][4] = "另一件事"
    facts["digest"] = sha256(canonical(facts))
    lines[2] = canonical(facts) + b"\n"
    files[name] = b"".join(lines)


def change_a_byte_of_an_entry(files: Files) -> None:
    changed = files["journal.jsonl"].replace("核对无误".encode(), "核对有误".encode(), 1)
    assert changed != files["journal.jsonl"]
    files["journal.jsonl"] = changed


def links(files: Files) -> list[bytes]:
    return files["journal.jsonl"].splitlines(keepends=True)


def drop_an_entry(files: Files) -> None:
    lines = links(files)
    del lines[3]
    files["journal.jsonl"] = b"".join(lines)


def drop_the_last_entries(files: Files) -> None:
    files["journal.jsonl"] = b"".join(links(files)[:-2])


def swap_two_entries(files: Files) -> None:
    lines = links(files)
    lines[3], lines[4] = lines[4], lines[3]
    files["journal.jsonl"] = b"".join(lines)


def swap_what_two_entries_say(files: Files) -> None:
    """The places stay, the contents change: the chain breaks at both."""
    lines = [json.loads(line) for line in links(files)]
    shown = [place for place, link in enumerate(lines) if link["facts"]]
    first, second = shown[0], shown[1]
    lines[first]["facts"], lines[second]["facts"] = lines[second]["facts"], lines[first]["facts"]
    files["journal.jsonl"] = b"".join(canonical(link) + b"\n" for link in lines)


def forge_the_whole_chain(files: Files) -> None:
    """An entry changed and every digest after it made anew: only what was signed of the chain tells."""
    previous = json.loads(files["manifest.json"])["journal"]["previous"]
    made = []
    for place, line in enumerate(links(files)):
        link = json.loads(line)
        link["previous"] = previous
        if link["facts"] is not None:
            if "summary" in link["facts"] and place > 8:
                link["facts"]["summary"] = "改过"
            link["digest"] = entry_digest(link["facts"], link["seq"], previous)
        previous = link["digest"]
        made.append(canonical(link) + b"\n")
    files["journal.jsonl"] = b"".join(made)


def change_a_total(files: Files) -> None:
    name = f"statements/{find(files, 'tests.money')}.json"
    said = json.loads(files[name])
    said["value"]["raw"], said["value"]["shown"] = "99900", "999.00"
    files[name] = canonical(said)


def sign_with_another_key(files: Files) -> None:
    """Everything made anew by somebody else's key, its public key put beside the true one."""
    private = b"\x05" * 32
    public = signing.public_of(private)
    name = f"statements/{find(files, 'tests.money')}"
    said = json.loads(files[f"{name}.json"])
    said["key"] = fingerprint_of(public)
    files[f"{name}.json"] = canonical(said)
    files[f"{name}.sig"] = signing.sign_with(private, files[f"{name}.json"]).hex().encode()
    keys = [*json.loads(files["keys.json"]), {"fingerprint": fingerprint_of(public), "public": public.hex()}]
    files["keys.json"] = canonical(keys)


def sign_in_the_name_of_the_true_key(files: Files) -> None:
    """Signed by another key that passes itself off as the expected one."""
    private = b"\x05" * 32
    name = f"statements/{find(files, 'tests.money')}"
    files[f"{name}.sig"] = signing.sign_with(private, files[f"{name}.json"]).hex().encode()


def drop_a_row(files: Files) -> None:
    name = f"rows/{find(files, 'tests.people')}.jsonl"
    files[name] = b"".join(files[name].splitlines(keepends=True)[:-1])


def drop_a_statement(files: Files) -> None:
    public_id = find(files, "tests.people")
    for name in (f"statements/{public_id}.json", f"statements/{public_id}.sig", f"rows/{public_id}.jsonl"):
        del files[name]


def hide_what_an_entry_says(files: Files) -> None:
    """What was told is said to be hidden: the chain holds, the signed list of files does not."""
    lines = [json.loads(line) for line in links(files)]
    next(link for link in lines if link["facts"])["facts"] = None
    files["journal.jsonl"] = b"".join(canonical(link) + b"\n" for link in lines)


def drop_the_journal(files: Files) -> None:
    del files["journal.jsonl"]


def drop_the_manifest(files: Files) -> None:
    del files["manifest.json"]


TAMPERINGS: tuple[tuple[Change, str, str], ...] = (
    (change_a_byte_of_a_row, "row", "第3行：内容和它的摘要不符"),
    (change_a_row_and_its_digest, "rows-digest", "总摘要和签名的不符"),
    (change_a_byte_of_an_entry, "journal-entry", "内容和日志链不符"),
    (drop_an_entry, "journal-gap", "这一条不见了"),
    (drop_the_last_entries, "journal-gap", "这一条不见了"),
    (swap_two_entries, "journal-order", "次序调换了"),
    (swap_what_two_entries_say, "journal-entry", "内容和日志链不符"),
    (forge_the_whole_chain, "journal-head", "末端和签名的不符"),
    (change_a_total, "total", "合计写的是 99900，由行算出来是 21000"),
    (sign_with_another_key, "key", "是用另一把密钥签的"),
    (sign_in_the_name_of_the_true_key, "signature", "另一把密钥签的"),
    (drop_a_row, "total", "写的是3行，实际是2行"),
    (drop_a_statement, "file-missing", "导出时有，现在没有了"),
    (hide_what_an_entry_says, "file-changed", "和导出时不一样"),
    (drop_the_journal, "journal-missing", "没有操作日志"),
    (drop_the_manifest, "file-missing", "没有清单"),
)


@pytest.mark.parametrize(("change", "code", "words"), TAMPERINGS, ids=[each[0].__name__ for each in TAMPERINGS])
def test_every_tampering_is_named_with_its_place(proof: Path, change: Change, code: str, words: str) -> None:
    files = read(proof)
    expected = fingerprint(files)
    change(files)
    write(proof, files)
    report = check_export(proof, [expected])
    said = [f"{finding.code} {finding}" for finding in report.findings]
    assert any(line.startswith(f"{code} ") and words in line for line in said), said


def test_two_swapped_entries_are_both_named(proof: Path) -> None:
    files = read(proof)
    expected = fingerprint(files)
    first, second = (json.loads(links(files)[place])["seq"] for place in (3, 4))
    swap_two_entries(files)
    write(proof, files)
    (finding,) = check_export(proof, [expected]).findings
    assert finding.place == f"journal.jsonl 第{first}条、第{second}条"


def test_the_dropped_entry_is_the_one_named(proof: Path) -> None:
    files = read(proof)
    expected, seq = fingerprint(files), json.loads(links(files)[3])["seq"]
    drop_an_entry(files)
    write(proof, files)
    (finding,) = check_export(proof, [expected]).findings
    assert finding.place == f"journal.jsonl 第{seq}条"


def test_another_fingerprint_believes_nothing(proof: Path) -> None:
    report = check_export(proof, ["ab" * 32])
    assert {finding.code for finding in report.findings} == {"key"} and len(report.findings) == 4


def test_the_command_checks_a_proof_too(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = fingerprint(read(proof))
    assert main(["verify", str(proof)]) == 1 and "--fingerprint" in capsys.readouterr().err
    assert main(["verify", str(proof), "--fingerprint", expected]) == 0
    assert main(["verify", str(proof), "--fingerprint", "ab" * 32]) == 1
    assert "不是您给的指纹" in capsys.readouterr().out


def test_a_proof_stripped_to_its_words_is_no_whole_one(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = read(proof)
    asked = ["verify", str(proof), "--fingerprint", fingerprint(files)]
    kept = {name: data for name, data in files.items() if name.startswith("statements/") or name == "keys.json"}
    write(proof, kept)
    assert main(asked) == 3
    said = capsys.readouterr().out
    assert "没有清单、行和操作日志" in said and "包不完整" in said
    name = next(name for name in kept if name.endswith(".json") and "/" in name)
    write(proof, {**kept, name: kept[name].replace(b"2025-12-31", b"2025-12-30")})
    assert main(asked) == 1


def test_what_is_too_large_or_twice_there_is_said(proof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = read(proof)
    expected = fingerprint(files)
    with warnings.catch_warnings(), zipfile.ZipFile(proof, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("keys.json", files["keys.json"])
    assert [(each.code, each.place) for each in check_export(proof, [expected]).findings] == [
        ("file-twice", "keys.json")
    ]
    write(proof, files)
    monkeypatch.setattr("unionhome.kit.verifier.MOST_BYTES", 1_000)
    with pytest.raises(BadExport, match="打不开"):
        check_export(proof, [expected])


def test_the_journal_in_a_proof_tells_no_more_than_one_may_read(proof: Path) -> None:
    text = read(proof)["journal.jsonl"].decode()
    assert "第1件事" not in text and "签发公布" in text


def test_after_a_change_of_keys_both_fingerprints_are_asked_for(world: World, add: Add, tmp_path: Path) -> None:
    add("union")
    publish(world, "town", "tests.visits")
    world.cadre("keeper", "town", "secadmin")
    actions.renew_key(world.actor("keeper"), world.nodes["town"], reason="保管的人换了")
    publish(world, "town", "tests.heads")
    path = tmp_path / "p.zip"
    made = actions.export_proof(world.actor("town"), world.nodes["town"], PERIOD.start_on, PERIOD.end_on)
    path.write_bytes(made.content)
    new, old = (key["fingerprint"] for key in json.loads(read(path)["keys.json"]))
    assert check_export(path, [new, old]).findings == []
    assert [finding.code for finding in check_export(path, [new]).findings] == ["key"]


def test_a_proof_wants_something_published_and_the_own_branch(world: World, add: Add) -> None:
    add("union")
    publish(world, "town", "tests.visits")
    town = world.nodes["town"]
    with pytest.raises(NotFound):
        actions.export_proof(world.actor("other_town"), town, PERIOD.start_on, PERIOD.end_on)
    with pytest.raises(Refused, match="还没有发布过"):
        actions.export_proof(world.actor("town"), town, date(2024, 1, 1), date(2024, 12, 31))
