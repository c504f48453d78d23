"""Recruit first: enough applicants of one employer without a union prompt its founding."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.core.members.conftest import Register
from unionhome.core.access.actions import find_or_create_worker
from unionhome.core.access.queries import get_actor
from unionhome.core.members import actions, queries
from unionhome.core.members.models import Application
from unionhome.core.organizations.models import Employer
from unionhome.core.policy.actions import set_value
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db
FIRM = "示例纸箱厂"


def apply(register: Register, count: int, *, start: int = 0, firm: str = FIRM) -> list[Application]:
    world, found = register.world, []
    for number in range(start, start + count):
        user = find_or_create_worker(world.actor("system"), f"1990007{number:04d}")
        document = make_identity("610502", date(1985, 1, 1) + timedelta(days=number), number % 1000)
        given = register.given(
            document=document, employer_text=firm, division_code=register.town_division.code, name="李小明"
        )
        joined = actions.apply_to_join(get_actor(user, "my", world.at, request_id="test"), given)
        assert joined.application is not None
        found.append(joined.application)
    return found


@pytest.fixture
def five(register: Register) -> Register:
    """Five applicants are enough here."""
    set_value(
        register.world.actor("system"),
        "members.recruit_first_count",
        5,
        register.world.today,
        "样例通知",
        register.world.nodes["city"],
    )
    return register


def inbox(register: Register, who: str) -> str:
    client: Client = register.world.client(who)
    return client.get("/desk/inbox/").content.decode()


def test_the_number_of_policy_prompts_and_one_less_does_not(five: Register) -> None:
    town = five.world.actor("town")
    apply(five, 4)
    assert queries.list_recruited(town) == []
    assert FIRM not in inbox(five, "town")
    apply(five, 1, start=4)
    (found,) = queries.list_recruited(town)
    assert (found.name, found.employer_id, found.count, found.may_found) == (FIRM, None, 5, True)
    text = inbox(five, "town")
    assert f"<b>{FIRM}</b>已有 5 人申请入会" in text and "q=%E7%A4%BA" in text


def test_who_joined_meanwhile_counts_and_who_was_declined_does_not(five: Register) -> None:
    first, second, *_ = apply(five, 5)
    town = five.world.actor("town")
    actions.approve_application(town, first.pk)
    assert len(queries.list_recruited(town)) == 1
    actions.decline_application(town, second.pk, reason="不在本单位")
    assert queries.list_recruited(town) == []


def test_other_towns_see_nothing(five: Register) -> None:
    apply(five, 5)
    assert queries.list_recruited(five.world.actor("other_county")) == []
    assert FIRM not in inbox(five, "other_county")


def test_an_employer_with_a_union_prompts_nothing(five: Register) -> None:
    apply(five, 5, firm=five.employer.name)
    town = five.world.actor("town")
    assert queries.list_recruited(town) == []
    apply(five, 5, start=20)
    assert len(queries.list_recruited(town)) == 1
    Employer.objects.filter(pk=five.employer.pk).update(name=FIRM)
    assert queries.list_recruited(town) == []


def test_a_registered_employer_is_named_by_its_row(five: Register) -> None:
    firm = Employer.objects.create(name=FIRM, division=five.town_division, created_at=five.world.at)
    apply(five, 5)
    (found,) = queries.list_recruited(five.world.actor("town"))
    assert found.employer_id == firm.pk
    text = inbox(five, "town")
    assert f"employer={firm.pk}" in text


def test_the_inbox_asks_no_more_for_more_applicants(five: Register) -> None:
    client = five.world.client("town")

    def cost() -> int:
        client.get("/desk/inbox/?view=all")
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/inbox/?view=all")
        return len(seen)

    apply(five, 5)
    before = cost()
    apply(five, 6, start=30)
    assert cost() == before
