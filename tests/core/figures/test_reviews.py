"""Writing a review: sections edited in place, numbers bound, documents for what no record gives, files to take away."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.core.figures.conftest import Add
from tests.worlds import World
from unionhome.core.figures import actions, papers, queries
from unionhome.core.figures.models import OutsideNumber, Review
from unionhome.core.figures.rules import editing
from unionhome.core.figures.rules.prose import SECTIONS, Section
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.kit.dates import Period

YEAR = Period.year(2025)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NAMES = {"走访": "tests.visits", "补助": "tests.money"}


def begin(world: World) -> Review:
    return actions.begin_review(world.actor("town"), world.nodes["town"], YEAR)


def outside(**facts: Any) -> actions.Outside:
    given: dict[str, Any] = {
        "name": "参赛班组",
        "unit": "个",
        "number": Decimal(36),
        "basis": "上报",
        "source": "示安发〔2026〕12号",
        "signed_by": "李静",
        "signed_on": date(2026, 1, 5),
        "files": [("报告.pdf", PDF)],
        **facts,
    }
    return actions.Outside(**given)


def test_what_is_typed_comes_back_as_it_was_typed() -> None:
    by_code = {code: name for name, code in NAMES.items()}
    typed = "走访了#走访#，发了#补助/万#，又发#补助/余#。\n第二段"
    kept = editing.from_typed(typed, NAMES)
    assert kept == ("走访了{tests.visits}，发了{tests.money|wan}，又发{tests.money|over}。", "第二段")
    assert editing.to_typed(kept, by_code) == typed


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("#没有的#", "没有叫“没有的”的指标"),
        ("#走访次#", "走访"),
        ("#补助/百#", "写法不对"),
        ("字" * 6001, "最多 6,000"),
    ],
)
def test_what_cannot_be_bound_is_refused_at_its_field(typed: str, word: str) -> None:
    with pytest.raises(BadInput) as refused:
        editing.from_typed(typed, NAMES)
    assert word in refused.value.fields["text"]


@pytest.mark.parametrize("typed", ["一个 # 号", "# 不成对", "a{b}c"])
def test_lone_signs_stay_words(typed: str) -> None:
    assert editing.from_typed(typed, NAMES) == (typed.replace("{", "（").replace("}", "）"),)


def test_sections_are_moved_added_and_deleted() -> None:
    three = tuple(Section(key, key, ()) for key in "abc")
    assert [one.key for one in editing.moved(three, "c", "up")] == ["a", "c", "b"]
    assert [one.key for one in editing.moved(three, "a", "down")] == ["b", "a", "c"]
    assert [one.key for one in editing.moved(three, "a", "up")] == ["a", "b", "c"]
    assert [one.key for one in editing.moved(three, "b", "delete")] == ["a", "c"]
    assert editing.with_new(editing.with_new(three))[-1].key == "s2"
    with pytest.raises(Refused):
        editing.with_section(three, "gone", "x", ())
    with pytest.raises(Refused):
        editing.with_new(tuple(Section(f"k{number}", "", ()) for number in range(20)))


def test_only_the_sentences_of_a_number_are_taken_out() -> None:
    kept = (Section("a", "A", ("有{x.y}。还有{z.w}。", "只有{x.y|wan}")),)
    assert editing.without_sentence(kept, "x.y")[0].paragraphs == ("还有{z.w}。",)


def test_a_review_is_begun_once_and_written_section_by_section(world: World, add: Add) -> None:
    add("union")
    add("union")
    review = begin(world)
    assert begin(world).pk == review.pk and queries.list_sections(review) == SECTIONS
    actor = world.actor("town")
    review = actions.write_section(
        actor, review.pk, key="service", title="一、走访", text="走访#tests.visits#。", revision=1
    )
    bound = queries.get_bound_draft(actor, review)
    assert bound.sections[0].title == "一、走访"
    assert [piece.words + piece.text + piece.mark for piece in bound.sections[0].paragraphs[0]] == ["走访", "2次。"]
    assert Entry.objects.filter(kind="figures.review.changed").count() == 1


def test_two_writers_do_not_overwrite_each_other(world: World) -> None:
    review = begin(world)
    actor = world.actor("town")
    actions.write_section(actor, review.pk, key="service", title="甲", text="甲写的", revision=1)
    with pytest.raises(Refused) as refused:
        actions.write_section(actor, review.pk, key="service", title="乙", text="乙写的", revision=1)
    assert refused.value.code == "review-changed"
    page = world.client("town").post(
        f"/desk/reviews/{review.pk}/sections/service/", {"title": "乙", "text": "乙写的", "revision": 1}
    )
    html = page.content.decode()
    assert page.status_code == 409 and "乙写的" in html and "刚刚被别人改过" in html and 'value="2"' in html


def test_another_branch_finds_nothing_and_may_write_nothing(world: World) -> None:
    review = begin(world)
    with pytest.raises(NotFound):
        queries.get_draft(world.actor("other_town"), review.pk)
    with pytest.raises(Forbidden):
        actions.begin_review(world.actor("other_town"), world.nodes["town"], YEAR)
    for path in ("", "sections/service/", "title/"):
        assert world.client("other_town").get(f"/desk/reviews/{review.pk}/{path}").status_code == 404
    for path in ("arrange/", "preview/", "document/pdf/"):
        assert world.client("other_town").post(f"/desk/reviews/{review.pk}/{path}").status_code == 404


def test_a_number_of_a_document_stands_marked_until_it_is_withdrawn(world: World) -> None:
    review, actor = begin(world), world.actor("town")
    row = actions.enter_outside(actor, world.nodes["town"], YEAR, outside())
    review = actions.write_section(actor, review.pk, key="service", title="一", text="班组#参赛班组#。", revision=1)
    bound = {each.code: each for each in queries.get_bound_draft(actor, review).bounds}[row.code]
    assert (bound.text, bound.word, bound.outside) == ("36个", "上报", row)
    facts = queries.get_review_facts(queries.get_bound_draft(actor, review))["figures"][0]
    assert (facts["value"], facts["document"], facts["basis"]) == (36, "示安发〔2026〕12号", "上报")
    with pytest.raises(Refused, match="已经有文件"):
        actions.enter_outside(actor, world.nodes["town"], YEAR, outside(number=Decimal(40)))
    actions.withdraw_outside(actor, row.pk, reason="报错了")
    with pytest.raises(Refused):
        actions.withdraw_outside(actor, row.pk, reason="再撤一次")
    assert queries.get_bound_draft(actor, review).bounds[0].text == "未开行"
    actions.enter_outside(actor, world.nodes["town"], YEAR, outside(number=Decimal(40)))
    assert OutsideNumber.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"files": []}, "scans"),
        ({"name": " "}, "name"),
        ({"name": "a#b"}, "name"),
        ({"code": "tests.visits"}, "name"),
        ({"source": ""}, "source"),
        ({"signed_by": ""}, "signed_by"),
        ({"number": Decimal("1.5")}, "number"),
        ({"number": Decimal(-1)}, "number"),
        ({"basis": "记录"}, "basis"),
        ({"signed_on": date(2999, 1, 1)}, "signed_on"),
        ({"files": [("x.pdf", b"not a file")]}, "scans"),
    ],
)
def test_a_number_without_a_proper_document_is_refused(world: World, facts: Mapping[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.enter_outside(world.actor("town"), world.nodes["town"], YEAR, outside(**facts))
    assert field in refused.value.fields and not OutsideNumber.objects.exists()


def test_money_of_a_document_is_kept_in_fen(world: World) -> None:
    row = actions.enter_outside(
        world.actor("town"), world.nodes["town"], YEAR, outside(code="legal.recovered", number=Decimal("25.31"))
    )
    assert (row.raw, row.unit, queries.get_outside_bound(row).text) == (25_310_000, "万元", "25万余元")


def test_documents_hold_the_numbers_and_lead_to_their_rows(world: World, add: Add) -> None:
    add("union")
    review, actor = begin(world), world.actor("town")
    actions.write_section(actor, review.pk, key="service", title="一", text="走访#tests.visits#。", revision=1)
    bound = queries.get_bound_draft(actor, queries.get_draft(actor, review.pk))
    written = queries.get_said(bound)
    report = papers.review_report(written, "https://union.example", "2026年1月5日")
    with zipfile.ZipFile(io.BytesIO(papers.write_report(report, "docx"))) as book:
        words, links = book.read("word/document.xml").decode(), book.read("word/_rels/document.xml.rels").decode()
    assert "1次" in words and "未开行" in words and "仿宋_GB2312" in words
    assert "https://union.example/desk/figures/tests.visits/?node=" in links
    assert papers.write_report(report, "pdf").startswith(b"%PDF-")
    assert papers.write_report(report, "pdf") == papers.write_report(report, "pdf")
    page = papers.review_page(written, "https://union.example")
    assert '<data value="tests.visits">1次</data>' in page and "<script" not in page


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_a_document_is_sent_and_journaled(world: World, form: str) -> None:
    review = begin(world)
    answer = world.client("town").post(f"/desk/reviews/{review.pk}/document/{form}/")
    assert answer.status_code == 200 and f".{form}" in answer["Content-Disposition"] and len(answer.content) > 1000
    assert Entry.objects.filter(kind="figures.review.exported").count() == 1
    assert world.client("town").post(f"/desk/reviews/{review.pk}/document/exe/").status_code == 404


def test_the_pages_of_a_review(world: World, add: Add) -> None:
    add("union")
    client = world.client("town")
    sent = client.post(
        "/desk/reviews/begin/", {"node": world.nodes["town"].code, "from": "2025-01-01", "to": "2025-12-31"}
    )
    assert sent.status_code == 302
    url = sent["Location"]
    for path in ("", "sections/service/", "title/"):
        assert client.get(url + path).status_code == 200
    saved = client.post(url + "sections/service/", {"title": "甲", "text": "共#tests.visits#", "revision": 1})
    assert saved.status_code == 302 and "1次" in client.get(url).content.decode()
    wrong = client.post(url + "sections/service/", {"title": "甲", "text": "共#没有#", "revision": 2})
    assert wrong.status_code == 400 and "没有叫“没有”的指标" in wrong.content.decode()
    assert "1次" in client.post(url + "preview/", {"title": "甲", "text": "#tests.visits#"}).content.decode()
    assert "没有叫" in client.post(url + "preview/", {"text": "#没有#"}).content.decode()
    assert client.post(url + "title/", {"title": "新标题", "revision": 2}).status_code == 302
    assert client.post(url + "arrange/", {"verb": "add", "revision": 3}).status_code == 302
    assert client.post(url + "arrange/", {"verb": "drop", "code": "legal.teams", "revision": 4}).status_code == 302
    html = client.get(url).content.decode()
    assert "新标题" in html and "新的一节" in html and "农民工法律服务分队" not in html
    assert url in client.get(f"/desk/review/2025/?node={world.nodes['town'].code}")["Location"]
    assert "新标题" in client.get("/desk/reviews/").content.decode()
    for first, sentence in (("2025-12-31", "开始日期不能晚于结束日期"), ("去年", "")):
        refused = client.post("/desk/reviews/begin/", {"node": "", "from": first, "to": "2025-01-01"})
        html = refused.content.decode()
        assert refused.status_code == 400 and f'value="{first}"' in html and 'value="2025-01-01"' in html
        assert 'id="id_from_error"' in html and sentence in html


def test_the_pages_of_numbers_from_documents(world: World) -> None:
    client, node = world.client("town"), world.nodes["town"].code
    new = f"/desk/figures/outside/new/?node={node}&from=2025-01-01&to=2025-12-31"
    facts = {"name": "参赛班组", "number": "36", "unit": "个", "basis": "上报", "source": "12号", "signed_by": "李静",
             "signed_on": str(world.today - timedelta(days=1))}  # fmt: skip
    assert client.get(new).status_code == 200
    assert client.post(new, facts).status_code == 400
    sent = client.post(new, {**facts, "scans": SimpleUploadedFile("报告.pdf", PDF, "application/pdf")})
    assert sent.status_code == 302
    row = OutsideNumber.objects.get()
    page = f"/desk/figures/outside/{row.pk}/"
    assert "报告.pdf" in client.get(page).content.decode()
    assert client.get(page + "files/1/").status_code == 200 and client.get(page + "files/2/").status_code == 404
    assert "参赛班组" in client.get("/desk/figures/outside/").content.decode()
    assert world.client("other_town").get(page).status_code == 404
    assert client.post(page, {"reason": ""}).status_code == 400
    assert client.post(page, {"reason": "报错了"}).status_code == 302
    assert "已撤下" in client.get(page).content.decode()
