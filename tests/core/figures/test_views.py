"""Report pages: what they show, whom they let in, what they cost."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.core.figures.conftest import CODES, FIGURES, Add
from tests.worlds import World
from unionhome.core.figures.rules.boards import dots
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person

ClientFor = Callable[..., Client]
YEAR = "from=2025-01-01&to=2025-12-31"


def get(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def workbook(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_the_list_shows_every_figure_with_its_number(world: World, add: Add, client_for: ClientFor) -> None:
    add("union", amount_fen=1_860_00)
    page = get(client_for("county"), f"/desk/figures/?{YEAR}")
    for code in CODES:
        assert f"/desk/figures/{code}/?node=610502" in page
    assert "1,860.00" in page and "临渭区总工会" in page


def test_the_page_shows_the_number_four_times_and_exactly_its_rows(
    world: World, add: Add, client_for: ClientFor, people: list[Person]
) -> None:
    for number in range(3):
        add("union", person_id=people[number].pk, summary=f"走访第{number}户", link=f"/desk/cases/{number}/")
    add("far_town", summary="别县的")
    page = get(client_for("county"), f"/desk/figures/tests.visits/?{YEAR}")
    assert len(re.findall(r"<dd>3</dd>", page)) == 2 and "和行重新算的一致" in page and "3 行，与数值相同" in page
    assert all(f"走访第{number}户" in page for number in range(3)) and "别县的" not in page
    assert "/desk/cases/2/" in page and "王建国" not in page and "走访" in page


def test_rows_open_only_for_those_whom_the_other_door_lets_in(world: World, add: Add, client_for: ClientFor) -> None:
    add("union", summary="走访一户", link="/desk/cases/1/")
    path = f"/desk/figures/tests.visits/?{YEAR}"
    assert "/desk/cases/1/" in get(client_for("city"), path)
    for name in ("finance", "auditor"):
        page = get(client_for(name), path)
        assert "走访一户" in page and "/desk/cases/1/" not in page


def test_drilling_goes_down_by_links(world: World, add: Add, client_for: ClientFor) -> None:
    add("union")
    client, path = client_for("city"), f"/desk/figures/tests.visits/?{YEAR}"
    for code in ("610502", "610502001", "610502001-Q0001"):
        found = re.search(rf'href="(/desk/figures/tests\.visits/\?node={code}&amp;[^"]*)"', get(client, path))
        assert found, code
        path = found[1].replace("&amp;", "&")
    assert "上门走访" in get(client, path)


@pytest.mark.parametrize("who", ["lawyer", "sysadmin", "secadmin", "auditadmin"])
@pytest.mark.parametrize("path", ["figures/", "figures/tests.visits/", "board/", "review/2025/"])
def test_reports_are_for_those_who_do_the_work(world: World, client_for: ClientFor, who: str, path: str) -> None:
    get(client_for(who), f"/desk/{path}", status=403)


@pytest.mark.parametrize("path", ["figures/", "figures/tests.visits/", "board/", "review/2025/"])
def test_another_branch_is_not_found(world: World, client_for: ClientFor, path: str) -> None:
    get(client_for("town"), f"/desk/{path}?node=610502002", status=404)
    get(client_for("town"), f"/desk/{path}?node=610502", status=404)
    get(client_for("town"), f"/desk/{path}?node=nothing", status=404)
    get(client_for("town"), f"/desk/{path}?node=610502001001")


@pytest.mark.parametrize(
    "query",
    ["from=2025-02-30", "from=2026-01-01&to=2025-01-01", "to=0001-01-01", "from=x", "from=9999-12-31"],
)
def test_days_that_cannot_be_read_are_said(world: World, client_for: ClientFor, query: str) -> None:
    page = get(client_for("county"), f"/desk/figures/?{query}", status=400)
    assert 'role="alert"' in page and "2026年1月1日至3月10日" in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99", "map=%00", "node=%00", "from=2020-01-01&to=2026-03-01"]
)
def test_strange_addresses_break_nothing(world: World, client_for: ClientFor, query: str) -> None:
    client = client_for("county")
    assert client.get(f"/desk/figures/tests.visits/?{query}").status_code in (200, 400, 404)
    assert client.get(f"/desk/board/?{query}").status_code in (200, 400, 404)


def test_an_unknown_figure_and_a_year_out_of_range(world: World, client_for: ClientFor) -> None:
    assert "没有这个指标" in get(client_for("county"), "/desk/figures/tests.nothing/", status=404)
    get(client_for("county"), "/desk/review/1900/", status=400)
    get(client_for("county"), "/desk/review/99999999999999999999/", status=404)


def test_the_export_holds_the_rows_and_what_they_mean(
    world: World, add: Add, client_for: ClientFor, people: list[Person]
) -> None:
    add("union", person_id=people[0].pk, amount_fen=1_860_50, summary='=HYPERLINK("x")')
    add("village", summary="@SUM(1)")
    answer = client_for("county").post(f"/desk/figures/tests.visits/export/?{YEAR}")
    assert answer.status_code == 200
    book = workbook(answer.content)
    assert book.sheet_names == ["组成这个数的行", "指标说明"]
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head == ["日期", "服务", "工会", "姓名", "内容", "金额（元）"]
    assert [row[4] for row in rows] == ["'@SUM(1)", '\'=HYPERLINK("x")']
    assert rows[1][:4] == ["2025-06-01", "走访", "渭南示例速运有限公司工会", "王＊国"] and rows[1][5] == 1860.5
    meaning = dict(row[:2] for row in book.get_sheet_by_index(1).to_python())
    assert (meaning["数值"], meaning["行数"], meaning["工会"]) == ("2", "2", "临渭区总工会")
    entry = Entry.objects.get(kind="figures.figure.exported")
    assert entry.data == {"code": "tests.visits", "period": "2025", "rows": 2, "value": "2"}


def test_an_empty_export_still_says_what_it_is(world: World, client_for: ClientFor) -> None:
    book = workbook(client_for("county").post(f"/desk/figures/tests.people/export/?{YEAR}").content)
    assert dict(row[:2] for row in book.get_sheet_by_index(1).to_python())["行数"] == "0"


def test_an_export_is_asked_for_not_linked_to(world: World, client_for: ClientFor) -> None:
    assert client_for("county").get("/desk/figures/tests.visits/export/").status_code == 405
    assert client_for("town").post("/desk/figures/tests.visits/export/?node=610502").status_code == 404
    assert client_for("lawyer").post("/desk/figures/tests.visits/export/").status_code == 403
    assert not Entry.objects.filter(kind="figures.figure.exported").exists()


def test_the_month_line_draws_what_the_table_says(world: World, add: Add, client_for: ClientFor) -> None:
    add("union", amount_fen=1_234_56, on=date(2025, 3, 1))
    page = get(client_for("county"), f"/desk/figures/tests.money/?{YEAR}")
    chart = json.loads(re.search(r'<script id="figure-months" type="application/json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert chart["xAxis"]["data"] == [f"{month}月" for month in range(1, 13)]
    assert chart["series"][0]["data"][2] == 1234.56 and sum(chart["series"][0]["data"]) == 1234.56


@pytest.mark.parametrize("path", ["figures/", *(f"figures/{code}/" for code in CODES), "board/", "review/2025/"])
def test_pages_cost_the_same_for_many_rows(
    world: World, add: Add, client_for: ClientFor, people: list[Person], path: str
) -> None:
    client = client_for("county")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            get(client, f"/desk/{path}?{YEAR}")
        return len(seen)

    add("union", service="tests.grant", amount_fen=5, person_id=people[0].pk)
    add("union", amount_fen=5, person_id=people[0].pk)
    add("county")
    few = cost()
    for number in range(8):
        add(
            ("union", "village", "other_town", "county")[number % 4], amount_fen=number, person_id=people[number % 3].pk
        )
    assert cost() == few


def test_the_big_screen_shows_the_board_and_leads_back(world: World, add: Add) -> None:
    add("union")
    page = world.client("county").get("/desk/board/screen/?from=2025-01-01&to=2025-12-31")
    html = page.content.decode()
    assert page.status_code == 200 and world.nodes["county"].name in html and "退出大屏" in html
    assert world.client("town").get(f"/desk/board/screen/?node={world.nodes['other_town'].code}").status_code == 404
    assert "/desk/board/screen/?" in world.client("county").get("/desk/board/").content.decode()


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ([("甲", 60), ("乙", 60), ("丙", 60)], ["甲等3个"]),
        ([("甲", 10), ("乙", 60), ("丙", 10)], ["甲等2个", "乙"]),
        ([("甲", 40), ("乙", 60), ("丙", None)], ["乙"]),
        ([("甲", 0), ("乙", None)], []),
    ],
)
def test_names_on_the_line_of_a_clock_never_meet(values: list[tuple[str, int | None]], named: list[str]) -> None:
    assert [dot.name for dot in dots(values) if dot.name] == named


def test_every_curve_of_the_board_has_its_table(
    world: World, add: Add, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [replace(figure, board="trend") for figure in FIGURES if figure.code in ("tests.visits", "tests.money")]
    monkeypatch.setattr("unionhome.core.figures.queries.catalog._by_code", lambda: {each.code: each for each in shown})
    add("union", amount_fen=1_860_00)
    page = get(client_for("county"), f"/desk/board/?{YEAR}")
    table = page[page.index('aria-label="指标按时间"') :]
    assert table.count("<tr>") == 13 and "1,860.00" in table
    assert "/desk/figures/tests.visits/?node=610502&amp;from=2025-06-01&amp;to=2025-06-30#rows" in table
