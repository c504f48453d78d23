"""What rests on a membership goes along with it, and ends with it: notices of leaving, corrections, the consent."""

from collections.abc import Callable

import pytest

from tests.core.members.conftest import DOCUMENT, Register, text_of
from tests.core.members.rosters.samples import enter, person
from tests.core.members.test_national import compared, line, settle
from unionhome.core.members import actions, queries
from unionhome.core.members.models import Consent, Correction, Leaving, Membership, Person, Transfer
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.tree.models import Node
from unionhome.core.workflow.models import WorkItem
from unionhome.core.workflow.queries import list_steps

REGISTER = "members.register"


def ask_to_leave(register: Register) -> Leaving:
    return actions.request_leaving(register.world.actor("worker"), reason="不想参加了")


def ask_to_correct(register: Register) -> Correction:
    return actions.request_correction(register.world.actor("worker"), fact="education", value="60")


def by_transfer(register: Register) -> None:
    """A notice given while the transfer is under way does not stop the transfer."""
    world, moving = register.world, Person.objects.get()
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司")
    row = actions.send_transfer(world.actor("union"), moving.pk, node=world.nodes["other_union"], given=given)
    ask_to_leave(register)
    ask_to_correct(register)
    actions.receive_transfer(world.actor("other_union"), row.pk)


def by_roster(register: Register) -> None:
    ask_to_leave(register)
    ask_to_correct(register)
    row = person(0, 姓名="王建国", 证件号码=DOCUMENT, 性别="", 手机号码="", 工会组织代码="610502002-Q0001")
    enter(register.world, "county", [row])


MOVES: dict[str, Callable[[Register], None]] = {"transfer": by_transfer, "roster": by_roster}


@pytest.mark.parametrize("way", MOVES)
def test_a_notice_of_leaving_goes_along_with_the_membership(register: Register, way: str) -> None:
    world = register.world
    register.member()
    MOVES[way](register)
    there: Node = world.nodes["other_union"]
    leaving, correction = Leaving.objects.get(), Correction.objects.get()
    standing = Membership.objects.get(left_on=None)
    assert standing.node == there
    assert (leaving.state, leaving.node, leaving.membership, correction.node) == ("submitted", there, standing, there)
    for model in ("members.leaving", "members.correction"):
        assert WorkItem.objects.get(model=model, closed_at=None).node == there
    assert "转到渭南示例机械有限公司工会" in list_steps(leaving).last().reason  # type: ignore[union-attr]
    page = text_of(world.client("worker").get("/my/card/"))
    assert "会籍已转到渭南示例机械有限公司工会，退会申请也由它办" in page
    actions.confirm_leaving(world.actor("other_union"), leaving.pk)
    assert Membership.objects.filter(left_on=None).count() == 0
    assert Consent.objects.get(purpose=REGISTER).withdrawn_at == world.at


def end_by_register(register: Register) -> None:
    batch = compared(register, line(121, name="别的人"))
    assert settle(register, batch, "here", "leave", reason="去外地了").count == 1


def end_by_death(register: Register) -> None:
    world = register.world
    actions.record_death(world.actor("union"), Person.objects.get().pk, on=world.today, proof="family")


def end_by_hand(register: Register) -> None:
    """As rows of before this was looked after: the nightly work puts them right."""
    Membership.objects.update(status="left", left_on=register.world.today)
    assert actions.mend_leavings(register.world.actor("system")) == 1
    assert actions.mend_leavings(register.world.actor("system")) == 0


ENDS: dict[str, tuple[Callable[[Register], None], str]] = {
    "the national register": (end_by_register, "工会登记为已离开：去外地了"),
    "a death": (end_by_death, "会籍已经注销"),
    "an end unknown": (end_by_hand, "会籍已经结束"),
}


@pytest.mark.parametrize("way", ENDS)
def test_a_notice_of_leaving_stops_with_its_reason_where_the_membership_ends(register: Register, way: str) -> None:
    world = register.world
    end, reason = ENDS[way]
    register.member()
    leaving = ask_to_leave(register)
    end(register)
    leaving.refresh_from_db()
    assert (leaving.state, leaving.decided_at) == ("lapsed", world.at)
    assert not WorkItem.objects.filter(model="members.leaving", closed_at=None).exists()
    assert f"您申请过退会，没有再办：{reason}" in text_of(world.client("worker").get("/my/card/"))
    assert reason in text_of(world.client("union").get(f"/desk/leavings/{leaving.pk}/"))
    assert queries.find_own_leaving(world.actor("worker")) is None


def test_the_consent_ends_with_the_membership_it_rests_on(register: Register) -> None:
    register.member()
    end_by_register(register)
    assert Consent.objects.get(purpose=REGISTER).withdrawn_at == register.world.at


def test_the_consent_stays_while_the_membership_only_moves(register: Register) -> None:
    world = register.world
    register.member()
    moving = Person.objects.get()
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司")
    row = actions.send_transfer(world.actor("union"), moving.pk, node=world.nodes["other_union"], given=given)
    actions.receive_transfer(world.actor("other_union"), row.pk)
    actions.retain_member(world.actor("other_union"), moving.pk, reason="retired", on=world.today)
    assert Consent.objects.get(purpose=REGISTER).withdrawn_at is None


def test_a_transfer_that_stops_says_why(register: Register) -> None:
    world = register.world
    register.member()
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司")
    actions.send_transfer(world.actor("union"), Person.objects.get().pk, node=world.nodes["other_union"], given=given)
    leaving = ask_to_leave(register)
    actions.confirm_leaving(world.actor("union"), leaving.pk)
    assert Transfer.objects.get().state == "lapsed"
    assert "本人已经退会" in text_of(world.client("worker").get("/my/transfer/"))
