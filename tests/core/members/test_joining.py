"""Joining: sending, answering, and what is told of somebody who is a member elsewhere."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.core.members.conftest import DOCUMENT, OTHER_DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.access.models import User
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord, Application, Consent, Membership, Person
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused, TooMany
from unionhome.core.workflow.models import Step, WorkItem


def test_an_application_goes_to_the_employers_union_and_waits_in_its_inbox(register: Register) -> None:
    application = register.apply()
    union = register.world.nodes["union"]
    assert (application.state, application.node) == ("submitted", union)
    assert application.number == f"RH20260310{application.pk:06d}"
    assert "有工会" in application.route_reason
    item = WorkItem.objects.get()
    assert (item.node, item.title, item.state, item.closed_at) == (union, "王*国申请入会", "submitted", None)
    assert item.url == f"/desk/applications/{application.pk}/"


def test_the_answer_is_due_after_three_working_days(register: Register) -> None:
    # Tuesday 10:00 plus three working days is Friday 10:00.
    assert register.apply().due_at == register.world.at.replace(day=13)


def test_without_a_union_the_town_of_the_place_answers(register: Register) -> None:
    application = register.apply(employer_text="路口小店", division_code="610502002000")
    assert application.node == register.world.nodes["other_town"]
    assert application.employer is None and application.employer_text == "路口小店"


def test_without_a_union_and_a_place_the_place_is_asked_for(register: Register) -> None:
    with pytest.raises(BadInput) as refused:
        register.apply(employer_text="路口小店")
    assert list(refused.value.fields) == ["division"]
    assert not Application.objects.exists()


def test_the_route_is_the_same_before_and_after_sending(register: Register) -> None:
    shown = queries.find_route(employer_text=register.employer.name)
    assert register.apply().node_id == shown.node_id


def test_sending_twice_makes_one_application(register: Register) -> None:
    key = uuid.uuid4().hex
    worker = register.world.actor("worker")
    first = actions.apply_to_join(worker, register.given(), submit_key=key)
    second = actions.apply_to_join(worker, register.given(), submit_key=key)
    assert first.application == second.application
    assert (Application.objects.count(), WorkItem.objects.count()) == (1, 1)


def test_one_application_at_a_time(register: Register) -> None:
    register.apply()
    with pytest.raises(Refused) as refused:
        register.apply()
    assert refused.value.code == "application-open"
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Application.objects.get()
        row.pk, row.number = None, "again"
        row.save()


def test_only_a_worker_applies(register: Register) -> None:
    with pytest.raises(Forbidden):
        actions.apply_to_join(register.world.actor("town"), register.given())
    with pytest.raises(Forbidden):
        actions.apply_to_join(register.world.actor("public"), register.given())


def test_wrong_fields_send_nothing(register: Register) -> None:
    with pytest.raises(BadInput):
        register.apply(document="1234")
    assert not Application.objects.exists() and not WorkItem.objects.exists()


def test_agreeing_makes_a_member(register: Register) -> None:
    application = register.apply()
    membership = actions.approve_application(register.world.actor("union"), application.pk)
    person = membership.person
    assert (membership.status, membership.joined_on, membership.node) == (
        "active",
        date(2026, 3, 10),
        register.world.nodes["union"],
    )
    assert (person.name, person.name_initials, person.sex, person.birth_on) == ("王建国", "wjg", "1", date(1988, 5, 6))
    assert (person.group, membership.employer) == ("courier", register.employer)
    assert membership.card_no.startswith("610500") and len(membership.card_no) == 16
    assert User.objects.get(pk=register.world.users["worker"].pk).person_id == person.pk
    consent = Consent.objects.get()
    assert (consent.purpose, consent.given_at) == ("members.register", application.submitted_at)
    entry = Entry.objects.get(kind="members.member.joined")
    assert (entry.subject_id, entry.node_id) == (person.pk, membership.node_id)
    assert "王建国" not in entry.summary and DOCUMENT not in str(entry.data)
    assert WorkItem.objects.get().closed_at is not None
    assert queries.find_person_by_document(DOCUMENT) == person
    assert queries.find_person_by_phone(WORKER_PHONE) == person
    assert queries.get_membership(person.pk) == membership


def test_agreeing_twice_makes_one_member(register: Register) -> None:
    application = register.apply()
    union = register.world.actor("union")
    first = actions.approve_application(union, application.pk)
    assert actions.approve_application(union, application.pk) == first
    assert (Person.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.parametrize("who", ["other_union", "other_town", "other_county", "far"])
def test_a_union_beside_cannot_answer(register: Register, who: str) -> None:
    if who == "far":
        register.world.cadre("far", "far_town")
    application = register.apply()
    with pytest.raises(NotFound):
        actions.approve_application(register.world.actor(who), application.pk)


@pytest.mark.parametrize("who", ["chair", "finance", "auditor", "lawyer", "secadmin"])
def test_other_posts_cannot_answer(register: Register, who: str) -> None:
    application = register.apply()
    with pytest.raises((Forbidden, NotFound)):
        actions.approve_application(register.world.actor(who), application.pk)
    assert not Membership.objects.exists()


def test_returning_needs_a_reason_and_gives_it_to_the_worker(register: Register) -> None:
    application, union = register.apply(), register.world.actor("union")
    with pytest.raises(Refused) as refused:
        actions.return_application(union, application.pk, reason="  ")
    assert refused.value.fields == {"reason": "请写明原因。"}
    actions.return_application(union, application.pk, reason="姓名和证件上的不一样")
    own = queries.find_own_application(register.world.actor("worker"))
    assert own is not None and (own.state.name, own.reason) == ("returned", "姓名和证件上的不一样")
    item = WorkItem.objects.get()
    assert (item.state, item.due_at) == ("returned", None)


def test_a_returned_application_is_completed_and_goes_back(register: Register) -> None:
    application = register.apply(name="王建囯")
    actions.return_application(register.world.actor("union"), application.pk, reason="请改姓名")
    at = register.world.wait(days=1)
    again = actions.resubmit_application(register.world.actor("worker"), register.given(name="王建国"))
    assert (again.pk, again.state, again.name, again.node) == (
        application.pk,
        "submitted",
        "王建国",
        register.world.nodes["union"],
    )
    assert again.due_at > at
    item = WorkItem.objects.get()
    assert (item.state, item.due_at) == ("submitted", again.due_at)


def test_an_application_under_way_cannot_be_completed(register: Register) -> None:
    register.apply()
    with pytest.raises(Refused) as refused:
        actions.resubmit_application(register.world.actor("worker"), register.given(name="王建军"))
    assert refused.value.code == "wrong-state"
    assert Application.objects.get().name == "王建国"


def test_declining_ends_it_and_the_worker_may_apply_again(register: Register) -> None:
    application = register.apply()
    actions.decline_application(register.world.actor("union"), application.pk, reason="不是我单位职工")
    application.refresh_from_db()
    assert application.state == "declined" and application.decided_at == register.world.at
    assert register.apply().pk != application.pk


def test_the_worker_may_take_it_back(register: Register) -> None:
    application = register.apply()
    actions.cancel_application(register.world.actor("worker"))
    application.refresh_from_db()
    assert application.state == "cancelled"
    with pytest.raises(NotFound):
        actions.cancel_application(register.world.actor("worker"))


def test_another_worker_cannot_take_it_back(register: Register) -> None:
    register.apply()
    with pytest.raises(NotFound):
        actions.cancel_application(register.world.actor("outsider"))


def test_forwarding_moves_it_to_another_union_with_the_full_time(register: Register) -> None:
    application = register.apply()
    register.world.wait(days=2)
    nodes, key = register.world.nodes, uuid.uuid4().hex
    union = register.world.actor("union")
    moved = actions.forward_application(
        union, application.pk, node=nodes["other_town"], reason="已调到杜桥", submit_key=key
    )
    assert (moved.node, moved.state) == (nodes["other_town"], "submitted")
    assert moved.due_at == register.world.at.replace(day=17)
    assert WorkItem.objects.get().node == nodes["other_town"]
    with pytest.raises(NotFound):
        queries.get_application(union, application.pk)
    assert queries.get_application(register.world.actor("other_town"), application.pk) == application
    again = actions.forward_application(
        union, application.pk, node=nodes["other_town"], reason="已调到杜桥", submit_key=key
    )
    assert again == application and Step.objects.filter(verb="forward").count() == 1


def test_forwarding_to_itself_is_refused(register: Register) -> None:
    application = register.apply()
    with pytest.raises(Refused) as refused:
        actions.forward_application(
            register.world.actor("union"), application.pk, node=register.world.nodes["union"], reason="转"
        )
    assert refused.value.code == "guard-forward"


# Members elsewhere


def test_of_a_member_elsewhere_only_that_is_told_and_the_person_sees_it(register: Register) -> None:
    (person,) = register.enrol("far_town")
    document = queries.files.get_clear_values(person)["document"]
    with pytest.raises(Refused) as refused:
        register.apply("outsider", name="李小明", document=document)
    assert "已在其他工会入会" in refused.value.sentence
    assert "华州" not in refused.value.sentence and person.name not in refused.value.sentence
    look = AccessRecord.objects.get(person=person)
    assert (look.part, look.union_name, look.reason) == ("exists", "", "")
    assert not Application.objects.exists()


def test_asking_again_and_again_is_stopped(register: Register) -> None:
    (person,) = register.enrol("far_town")
    document = queries.files.get_clear_values(person)["document"]
    for _ in range(5):
        with pytest.raises(Refused):
            register.apply("outsider", document=document)
    with pytest.raises(TooMany):
        register.apply("outsider", document=document)
    assert AccessRecord.objects.filter(person=person).count() == 5
    register.world.wait(hours=2)
    with pytest.raises(Refused) as refused:
        register.apply("outsider", document=document)
    assert refused.value.code == "member-elsewhere"


def test_the_member_with_the_same_name_and_phone_is_bound_to_the_account(register: Register) -> None:
    application = register.apply()
    membership = actions.approve_application(register.world.actor("union"), application.pk)
    User.objects.filter(pk=register.world.users["worker"].pk).update(person_id=None)
    joined = actions.apply_to_join(register.world.actor("worker"), register.given())
    assert joined.membership == membership and joined.application is None
    assert User.objects.get(pk=register.world.users["worker"].pk).person_id == membership.person_id


def test_a_member_cannot_apply(register: Register) -> None:
    register.member()
    with pytest.raises(Refused) as refused:
        register.apply()
    assert refused.value.code == "member-already"


def _overlapping(register: Register, node: str) -> Application:
    """Somebody enrolled by another union after the application was sent."""
    application = register.apply(document=OTHER_DOCUMENT, name="李小明")
    outcomes = actions.enrol_many(
        register.world.actor("system"),
        [actions.EnrolRow(node_id=register.world.nodes[node].pk, name="李小明", document=OTHER_DOCUMENT)],
    )
    assert outcomes[0].person_id
    return application


def test_agreeing_to_a_member_of_a_branch_out_of_sight_tells_only_that(register: Register) -> None:
    application = _overlapping(register, "far_town")
    with pytest.raises(Refused) as refused:
        actions.approve_application(register.world.actor("union"), application.pk)
    assert "已在其他工会入会" in refused.value.sentence and "华州" not in refused.value.sentence
    look = AccessRecord.objects.get()
    assert (look.part, look.union_name, look.post) == ("exists", "渭南示例速运有限公司工会", "工会主席")
    application.refresh_from_db()
    assert application.state == "submitted" and Membership.objects.count() == 1


def test_agreeing_to_a_member_in_sight_names_the_union(register: Register) -> None:
    application = _overlapping(register, "far_town")
    with pytest.raises(Refused) as refused:
        actions.approve_application(register.world.actor("city"), application.pk)
    assert "华州街道总工会" in refused.value.sentence
    assert not AccessRecord.objects.exists()


def test_the_page_of_an_application_does_not_tell_of_members_out_of_sight(register: Register) -> None:
    application = _overlapping(register, "far_town")
    page = queries.get_application_page(register.world.actor("union"), application)
    assert page.member_of == ""
    assert next(step for step in page.next_steps if step.verb == "approve").allowed
    page = queries.get_application_page(register.world.actor("city"), application)
    assert page.member_of == "华州街道总工会"
    assert not next(step for step in page.next_steps if step.verb == "approve").allowed


def test_the_database_holds_one_membership_per_person(register: Register) -> None:
    membership = register.member()
    for status in ("active", "transferring", "retained"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                person=membership.person,
                node=register.world.nodes["other_union"],
                entry="joined",
                joined_on=date(2026, 3, 10),
                counts_on=date(2026, 3, 10),
                status=status,
                created_at=register.world.at,
            )
    Membership.objects.create(
        person=membership.person,
        node=register.world.nodes["other_union"],
        entry="joined",
        joined_on=date(2020, 1, 1),
        counts_on=date(2020, 1, 1),
        left_on=date(2021, 1, 1),
        status="left",
        created_at=register.world.at,
    )


def test_who_comes_back_keeps_the_file_and_the_card(register: Register) -> None:
    first = register.member()
    worker = register.world.actor("worker")
    actions.request_leaving(worker)
    leaving = queries.find_own_leaving(worker)
    assert leaving is not None
    register.world.wait(days=30)
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    again = register.member(employer_text="", division_code="610502002000", group="rider")
    assert (again.person, again.card_no) == (first.person, first.card_no)
    person = Person.objects.get()
    assert (person.node, person.group) == (register.world.nodes["other_town"], "rider")
    assert Membership.objects.count() == 2


def test_the_same_document_under_another_name_is_refused(register: Register) -> None:
    first = register.member()
    worker = register.world.actor("worker")
    leaving = actions.request_leaving(worker)
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    application = register.apply("outsider", name="王大国")
    with pytest.raises(Refused) as refused:
        actions.approve_application(register.world.actor("union"), application.pk)
    assert refused.value.code == "name-differs"
    assert Person.objects.get() == first.person


def test_two_unions_at_the_same_moment_make_one_member(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one looked before the first was done: the constraint decides, and says so in words."""
    application = _overlapping(register, "far_town")
    monkeypatch.setattr("unionhome.core.members.actions.applications.joining.find_clash", lambda *_: {})
    with pytest.raises(Refused) as refused:
        actions.approve_application(register.world.actor("union"), application.pk)
    assert refused.value.code == "member-just-now"
    application.refresh_from_db()
    assert (application.state, Membership.objects.count()) == ("submitted", 1)
