"""The pages: what everybody reads and when it is gone, and the desk's forms."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.core.publicity.conftest import GIVEN
from tests.moves import picture
from unionhome.core.journal.models import Entry
from unionhome.core.publicity import actions, queries
from unionhome.core.publicity.actions import Hanging, PublicDraft
from unionhome.core.publicity.models import Notice, Objection

pytestmark = pytest.mark.django_db
HONOURS = PublicDraft("publicity.honours", "先进个人公示", ("name", "union"), (("赵立新", "示例工会"),))


def photo():
    return SimpleUploadedFile("a.jpg", picture(), "image/jpeg")


def test_an_open_list_is_read_while_it_runs_and_gone_afterwards(world, notice, client_for):
    town, row = world.actor("town"), notice("sealed", HONOURS)
    visitor = client_for("public")
    url = f"/open/notices/{row.public_id}/"
    assert visitor.get(url).status_code == 404
    actions.post_notice(town, row.pk, Hanging("online", world.today))
    assert "先进个人公示" in visitor.get("/open/notices/").content.decode()
    answer = visitor.get(url)
    assert "noindex" in answer["X-Robots-Tag"] and "赵*新" in answer.content.decode()
    assert "赵立新" not in answer.content.decode()
    checked = visitor.get(f"{url}check/").content.decode()
    assert row.number in checked and row.digest[:4] in checked and "赵*新" not in checked
    world.wait(days=30)
    assert visitor.get(url).status_code == 410
    assert "先进个人公示" not in visitor.get("/open/notices/").content.decode()
    assert visitor.get(f"{url}check/").status_code == 200
    late = visitor.get(f"{url}object/")
    assert late.status_code == 409 and "12351" in late.content.decode()


def test_relief_is_not_on_line_and_yet_anybody_with_the_paper_objects(world, notice, client_for):
    row = notice()
    visitor = client_for("public")
    assert visitor.get(f"/open/notices/{row.public_id}/").status_code == 404
    assert row.title not in visitor.get("/open/notices/").content.decode()
    url = f"/open/notices/{row.public_id}/object/"
    assert visitor.get(url).status_code == 200
    assert visitor.post(url, {"text": ""}).status_code == 400
    sent = visitor.post(url, {"text": "不对。", "name": "张三", "photos": photo(), "submit_key": "1" * 32})
    said = Objection.objects.get()
    assert sent.status_code == 302 and said.receipt in sent["Location"]
    assert "正在核查" in visitor.get(sent["Location"]).content.decode()
    county = client_for("county")
    desk = f"/desk/objections/{said.pk}/"
    page = county.get(desk).content.decode()
    assert "不对。" in page and "张三" in page
    assert "张三" not in client_for("town").get(desk).content.decode()
    ((letter,), _) = queries.list_letters(world.actor("county"), said)
    for name, status in (("county", 200), ("town", 404), ("finance", 404)):
        assert client_for(name).get(f"{desk}letters/{letter.pk}/").status_code == status
    assert "换一个人" in client_for("town").get(desk).content.decode()
    done = county.post(desk, {"outcome": "dismiss", "text": "查过了。", "scans": photo()})
    assert done.status_code == 302 and "查过了。" in visitor.get(sent["Location"]).content.decode()


def test_the_desk_from_the_pasted_list_to_the_photograph(world, client_for):
    town = client_for("town")
    given = {"kind": "publicity.relief", "title": "帮扶公示", "text": "姓名\t证件号码\n王小明\t1", "place": "workplace"}
    refused = town.post("/desk/publicity/new/", given)
    assert (
        refused.status_code == 400 and "证件号码" in refused.content.decode() and "王小明" in refused.content.decode()
    )
    assert town.post("/desk/publicity/new/", given | {"text": "姓名\t金额\n王小明\t2000"}).status_code == 302
    row = Notice.objects.get()
    page = f"/desk/publicity/{row.pk}/"
    assert town.post(f"{page}act/issue/", {}).status_code == 302

    shown = town.get(page).content.decode()
    assert "等打印" in shown and "还没有贴出来" in shown
    assert town.get(f"{page}act/post/").status_code == 409
    assert town.get(f"{page}act/nothing/").status_code == 404
    assert client_for("other_town").get(page).status_code == 404


def test_a_sheet_is_read_like_a_pasted_list(world, client_for):
    sheet = SimpleUploadedFile("名单.csv", "姓名,单位\n王小明,甲厂\n".encode(), "text/csv")
    given = {"kind": "publicity.honours", "title": "表彰公示", "sheet": sheet}
    assert client_for("town").post("/desk/publicity/new/", given).status_code == 302
    assert Notice.objects.get().rows == [["王*明", "甲厂"]]


def test_the_photograph_is_sent_from_the_phone(world, notice, client_for):
    row = notice("sealed", replace(GIVEN, title="贴出来的"))
    url = f"/desk/publicity/{row.pk}/"
    town = client_for("town")
    given = {"place": "workplace", "posted_on": world.today.isoformat(), "place_text": "食堂门口"}
    assert town.post(f"{url}act/post/", given).status_code == 400
    assert town.post(f"{url}act/post/", given | {"photos": photo()}).status_code == 302
    text = town.get(url).content.decode()
    assert "食堂门口" in text and "公示中" in text and "2026-03-17" in text
    assert "/desk/papers/" in text and "/desk/papers/" not in client_for("finance").get(url).content.decode()
    ((_, photos),) = queries.list_postings(row)
    assert town.get(f"{url}photos/{photos[0].pk}/").status_code == 200
    assert "帮扶慰问" in town.get("/desk/publicity/?phase=posted").content.decode()


def test_the_whole_list_is_opened_with_a_reason_and_that_is_kept(world, notice, client_for):
    row = notice("drafted")
    url, town = f"/desk/publicity/{row.pk}/whole/", client_for("town")
    assert "王小明" not in town.get(f"/desk/publicity/{row.pk}/").content.decode()
    assert town.post(url, {"reason": ""}).status_code == 400
    assert "王小明" in town.post(url, {"reason": "审计抽查"}).content.decode()
    assert Entry.objects.get(kind="publicity.notice.looked").data["reason"] == "审计抽查"
    for name, status in (("finance", 403), ("other_town", 404), ("auditor", 200)):
        assert client_for(name).get(url).status_code == status
