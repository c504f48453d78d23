"""A union asks for somebody who is a member elsewhere: one by document, or all of a roster who are."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.members.conftest import Register, text_of
from unionhome.core.access.models import Attempt
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord, Membership, Person, Transfer
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.registry import Forbidden, NotFound, Refused, TooMany
from unionhome.kit.codes import make_identity


def standing(person_id: int) -> Membership:
    return Membership.objects.select_related("node").get(person=person_id, left_on__isnull=True)


def propose(register: Register, document: str, **changed: Any) -> Transfer:
    wanted = {"name": "李小明", "document_kind": "resident", "document": document}
    return actions.propose_transfer(
        register.world.actor(changed.pop("who", "union")),
        actions.Wanted(**{**wanted, **changed}),
        node=register.world.nodes["union"],
        given=TransferInput(why="employer"),
        submit_key="",
    )


def test_a_union_asks_for_somebody_of_another_branch(moving: Register) -> None:
    (person,) = moving.enrol("far_town", start=3)
    transfer = propose(moving, get_clear_values(person)["document"])
    assert (transfer.origin, transfer.state, transfer.node.name) == ("new_union", "releasing", "华州街道总工会")
    assert AccessRecord.objects.filter(person=person, part="exists").count() == 1
    assert standing(person.pk).status == "transferring"
    actions.release_transfer(moving.world.actor("other_county"), transfer.pk)
    actions.receive_transfer(moving.world.actor("union"), transfer.pk)
    assert standing(person.pk).node == moving.world.nodes["union"]


ASKED_WRONGLY: dict[str, tuple[dict[str, str], str, str]] = {
    "another name": ({"name": "李小红"}, "not-met", "document"),
    "nobody has it": ({"document": "110101199003070134"}, "not-met", "document"),
    "a wrong number": ({"document": "110101199003070135"}, "", "document"),
    "no name": ({"name": ""}, "bad-input", "name"),
}


@pytest.mark.parametrize("case", ASKED_WRONGLY)
def test_asking_wrongly_is_refused_at_the_field(moving: Register, case: str) -> None:
    changed, code, field = ASKED_WRONGLY[case]
    (person,) = moving.enrol("far_town", start=3)
    with pytest.raises(Refused) as refused:
        propose(moving, **{"document": get_clear_values(person)["document"], **changed})
    assert field in refused.value.fields and (not code or refused.value.code == code)
    assert "华州" not in refused.value.sentence and not Transfer.objects.exists()


STRANGERS = ("nobody", "no member now", "another name")


@pytest.mark.parametrize("case", STRANGERS)
def test_strangers_are_all_told_the_same_and_counted_the_same(moving: Register, case: str) -> None:
    """Whether nobody has the number, or somebody who is no member, or under another name."""
    (person,) = moving.enrol("far_town", start=3)
    known, nobodys = get_clear_values(person)["document"], make_identity("110101", date(1990, 3, 7), 13)
    if case == "no member now":
        Membership.objects.filter(person=person.pk).update(status="left", left_on=moving.world.today)
    before = Attempt.objects.count()
    tries = []
    for document, name in (
        (nobodys, "李小明"),
        (nobodys if case == "nobody" else known, "李小红" if case == "another name" else "李小明"),
    ):
        with CaptureQueriesContext(connection) as asked, pytest.raises(Refused) as refused:
            propose(moving, document, name=name)
        said = refused.value
        tries.append((said.sentence, said.code, said.fields, {each["sql"].split()[0] for each in asked}))
    assert tries[0] == tries[1] and Attempt.objects.count() == before + 2


def test_the_sixth_try_in_an_hour_is_one_too_many_whatever_was_found(moving: Register) -> None:
    for number in range(5):
        with pytest.raises(Refused) as refused:
            propose(moving, make_identity("110101", date(1990, 3, 7), number))
        assert refused.value.code == "not-met"
    (person,) = moving.enrol("far_town", start=3)
    with pytest.raises(TooMany):
        propose(moving, get_clear_values(person)["document"])
    with pytest.raises(TooMany):
        propose(moving, make_identity("110101", date(1990, 3, 7), 7))
    assert not Transfer.objects.exists() and not AccessRecord.objects.filter(person=person).exists()


def test_in_sight_the_union_is_told_more_and_nothing_is_counted(moving: Register) -> None:
    before = Attempt.objects.count()
    (person,) = moving.enrol("village", start=3)
    document = get_clear_values(person)["document"]
    with pytest.raises(Refused) as refused:
        propose(moving, document, who="town", name="李小红")
    assert refused.value.code == "name-differs"
    Membership.objects.filter(person=person.pk).update(status="left", left_on=moving.world.today)
    with pytest.raises(Refused) as refused:
        propose(moving, document, who="town")
    assert refused.value.code == "no-member"
    assert Attempt.objects.count() == before


def test_what_stands_in_the_way_elsewhere_is_not_told(moving: Register) -> None:
    world = moving.world
    (person,) = moving.enrol("far_town", start=3)
    actions.open_expulsion(
        world.actor("other_county"), person.pk, ground="crime", discussed_on=world.today, discussion="同意"
    )
    with pytest.raises(Refused) as refused:
        propose(moving, get_clear_values(person)["document"])
    assert "除名" not in refused.value.sentence and "问原来的工会" in refused.value.sentence


def test_asking_for_another_unions_branch_is_forbidden(moving: Register) -> None:
    (person,) = moving.enrol("far_town", start=3)
    with pytest.raises(Forbidden):
        propose(moving, get_clear_values(person)["document"], who="village")


def test_the_page_says_only_that_somebody_is_a_member_elsewhere(moving: Register) -> None:
    (person,) = moving.enrol("far_town", start=3)
    form = {
        "name": "李小明", "document_kind": "resident", "document": get_clear_values(person)["document"],
        "union": "渭南示例速运", "why": "employer", "submit_key": "1" * 32,
    }  # fmt: skip
    client = moving.world.client("union")
    answer = client.post("/desk/transfers/propose/", form, follow=True)
    page = text_of(answer)
    assert answer.status_code == 200 and "已在其他工会入会" in page and "华州" not in page
    assert client.post("/desk/transfers/propose/", form).status_code == 302
    assert Transfer.objects.count() == 1
    bad = client.post("/desk/transfers/propose/", {**form, "document": "1", "submit_key": "2" * 32})
    assert bad.status_code == 400 and "李小明" in text_of(bad)


# From a roster


def roster_of(register: Register, *people: Person) -> Any:
    lines = [
        f"{each.name},{get_clear_values(each)['document']},{register.world.nodes['union'].code}" for each in people
    ]
    data = "\n".join(["姓名,证件号码,工会组织代码", *lines]).encode()
    actor = register.world.actor("union")
    roster = actions.hand_in_roster(actor, data, name="名册.csv", in_background=False)
    return actions.check_roster(actor, roster.pk)


def test_a_roster_asks_for_those_elsewhere_in_one_go(moving: Register) -> None:
    people = moving.enrol("far_town", 3, start=20)
    roster = roster_of(moving, *people)
    client = moving.world.client("union")
    page = text_of(client.get(f"/desk/rosters/{roster.pk}/"))
    assert "已在其他工会入会" in page and "提出转接" in page and "华州" not in page
    assert "已提出转接3人" in text_of(client.post(f"/desk/rosters/{roster.pk}/propose/", follow=True))
    assert "已提出转接0人" in text_of(client.post(f"/desk/rosters/{roster.pk}/propose/", follow=True))
    assert set(Transfer.objects.values_list("origin", "state")) == {("roster", "releasing")}
    assert Transfer.objects.count() == 3
    page = text_of(client.get("/desk/transfers/?show=in"))
    assert page.count('data-label="从">本人原来的工会') == 3 and "华州" not in page


def test_another_branch_may_not_ask_by_a_roster(moving: Register) -> None:
    roster = roster_of(moving, *moving.enrol("far_town", 1, start=20))
    with pytest.raises(NotFound):
        actions.propose_from_roster(moving.world.actor("other_union"), roster.pk)


def test_a_no_of_the_old_union_does_not_name_it(moving: Register) -> None:
    (person,) = moving.enrol("far_town", start=7)
    document = get_clear_values(person)["document"]
    transfer = propose(moving, document)
    actions.hold_transfer(moving.world.actor("other_county"), transfer.pk, reason="还在本单位")
    page = text_of(moving.world.client("union").get(f"/desk/transfers/{transfer.pk}/"))
    assert "还在本单位" in page and "华州" not in page


def test_counts_are_the_lists(moving: Register) -> None:
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司")
    actions.request_transfer(moving.world.actor("worker"), given)
    people = moving.enrol("far_town", 2, start=30)
    propose(moving, get_clear_values(people[0])["document"])
    for who in ("union", "other_union", "city", "other_county"):
        actor = moving.world.actor(who)
        for kind, count in queries.count_transfers(actor).items():
            assert queries.list_transfers(actor, kind).count() == count, (who, kind)
