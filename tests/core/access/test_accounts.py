"""Opening, changing, stopping and linking accounts."""

import pytest
from django.test import override_settings

from unionhome.core.access import actions, queries
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import DEMO_SECRET, totp_code
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused


def create(world, who="sysadmin", node="town", **more):
    facts = {"username": "new.cadre", "name": "新人", "node": world.nodes[node], "password": "x", "post": "干事"}
    return actions.create_user(world.actor(who), **(facts | more))


def test_create_user_opens_a_journaled_account(world):
    user = create(world, username="New.Cadre", phone="199 0000 0033")
    assert (user.username, user.password_set_at, user.has_factor) == ("new.cadre", world.at, False)
    assert bytes(user.phone_sealed).find(b"19900000033") == -1
    assert Entry.objects.get(kind="access.user.created").node == world.nodes["town"]


def test_create_user_repeated_returns_the_first(world):
    first = create(world, submit_key="k" * 32)
    assert create(world, submit_key="k" * 32) == first
    assert Entry.objects.filter(kind="access.user.created").count() == 1


@pytest.mark.parametrize("who", ["town", "secadmin", "chair", "worker", "public"])
def test_create_user_needs_the_permission(world, who):
    with pytest.raises(Forbidden):
        create(world, who=who)


def test_create_user_needs_the_branch(world):
    world.cadre("county_admin", "county", "sysadmin")
    assert create(world, who="county_admin", node="town")
    with pytest.raises(Forbidden):
        create(world, who="county_admin", node="far_town", username="far")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"username": "town"}, "username"),
        ({"username": "1a"}, "username"),
        ({"username": "张三"}, "username"),
        ({"phone": "123"}, "phone"),
        ({"phone": "19900000001"}, "phone"),
    ],
)
def test_create_user_names_the_bad_field(world, more, field):
    with pytest.raises(BadInput) as refusal:
        create(world, **more)
    assert refusal.value.fields.keys() == {field}


def test_open_account_shows_its_password_once(world):
    sysadmin = world.actor("sysadmin")
    facts = {"username": "fresh", "name": "新人", "node": world.nodes["town"], "submit_key": "a" * 32}
    user, password = actions.open_account(sysadmin, **facts)
    assert user.check_password(password) and user.password_set_at is None
    again, nothing = actions.open_account(sysadmin, **facts)
    assert (again, nothing) == (user, "")
    user.refresh_from_db()
    assert user.check_password(password)


def test_demo_accounts_have_the_demo_factor_only_in_the_demo(world):
    assert queries.find_demo_code(world.actor("town")) == ""
    with override_settings(DEMO=True):
        world.users["demo"] = create(world)
        assert queries.find_demo_code(world.actor("demo")) == totp_code(DEMO_SECRET, world.at)
        assert queries.find_demo_code(world.actor("town")) == ""
    assert queries.find_demo_code(world.actor("demo")) == ""


def test_change_user(world):
    user = actions.change_user(
        world.actor("sysadmin"), world.users["town"].pk, name="郑镇二", post="副主席", node=world.nodes["other_town"]
    )
    assert (user.name, user.post, user.node) == ("郑镇二", "副主席", world.nodes["other_town"])
    world.cadre("county_admin", "county", "sysadmin")
    with pytest.raises(Forbidden):
        actions.change_user(world.actor("county_admin"), user.pk, name="郑", post="", node=world.nodes["far_town"])
    with pytest.raises(NotFound):
        actions.change_user(
            world.actor("county_admin"), world.users["city"].pk, name="孙", post="", node=world.nodes["town"]
        )


def test_stop_user_ends_sessions_and_not_oneself(world):
    world.client("town")
    actions.stop_user(world.actor("sysadmin"), world.users["town"].pk, reason="调离")
    assert SignIn.objects.get(user=world.users["town"]).ended_why == "stopped"
    assert "调离" in Entry.objects.get(kind="access.user.stopped").summary
    with pytest.raises(Refused) as refusal:
        actions.stop_user(world.actor("sysadmin"), world.users["sysadmin"].pk, reason="x")
    assert refusal.value.code == "own-account"


def test_link_person_binds_once(world):
    system = world.actor("system")
    worker = actions.link_person(system, world.users["worker"], 41)
    assert worker.person_id == 41
    actions.link_person(system, worker, 41)
    assert Entry.objects.filter(kind="access.user.linked").count() == 1
    with pytest.raises(Refused):
        actions.link_person(system, worker, 42)
    with pytest.raises(Refused):
        actions.link_person(system, world.users["outsider"], 41)


def test_list_users_shows_the_branch_only(world):
    world.cadre("county_admin", "county", "sysadmin")
    names = set(queries.list_users(world.actor("county_admin")).values_list("username", flat=True))
    assert {"county", "town", "village", "union"} <= names
    assert not {"city", "other_county", "chair"} & names
    assert list(queries.list_users(world.actor("town"))) == []
    assert [user.username for user in queries.list_users(world.actor("sysadmin"), "郑镇")] == ["town"]
    with pytest.raises(NotFound):
        queries.get_user(world.actor("county_admin"), world.users["city"].pk)


def test_workers_are_no_cadre_accounts(world):
    assert not queries.list_users(world.actor("sysadmin")).filter(pk=world.users["worker"].pk).exists()
    assert User.objects.filter(username__isnull=True).count() == 2


@pytest.mark.parametrize("act", ["stop", "reset"])
def test_tokens_end_with_the_account_or_its_password(world, act):
    town = world.users["town"]
    token, text = actions.create_token(world.actor("town"), label="程序", permissions=["members.view"])
    assert token.ended_at is None and text
    admin = world.actor("sysadmin")
    if act == "stop":
        actions.stop_user(admin, town.pk, reason="调离")
        actions.reopen_user(admin, town.pk)
    else:
        actions.reset_password(admin, town.pk)
    token.refresh_from_db()
    assert token.ended_at == world.at
