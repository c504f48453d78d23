"""Several figures by unions below: numbers, comparison, notes, and the ways out."""

import io
import zipfile
from datetime import date

import pytest
from python_calamine import load_workbook

from tests.core.figures.conftest import Add
from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.figures import actions, queries
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, NotFound
from unionhome.kit.dates import Period

YEAR, BEFORE = Period.year(2025), Period.year(2024)
CODES = ("tests.visits", "tests.money", "tests.people")


@pytest.fixture
def served(world: World, add: Add) -> None:
    person = make_person(world.nodes["union"], "王建国")
    add("union", amount_fen=150, person_id=person.pk)
    add("union", person_id=person.pk)
    add("other_union")
    add("union", on=date(2024, 3, 1), amount_fen=100)


@pytest.mark.usefixtures("served")
def test_a_line_for_each_union_below_and_the_whole_asked_by_itself(world: World) -> None:
    table = queries.get_table(world.actor("county"), CODES, world.nodes["county"], YEAR)
    lines = {line.label: [cell.shown for cell in line.cells] for line in table.lines}
    assert lines[world.nodes["town"].name] == ["2", "1.50", "1"]
    assert [cell.shown for cell in table.total.cells] == [
        queries.get_value(world.actor("county"), code, world.nodes["county"], YEAR).shown for code in CODES
    ]
    assert table.heads == ("单位", "tests.visits（次）", "tests.money（元）", "tests.people（人）")
    assert any("相加不等于合计" in note for note in table.notes)


@pytest.mark.usefixtures("served")
def test_two_stretches_of_time_are_compared(world: World) -> None:
    table = queries.get_table(world.actor("county"), CODES[:2], world.nodes["county"], YEAR, BEFORE)
    town = next(line for line in table.lines if line.label == world.nodes["town"].name)
    assert town.texts(is_compared=True)[1:] == ("2", "1", "+1", "1.50", "1.00", "+0.50")
    assert table.days == "2025年，与2024年比较"


@pytest.mark.parametrize("codes", [(), tuple(f"tests.{number}" for number in range(13))])
def test_no_figure_and_too_many_are_refused(world: World, codes: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        queries.get_table(world.actor("county"), codes, world.nodes["county"], YEAR)


def test_another_branch_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        queries.get_table(world.actor("town"), CODES, world.nodes["other_town"], YEAR)


@pytest.mark.usefixtures("served")
def test_the_workbook_holds_the_same_numbers(world: World) -> None:
    made = actions.export_table(world.actor("county"), CODES[:2], world.nodes["county"], YEAR, BEFORE, "xlsx")
    book = load_workbook(io.BytesIO(made.content))
    rows = book.get_sheet_by_name("汇总表").to_python()
    assert rows[0][:3] == ["单位", "tests.visits（次）", "tests.visits（次） 上期"]
    town = next(row for row in rows if row[0] == world.nodes["town"].name)
    assert town[1:] == [2, 1, 1, 1.5, 1, 0.5]
    assert rows[-1][0] == "合计" and Entry.objects.filter(kind="figures.table.exported").count() == 1


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_documents(world: World, form: str) -> None:
    made = actions.export_table(world.actor("county"), CODES, world.nodes["county"], YEAR, None, form)
    assert made.name.endswith(form)
    if form == "pdf":
        assert made.content.startswith(b"%PDF-")
    else:
        with zipfile.ZipFile(io.BytesIO(made.content)) as book:
            assert world.nodes["town"].name in book.read("word/document.xml").decode()


@pytest.mark.usefixtures("served")
def test_the_page_and_its_exports(world: World) -> None:
    client = world.client("county")
    assert "选指标" in client.get("/desk/figures/table/").content.decode()
    asked = "?from=2025-01-01&to=2025-12-31&code=tests.visits&code=tests.money&code=nothing"
    html = client.get("/desk/figures/table/" + asked).content.decode()
    assert world.nodes["town"].name in html and "1.50" in html and "/desk/figures/tests.visits/?node=" in html
    for form in ("xlsx", "docx", "pdf"):
        assert client.post(f"/desk/figures/table/{form}/{asked}").status_code == 200
    assert client.post(f"/desk/figures/table/exe/{asked}").status_code == 404
    assert client.post("/desk/figures/table/xlsx/").status_code == 400
    wrong = client.get(f"/desk/figures/table/{asked}&from2=2025-02-01&to2=2025-01-01")
    assert wrong.status_code == 400 and "开始日期不能晚于结束日期" in wrong.content.decode()
    assert "比较的一段：开始日期" in wrong.content.decode() and 'value="2025-02-01"' in wrong.content.decode()


@pytest.mark.parametrize(
    ("query", "typed", "sentence", "at"),
    [
        ("from=2025-13-01&to=2025-12-31", "2025-13-01", "", "id_from"),
        ("from=2025-12-31&to=2025-01-01", "2025-12-31", "开始日期不能晚于结束日期。", "id_from"),
        ("from=2025-01-01&to=2025-12-31&from2=去年&to2=2024-12-31", "去年", "", "id_from2"),
        ("from=2025-01-01&to=2025-12-31&from2=2024-01-01", "2024-01-01", "要比较就把另一段的两个日期都写上", "id_to2"),
    ],
)
def test_a_wrong_day_comes_back_with_its_sentence_at_the_field(
    world: World, query: str, typed: str, sentence: str, at: str
) -> None:
    answer = world.client("county").get(f"/desk/figures/table/?{query}&code=tests.visits")
    html = answer.content.decode()
    assert answer.status_code == 400 and f'value="{typed}"' in html
    assert f'id="{at}_error"' in html and sentence in html
    assert world.client("county").post(f"/desk/figures/table/xlsx/?{query}&code=tests.visits").status_code == 400


@pytest.mark.usefixtures("served")
def test_numbers_of_both_stretches_of_time_and_their_change_open(world: World) -> None:
    client, town = world.client("county"), world.nodes["town"].code
    days = "from=2025-01-01&to=2025-12-31&from2=2024-01-01&to2=2024-12-31"
    html = client.get(f"/desk/figures/table/?{days}&code=tests.visits&code=tests.over").content.decode()
    before = f"/desk/figures/tests.visits/?node={town}&amp;from=2024-01-01&amp;to=2024-12-31#rows"
    change = f"/desk/figures/tests.visits/?node={town}&amp;from=2025-01-01&amp;to=2025-12-31&amp;from2=2024-01-01"
    assert before in html and change in html
    compared = client.get(f"/desk/figures/tests.over/?node={town}&{days}").content.decode()
    part = compared[compared.index('id="made-of"') : compared.index('class="uh-report-cols"')]
    for code in ("over", "visits", "heads"):
        for year in ("2025", "2024"):
            assert f"/desk/figures/tests.{code}/?node={town}&amp;from={year}-01-01" in part
