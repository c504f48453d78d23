"""Roles on branches: who may give them, which exclude each other, days, tokens."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from unionhome.core.access import actions, queries
from unionhome.core.access.api import TokenAuth
from unionhome.core.access.models import ApiToken, RoleGrant
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused


def grant(world, user="town", role="finance", node="town", who="secadmin", **more):
    return actions.grant_role(world.actor(who), world.users[user], role, world.nodes[node], **more)


def test_grant_gives_the_role_on_the_branch_from_today(world):
    grant(world)
    roles = {(each.role, each.path) for each in world.actor("town").grants}
    assert ("finance", world.nodes["town"].path) in roles
    entry = Entry.objects.get(kind="access.role.granted")
    assert "财务" in entry.summary and entry.data["role"] == "finance"


def test_grant_again_changes_nothing(world):
    first = grant(world, submit_key="a" * 32)
    assert grant(world, submit_key="a" * 32) == first
    assert grant(world) == first
    assert Entry.objects.filter(kind="access.role.granted").count() == 1


@pytest.mark.parametrize("who", ["sysadmin", "auditadmin", "city", "chair", "worker", "public"])
def test_only_the_security_administrator_grants(world, who):
    with pytest.raises(Forbidden):
        grant(world, who=who)


def test_nobody_grants_to_oneself(world):
    with pytest.raises(Forbidden):
        grant(world, user="secadmin", role="secadmin", node="county")
    own = RoleGrant.objects.get(user=world.users["secadmin"])
    with pytest.raises(Forbidden):
        actions.end_grant(world.actor("secadmin"), own.pk)


def test_grants_stay_within_the_granters_branch(world):
    world.cadre("county_sec", "county", "secadmin")
    assert grant(world, who="county_sec")
    with pytest.raises(Forbidden):
        grant(world, who="county_sec", node="far_town")
    city = RoleGrant.objects.get(user=world.users["city"])
    with pytest.raises(NotFound):
        actions.end_grant(world.actor("county_sec"), city.pk)


ADMINS = ("sysadmin", "secadmin", "auditadmin")


@pytest.mark.parametrize("held", ["cadre", "chair", "finance", "auditor", "lawyer", *ADMINS])
@pytest.mark.parametrize("role", ["cadre", "chair", "finance", "auditor", "lawyer", *ADMINS])
def test_administrators_hold_nothing_else(world, held, role):
    world.cadre("somebody", "town", held)
    excluded = held != role and (held in ADMINS or role in ADMINS)
    if excluded:
        with pytest.raises(Refused) as refusal:
            grant(world, user="somebody", role=role, node="county")
        assert refusal.value.code == "excluded"
    else:
        assert grant(world, user="somebody", role=role, node="county")


def test_roles_exclude_each_other_only_in_the_same_days(world):
    row = grant(world, ends_on=world.today + timedelta(days=10))
    assert row.role == "finance"
    actions.end_grant(world.actor("secadmin"), RoleGrant.objects.get(user=world.users["town"], role="cadre").pk)
    with pytest.raises(Refused):
        grant(world, role="sysadmin")
    with pytest.raises(Refused):
        grant(world, role="sysadmin", starts_on=world.today + timedelta(days=9))
    assert grant(world, role="sysadmin", starts_on=world.today + timedelta(days=10))


def test_ended_grant_holds_no_more_and_ends_once(world):
    row = grant(world)
    ended = actions.end_grant(world.actor("secadmin"), row.pk, reason="转岗")
    assert ended.ends_on == world.today
    actions.end_grant(world.actor("secadmin"), row.pk)
    assert Entry.objects.filter(kind="access.grant.ended").count() == 1
    assert not world.actor("town").may("journal.view")
    assert [each.role for each in world.actor("town").grants] == ["cadre"]


def test_grant_may_begin_and_end_later(world):
    grant(world, starts_on=world.today + timedelta(days=1), ends_on=world.today + timedelta(days=3))
    roles = lambda days: {  # noqa: E731
        each.role for each in world.actor("town", at=world.at + timedelta(days=days)).grants
    }
    assert [("finance" in roles(days)) for days in (0, 1, 2, 3)] == [False, True, True, False]


@pytest.mark.parametrize("days", [0, -1])
def test_end_comes_after_the_start(world, days):
    with pytest.raises(BadInput) as refusal:
        grant(world, ends_on=world.today + timedelta(days=days))
    assert refusal.value.fields.keys() == {"ends_on"}


def test_unknown_role(world):
    with pytest.raises(BadInput):
        grant(world, role="god")


def test_token_is_shown_once_and_acts_within_its_owner(world):
    auditor = world.actor("auditadmin")
    row, text = actions.create_token(auditor, label="巡检", permissions=["journal.view"], days=30, submit_key="b" * 32)
    again, nothing = actions.create_token(auditor, label="巡检", permissions=["journal.view"], submit_key="b" * 32)
    assert (again, nothing) == (row, "")
    assert text not in str(ApiToken.objects.values().get())
    assert queries.find_token(text, world.at) == row
    assert queries.find_token(text, world.at + timedelta(days=30)) is None
    assert queries.find_token(text + "x", world.at) is None


def test_token_permissions(world):
    auditor = world.actor("auditadmin")
    with pytest.raises(BadInput):
        actions.create_token(auditor, label="x", permissions=[])
    with pytest.raises(BadInput):
        actions.create_token(auditor, label="x", permissions=["journal.view"], days=366)
    with pytest.raises(Forbidden):
        actions.create_token(auditor, label="x", permissions=["access.grant"])
    with pytest.raises(Forbidden):
        actions.create_token(auditor, label="x", permissions=["no.such"])
    with pytest.raises(Forbidden, match="动态口令"):
        actions.create_token(world.actor("secadmin"), label="x", permissions=["access.grant"])
    with pytest.raises(Forbidden):
        actions.create_token(world.actor("public"), label="x", permissions=["journal.view"])
    for name in ("figures.check", "figures.approve", "organizations.approve", "members.file"):
        with pytest.raises(Forbidden, match="必须本人办，不能交给程序"):
            actions.create_token(world.actor("county"), label="x", permissions=["members.view", name])


def test_a_token_made_before_acts_no_more_in_person(world):
    actor = world.actor("county")
    _, text = actions.create_token(actor, label="x", permissions=["figures.view"], days=30)
    ApiToken.objects.update(permissions=["figures.view", "figures.check"])
    request = RequestFactory().get("/api/v1/")
    request.actor = world.actor("public")
    held = TokenAuth().authenticate(request, text)
    assert held.may("figures.view") and not held.may("figures.check")


def test_token_is_ended_by_its_owner(world):
    row, text = actions.create_token(world.actor("auditadmin"), label="x", permissions=["journal.view"])
    with pytest.raises(NotFound):
        actions.end_token(world.actor("town"), row.pk)
    actions.end_token(world.actor("auditadmin"), row.pk)
    actions.end_token(world.actor("auditadmin"), row.pk)
    assert queries.find_token(text, world.at) is None
    assert Entry.objects.filter(kind="access.token.ended").count() == 1
