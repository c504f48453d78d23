"""A review that is frozen and signed: words and numbers as they were, for everybody to check, corrected by a version."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.core.figures.conftest import Add
from tests.core.figures.publishing import PERIOD, staff, walk
from tests.worlds import World
from unionhome.core.figures import actions, papers, queries
from unionhome.core.figures.models import Publication, Review
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Refused
from unionhome.kit.verifier import is_signed

TEXT = "走访#tests.visits#，#tests.people#得到帮助，发了#tests.money#。培训#机关干部培训#。"


def write(world: World) -> Review:
    actor = world.actor("town")
    review = actions.begin_review(actor, world.nodes["town"], PERIOD)
    for section in queries.list_sections(review)[1:]:
        review = actions.arrange_section(actor, review.pk, key=section.key, verb="delete", revision=review.revision)
    return actions.write_section(actor, review.pk, key="service", title="一、走访", text=TEXT, revision=review.revision)


def freeze(world: World, review: Review, **facts: Any) -> Publication:
    staff(world, "town")
    review.refresh_from_db()
    return actions.freeze_review(world.actor("town"), review.pk, revision=review.revision, tells_internal=True, **facts)


def sign(world: World, review: Review, **facts: Any) -> Review:
    walk(world, "town", freeze(world, review, **facts), "published")
    review.refresh_from_db()
    return review


def states(world: World) -> dict[str, list[int]]:
    """The reviews of the list by how far they are, as its lines and its counts say alike."""
    actor = world.actor("town")
    counts = dict(queries.count_reviews(actor))
    found = {name: [row.pk for row in queries.list_reviews(actor, name)] for name in queries.REVIEW_STATES}
    assert counts.pop("all") == queries.list_reviews(actor).count()
    assert {name: len(rows) for name, rows in found.items()} == counts
    for name, rows in found.items():
        assert all(queries.get_review_state(row) == name for row in queries.list_reviews(actor) if row.pk in rows)
        page = world.client("town").get(f"/desk/reviews/?state={name}").content.decode()
        assert [f"/desk/reviews/{pk}/" in page for pk in rows] == [True] * len(rows)
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture
def served(add: Add) -> None:
    for number in range(6):
        add("union", amount_fen=100 * number)


@pytest.mark.usefixtures("served")
def test_what_was_signed_stays_while_the_records_go_on(world: World, add: Add) -> None:
    review = sign(world, write(world))
    add("union", amount_fen=10_000)
    said = json.loads(review.statement)
    numbers = {piece["code"]: piece for section in said["review"]["sections"] for text in section["paragraphs"]
               for piece in text if "code" in piece}  # fmt: skip
    assert numbers["tests.visits"]["text"] == "6次" and numbers["tests.money"]["text"] == "15元"
    assert numbers["learning.training_attendance"]["text"] == "未开行"
    assert set(numbers["tests.visits"]) >= {"proof", "name", "state"}
    assert [one["step"] for one in said["signers"]] == ["部门", "办公室", "主席"]
    assert review.key and is_signed(
        bytes.fromhex(review.key.public), review.statement.encode(), bytes.fromhex(review.signature)
    )
    assert queries.has_true_words(review)
    Review.objects.filter(pk=review.pk).update(statement=review.statement.replace("6次", "7次"))
    review.refresh_from_db()
    assert not queries.has_true_words(review)
    assert Entry.objects.filter(kind="figures.review.signed").count() == 1


@pytest.mark.usefixtures("served")
def test_a_form_freezes_its_own_review_once(world: World) -> None:
    """The same key sent twice does nothing twice; sent for another review it is another form, for another union spent."""
    first = write(world)
    made = freeze(world, first, submit_key="a" * 32)
    actor, seen = world.actor("town"), first.revision
    again = actions.freeze_review(actor, first.pk, revision=seen, tells_internal=True, submit_key="a" * 32)
    assert again.pk == made.pk and Publication.objects.count() == 1
    other = Review.objects.create(
        node=first.node, start_on=date(2025, 1, 1), end_on=date(2025, 6, 30), title="半年", sections=first.sections,
        created_at=world.at, changed_at=world.at,
    )  # fmt: skip
    half = actions.freeze_review(actor, other.pk, revision=other.revision, tells_internal=True, submit_key="a" * 32)
    assert half.pk != made.pk and Review.objects.get(publication=half).pk == other.pk
    asked = {"period": PERIOD, "codes": ["tests.heads"], "title": "别的", "submit_key": made.submit_key}
    with pytest.raises(Refused, match="已经用过了"):
        actions.draft_publication(world.actor("village"), node=world.nodes["village"], **asked)


@pytest.mark.usefixtures("served")
def test_words_do_not_change_while_it_is_signed_nor_after(world: World) -> None:
    review = write(world)
    publication = freeze(world, review)
    actor = world.actor("town")
    assert states(world) == {"waiting": [review.pk]}
    with pytest.raises(Refused, match="正在签发"):
        actions.retitle(actor, review.pk, title="别的", revision=review.revision)
    walk(world, "town", publication, "published")
    with pytest.raises(Refused, match="已经签发"):
        actions.retitle(actor, review.pk, title="别的", revision=review.revision)
    with pytest.raises(Refused, match="已经签发"):
        freeze(world, review)


@pytest.mark.usefixtures("served")
def test_a_returned_review_is_changed_and_frozen_anew(world: World) -> None:
    review = write(world)
    first = freeze(world, review)
    actions.step_publication(world.actor("town"), first.pk, "return", reason="少一句")
    changed = actions.write_section(
        world.actor("town"), review.pk, key="service", title="一", text="走访#tests.visits#。", revision=review.revision
    )
    second = freeze(world, changed)
    first.refresh_from_db()
    assert first.state == "cancelled" and second.codes == ["tests.visits"] and second.pk != first.pk


@pytest.mark.usefixtures("served")
def test_what_was_looked_at_is_signed_whatever_changes_meanwhile(world: World, add: Add) -> None:
    actor, node = world.actor("town"), world.nodes["town"]
    row = actions.enter_outside(actor, node, PERIOD, outside("参赛班组", 36))
    review = write(world)
    review = actions.write_section(
        actor,
        review.pk,
        key="service",
        title="一",
        text="班组#参赛班组#，走访#tests.visits#。",
        revision=review.revision,
    )
    publication = freeze(world, review)
    desk = world.client("town")
    assert "要签的文字" in desk.get(f"/desk/figures/published/{publication.pk}/").content.decode()
    actions.withdraw_outside(actor, row.pk, reason="换一个")
    actions.enter_outside(actor, node, PERIOD, outside("参赛班组", 9999))
    add("union")
    page = desk.get(f"/desk/reviews/{review.pk}/").content.decode()
    assert "36个" in page and "6次" in page and "9999" not in page
    walk(world, "town", publication, "published")
    review.refresh_from_db()
    assert "36个" in review.statement and "9999" not in review.statement


def outside(name: str, number: int) -> actions.Outside:
    return actions.Outside(
        name=name,
        unit="个",
        number=Decimal(number),
        basis="上报",
        source="示安发12号",
        signed_by="李静",
        signed_on=date(2026, 1, 5),
        files=[("报告.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")],
    )


@pytest.mark.usefixtures("served")
def test_a_correction_is_a_version_of_its_own_with_its_reason(world: World) -> None:
    review = sign(world, write(world))
    corrected = actions.correct_review(world.actor("town"), review.pk)
    assert actions.correct_review(world.actor("town"), review.pk).pk == corrected.pk
    assert states(world) == {"signed": [review.pk], "draft": [corrected.pk]}
    with pytest.raises(BadInput):
        freeze(world, corrected)
    corrected = sign(world, corrected, reason="漏了一笔")
    assert json.loads(corrected.statement)["corrects"] == review.public_id
    assert queries.find_correction(review) == corrected
    assert states(world) == {"signed": [corrected.pk], "superseded": [review.pk]}
    page = world.client("public").get(f"/open/reviews/{review.public_id}/").content.decode()
    assert "后来更正过" in page and f"/open/reviews/{corrected.public_id}/" in page


def test_a_review_without_a_counted_number_is_not_frozen(world: World) -> None:
    review = actions.begin_review(world.actor("town"), world.nodes["town"], PERIOD)
    with pytest.raises(Refused, match="还没有能冻结的数"):
        freeze(world, review)


@pytest.mark.usefixtures("served")
def test_few_people_are_not_told_to_everybody(world: World, add: Add, people: list[Any]) -> None:
    add("union", person_id=people[0].pk)
    review = sign(world, write(world))
    assert "（人数少于5，不写明）" in review.statement and "1人得到" not in review.statement


@pytest.mark.usefixtures("served")
def test_the_public_page_leads_to_every_proof(world: World) -> None:
    review = sign(world, write(world))
    visitor = world.client("public")
    html = visitor.get(f"/open/reviews/{review.public_id}/").content.decode()
    assert "校验通过" in html and "6次" in html and html.count("/open/verify/") >= 2
    assert visitor.get("/open/reviews/none/").status_code == 404
    original = visitor.get(f"/open/reviews/{review.public_id}/file/json/").json()
    assert original["statement"] == review.statement and original["signature"] == review.signature
    assert visitor.get(f"/open/reviews/{review.public_id}/file/exe/").status_code == 404
    desk = world.client("town")
    assert "已签发" in desk.get(f"/desk/reviews/{review.pk}/").content.decode()
    assert desk.post(f"/desk/reviews/{review.pk}/document/docx/").status_code == 200
    report = papers.review_report(
        queries.get_written(world.actor("town"), review), "https://u.example", "", review.public_id
    )
    assert any("/open/verify/" in run.link for block in report.blocks for run in getattr(block, "runs", ()))


@pytest.mark.usefixtures("served")
def test_the_page_that_freezes(world: World) -> None:
    staff(world, "town")
    review = write(world)
    client = world.client("town")
    url = f"/desk/reviews/{review.pk}/freeze/"
    assert "照实写在里面" in client.get(url).content.decode()
    wrong = client.post(url, {"revision": review.revision})
    assert wrong.status_code == 400 and "内部的数" in wrong.content.decode()
    sent = client.post(url, {"revision": review.revision, "tells_internal": "on"})
    assert sent.status_code == 302 and "/desk/figures/published/" in sent["Location"]
    assert "正在签发" in client.get(f"/desk/reviews/{review.pk}/").content.decode()
    assert client.post(url, {"revision": review.revision, "tells_internal": "on"}).status_code == 409
    assert world.client("other_town").get(url).status_code == 404
