"""Whose account a phone opens: the number in the register is not enough, the identity document binds it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.access.models import PhoneCode, SignIn, User
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import Forbidden

NEW_PHONE = "19900000066"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None
    return found[1]


def enter(client: Client, phone: str) -> Any:
    page = client.post("/my/sign-in/", {"phone": phone})
    return client.post("/my/sign-in/code/", {"phone": phone, "code": page.context["sent"].shown})


def prove(client: Client, page: Any, **fields: str) -> Any:
    return client.post("/my/sign-in/document/", {"proof": hidden(page, "proof"), **fields})


def signed_in() -> User:
    return SignIn.objects.select_related("user").latest("id").user


def test_a_number_written_into_the_register_opens_nothing_by_itself(register: Register) -> None:
    (person,) = register.enrol("union")
    actions.correct_facts(register.world.actor("union"), person.pk, {"phone": NEW_PHONE})
    client = Client()
    page = enter(client, NEW_PHONE)
    assert "核对是不是您本人" in page.content.decode() and person.name not in page.content.decode()
    assert not SignIn.objects.exists() and client.get("/my/card/").status_code == 302
    answer = prove(client, page, tail="00000000")
    assert answer.status_code == 400 and not SignIn.objects.exists()
    refused = Entry.objects.get(kind="access.document.refused")
    assert refused.subject_id == person.pk and NEW_PHONE not in refused.summary


def test_the_document_binds_the_phone_once(register: Register) -> None:
    (person,) = register.enrol("union")
    document = get_clear_values(person)["document"]
    client = Client()
    page = enter(client, "19900010000")
    assert prove(client, page, tail=document[-8:].lower()).status_code == 302
    assert signed_in().person_id == person.pk
    answer = prove(Client(), page, tail=document[-8:])
    assert answer.status_code == 409 and SignIn.objects.count() == 1
    register.world.wait(minutes=2)
    assert enter(Client(), "19900010000").status_code == 302
    assert SignIn.objects.count() == 2 and signed_in().person_id == person.pk


def test_tries_are_limited_and_the_page_runs_out(register: Register) -> None:
    (person,) = register.enrol("union")
    document = get_clear_values(person)["document"]
    client = Client()
    page = enter(client, "19900010000")
    for _ in range(5):
        assert prove(client, page, tail="x").status_code == 400
    assert prove(client, page, tail=document[-8:]).status_code == 429
    register.world.wait(days=1, minutes=1)
    answer = prove(client, page, tail=document[-8:])
    assert answer.status_code == 409 and not SignIn.objects.exists()


def test_a_stranger_with_the_number_enters_without_the_file(register: Register) -> None:
    register.enrol("union")
    client = Client()
    page = enter(client, "19900010000")
    assert prove(client, page, skip="1").status_code == 302
    assert signed_in().person_id is None
    assert prove(Client(), page, skip="1").status_code == 409


def test_an_old_number_no_longer_enters_and_the_new_one_takes_the_account_over(register: Register) -> None:
    person = register.member().person
    account = User.objects.get(person_id=person.pk)
    actions.correct_facts(register.world.actor("union"), person.pk, {"phone": NEW_PHONE})
    enter(Client(), WORKER_PHONE)
    assert signed_in() != account and signed_in().person_id is None
    account.refresh_from_db()
    assert account.phone_index is None and account.person_id == person.pk
    client = Client()
    page = enter(client, NEW_PHONE)
    assert prove(client, page, tail=DOCUMENT[-8:]).status_code == 302
    assert signed_in() == account
    kinds = set(Entry.objects.filter(subject_id=person.pk).values_list("kind", flat=True))
    assert {"access.phone.released", "access.phone.bound"} <= kinds


def test_the_new_number_first_leaves_the_old_one_outside(register: Register) -> None:
    person = register.member().person
    old = register.world.client("worker")
    assert old.get("/my/card/").status_code == 200
    actions.correct_facts(register.world.actor("union"), person.pk, {"phone": NEW_PHONE})
    client = Client()
    prove(client, enter(client, NEW_PHONE), tail=DOCUMENT[-8:])
    assert signed_in().person_id == person.pk
    assert old.get("/my/card/").status_code == 302
    enter(Client(), WORKER_PHONE)
    assert signed_in().person_id is None


def test_a_number_that_had_an_account_of_its_own_becomes_the_persons(register: Register) -> None:
    person = register.member().person
    enter(Client(), NEW_PHONE)
    outsider = signed_in()
    actions.correct_facts(register.world.actor("union"), person.pk, {"phone": NEW_PHONE})
    register.world.wait(minutes=2)
    client = Client()
    prove(client, enter(client, NEW_PHONE), tail=DOCUMENT[-8:])
    assert signed_in() == outsider
    assert User.objects.get(person_id=person.pk) == outsider


def test_a_members_own_number_signs_in_without_a_question(register: Register) -> None:
    person = register.member().person
    assert enter(Client(), WORKER_PHONE).status_code == 302
    assert signed_in().person_id == person.pk
    assert PhoneCode.objects.filter(used_at__isnull=False).exists()


def test_another_phone_at_the_desk_needs_the_second_factor(register: Register) -> None:
    person = register.member().person
    weak = replace(register.world.actor("union"), strong=False)
    with pytest.raises(Forbidden):
        actions.correct_facts(weak, person.pk, {"phone": NEW_PHONE})
    actions.correct_facts(weak, person.pk, {"group": "rider"})
    with pytest.raises(Forbidden):
        actions.release_account(weak, person.pk)
    client = register.world.client("union")
    SignIn.objects.update(strong_at=None)
    answer = client.post(f"/desk/members/{person.pk}/correct/", {"phone": NEW_PHONE})
    assert answer.status_code == 302 and "/second-factor/" in answer["Location"]
    assert get_clear_values(person)["phone"] == WORKER_PHONE


def test_the_desk_takes_a_phone_off_an_account(register: Register) -> None:
    person = register.member().person
    account = User.objects.get(person_id=person.pk)
    mine, desk = register.world.client("worker"), register.world.client("union")
    assert register.world.client("town").get(f"/desk/members/{person.pk}/release/").status_code == 405
    assert desk.post(f"/desk/members/{person.pk}/release/").status_code == 302
    assert mine.get("/my/card/").status_code == 302
    assert Entry.objects.filter(kind="access.phone.released", subject_id=person.pk).count() == 1
    desk.post(f"/desk/members/{person.pk}/release/")
    assert Entry.objects.filter(kind="access.phone.released").count() == 1
    assert register.world.client("other_union").post(f"/desk/members/{person.pk}/release/").status_code == 404
    client = Client()
    page = enter(client, WORKER_PHONE)
    assert prove(client, page, tail=DOCUMENT[-8:]).status_code == 302 and signed_in() == account
