"""Tokens let programs in with the permissions they name, and no others."""

import json
from datetime import timedelta

import pytest
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.testing import TestClient

from unionhome.core.access import actions
from unionhome.core.access.api import TokenAuth, api_door
from unionhome.core.access.models import ApiToken
from unionhome.core.registry import Actor, Forbidden

api = NinjaAPI(urls_namespace="access-test", auth=TokenAuth())


@api.exception_handler(Forbidden)
def forbidden(request, error):
    return api.create_response(request, {"code": error.code}, status=403)


@api.get("/who")
@api_door("journal.view")
def who(request, times: int = 1):
    """Who asks."""
    actor = request.actor
    return {"door": actor.door, "user": actor.user_id, "strong": actor.strong, "times": times}


@api.get("/more")
@api_door("access.grant")
def more(request):
    """Nothing for this token."""
    return {}


class Client(TestClient):
    """Gives each request the visitor that the middleware would."""

    visitor: Actor

    def _build_request(self, *args, **kwargs):
        request = super()._build_request(*args, **kwargs)
        request.actor = self.visitor
        return request


@pytest.fixture
def ask(world):
    row, text = actions.create_token(world.actor("auditadmin"), label="x", permissions=["journal.view"], days=10)

    def call(path="/who", token=text):
        client = Client(api)
        client.visitor = world.actor("public")
        return client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})

    call.row = row
    return call


def test_token_acts_as_its_owner_through_the_api_door(world, ask):
    answer = ask("/who?times=3")
    assert answer.status_code == 200
    expected = {"door": "api", "user": world.users["auditadmin"].pk, "strong": False, "times": 3}
    assert json.loads(answer.content) == expected
    assert ApiToken.objects.get().seen_at == world.at


def test_permission_that_the_token_lacks(ask):
    assert ask("/more").status_code == 403


@pytest.mark.parametrize("token", ["", "uh_wrong"])
def test_no_token_no_entry(ask, token):
    assert ask(token=token).status_code == 401


def test_token_runs_out_and_is_ended(world, ask):
    world.wait(days=9)
    assert ask().status_code == 200
    world.wait(days=1)
    assert ask().status_code == 401


def test_ended_token(world, ask):
    actions.end_token(world.actor("auditadmin"), ask.row.pk)
    assert ask().status_code == 401


def test_token_of_a_stopped_account_or_without_its_grant(world, ask):
    world.users["auditadmin"].grants.update(ends_on=world.today - timedelta(days=1))
    assert ask().status_code == 403
    actions.stop_user(world.actor("sysadmin"), world.users["auditadmin"].pk, reason="调离")
    assert ask().status_code == 401


def test_signed_in_browser_is_no_program(world):
    request = RequestFactory().get("/")
    request.actor = world.actor("auditadmin")
    with pytest.raises(Forbidden):
        who(request)
    assert who.door.permission == "journal.view"
