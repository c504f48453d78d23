"""Signing in with a password: lock-out, unknown names, passwords that ran out, sessions."""

import itertools

import pytest
from django.test import override_settings

from tests.worlds import PASSWORD
from unionhome.core.access import actions, queries
from unionhome.core.access.actions import Browser, passwords
from unionhome.core.access.models import SignIn, User
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, NotFound, Refused, TooMany

KEYS = itertools.count()


def new_key() -> str:
    return f"session-{next(KEYS)}"


@pytest.fixture
def sign_in(world):
    def call(username="town", password=PASSWORD, renewed="", **browser):
        where = Browser(**({"new_key": new_key} | browser))
        return actions.sign_in(
            world.actor("public"), username=username, password=password, browser=where, renewed=renewed
        )

    return call


def fail(sign_in, **more):
    with pytest.raises(Refused) as refusal:
        sign_in(**({"password": "wrong"} | more))
    return refusal.value


def test_right_password_opens_a_journaled_desk_session(world, sign_in):
    row = sign_in(username=" Town ", device="Linux 电脑，Chrome")
    assert (row.user, row.door, row.device, row.strong_at) == (world.users["town"], "desk", "Linux 电脑，Chrome", None)
    entry = Entry.objects.get(kind="access.sign_in.succeeded")
    assert (entry.user_id, entry.node, entry.actor_name) == (world.users["town"].pk, world.nodes["town"], "郑镇")


def test_wrong_password_counts_down_and_locks_for_half_an_hour(world, sign_in):
    sentences = [fail(sign_in) for _ in range(5)]
    assert [refusal.code for refusal in sentences] == ["wrong-password"] * 4 + ["locked"]
    assert "还可以试4次" in sentences[0].sentence
    assert fail(sign_in, password=PASSWORD).code == "locked"
    world.wait(minutes=29)
    assert fail(sign_in, password=PASSWORD).code == "locked"
    world.wait(minutes=2)
    assert sign_in().user == world.users["town"]
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["access.sign_in.failed"] * 4 + ["access.sign_in.locked", "access.sign_in.succeeded"]


def test_count_starts_again_after_success_and_after_a_lock(world, sign_in):
    for _ in range(4):
        fail(sign_in)
    sign_in()
    assert "还可以试4次" in fail(sign_in).sentence
    for _ in range(4):
        fail(sign_in)
    world.wait(minutes=31)
    assert "还可以试4次" in fail(sign_in).sentence


def test_unknown_names_answer_like_known_ones(world, sign_in):
    known = [fail(sign_in) for _ in range(6)]
    unknown = [fail(sign_in, username="nobody") for _ in range(6)]
    assert [(each.code, each.sentence, each.fields) for each in known] == [
        (each.code, each.sentence, each.fields) for each in unknown
    ]
    assert not Entry.objects.filter(summary__contains="nobody").exists()


def test_unknown_names_cost_a_hash(world, sign_in, monkeypatch):
    seen = []
    monkeypatch.setattr(passwords, "check_password", lambda given, stored: seen.append(stored) and False)
    fail(sign_in, username="nobody")
    assert len(seen) == 1


def test_stopped_accounts_do_not_sign_in(world, sign_in):
    actions.stop_user(world.actor("sysadmin"), world.users["town"].pk, reason="调离")
    assert fail(sign_in, password=PASSWORD).code == "wrong-password"
    actions.reopen_user(world.actor("sysadmin"), world.users["town"].pk)
    assert sign_in().user == world.users["town"]


@override_settings(SIGN_IN_PER_ADDRESS=3)
def test_one_address_is_stopped_over_many_names(world, sign_in):
    for name in ("town", "county", "city"):
        fail(sign_in, username=name, address="203.0.113.9")
    with pytest.raises(TooMany):
        sign_in(username="village", address="203.0.113.9")
    assert sign_in(username="village", address="203.0.113.10")
    world.wait(minutes=61)
    assert sign_in(username="village", address="203.0.113.9")


def test_password_that_ran_out_is_renewed_at_sign_in(world, sign_in):
    world.wait(days=91)
    assert fail(sign_in, password=PASSWORD).code == "password-expired"
    weak = fail(sign_in, password=PASSWORD, renewed="short")
    assert isinstance(weak, BadInput) and weak.fields.keys() == {"new"}
    assert fail(sign_in, password=PASSWORD, renewed=PASSWORD).fields == {"new": "新密码不能和现在的一样。"}
    assert sign_in(renewed="Brand-new-pass-1")
    assert fail(sign_in, password=PASSWORD).code == "wrong-password"
    assert sign_in(password="Brand-new-pass-1")


