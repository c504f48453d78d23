"""Two files of one human being: found by what is alike, merged, and taken apart again without a trace."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import Register, text_of
from tests.worlds import World
from unionhome.core.access.models import User
from unionhome.core.figures.queries import get_value
from unionhome.core.members import actions, queries
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import AccessRecord, Correction, Duplicate, Leaving, Membership, Merge, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Status
from unionhome.core.members.rules.duplicates import Seen, compare, likely_pairs
from unionhome.core.records import actions as records
from unionhome.core.records.models import Total
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.kit.codes import make_identity
from unionhome.kit.dates import Period

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 6)
JOINED = date(2024, 3, 1)


def add(register: Register, node: str, serial: int, **facts: Any) -> Person:
    row = EnrolRow(
        node_id=register.world.nodes[node].pk,
        name=facts.get("name", "李小明"),
        document=facts.get("document") or make_identity("610502", facts.get("born", BORN), serial),
        phone=facts.get("phone", "19900015678"),
        joined_on=JOINED,
        facts={"group": facts.get("group", "courier")},
    )
    (outcome,) = actions.enrol_many(register.world.actor("system"), [row])
    return Person.objects.get(pk=outcome.person_id or 0)


@pytest.fixture
def twins(register: Register) -> tuple[Person, Person]:
    """One man with two files: in two towns of one county, with two numbers of the same day."""
    return add(register, "union", 121), add(register, "other_union", 343, group="rider")


def state(*people: Person) -> list[Any]:
    """Everything that the tables hold of the people."""
    ids = [each.pk for each in people]
    return [
        *Person.objects.filter(pk__in=ids).order_by("pk").values(),
        *Membership.objects.filter(person__in=ids).order_by("pk").values(),
        *User.objects.filter(person_id__in=ids).order_by("pk").values("pk", "person_id", "phone_index"),
    ]


def members(world: World, day: date, node: str = "city", code: str = "members.members") -> object:
    return get_value(world.actor("system"), code, world.nodes[node], Period(day, day)).raw


# -- what looks alike ------------------------------------------------------------------------------------------------

ONE = Seen(1, "李小明", "lxm", BORN, "p1", "t1", "d1", "")


@pytest.mark.parametrize(
    ("other", "reasons", "likely"),
    [
        (ONE._replace(document_tail="d2"), ["name", "birth", "phone"], True),
        (ONE._replace(document_tail="d2", phone="p2"), ["name", "birth", "tail"], True),
        (ONE._replace(document_tail="d2", phone="p2", phone_tail="t2"), ["name", "birth"], False),
        (ONE._replace(document_tail="d2", phone="", phone_tail=""), ["name", "birth", "no-phone"], True),
        (ONE._replace(phone="p2", phone_tail="t2"), ["name", "birth", "document"], True),
        (ONE._replace(name="李晓明", document_tail="d2", phone="p2"), ["sound", "birth", "tail"], True),
        (ONE._replace(name="刘新民", document_tail="d2"), ["birth", "phone"], True),
        (ONE._replace(name="王大力", initials="wdl", birth_on=None, document_tail="d2"), ["phone"], False),
        (ONE._replace(birth_on=None, document_tail="d2"), ["name", "phone"], True),
    ],
)
def test_what_makes_two_files_likely(other: Seen, reasons: list[str], likely: bool) -> None:
    other = other._replace(id=2)
    assert compare(ONE, other) == reasons
    assert bool(list(likely_pairs([ONE, other]))) is likely


def test_a_number_of_many_says_nothing() -> None:
    office = [ONE._replace(id=number, name=f"李{number}", document_tail=str(number)) for number in range(1, 40)]
    assert not list(likely_pairs(office))


def test_a_scan_finds_pairs_once_and_forgets_what_no_longer_is(
    twins: tuple[Person, Person], register: Register
) -> None:
    one, other = twins
    add(register, "union", 155, name="别的人", born=date(1990, 1, 1), phone="19900019999")
    system = register.world.actor("system")
    for _ in range(2):
        assert actions.scan_duplicates(system) == 1
        assert set(Duplicate.objects.values_list("person", "other")) == {(one.pk, other.pk), (other.pk, one.pk)}
    Person.objects.filter(pk=other.pk).update(birth_on=date(1981, 1, 1), phone_index="x", phone_tail_index="y")
    assert actions.scan_duplicates(system) == 0
    assert not Duplicate.objects.exists()


def test_a_pair_that_is_two_people_stays_decided(twins: tuple[Person, Person], register: Register) -> None:
    city = register.world.actor("city")
    actions.scan_duplicates(register.world.actor("system"))
    actions.tell_apart(city, twins[0].pk, twins[1].pk, note="核对了证件，是两个人")
    actions.scan_duplicates(register.world.actor("system"))
    assert not queries.list_pairs(city).exists()
    assert queries.list_pairs(city, "different").count() == 1


def test_a_union_is_told_nothing_of_the_other_side(
    twins: tuple[Person, Person], register: Register, union: Client
) -> None:
    actions.scan_duplicates(register.world.actor("system"))
    page = text_of(union.get("/desk/members/duplicates/"))
    assert "已在其他工会入会" in page and "手机号码相同" not in page and "渭南示例机械" not in page
    (row,) = queries.list_pairs(register.world.actor("union"))
    assert union.get(f"/desk/members/duplicates/{row.pk}/").status_code == 404
    assert union.post(f"/desk/members/duplicates/{row.pk}/apart/").status_code == 404
    with pytest.raises(NotFound):
        actions.merge_persons(register.world.actor("union"), twins[0].pk, twins[1].pk)
    assert queries.list_pairs(register.world.actor("city")).count() == 1
    assert not queries.list_pairs(register.world.actor("other_county")).exists()


# -- merging ---------------------------------------------------------------------------------------------------------


def test_merged_and_undone_leaves_no_trace(twins: tuple[Person, Person], register: Register) -> None:
    kept, other = twins
    world, city = register.world, register.world.actor("city")
    before = state(kept, other)
    merge = actions.merge_persons(city, kept.pk, other.pk, take=("group",), note="看过证件")
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (other.merged_into_id, kept.group, kept.sources["group"]) == (kept.pk, "rider", ["roster", "2026-03-10"])
    ended = Membership.objects.get(person=other)
    assert (ended.status, ended.left_on) == (Status.DOUBLED, world.today)
    assert Membership.objects.filter(person__in=twins, left_on=None).count() == 1
    world.wait(days=3)
    actions.undo_merge(world.actor("city"), merge.pk, note="核对后是两个人")
    assert state(kept, other) == before
    assert Merge.objects.get().undone_note == "核对后是两个人"


def test_figures_before_a_move_a_merge_and_its_undoing_stay(twins: tuple[Person, Person], register: Register) -> None:
    kept, other = twins
    world = register.world
    last_year, yesterday = date(2025, 12, 31), world.today + timedelta(days=9)
    held = Membership.objects.get(person=kept)
    held.status, held.left_on = Status.LEFT, world.today
    held.save()
    Membership.objects.create(
        person=kept, node=world.nodes["town"], entry="transferred", joined_on=world.today, counts_on=world.today,
        status="active",
        card_no=held.card_no, created_at=world.at,
    )  # fmt: skip
    Person.objects.filter(pk=kept.pk).update(node=world.nodes["town"])
    world.wait(days=10)
    places = ("city", "county", "town", "union", "other_union")
    codes = ("members.members", "members.new_employment")

    def told(*days: date) -> list[object]:
        return [members(world, day, place, code) for day in days for place in places for code in codes]

    before = told(last_year, yesterday, world.today)
    assert [members(world, last_year, place) for place in places] == [2, 2, 1, 1, 1]
    merge = actions.merge_persons(world.actor("city"), kept.pk, other.pk)
    assert members(world, world.today) == 1
    assert [members(world, last_year, place) for place in places] == [1, 1, 1, 1, 1], "one human being counts once"
    actions.undo_merge(world.actor("city"), merge.pk, note="弄错了")
    assert told(last_year, yesterday, world.today) == before


def test_every_way_leads_to_the_file_that_stays(register: Register, twins: tuple[Person, Person]) -> None:
    kept, other = twins
    world, city = register.world, register.world.actor("city")
    card = Membership.objects.get(person=other).card_no
    actions.open_file(world.actor("other_union"), other.pk, reason="membership", parts=("phone",))
    actions.merge_persons(city, kept.pk, other.pk)
    number = sealed.open_text(other.document_sealed, sealed.DOCUMENT)
    found = [
        queries.find_person_by_document(number),
        queries.find_person_by_phone("19900015678"),
        queries.get_person(city, other.pk),
        queries.find_by_card_code(city, sealed.card_code(card)),
    ]
    assert [each.pk for each in found if each] == [kept.pk] * 4
    account = queries.find_account_owner(other.pk)
    assert account and account.person_id == kept.pk
    assert queries.list_memberships(kept).count() == 2
    assert queries.list_access(kept).filter(part="phone").count() == 1
    assert queries.get_membership(kept.pk)


def test_nobody_is_entered_again_by_the_document_of_a_merged_file(
    register: Register, twins: tuple[Person, Person]
) -> None:
    kept, other = twins
    world = register.world
    actions.merge_persons(world.actor("city"), kept.pk, other.pk)
    number = sealed.open_text(other.document_sealed, sealed.DOCUMENT)
    row = EnrolRow(node_id=world.nodes["other_union"].pk, name="李小明", document=number)
    (told,) = actions.enrol_many(world.actor("city"), [row])
    assert told.reason == "已经是渭南示例速运有限公司工会的会员"
    (told,) = actions.enrol_many(world.actor("other_union"), [row])
    assert told.reason == "已在其他工会入会"
    assert AccessRecord.objects.filter(person=kept, part="exists").exists()
    own = sealed.open_text(kept.document_sealed, sealed.DOCUMENT)
    data = f"姓名,证件号码,工会组织代码\n李小明,{own},610502002-Q0001\n李小明,{number},610502001-Q0001\n".encode()
    roster = actions.hand_in_roster(world.actor("city"), data, name="名册.csv", in_background=False)
    roster = actions.check_roster(world.actor("city"), roster.pk)
    assert roster.preview == {"m": 1, "r": 1} and roster.reasons == {"merged": 1}
    actions.apply_roster(world.actor("city"), roster.pk, in_background=False)
    actions.enter_roster(world.actor("city"), roster.pk)
    assert Membership.objects.filter(person__in=twins, left_on=None).get().node == world.nodes["other_union"]


def test_the_account_follows_and_comes_back(register: Register) -> None:
    mine = register.member(name="何工").person
    twin = add(register, "union", 343, name="何工", phone="19900000001")
    world = register.world
    user = world.users["worker"]
    user.refresh_from_db()
    assert user.person_id == mine.pk
    merge = actions.merge_persons(world.actor("city"), twin.pk, mine.pk)
    user.refresh_from_db()
    assert user.person_id == twin.pk
    assert queries.get_own_person(world.actor("worker")).pk == twin.pk
    actions.undo_merge(world.actor("city"), merge.pk, note="弄错了")
    user.refresh_from_db()
    assert user.person_id == mine.pk


def test_a_fact_that_was_corrected_after_the_merge_stays(register: Register, twins: tuple[Person, Person]) -> None:
    kept, other = twins
    city = register.world.actor("city")
    merge = actions.merge_persons(city, kept.pk, other.pk, take=("group",))
    actions.correct_facts(city, kept.pk, {"group": "trucker"})
    actions.undo_merge(city, merge.pk, note="弄错了")
    kept.refresh_from_db()
    assert kept.group == "trucker" and kept.sources["group"][0] == "union"


@pytest.mark.parametrize("what", ["leaving", "correction", "transferring", "nobody", "merged", "fact", "role"])
def test_what_stands_in_the_way_of_a_merge(register: Register, twins: tuple[Person, Person], what: str) -> None:
    kept, other = twins
    world, actor, take, refusal = register.world, register.world.actor("city"), (), Refused
    common = {"person": other, "node": other.node, "state": "submitted", "submitted_at": world.at, "due_at": world.at}
    held = Membership.objects.get(person=other)
    if what == "leaving":
        Leaving.objects.create(membership=held, **common)
    elif what == "correction":
        Correction.objects.create(fact="group", value_sealed=b"", **common)
    elif what == "transferring":
        Membership.objects.filter(pk=held.pk).update(status="transferring")
    elif what == "nobody":
        Membership.objects.filter(person=kept).update(status="withdrawn", left_on=world.today)
    elif what == "merged":
        actions.merge_persons(actor, other.pk, add(register, "union", 565).pk)
    elif what == "fact":
        take, refusal = ("document",), BadInput
    else:
        actor, refusal = world.actor("chair"), Forbidden
    before = state(kept, other)
    with pytest.raises(refusal):
        actions.merge_persons(actor, kept.pk, other.pk, take=take)
    assert state(kept, other) == before


def test_an_undo_needs_its_reason_and_its_branch(register: Register, twins: tuple[Person, Person]) -> None:
    merge = actions.merge_persons(register.world.actor("city"), twins[0].pk, twins[1].pk)
    with pytest.raises(BadInput):
        actions.undo_merge(register.world.actor("city"), merge.pk, note=" ")
    with pytest.raises(NotFound):
        actions.undo_merge(register.world.actor("union"), merge.pk, note="弄错了")
    with pytest.raises(NotFound):
        actions.undo_merge(register.world.actor("other_county"), merge.pk, note="弄错了")
    with pytest.raises(Forbidden):
        actions.undo_merge(register.world.actor("chair"), merge.pk, note="弄错了")


def test_two_files_side_by_side_then_one_then_two(register: Register, twins: tuple[Person, Person]) -> None:
    kept, other = twins
    client = register.world.client("city")
    actions.scan_duplicates(register.world.actor("system"))
    (row,) = queries.list_pairs(register.world.actor("city"))
    assert "像是同一个人" in text_of(client.get("/desk/members/duplicates/"))
    assert "看看是不是同一个人" in text_of(client.get(f"/desk/members/{kept.pk}/"))
    page = text_of(client.get(f"/desk/members/duplicates/{row.pk}/"))
    assert "手机号码相同" in page and "网约送餐员" in page
    assert sealed.open_text(kept.document_sealed, sealed.DOCUMENT) not in page and "19900015678" not in page
    sent = {"kept": kept.pk, "take": ["group"], "note": "看过证件", "submit_key": "a" * 32}
    for _ in range(2):
        answer = client.post(f"/desk/members/duplicates/{row.pk}/", sent)
    merge = Merge.objects.get()
    assert answer["Location"] == f"/desk/members/merges/{merge.pk}/"
    assert "会籍经过" in text_of(client.get(f"/desk/members/{other.pk}/"))
    assert "撤销合并" in text_of(client.get(f"/desk/members/merges/{merge.pk}/"))
    assert client.post(f"/desk/members/merges/{merge.pk}/", {"note": ""}).status_code == 400
    assert client.post(f"/desk/members/merges/{merge.pk}/", {"note": "是两个人"}).status_code == 302
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert "已撤销" in text_of(client.get("/desk/members/duplicates/?state=same"))


def test_who_was_served_under_two_files_is_one_until_they_part(
    register: Register, twins: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionhome.core.records.actions.writing.get_service_labels", lambda: {"tests.visit": "走访"})
    world, (kept, other) = register.world, twins
    for person in twins:
        records.add(
            world.actor("system"), service="tests.visit", node=person.node, on=date(2025, 5, 1), summary="上门走访",
            person_id=person.pk,
        )  # fmt: skip

    def served() -> int:
        records.fold()
        return Total.objects.get(above=0, kind="Y").people_count

    assert served() == 2
    merge = actions.merge_persons(world.actor("city"), kept.pk, other.pk)
    assert served() == 1 and records.verify_totals() == (0, [])
    actions.undo_merge(world.actor("city"), merge.pk, note="弄错了")
    assert served() == 2 and records.verify_totals() == (0, [])
