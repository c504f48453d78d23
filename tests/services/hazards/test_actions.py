"""A hazard from the photograph to the strike-off, with every refusal on the way."""

from datetime import timedelta

import pytest

from tests.pointed import scene
from unionhome.core.cases import actions as cases
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.models import Case, Clock, Entry, Referral
from unionhome.core.cases.queries import get_body, list_dues
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.models import Entry as Journal
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import BadInput, NotFound, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.services.hazards import actions, queries
from unionhome.services.hazards.actions import Plan
from unionhome.services.hazards.models import HazardDetail

pytestmark = pytest.mark.django_db
PLAN = Plan("厂长", "先停用再加固", "安全生产费", "三十天", "先撤人再报告")
PHOTO = (Upload("整改后.jpg", scene(7)),)
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41" + b"\x00" * 64


def walk(world, case, until, *, grade="general", unit="渭南示例厂"):
    """Take the hazard as far as `until`, the town's cadre in every step but the last."""
    town = world.actor("town")
    due_on = world.today + timedelta(days=7)
    for verb in ("check", "grade", "send", "answer", "strike_off"):
        if verb == "check":
            actions.check_hazard(town, case.pk)
        elif verb == "grade":
            actions.grade_hazard(town, case.pk, grade=grade)
        elif verb == "send":
            actions.send_hazard(town, case.pk, employer_text=unit, is_unregistered=True, due_on=due_on, text="装护栏。")
        elif verb == "answer":
            actions.answer_hazard(town, case.pk, text="装好了。", uploads=PHOTO)
        else:
            actions.strike_off_hazard(world.actor("county"), case.pk, text="到现场看了。")
        if verb == until:
            break
    case.refresh_from_db()
    return case


def employer_of(world, name="渭南示例速运有限公司"):
    return Employer.objects.create(
        name=name, division=Division.objects.get(code="610502001000"), union=world.nodes["union"], created_at=world.at
    )


def test_reporting_leaves_number_due_moment_timeline_and_item_and_no_clock(world, hazard):
    case = hazard(submit_key="a" * 32)
    assert case == hazard(submit_key="a" * 32)
    assert (case.number, case.node, case.title) == ("YH-20260310-0001", world.nodes["town"], "隐患：高处临边，人民街道")
    assert not Clock.objects.exists() and get_body(case) == "三楼楼梯口没有护栏。"
    item = WorkItem.objects.get(object_id=case.pk, model="cases.case")
    assert (item.next_step, item.kind_label, item.due_at) == ("核实", "隐患", list_dues([case])[case.pk])
    assert Entry.objects.get(case=case).title == "拍到隐患" and queries.get_detail(case).look


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"uploads": ()}, "photo-missing", "photos"),
        ({"uploads": (Upload("a.jpg", scene(1)),) * 10}, "too-many-photos", "photos"),
        ({"uploads": (Upload("a.mp4", MP4),)}, "image.kind", "photos"),
        ({"uploads": (Upload("a.jpg", b"<svg onload=x>"),)}, "image.kind", "photos"),
        ({"text": "  "}, "text-missing", "text"),
        ({"point": "", "town": ""}, "place-missing", "town"),
        ({"point": "20.0,118.0"}, "point-elsewhere", "point"),
        ({"point": "北门"}, "point-unreadable", "point"),
        ({"category": "nonsense"}, "unknown-category", "category"),
    ],
)
def test_what_is_no_report_is_refused_at_its_field(hazard, changes, code, name):
    with pytest.raises(BadInput) as refused:
        hazard(**changes)
    assert refused.value.code == code and name in refused.value.fields
    assert not Case.objects.exists() and not HazardDetail.objects.exists()


