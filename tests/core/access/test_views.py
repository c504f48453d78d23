"""The pages: what they show, what they answer to bad input and to a repeat, and that lists cost the same at any length."""

import json
import re

import pytest

from tests.worlds import PASSWORD
from unionhome.core.access import actions, queries
from unionhome.core.access.models import ApiToken, RoleGrant, User
from unionhome.core.access.rules import totp_code
from unionhome.core.journal.actions import seal_batch
from unionhome.core.journal.models import Entry
from unionhome.core.journal.rules import find_export_faults

KEY = "0123456789abcdef0123456789abcdef"
NEW_USER = {"username": "new.cadre", "name": "新人", "union": "610502001", "post": "", "phone": "", "submit_key": KEY}


def text_of(answer):
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_creating_an_account_shows_the_password_once(world, client_for):
    client = client_for("sysadmin")
    page = client.post("/desk/users/new/", NEW_USER)
    assert page.status_code == 200 and "密码只显示这一次" in text_of(page)
    user = User.objects.get(username="new.cadre")
    assert user.check_password(page.context["password"])
    again = client.post("/desk/users/new/", NEW_USER)
    assert again["Location"] == f"/desk/users/{user.pk}/"
    assert User.objects.filter(username="new.cadre").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "town"}, "username"),
        ({"name": ""}, "name"),
        ({"union": "总工会"}, "union"),
        ({"union": "不存在"}, "union"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_bad_account_is_said_at_the_field_and_nothing_is_lost(world, client_for, change, field):
    page = client_for("sysadmin").post("/desk/users/new/", NEW_USER | change)
    assert page.status_code == 400
    assert page.context["form"].errors.keys() == {field}
    assert 'value="新人"' in page.content.decode() or field == "name"


def test_account_pages_of_another_branch_are_not_found(world, client_for):
    world.cadre("county_admin", "county", "sysadmin")
    client = client_for("county_admin")
    assert client.get(f"/desk/users/{world.users['town'].pk}/").status_code == 200
    assert client.get(f"/desk/users/{world.users['city'].pk}/").status_code == 404
    assert client.post(f"/desk/users/{world.users['city'].pk}/reset-password/").status_code == 404
    assert client.get(f"/desk/users/{world.users['worker'].pk}/").status_code == 404


def test_stopping_reopening_unlocking_resetting(world, client_for):
    client, pk = client_for("sysadmin"), world.users["town"].pk
    client.post(f"/desk/users/{pk}/stop/", {"reason": ""})
    assert User.objects.get(pk=pk).is_active
    client.post(f"/desk/users/{pk}/stop/", {"reason": "调离"})
    assert not User.objects.get(pk=pk).is_active
    assert "重新启用" in text_of(client.get(f"/desk/users/{pk}/"))
    client.post(f"/desk/users/{pk}/reopen/")
    client.post(f"/desk/users/{pk}/unlock/")
    client.post(f"/desk/users/{pk}/reset-factor/")
    page = client.post(f"/desk/users/{pk}/reset-password/")
    assert User.objects.get(pk=pk).check_password(page.context["password"])
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {f"access.user.{verb}" for verb in ("stopped", "reopened", "unlocked")} <= kinds


def test_changing_an_account(world, client_for):
    client, pk = client_for("sysadmin"), world.users["town"].pk
    page = client.post(f"/desk/users/{pk}/change/", {"name": "郑", "post": "副主席", "union": "不存在"})
    assert page.status_code == 400 and page.context["form"].errors.keys() == {"union"}
    client.post(f"/desk/users/{pk}/change/", {"name": "郑", "post": "副主席", "union": "杜桥街道总工会"})
    assert User.objects.get(pk=pk).node == world.nodes["other_town"]


GRANT = {"username": "town", "role": "finance", "union": "610502001", "starts_on": "2026-03-10", "reason": "任职文件"}


def test_granting_and_taking_back(world, client_for):
    client, pk = client_for("secadmin"), world.users["town"].pk
    for _ in range(2):
        answer = client.post("/desk/grants/new/", GRANT | {"submit_key": KEY})
        assert answer["Location"] == f"/desk/grants/users/{pk}/"
    grant = RoleGrant.objects.get(user_id=pk, role="finance")
    assert "财务" in text_of(client.get("/desk/grants/?q=郑镇&role=finance"))
    client.post(f"/desk/grants/{grant.pk}/end/", {"reason": "转岗"})
    grant.refresh_from_db()
    assert grant.ends_on == world.today
    assert "已结束" in text_of(client.get(f"/desk/grants/users/{pk}/"))


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"username": "nobody"}, 400, "username"),
        ({"union": "不存在"}, 400, "union"),
        ({"role": "sysadmin"}, 409, "__all__"),
        ({"ends_on": "2026-03-01"}, 400, "ends_on"),
        ({"username": "secadmin"}, 403, "__all__"),
        ({"starts_on": "哪天"}, 400, "starts_on"),
    ],
)
def test_bad_grant_is_said_on_the_form(world, client_for, change, status, field):
    page = client_for("secadmin").post("/desk/grants/new/", GRANT | change)
    assert page.status_code == status
    assert page.context["form"].errors.keys() == {field}


