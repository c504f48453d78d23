"""Correcting facts, consents and leaving."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.core.members.conftest import Register
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.models import Consent, Correction, Leaving, Membership, Person
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem


def test_a_union_corrects_facts_and_each_gets_its_source(register: Register) -> None:
    person = register.member().person
    before = dict(person.sources)
    actions.correct_facts(
        register.world.actor("union"),
        person.pk,
        {"name": "王建军", "phone": "19900000012", "education": "30", "is_migrant": "yes", "address": "示例路1号"},
    )
    person.refresh_from_db()
    values = get_clear_values(person)
    assert (values["name"], values["phone"], values["education"], values["is_migrant"], values["address"]) == (
        "王建军",
        "19900000012",
        "30",
        "yes",
        "示例路1号",
    )
    assert person.name_initials == "wjj"
    assert person.sources == before | {
        key: ["union", "2026-03-10"] for key in ("name", "phone", "education", "is_migrant", "address")
    }
    assert queries.find_person_by_phone("19900000012") == person
    entry = Entry.objects.get(kind="members.member.corrected")
    assert entry.data["phone"] == ["199****0001", "199****0012"]
    assert "王建军" not in str(entry.data) and "示例路1号" not in str(entry.data)


def test_unchanged_facts_leave_no_trace(register: Register) -> None:
    person = register.member().person
    actions.correct_facts(register.world.actor("union"), person.pk, {"group": "courier"})
    assert not Entry.objects.filter(kind="members.member.corrected").exists()


def test_wrong_facts_are_named_and_nothing_is_changed(register: Register) -> None:
    person = register.member().person
    with pytest.raises(BadInput) as refused:
        actions.correct_facts(
            register.world.actor("union"), person.pk, {"phone": "1", "education": "20", "document": "x"}
        )
    assert set(refused.value.fields) == {"phone", "document"}
    person.refresh_from_db()
    assert person.education == ""


@pytest.mark.parametrize(("who", "error"), [("chair", Forbidden), ("other_union", NotFound), ("finance", NotFound)])
def test_who_may_not_correct(register: Register, who: str, error: type[Exception]) -> None:
    person = register.member().person
    with pytest.raises(error):
        actions.correct_facts(register.world.actor(who), person.pk, {"group": "rider"})


def test_a_members_request_waits_for_the_union_and_is_taken(register: Register) -> None:
    person = register.member().person
    worker, union = register.world.actor("worker"), register.world.actor("union")
    correction = actions.request_correction(worker, fact="name", value="王建军", note="户口本改了", submit_key="d" * 32)
    assert actions.request_correction(worker, fact="name", value="王建军", submit_key="d" * 32) == correction
    item = WorkItem.objects.get(model="members.correction")
    assert (item.title, item.node, item.closed_at) == ("王*国申请更正姓名", person.node, None)
    actions.accept_correction(union, correction.pk)
    person.refresh_from_db()
    assert person.name == "王建军" and person.sources["name"] == ["person", "2026-03-10"]
    item.refresh_from_db()
    assert item.closed_at is not None


def test_a_request_is_declined_with_a_reason(register: Register) -> None:
    person = register.member().person
    correction = actions.request_correction(register.world.actor("worker"), fact="group", value="rider")
    with pytest.raises(Refused):
        actions.decline_correction(register.world.actor("union"), correction.pk, reason="")
    actions.decline_correction(register.world.actor("union"), correction.pk, reason="单位说还是快递员")
    (line,) = queries.list_own_correction_lines(register.world.actor("worker"))
    assert (line.state.name, line.reason, line.is_open) == ("declined", "单位说还是快递员", False)
    person.refresh_from_db()
    assert person.group == "courier"


def test_requests_that_make_no_sense_are_refused(register: Register) -> None:
    register.member()
    worker = register.world.actor("worker")
    for fact, value in (("group", "courier"), ("document", "x"), ("phone", "1"), ("bank", "x")):
        with pytest.raises(BadInput):
            actions.request_correction(worker, fact=fact, value=value)
    actions.request_correction(worker, fact="group", value="rider")
    with pytest.raises(Refused) as refused:
        actions.request_correction(worker, fact="group", value="guard")
    assert refused.value.code == "correction-open"
    with pytest.raises(NotFound):
        actions.request_correction(register.world.actor("outsider"), fact="group", value="rider")
    with pytest.raises(BadInput):
        actions.cancel_correction(worker, 10**6)
    assert Correction.objects.count() == 1


def test_consents_open_and_close_rows(register: Register) -> None:
    person = register.member().person
    worker = register.world.actor("worker")
    first = actions.give_consent(worker, "members.photos")
    assert actions.give_consent(worker, "members.photos") == first
    actions.withdraw_consent(worker, "members.photos")
    assert actions.withdraw_consent(worker, "members.photos") is None
    second = actions.give_consent(worker, "members.photos")
    assert second != first and Consent.objects.filter(purpose="members.photos").count() == 2
    row = next(row for row in queries.list_consents(person) if row.purpose.code == "members.photos")
    assert row.is_given and row.given_on == date(2026, 3, 10)
    assert list(Entry.objects.filter(kind__startswith="members.consent").values_list("kind", flat=True)) == [
        "members.consent.given",
        "members.consent.withdrawn",
        "members.consent.given",
    ]


def test_one_open_consent_a_purpose(register: Register) -> None:
    person = register.member().person
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(person=person, purpose="members.register", version="1", given_at=register.world.at)


def test_the_consent_that_membership_rests_on_ends_with_it(register: Register) -> None:
    register.member()
    worker = register.world.actor("worker")
    with pytest.raises(Refused) as refused:
        actions.withdraw_consent(worker, "members.register")
    assert "退会" in refused.value.sentence
    leaving = actions.request_leaving(worker, reason="回老家")
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    assert Consent.objects.get().withdrawn_at == register.world.at


def test_leaving_ends_the_membership_and_keeps_the_file(register: Register) -> None:
    membership = register.member()
    worker, union = register.world.actor("worker"), register.world.actor("union")
    leaving = actions.request_leaving(worker, reason="回老家", submit_key="e" * 32)
    assert actions.request_leaving(worker, submit_key="e" * 32) == leaving
    with pytest.raises(Refused):
        actions.request_leaving(worker)
    register.world.wait(days=1)
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    membership.refresh_from_db()
    assert (membership.status, membership.left_on, membership.reason) == ("withdrawn", date(2026, 3, 11), "回老家")
    assert queries.get_membership(membership.person_id) is None
    assert Person.objects.count() == 1
    assert queries.get_sums(union, register.world.nodes["union"]).members == 0
    assert Entry.objects.get(kind="members.member.left").subject_id == membership.person_id
    with pytest.raises(Refused) as refused:
        actions.request_leaving(worker)
    assert refused.value.code == "no-member"


def test_leaving_cannot_be_confirmed_twice_or_from_beside(register: Register) -> None:
    register.member()
    leaving = actions.request_leaving(register.world.actor("worker"))
    with pytest.raises(NotFound):
        actions.confirm_leaving(register.world.actor("other_union"), leaving.pk)
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    with pytest.raises(Refused) as refused:
        actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    assert refused.value.code == "wrong-state"
    assert Leaving.objects.count() == Membership.objects.count() == 1
