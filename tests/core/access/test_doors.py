"""Doors, idle sessions, kept forms, where one goes after signing in."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from tests.worlds import PASSWORD
from unionhome.core.access import doors, queries
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import keep_form, open_kept, safe_next, totp_code
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.kit.forms import Form, LineField


def enter(client, **more):
    return client.post("/desk/sign-in/", {"username": "town", "password": PASSWORD} | more)


def test_signing_in_gives_a_fresh_session_and_goes_where_the_way_led(world, client_for):
    client = Client()
    client.get("/desk/sign-in/")
    answer = enter(client, next="/desk/account/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/account/?a=1")
    old = client.session.session_key
    assert client.get("/desk/account/").status_code == 200
    enter(client)
    assert client.session.session_key != old
    assert not Session.objects.filter(session_key=old).exists()
    assert list(SignIn.objects.order_by("id").values_list("ended_why", flat=True)) == ["replaced", ""]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("/desk/users/?q=1", True),
        ("//evil.example/", False),
        ("/\\evil.example", False),
        ("https://evil.example/", False),
        ("evil", False),
        ("javascript:alert(1)", False),
        ("/a\r\nSet-Cookie: x=1", False),
        ("", False),
    ],
)
def test_the_way_leads_nowhere_else(text, safe):
    assert safe_next(text, "/desk/") == (text if safe else "/desk/")


def test_wrong_password_is_said_at_the_field(world):
    answer = enter(Client(), password="wrong")
    assert answer.status_code == 400
    assert "还可以试4次" in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"password"}
    assert "wrong" not in re.sub(r"wrong-", "", answer.content.decode())


def test_without_a_sign_in_the_door_leads_to_its_page(world):
    client = Client()
    assert client.get("/desk/users/?q=1")["Location"] == "/desk/sign-in/?next=%2Fdesk%2Fusers%2F%3Fq%3D1"
    assert client.get("/my/account/")["Location"] == "/my/sign-in/?next=%2Fmy%2Faccount%2F"


def test_one_door_does_not_open_the_other(world, client_for):
    assert client_for("town").get("/my/account/").status_code == 302
    assert client_for("worker").get("/desk/account/").status_code == 302


def test_permission_and_second_factor(world, client_for):
    assert client_for("town").get("/desk/users/").status_code == 403
    answer = client_for("sysadmin", strong=False).get("/desk/users/?q=1")
    assert answer["Location"] == "/desk/second-factor/?next=%2Fdesk%2Fusers%2F%3Fq%3D1"
    assert client_for("sysadmin").get("/desk/users/").status_code == 200


def test_form_waits_for_the_second_factor_and_is_sent_with_one_click(world, client_for):
    client = client_for("sysadmin", strong=False)
    way = client.post("/desk/users/new/?a=1", FIELDS)["Location"]
    assert way.startswith("/desk/second-factor/?next=")
    client.post("/desk/second-factor/enrol/", {"next": "/desk/users/new/?a=1"})
    secret = queries.find_pending_secret(world.actor("sysadmin"))
    confirm = {"code": totp_code(secret, world.at), "next": "/desk/users/new/?a=1"}
    page = client.post("/desk/second-factor/enrol/", confirm)
    assert page.status_code == 200 and 'action="/desk/users/new/?a=1"' in page.content.decode()
    assert {name: hidden(page, name) for name in FIELDS} == FIELDS
    assert "填了很久" not in str(client.session.items())
    assert not User.objects.filter(username="kept").exists()
    assert client.post("/desk/users/new/?a=1", FIELDS).status_code in (200, 302)
    assert User.objects.filter(username="kept").exists()


def test_form_that_waited_is_not_offered_on_another_way(world, client_for):
    client = client_for("sysadmin", strong=False)
    client.post("/desk/users/new/", FIELDS)
    client.post("/desk/second-factor/enrol/", {"next": "/desk/account/"})
    secret = queries.find_pending_secret(world.actor("sysadmin"))
    confirm = {"code": totp_code(secret, world.at), "next": "/desk/account/"}
    assert client.post("/desk/second-factor/enrol/", confirm)["Location"] == "/desk/account/"
    assert "waits_for_factor" not in client.session


def test_part_of_a_page_does_not_lead_the_page_away(world):
    answer = Client().get("/desk/users/unions/", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and "HX-Redirect" not in answer
    boosted = Client().get("/desk/users/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted.status_code == 302


def test_idle_session_is_ended_by_door(world, client_for):
    desk, mine = client_for("town"), client_for("worker")
    world.wait(minutes=29)
    assert desk.get("/desk/account/").status_code == 200
    world.wait(minutes=31)
    assert desk.get("/desk/account/").status_code == 302
    assert mine.get("/my/account/").status_code == 200
    world.wait(days=31)
    assert mine.get("/my/account/").status_code == 302


def test_stopped_account_is_out_at_once(world, client_for):
    client = client_for("town")
    User.objects.filter(username="town").update(is_active=False)
    assert client.get("/desk/account/").status_code == 302


def test_sign_out_ends_the_session(world, client_for):
    client = client_for("town")
    assert "data-forget-drafts" in client.get("/desk/account/").content.decode().partition("<main")[2]
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/desk/sign-in/"
    assert SignIn.objects.get().ended_why == "signed-out"
    assert client.get("/desk/account/").status_code == 302


# Kept forms


FIELDS = {"username": "kept", "name": "填了很久", "union": "610502001", "post": "", "phone": "", "submit_key": "a" * 32}


def hidden(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1])


def send_late(world, client):
    world.wait(minutes=31)
    page = client.post("/desk/users/new/", FIELDS)
    assert page.status_code == 401
    return hidden(page, "kept")


def test_kept_form_is_offered_again_and_sent(world, client_for):
    client = client_for("sysadmin")
    kept = send_late(world, client)
    assert "填了很久" not in kept
    page = client.post("/desk/sign-in/", {"kept": kept})
    assert page.status_code == 200 and hidden(page, "kept") == kept
    page = enter(client, username="sysadmin", kept=kept)
    assert 'action="/desk/users/new/"' in page.content.decode()
    assert {name: hidden(page, name) for name in FIELDS} == FIELDS
    assert not User.objects.filter(username="kept").exists()


def test_kept_form_survives_wrong_tries(world, client_for):
    client = client_for("sysadmin")
    kept = send_late(world, client)
    page = enter(client, username="sysadmin", password="wrong", kept=kept)
    assert page.status_code == 400 and hidden(page, "kept") == kept


def test_kept_form_is_not_shown_to_somebody_else(world, client_for):
    kept = send_late(world, client_for("sysadmin"))
    page = enter(Client(), username="town", kept=kept)
    assert page["Location"] == "/desk/"


def test_what_nobody_is_known_to_have_sent_is_shown_for_copying_and_promises_nothing(world, client_for):
    client = client_for("sysadmin")
    client.post("/sign-out/")
    page = client.post("/desk/users/new/", FIELDS | {"password": "secret-1"})
    text = page.content.decode()
    assert page.status_code == 401
    assert "没有提交" in text and "内容还在" not in text and 'name="kept"' not in text
    assert "填了很久" in text and "secret-1" not in text


def test_kept_form_by_htmx_replaces_the_page(world, client_for):
    client = client_for("sysadmin")
    world.wait(minutes=31)
    page = client.post("/desk/users/new/", FIELDS, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (200, "body")
    assert hidden(page, "kept")


def test_workers_kept_form_goes_through_phone_and_code(world, client_for, settings):
    settings.DEMO = True
    client = client_for("worker")
    world.wait(days=31)
    page = client.post("/my/account/sessions/end-others/", {"note": "一句话"})
    assert page.status_code == 401
    page = client.post("/my/sign-in/", {"kept": hidden(page, "kept")})
    page = client.post("/my/sign-in/", {"kept": hidden(page, "kept"), "phone": "19900000001"})
    facts = {"kept": hidden(page, "kept"), "phone": "19900000001", "code": page.context["sent"].shown}
    page = client.post("/my/sign-in/code/", facts)
    assert 'action="/my/account/sessions/end-others/"' in page.content.decode()
    assert hidden(page, "note") == "一句话"


def posted(**fields):
    return RequestFactory().post("/", fields).POST


def test_kept_form_is_for_its_door_and_day_only(world):
    kept = keep_form("/desk/x/?y=1", posted(a="1", csrfmiddlewaretoken="t"), door="desk", at=world.at, user_id=3)
    form = open_kept(kept, door="desk", at=world.at)
    assert (form.path, form.fields, form.user_id) == ("/desk/x/?y=1", (("a", "1"),), 3)
    assert open_kept(kept, door="my", at=world.at) is None
    assert open_kept(kept, door="desk", at=world.at + timedelta(hours=25)) is None
    assert open_kept(kept[:-2] + "00", door="desk", at=world.at) is None
    assert open_kept("nonsense", door="desk", at=world.at) is None
    assert keep_form("/x", posted(a="字" * 200_001), door="desk", at=world.at) == ""


# Pieces for other rooms


def test_address_is_the_peers_unless_a_proxy_stands_in_front(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.9")
    settings.BEHIND_TLS = False
    assert doors.address_of(request) == "10.0.0.1"
    settings.BEHIND_TLS = True
    assert doors.address_of(request) == "203.0.113.9"


class Small(Form):
    name = LineField(label="姓名")


@pytest.mark.parametrize(
    ("refusal", "status", "errors"),
    [
        (BadInput("写错了", fields={"name": "太长"}), 400, {"name": ["太长"]}),
        (BadInput("写错了", fields={"other": "别处"}), 400, {"__all__": ["别处"]}),
        (Refused("现在不行"), 409, {"__all__": ["现在不行"]}),
    ],
)
def test_refusals_go_back_to_their_fields(refusal, status, errors):
    form = Small({"name": "某"})
    assert form.is_valid()
    assert doors.put_refusal(form, refusal) == status
    assert form.errors == errors


def test_refusals_become_pages(world):
    @doors.door("open")
    def view(request, actor):
        raise Forbidden("不行")

    request = RequestFactory().get("/")
    request.actor = Actor.public(world.at)
    assert view(request).status_code == 403
    assert view.door == doors.Door("open", "", False)


@pytest.mark.parametrize("address", ["organizations", "calendar", "members", "users", "journal"])
def test_a_number_no_row_can_have_is_not_found(world, client_for, address):
    who = {"users": "sysadmin", "journal": "auditadmin"}.get(address, "city")
    client = client_for(who, raise_request_exception=False)
    assert client.get(f"/desk/{address}/{'9' * 30}/").status_code == 404


def test_what_a_visitor_sent_to_the_desk_is_dropped(world):
    asked = RequestFactory().post("/desk/users/new/", FIELDS)
    kept = keep_form("/desk/users/new/", asked.POST, door="desk", at=world.at)
    assert enter(Client(), username="sysadmin", kept=kept)["Location"] == "/desk/"


def test_the_page_says_what_sending_on_will_do(world, client_for):
    kept = send_late(world, client_for("sysadmin"))
    page = enter(Client(), username="sysadmin", kept=kept)
    assert "账号与权限：填了很久" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "path", "status", "words"),
    [
        ("town", "/desk/users/", 403, "您不能看这一页"),
        ("town", "/desk/organizations/99999999/", 404, "没有这一页"),
        ("sysadmin", "/desk/nothing/", 404, "网址可能写错了"),
        ("town", "/desk/nothing/", 404, "网址可能写错了"),
    ],
)
def test_a_refusal_at_the_desk_keeps_its_navigation(
    client_for: Callable[..., Client], who: str, path: str, status: int, words: str
) -> None:
    client = client_for(who)
    answer = client.get(path, headers={"referer": "http://testserver/desk/inbox/"})
    page = answer.content.decode()
    assert answer.status_code == status and words in page and 'class="uh-nav' in page
    assert 'href="http://testserver/desk/inbox/"' in page
    assert "elsewhere" not in client.get(path, headers={"referer": "https://elsewhere.example/"}).content.decode()


def test_a_refusal_of_a_visitor_shows_no_desk(client_for: Callable[..., Client]) -> None:
    page = client_for("public").get("/desk/nothing/")
    assert page.status_code == 404 and "uh-nav" not in page.content.decode()
