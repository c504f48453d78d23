"""Transfers from both sides: who may do what when, what each side sees, and what stays when things go wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import Register, text_of
from unionhome.core.home.queries import Choice, count_inbox, get_inbox_page
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.actions.transfers.moving import start_for_new_union
from unionhome.core.members.models import Membership, Person, Transfer
from unionhome.core.members.rules.standing import TransferInput, TransferOrigin
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Share
from unionhome.core.workflow.models import WorkItem

FORM = {"why": "employer", "employer_text": "渭南示例机械有限公司", "submit_key": "a" * 32}


def given(**changed: Any) -> TransferInput:
    return TransferInput(**{"why": "employer", "employer_text": "渭南示例机械有限公司", **changed})


def ask(register: Register, key: str = "", **changed: Any) -> Transfer:
    return actions.request_transfer(register.world.actor("worker"), given(**changed), submit_key=key)


# The member's wish


def test_the_wish_goes_to_the_old_union_first_and_stays_one_membership(moving: Register) -> None:
    transfer = ask(moving)
    assert (transfer.state, transfer.node, transfer.to_node.name) == (
        "releasing", moving.world.nodes["union"], "渭南示例机械有限公司工会",
    )  # fmt: skip
    membership = Membership.objects.get()
    assert (membership.status, membership.left_on) == ("transferring", None)
    item = WorkItem.objects.get(model="members.transfer", closed_at__isnull=True)
    assert item.node == moving.world.nodes["union"] and item.due_at == transfer.due_at
    assert "王建国" not in item.title and "速运" not in item.title


def test_let_go_and_received(moving: Register) -> None:
    transfer = ask(moving)
    card = Membership.objects.get().card_no
    actions.release_transfer(moving.world.actor("union"), transfer.pk)
    item = WorkItem.objects.get(model="members.transfer", closed_at__isnull=True)
    assert item.node == moving.world.nodes["other_union"]
    moving.world.wait(days=2)
    actions.receive_transfer(moving.world.actor("other_union"), transfer.pk)
    old, new = Membership.objects.order_by("pk")
    assert (old.status, old.left_on, old.node.code[-5:]) == ("left", moving.world.today, "Q0001")
    assert (new.status, new.entry, new.joined_on, new.card_no) == ("active", "transferred", moving.world.today, card)
    assert new.node == moving.world.nodes["other_union"] and new.employer and "机械" in new.employer.name
    assert Person.objects.get().node == moving.world.nodes["other_union"]
    assert not WorkItem.objects.filter(model="members.transfer", closed_at__isnull=True).exists()
    kinds = set(Entry.objects.filter(subject_id=old.person_id).values_list("kind", flat=True))
    assert {"members.member.moved_out", "members.member.moved_in", "members.transfer.received"} <= kinds


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "why": ({"why": "x"}, "why"),
    "nowhere": ({"employer_text": ""}, "employer_text"),
    "long": ({"note": "长" * 201}, "note"),
    "no union found": ({"employer_text": "路口小店"}, "division"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_bad_wishes_are_refused_at_the_field(moving: Register, case: str) -> None:
    changed, field = REFUSALS[case]
    with pytest.raises(BadInput) as refused:
        ask(moving, **changed)
    assert field in refused.value.fields
    assert Membership.objects.get().status == "active" and not Transfer.objects.exists()


def leave(register: Register) -> None:
    actions.request_leaving(register.world.actor("worker"))


def move_already(register: Register) -> None:
    ask(register)


def be_expelled(register: Register) -> None:
    person = Person.objects.get()
    actions.open_expulsion(
        register.world.actor("union"), person.pk, ground="crime", discussed_on=register.world.today, discussion="同意"
    )


NOT_NOW: dict[str, tuple[Callable[[Register], None], str]] = {
    "leaving": (leave, "leaving-open"),
    "moving": (move_already, "transfer-open"),
    "being expelled": (be_expelled, "not-now-transfer"),
}


@pytest.mark.parametrize("case", NOT_NOW)
def test_not_now(moving: Register, case: str) -> None:
    before, code = NOT_NOW[case]
    before(moving)
    with pytest.raises(Refused) as refused:
        ask(moving)
    assert refused.value.code == code


def test_the_same_union_is_no_transfer(moving: Register) -> None:
    with pytest.raises(Refused) as refused:
        ask(moving, employer_text=moving.employer.name)
    assert refused.value.code == "same-union"


def test_who_is_no_member_is_refused(moving: Register) -> None:
    with pytest.raises(NotFound):
        actions.request_transfer(moving.world.actor("outsider"), given())


def test_the_same_form_twice_is_one_wish(moving: Register) -> None:
    assert ask(moving, "k" * 32) == ask(moving, "k" * 32)
    assert Transfer.objects.count() == 1


def test_the_member_takes_it_back_at_either_stage(moving: Register) -> None:
    for released in (False, True):
        transfer = ask(moving)
        if released:
            actions.release_transfer(moving.world.actor("union"), transfer.pk)
        actions.cancel_transfer(moving.world.actor("worker"))
        transfer.refresh_from_db()
        assert transfer.state == "cancelled" and Membership.objects.get().status == "active"
        moving.world.wait(minutes=5)
    with pytest.raises(NotFound):
        actions.cancel_transfer(moving.world.actor("worker"))


# Who may answer

ANSWERS: dict[str, tuple[bool, str, Callable[..., Any], dict[str, str]]] = {
    "release": (False, "union", actions.release_transfer, {}),
    "hold": (False, "union", actions.hold_transfer, {"reason": "还在本单位上班"}),
    "receive": (True, "other_union", actions.receive_transfer, {}),
    "refuse": (True, "other_union", actions.refuse_transfer, {"reason": "不在我单位"}),
}
"""For each answer: whether the old union let go before, who gives it, how."""


@pytest.mark.parametrize("verb", ANSWERS)
@pytest.mark.parametrize(
    "who", ["union", "other_union", "town", "other_town", "county", "other_county", "village", "chair"]
)
def test_each_side_answers_its_own_part(moving: Register, verb: str, who: str) -> None:
    released, owner, act, said = ANSWERS[verb]
    transfer = ask(moving)
    if released:
        actions.release_transfer(moving.world.actor("union"), transfer.pk)
    above = {"union": {"union", "town", "county"}, "other_union": {"other_union", "other_town", "county"}}[owner]
    sees = {"union", "other_union", "town", "other_town", "county", "chair"}
    if who in above:
        act(moving.world.actor(who), transfer.pk, **said)
        return
    expected = Forbidden if who in sees else NotFound
    with pytest.raises(expected):
        act(moving.world.actor(who), transfer.pk, **said)
    transfer.refresh_from_db()
    assert transfer.state == ("receiving" if released else "releasing")


@pytest.mark.parametrize("verb", ["hold", "refuse"])
def test_a_no_gives_the_member_back(moving: Register, verb: str) -> None:
    released, who, act, said = ANSWERS[verb]
    transfer = ask(moving)
    if released:
        actions.release_transfer(moving.world.actor("union"), transfer.pk)
    with pytest.raises(Refused) as refused:
        act(moving.world.actor(who), transfer.pk, reason=" ")
    assert "reason" in refused.value.fields
    act(moving.world.actor(who), transfer.pk, **said)
    membership = Membership.objects.get()
    assert (membership.status, membership.node, membership.left_on) == ("active", moving.world.nodes["union"], None)
    page = text_of(moving.world.client("worker").get("/my/transfer/"))
    assert said["reason"] in page and "重新提出转接" in page
    late = moving.world.actor("other_union", at=moving.world.at + timedelta(days=31))
    assert queries.get_transfer(moving.world.actor("other_union"), transfer.pk)
    with pytest.raises(NotFound):
        queries.get_transfer(late, transfer.pk)


@pytest.mark.parametrize("verb", ["release", "receive"])
def test_the_second_cadre_is_told_somebody_was_faster(moving: Register, verb: str) -> None:
    released, who, act, _ = ANSWERS[verb]
    transfer = ask(moving)
    if released:
        actions.release_transfer(moving.world.actor("union"), transfer.pk)
    act(moving.world.actor(who), transfer.pk)
    with pytest.raises(Refused):
        act(moving.world.actor("county"), transfer.pk)
    act(moving.world.actor(who), transfer.pk)
    assert Membership.objects.filter(status__in=("active", "transferring")).count() == 1


@pytest.mark.parametrize("verb", ANSWERS)
def test_the_same_answer_twice_is_one(moving: Register, verb: str) -> None:
    released, who, act, said = ANSWERS[verb]
    transfer = ask(moving)
    if released:
        actions.release_transfer(moving.world.actor("union"), transfer.pk)
    for _ in range(2):
        act(moving.world.actor(who), transfer.pk, submit_key="s" * 32, **said)
    assert Membership.objects.count() == (2 if verb == "receive" else 1)


def test_a_membership_that_ended_meanwhile_is_not_moved(moving: Register) -> None:
    transfer = ask(moving)
    actions.release_transfer(moving.world.actor("union"), transfer.pk)
    Membership.objects.update(status="withdrawn", left_on=moving.world.today)
    with pytest.raises(Refused):
        actions.receive_transfer(moving.world.actor("other_union"), transfer.pk)
    actions.raise_silent_transfers(moving.world.actor("system"))
    transfer.refresh_from_db()
    assert transfer.state == "lapsed"


def test_leaving_stops_a_transfer(moving: Register) -> None:
    leave(moving)
    transfer_open = moving.world.actor("union")
    leaving = queries.find_own_leaving(moving.world.actor("worker"))
    assert leaving
    with pytest.raises(Refused):
        ask(moving)
    actions.confirm_leaving(transfer_open, leaving.pk)
    with pytest.raises(Refused) as refused:
        ask(moving)
    assert refused.value.code == "no-member"


# What each side sees


def test_a_sibling_branch_sees_nothing(moving: Register) -> None:
    transfer = ask(moving)
    for who in ("other_county", "village"):
        client = moving.world.client(who)
        assert client.get(f"/desk/transfers/{transfer.pk}/").status_code == 404
        page = text_of(client.get("/desk/transfers/"))
        assert "王" not in page.split("uh-table")[-1] and "没有这样的转接" in page
        assert queries.count_transfers(moving.world.actor(who)) == dict.fromkeys(
            ("waiting", "in", "out", "overdue", "done"), 0
        )


def test_the_new_union_sees_its_part_only(moving: Register) -> None:
    person = Person.objects.get()
    transfer = ask(moving)
    new = moving.world.client("other_union")
    page = text_of(new.get(f"/desk/transfers/{transfer.pk}/"))
    assert "王建国" not in page and "速运" not in page and "本人原来的工会" in page
    assert new.get(f"/desk/members/{person.pk}/").status_code == 404
    assert "速运" not in text_of(new.get("/desk/transfers/?show=in"))
    actions.release_transfer(moving.world.actor("union"), transfer.pk)
    page = text_of(new.get(f"/desk/transfers/{transfer.pk}/"))
    assert "渭南示例速运有限公司工会" in page and "王建国" not in page
    assert new.get(f"/desk/members/{person.pk}/").status_code == 404
    actions.receive_transfer(moving.world.actor("other_union"), transfer.pk)
    assert new.get(f"/desk/members/{person.pk}/").status_code == 200
    assert "王建国" in text_of(new.get(f"/desk/transfers/{transfer.pk}/"))


def test_the_old_union_keeps_the_transfer_and_not_the_file(moving: Register) -> None:
    person = Person.objects.get()
    transfer = ask(moving)
    actions.release_transfer(moving.world.actor("union"), transfer.pk)
    actions.receive_transfer(moving.world.actor("other_union"), transfer.pk)
    old = moving.world.client("union")
    assert old.get(f"/desk/members/{person.pk}/").status_code == 404
    page = text_of(old.get(f"/desk/transfers/{transfer.pk}/"))
    assert "已转入" in page and "王建国" not in page


def test_an_old_union_sends_a_member_anywhere(moving: Register) -> None:
    person = Person.objects.get()
    client = moving.world.client("union")
    url = f"/desk/members/{person.pk}/transfer/"
    assert "转到别的工会" in text_of(client.get(f"/desk/members/{person.pk}/"))
    form = {"union": "街道总工会", "why": "place", "submit_key": "3" * 32}
    choice = client.post(url, form)
    assert choice.status_code == 400 and "华州街道总工会" in text_of(choice)
    code = moving.world.nodes["far_town"].code
    assert client.post(url, {**form, "code": code}).status_code == 302
    assert client.post(url, {**form, "code": code}).status_code == 302
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.node) == ("receiving", moving.world.nodes["far_town"])
    assert client.post(url, {**form, "code": code, "submit_key": "4" * 32}).status_code == 409


# A silent union


def test_a_silent_union_is_shown_to_the_one_above_which_may_act(moving: Register) -> None:
    transfer = ask(moving)
    moving.world.wait(days=7)
    assert actions.raise_silent_transfers(moving.world.actor("system")) == 1
    assert actions.raise_silent_transfers(moving.world.actor("system")) == 0
    item = WorkItem.objects.get(model="members.transfer", closed_at__isnull=True)
    assert (item.node, item.raised_to) == (moving.world.nodes["union"], moving.world.nodes["town"])
    for who, words in (("union", "核对后同意转出，或说明为什么不转"), ("town", "下级超期没有答复，催办或代办")):
        actor = moving.world.actor(who)
        (row,) = get_inbox_page(actor, Choice("own")).rows
        assert (row.item.pk, row.next_step) == (item.pk, words)
        assert (count_inbox(actor).own, count_inbox(actor).all_open, count_inbox(actor).overdue) == (1, 1, 1)
    assert not get_inbox_page(moving.world.actor("county"), Choice("own")).rows
    assert queries.count_transfers(moving.world.actor("town"))["overdue"] == 1
    assert "已过答复期限" in text_of(moving.world.client("worker").get("/my/transfer/"))
    actions.release_transfer(moving.world.actor("town"), transfer.pk)
    item.refresh_from_db()
    assert (item.node, item.raised_to) == (moving.world.nodes["other_union"], None)


def test_nobody_answers_for_both_unions(moving: Register) -> None:
    """A cadre of both unions takes one side; the other one is somebody else's, by hand and by button."""
    world, transfer = moving.world, ask(moving)
    county, another = world.actor("county"), world.actor("city")
    actions.release_transfer(county, transfer.pk)
    with pytest.raises(Refused, match="“同意转出”是您办的") as refused:
        actions.receive_transfer(county, transfer.pk)
    assert refused.value.code == "same-person"
    assert "“同意转出”是您办的" in text_of(world.client("county").get(f"/desk/transfers/{transfer.pk}/"))
    assert actions.receive_transfer(another, transfer.pk).state == "received"