def test_own_account(world, client_for):
    client = client_for("town")
    assert "就是这里" in text_of(client.get("/desk/account/"))
    facts = {"old": PASSWORD, "new": "Brand-new-pass-1", "again": "different"}
    page = client.post("/desk/account/password/", facts)
    assert page.context["form"].errors.keys() == {"again"}
    page = client.post("/desk/account/password/", facts | {"again": "Brand-new-pass-1", "old": "wrong"})
    assert page.status_code == 400 and page.context["form"].errors.keys() == {"old"}
    assert client.post("/desk/account/password/", facts | {"again": "Brand-new-pass-1"}).status_code == 302
    assert User.objects.get(username="town").check_password("Brand-new-pass-1")


def test_own_sessions(world, client_for):
    client, other = client_for("town"), client_for("town")
    foreign = client_for("county")
    rows = {row.is_current: row for row in queries.list_own_sessions(world.actor("town"), client.session.session_key)}
    assert client.post(f"/desk/account/sessions/{rows[False].id}/end/").status_code == 302
    assert other.get("/desk/account/").status_code == 302
    assert foreign.post(f"/desk/account/sessions/{rows[True].id}/end/").status_code == 404
    client_for("town")
    client.post("/desk/account/sessions/end-others/")
    assert queries.accounts._list_sign_ins(world.actor("town")).count() == 1


def test_workers_sessions(world, client_for):
    client, other = client_for("worker"), client_for("worker")
    assert "199" in text_of(client.get("/my/account/")) and "19900000001" not in text_of(client.get("/my/account/"))
    client.post("/my/account/sessions/end-others/")
    assert other.get("/my/account/").status_code == 302
    again = client_for("worker")
    row = next(
        row
        for row in queries.list_own_sessions(world.actor("worker"), client.session.session_key)
        if not row.is_current
    )
    client.post(f"/my/account/sessions/{row.id}/end/")
    assert again.get("/my/account/").status_code == 302


def test_tokens_page(world, client_for):
    client = client_for("auditadmin")
    facts = {"label": "巡检", "days": "30", "permissions": ["journal.view"], "submit_key": KEY}
    page = client.post("/desk/account/tokens/", facts)
    assert queries.find_token(page.context["text"], world.at) is not None
    assert client.post("/desk/account/tokens/", facts)["Location"] == "/desk/account/tokens/"
    assert client.post("/desk/account/tokens/", facts | {"days": "9999", "submit_key": ""}).status_code == 400
    assert client.post("/desk/account/tokens/", facts | {"permissions": ["access.grant"]}).status_code == 400
    client.post(f"/desk/account/tokens/{ApiToken.objects.get().pk}/end/")
    assert not queries.list_tokens(world.actor("auditadmin")).exists()
    world.users["village"].grants.all().delete()
    assert "没有可以交给程序的权限" in text_of(client_for("village").get("/desk/account/tokens/"))


