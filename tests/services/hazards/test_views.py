"""The pages of hazards: photographs without EXIF on every path, nothing lost, nothing shown to others."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.pointed import scene
from tests.services.hazards.test_actions import walk
from unionhome.core.cases.models import Case, Entry
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.journal.models import Entry as Journal
from unionhome.core.workflow.models import Step
from unionhome.services.hazards.actions import strike_off_hazard
from unionhome.services.hazards.models import HazardDetail

pytestmark = pytest.mark.django_db
SENT = {"category": "hz_height", "text": "三楼楼梯口没有护栏。", "town": "610502001000", "hide": "on"}
MAKER = b"SECRET-CAMERA"


def with_exif(number=1, kind="JPEG") -> bytes:
    """A photograph that tells camera and place."""
    picture = Image.open(io.BytesIO(scene(number)))
    exif = picture.getexif()
    exif[0x010F] = MAKER.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 30.0, 0.0), 3: "E", 4: (109.0, 30.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    assert MAKER in out.getvalue()
    return out.getvalue()


def photo(data=None, name="现场.jpg"):
    return SimpleUploadedFile(name, data or with_exif(), content_type="image/jpeg")


def words(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def bare(data: bytes) -> None:
    """No EXIF, no camera, no place."""
    assert data and MAKER not in data and b"Exif\x00" not in data and b"eXIf" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert not dict(picture.getexif())


def test_every_path_to_a_photograph_is_without_exif(world):
    visitor = world.client()
    sent = [photo(), photo(with_exif(2, "PNG"), "b.png"), photo(with_exif(3, "WEBP"), "c.webp")]
    answer = visitor.post("/open/hazards/", SENT | {"photos": sent, "anonymous": "on"})
    case = Case.objects.get()
    receipt = answer["Location"]
    assert receipt.startswith("/open/matters/")
    assert 'data-draft-done="hazard"' in visitor.get(receipt).content.decode()
    walk(world, case, "send")
    town = world.client("town")
    after = photo(with_exif(4))
    assert town.post(f"/desk/hazards/{case.pk}/take/answer/", {"text": "装好了", "photos": after}).status_code == 302
    shown = SealedFile.objects.exclude(kind=Kind.ORIGINAL)
    assert len(shown) == 4
    for file in shown:
        for client, base in ((visitor, receipt), (town, f"/desk/cases/{case.pk}/")):
            for path in (f"files/{file.pk}/", f"files/{file.pk}/?small=1"):
                bare(client.get(base + path).content)
    for file in SealedFile.objects.filter(kind=Kind.ORIGINAL):
        assert visitor.get(f"{receipt}files/{file.pk}/").status_code == 404
        assert town.get(f"/desk/cases/{case.pk}/files/{file.pk}/").status_code == 404
    page = words(town.get(f"/desk/cases/{case.pk}/"))
    assert "整改前" in page and "整改后" in page and "装好了" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "请先拍一张照片"),
        ({"photos": "video"}, "这是视频"),
        ({"photos": "ten"}, "最多9个"),
        ({"photos": "one", "text": ""}, "哪里不安全"),
        ({"photos": "one", "town": ""}, "请选在哪个镇街"),
        ({"photos": "one", "point": "1.0,1.0"}, "国外或者海上"),
        ({"photos": "one", "point": "39.9,116.4"}, "不在本市"),
        ({"photos": "one", "category": "nonsense"}, "哪一类"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field_and_nothing_is_lost(world, changes, sentence):
    video = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41" + b"\x00" * 64
    given = {"video": [photo(video, "a.mp4")], "ten": [photo() for _ in range(10)], "one": [photo()]}
    sent = SENT | changes
    if "photos" in sent:
        sent["photos"] = given[sent["photos"]]
    answer = world.client().post("/open/hazards/", sent)
    assert answer.status_code == 400 and sentence in words(answer)
    assert ("照片和文件要再选一次" in words(answer)) == ("photos" in sent)
    assert sent["text"] in words(answer) and not Case.objects.exists()


def test_a_worker_follows_another_report_and_sees_no_words_of_it(world):
    world.client().post("/open/hazards/", SENT | {"photos": [photo()], "point": "34.5,109.5", "text": "甲的原话。"})
    first = Case.objects.get()
    worker = world.client("worker")
    worker.post("/open/hazards/", SENT | {"photos": [photo()], "point": "34.50001,109.5"})
    own = Case.objects.latest("pk")
    page = worker.get(f"/my/matters/{own.pk}/")
    assert "是同一处，跟进这一件" in words(page) and "甲的原话" not in words(page)
    assert world.client("outsider").post(f"/my/hazards/{own.pk}/follow/", {"leader": first.pk}).status_code == 404
    for nonsense in ("", "x", "²", str(own.pk)):
        assert worker.post(f"/my/hazards/{own.pk}/follow/", {"leader": nonsense}).status_code == 404
    assert worker.post(f"/my/hazards/{own.pk}/follow/", {"leader": first.pk}).status_code == 302
    page = words(worker.get(f"/my/matters/{own.pk}/"))
    assert first.number in page and "待核实" in page and "撤回" not in page and "还没有照片" not in page
    assert "另有1件报的是同一处" in words(world.client("town").get(f"/desk/cases/{first.pk}/"))


def test_a_report_without_a_phone_is_not_told_to_sign_in_with_one(world):
    visitor = world.client()
    for given, told in (
        ({"anonymous": "on", "phone": "13800001111"}, False),
        ({}, False),
        ({"phone": "13800001111"}, True),
    ):
        answer = visitor.post("/open/hazards/", SENT | {"photos": [photo()]} | given, follow=True)
        assert "请收好这一页的网址" in words(answer)
        assert ("用提交时的手机号" in words(answer)) == told, given


def test_a_hazard_that_is_over_asks_nobody_to_leave_any_more(world, hazard_case):
    town, path = world.client("town"), f"/desk/hazards/{hazard_case.pk}/take/"
    town.post(f"{path}evacuate/")
    notice = "工会已经提请单位先把人撤出来"
    assert notice in words(town.get(f"/desk/cases/{hazard_case.pk}/"))
    town.post(f"{path}dismiss/", {"reason": "已经拆了。"})
    page = words(town.get(f"/desk/cases/{hazard_case.pk}/"))
    assert "已经拆了" in page and notice not in page


def test_the_desks_list_page_and_steps(world, hazard_case):
    town, path = world.client("town"), f"/desk/hazards/{hazard_case.pk}/take/"
    listed = words(town.get("/desk/hazards/", follow=True))
    assert hazard_case.number in listed and "待核实" in listed
    empty = words(town.get("/desk/cases/?kind=hazards.hazard&phase=waiting"))
    assert "这里还没有隐患" in empty and "这里还没有诉求" not in empty
    crumb = 'href="/desk/cases/?kind=hazards.hazard">隐患<'
    assert crumb in town.get(f"/desk/cases/{hazard_case.pk}/").content.decode()
    assert 'href="/desk/hazards/">隐患<' in town.get(f"{path}dismiss/").content.decode()
    assert words(town.get("/desk/cases/?kind=helpdesk.need")).count(hazard_case.number) == 0
    for verb, status in (("nonsense", 404), ("accept", 404), ("refer", 404), ("follow", 404), ("check", 302)):
        assert town.get(f"{path}{verb}/").status_code == status, verb
    for other in ("accept", "propose", "check"):
        assert town.post(f"/desk/cases/{hazard_case.pk}/step/{other}/").status_code == 404, other
    assert town.get(f"/desk/cases/{hazard_case.pk}/stamp/help/").status_code == 404
    assert world.client("other_town").get(f"{path}grade/").status_code == 404
    assert world.client("auditor").get(f"{path}grade/").status_code == 403
    assert town.post(f"{path}check/").status_code == 302
    assert "危害和整改难度较大" in words(town.get(f"{path}grade/"))
    assert town.post(f"{path}grade/", {"grade": "general"}).status_code == 302
    assert town.get(f"{path}send/").status_code == 200
    for verb in ("dismiss", "merge", "plan", "answer", "strike_off", "send_back", "urge", "refuse", "hand_over"):
        refused = town.get(f"{path}{verb}/")
        assert refused.status_code == 409 and re.search("现在的状态是|才移交主管部门", words(refused)), verb
    lost = town.post(f"{path}send/", {"employer_text": "没有这个厂", "text": "请装护栏。", "due_on": "2026-03-17"})
    assert lost.status_code == 400 and "名册里没有这个单位" in words(lost) and "请装护栏。" in words(lost)


@pytest.fixture
def hazard_case(world):
    world.client().post("/open/hazards/", SENT | {"photos": [photo()], "point": "34.5,109.5"})
    return Case.objects.get()


def test_fifty_hazards_cost_what_five_cost(world, hazard_case):
    town = world.client("town")
    detail = HazardDetail.objects.get()

    def copy(count):
        for number in range(Case.objects.count(), Case.objects.count() + count):
            case = Case.objects.get(pk=hazard_case.pk)
            case.pk, case.number, case.submit_key = None, f"YH-{number:08}", None
            case.receipt_index = f"sample{number}"
            case.save()
            detail.pk, detail.case = case.pk, case
            detail.save(force_insert=True)

    def cost(path):
        town.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert town.get(path).status_code == 200
        return len(seen.captured_queries)

    paths = ("/desk/cases/?kind=hazards.hazard", f"/desk/cases/{hazard_case.pk}/")
    copy(4)
    five = [cost(path) for path in paths]
    copy(45)
    assert [cost(path) for path in paths] == five


def test_who_reported_without_a_name_stays_nobody_by_the_receipt(world):
    worker = world.client("worker")
    receipt = worker.post("/open/hazards/", SENT | {"photos": [photo()], "anonymous": "on"})["Location"]
    world.client().post("/open/hazards/", SENT | {"photos": [photo()]})
    other = Case.objects.latest("pk")
    assert worker.post(f"{receipt}material/", {"text": "下面有人走。"}).status_code == 302
    follow = f"{receipt.replace('/matters/', '/hazards/')}follow/"
    assert worker.post(follow, {"leader": other.pk}).status_code == 302
    rows = [row for model in (Entry, Step, Journal) for row in model.objects.all()]
    assert len(rows) > 6 and {row.user_id for row in rows} == {None}
    assert not [row for row in rows if world.users["worker"].name in row.actor_name]


def test_nobody_outside_of_the_union_reads_at_which_hour_another_reported(world, hazard_case):
    receipt = world.client().post("/open/hazards/", SENT | {"photos": [photo()], "point": "34.5001,109.5"})["Location"]
    near = world.client().get(receipt).context["own_panel"][1]["near"]
    assert [(each["opened"], each["why"]) for each in near] == [("2026年3月10日", "照片看起来一样")]


def test_pages_of_hazards_stand_under_their_own_entry(world, hazard_case):
    town, need = world.client("town"), "/desk/cases/?kind=helpdesk.need"
    own = (
        "/desk/cases/?kind=hazards.hazard",
        f"/desk/cases/{hazard_case.pk}/",
        f"/desk/cases/{hazard_case.pk}/assign/",
    )
    for path, title in [(each, "隐患") for each in own] + [(need, "诉求"), ("/desk/cases/?kind=nonsense", "诉求")]:
        nav = town.get(path).context["shell"]["nav"]
        assert [entry["title"] for group in nav for entry in group if entry["active"]] == [title], path


def test_nobody_has_to_write_degrees(world):
    page = world.client().get("/open/hazards/").content.decode()
    assert page.index("data-locate=") < page.index("<details><summary") < page.index('name="point"')
    bad = world.client().post("/open/hazards/", SENT | {"photos": [photo()], "point": "北门"}).content.decode()
    assert "<details open><summary" in bad


def test_what_is_struck_off_is_due_no_more(world, hazard_case):
    walk(world, hazard_case, "answer")
    town = world.client("town")
    assert "整改到期" in words(town.get(f"/desk/cases/{hazard_case.pk}/"))
    strike_off_hazard(world.actor("county"), hazard_case.pk, text="到现场看了。")
    assert "整改到期" not in words(town.get(f"/desk/cases/{hazard_case.pk}/"))


def test_the_desk_reads_that_the_employer_is_to_know_nothing_whoever_that_is(world, hazard_case):
    page = world.client("town").get(f"/desk/cases/{hazard_case.pk}/")
    assert not hazard_case.hidden_path and page.context["group_text"] == ""
    assert "不让单位知道" in words(page) and "没有要求避开" not in words(page)
    HazardDetail.objects.update(is_hidden_from_employer=False)
    page = world.client("town").get(f"/desk/cases/{hazard_case.pk}/")
    assert page.context["group_text"] and "没有要求避开" in words(page)