def test_who_asks_for_a_member_does_not_let_go_too(moving: Register) -> None:
    world, (person,) = moving.world, moving.enrol("union", start=3)
    county = world.actor("county")
    transfer = start_for_new_union(
        county, person, world.nodes["other_union"], origin=TransferOrigin.NEW_UNION, given=TransferInput(why="employer")
    )
    with pytest.raises(Refused, match="替转入工会提出的"):
        actions.release_transfer(county, transfer.pk)
    actions.release_transfer(world.actor("union"), transfer.pk)
    assert actions.receive_transfer(county, transfer.pk).state == "received"


# The member's pages


def test_the_member_sees_where_it_goes_before_it_is_sent(moving: Register) -> None:
    client: Client = moving.world.client("worker")
    assert "办会籍转接" in text_of(client.get("/my/join/"))
    preview = text_of(client.post("/my/transfer/", FORM))
    assert "渭南示例机械有限公司工会" in preview and "3月13日（周五）前" in preview and not Transfer.objects.exists()
    assert text_of(client.post("/my/transfer/send/", {**FORM, "change": "1"})).count("渭南示例机械有限公司") >= 1
    for _ in range(2):
        assert client.post("/my/transfer/send/", FORM).status_code == 302
    assert Transfer.objects.count() == 1
    page = text_of(client.get("/my/transfer/"))
    assert "等转出工会" in page and "渭南示例速运有限公司工会" in page and "撤回转接" in page
    assert "会籍转接" in text_of(client.get("/my/matters/"))
    assert client.post("/my/transfer/", {**FORM, "employer_text": ""}).status_code == 400
    client.post("/my/transfer/cancel/")
    assert Transfer.objects.get().state == "cancelled"


def test_a_place_leads_to_the_town_union(moving: Register) -> None:
    form = {"why": "place", "division_county": "610502000000", "division_town": "610502002000", "submit_key": "b" * 32}
    page = text_of(moving.world.client("worker").post("/my/transfer/", form))
    assert "杜桥街道总工会" in page


def test_shares_end_with_the_transfer(moving: Register) -> None:
    transfer = ask(moving)
    share = Share.objects.get(model="members.transfer", object_id=transfer.pk)
    assert share.can_act and share.ends_at is None
    actions.cancel_transfer(moving.world.actor("worker"))
    share.refresh_from_db()
    assert share.ends_at == moving.world.at
    kept = Share.objects.exclude(pk=share.pk).get(model="members.transfer")
    assert not kept.can_act and kept.ends_at