def test_second_factor_pages(world, client_for):
    client = client_for("town", strong=False)
    assert client.get("/desk/second-factor/")["Location"].startswith("/desk/second-factor/enrol/")
    client.post("/desk/second-factor/enrol/", {"next": "/desk/account/"})
    secret = queries.find_pending_secret(world.actor("town"))
    page = client.post("/desk/second-factor/enrol/", {"code": "000000", "next": "/desk/account/"})
    assert page.status_code == 400 and "<svg" in page.content.decode()
    done = client.post("/desk/second-factor/enrol/", {"code": totp_code(secret, world.at), "next": "//evil.example"})
    assert done["Location"] == "/desk/account/"
    world.wait(minutes=1)
    again = client_for("town", strong=False)
    assert again.post("/desk/second-factor/", {"code": "000000"}).status_code == 400
    code = totp_code(secret, world.at)
    assert again.post("/desk/second-factor/", {"code": code, "next": "/desk/x/"})["Location"] == "/desk/x/"


def test_phone_pages(world, client, settings):
    assert client.post("/my/sign-in/", {"phone": "19900000001"}).status_code == 409
    settings.DEMO = True
    assert client.post("/my/sign-in/", {"phone": "1"}).status_code == 400
    page = client.post("/my/sign-in/", {"phone": "19900000001", "next": "/my/account/"})
    code = page.context["sent"].shown
    assert code in text_of(page)
    assert client.get("/my/sign-in/code/")["Location"] == "/my/sign-in/"
    facts = {"phone": "19900000001", "next": "/my/account/"}
    assert client.post("/my/sign-in/code/", facts | {"code": ""}).status_code == 400
    assert client.post("/my/sign-in/code/", facts | {"code": "x"}).status_code == 400
    assert client.post("/my/sign-in/code/", facts | {"code": code})["Location"] == "/my/account/"
    assert client.get("/my/account/").status_code == 200


def test_journal_page_filters_checks_and_exports(world, client_for):
    client_for("sysadmin").post(f"/desk/users/{world.users['town'].pk}/unlock/")
    seal_batch(world.actor("system"))
    client = client_for("auditadmin")
    page = client.get("/desk/journal/?kind=access.&union=人民&from_on=2026-03-10&to_on=2026-03-10")
    assert page.status_code == 200 and "解锁账号" in text_of(page)
    assert "没有找到记录" in text_of(client.get("/desk/journal/?to_on=2026-03-09"))
    assert client.get("/desk/journal/?from_on=哪天").status_code == 400
    assert client.get("/desk/journal/?kind=nonsense").status_code == 400
    entry = Entry.objects.get(kind="access.user.unlocked")
    assert "杨系统" in text_of(client.get(f"/desk/journal/{entry.pk}/"))
    assert client.get("/desk/journal/999999/").status_code == 404
    client.post("/desk/journal/check/")
    assert "日志链完整" in text_of(client.get("/desk/journal/"))
    answer = client.post("/desk/journal/export/")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert json.loads(lines[0])["seq"] == 1 and list(find_export_faults(lines)) == []
    Entry.objects.filter(pk=entry.pk).update(summary="改过")
    client.post("/desk/journal/check/")
    assert "日志链不完整" in text_of(client.get("/desk/journal/"))


@pytest.mark.parametrize("who", ["town", "chair", "sysadmin", "secadmin"])
def test_journal_is_for_the_audit_administrator(world, client_for, who):
    assert client_for(who).get("/desk/journal/").status_code == 403
    assert client_for(who).post("/desk/journal/export/").status_code == 403


LISTS = (("sysadmin", "/desk/users/"), ("secadmin", "/desk/grants/"), ("auditadmin", "/desk/journal/"))


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_lists_cost_the_same_at_any_length(world, client_for, who, path, django_assert_max_num_queries):
    client = client_for(who)
    counts = []
    for round_ in range(2):
        for number in range(20):
            actions.create_user(
                world.actor("sysadmin"),
                username=f"u{round_}-{number}",
                name="某",
                node=world.nodes["town"],
                password="x",
            )
            grantee = User.objects.get(username=f"u{round_}-{number}")
            actions.grant_role(world.actor("secadmin"), grantee, "cadre", world.nodes["village"])
        with django_assert_max_num_queries(20) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
