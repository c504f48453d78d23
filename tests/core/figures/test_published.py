"""Published figures: frozen, signed by three, never recomputed; corrected by a version with its reason."""

import io
import json
import zipfile
from datetime import date

import pytest

from tests.core.figures.conftest import CODES, Add
from tests.core.figures.publishing import PERIOD, draft, publish, staff, walk
from tests.worlds import World
from unionhome.core.figures import actions, queries
from unionhome.core.figures.models import FrozenRows, PublishedFigure, SigningKey
from unionhome.core.jobs.worker import drain
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person
from unionhome.core.records import actions as records
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.actions import move_node
from unionhome.core.workflow.models import WorkItem
from unionhome.kit import crypto
from unionhome.kit.dates import Period
from unionhome.kit.signing import is_signed
from unionhome.kit.verifier import canonical, sha256
from unionhome.kit.verifier import is_signed as is_signed_plainly


def fill(add: Add, people: list[Person]) -> None:
    for number in range(7):
        add("union", person_id=people[number % 3].pk, amount_fen=1_000 * number, summary=f"走访第{number}户")
    add("village", head_count=40, beneficiary_kind="villager", amount_fen=50_000)
    add("other_village", service="tests.grant", amount_fen=200_000, on=date(2025, 8, 1))


@pytest.mark.parametrize("code", [code for code in CODES if code != "tests.acts"])
def test_every_kind_of_figure_is_frozen_with_its_rows(world: World, add: Add, people: list[Person], code: str) -> None:
    fill(add, people)
    row = publish(world, "town", code) if code != "tests.own" else publish(world, "village", code)
    value = queries.get_value(world.actor("system"), code, row.node, PERIOD)
    assert row.shown == value.shown and row.row_count == value.rows
    lines = b"".join(queries.list_packs(row)).splitlines(keepends=True)
    assert len(lines) == row.row_count and sha256(b"".join(lines)) == row.rows_digest
    for number, line in enumerate(lines, start=1):
        facts = json.loads(line)
        digest = facts.pop("digest")
        assert facts["n"] == number and digest == sha256(canonical(facts))
    said = json.loads(row.statement)
    assert canonical(said) == row.statement.encode(), "the statement is in its one byte form"
    assert said["value"] == {
        "raw": row.raw,
        "shown": row.shown,
        "unit": row.unit,
        "rows": row.row_count,
        "people": row.people_count,
    }


def test_three_people_sign_and_the_statement_names_them(world: World, add: Add) -> None:
    add("union")
    row = publish(world, "town", "tests.visits")
    said = json.loads(row.statement)
    assert [each["step"] for each in said["signers"]] == ["部门", "办公室", "主席"]
    assert said["signers"][0]["name"] == "郑镇" and len({each["name"] for each in said["signers"]}) == 3
    assert said["key"] == row.key.fingerprint and said["period"] == {"from": "2025-01-01", "to": "2025-12-31"}
    public, signature = bytes.fromhex(row.key.public), bytes.fromhex(row.signature)
    assert is_signed(public, row.statement.encode(), signature)
    assert is_signed_plainly(public, row.statement.encode(), signature)
    assert not is_signed_plainly(public, row.statement.replace("郑镇", "郑真").encode(), signature)


def test_nobody_takes_two_of_the_three_steps(world: World, add: Add) -> None:
    add("union")
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), "checked")
    with pytest.raises(Refused, match="另一个人"):
        actions.step_publication(world.actor("town"), row.pk, "approve")
    world.grant("town_office", "chair", "town")
    row = walk_on(world, row, "town_office", "approve")
    with pytest.raises(Refused, match="另一个人"):
        actions.step_publication(world.actor("town_office"), row.pk, "publish")
    assert not PublishedFigure.objects.filter(published_at__isnull=False).exists()


def walk_on(world: World, row: object, who: str, verb: str) -> object:
    return actions.step_publication(world.actor(who), row.pk, verb)  # type: ignore[attr-defined]


def test_what_waits_stands_in_the_inbox_until_it_is_signed(world: World, add: Add) -> None:
    add("union")
    row = draft(world, "town", ["tests.visits", "tests.money"])
    item = WorkItem.objects.get(model="figures.publication", object_id=row.pk, closed_at=None)
    assert (item.node, item.state_label) == (
        row.node,
        "等部门核对",
    ) and item.url == f"/desk/figures/published/{row.pk}/"
    walk(world, "town", row)
    assert not WorkItem.objects.filter(model="figures.publication", closed_at=None).exists()
    assert row.figures.count() == 2


def test_a_published_number_does_not_move_with_its_rows(world: World, add: Add) -> None:
    first, _ = add("union"), add("union")
    row = publish(world, "town", "tests.visits")
    before = (row.statement, row.signature, b"".join(queries.list_packs(row)))
    records.reverse(world.actor("system"), first, reason="登记错了")
    add("union"), add("union")
    row.refresh_from_db()
    assert (row.statement, row.signature, b"".join(queries.list_packs(row))) == before and row.shown == "2"
    assert queries.get_value(world.actor("town"), "tests.visits", row.node, PERIOD).shown == "3"


