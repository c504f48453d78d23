"""Retained, back, deceased, expelled: who may, when not, what stays; and the figures of earlier days."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.core.members.conftest import Register, text_of
from unionhome.core.figures import queries as figures
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.models import Consent, Expulsion, Leaving, Membership, Person
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit.dates import Period


@cache
def scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), (250, 250, 250)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def person(register: Register) -> Person:
    register.member()
    return Person.objects.get()


def retain(register: Register, person: Person, who: str = "union", **changed: Any) -> Membership:
    given = {"reason": "retired", "on": register.world.today, **changed}
    return actions.retain_member(register.world.actor(who), person.pk, **given)


def die(register: Register, person: Person, who: str = "union", **changed: Any) -> Membership:
    given = {"on": register.world.today, "proof": "family", **changed}
    return actions.record_death(register.world.actor(who), person.pk, **given)


def discuss(register: Register, person: Person, who: str = "union", **changed: Any) -> Expulsion:
    given = {"ground": "crime", "discussed_on": register.world.today, "discussion": "小组同意", **changed}
    return actions.open_expulsion(register.world.actor(who), person.pk, **given)


def decide(register: Register, row: Expulsion, who: str = "union", **changed: Any) -> Expulsion:
    given = {
        "decided_on": register.world.today, "paper_no": "速工发1号", "name": "决定.png", "data": scan(), **changed,
    }  # fmt: skip
    return actions.decide_expulsion(register.world.actor(who), row.pk, **given)


ACTS: dict[str, Callable[..., Any]] = {"retain": retain, "die": die, "discuss": discuss}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "expected"),
    [("other_union", NotFound), ("other_town", NotFound), ("village", NotFound), ("chair", Forbidden)],
)
def test_others_may_not(register: Register, person: Person, act: str, who: str, expected: type[Refused]) -> None:
    with pytest.raises(expected):
        ACTS[act](register, person, who)
    assert Membership.objects.get().status == "active" and not Expulsion.objects.exists()


TOMORROW = date(2026, 3, 11)
BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    "retained without a reason": ("retain", {"reason": ""}, "reason"),
    "retained for no known reason": ("retain", {"reason": "x"}, "reason"),
    "retained without a day": ("retain", {"on": None}, "on"),
    "retained tomorrow": ("retain", {"on": TOMORROW}, "on"),
    "a long note": ("retain", {"note": "长" * 121}, "note"),
    "died tomorrow": ("die", {"on": TOMORROW}, "on"),
    "died before birth": ("die", {"on": date(1980, 1, 1)}, "on"),
    "died without a proof": ("die", {"proof": ""}, "proof"),
    "expelled for no ground of the charter": ("discuss", {"ground": "late"}, "ground"),
    "discussed tomorrow": ("discuss", {"discussed_on": TOMORROW}, "discussed_on"),
    "discussed without words": ("discuss", {"discussion": " "}, "discussion"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_at_the_field(register: Register, person: Person, case: str) -> None:
    act, changed, field = BAD[case]
    with pytest.raises(BadInput) as refused:
        ACTS[act](register, person, **changed)
    assert field in refused.value.fields
    assert Membership.objects.get().status == "active" and not Expulsion.objects.exists()


def test_retained_and_back(register: Register, person: Person) -> None:
    card = Membership.objects.get().card_no
    kept = retain(register, person)
    assert (kept.status, kept.entry, kept.held, kept.card_no) == ("retained", "retained", "retained", card)
    assert retain(register, person).pk == kept.pk and Membership.objects.count() == 2
    person.refresh_from_db()
    assert person.employment_state == "retired" and person.sources["employment_state"][0] == "union"
    register.world.wait(days=3)
    with pytest.raises(Refused):
        retain(register, person)
    back = actions.resume_member(register.world.actor("union"), person.pk)
    assert (back.status, back.entry, back.held) == ("active", "resumed", "active")
    assert actions.resume_member(register.world.actor("union"), person.pk).pk == back.pk
    register.world.wait(days=1)
    with pytest.raises(Refused):
        actions.resume_member(register.world.actor("union"), person.pk)
    assert Membership.objects.filter(left_on__isnull=True).count() == 1
    kinds = Entry.objects.filter(subject_id=person.pk).values_list("kind", flat=True)
    assert {"members.member.retained", "members.member.resumed"} <= set(kinds)


def test_a_retained_member_moves_and_a_refusal_keeps_it_retained(register: Register, person: Person) -> None:
    retain(register, person)
    given = TransferInput(why="employer")
    world = register.world
    row = actions.send_transfer(world.actor("union"), person.pk, node=world.nodes["far_town"], given=given)
    actions.refuse_transfer(world.actor("other_county"), row.pk, reason="不在这里")
    assert Membership.objects.get(left_on__isnull=True).status == "retained"
    row = actions.send_transfer(world.actor("union"), person.pk, node=world.nodes["far_town"], given=given)
    actions.receive_transfer(world.actor("other_county"), row.pk)
    assert Membership.objects.get(left_on__isnull=True).status == "active"


def test_a_death_closes_what_rests_on_the_membership(register: Register, person: Person) -> None:
    world = register.world
    actions.request_leaving(world.actor("worker"))
    row = actions.send_transfer  # the leaving is open: no transfer begins
    with pytest.raises(Refused):
        row(world.actor("union"), person.pk, node=world.nodes["far_town"], given=TransferInput(why="employer"))
    ended = die(register, person)
    assert (ended.status, ended.left_on) == ("deceased", world.today)
    assert die(register, person).pk == ended.pk
    assert Leaving.objects.get().state == "lapsed"
    assert not Consent.objects.filter(purpose="members.register", withdrawn_at=None).exists()
    assert not WorkItem.objects.filter(closed_at__isnull=True, table="members.leaving").exists()


def test_expelled_only_by_group_committee_and_the_union_above(register: Register, person: Person) -> None:
    world = register.world
    row = discuss(register, person)
    with pytest.raises(Refused):
        actions.file_expulsion(world.actor("town"), row.pk)
    row = decide(register, row)
    assert (row.state, row.node, row.paper_no) == ("decided", world.nodes["town"], "速工发1号")
    assert Membership.objects.get().status == "active"
    with pytest.raises(Forbidden):
        actions.file_expulsion(world.actor("union"), row.pk)
    actions.file_expulsion(world.actor("town"), row.pk)
    actions.file_expulsion(world.actor("town"), row.pk)
    ended = Membership.objects.get()
    assert (ended.status, ended.left_on, ended.happened_on) == ("expelled", world.today, world.today)
    assert "速工发1号" in ended.reason


@pytest.mark.parametrize("maker", ["discusses", "decides"])
def test_nobody_files_an_expulsion_of_their_own_making(register: Register, person: Person, maker: str) -> None:
    """One account with a post in the union and one in the union above is one person."""
    world = register.world
    world.cadre("both", "union")
    world.grant("both", "cadre", "town")
    row = discuss(register, person, "both" if maker == "discusses" else "union")
    row = decide(register, row, "both" if maker == "decides" else "union")
    with pytest.raises(Refused) as refused:
        actions.file_expulsion(world.actor("both"), row.pk)
    assert refused.value.code == "same-person" and "要由另一个人来办" in refused.value.sentence
    assert Membership.objects.get().status == "active"
    assert "要由另一个人来办" in text_of(world.client("both").get(f"/desk/expulsions/{row.pk}/"))
    assert actions.file_expulsion(world.actor("town"), row.pk).state == "filed"


BAD_DECISIONS: dict[str, tuple[dict[str, Any], str]] = {
    "tomorrow": ({"decided_on": TOMORROW}, "decided_on"),
    "before it was discussed": ({"decided_on": date(2026, 3, 1)}, "decided_on"),
    "no number": ({"paper_no": " "}, "paper_no"),
    "no scan": ({"data": b""}, "file"),
}


@pytest.mark.parametrize("case", BAD_DECISIONS)
def test_a_decision_without_its_proof_is_refused(register: Register, person: Person, case: str) -> None:
    changed, field = BAD_DECISIONS[case]
    row = discuss(register, person)
    with pytest.raises(BadInput) as refused:
        decide(register, row, **changed)
    assert field in refused.value.fields
    row.refresh_from_db()
    assert row.state == "discussed"


def test_sent_back_and_dropped(register: Register, person: Person) -> None:
    world = register.world
    row = decide(register, discuss(register, person), submit_key="d" * 32)
    assert decide(register, row, submit_key="d" * 32).state == "decided"
    row = actions.send_back_expulsion(world.actor("town"), row.pk, reason="文件没有盖章")
    assert (row.state, row.node) == ("discussed", world.nodes["union"])
    with pytest.raises(Refused):
        actions.drop_expulsion(world.actor("union"), row.pk, reason="")
    row = actions.drop_expulsion(world.actor("union"), row.pk, reason="改判无罪")
    assert row.state == "dropped" and Membership.objects.get().status == "active"


def test_who_left_joins_again(register: Register, person: Person) -> None:
    world = register.world
    leaving = actions.request_leaving(world.actor("worker"))
    actions.confirm_leaving(world.actor("union"), leaving.pk)
    world.wait(days=30)
    again = register.apply()
    membership = actions.approve_application(world.actor("union"), again.pk)
    assert membership.person_id == person.pk and membership.joined_on == world.today
    assert Membership.objects.filter(left_on__isnull=True).count() == 1 and Person.objects.count() == 1


# Pages


def test_the_member_page_shows_history_and_every_step_in_its_place(register: Register, person: Person) -> None:
    client = register.world.client("union")
    page = text_of(client.get(f"/desk/members/{person.pk}/"))
    for word in ("会籍办理", "转到别的工会", "转为保留会籍", "办理除名", "登记去世"):
        assert word in page
    form = {"reason": "retired", "on": "2026-03-01"}
    assert client.post(f"/desk/members/{person.pk}/retain/", {**form, "on": "2027-01-01"}).status_code == 400
    assert client.post(f"/desk/members/{person.pk}/retain/", form).status_code == 302
    page = text_of(client.get(f"/desk/members/{person.pk}/"))
    assert "恢复在会" in page and "已变更（退休）" in page and "2026-03-10 转为保留会籍" in page
    assert client.post(f"/desk/members/{person.pk}/resume/", {"submit_key": "9" * 32}).status_code == 302
    discussed = {"ground": "crime", "discussed_on": "2026-03-09", "discussion": "同意", "submit_key": "e" * 32}
    for _ in range(2):
        assert client.post(f"/desk/members/{person.pk}/expel/", discussed).status_code == 302
    row = Expulsion.objects.get()
    page = text_of(client.get(f"/desk/members/{person.pk}/"))
    assert "除名正在办理" in page and f"/desk/expulsions/{row.pk}/" in page
    decided = {"decided_on": "2026-03-10", "paper_no": "1号", "submit_key": "f" * 32}
    assert client.post(f"/desk/expulsions/{row.pk}/decide/", decided).status_code == 400
    upload = BytesIO(scan())
    upload.name = "决定.png"
    assert client.post(f"/desk/expulsions/{row.pk}/decide/", {**decided, "file": upload}).status_code == 302
    town = register.world.client("town")
    page = text_of(town.get(f"/desk/expulsions/{row.pk}/"))
    assert "决定.png" in page and "备案" in page
    file = queries.get_expulsion_page(register.world.actor("town"), row).files[0]
    assert town.get(f"/desk/expulsions/{row.pk}/scans/{file.pk}/").status_code == 200
    assert register.world.client("other_union").get(f"/desk/expulsions/{row.pk}/").status_code == 404
    assert town.post(f"/desk/expulsions/{row.pk}/file/").status_code == 302
    page = text_of(client.get(f"/desk/members/{person.pk}/"))
    assert "已除名" in page and "不在会" in page


def test_a_step_of_another_post_stands_with_its_reason(register: Register, person: Person) -> None:
    page = text_of(register.world.client("chair").get(f"/desk/members/{person.pk}/"))
    assert page.count("您的岗位没有办这件事的权限") >= 4


# Figures


def value(register: Register, code: str, node: str, day: date) -> Any:
    period = Period(day.replace(month=1, day=1), day)
    return int(figures.get_value(register.world.actor("city"), code, register.world.nodes[node], period).raw or 0)


CODES = ("members.members", "members.retained", "members.joined", "members.moved_in", "members.moved_out")


def readings(register: Register, day: date) -> dict[tuple[str, str], Any]:
    return {
        (code, node): value(register, code, node, day)
        for code in CODES
        for node in ("city", "county", "union", "far_town")
    }


def test_figures_of_earlier_days_stay_what_they_were(register: Register, person: Person) -> None:
    """Moved away and back, retained and back: each evening's reading is the same when asked for later."""
    world = register.world
    kept: dict[date, Any] = {}

    def evening() -> None:
        kept[world.today] = readings(register, world.today)
        world.wait(days=1)

    def go(who: str, to: str) -> None:
        row = actions.send_transfer(
            world.actor(who), person.pk, node=world.nodes[to], given=TransferInput(why="employer")
        )
        actions.receive_transfer(world.actor("city"), row.pk)

    register.enrol("far_town", 2, start=60)
    evening()
    go("union", "far_town")
    evening()
    retain(register, person, "other_county")
    evening()
    actions.resume_member(world.actor("other_county"), person.pk)
    evening()
    go("other_county", "union")
    evening()
    die(register, person)
    evening()
    for day, read in kept.items():
        assert readings(register, day) == read, day
    first, *_, last = kept.values()
    assert first["members.members", "city"] == 3 and last["members.members", "city"] == 2
    assert [read["members.members", "union"] for read in kept.values()] == [1, 0, 0, 0, 1, 0]
    assert [read["members.members", "far_town"] for read in kept.values()] == [2, 3, 3, 3, 2, 2]
    assert [read["members.retained", "city"] for read in kept.values()] == [0, 0, 1, 0, 0, 0]
    assert last["members.moved_in", "city"] == 1 and last["members.joined", "city"] == 3
    assert value(register, "members.members", "city", world.today - timedelta(days=365)) == 0


def test_a_roster_does_not_move_the_first_day_of_a_retained_member(register: Register, person: Person) -> None:
    """It tells when somebody joined; the stay that began by retaining began when it did."""
    kept = retain(register, person)
    document = get_clear_values(person)["document"]
    data = f"姓名,证件号码,工会组织代码,入会日期,备注\n王建国,{document},{kept.node.code},2020-05-01,老会员\n".encode()
    actor = register.world.actor("union")
    roster = actions.check_roster(actor, actions.hand_in_roster(actor, data, name="名册.csv", in_background=False).pk)
    actions.apply_roster(actor, roster.pk)
    actions.enter_roster(actor, roster.pk)
    kept.refresh_from_db()
    assert (kept.joined_on, kept.note) == (register.world.today, "老会员")
