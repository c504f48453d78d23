"""Rosters against the register: what is foreseen, what is entered, and that twice is once."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.core.members.conftest import Register
from tests.core.members.rosters.samples import document, enter, hand_in, people, person, text_table, workbook
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord, Membership, Person, RosterLot
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.members.queries.rosters import pack, read_rows
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit import codes

TOWN = "610502001"


def rows_of(entry: Entry) -> dict[str, int]:
    return {key: count for key, count in entry.data.items() if key != "sha256"}


def test_the_check_foresees_and_enters_nothing(register: Register) -> None:
    roster = hand_in(register.world, "town", [*people(5), person(9, 手机号码="123")])
    assert (roster.state, roster.row_count, roster.preview) == ("checked", 6, {"n": 5, "r": 1})
    assert roster.reasons == {"mobile.form": 1}
    assert not Person.objects.exists()
    shown = json.dumps(roster.samples, ensure_ascii=False)
    assert document(0) not in shown and "6105" in shown and "王*甲" in shown


def test_a_row_becomes_a_whole_member(register: Register) -> None:
    given = person(
        121, 户籍类型="农村户口", 是否农民工="是", 工作单位=register.employer.name, 工会职务="组长", 备注="老会员"
    )
    roster = enter(register.world, "town", workbook([given]), name="名册.xlsx")
    assert (roster.state, roster.counts, roster.done_count) == ("applied", {"n": 1}, 1)
    found = Person.objects.get()
    membership = Membership.objects.get()
    values = get_clear_values(found)
    assert (values["document"], values["phone"], values["is_migrant"], values["household_kind"], values["sex"]) == (
        document(121), "13900000121", "yes", "rural", "1",
    )  # fmt: skip
    assert (found.name_initials, found.birth_on, found.source) == ("wyb", date(1970, 1, 1), "roster")
    assert found.created_at == register.world.at
    assert (membership.joined_on, membership.employer, membership.union_post, membership.note) == (
        date(2021, 3, 5), register.employer, "组长", "老会员",
    )  # fmt: skip
    assert len(membership.card_no) == 16
    for text in (document(121), "0121"):
        assert queries.find_persons(register.world.actor("union"), text).ids == (found.pk,)


def test_a_roster_makes_the_rows_that_a_single_act_makes(register: Register) -> None:
    """Each column as the act for one person leaves it."""
    enter(register.world, "town", [person(121)])
    by_roster = Person.objects.get()
    by_hand = register.enrol("union", name=by_roster.name)[0]
    own = {"id", "document_sealed", "document_index", "document_tail_index", "phone_sealed", "phone_index",
           "phone_tail_index", "birth_on", "sex", "ethnicity", "education"}  # fmt: skip
    for field in Person._meta.local_concrete_fields:
        if field.name not in own:
            assert getattr(by_roster, field.attname) == getattr(by_hand, field.attname), field.name
    first, second = Membership.objects.order_by("pk")
    for field in Membership._meta.local_concrete_fields:
        if field.name not in {"id", "person", "card_no", "joined_on", "counts_on"}:
            assert getattr(first, field.attname) == getattr(second, field.attname), field.name


def test_every_column_of_the_tables_is_written(register: Register) -> None:
    from unionhome.core.members.actions.rosters.writing import MEMBERSHIP_COLUMNS, PERSON_COLUMNS

    assert set(PERSON_COLUMNS) == {field.column for field in Person._meta.local_concrete_fields}
    assert {"id", *MEMBERSHIP_COLUMNS} == {field.column for field in Membership._meta.local_concrete_fields}


def test_the_same_file_twice_changes_nothing(register: Register) -> None:
    rows = people(30)
    enter(register.world, "town", rows)
    before = (list(Person.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values()))
    entries = Entry.objects.filter(kind="members.roster.entered").count()
    again = enter(register.world, "town", rows)
    assert again.counts == {"u": 30}
    assert (list(Person.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values())) == before
    assert Entry.objects.filter(kind="members.roster.entered").count() == entries


def test_a_roster_checked_before_indexes_were_shortened_doubles_nobody(register: Register) -> None:
    rows = people(3)
    enter(register.world, "town", rows)
    roster = hand_in(register.world, "town", rows)
    lot = RosterLot.objects.get(roster=roster)
    longer = [
        row._replace(blind=row.blind.ljust(64, "0"), phone_index=row.phone_index.ljust(64, "0"))
        for row in read_rows(lot)
    ]
    RosterLot.objects.filter(pk=lot.pk).update(rows_sealed=pack(longer))
    assert [row.blind for row in read_rows(lot)] == [row.blind[:32] for row in longer]
    actor = register.world.actor("town")
    actions.apply_roster(actor, roster.pk, in_background=False)
    assert actions.enter_roster(actor, roster.pk).counts == {"u": 3} and Person.objects.count() == 3


def test_changes_are_told_and_made_and_empty_cells_change_nothing(register: Register) -> None:
    enter(register.world, "town", [person(1, 学历="大专", 备注="旧")])
    changed = person(1, 学历="本科", 手机号码="13900009999", 工会职务="委员", 民族="", 备注="")
    roster = hand_in(register.world, "town", [changed])
    assert roster.preview == {"c": 1}
    assert roster.samples["c"][0]["note"] == "学历、手机号码、工会职务"
    actor = register.world.actor("town")
    actions.apply_roster(actor, roster.pk, in_background=False)
    actions.enter_roster(actor, roster.pk)
    found, membership = Person.objects.get(), Membership.objects.get()
    assert (found.education, found.ethnicity, get_clear_values(found)["phone"]) == ("20", "01", "13900009999")
    assert found.sources["education"] == ["roster", "2026-03-10"]
    assert (membership.union_post, membership.note) == ("委员", "旧")


def test_a_member_of_another_union_of_the_branch_is_moved(register: Register) -> None:
    enter(register.world, "county", [person(1, 工会组织代码="610502002-Q0001")])
    old = Membership.objects.get()
    roster = enter(register.world, "county", [person(1)])
    assert roster.counts == {"m": 1}
    assert roster.samples["m"][0]["from_union"] == "渭南示例机械有限公司工会"
    old.refresh_from_db()
    new = Membership.objects.get(status="active")
    assert (old.status, old.left_on) == ("left", register.world.today)
    assert (new.entry, new.joined_on, new.node, new.card_no) == (
        "transferred", register.world.today, register.world.nodes["union"], old.card_no,
    )  # fmt: skip
    assert Person.objects.get().node == register.world.nodes["union"]
    entries = Entry.objects.filter(kind="members.roster.entered", object_id=roster.pk)
    assert {entry.node.code: rows_of(entry) for entry in entries if entry.node} == {
        "610502001-Q0001": {"moved_here": 1},
        "610502002-Q0001": {"moved_out": 1},
    }


def test_of_a_member_out_of_the_branch_only_that_is_told_and_the_person_sees_it(register: Register) -> None:
    enter(register.world, "city", [person(1, 工会组织代码="610503001")])
    roster = hand_in(register.world, "town", [person(1, 姓名="另一个"), person(2)])
    assert roster.preview == {"r": 1, "n": 1}
    (refusal,) = queries.list_refusals(roster)
    assert refusal.sentence == "已在其他工会入会"
    assert roster.samples["r"][0]["note"] == "已在其他工会入会" and "union" not in roster.samples["r"][0]["name"]
    look = AccessRecord.objects.get()
    assert (look.part, look.union_name, look.person) == ("exists", "人民街道总工会", Person.objects.get())


def test_being_told_of_members_elsewhere_is_limited(register: Register) -> None:
    enter(register.world, "city", people(6, 工会组织代码="610503001"))
    set_value(register.world.actor("system"), "members.roster_told", 4, register.world.today, "测试", None)
    first = hand_in(register.world, "town", people(4))
    assert first.state == "checked"
    second = hand_in(register.world, "town", people(2, 4))
    assert second.state == "refused" and "先停一停" in second.problem
    assert not RosterLot.objects.filter(roster=second).exists()
    register.world.wait(hours=25)
    assert hand_in(register.world, "town", people(2, 4)).state == "checked"


def test_another_name_under_the_document_is_refused(register: Register) -> None:
    enter(register.world, "town", [person(1)])
    roster = hand_in(register.world, "town", [person(1, 姓名="赵六")])
    assert roster.reasons == {"name-differs": 1}


def test_somebody_who_left_comes_back(register: Register) -> None:
    enter(register.world, "town", [person(1)])
    Membership.objects.update(status="withdrawn", left_on=date(2026, 1, 1))
    roster = enter(register.world, "town", [person(1, 入会日期="2026-03-01")])
    assert roster.counts == {"n": 1}
    assert (Person.objects.count(), Membership.objects.filter(status="active").count()) == (1, 1)


def test_the_second_of_a_document_and_of_a_card_is_refused(register: Register) -> None:
    twice = [
        person(1),
        person(1, 姓名="别人"),
        person(2, 会员卡号="A-10001".replace("-", "")),
        person(3, 会员卡号="A10001"),
    ]
    roster = hand_in(register.world, "town", twice)
    assert [each.sentence for each in queries.list_refusals(roster)] == [
        "和第2行的证件号码相同，只收前面一行",
        "和第4行的会员卡号相同",
    ]


def test_a_card_of_somebody_else_is_refused(register: Register) -> None:
    enter(register.world, "town", [person(1)])
    card = Membership.objects.get().card_no
    assert hand_in(register.world, "town", [person(2, 会员卡号=card)]).reasons == {"card-taken": 1}
    assert hand_in(register.world, "town", [person(1, 会员卡号=card)]).preview == {"u": 1}


def test_members_whom_the_roster_does_not_name_are_told_of_and_left_alone(register: Register) -> None:
    enter(register.world, "town", people(4))
    roster = enter(register.world, "town", people(3))
    assert roster.missing_count == 1 and len(roster.samples["missing"]) == 1
    assert Membership.objects.filter(status="active").count() == 4


def test_one_journal_entry_for_each_union_with_the_digest_of_its_rows(register: Register) -> None:
    rows = [*people(3), *people(2, 10, 工会组织代码=TOWN)]
    roster = enter(register.world, "county", rows)
    entries = {entry.node.code: entry for entry in Entry.objects.filter(kind="members.roster.entered") if entry.node}
    assert {code: rows_of(entry) for code, entry in entries.items()} == {
        "610502001-Q0001": {"new": 3},
        TOWN: {"new": 2},
    }
    assert all(len(entry.data["sha256"]) == 64 for entry in entries.values())
    assert entries[TOWN].summary == "人民街道总工会按名册登记新会员2人"
    assert (entries[TOWN].actor_name, entries[TOWN].object_id) == ("周县", roster.pk)


def test_the_inbox_holds_it_until_it_is_done(register: Register) -> None:
    roster = hand_in(register.world, "town", people(1))
    item = WorkItem.objects.get(model="members.rosterimport")
    assert (item.state, item.closed_at) == ("checked", None)
    actor = register.world.actor("town")
    actions.apply_roster(actor, roster.pk, in_background=False)
    actions.enter_roster(actor, roster.pk)
    item.refresh_from_db()
    assert item.closed_at is not None


def test_what_was_entered_is_kept_no_longer_than_needed(register: Register) -> None:
    roster = enter(register.world, "town", [person(1), person(2, 手机号码="12")])
    lot = RosterLot.objects.get()
    assert bytes(lot.rows_sealed) == b"" and lot.outcomes == "nr" and lot.applied_at is not None
    assert [each.number for each in queries.list_refusals(roster)] == [3]
    register.world.wait(days=31)
    assert actions.erase_old_rosters(register.world.actor("system")) == 1
    lot.refresh_from_db()
    roster.refresh_from_db()
    assert bytes(lot.refused_sealed) == b"" and roster.samples == {} and roster.erased_at is not None
    assert roster.counts == {"n": 1, "r": 1}
    assert actions.erase_old_rosters(register.world.actor("system")) == 0


def test_who_may_not(register: Register) -> None:
    for who in ("chair", "finance", "auditor", "sysadmin"):
        with pytest.raises(Forbidden):
            hand_in(register.world, who, people(1))
    roster = hand_in(register.world, "town", people(1))
    for who in ("other_town", "other_county", "union"):
        with pytest.raises(NotFound):
            actions.apply_roster(register.world.actor(who), roster.pk)


def test_a_cadre_of_a_union_needs_no_code(register: Register) -> None:
    columns = ("姓名", "证件号码")
    roster = enter(register.world, "union", text_table(people(2), columns=columns))
    assert roster.counts == {"n": 2}
    assert Membership.objects.filter(node=register.world.nodes["union"]).count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (text_table([person(1)], columns=("姓名", "工会组织代码")), "缺少这些列：证件号码"),
        (text_table([]), "一行会员也没有"),
        ("没有,表头\n".encode(), "没有找到表头"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(register: Register, data: bytes, words: str) -> None:
    try:
        problem = hand_in(register.world, "town", data).problem
    except Refused as refused:
        problem = refused.sentence
    assert words in problem
    assert not RosterLot.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_tables_in_every_encoding_and_unknown_columns(register: Register, encoding: str) -> None:
    columns = ("爱好", "证件号码", "姓名", "工会组织代码", "民族")
    roster = hand_in(register.world, "town", text_table(people(2), encoding, columns))
    assert roster.preview == {"n": 2} and roster.unknown == ["爱好"]


def test_confirming_twice_and_after_the_end(register: Register) -> None:
    roster = enter(register.world, "town", people(2))
    with pytest.raises(Refused):
        actions.apply_roster(register.world.actor("town"), roster.pk)
    assert actions.enter_roster(register.world.actor("town"), roster.pk).counts == {"n": 2}


def test_rows_are_as_old_as_the_act(register: Register) -> None:
    enter(register.world, "town", [person(1, 入会日期="")])
    assert Membership.objects.get().joined_on == timezone.localdate(register.world.at)


def test_documents_stand_nowhere_in_clear(register: Register) -> None:
    enter(register.world, "town", [person(1), person(2, 手机号码="1390000")])
    held: list[Any] = [*RosterLot.objects.values(), *Person.objects.values(), *Entry.objects.values()]
    text = "".join(str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in held for cell in row.values())
    assert document(1) not in text and document(2) not in text and "13900000001" not in text
    assert codes.mask_document(document(1))[:4] in document(1)


def test_a_roster_given_up_while_it_is_checked_stays_given_up(register: Register) -> None:
    actor = register.world.actor("town")
    roster = actions.hand_in_roster(actor, text_table(people(3)), name="名册.csv", in_background=False)
    checked = actions.check_roster(
        actor, roster.pk, progress=lambda *_: actions.cancel_roster(actor, roster.pk) and None
    )
    roster.refresh_from_db()
    assert (checked.state, roster.state) == ("cancelled", "cancelled")
    assert not RosterLot.objects.filter(roster=roster).exists()


def test_a_stalled_roster_is_closed_and_erased_in_its_time(register: Register) -> None:
    roster = hand_in(register.world, "town", people(2))
    actor = register.world.actor("town")
    actions.apply_roster(actor, roster.pk, in_background=False)
    actions.stall_roster(Actor.system("roster", actor.at), roster.pk, "没有登记完。")
    later = Actor.system("schedule", actor.at + timedelta(days=400))
    assert (actions.end_old_rosters(later), actions.erase_old_rosters(later)) == (1, 1)
    roster.refresh_from_db()
    assert roster.state == "ended" and roster.erased_at is not None
    assert not any(RosterLot.objects.values_list("rows_sealed", flat=True))


def test_numbers_written_into_free_texts_are_kept_masked(register: Register) -> None:
    """Remark, post and employer stand unsealed in the register; the same file again finds nothing to change."""
    rows = [person(1, 备注="家属电话13911112222", 工会职务="组长13911112222", 工作单位="某厂61050219700101123X")]
    enter(register.world, "town", rows)
    held = json.dumps(list(Membership.objects.values("note", "union_post", "employer_text")), ensure_ascii=False)
    assert "13911112222" not in held and "61050219700101123X" not in held and "139****2222" in held
    assert enter(register.world, "town", rows).counts == {"u": 1}