def test_a_correction_is_a_version_with_its_reason(world: World, add: Add) -> None:
    wrong = add("union")
    add("union")
    first = publish(world, "town", "tests.visits")
    records.reverse(world.actor("system"), wrong, reason="登记错了")
    with pytest.raises(BadInput, match="更正的原因"):
        draft(world, "town", ["tests.visits"])
    second = publish(world, "town", "tests.visits", reason="一次走访登记错了")
    said = json.loads(second.statement)
    assert (second.version, second.shown, second.previous) == (2, "1", first)
    assert said["reason"] == "一次走访登记错了"
    assert said["previous"] == {"id": first.public_id, "version": 1, "digest": sha256(first.statement.encode())}
    assert [row.version for row in queries.list_versions(first)] == [1, 2]
    assert queries.find_following(first) == second


def test_the_same_figure_is_under_way_once(world: World, add: Add) -> None:
    add("union")
    row = draft(world, "town", ["tests.visits"])
    with pytest.raises(Refused, match="正在办发布"):
        draft(world, "town", ["tests.visits", "tests.money"])
    actions.step_publication(world.actor("town"), row.pk, "cancel", reason="不发了")
    assert draft(world, "town", ["tests.visits"]).state == "drafted"


def test_a_form_sent_twice_draws_up_once(world: World, add: Add) -> None:
    add("union")
    staff(world, "town")
    asked = {
        "node": world.nodes["town"],
        "period": PERIOD,
        "codes": ["tests.visits"],
        "title": "一次",
        "submit_key": "a" * 32,
    }
    first = actions.draft_publication(world.actor("town"), **asked)
    assert actions.draft_publication(world.actor("town"), **asked).pk == first.pk
    for _ in range(2):
        actions.step_publication(world.actor("town"), first.pk, "check", submit_key="b" * 32)
    walk_on(world, first, "town_office", "approve")
    for _ in range(2):
        row = actions.step_publication(world.actor("town_chair"), first.pk, "publish", submit_key="c" * 32)
    assert row.state == "published" and Entry.objects.filter(kind="figures.publication.signed").count() == 1


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"codes": []}, BadInput, "请选要发布的指标"),
        ({"codes": ["nobody.knows"]}, NotFound, "没有这个指标"),
        ({"title": "  "}, BadInput, "请写标题"),
        ({"period": Period(date(2026, 1, 1), date(2026, 12, 31))}, BadInput, "还没有过完"),
        ({"codes": ["tests.median"]}, Refused, "还没有数"),
    ],
)
def test_what_cannot_be_published_is_refused(world: World, changed: dict, error: type[Refused], sentence: str) -> None:
    asked = {"node": world.nodes["town"], "period": PERIOD, "codes": ["tests.visits"], "title": "数字", **changed}
    with pytest.raises(error, match=sentence):
        actions.draft_publication(world.actor("town"), **asked)
    assert not PublishedFigure.objects.exists()


def test_only_the_unions_own_people_act(world: World, add: Add) -> None:
    add("union")
    for name in ("county", "city"):
        with pytest.raises(Refused, match="本级工会"):
            actions.draft_publication(
                world.actor(name), node=world.nodes["town"], period=PERIOD, codes=["tests.visits"], title="代办"
            )
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), "approved")
    with pytest.raises(Refused, match="本级工会"):
        actions.step_publication(world.actor("chair"), row.pk, "publish")
    for name in ("finance", "auditor"):
        world.grant(name, name, "town")
        with pytest.raises(Forbidden):
            actions.step_publication(world.actor(name), row.pk, "publish")
    with pytest.raises(NotFound):
        actions.step_publication(world.actor("other_town"), row.pk, "return", reason="看看")


def test_signing_wants_the_second_factor(world: World, add: Add) -> None:
    add("union")
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), "approved")
    with pytest.raises(Forbidden, match="动态口令"):
        actions.step_publication(world.actor("town_chair", strong=False), row.pk, "publish")


def test_what_is_returned_is_read_anew_and_signed_by_all_three(world: World, add: Add) -> None:
    add("union")
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), "checked")
    with pytest.raises(Refused, match="原因"):
        actions.step_publication(world.actor("town_office"), row.pk, "return")
    actions.step_publication(world.actor("town_office"), row.pk, "return", reason="少了一次走访")
    add("union")
    row = actions.step_publication(world.actor("town"), row.pk, "reread")
    assert row.state == "drafted" and row.figures.get().shown == "2"
    assert walk(world, "town", row).figures.get().shown == "2"


