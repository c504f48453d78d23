import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.core.records.conftest import KINDS
from tests.core.records.samples import make_person
from tests.worlds import World
from unionhome.core.members.models import Person
from unionhome.core.records import actions, queries, views
from unionhome.core.records.models import ServiceRecord
from unionhome.core.tree.actions import share_row

ClientFor = Callable[[str], Client]


@pytest.fixture
def worker(world: World) -> Person:
    person = make_person(world.nodes["union"], "何建设")
    world.users["worker"].person_id = person.pk
    world.users["worker"].save()
    return person


@pytest.fixture(autouse=True)
def labels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "get_service_labels", lambda: KINDS)


def add(world: World, node: str, **facts: Any) -> ServiceRecord:
    values = {"service": "tests.visit", "on": date(2026, 3, 1), "summary": "上门走访", **facts}
    return actions.add(world.actor("system"), node=world.nodes[node], **values)


def test_the_ledger_lists_what_stands_in_the_branch(world: World, client_for: ClientFor, worker: Person) -> None:
    add(world, "union", person_id=worker.pk, amount_fen=186_000, link="/desk/cases/7/")
    add(world, "other_county", summary="别县的事")
    taken_back = add(world, "union", summary="登记错了")
    actions.reverse(world.actor("system"), taken_back, reason="重复")
    page = client_for("county").get("/desk/records/").content.decode()
    assert "上门走访" in page and "/desk/cases/7/" in page and "1,860.00" in page and "1 条" in page
    assert "别县的事" not in page and "登记错了" not in page
    assert "何建设" not in page and "何" in page


def test_a_record_links_only_to_pages_whose_door_lets_the_reader_in(
    world: World, client_for: ClientFor, worker: Person
) -> None:
    add(world, "union", link="/desk/cases/7/")
    add(world, "union", summary="没有这一页", link="/desk/nowhere/7/")
    for name, is_linked in (("county", True), ("finance", False), ("auditor", False)):
        page = client_for(name).get("/desk/records/").content.decode()
        assert "上门走访" in page and ("/desk/cases/7/" in page) is is_linked, name
        assert "没有这一页" in page and "/desk/nowhere/" not in page


def test_filters_live_in_the_address(world: World, client_for: ClientFor) -> None:
    add(world, "union")
    add(world, "union", service="tests.grant", summary="生活补助", on=date(2025, 2, 1))
    client = client_for("county")
    assert "上门走访" not in client.get("/desk/records/?service=tests.grant").content.decode()
    page = client.get("/desk/records/?first=2025-01-01&last=2025-12-31").content.decode()
    assert "生活补助" in page and "上门走访" not in page
    strange_marks = ("?after=x", "?after=2025-02-01_", "?after=2025-02-01_" + "9" * 500, "?after=9999-99-99_1")
    for strange in ("?first=31.02.2025", "?page=x", "?first=" + "9" * 500, *strange_marks):
        assert client.get(f"/desk/records/{strange}").status_code == 200
    assert client.get("/desk/records/?service=%00").status_code == 400


def test_a_long_ledger_is_turned_sheet_by_sheet_and_never_counted_whole(
    world: World, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE_ROWS", 3)
    monkeypatch.setattr(queries, "MOST_COUNTED", 5)
    days = [date(2025, 2, 1 + number // 2) for number in range(7)]
    for number, on in enumerate(days):
        add(world, ("union", "village")[number % 2], summary=f"第{number}条", on=on, amount_fen=100)
    far = add(world, "far_town", summary="别县开给看的", on=date(2025, 2, 2))
    share_row(world.actor("system"), "records.servicerecord", far.pk, reason="协办", node=world.nodes["county"])
    client, seen, url = client_for("county"), [], "/desk/records/?first=2025-01-01"
    while url:
        page = client.get(url).content.decode()
        assert "5 条以上" in page
        seen.append(re.findall("第[0-9]条|别县开给看的", page))
        following = re.search(r'href="([^"]*)" rel="next"', page)
        url = "/desk/records/" + html.unescape(following[1]) if following else ""
    assert seen == [["第6条", "第5条", "第4条"], ["别县开给看的", "第3条", "第2条"], ["第1条", "第0条"]]
    assert 'href="?first=2025-01-01"' in page and "第一页" in page
    few = client.get("/desk/records/?last=2025-02-02").content.decode()
    assert "5 条，4.00 元" in few and 'rel="next"' in few


def test_the_ledger_costs_the_same_for_many_rows(
    world: World, client_for: ClientFor, worker: Person, django_assert_num_queries: Any
) -> None:
    client = client_for("county")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    add(world, "union", person_id=worker.pk)
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/records/")
    for _ in range(5):
        add(world, "village", person_id=worker.pk)
    with django_assert_num_queries(len(one)):
        client.get("/desk/records/")


@pytest.mark.parametrize(("who", "status"), [("county", 200), ("other_county", 404), ("sysadmin", 403)])
def test_a_persons_services_are_for_the_branch_that_keeps_the_file(
    world: World, client_for: ClientFor, worker: Person, who: str, status: int
) -> None:
    add(world, "union", person_id=worker.pk)
    assert client_for(who).get(f"/desk/records/person/{worker.pk}/").status_code == status


def test_a_worker_sees_the_own_records_only(world: World, client_for: ClientFor, worker: Person) -> None:
    add(world, "union", person_id=worker.pk, amount_fen=5_000, summary="送来清凉物资", link="/desk/cases/7/")
    add(world, "union", person_id=make_person(world.nodes["union"], "别人").pk, summary="别人的事")
    page = client_for("worker").get("/my/records/").content.decode()
    assert "送来清凉物资" in page and "50.00" in page and "别人的事" not in page
    assert "/desk/" not in page, "a worker cannot open the desk's pages"
    assert "还没有记录" in client_for("outsider").get("/my/records/").content.decode()


def test_panels_show_the_newest_and_the_whole(world: World, worker: Person) -> None:
    for number in range(9):
        add(world, "union", person_id=worker.pk, summary=f"第{number}次", amount_fen=100)
    template, context = views.member_panel(world.actor("county"), worker)
    assert template == "records/member_panel.html"
    assert (len(context["lines"]), context["total"].count, context["total"].yuan) == (7, 9, "9.00")
    _, mine = views.mine_panel(world.actor("worker"))
    assert [line.summary for line in mine["lines"]] == ["第8次", "第7次", "第6次"]
    title, rows = queries.get_own_export(world.actor("worker"), worker)
    assert title == "得到的服务" and len(rows) == 9 and rows[0]["金额（元）"] == "1.00"
