"""A paper's way through print and seal, who may, what is refused, and what is printed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.worlds import World
from unionhome.core.files.models import SealedFile
from unionhome.core.papers import actions, queries
from unionhome.core.papers.models import Paper
from unionhome.core.papers.papers import paper_pdf
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit import papers as kit
from unionhome.kit.papers import Letter

pytestmark = pytest.mark.django_db
PDF = actions.Scan("盖章件.pdf", b"%PDF-1.4\n%%EOF\n")
DAY = date(2026, 11, 24)
LETTER = Letter(
    title="关于样例的批复",
    organ="人民街道总工会文件",
    addressee="样例工会",
    paragraphs=("经研究，同意。",),
    signer="人民街道总工会",
    date="",
)


@pytest.fixture
def issue(world: World) -> Callable[..., Paper]:
    """A paper of the town about some row."""

    def make(kind: str = "reply", letter: Letter = LETTER, to: str = "") -> Paper:
        return actions.issue_paper(
            world.actor("town"),
            node=world.nodes["town"],
            about=world.nodes["union"],
            kind=kind,
            kind_label="批复",
            letter=letter,
            back_url="/desk/",
            to_node=world.nodes[to] if to else None,
        )

    return make


def write(world: World, paper: Paper, number: str = "人民街工发〔2026〕8号", text: str = "经研究，同意。") -> Paper:
    return actions.write_paper(world.actor("town"), paper.pk, number=number, dated_on=DAY, text=text)


def test_print_seal_and_scan_back(world: World, issue: Callable[..., Paper]) -> None:
    town, paper = world.actor("town"), issue(to="union")
    assert issue().pk == paper.pk
    item = WorkItem.objects.get(model="papers.paper")
    assert (item.node_id, item.state_label) == (world.nodes["town"].pk, "等打印")
    write(world, paper, text="第一段\n\n  第二段 ")
    actions.print_paper(town, paper.pk)
    assert not queries.has_sealed(world.nodes["union"], "reply")
    with pytest.raises(NotFound):
        queries.get_paper(world.actor("union"), paper.pk)
    sealed = actions.seal_paper(town, paper.pk, [PDF])
    assert (sealed.state, sealed.letter["paragraphs"]) == ("sealed", ["第一段", "第二段"])
    assert sealed.printed_at and sealed.sealed_at
    assert queries.has_sealed(world.nodes["union"], "reply")
    scan = queries.get_scan(sealed, 1)
    assert SealedFile.objects.get(model="papers.paper").pk == scan.pk
    with pytest.raises(NotFound):
        queries.get_scan(sealed, 2)
    assert not WorkItem.objects.filter(closed_at=None, model="papers.paper").exists()
    assert queries.get_paper(world.actor("union"), paper.pk) == sealed
    with pytest.raises(NotFound):
        queries.get_paper(world.actor("other_town") if "other_town" in world.users else _stranger(world), paper.pk)


def _stranger(world: World) -> object:
    world.cadre("stranger", "other_town")
    return world.actor("stranger")


def test_a_union_s_paper_wants_its_number(world: World, issue: Callable[..., Paper]) -> None:
    town, paper = world.actor("town"), issue()
    with pytest.raises(Refused, match="文号"):
        actions.print_paper(town, paper.pk)
    plain = issue("request", Letter("请示", "上级", ("一",), "筹备组", ""))
    assert actions.print_paper(town, plain.pk).state == "to_seal"


def test_numbers_that_repeat_are_only_a_hint(world: World, issue: Callable[..., Paper]) -> None:
    first, second = issue(), issue("other")
    write(world, first)
    again = write(world, second)
    assert queries.get_page(world.actor("town"), again).repeats == 1
    assert actions.print_paper(world.actor("town"), again.pk).state == "to_seal"


@pytest.mark.parametrize(
    ("scans", "words"),
    [
        ([], "请上传盖好章的"),
        ([actions.Scan("x.exe", b"MZ\x90\x00")], "图片|照片"),
        ([actions.Scan("x.pdf", b"")], "空的|图片|照片"),
    ],
)
def test_no_seal_without_a_readable_scan(
    world: World, issue: Callable[..., Paper], scans: list[actions.Scan], words: str
) -> None:
    town, paper = world.actor("town"), issue()
    write(world, paper)
    actions.print_paper(town, paper.pk)
    with pytest.raises(Refused, match=words):
        actions.seal_paper(town, paper.pk, scans)
    paper.refresh_from_db()
    assert (paper.state, SealedFile.objects.count()) == ("to_seal", 0)


def test_what_is_printed_does_not_change(world: World, issue: Callable[..., Paper]) -> None:
    town, paper = world.actor("town"), issue()
    with pytest.raises(BadInput):
        write(world, paper, text=" \n")
    write(world, paper)
    actions.print_paper(town, paper.pk)
    with pytest.raises(Refused, match="重新打印"):
        write(world, paper)
    assert actions.rewrite_paper(town, paper.pk).state == "to_print"
    write(world, paper, number="人民街工发〔2026〕9号")


def test_voided_and_withdrawn_make_room(world: World, issue: Callable[..., Paper]) -> None:
    town, paper = world.actor("town"), issue()
    with pytest.raises(Refused, match="原因"):
        actions.void_paper(town, paper.pk, reason=" ")
    actions.void_paper(town, paper.pk, reason="写错了")
    second = issue()
    assert second.pk != paper.pk
    write(world, second)
    actions.print_paper(town, second.pk)
    actions.seal_paper(town, second.pk, [PDF])
    with pytest.raises(Refused):
        actions.void_paper(town, second.pk, reason="不要了")
    assert actions.withdraw_papers(town, world.nodes["union"], ("reply",), reason="退回") == 1
    assert queries.find_paper(world.nodes["union"], "reply") is None
    assert issue().pk not in (paper.pk, second.pk)


def test_who_may(world: World, issue: Callable[..., Paper]) -> None:
    paper = issue()
    world.cadre("reader", "town", "chair")
    with pytest.raises(Forbidden):
        actions.write_paper(world.actor("reader"), paper.pk, number="1", dated_on=DAY, text="一")
    with pytest.raises(Forbidden):
        actions.print_paper(world.actor("reader"), paper.pk)
    with pytest.raises(NotFound):
        actions.print_paper(world.actor("union"), paper.pk)


def test_words_are_never_markup(world: World, issue: Callable[..., Paper], tmp_path: Path) -> None:
    """What looks like code of the typesetter is printed as it stands."""
    if not kit.has_chinese_font():
        pytest.skip("no Chinese face here")
    words = '#read("letter.typ") $x$ *粗* @甲 <乙> \\ #panic("x")'
    paper = write(world, issue(), text=words)
    data = paper_pdf(paper)
    assert data.startswith(b"%PDF-") and data == paper_pdf(paper)


def test_a_machine_without_faces_says_so(
    world: World, issue: Callable[..., Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionhome.kit.papers.letters.has_chinese_font", lambda: False)
    with pytest.raises(Refused, match="没有中文字体"):
        paper_pdf(issue())