def test_rows_that_do_not_come_to_the_number_are_not_frozen(
    world: World, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("union"), add("union")
    monkeypatch.setattr(
        "unionhome.core.figures.actions.freezing.list_rows",
        lambda *asked: queries.list_rows(*asked).filter(pk__lt=0),
    )
    with pytest.raises(Refused, match="对不上"):
        draft(world, "town", ["tests.visits"])


def test_a_key_is_made_once_sealed_and_changed_by_a_dated_act(world: World, add: Add) -> None:
    add("union")
    first = publish(world, "town", "tests.visits")
    key = SigningKey.objects.get()
    assert bytes.fromhex(key.public) not in bytes(key.private_sealed)
    assert len(crypto.open_bytes(key.private_sealed, field="figures.signingkey.private")) == 32
    world.cadre("keeper", "town", "secadmin")
    with pytest.raises(Forbidden):
        actions.renew_key(world.actor("town"), world.nodes["town"], reason="换")
    with pytest.raises(Refused, match="为什么换密钥"):
        actions.renew_key(world.actor("keeper"), world.nodes["town"], reason=" ")
    world.wait(days=1)
    new = actions.renew_key(world.actor("keeper"), world.nodes["town"], reason="保管的人换了")
    key.refresh_from_db()
    assert key.ends_at == new.starts_at and queries.list_keys(world.nodes["town"]) == [new, key]
    second = publish(world, "town", "tests.money")
    assert second.key == new and queries.has_true_signature(first) and queries.has_true_signature(second)


def test_a_union_without_a_key_signs_nothing(world: World) -> None:
    with pytest.raises(Refused, match="还没有签名密钥"):
        actions.sign(world.nodes["town"], b"x")


def test_many_rows_are_packed_and_read_page_by_page(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhome.core.figures.actions.freezing.ROWS_EACH", 4)
    for number in range(11):
        add("union", summary=f"第{number}次")
    row = publish(world, "town", "tests.visits")
    assert list(FrozenRows.objects.order_by("first").values_list("first", "count")) == [(1, 4), (5, 4), (9, 3)]
    rows = queries.FrozenRowList(world.actor("town"), row)
    assert len(rows) == 11 and [each.number for each in rows[3:9]] == [4, 5, 6, 7, 8, 9]


def test_rows_hidden_from_an_employers_union_are_never_frozen_there(world: World, add: Add) -> None:
    add("union", summary="本单位看得到的")
    add("union", summary="关于本单位的诉求", hidden_path=world.nodes["union"].path)
    row = publish(world, "union", "tests.visits")
    assert row.shown == "1" and "诉求" not in b"".join(queries.list_packs(row)).decode()


def test_frozen_rows_stay_hidden_from_whoever_belongs_to_both_unions(world: World, add: Add) -> None:
    """On the page, in the workbook, for programs, in the proof."""
    add("union", summary="看得到的走访")
    add("union", summary="关于本单位的诉求", hidden_path=world.nodes["union"].path)
    row = publish(world, "town", "tests.visits")
    world.grant("union", "cadre", "town")
    both, town = world.actor("union"), world.actor("town")
    kept = queries.FrozenRowList(both, row)[0:9]
    assert {each.is_hidden: bool(each.digest) for each in kept} == {False: True, True: False}
    texts = (
        str(kept), workbook_text(actions.export_frozen(both, row.public_id).content),
        world.client("union").get(f"/desk/figures/frozen/{row.public_id}/").content.decode(),
    )  # fmt: skip
    for text in texts:
        assert "看得到的走访" in text and "关于本单位" not in text
    with pytest.raises(Refused, match="其他人导出核验包"):
        actions.export_proof(both, row.node, PERIOD.start_on, PERIOD.end_on)
    assert "关于本单位" in str(list(queries.list_seen_rows(town, row)))
    assert actions.export_proof(town, row.node, PERIOD.start_on, PERIOD.end_on).rows == 2


def test_what_a_union_published_stays_when_it_moves(world: World, add: Add) -> None:
    add("union", amount_fen=500)
    row = publish(world, "town", "tests.money")
    before = (row.statement, row.shown, b"".join(queries.list_packs(row)))
    town = world.nodes["town"]
    move_node(world.actor("system"), town, world.nodes["other_county"], on=world.today)
    again = PublishedFigure.objects.get(pk=row.pk)
    assert (again.statement, again.shown, b"".join(queries.list_packs(again))) == before
    assert queries.has_true_signature(again) and json.loads(again.statement)["organization"]["code"] == town.code
    assert queries.get_public(row.public_id).shown == "5.00"


def workbook_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_the_worker_reads_what_is_much(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhome.core.figures.actions.publishing.FEW_ROWS", 1)
    add("union"), add("union")
    row = actions.draft_publication(
        world.actor("town"), node=world.nodes["town"], period=PERIOD, codes=["tests.visits"], title="很多行",
        in_background=True,
    )  # fmt: skip
    assert row.state == "reading" and not row.figures.exists()
    drain()
    row.refresh_from_db()
    assert row.state == "drafted" and row.figures.get().row_count == 2


def test_the_system_itself_may_read_but_not_sign_for_people(world: World) -> None:
    assert not queries.is_elsewhere(Actor.system("test", world.at), world.nodes["town"])