def test_who_reports_without_a_name_leaves_nothing_of_it(world, hazard):
    case = hazard("worker", is_anonymous=True, phone="19900000001")
    assert (case.account_id, case.person_id, case.applicant_name, case.phone_index) == (None, None, "", "")
    rows = [*Entry.objects.filter(case=case), *Step.objects.filter(object_id=case.pk), *Journal.objects.all()]
    assert rows and not any(row.user_id for row in rows)
    assert hazard("worker").account_id == world.users["worker"].pk


def test_how_a_nameless_reporters_photographs_were_called_is_kept_nowhere(world, hazard):
    photos = (Upload("何工2026.jpg", scene(1)), Upload("何工.jpg", scene(2)))
    case = hazard("worker", is_anonymous=True, uploads=photos)
    cases.add_material(world.actor("public"), case, text="", uploads=photos[:1])
    names = list(SealedFile.objects.order_by("pk").values_list("name", flat=True))
    assert len(names) == 6 and {name.partition(".")[0] for name in names} == {"照片1", "照片2"}
    hazard("worker", uploads=photos[:1])
    assert SealedFile.objects.filter(name="何工2026.jpg").exists()


def test_the_whole_way(world, hazard):
    case = hazard()
    walk(world, case, "answer")
    assert case.state == "answered" and queries.get_detail(case).answer.title == "责任单位说改好了"
    world.wait(days=2)
    walk_end = actions.strike_off_hazard(world.actor("county"), case.pk, text="到现场看了。", submit_key="b" * 32)
    actions.strike_off_hazard(world.actor("county"), case.pk, text="到现场看了。", submit_key="b" * 32)
    detail = queries.get_detail(walk_end)
    assert (detail.struck_on, detail.open_days, detail.is_on_time, detail.due_at) == (world.today, 2, True, None)
    walk_end.refresh_from_db()
    assert (walk_end.state, walk_end.ended_on) == ("struck_off", world.today)
    assert ServiceRecord.objects.get().service == "hazards.struck_off"
    assert not WorkItem.objects.filter(object_id=case.pk, model="cases.case", closed_at=None).exists()


@pytest.mark.parametrize("grade", ["general", "major"])
def test_the_one_who_sent_or_wrote_the_answer_may_not_check_it(world, hazard, grade):
    case = walk(world, hazard(), "send", grade=grade)
    if grade == "major":
        with pytest.raises(Refused) as refused:
            actions.answer_hazard(world.actor("town"), case.pk, text="好了。", uploads=PHOTO)
        assert refused.value.code == "guard-answer"
        actions.write_plan(world.actor("town"), case.pk, PLAN)
    actions.answer_hazard(world.actor("county"), case.pk, text="好了。", uploads=PHOTO)
    for name in ("town", "county"):
        with pytest.raises(Refused) as refused:
            actions.strike_off_hazard(world.actor(name), case.pk, text="看了。")
        assert refused.value.code == "same-person"
        with pytest.raises(Refused) as refused:
            actions.send_back_hazard(world.actor(name), case.pk, reason="没好", due_on=world.today)
        assert refused.value.code == "same-person"
    actions.send_back_hazard(world.actor("city"), case.pk, reason="只改了一半", due_on=world.today + timedelta(days=3))
    case.refresh_from_db()
    assert case.state == "rectifying"


def test_urged_only_when_late_and_handed_over_only_when_grave(world, hazard):
    case = walk(world, hazard(), "send")
    town = world.actor("town")
    over = {"authority": "应急管理局", "paper_number": "渭工安〔2026〕1号", "text": "请处理。"}
    later = world.today + timedelta(days=12)
    for act, code in (
        (lambda who: actions.urge_hazard(who, case.pk, text="快改", due_on=later), "guard-urge"),
        (lambda who: actions.hand_over_hazard(who, case.pk, **over), "guard-hand-over"),
    ):
        with pytest.raises(Refused) as refused:
            act(town)
        assert refused.value.code == code
    world.wait(days=8)
    actions.urge_hazard(world.actor("town"), case.pk, text="快改", due_on=world.today + timedelta(days=2))
    with pytest.raises(Refused):
        actions.hand_over_hazard(world.actor("town"), case.pk, **over)
    world.wait(days=3)
    for gap in over:
        with pytest.raises(BadInput) as bad:
            actions.hand_over_hazard(world.actor("town"), case.pk, **over | {gap: " "})
        assert gap in bad.value.fields
    actions.hand_over_hazard(world.actor("town"), case.pk, **over)
    case.refresh_from_db()
    assert (case.state, queries.get_detail(case).paper_number) == ("handed_over", over["paper_number"])