def test_password_handed_over_must_be_changed(world, sign_in):
    password = actions.reset_password(world.actor("sysadmin"), world.users["town"].pk)
    assert fail(sign_in, password=password).code == "password-expired"
    assert sign_in(password=password, renewed="Brand-new-pass-1")


def test_reset_ends_sessions_and_lifts_the_lock(world, sign_in):
    row = sign_in()
    for _ in range(5):
        fail(sign_in)
    password = actions.reset_password(world.actor("sysadmin"), world.users["town"].pk)
    row.refresh_from_db()
    assert row.ended_why == "reset"
    assert fail(sign_in, password=password).code == "password-expired"


def test_reset_needs_the_branch(world):
    with pytest.raises(NotFound):
        actions.reset_password(world.actor("town"), world.users["village"].pk)
    with pytest.raises(NotFound):
        actions.reset_password(world.actor("secadmin"), world.users["village"].pk)


def test_unlock_lifts_the_lock(world, sign_in):
    for _ in range(5):
        fail(sign_in)
    actions.unlock_user(world.actor("sysadmin"), world.users["town"].pk)
    assert sign_in()


def test_changing_the_password(world, sign_in):
    with pytest.raises(BadInput) as refusal:
        actions.set_password(world.actor("town"), old="wrong", new="Brand-new-pass-1")
    assert refusal.value.fields.keys() == {"old"}
    with pytest.raises(BadInput) as refusal:
        actions.set_password(world.actor("town"), old=PASSWORD, new="alllowercase")
    assert "三种" in refusal.value.fields["new"]
    actions.set_password(world.actor("town"), old=PASSWORD, new="Brand-new-pass-1")
    assert sign_in(password="Brand-new-pass-1")
    assert Entry.objects.filter(kind="access.password.changed").count() == 1


def test_guessing_the_own_password_is_limited(world):
    for _ in range(10):
        with pytest.raises(BadInput):
            actions.set_password(world.actor("town"), old="wrong", new="Brand-new-pass-1")
    with pytest.raises(TooMany):
        actions.set_password(world.actor("town"), old=PASSWORD, new="Brand-new-pass-1")


def test_sessions_are_listed_and_ended_by_their_owner(world, sign_in):
    keys = []
    for _ in range(3):
        keys.append(f"own-{len(keys)}")
        sign_in(new_key=lambda: keys[-1])
    town = world.actor("town")
    rows = list(queries.accounts._list_sign_ins(town))
    assert len(rows) == 3
    with pytest.raises(NotFound):
        actions.end_own_session(world.actor("county"), rows[0].pk)
    actions.end_own_session(town, rows[-1].pk)
    assert queries.accounts._list_sign_ins(town).count() == 2
    assert actions.end_other_sessions(town, keys[2]) == 1
    assert queries.find_sign_in(keys[2]) is not None
    actions.end_session(town, keys[2])
    actions.end_session(town, keys[2])
    assert queries.find_sign_in(keys[2]) is None
    assert Entry.objects.filter(kind="access.session.ended").count() == 3


def test_signing_in_again_in_the_same_browser_ends_the_old_session(world, sign_in):
    first = sign_in(new_key=lambda: "first")
    second = sign_in(username="county", old_key="first")
    first.refresh_from_db()
    assert (first.ended_why, second.ended_at) == ("replaced", None)


@override_settings(SESSIONS_MOST=2)
def test_the_oldest_session_gives_way(world, sign_in):
    first = sign_in()
    world.wait(minutes=1)
    second, third = sign_in(), sign_in()
    open_rows = set(SignIn.objects.filter(ended_at__isnull=True).values_list("pk", flat=True))
    assert open_rows == {second.pk, third.pk}
    first.refresh_from_db()
    assert first.ended_why == "most"


def test_session_key_is_not_kept(world, sign_in):
    sign_in(new_key=lambda: "very-secret-key")
    assert "very-secret-key" not in str(SignIn.objects.values().get())


def test_idle_session_ends(world, sign_in):
    row = sign_in()
    assert actions.touch_sign_in(row, world.wait(minutes=29))
    row.refresh_from_db()
    assert row.seen_at == world.at
    assert not actions.touch_sign_in(row, world.wait(minutes=31))
    row.refresh_from_db()
    assert row.ended_why == "idle"


def test_purge_forgets_old_sessions(world, sign_in):
    sign_in()
    world.wait(days=200)
    assert actions.purge_sign_ins(world.actor("system"), 183) == 1
    assert User.objects.filter(username="town").exists()
