"""The yearly review: every printed number has its place, bound or openly missing."""

import pytest

from tests.core.figures.conftest import flow
from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.figures.queries import get_review, get_review_facts
from unionhome.core.figures.rules import prose
from unionhome.core.figures.rules.published import BY_CODE, PUBLISHED, Published
from unionhome.core.figures.rules.shown import write
from unionhome.core.records import actions as records
from unionhome.core.registry import Figure
from unionhome.kit.dates import Period

DECLARED = (
    flow("mutual_aid.people", "人", "people:person"),
    flow("relief.hardship_grant.paid", "万元", "sum:amount_fen"),
    flow("competitions.key_projects", "个", basis="外部"),
)


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    by_code = {figure.code: figure for figure in DECLARED}
    monkeypatch.setattr("unionhome.core.figures.queries.catalog._by_code", lambda: by_code)


def test_the_text_holds_each_printed_number_once() -> None:
    assert sorted(prose.codes()) == sorted(each.code for each in PUBLISHED)
    assert len(PUBLISHED) == len(BY_CODE) == 23
    assert all(each.low <= each.high for each in PUBLISHED)


@pytest.mark.parametrize("each", PUBLISHED, ids=lambda each: each.code)
def test_a_review_writes_numbers_as_they_were_printed(each: Published) -> None:
    middle = (each.low + each.high) // 2
    written = write(each.figure, middle, each.style)
    assert written == (each.display or f"{each.low}{each.unit}")


def test_bound_reported_and_missing_are_told_apart(world: World, bound: None) -> None:
    person = make_person(world.nodes["union"], "王建国")
    records.add(
        world.actor("system"),
        service="tests.grant",
        node=world.nodes["union"],
        on=world.today.replace(year=2021),
        person_id=person.pk,
        amount_fen=36_600_000,
        summary="补助",
    )
    review = get_review(world.actor("city"), world.nodes["city"], Period.year(2021))
    found = {each.code: each for each in review.bounds}
    assert (found["mutual_aid.people"].text, found["mutual_aid.people"].word) == ("1人", "有记录")
    assert found["mutual_aid.people"].matches is False
    assert (found["relief.hardship_grant.paid"].text, found["relief.hardship_grant.paid"].matches) == ("36.6万元", True)
    assert found["competitions.key_projects"].word == "上报"
    assert (found["legal.teams"].text, found["legal.teams"].matches) == ("未开行", None)
    assert review.counts == {"有记录": 2, "上报": 1, "未开行": 20}
    facts = {figure["code"]: figure for figure in get_review_facts(review)["figures"]}
    assert facts["relief.hardship_grant.paid"]["value"] == 36_600_000
    assert facts["relief.hardship_grant.paid"]["unit"] == "fen"
    assert facts["legal.recovered"]["value"] is None


def test_printed_numbers_stand_only_beside_their_own_year_and_federation(world: World, bound: None) -> None:
    other_year = get_review(world.actor("city"), world.nodes["city"], Period.year(2025))
    county = get_review(world.actor("city"), world.nodes["county"], Period.year(2021))
    for review in (other_year, county):
        assert not any(each.printed or each.matches is not None for each in review.bounds)


def test_the_page_shows_the_state_of_every_number(world: World, bound: None) -> None:
    page = world.client("city").get("/desk/review/2021/").content.decode()
    assert page.count("未开行") >= 20 and "/desk/figures/mutual_aid.people/?node=610500" in page
    assert "不相符" in page and "1415人" in page


def test_a_mark_stays_with_its_number() -> None:
    taken = [piece for section in prose.SECTIONS for text in section.paragraphs for piece in prose.pieces(text)]
    assert all(not piece.words.startswith(("，", "。", "；", "、")) for piece in taken)
    assert "".join(piece.words + piece.mark for piece in prose.pieces("有{a.b}，没有{c.d}。")) == "有，没有。"
    assert isinstance(DECLARED[0], Figure)