def test_a_refusal_and_a_major_one_may_be_handed_over_at_once(world, hazard):
    refused, major = walk(world, hazard(), "send"), walk(world, hazard(photo=2), "grade", grade="major")
    with pytest.raises(Refused) as early:
        actions.note_refusal(world.actor("town"), major.pk, text="不改")
    assert early.value.code == "not-asked"
    actions.note_refusal(world.actor("town"), refused.pk, text="说没有钱。")
    for case in (refused, major):
        actions.hand_over_hazard(world.actor("town"), case.pk, authority="应急局", paper_number="1号", text="请处理。")
        case.refresh_from_db()
        assert case.state == "handed_over"


def test_evacuation_is_one_tap_and_on_record(world, hazard):
    case = hazard()
    for _ in range(2):
        actions.propose_evacuation(world.actor("town"), case.pk)
    assert Journal.objects.filter(kind="hazards.hazard.evacuation_proposed").count() == 1
    assert Entry.objects.filter(case=case, title="提请单位先把人撤出来", is_public=True).count() == 1
    ended = walk(world, hazard(photo=2), "strike_off")
    with pytest.raises(Refused):
        actions.propose_evacuation(world.actor("town"), ended.pk)


def test_bad_input_of_the_steps(world, hazard):
    case = walk(world, hazard(), "check")
    town, soon = world.actor("town"), world.today + timedelta(days=1)
    with pytest.raises(BadInput):
        actions.grade_hazard(town, case.pk, grade="huge")
    with pytest.raises(Refused):
        actions.write_plan(town, case.pk, PLAN)
    actions.grade_hazard(town, case.pk, grade="general")
    good = {"employer_text": "渭南示例厂", "due_on": soon, "text": "装护栏。", "is_unregistered": True}
    for change, name in (
        ({"employer_text": ""}, "employer_text"),
        ({"is_unregistered": False}, "employer_text"),
        ({"text": " "}, "text"),
        ({"due_on": world.today - timedelta(days=1)}, "due_on"),
        ({"due_on": world.today + timedelta(days=366)}, "due_on"),
    ):
        with pytest.raises(BadInput) as refused:
            actions.send_hazard(town, case.pk, **good | change)
        assert name in refused.value.fields
        assert name != "due_on" or "今天或者以后" in refused.value.sentence
    actions.send_hazard(town, case.pk, **good | {"due_on": world.today})
    for words, photos, name in (
        (" ", PHOTO, "text"),
        ("好了", (), "photos"),
        ("好了", (Upload("a.mp4", MP4),), "photos"),
    ):
        with pytest.raises(BadInput) as refused:
            actions.answer_hazard(town, case.pk, text=words, uploads=photos)
        assert name in refused.value.fields
    with pytest.raises(BadInput):
        actions.write_plan(town, walk(world, hazard(photo=2), "grade", grade="major").pk, Plan("", "a", "b", "c", "d"))


