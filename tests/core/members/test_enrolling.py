"""Entering many members at once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.members.conftest import DOCUMENT, OTHER_DOCUMENT, Register
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import AccessRecord, Membership, Person
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import Forbidden
from unionhome.kit.codes import make_identity


def row(register: Register, node: str = "union", **facts: Any) -> EnrolRow:
    known = {"node_id": register.world.nodes[node].pk, "name": "李小明", "document": DOCUMENT, "phone": "19900000031"}
    return EnrolRow(**{**known, **facts})


def test_a_row_becomes_a_member_with_facts_and_card(register: Register) -> None:
    given = row(
        register,
        joined_on=date(2021, 3, 5),
        employer_id=register.employer.pk,
        facts={"education": "20", "is_migrant": "yes", "address": "示例路1号"},
    )
    (outcome,) = actions.enrol_many(register.world.actor("town"), [given])
    person = Person.objects.get(pk=outcome.person_id or 0)
    membership = Membership.objects.get()
    values = get_clear_values(person)
    assert (values["document"], values["phone"], values["education"], values["is_migrant"], values["address"]) == (
        DOCUMENT,
        "19900000031",
        "20",
        "yes",
        "示例路1号",
    )
    assert (person.source, person.birth_on, person.name_initials) == ("roster", date(1988, 5, 6), "lxm")
    assert (membership.joined_on, membership.status, membership.employer) == (
        date(2021, 3, 5),
        "active",
        register.employer,
    )
    assert len(membership.card_no) == 16


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"document": "610502198805061210"}, "有误"),
        ({"name": ""}, "姓名"),
        ({"phone": "12345"}, "11位"),
        ({"joined_on": date(2027, 1, 1)}, "今天以后"),
        ({"document": make_identity("610502", date(2015, 1, 1), 1)}, "16周岁"),
        ({"facts": {"education": "99"}}, "选项"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason_and_the_others_go_in(
    register: Register, facts: dict[str, Any], words: str
) -> None:
    outcomes = actions.enrol_many(
        register.world.actor("town"), [row(register, **facts), row(register, document=OTHER_DOCUMENT)]
    )
    assert outcomes[0].person_id is None and words in outcomes[0].reason
    assert outcomes[1].person_id is not None
    assert Membership.objects.count() == 1


def test_nobody_is_entered_twice(register: Register) -> None:
    town = register.world.actor("town")
    outcomes = actions.enrol_many(town, [row(register), row(register)])
    assert outcomes[1].reason == "这个证件号码在名册里出现了两次"
    (again,) = actions.enrol_many(town, [row(register)])
    assert again.reason == "已经是渭南示例速运有限公司工会的会员"
    assert (Person.objects.count(), Membership.objects.count()) == (1, 1)


def test_of_a_member_out_of_sight_only_that_is_told_and_the_person_sees_it(register: Register) -> None:
    actions.enrol_many(register.world.actor("system"), [row(register, "far_town")])
    (outcome,) = actions.enrol_many(register.world.actor("town"), [row(register)])
    assert outcome.reason == "已在其他工会入会"
    look = AccessRecord.objects.get()
    assert (look.part, look.union_name, look.person) == ("exists", "人民街道总工会", Person.objects.get())


def test_only_the_own_branch(register: Register) -> None:
    for who, node in (("town", "other_union"), ("other_county", "union"), ("chair", "union")):
        with pytest.raises(Forbidden):
            actions.enrol_many(register.world.actor(who), [row(register, node)])
    assert not Person.objects.exists()


def test_one_journal_entry_a_union_with_the_digest_of_its_rows(register: Register) -> None:
    register.enrol("union", 3)
    entry = Entry.objects.get(kind="members.member.enrolled")
    assert (entry.node, entry.data["count"], len(entry.data["sha256"])) == (register.world.nodes["union"], 3, 64)


def test_statements_do_not_grow_with_the_rows(register: Register) -> None:
    with CaptureQueriesContext(connection) as many:
        enrol_made_up(register, 150)
    assert len(many) < 30
    assert Membership.objects.count() == 150


def enrol_made_up(register: Register, count: int) -> None:
    rows = [
        row(register, document=make_identity("610502", date(1985, 1, 1 + number % 28), number))
        for number in range(count)
    ]
    assert all(outcome.person_id for outcome in actions.enrol_many(register.world.actor("system"), rows))
