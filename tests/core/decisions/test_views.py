"""The pages: an item walked through by those who take part, its meeting's outcomes in one table, and their queries."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.core.decisions.conftest import LARGE, PDF, PLAIN, SMALL
from unionhome.core.decisions import actions
from unionhome.core.decisions.actions import Result
from unionhome.core.decisions.models import Item, Meeting
from unionhome.core.files.queries import list_files

pytestmark = pytest.mark.django_db


def send(client, url, *args, status=302, **data):
    answer = client.post(reverse(f"decisions:{url}", args=args), data)
    assert answer.status_code == status, (url, answer.content.decode()[-3000:])
    return answer


def pdf():
    return SimpleUploadedFile(PDF.name, PDF.data, "application/pdf")


def test_an_item_goes_the_whole_way_over_the_pages(world, client_for):
    city, finance, day = client_for("city"), client_for("finance"), world.today.isoformat()
    draft = {
        "kind": "money", "title": SMALL.title, "purpose": "relief", "purpose_text": SMALL.purpose_text,
        "department": "权益保障部", "standard": SMALL.standard, "fund": "专项帮扶资金", "ceiling_fen": "16000",
    }  # fmt: skip
    wrong = send(city, "new", status=400, **draft | {"title": "王某任免"})
    assert "干部任免、纪律处分和党组的文件不在这里登记" in wrong.content.decode()
    send(city, "new", **draft, papers=pdf())
    item = Item.objects.get()
    page = city.get(reverse("decisions:item", args=[item.pk])).content.decode()
    assert "还缺财务意见" in page and "16,000.00元" in page
    send(city, "step", item.pk, "submit", status=409)
    assert client_for("auditor").get(reverse("decisions:opine", args=[item.pk, "finance"])).status_code == 403
    send(finance, "opine", item.pk, "finance", stance="agree", given_on=day)
    send(city, "step", item.pk, "submit")
    send(city, "new_meeting", body="chairs", held_on=day)
    meeting = Meeting.objects.get()
    assert city.get(reverse("decisions:outcomes", args=[meeting.pk])).status_code == 409
    send(city, "agenda", meeting.pk, **{f"place_{item.pk}": "1"})
    send(city, "meeting_step", meeting.pk, "notify", notified_on=day)
    assert "材料提前0天发，规定提前3天" in city.get(reverse("decisions:meeting", args=[meeting.pk])).content.decode()
    who = {"held_on": day, "present": "卫主席、孙城，蒋财", "absent": "沈审", "attending": "韩律"}
    row = {f"outcome_{item.pk}": "agreed", f"recused_{item.pk}": "吕某"}
    assert "不在到会的人里" in send(city, "outcomes", meeting.pk, status=400, **who, **row).content.decode()
    send(city, "outcomes", meeting.pk, **who, **row | {f"recused_{item.pk}": "孙城"})
    send(city, "meeting_step", meeting.pk, "minutes", number="渭工纪要〔2026〕8号", papers=pdf())
    send(city, "judge", meeting.pk, "confirm", status=409)
    weak = world.client("chair", strong=False)
    assert "second-factor" in send(weak, "judge", meeting.pk, "confirm").headers["Location"]
    send(client_for("chair"), "judge", meeting.pk, "confirm")
    (scan,) = list_files(meeting)
    page = city.get(reverse("decisions:meeting", args=[meeting.pk])).content.decode()
    assert scan.digest in page and "应到" in page and "孙城" in page
    assert city.get(reverse("decisions:scan", args=[meeting.pk, scan.pk])).status_code == 200
    (material,) = list_files(item)
    for name, status in (("city", 200), ("county", 404), ("other_town", 404)):
        answer = client_for(name).get(reverse("decisions:file", args=[item.pk, material.pk]))
        assert answer.status_code == status, name
    assert "管住的上限" in finance.get(reverse("decisions:item", args=[item.pk])).content.decode()
    assert item.number in city.post(reverse("home:search"), {"q": "送温暖"}, follow=True).content.decode()
    send(city, "step", item.pk, "withdraw", reason="换了办法")
    assert "停止执行" in city.get(reverse("decisions:list") + "?phase=stopped").content.decode()


def test_queries_stay_as_many_however_long_the_lists_are(world, client_for, room):
    first = room.ready(SMALL)
    meeting = room.meet([first, room.ready(LARGE)])
    waiting = room.ready(PLAIN)
    held_on = world.today + timedelta(days=9)
    planned = actions.call_meeting(world.actor("city"), world.nodes["city"], body="chairs", held_on=held_on)
    city = client_for("city")
    urls = [
        reverse("decisions:list"),
        reverse("decisions:meetings"),
        reverse("decisions:item", args=[waiting.pk]),
        reverse("decisions:meeting", args=[meeting.pk]),
        reverse("decisions:outcomes", args=[meeting.pk]),
        reverse("decisions:agenda", args=[planned.pk]),
    ]
    before = counted(city, urls)
    more = [room.ready(SMALL), room.ready(LARGE), room.ready(PLAIN)]
    second = room.meet(more)
    room.enter(second, {item.pk: Result("deferred") for item in more})
    room.minute(second)
    actions.confirm_meeting(world.actor("chair"), second.pk)
    third = room.meet(more)
    urls[3:5] = [reverse(f"decisions:{name}", args=[third.pk]) for name in ("meeting", "outcomes")]
    for _ in range(3):
        room.ready(PLAIN)
    assert [count for _, count in counted(client_for("city"), urls)] == [count for _, count in before]


def counted(client, urls):
    found = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200, url
        found.append((url, len(asked)))
    return found
