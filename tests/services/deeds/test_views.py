"""The pages of deeds: the desk walks one through, a worker rates it, everybody reads it, and how many queries that takes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.moves import picture
from tests.services.deeds.conftest import GIVEN, listing_of, walk
from unionhome.core.cases.models import Case
from unionhome.services.deeds import actions, queries
from unionhome.services.deeds.models import Deed, DeedRating
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = pytest.mark.django_db


def own_need(world):
    need = Need(category="hardship", text="工地没有热水。", phone="19900000001", hide_from_employer=False)
    case, _ = report_need(world.actor("worker"), need)
    Case.objects.filter(pk=case.pk).update(node=world.nodes["town"])
    case.refresh_from_db()
    return case


def photo():
    return SimpleUploadedFile("办成.jpg", picture(), "image/jpeg")


def send(client, row, verb, status=302, **data):
    answer = client.post(reverse("deeds:step", args=[row.pk, verb]), data)
    assert answer.status_code == status, (verb, answer.content.decode()[-3000:])
    return answer


def test_the_desk_walks_a_deed_through_and_everybody_reads_it(world, client_for):
    case, town, county = own_need(world), client_for("town"), client_for("county")
    day = world.today.isoformat()
    facts = {
        "title": GIVEN.title,
        "wanted": GIVEN.wanted,
        "origin": "needs",
        "people_count": 240,
        "submit_key": "1" * 32,
    }
    wrong = town.post(reverse("deeds:new"), facts | {"numbers": "QQ-1"})
    assert wrong.status_code == 400 and "没有编号" in wrong.content.decode() and GIVEN.wanted in wrong.content.decode()
    town.post(reverse("deeds:new"), facts | {"numbers": case.number, "photos": photo()})
    row = Deed.objects.get()
    listing = {"owner": world.nodes["county"].pk, "year": 2026, "listed_on": day, "is_open": "on"}
    assert "找不到工会" in send(county, row, "list", 400, **listing, union="没有的工会").content.decode()
    send(county, row, "list", **listing, union="人民街道")
    own = client_for("worker").get(reverse("cases:own", args=[case.pk])).content.decode()
    assert "2026年办实事清单" in own and "等工会认领" in own
    send(town, row, "take", taken_on=day, due_on=(world.today + timedelta(days=9)).isoformat())
    done = {"done_on": day, "text": "装了六台。", "people_count": 240, "people_kind": "worker", "cost_fen": "3600"}
    assert "钱从哪里出" in send(town, row, "finish", 400, **done, photos=photo()).content.decode()
    send(town, row, "finish", **done, cost_source="工会经费", photos=photo())
    assert town.get(reverse("deeds:step", args=[row.pk, "check"])).status_code == 409
    send(county, row, "check", text="到工地看了。")
    send(county, row, "strike_off")
    worker = client_for("worker")
    assert "评价一下" in worker.get(reverse("deeds:mine")).content.decode()
    assert worker.post(reverse("deeds:rate", args=[row.pk]), {"score": ""}).status_code == 400
    worker.post(reverse("deeds:rate", args=[row.pk]), {"score": "fairly", "text": "再多几台"})
    assert DeedRating.objects.get().score == "fairly"
    assert worker.post(reverse("deeds:rate", args=[row.pk]), {"score": "not"}).status_code == 409
    page = county.get(reverse("deeds:deed", args=[row.pk])).content.decode()
    assert "再多几台" in page and "何工" not in page and case.number in page
    public, shown = client_for("public"), reverse("deeds:public_deed", args=[row.pk])
    assert "240人" in public.get(shown).content.decode() and "前后对比" not in public.get(shown).content.decode()
    world.wait(days=16)
    actions.close_ratings(world.actor("system"))
    send(client_for("county"), row, "publish", shows_nobody="on")
    page = public.get(shown).content.decode()
    assert "前后对比" in page and "3,600.00元" in page and "1件职工诉求" in page and case.number not in page
    (file,) = queries.list_evidence(row)["after"]
    assert public.get(reverse("deeds:public_file", args=[row.pk, file.pk])).status_code == 200
    assert "一共1件，办成1件" in public.get(reverse("deeds:public")).content.decode()


def test_a_need_goes_under_a_deed_from_its_own_page(world, client_for, deed):
    case, row, town = own_need(world), deed(), client_for("town")
    case_url, tie_url = reverse("cases:case", args=[case.pk]), reverse("deeds:from_case", args=[case.pk])
    assert tie_url in town.get(case_url).content.decode()
    assert row.number in town.get(tie_url).content.decode()
    assert town.post(tie_url, {"deed": row.pk}).status_code == 302
    page = town.get(case_url).content.decode()
    assert row.number in page and tie_url not in page
    Case.objects.filter(pk=case.pk).update(hidden_path=world.nodes["union"].path)
    assert row.number not in town.get(case_url).content.decode()
    assert client_for("other_town").get(tie_url).status_code == 404


def test_what_is_not_on_an_open_list_is_nobodys_page(world, client_for, deed):
    rows = [deed(), walk(world, deed(), "take", listing=listing_of(world, is_open=False))]
    for row in rows:
        for name, url in (("public", "deeds:public_deed"), ("worker", "deeds:rate")):
            assert client_for(name).get(reverse(url, args=[row.pk])).status_code == 404
        assert client_for("other_town").get(reverse("deeds:deed", args=[row.pk])).status_code == 404
    assert rows[1].title not in client_for("public").get(reverse("deeds:public")).content.decode()


def test_queries_stay_as_many_however_long_the_lists_are(world, client_for, deed):
    case = own_need(world)
    first = walk(world, deed(case_ids=[case.pk]), "take")
    town, worker, public = client_for("town"), client_for("worker"), client_for("public")
    pages = [
        (town, reverse("deeds:list")),
        (town, reverse("deeds:unions")),
        (town, reverse("deeds:deed", args=[first.pk])),
        (worker, reverse("deeds:mine")),
        (public, reverse("deeds:public")),
    ]
    before = counted(pages)
    for number in range(2):
        more = walk(world, deed(given=replace(GIVEN, title=f"第{number}件")), "take")
        actions.tie_needs(world.actor("town"), first.pk, [own_need(world).pk])
        actions.tie_needs(world.actor("town"), more.pk, [own_need(world).pk])
    assert counted(pages) == before


def counted(pages):
    found = []
    for client, url in pages:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        found.append((url, len(asked)))
    return found