def test_another_branch_finds_nothing_and_the_usual_steps_are_not_there(world, hazard):
    case = hazard()
    for name in ("other_town", "union", "village", "auditor"):
        with pytest.raises(NotFound):
            actions.check_hazard(world.actor(name), case.pk)
    town = world.actor("town")
    for act in (
        lambda: cases.accept_case(town, case.pk),
        lambda: cases.stamp_clock(town, case.pk, "help", text="帮了。"),
        lambda: cases.propose_outcome(town, case.pk, text="好了。"),
        lambda: cases.rate_case(world.actor("public"), case, rating="satisfied"),
        lambda: cases.withdraw_case(world.actor("public"), case, reason=""),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_employers_union_never_sees_who_reported(world, hazard):
    """Neither where the reporter named the employer, nor where the union found out whose it is."""
    employer = employer_of(world)
    named, found = hazard(employer=employer), walk(world, hazard(photo=2), "send", unit=employer.name)
    for case in (named, found):
        assert case.hidden_path == world.nodes["union"].path and case.node == world.nodes["town"]
        share_row(world.actor("system"), "cases.case", case.pk, node=world.nodes["union"], reason="误操作")
        with pytest.raises(NotFound):
            actions.check_hazard(world.actor("union"), case.pk)
    with pytest.raises(Refused) as refused:
        cases.refer_case(world.actor("town"), named.pk, node=world.nodes["union"], reason="归单位")
    assert refused.value.code == "hidden-union"
    assert hazard(photo=3, employer=employer, hide_from_employer=False).hidden_path == ""


def test_near_reports_are_suggested_and_followed(world, hazard):
    first, quiet = hazard(hide_from_employer=False), hazard(photo=3)
    world.wait(hours=1)
    table = (
        ({"photo": 2, "point": "34.50020,109.50010"}, True),  # near, of one kind
        ({"photo": 2, "point": "34.50020,109.50010", "category": "hz_fire"}, False),  # near, another kind
        ({"photo": 2, "point": "34.50200,109.50000"}, False),  # of one kind, too far
        ({"photo": 1, "point": "34.50200,109.50000", "category": "hz_fire"}, True),  # the same photograph
        ({"photo": 1, "point": "34.60000,109.50000"}, False),  # the same photograph, elsewhere
        ({"photo": 1, "point": ""}, True),  # no point: the same town and photograph
        ({"photo": 2, "point": ""}, False),
    )
    reports = []
    for changes, near in table:
        reports.append(hazard(**changes))
        found = [each.case.pk for each in queries.list_near(queries.get_detail(reports[-1]), world.at)]
        assert ((first.pk in found), quiet.pk in found) == (near, False), changes
    follower, stranger = reports[0], reports[4]
    for _ in range(2):
        actions.follow_hazard(world.actor("public"), follower, first.pk)
    follower.refresh_from_db()
    assert follower.state == "duplicate" and queries.count_followers(first) == 1
    assert queries.get_detail(first).is_hidden_from_employer
    with pytest.raises(NotFound):
        actions.follow_hazard(world.actor("public"), stranger, first.pk)
    actions.merge_hazard(world.actor("town"), first.pk, number=stranger.number)
    assert queries.count_followers(stranger) == 2 and queries.count_followers(first) == 0
    with pytest.raises(Refused):
        actions.follow_hazard(world.actor("public"), first, reports[2].pk)


def test_what_cannot_be_merged_into(world, hazard):
    case, ended = hazard(), hazard(photo=2)
    actions.dismiss_hazard(world.actor("town"), ended.pk, reason="旧设备")
    elsewhere = hazard(photo=3, town="610502002000")
    for number in (case.number, ended.number, elsewhere.number, "YH-1", ""):
        with pytest.raises(BadInput) as refused:
            actions.merge_hazard(world.actor("town"), case.pk, number=number)
        assert "number" in refused.value.fields
    assert queries.get_detail(ended).is_valid is False


def test_a_report_goes_under_none_that_the_employers_union_handles(world, hazard):
    employer = employer_of(world)
    theirs = hazard(town=None, employer=employer, hide_from_employer=False)
    own = hazard("worker", employer=employer)
    assert theirs.node == world.nodes["union"] and own.hidden_path == theirs.node.path
    assert not queries.list_near(queries.get_detail(own), world.at)
    with pytest.raises(NotFound):
        actions.follow_hazard(world.actor("worker"), own, theirs.pk)
    with pytest.raises(BadInput) as refused:
        actions.merge_hazard(world.actor("town"), own.pk, number=theirs.number)
    assert "不让单位知道" in refused.value.sentence


def test_what_a_hidden_report_goes_under_is_hidden_as_well_and_never_hidden_otherwise(world, hazard):
    own, town = hazard("worker", employer=employer_of(world)), world.actor("town")
    leader, otherwise = hazard(), hazard()
    Case.objects.filter(pk=otherwise.pk).update(hidden_path=world.nodes["village"].path)
    assert own.hidden_path and not leader.hidden_path
    assert {each.case.pk for each in queries.list_near(queries.get_detail(own), world.at)} == {leader.pk}
    with pytest.raises(BadInput) as refused:
        actions.merge_hazard(town, own.pk, number=otherwise.number)
    assert "要避开的单位不一样" in refused.value.sentence
    actions.follow_hazard(world.actor("worker"), own, leader.pk)
    leader.refresh_from_db()
    assert leader.hidden_path == own.hidden_path


def test_who_reads_the_leader_reads_nothing_of_the_other_reporter(world, hazard):
    leader, own = hazard(), hazard("worker")
    actions.follow_hazard(world.actor("worker"), own, leader.pk)
    line = Entry.objects.get(case=leader, title__startswith="又有人报了同一处")
    joined = Journal.objects.get(kind="hazards.hazard.joined")
    assert [(row.user_id, row.actor_name) for row in (line, joined)] == [(None, "系统")] * 2


def test_a_report_that_ended_while_another_waited_for_it_is_not_followed(world, hazard, monkeypatch):
    leader, own = hazard(), hazard("worker")
    stale = queries.list_near(queries.get_detail(own), world.at)
    actions.dismiss_hazard(world.actor("town"), leader.pk, reason="旧设备")
    monkeypatch.setattr(queries, "list_near", lambda *args, **options: stale)
    with pytest.raises(NotFound):
        actions.follow_hazard(world.actor("worker"), own, leader.pk)


@pytest.mark.parametrize("verb", ["check", "dismiss", "merge"])
def test_a_step_of_the_union_it_was_sent_to_answers_the_referral(world, hazard, verb):
    case, other = hazard(), hazard(photo=2)
    cases.refer_case(world.actor("town"), case.pk, node=world.nodes["county"], reason="县里管")
    county = world.actor("county")
    {
        "check": lambda: actions.check_hazard(county, case.pk),
        "dismiss": lambda: actions.dismiss_hazard(county, case.pk, reason="旧设备"),
        "merge": lambda: actions.merge_hazard(county, case.pk, number=other.number),
    }[verb]()
    assert Referral.objects.get(case=case).answer == "accepted"


def test_a_referral_is_over_when_the_reporter_follows_another(world, hazard):
    case, other = hazard("worker"), hazard()
    cases.refer_case(world.actor("town"), case.pk, node=world.nodes["county"], reason="县里管")
    actions.follow_hazard(world.actor("worker"), case, other.pk)
    assert Referral.objects.get(case=case).answer == "moved"


def test_what_was_hidden_stays_so_where_the_units_union_is_a_federation(world, hazard):
    case = hazard(employer=employer_of(world))
    small = employer_of(world, "渭南示例小厂有限公司")
    Employer.objects.filter(pk=small.pk).update(union=world.nodes["town"])
    assert walk(world, case, "send", unit=small.name).hidden_path == world.nodes["union"].path


def test_a_report_without_a_name_is_hidden_from_the_employer_whatever_was_ticked(world, hazard):
    case = hazard("worker", employer=employer_of(world), is_anonymous=True, hide_from_employer=False)
    assert case.hidden_path == world.nodes["union"].path
    assert queries.get_detail(case).is_hidden_from_employer
