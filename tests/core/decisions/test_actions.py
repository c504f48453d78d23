"""Items from the draft to the end and meetings from the agenda to the confirmed outcome, with every refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tests.core.decisions.conftest import LARGE, PDF, PLAIN, ROLL, SMALL
from unionhome.core.decisions import actions, queries
from unionhome.core.decisions.actions import Result, Upload
from unionhome.core.decisions.models import AgendaLine, Item, Meeting, Opinion
from unionhome.core.decisions.rules import Roll, split_names
from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files
from unionhome.core.journal.models import Entry
from unionhome.core.ledger.actions import Demand, Income, Line, Purse, pay, receive, reserve, void
from unionhome.core.papers.models import Paper
from unionhome.core.papers.papers import paper_pdf
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused, resolve, rooms
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.kit import papers as kit

pytestmark = pytest.mark.django_db


def open_items():
    found = WorkItem.objects.filter(closed_at=None, table__startswith="decisions.")
    return sorted(found.values_list("table", "state"))


def covers(world, item, name="finance", days=0):
    with transaction.atomic():
        return queries.get_authority(world.actor(name), item.pk, world.at + timedelta(days=days))


def test_a_meeting_with_items_of_every_outcome(world, room):
    items = [room.ready(given) for given in (SMALL, LARGE, PLAIN, replace(SMALL, title="年会"))]
    assert [item.number for item in items] == [f"YT-2026-000{n}" for n in range(1, 5)]
    meeting = room.meet(items)
    assert open_items() == [("decisions.item", "scheduled")] * 4 + [("decisions.meeting", "notified")]
    agreed, changed, deferred, rejected = (item.pk for item in items)
    results = {
        agreed: Result("agreed", recused=("孙城",)),
        changed: Result("changed", ceiling_fen=6_000_000, standard="分两期", note="先建一期"),
        deferred: Result("deferred"),
        rejected: Result("rejected"),
    }
    room.enter(meeting, results)
    assert not Item.objects.filter(decided_on__isnull=False).exists()
    room.minute(meeting)
    actions.confirm_meeting(world.actor("chair"), meeting.pk)
    found = {item.pk: item for item in Item.objects.all()}
    assert [found[pk].state for pk in results] == ["decided", "decided", "waiting", "rejected"]
    assert (found[agreed].decided_fen, found[agreed].decided_standard) == (1_600_000, "每人2000元")
    assert (found[changed].decided_fen, found[changed].decided_standard, found[changed].is_changed) == (
        6_000_000, "分两期", True,
    )  # fmt: skip
    assert found[deferred].deferred_count == 1 and found[agreed].until_on.year == 2027
    assert open_items() == [("decisions.item", "decided")] * 2 + [("decisions.item", "waiting")]
    following = actions.call_meeting(
        world.actor("city"), world.nodes["city"], body="chairs", held_on=world.today + timedelta(days=7)
    )
    assert [item.pk for item in queries.list_ready(following)] == [deferred]
    scan = list_files(meeting).get()
    minuted = Entry.objects.get(kind="decisions.meeting.minuted")
    assert minuted.data["digests"] == [scan.digest] and AgendaLine.objects.get(item=agreed).recused == ["孙城"]


def test_what_a_decision_covers_until_it_ends(world, room):
    item = room.decide(LARGE, Result("changed", ceiling_fen=6_000_000))
    facts = covers(world, item)
    assert (facts.fund, facts.purpose, facts.ceiling, facts.unit) == ("本级工会经费", "project", 6_000_000, "fen")
    assert facts.until == item.until_on and item.number in facts.title and str(item.pk) in facts.link
    (authority,) = [each for card in rooms() for each in card.card.authorities if each.code == "decisions.item"]
    assert resolve(authority.resolve) is queries.get_authority
    for days in (-1, 400):
        with pytest.raises(Refused) as refused:
            covers(world, item, days=days)
        assert refused.value.code == "no-authority"
    with pytest.raises(NotFound):
        covers(world, item, "other_town")
    actions.withdraw_item(world.actor("city"), item.pk, reason="合同有问题")
    with pytest.raises(Refused) as refused:
        covers(world, item)
    assert "停止执行" in refused.value.sentence and not open_items()
    for other in (room.decide(PLAIN), room.ready(SMALL)):
        with pytest.raises(Refused):
            covers(world, other)
    done = room.decide(SMALL)
    actions.execute_item(world.actor("city"), done.pk, ended_on=world.today, text="慰问了20人，花了4万元。")
    with pytest.raises(Refused):
        covers(world, done)


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"kind": "appointment"}, "bad-kind", "kind"),
        ({"title": " "}, "title-missing", "title"),
        ({"title": "关于张某任免的请示"}, "never-here", "title"),
        ({"title": "给予李某处分决定"}, "never-here", "title"),
        ({"purpose_text": "传达党组会议材料"}, "never-here", "purpose_text"),
        ({"purpose_text": ""}, "purpose-text-missing", "purpose_text"),
        ({"purpose": "feast"}, "bad-purpose", "purpose"),
        ({"department": ""}, "department-missing", "department"),
        ({"ceiling_fen": None}, "bad-ceiling-fen", "ceiling_fen"),
        ({"ceiling_fen": 0}, "bad-ceiling-fen", "ceiling_fen"),
        ({"ceiling_fen": -5}, "bad-ceiling-fen", "ceiling_fen"),
        ({"fund": ""}, "bad-fund", "fund"),
        ({"fund": "lottery"}, "bad-fund", "fund"),
        ({"standard": " "}, "bad-standard", "standard"),
        ({"kind": "matter", "ceiling_fen": 100, "fund": ""}, "bad-fund", "fund"),
    ],
)
def test_what_is_no_item_is_refused_at_its_field(room, changes, code, name):
    with pytest.raises(BadInput) as refused:
        room.propose(replace(SMALL, **changes))
    assert (refused.value.code, list(refused.value.fields)) == (code, [name]) and not Item.objects.exists()


def test_words_that_only_look_alike_pass(room):
    room.propose(replace(SMALL, title="党组织共建活动", purpose_text="给新干部办任职培训，处分物资。"))
    with pytest.raises(BadInput):
        room.propose(materials=(Upload("党组会纪要.pdf", PDF.data),))
    with pytest.raises(BadInput):
        room.propose(materials=(Upload("方案.exe", b"MZ\0\0"),))
    assert SealedFile.objects.count() == 0 and Item.objects.count() == 1


def refusals(world, room, item, meeting):
    """Every act that is refused, at its stage: what is tried, the code, the field."""
    city, chair, tomorrow = world.actor("city"), world.actor("chair"), world.today + timedelta(days=1)
    pk = item.pk

    def opine(name, role="finance", **changes):
        words = {"stance": "agree", "text": "", "given_on": world.today} | changes
        return lambda: actions.give_opinion(world.actor(name), pk, role=role, **words)

    def enter(result=None, roll=ROLL, **more):
        return lambda: room.enter(meeting, {pk: result or Result("agreed")} | more.pop("others", {}), roll=roll)

    yield "draft", lambda: actions.submit_item(city, pk), "guard-submit", ""
    yield "draft", opine("auditor"), "forbidden", ""
    yield "draft", opine("finance", "audit"), "forbidden", ""
    yield "draft", opine("city"), "forbidden", ""
    yield "draft", opine("finance", "party"), "forbidden", ""
    yield "draft", opine("finance", stance="maybe"), "bad-stance", "stance"
    yield "draft", opine("finance", stance="against"), "text-missing", "text"
    yield "draft", opine("finance", given_on=tomorrow), "bad-given-on", "given_on"
    yield "draft", opine("lawyer", "legal"), "not-found", ""
    yield "draft", lambda: actions.ask_lawyer(city, pk, world.users["finance"].pk), "bad-lawyer", "lawyer"
    yield "draft", lambda: actions.add_materials(city, pk, ()), "papers-missing", "papers"
    yield "draft", lambda: actions.drop_item(city, pk, reason=" "), "reason-missing", "reason"
    yield "draft", lambda: actions.issue_item_sheet(city, pk), "no-sheet-now", ""
    yield "draft", lambda: actions.edit_item(world.actor("auditor"), pk, SMALL), "forbidden", ""
    yield "ready", lambda: actions.edit_item(city, pk, SMALL), "already-submitted", ""
    yield "ready", lambda: actions.execute_item(city, pk, ended_on=world.today, text="完"), "wrong-state", ""
    yield "planned", lambda: actions.add_materials(city, pk, (PDF,)), "already-scheduled", ""
    yield "planned", opine("finance"), "wrong-state", ""
    yield "planned", lambda: actions.take_back_item(city, pk), "wrong-state", ""
    yield "planned", lambda: actions.notify_meeting(city, meeting.pk, notified_on=tomorrow), "bad-notified-on", ""
    yield "planned", lambda: actions.set_agenda(city, meeting.pk, [pk, 99_999]), "no-such-item", "items"
    yield "planned", lambda: actions.cancel_meeting(city, meeting.pk, reason=""), "reason-missing", "reason"
    yield "planned", lambda: actions.issue_agenda(city, meeting.pk), "no-agenda-now", ""
    yield "planned", enter(), "wrong-state", ""
    yield "notify", lambda: actions.set_agenda(city, meeting.pk, []), "agenda-closed", ""
    yield "notify", lambda: room.enter(meeting, {}), "outcome-missing", f"outcome_{pk}"
    yield "notify", enter(Result("perhaps")), "outcome-missing", f"outcome_{pk}"
    yield "notify", enter(others={99_999: Result("agreed")}), "no-such-item", "items"
    yield "notify", enter(roll=Roll(())), "bad-present", "present"
    yield "notify", enter(roll=Roll(tuple(split_names("孙城 孙\u200b城")))), "name-twice", "present"
    yield "notify", enter(roll=Roll(("甲", "乙"), ("乙",))), "name-twice", "absent"
    yield "notify", enter(Result("agreed", recused=("丙",))), "recused-not-present", f"recused_{pk}"
    yield "notify", enter(Result("agreed", ceiling_fen=100)), "not-changed", f"outcome_{pk}"
    yield "notify", enter(Result("changed")), "change-missing", f"ceiling_{pk}"
    yield "notify", enter(Result("changed", ceiling_fen=9_000_001)), "more-than-asked", f"ceiling_{pk}"
    yield "notify", enter(roll=Roll(("甲", "乙", "丙"), ("丁", "戊"))), "no-quorum", "present"
    yield "notify", enter(Result("agreed", recused=ROLL.present)), "no-quorum", "present"
    yield "notify", lambda: actions.keep_minutes(city, meeting.pk, number="8号"), "not-held", ""
    yield "held", lambda: actions.confirm_meeting(city, meeting.pk), "same-person", ""
    yield "held", lambda: actions.confirm_meeting(chair, meeting.pk), "guard-confirm", ""
    yield "held", lambda: actions.confirm_meeting(world.actor("chair", strong=False), meeting.pk), "needs-factor", ""
    yield "held", lambda: actions.confirm_meeting(world.actor("finance"), meeting.pk), "forbidden", ""
    yield "held", lambda: actions.keep_minutes(city, meeting.pk, number=" ", scans=(PDF,)), "number-missing", "number"
    yield "held", lambda: room.minute(meeting, (Upload("a.exe", b"MZ\0\0"),)), "document.kind", "papers"
    yield "held", lambda: room.minute(meeting, (replace(PDF, name="党\u200b组会纪要.pdf"),)), "never-here", "papers"
    yield "held", lambda: actions.send_back_meeting(chair, meeting.pk, reason=" "), "reason-missing", "reason"
    yield "held", lambda: actions.cancel_meeting(city, meeting.pk, reason="晚了"), "wrong-state", ""
    yield "done", lambda: actions.withdraw_item(city, pk, reason=""), "reason-missing", "reason"
    yield "done", lambda: actions.withdraw_item(world.actor("finance"), pk, reason="停"), "forbidden", ""
    yield "done", lambda: actions.execute_item(city, pk, ended_on=tomorrow, text="完"), "bad-ended-on", "ended_on"
    yield "done", lambda: actions.execute_item(city, pk, ended_on=world.today, text=""), "text-missing", "text"
    yield "done", lambda: actions.drop_item(city, pk, reason="不办"), "wrong-state", ""


@pytest.mark.parametrize("stage", ["draft", "ready", "planned", "notify", "held", "done"])
def test_every_refusal_of_a_stage(world, room, stage):
    item = room.propose(LARGE) if stage == "draft" else room.ready(LARGE)
    meeting = room.meet([item], stage if stage == "planned" else "notify") if stage not in ("draft", "ready") else None
    if stage in ("held", "done"):
        room.enter(meeting, {item.pk: Result("agreed")})
    if stage == "done":
        room.minute(meeting)
        actions.confirm_meeting(world.actor("chair"), meeting.pk)
    item.refresh_from_db()
    before = (item.state, Step.objects.count(), Entry.objects.count(), SealedFile.objects.count())
    wrong = []
    for when, act, code, name in refusals(world, room, item, meeting):
        if when != stage:
            continue
        with pytest.raises(Refused) as refused:
            act()
        if refused.value.code != code or (name and name not in refused.value.fields):
            wrong.append((code, name, refused.value.code, refused.value.fields))
    item.refresh_from_db()
    now = (item.state, Step.objects.count(), Entry.objects.count(), SealedFile.objects.count())
    assert not wrong and now == before


@pytest.mark.parametrize("name", ["other_county", "county", "union"])
def test_another_branch_finds_nothing(world, room, name):
    item = room.ready()
    meeting, other = room.meet([item]), world.actor(name)
    assert queries.count_items(other)["all"] == queries.count_meetings(other)["all"] == 0
    assert not queries.list_items(other).exists() and not queries.list_meetings(other).exists()
    for act in (
        lambda: queries.get_item(other, item.pk),
        lambda: actions.edit_item(other, item.pk, SMALL),
        lambda: actions.withdraw_item(other, item.pk, reason="停"),
        lambda: actions.set_agenda(other, meeting.pk, []),
        lambda: room.enter(meeting, {item.pk: Result("agreed")}, name=name),
        lambda: actions.confirm_meeting(other, meeting.pk),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        actions.propose_item(other, world.nodes["city"], SMALL)
    own = actions.propose_item(other, world.nodes[name], PLAIN)
    actions.submit_item(other, own.pk)
    beside = actions.call_meeting(world.actor("city"), world.nodes["city"], body="chairs", held_on=world.today)
    with pytest.raises(BadInput):
        actions.set_agenda(world.actor("city"), beside.pk, [own.pk])


def test_the_same_form_twice_is_one_act_and_no_ticket_for_another(world, room):
    item = room.propose(submit_key="a" * 32)
    assert room.propose(submit_key="a" * 32) == item and Item.objects.count() == 1
    with pytest.raises(BadInput):
        room.propose(name="county", submit_key="a" * 32)
    words = {"role": "finance", "stance": "agree", "text": "", "given_on": world.today}
    for _ in range(2):
        actions.give_opinion(world.actor("finance"), item.pk, **words, submit_key="b" * 32)
    for _ in range(2):
        actions.submit_item(world.actor("city"), item.pk, submit_key="c" * 32)
    assert Opinion.objects.count() == 1
    meeting = room.meet([item])
    for _ in range(2):
        room.enter(meeting, {item.pk: Result("agreed")}, submit_key="d" * 32)
    room.minute(meeting)
    for _ in range(2):
        actions.confirm_meeting(world.actor("chair"), meeting.pk, submit_key="e" * 32)
    with pytest.raises(BadInput) as refused:
        actions.withdraw_item(world.actor("city"), item.pk, reason="停", submit_key="d" * 32)
    assert refused.value.code == "key-used"
    assert Step.objects.filter(verb__in=("enter", "confirm", "agree")).count() == 3


def test_opinions_fall_with_what_they_were_about(world, room):
    item = room.propose(SMALL)
    room.opine(item, "finance")
    actions.edit_item(world.actor("city"), item.pk, replace(SMALL, department="财务部"))
    assert [one.role for one in queries.list_opinions(item)] == ["finance"]
    item = actions.edit_item(world.actor("city"), item.pk, LARGE)
    assert queries.list_missing(item, queries.list_opinions(item), world.today) == ["财务意见", "法律意见", "经审意见"]
    own = room.propose(SMALL, name="finance")
    with pytest.raises(Refused) as refused:
        room.opine(own, "finance")
    assert refused.value.code == "same-person"
    world.grant("finance", "auditor", "city")
    words = {"stance": "agree", "text": "", "given_on": world.today}
    for _ in range(2):
        actions.give_opinion(world.actor("finance"), item.pk, role="finance", **words)
    with pytest.raises(Refused) as refused:
        actions.give_opinion(world.actor("finance"), item.pk, role="audit", **words)
    assert refused.value.code == "same-person"
    rewritten = room.propose(SMALL)
    actions.edit_item(world.actor("finance"), rewritten.pk, replace(SMALL, ceiling_fen=1_900_000))
    with pytest.raises(Refused) as refused:
        room.opine(rewritten, "finance")
    assert refused.value.code == "same-person"


def test_what_was_reserved_is_not_paid_once_the_decision_was_stopped_nor_dated_before_it(world, room):
    item, finance = room.decide(SMALL), world.actor("finance")
    purse = Purse(world.nodes["city"], SMALL.fund)
    receive(finance, purse, Income(5_000_000, "上级工会补助", "回单1"), key="income")
    demand = Demand(purse, "relief", ("decisions.item", item.pk))
    with pytest.raises(Refused) as refused, transaction.atomic():
        reserve(finance, replace(demand, on=item.decided_on - timedelta(days=1)), Line("early", 100))
    assert refused.value.code == "before-authority"
    held = reserve(finance, demand, Line("line", 100_000, "person:1"))
    with pytest.raises(Refused) as refused, transaction.atomic():
        actions.execute_item(world.actor("city"), item.pk, ended_on=world.today, text="办完了。")
    assert refused.value.code == "money-reserved" and "1,000.00" in refused.value.sentence
    actions.withdraw_item(world.actor("city"), item.pk, reason="合同有问题")
    with pytest.raises(Refused) as refused, transaction.atomic():
        pay(finance, held.pk)
    assert refused.value.code == "no-authority" and "停止执行" in refused.value.sentence
    assert void(finance, held.pk, reason="停止执行").quantity == 100_000


def test_a_lawyer_sees_what_was_handed_over_and_nothing_else(world, room):
    item, other = room.propose(LARGE), room.propose(SMALL)
    lawyer = world.actor("lawyer")
    assert not queries.list_items(lawyer).exists()
    actions.ask_lawyer(world.actor("city"), item.pk, lawyer.user_id)
    assert list(queries.list_items(world.actor("lawyer"))) == [item] and other not in queries.list_items(lawyer)
    with pytest.raises(Forbidden):
        actions.edit_item(lawyer, item.pk, SMALL)


def test_a_meeting_sent_back_is_entered_anew_and_one_not_held_frees_its_items(world, room):
    item = room.ready(SMALL)
    meeting = room.meet([item])
    room.enter(meeting, {item.pk: Result("rejected")})
    actions.send_back_meeting(world.actor("chair"), meeting.pk, reason="和纪要不一致")
    room.enter(meeting, {item.pk: Result("deferred")})
    room.minute(meeting)
    actions.confirm_meeting(world.actor("chair"), meeting.pk)
    second = room.meet([item], "planned")
    actions.set_agenda(world.actor("city"), second.pk, [])
    assert Item.objects.get().state == "waiting" and not second.lines.exists()
    actions.set_agenda(world.actor("city"), second.pk, [item.pk])
    actions.cancel_meeting(world.actor("city"), second.pk, reason="人不齐")
    assert Item.objects.get().state == "waiting" and Meeting.objects.get(pk=second.pk).state == "cancelled"


def test_half_is_enough_for_little_money_and_not_for_much(world, room):
    small, large = room.ready(SMALL), room.ready(LARGE)
    meeting, roll = room.meet([small, large]), Roll(("甲", "乙"), ("丙", "丁"))
    results = {small.pk: Result("agreed"), large.pk: Result("agreed")}
    with pytest.raises(Refused) as refused:
        room.enter(meeting, results, roll=roll)
    assert large.number in refused.value.sentence and small.number not in refused.value.sentence
    room.enter(meeting, results, roll=Roll(("甲", "乙", "丙", "丁"), ("戊", "己")))


@pytest.mark.skipif(not kit.has_chinese_font(), reason="no Chinese face")
def test_the_sheet_and_the_agenda_are_printed(world, room):
    item = room.ready(LARGE)
    sheet = actions.issue_item_sheet(world.actor("city"), item.pk)
    assert sheet == actions.issue_item_sheet(world.actor("city"), item.pk) and len(sheet.letter["rows"]) == 3
    assert paper_pdf(sheet).startswith(b"%PDF")
    with pytest.raises(Refused):
        actions.take_back_item(world.actor("finance"), item.pk)
    actions.take_back_item(world.actor("city"), item.pk)
    assert Paper.objects.get().state == "void"
    actions.submit_item(world.actor("city"), item.pk)
    meeting = room.meet([item])
    assert paper_pdf(actions.issue_agenda(world.actor("city"), meeting.pk)).startswith(b"%PDF")
