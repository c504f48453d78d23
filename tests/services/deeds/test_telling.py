"""Workers are told what became of their needs; the list leaves as a workbook; what waits for its check is not late."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from tests.services.deeds.conftest import PHOTO, done_of, listing_of, walk
from tests.worlds import WORKER_PHONE
from unionhome.core.cases.models import Case
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.notices.models import Notice
from unionhome.services.deeds import actions
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = pytest.mark.django_db


def need(world, **facts):
    given = Need(category="hardship", text="工地没有热水。", phone=WORKER_PHONE, hide_from_employer=False)
    case, _ = report_need(world.actor("worker"), given)
    Case.objects.filter(pk=case.pk).update(node=world.nodes["town"], **facts)
    return Case.objects.get(pk=case.pk)


def told(world) -> list[str]:
    while deliver_batch(world.actor("system")):
        pass
    return list(Notice.objects.filter(kind__startswith="deeds.").order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("is_open", "hidden", "until", "kinds"),
    [
        (True, False, "take", ["deeds.taken"]),
        (True, False, "strike_off", ["deeds.taken", "deeds.done", "deeds.struck"]),
        (False, False, "take", []),
        (True, True, "take", []),
    ],
)
def test_whose_need_lies_under_an_open_deed_is_told_of_each_step_once(world, deed, is_open, hidden, until, kinds):
    case = need(world)
    row = deed(case_ids=[case.pk])
    if hidden:
        Case.objects.filter(pk=case.pk).update(hidden_path=world.nodes["union"].path)
    found: list[str] = []
    for verb in ("list", "take", "finish", "check", "strike_off"):
        only_step(world, row, verb, is_open)
        found = told(world)
        if verb == until:
            break
    assert found == kinds
    for notice in Notice.objects.filter(kind__startswith="deeds."):
        assert len(notice.text) <= 70 and row.number in notice.text and notice.link == f"/my/matters/{case.pk}/"
        assert notice.user == world.users["worker"]


def only_step(world, row, verb, is_open):
    town, county, day = world.actor("town"), world.actor("county"), world.today
    if verb == "list":
        actions.list_deed(county, row.pk, listing_of(world, is_open=is_open))
    elif verb == "take":
        actions.take_deed(town, row.pk, taken_on=day, due_on=day + timedelta(days=9))
    elif verb == "finish":
        actions.finish_deed(town, row.pk, done_of(world), proofs=(PHOTO,))
    elif verb == "check":
        actions.check_deed(county, row.pk, text="到工地看了，能用。")
    else:
        actions.strike_off_deed(county, row.pk)


def test_the_workbook_holds_what_the_page_shows_and_nothing_that_waits_for_its_check_is_late(world, deed, client_for):
    done, late = walk(world, deed(), "finish"), walk(world, deed(), "take", promised=2)
    world.wait(days=40)
    client = client_for("county")
    page = client.get("/desk/deeds/?phase=late").content.decode()
    assert late.number in page and done.number not in page
    assert "等核验" in client.get(f"/desk/deeds/{done.pk}/").content.decode()
    for query, numbers in (
        ("", {done.number, late.number}),
        ("?phase=late", {late.number}),
        ("?phase=done", {done.number}),
    ):
        answer = client.get(f"/desk/deeds/export.xlsx{query}")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert {row[0] for row in rows[1:]} == numbers, query
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["花费（元）"], cells["受益（人）"], cells["到期"]) == ("3,600.00", 240, "等核验")
    other = client_for("other_county").get("/desk/deeds/export.xlsx")
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(other.content)).get_sheet_by_index(0).to_python()) == 1
    assert client_for("worker").get("/desk/deeds/export.xlsx").status_code != 200
