"""A notice from the list to the clean end, what stops it, and every refusal on the way."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.publicity.conftest import COLUMNS, GIVEN, ROWS
from tests.sample_notices import PHOTO, issue_and_seal, seal
from unionhome.core.journal.models import Entry as Journal
from unionhome.core.papers.actions import void_paper
from unionhome.core.papers.models import Paper
from unionhome.core.policy.actions import set_value
from unionhome.core.policy.models import CalendarDay, CalendarYear
from unionhome.core.publicity import actions, queries
from unionhome.core.publicity.actions import Complaint, Finding, Hanging
from unionhome.core.publicity.models import Answer, Notice, Objection
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused, TooMany
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db
SAID = Complaint("名单上第二个人已经领过。")
FOUND = Finding(is_upheld=False, text="查过了，没有领过。", scans=(PHOTO,))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(world, day, hour, minute=0, second=0):
    world.at = datetime(2026, 3, day, hour, minute, second, tzinfo=SHANGHAI)


def tell(world, row, said=SAID, **more):
    return actions.object_online(world.actor("public"), row.public_id, said, **more)


def items(model="publicity.notice"):
    return [(item.state, item.node.level) for item in WorkItem.objects.filter(model=model, closed_at=None)]


def test_the_whole_way_with_one_item_for_each_waiting_act(world, notice):
    row = notice("drafted", submit_key="a" * 32)
    assert row == notice("drafted", submit_key="a" * 32) and Notice.objects.count() == 1
    assert (row.number, row.rows[0], row.total_fen) == (
        "GS-2026-0001",
        ["王*明", "示例速运工会", "困难帮扶", 200_000],
        320_050,
    )
    assert "王小明" not in str(row.rows) and "王小明".encode() not in bytes(row.list_sealed)
    assert items() == [("drafted", "town")] and "还没有贴出来" in queries.get_block(row, world.at)
    town = world.actor("town")
    issue_and_seal(town, row)
    paper = Paper.objects.get()
    assert paper.letter["code"].startswith("<svg") and paper.letter["rows"][0] == [
        "王*明",
        "示例速运工会",
        "困难帮扶",
        "2,000.00",
    ]
    for _ in range(2):
        actions.post_notice(town, row.pk, Hanging("workplace", world.today, photos=(PHOTO,)), submit_key="b" * 32)
    row.refresh_from_db()
    assert (row.state, f"{row.ends_on}", row.postings.count()) == ("posted", "2026-03-17", 1)
    assert "2026-03-17 才满" in queries.get_block(row, world.at)
    at(world, 17, 23, 59, 59)
    assert queries.get_block(row, world.at)
    at(world, 18, 0)
    assert queries.get_block(row, world.at) == ""  # decided by the day, before anybody files it
    for _ in range(2):
        actions.close_notice(world.actor("town"), row.pk, submit_key="c" * 32)
    row.refresh_from_db()
    assert row.state == "ended" and items() == [] and not queries.get_block(row, world.at)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": "publicity.nothing"}, "kind"),
        ({"title": "  "}, "title"),
        ({"place": "moon"}, "place"),
        ({"rows": ()}, "text"),
        ({"columns": ("name", "union", "honour", "amount")}, "text"),
        ({"columns": ("身份证号", "union", "category", "amount")}, "text"),
        ({"columns": ("amount",), "rows": (("1",),)}, "text"),
    ],
)
def test_what_is_no_notice_is_refused_at_its_field(notice, changes, name):
    with pytest.raises(BadInput) as refused:
        notice("drafted", given=replace(GIVEN, **changes))
    assert name in refused.value.fields and not Notice.objects.exists()


def refusals(world, row):
    """Every act that is refused, at its stage: what is tried, the code."""
    town = world.actor("town")
    tomorrow, yesterday = world.today + timedelta(days=1), world.today - timedelta(days=1)

    def post(place="workplace", on=world.today, photos=(PHOTO,), act=actions.post_notice):
        return lambda: act(town, row.pk, Hanging(place, on, photos=photos))

    def extend(days=2, reason="掉了"):
        return lambda: actions.extend_notice(town, row.pk, days=days, reason=reason)

    yield "drafted", post(), "wrong-state"
    yield "drafted", lambda: actions.close_notice(town, row.pk), "wrong-state"
    yield "drafted", extend(), "wrong-state"
    yield "drafted", lambda: tell(world, row), "not-found"
    yield "issued", post(), "guard-post"
    yield "issued", lambda: tell(world, row), "not-posted"
    yield "sealed", post(photos=()), "photo-missing"
    yield "sealed", post(on=tomorrow), "bad-posted-on"
    yield "sealed", post(on=yesterday), "bad-posted-on"
    yield "sealed", post(place="moon"), "bad-place"
    yield "sealed", post(act=actions.add_posting), "wrong-state"
    yield "posted", lambda: actions.close_notice(town, row.pk), "guard-close"
    yield "posted", lambda: actions.withdraw_notice(town, row.pk, reason=" "), "reason-missing"
    yield "posted", extend(days=0), "bad-days"
    yield "posted", extend(days=99), "bad-days"
    yield "posted", extend(reason=""), "reason-missing"
    yield "posted", lambda: tell(world, row, Complaint(" ")), "text-missing"
    yield "posted", lambda: tell(world, row, replace(SAID, photos=(PHOTO,) * 7)), "too-many-photos"
    yield "posted", lambda: actions.enter_objection(town, row.pk, SAID), "photo-missing"


def test_what_cannot_be_done_now_is_refused(world, notice):
    row, stage = notice("drafted"), "drafted"
    town = world.actor("town")
    for wanted, act, code in refusals(world, row):
        if wanted != stage and wanted == "issued":
            actions.issue_notice(town, row.pk, back_url="/desk/")
        elif wanted != stage and wanted == "sealed":
            seal(town, row)
        elif wanted != stage:
            actions.post_notice(town, row.pk, Hanging("workplace", world.today, photos=(PHOTO,)))
        stage = wanted
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code, (wanted, code, refused.value.sentence)
    assert not Objection.objects.exists()


def test_the_last_minute_counts_and_what_comes_after_it_is_told_where_to_turn(world, notice):
    row = notice()
    at(world, 17, 23, 59, 59)
    said = tell(world, row, submit_key="d" * 32)
    assert said == tell(world, row, submit_key="d" * 32)
    row.refresh_from_db()
    assert row.state == "objected" and items("publicity.objection") == [("received", "town")]
    at(world, 18, 0)
    with pytest.raises(Refused) as late:
        tell(world, row)
    assert late.value.code == "notice-over" and "12351" in late.value.sentence and "上级工会" in late.value.sentence
    assert "异议" in queries.get_block(row, world.at)
    with pytest.raises(Refused):
        actions.close_notice(world.actor("town"), row.pk)
    actions.answer_objection(world.actor("county"), said.pk, FOUND)
    row.refresh_from_db()
    assert row.state == "posted" and queries.get_block(row, world.at) == ""


def test_an_objection_is_answered_by_another_person_with_a_reason_and_the_sheet(world, notice):
    row = notice()
    letter = Complaint("名单不对", "张三", "13800138000", (PHOTO,))
    first, second = tell(world, row), actions.enter_objection(world.actor("town"), row.pk, letter)
    assert (first.is_named, second.is_named, second.number) == (False, True, 2)
    assert "张三".encode() not in bytes(second.name_sealed or b"")
    county = world.actor("county")
    for who, finding, code in (
        ("town", FOUND, "guard-dismiss"),
        ("finance", FOUND, "forbidden"),
        ("other_town", FOUND, "not-found"),
        ("county", replace(FOUND, text=" "), "text-missing"),
        ("county", replace(FOUND, scans=()), "scan-missing"),
    ):
        with pytest.raises(Refused) as refused:
            actions.answer_objection(world.actor(who), first.pk, finding)
        assert refused.value.code == code
    for _ in range(2):
        actions.answer_objection(county, first.pk, FOUND, submit_key="e" * 32)
    row.refresh_from_db()
    assert row.state == "objected" and Answer.objects.get().is_on_time
    world.wait(days=30)
    actions.answer_objection(world.actor("county"), second.pk, replace(FOUND, is_upheld=True))
    row.refresh_from_db()
    assert row.state == "upheld" and "重新" not in queries.get_block(row, world.at)
    assert "成立" in queries.get_block(row, world.at) and not Answer.objects.get(objection=second).is_on_time
    with pytest.raises(Refused):
        actions.answer_objection(world.actor("county"), second.pk, FOUND)
    actions.withdraw_notice(world.actor("town"), row.pk, reason="名单要改")
    assert Paper.objects.get().is_withdrawn
    assert not any("张三" in str(entry.data) or "名单不对" in str(entry.data) for entry in Journal.objects.all())


def test_only_the_list_that_was_shown_goes_on(world, notice):
    about = world.nodes["union"]

    def clean(rows=ROWS):
        return queries.find_clean_notice(about, COLUMNS, rows, world.at)

    def code_of(rows=ROWS):
        with pytest.raises(Refused) as refused:
            clean(rows)
        return refused.value.code

    assert code_of() == "not-shown"
    row = notice(about=about)
    assert code_of() == "notice-block"
    with pytest.raises(Refused) as standing:
        notice("drafted", about=about)
    assert standing.value.code == "notice-standing"
    at(world, 18, 9)
    assert clean() == row
    assert clean(((ROWS[0][0], *ROWS[0][1:3], "2000"), ROWS[1])) == row  # the same amount, written otherwise
    for other in ((ROWS[0],), (("王晓明", *ROWS[0][1:]), ROWS[1]), ((*ROWS[0][:3], "2001"), ROWS[1])):
        assert code_of(other) == "list-changed"
    at(world, 10, 11)
    said = tell(world, row)
    actions.withdraw_notice(world.actor("town"), row.pk, reason="改名单")
    assert code_of() == "notice-block"
    at(world, 10, 12)
    again = notice(about=about)
    at(world, 18, 9)
    assert code_of() == "notice-block"  # withdrawing does not make an objection go away
    actions.answer_objection(world.actor("county"), said.pk, FOUND)
    assert clean() == again


def test_an_objection_that_is_right_stops_a_list_already_filed_or_shown_before(world, notice):
    about = world.nodes["union"]
    first = notice(about=about)
    at(world, 17, 23, 59, 59)
    late = world.at  # sent in the last second, kept after the notice was filed
    at(world, 18, 0)
    actions.close_notice(world.actor("town"), first.pk)
    said = actions.object_online(world.actor("public", at=late), first.public_id, SAID)
    assert queries.get_block(first, world.at)
    actions.answer_objection(world.actor("county"), said.pk, replace(FOUND, is_upheld=True))
    first.refresh_from_db()
    assert (first.state, "成立" in queries.get_block(first, world.at)) == ("ended", True)
    second = notice(about=about)
    at(world, 26, 9)
    assert queries.find_clean_notice(about, COLUMNS, ROWS, world.at) == second
    actions.close_notice(world.actor("town"), second.pk)
    third = notice(about=about)
    wrong = tell(world, third)
    actions.answer_objection(world.actor("county"), wrong.pk, replace(FOUND, is_upheld=True))
    actions.withdraw_notice(world.actor("town"), third.pk, reason="名单要改")
    with pytest.raises(Refused) as refused:
        queries.find_clean_notice(about, COLUMNS, ROWS, world.at)
    assert refused.value.code == "notice-block"


@pytest.mark.parametrize(
    ("posted", "entered", "ends"),
    [(10, 10, "2026-03-17"), (10, 11, "2026-03-17"), (10, 12, "2026-03-19"), (13, 13, "2026-03-20")],
)
def test_a_photograph_handed_in_late_lets_the_term_begin_late(world, notice, posted, entered, ends):
    row = notice("sealed")
    at(world, entered, 16)
    hanging = Hanging("community", row.opened_at.date().replace(day=posted), photos=(PHOTO,))
    assert str(actions.post_notice(world.actor("town"), row.pk, hanging).ends_on) == ends


def test_the_term_grows_and_never_shrinks(world, notice):
    row, town = notice(), world.actor("town")
    for _ in range(2):
        actions.extend_notice(town, row.pk, days=2, reason="风刮掉了", submit_key="f" * 32)
    row.refresh_from_db()
    assert (row.days_count, str(row.ends_on)) == (7, "2026-03-19")
    at(world, 11, 9)
    hanging = Hanging("community", world.today, photos=(PHOTO,))
    actions.add_posting(world.actor("town"), row.pk, hanging)
    row.refresh_from_db()
    assert str(row.ends_on) == "2026-03-20" and row.postings.count() == 2
    year = CalendarYear.objects.get(year=2026)
    CalendarDay.objects.create(on=world.today.replace(day=16), year=year, is_working=False, name="样例节")
    assert str(queries.find_end(row)) == "2026-03-23"  # a holiday announced since
    at(world, 23, 20)
    assert tell(world, row).number == 1


def test_other_branches_see_nothing_and_readers_do_nothing(world, notice):
    row = notice()
    for name, refusal in (
        ("other_town", NotFound),
        ("village", NotFound),
        ("auditor", Forbidden),
        ("finance", Forbidden),
    ):
        with pytest.raises(refusal):
            actions.withdraw_notice(world.actor(name), row.pk, reason="试试")
    for name in ("town", "other_town"):
        if name == "other_town":
            with pytest.raises(Forbidden):
                actions.draft_notice(world.actor(name), world.nodes["town"], GIVEN)
    assert not queries.list_notices(world.actor("other_town")).exists()
    assert queries.count_notices(world.actor("county"))["posted"] == 1


def test_names_are_whole_where_the_policy_says_so_and_days_are_the_policys(world, notice):
    system = world.actor("system")
    set_value(system, "publicity.masks_names", False, world.today, "样例通知", world.nodes["county"])
    set_value(system, "publicity.days", 7, world.today, "样例通知", world.nodes["county"])
    row = notice()
    assert row.rows[0][0] == "王小明" and str(row.ends_on) == "2026-03-19"


def test_a_paper_that_the_office_voided_is_given_anew(world, notice):
    row, town = notice("drafted"), world.actor("town")
    actions.issue_notice(town, row.pk, back_url="/desk/")
    with pytest.raises(Refused) as stands:
        actions.reissue_notice(town, row.pk, back_url="/desk/")
    assert stands.value.code == "paper-stands"
    void_paper(town, Paper.objects.get().pk, reason="纸坏了")
    for _ in range(2):
        actions.reissue_notice(town, row.pk, back_url="/desk/", submit_key="9" * 32)
    assert Paper.objects.exclude(state="void").count() == 1
    seal(town, row)
    actions.post_notice(town, row.pk, Hanging("workplace", world.today, photos=(PHOTO,)))


def test_one_address_cannot_flood(world, notice, settings):
    settings.REPORTS_PER_ADDRESS = 2
    row = notice()
    for _ in range(2):
        tell(world, row, address="203.0.113.9")
    with pytest.raises(TooMany):
        tell(world, row, address="203.0.113.9")
    assert Objection.objects.count() == 2
