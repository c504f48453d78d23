"""Hazards that go to the authority by Open311: once, without whoever reported them, and what is heard of them since."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from tests.services.hazards.stubs import GeoStub, served
from tests.services.hazards.test_actions import walk
from unionhome.core.cases.models import Case, Entry
from unionhome.core.journal.models import Entry as Journal
from unionhome.core.registry import BadInput, Forbidden, Refused
from unionhome.kit.georeport import NotTaken, Receiver, get_standing, list_services, post_request
from unionhome.services.hazards import actions
from unionhome.services.hazards.models import HazardDetail, Outgoing, OutsideService

pytestmark = pytest.mark.django_db
OVER = {"authority": "应急管理局", "paper_number": "渭工安〔2026〕1号", "text": "何小工说的那处，19900000009，请处理。"}


@pytest.fixture(scope="module")
def server() -> Iterator[GeoStub]:
    with served(GeoStub()) as stub:
        yield stub


both_forms = pytest.mark.parametrize("geo", ["xml", "json"], indirect=True)


@pytest.fixture
def geo(server: GeoStub, settings: Any, request: Any) -> GeoStub:
    server.clear()
    settings.OPEN311_RECEIVER = Receiver(
        server.url, "市12345", "their-key", "city.example", getattr(request, "param", "xml"), True
    )
    return server


@pytest.fixture
def ready(world: Any, hazard: Any) -> Any:
    """A graded major hazard that anybody may read of, whose kind goes to `fire` there; keyword arguments change it."""

    def make(**changes: Any) -> Case:
        if not OutsideService.objects.exists():
            actions.read_services(world.actor("system"))
            actions.choose_services(world.actor("system"), chosen={"hz_height": "fire", "hz_fire": "121"})
        case = hazard(**{"hide_from_employer": False, "phone": "19900000009"} | changes)
        Case.objects.filter(pk=case.pk).update(applicant_name="何小工")
        return walk(world, case, "grade", grade="major")

    return make


def send(world: Any) -> int:
    return actions.send_outgoing(world.actor("system"))


def titles(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case, is_public=True).order_by("pk").values_list("title", flat=True))


@both_forms
def test_a_hazard_goes_out_once_without_its_reporter_and_is_asked_about(world, geo, ready):
    case = ready(place_text="东风街何小工家对面")
    actions.hand_over_hazard(world.actor("town"), case.pk, **OVER, by_interface=True, photo_is_clear=True)
    assert geo.posts == [] and (send(world), send(world)) == (1, 0)
    [post] = geo.posts
    outgoing = Outgoing.objects.get()
    assert (outgoing.state, outgoing.number, post["key"]) == ("sent", "R-1", outgoing.send_key)
    assert (post["service_code"], post["api_key"], post["jurisdiction_id"]) == ("fire", "their-key", "city.example")
    assert case.number in post["description"] and "重大隐患" in post["description"] and post["lat"] == "34.500000"
    said = " ".join(str(word) for name, word in post.items() if name != "media")
    assert not any(word in said for word in ("何小工", "19900000009", "没有护栏")), said
    assert set(post) <= {
        "service_code",
        "api_key",
        "jurisdiction_id",
        "description",
        "address_string",
        "lat",
        "long",
        "media",
        "key",
    }
    with Image.open(BytesIO(post["media"])) as photo:
        assert not photo.getexif() and photo.format == "JPEG"
    assert titles(case)[-1] == "已用接口送到市12345，对方编号R-1"
    assert actions.ask_outgoing(world.actor("system")) == 0, "not before a day has passed"
    for status, notes, changed in (
        ("open", "", 1),
        ("open", "", 0),
        ("closed", "问何工19900000009", 1),
        ("closed", "", 0),
    ):
        geo.status = {"status": status, "status_notes": notes}
        world.wait(days=1)
        assert actions.ask_outgoing(world.actor("system")) == changed, (status, notes)
    outgoing.refresh_from_db()
    assert (outgoing.status, outgoing.ask_at) == ("closed", None) and "19900000009" not in outgoing.notes
    assert titles(case)[-2:] == ["市12345：正在办（对方编号R-1）", "市12345：办完了（对方编号R-1）"]
    kinds = Journal.objects.filter(kind__startswith="hazards.outgoing").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["hazards.outgoing.sent", "hazards.outgoing.heard", "hazards.outgoing.heard"]


def test_without_the_second_tick_no_photograph_goes_and_without_the_first_nothing(world, geo, ready):
    quiet, plain = ready(), ready(text="另一处", photo=2)
    actions.hand_over_hazard(world.actor("town"), quiet.pk, **OVER, photo_is_clear=True)
    actions.hand_over_hazard(world.actor("town"), plain.pk, **OVER, by_interface=True)
    assert send(world) == 1 and "media" not in geo.posts[0] and Outgoing.objects.get().case == plain


def test_what_may_not_leave_is_refused_and_stays_as_it_was(world, geo, ready):
    refused: list[tuple[str, Case]] = [
        ("kept-back", ready(hide_from_employer=True)),
        ("kept-back", ready(is_anonymous=True, photo=2)),
        ("no-service", ready(category="hz_dust", photo=3)),
    ]
    evacuated = ready(photo=4)
    actions.propose_evacuation(world.actor("town"), evacuated.pk)
    for code, case in [*refused, ("kept-back", evacuated)]:
        with pytest.raises(BadInput) as error:
            actions.hand_over_hazard(world.actor("town"), case.pk, **OVER, by_interface=True)
        case.refresh_from_db()
        assert (error.value.code, case.state, list(error.value.fields)) == (code, "graded", ["by_interface"])
    late = ready(photo=5)
    actions.hand_over_hazard(world.actor("town"), late.pk, **OVER, by_interface=True)
    HazardDetail.objects.filter(pk=late.pk).update(is_hidden_from_employer=True)
    assert send(world) == 0 and not geo.posts
    assert Outgoing.objects.get().state == "failed" and "瞒着单位" in Outgoing.objects.get().reason


def test_an_answer_that_was_lost_is_looked_up_before_it_is_sent_again(world, geo, ready):
    case = ready()
    actions.hand_over_hazard(world.actor("town"), case.pk, **OVER, by_interface=True)
    geo.drops = 1
    assert send(world) == 0 and len(geo.posts) == 1
    assert (Outgoing.objects.get().state, Outgoing.objects.get().reason) == ("waiting", "连不上对方的接口。")
    world.wait(minutes=2)
    assert send(world) == 1 and len(geo.posts) == 1 and Outgoing.objects.get().number == "R-1"
    assert "service_code=fire" in geo.asked[-1]
    Outgoing.objects.update(state="sending", claim="dead", claimed_at=world.at, number="")
    assert send(world) == 0, "its worker may still be at it"
    world.wait(minutes=10)
    assert send(world) == 1 and len(geo.posts) == 1, "a worker that died is followed by one that asks first"
    Outgoing.objects.update(state="waiting")
    geo.is_open = False
    assert send(world) == 1, "nobody may ask there: sent again, with the same key"
    assert len(geo.posts) == 2 and len({post["key"] for post in geo.posts}) == 1


def test_a_token_is_asked_for_its_number(world, geo, ready):
    case = ready()
    actions.hand_over_hazard(world.actor("town"), case.pk, **OVER, by_interface=True)
    geo.tokens = True
    assert send(world) == 1 and Outgoing.objects.get().token == "t-1"
    world.wait(days=1)
    assert actions.ask_outgoing(world.actor("system")) == 0 and Outgoing.objects.get().number == ""
    geo.tokens = False
    world.wait(days=1)
    assert actions.ask_outgoing(world.actor("system")) == 1 and Outgoing.objects.get().number == "R-1"


ANSWERS: dict[str, tuple[tuple[int, str, dict[str, str]], str, str]] = {
    "busy": ((503, "", {}), "waiting", "出了故障"),
    "too often": ((429, "", {}), "waiting", "太忙"),
    "key": ((403, "", {}), "failed", "密钥"),
    "bad": ((400, "", {}), "failed", "400"),
    "elsewhere": ((302, "", {"Location": "http://localhost/"}), "failed", "别的地址"),
    "page": ((200, "<!DOCTYPE html><html></html>", {}), "waiting", "看不懂"),
    "nothing": ((200, "", {}), "waiting", "对方"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_did_not_get_there_says_why_and_is_sent_again_by_hand(world, geo, ready, name):
    answer, state, words = ANSWERS[name]
    case = ready()
    actions.hand_over_hazard(world.actor("town"), case.pk, **OVER, by_interface=True)
    geo.answer = answer
    assert send(world) == 0
    outgoing = Outgoing.objects.get()
    assert outgoing.state == state and words in outgoing.reason, outgoing.reason
    page = world.client("town").get(reverse("cases:case", args=[case.pk])).content.decode()
    assert outgoing.reason in page and ("再用接口送一次" in page) == (state == "failed")
    if state == "waiting":
        with pytest.raises(Refused):
            actions.resend_hazard(world.actor("town"), case.pk)
        for _ in range(6):
            world.wait(days=1)
            send(world)
        outgoing.refresh_from_db()
        assert outgoing.state == "failed" and outgoing.tries == 6
    geo.answer = None
    assert world.client("town").post(reverse("hazards:take", args=[case.pk, "resend"])).status_code == 302
    assert send(world) == 1 and len(geo.posts) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "ftp", "rest": "127.0.0.1/"}, "url"),
        ({"scheme": "https", "rest": "name:word@127.0.0.1/"}, "url"),
        ({"scheme": "https", "rest": "127.0.0.1:99999/"}, "url"),
        ({"form": "csv"}, "url"),
        ({"is_private": False}, "private"),
        ({"scheme": "https", "rest": "10.0.0.1/", "is_private": False}, "private"),
        ({"scheme": "https", "rest": "[::ffff:192.168.1.1]/", "is_private": False}, "private"),
        ({"scheme": "https", "rest": "169.254.169.254/", "is_private": False}, "private"),
        ({"scheme": "http", "rest": "10.0.0.1/"}, "plain"),
        ({"scheme": "https", "rest": "nowhere.invalid/"}, "unreachable"),
    ],
)
def test_it_goes_nowhere_but_to_the_one_server(server, changes, code):
    facts = {"url": server.url, "is_private": True} | changes
    if "rest" in facts:
        facts["url"] = f"{facts.pop('scheme')}://{facts.pop('rest')}"
    with pytest.raises(NotTaken) as refused:
        list_services(Receiver(**facts))
    assert refused.value.answer == code


@pytest.mark.parametrize(
    "words",
    [
        '<?xml version="1.0" encoding="foo"?><r><a><token>!</token></a></r>',
        '<?xml version="1.0" encoding="zlib"?><r/>',
        '<!DOCTYPE r [<!ENTITY a "t-1">]><r><a><token>&a;</token></a></r>',
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "t-1">]><r><a><token>&a;</token></a></r>'.encode("utf-16"),
        b"<r>" * 3,
        b"\xff\xfe",
    ],
)
def test_an_answer_in_a_strange_encoding_or_with_entities_is_no_number(geo, settings, words):
    geo.answer = (200, words, {})
    with pytest.raises(NotTaken) as refused:
        post_request(settings.OPEN311_RECEIVER, {}, None, "k")
    assert refused.value.answer in ("unreadable", "no-number")


@pytest.mark.parametrize(
    "drip", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n<"]
)
def test_an_answer_that_never_ends_is_given_up(settings, monkeypatch, drip):
    """In its head as well as in its body: the worker that waits would be taken for dead, and the report sent twice."""
    monkeypatch.setattr("unionhome.kit.georeport.MOST_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_drip, args=(server, drip))
        thread.start()
        with pytest.raises(NotTaken) as refused:
            list_services(Receiver(f"http://127.0.0.1:{server.getsockname()[1]}/", is_private=True))
        thread.join(5)
    assert refused.value.answer == "timeout" and not thread.is_alive()


def _drip(server: socket.socket, drip: bytes) -> None:
    """Say that, and then a little every now and then, for two seconds."""
    with server.accept()[0] as talk, suppress(OSError):
        talk.sendall(drip)
        for _ in range(40):
            time.sleep(0.05)
            talk.sendall(drip if b"100" in drip else b"x")


@both_forms
def test_a_long_or_strange_answer_is_not_taken(geo, monkeypatch, settings):
    receiver = settings.OPEN311_RECEIVER
    monkeypatch.setattr("unionhome.kit.georeport.MOST_BYTES", 10)
    with pytest.raises(NotTaken) as refused:
        list_services(receiver)
    assert refused.value.answer == "too-long"
    monkeypatch.undo()
    geo.answer = (200, "<r><a><service_request_id>x y</service_request_id></a></r>", {})
    if receiver.form == "json":
        geo.answer = (200, '[{"service_request_id": "x\\u0000 y"}, 1, null]', {})
    for ask in (
        lambda: post_request(receiver, {}, None, "k"),
        lambda: get_standing(receiver, "1"),
        lambda: list_services(receiver),
    ):
        with pytest.raises(NotTaken) as refused:
            ask()
        assert refused.value.answer.startswith("no-")


def test_the_page_of_the_interface(world, geo, settings):
    world.grant("city", "sysadmin", "city")
    browser, page = world.client("city", strong=True), reverse("hazards:outside")
    assert "还没有对方的类别" in browser.get(page).content.decode()
    assert browser.post(reverse("hazards:read_services")).status_code == 302
    shown = browser.get(page).content.decode()
    assert (
        "安全：消防隐患" in shown
        and "their-key" not in shown
        and browser.post(page, {"hz_fire": "none"}).status_code == 400
    )
    assert browser.post(page, {"hz_fire": "fire"}).status_code == 302
    assert OutsideService.objects.get(code="fire").categories == ["hz_fire"]
    assert browser.post(reverse("hazards:read_services")).status_code == 302
    assert OutsideService.objects.get(code="fire").categories == ["hz_fire"], "kept when the list is read again"
    with pytest.raises(Forbidden):
        actions.read_services(world.actor("town"))
    with pytest.raises(BadInput):
        actions.choose_services(world.actor("system"), chosen={"hz_fire": "gone"})
    geo.answer = (500, "", {})
    assert browser.post(reverse("hazards:read_services")).status_code == 409
    settings.OPEN311_RECEIVER = Receiver()
    assert "UNIONHOME_OPEN311_URL" in browser.get(page).content.decode()
    assert browser.post(reverse("hazards:read_services")).status_code == 409


def test_the_switch_is_there_where_there_is_an_interface_and_says_why_not(world, geo, ready, settings):
    case, hidden = ready(), ready(hide_from_employer=True, photo=2)
    browser = world.client("town")
    pages = [
        browser.get(reverse("hazards:take", args=[each.pk, "hand_over"])).content.decode() for each in (case, hidden)
    ]
    assert "同时用接口送到市12345" in pages[0] and "不用接口送" not in pages[0] and "不用接口送" in pages[1]
    body = OVER | {"by_interface": "on", "photo_is_clear": "on"}
    assert browser.post(reverse("hazards:take", args=[hidden.pk, "hand_over"]), body).status_code == 302
    assert not Outgoing.objects.exists(), "a switch that may not be used is not looked at"
    settings.OPEN311_RECEIVER = Receiver()
    assert "接口" not in browser.get(reverse("hazards:take", args=[case.pk, "hand_over"])).content.decode()
    assert send(world) == 0 and actions.ask_outgoing(world.actor("system")) == 0
