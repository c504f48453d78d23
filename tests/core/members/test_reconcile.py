"""Reconciliations: what cannot be right in the register, counted, opened and led to its act."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import Register, text_of
from unionhome.core.members import actions, queries
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries.reconcile import CHECKS
from unionhome.core.members.rules.retiring import last_birth, retires_on
from unionhome.core.organizations.models import Organization
from unionhome.core.policy.actions import set_value
from unionhome.kit import sheets
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("born", "age", "expected"),
    [  # the law's own table: 国务院关于渐进式延迟法定退休年龄的办法, annexes 1 to 3
        (date(1964, 12, 15), 60, date(2024, 12, 15)),
        (date(1965, 1, 15), 60, date(2025, 2, 15)),
        (date(1965, 4, 15), 60, date(2025, 5, 15)),
        (date(1965, 5, 15), 60, date(2025, 7, 15)),
        (date(1976, 8, 15), 60, date(2039, 7, 15)),
        (date(1976, 9, 15), 60, date(2039, 9, 15)),
        (date(1990, 1, 31), 60, date(2053, 1, 31)),
        (date(1970, 1, 15), 55, date(2025, 2, 15)),
        (date(1981, 9, 15), 55, date(2039, 9, 15)),
        (date(1975, 1, 15), 50, date(2025, 2, 15)),
        (date(1975, 3, 15), 50, date(2025, 5, 15)),
        (date(1984, 11, 15), 50, date(2039, 11, 15)),
        (date(1965, 1, 31), 60, date(2025, 2, 28)),
        (date(1970, 6, 1), 45, date(2015, 6, 1)),
    ],
)
def test_when_somebody_retires(born: date, age: int, expected: date) -> None:
    assert retires_on(born, age) == expected


@pytest.mark.parametrize("age", [50, 55, 60])
def test_the_last_birth_of_a_day_is_the_edge(age: int) -> None:
    for today in (date(2024, 12, 31), date(2025, 3, 1), date(2026, 3, 10), date(2041, 1, 1)):
        edge = last_birth(today, age)
        assert retires_on(edge, age) <= today < retires_on(edge + timedelta(days=1), age)


def add(register: Register, node: str, born: date, serial: int, **given: Any) -> Person:
    row = EnrolRow(
        register.world.nodes[node].pk, given.get("name", "李小明"), make_identity("610502", born, serial),
        given.get("phone", f"199000{serial:05d}"), facts={"group": "none"},
    )  # fmt: skip
    (outcome,) = actions.enrol_many(register.world.actor("system"), [row])
    return Person.objects.get(pk=outcome.person_id or 0)


def counts(register: Register, who: str = "city") -> dict[str, int]:
    return {name: count for name, count in queries.count_checks(register.world.actor(who)).items() if count}


def test_each_check_finds_its_members(register: Register) -> None:
    world = register.world
    add(register, "union", date(1990, 1, 1), 101)
    add(register, "union", date(1964, 1, 1), 103, name="王老")
    add(register, "union", date(1968, 1, 1), 104, name="赵老")
    add(register, "union", date(1968, 1, 1), 105, name="周还早")
    retired = add(register, "union", date(1960, 1, 1), 107, name="已退休")
    Person.objects.filter(pk=retired.pk).update(employment_state="retired")
    add(register, "union", date(1990, 1, 2), 109, phone="")
    blank = add(register, "union", date(1990, 1, 3), 111)
    Person.objects.filter(pk=blank.pk).update(birth_on=None, document_kind="passport")
    dead = add(register, "union", date(1990, 1, 4), 113)
    Membership.objects.create(
        person=dead, node=world.nodes["village"], entry="joined", joined_on=date(2020, 1, 1), counts_on=date(2020, 1, 1), status="deceased",
        left_on=date(2021, 1, 1), created_at=world.at,
    )  # fmt: skip
    closed = add(register, "other_village", date(1990, 1, 5), 115)
    closed.node.closed_on = world.today
    closed.node.save()
    one, other = (add(register, node, date(1990, 1, 6), serial, phone="19900077777")
                  for node, serial in (("union", 117), ("other_union", 119)))  # fmt: skip
    actions.scan_duplicates(world.actor("system"))
    Organization.objects.filter(node=world.nodes["union"]).update(members_count=3)
    Organization.objects.filter(node=world.nodes["other_union"]).update(members_count=1)
    assert counts(register) == {
        "reported": 1, "over_age": 2, "deceased": 1, "two_unions": 2, "closed": 1, "document": 1, "phone": 1, "birth": 1,
    }  # fmt: skip
    assert counts(register, "other_union") == {"two_unions": 1}
    assert counts(register, "other_county") == {}
    assert {one.pk, other.pk} == {
        row.person_id for row in queries.list_member_checks(world.actor("city"), "two_unions")
    }


def test_the_age_is_a_policy_of_its_day(register: Register) -> None:
    add(register, "union", date(1972, 1, 1), 104, name="赵五十")
    assert counts(register) == {}
    set_value(register.world.actor("system"), "members.retirement_woman", 50, register.world.today, "样例通知", None)
    assert counts(register) == {"over_age": 1}


def test_counts_open_their_rows_and_rows_their_act(register: Register) -> None:
    person = add(register, "union", date(1964, 1, 1), 103, name="王老")
    Organization.objects.filter(node=register.world.nodes["union"]).update(members_count=3)
    client: Client = register.world.client("city")
    page = text_of(client.get("/desk/members/reconcile/"))
    assert f"/desk/organizations/{register.world.nodes['union'].pk}/" in page
    for check in CHECKS:
        assert client.get(f"/desk/members/reconcile/?check={check}").status_code == 200
        assert client.get(f"/desk/members/reconcile/sheet/?check={check}").status_code == 200
    page = text_of(client.get("/desk/members/reconcile/?check=over_age"))
    assert f"/desk/members/{person.pk}/" in page and "王老" not in page
    answer = client.get("/desk/members/reconcile/sheet/?check=over_age")
    rows = list(sheets.read_rows(answer.content, "核对.xlsx", max_rows=9, max_columns=9))
    assert len(rows) == 2 and "62岁" in rows[1][5] and "王老" not in rows[1]
