"""What comes many times at the same moment happens once: a worker's form, two cadres receiving one member."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from tests.core.access.test_same_moment import at_once, post_at_once
from tests.core.members.conftest import DOCUMENT, Register
from unionhome.core.access.models import Attempt
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions
from unionhome.core.members.actions.duplicates import merging
from unionhome.core.members.models import Application, Membership, Person, StandingMark, StandingTotal
from unionhome.core.members.rules import codes
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import Refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


def test_one_form_is_one_application(register: Register) -> None:
    for _ in range(3):
        Application.objects.all().delete()
        Attempt.objects.all().delete()
        sent = {
            "name": "王建国", "document_kind": "resident", "document": DOCUMENT, "group": "courier",
            "employer_text": register.employer.name, "agreed": "on", "submit_key": uuid.uuid4().hex,
        }  # fmt: skip
        answers = post_at_once(register.world, "worker", "/my/join/send/", sent)
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/my/join/")] * 4
        assert Application.objects.count() == 1


def test_two_cadres_receiving_at_once_make_one_membership(register: Register) -> None:
    register.member()
    world = register.world
    for number in range(2):
        person = Person.objects.get()
        here = Membership.objects.get(left_on__isnull=True)
        old, new = ("union", "other_union") if here.node == world.nodes["union"] else ("other_union", "union")
        row = actions.send_transfer(
            world.actor(old), person.pk, node=world.nodes[new], given=TransferInput(why="employer")
        )
        clients = [world.client(who, raise_request_exception=False) for who in (new, "county", "city")]
        url = f"/desk/transfers/{row.pk}/receive/"
        answers = at_once(*(lambda client=client, url=url: client.post(url) for client in clients))
        assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
        assert Membership.objects.filter(left_on__isnull=True).count() == 1
        assert Membership.objects.count() == number + 2


@pytest.mark.parametrize(
    ("model", "change", "column"),
    [(Employer, {"nature": "110"}, "nature_public"), (Person, {"sex": "2"}, "women")],
    ids=["employer", "person"],
)
def test_who_counts_between_two_acts_that_meet_loses_no_mark(
    register: Register, model: Any, change: dict[str, str], column: str
) -> None:
    """One act changes an employer or a person, another writes a membership that the first cannot see, and counts are
    taken after the second and before the first has ended."""
    world, (person,) = register.world, register.enrol("union")
    Person.objects.update(sex="1")
    Employer.objects.update(nature="170")
    Membership.objects.all().delete()
    actions.fold_counts()
    changed, counted = threading.Event(), threading.Event()

    def alter() -> None:
        try:
            with transaction.atomic():
                model.objects.update(**change)
                changed.set()
                counted.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=alter)
    other.start()
    changed.wait(30)
    Membership.objects.create(
        person=person, node=world.nodes["union"], employer=register.employer, entry=codes.Entry.JOINED,
        status=codes.Status.ACTIVE,
        joined_on=world.today, counts_on=world.today, created_at=world.at,
    )  # fmt: skip
    actions.fold_counts()
    counted.set()
    other.join(30)
    actions.fold_counts()
    assert StandingTotal.objects.filter(**{column: 1}).count() == 1
    assert actions.verify_counts() == []
    assert not StandingMark.objects.exists()


def test_a_merge_keeps_others_from_the_membership_that_it_ends(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A death recorded between the merge's look at the membership and its end of it waits, and then finds it ended."""
    world = register.world
    (kept,) = register.enrol("union", start=1)
    (merged,) = register.enrol("other_union", start=2)
    told: list[Any] = []

    def die() -> None:
        try:
            actions.record_death(world.actor("city"), merged.pk, on=world.today, proof="family")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    other, take = threading.Thread(target=die), merging._take

    def take_meanwhile(*given: Any) -> bytes:
        other.start()
        other.join(1)
        return take(*given)

    monkeypatch.setattr(merging, "_take", take_meanwhile)
    actions.merge_persons(world.actor("city"), kept.pk, merged.pk)
    other.join(30)
    assert told == ["no-member"]
    assert Membership.objects.get(person=merged).status == "doubled"
    assert not Entry.objects.filter(kind="members.member.deceased").exists()
