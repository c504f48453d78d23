"""A case from opening to rating, with every refusal on the way."""

from dataclasses import replace

import pytest

from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Clock, Entry
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused, TooMany
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.models import Step, WorkItem

pytestmark = pytest.mark.django_db


def walk(world, case, *, until="propose"):
    """Take the case as far as `until`, an hour between two acts."""
    name = "city"
    for verb in ("accept", "arrive", "help", "measure", "propose"):
        world.wait(minutes=20)
        actor = world.actor(name)
        if verb == "accept":
            actions.accept_case(actor, case.pk)
        elif verb == "propose":
            actions.propose_outcome(actor, case.pk, text="单位已补发。")
        else:
            actions.stamp_clock(actor, case.pk, verb, text="做了这件事。")
        if verb == until:
            break
    case.refresh_from_db()


def test_opening_leaves_number_clocks_timeline_and_inbox_item(world, case):
    assert case.number == "SQ-20260310-0001"
    assert {clock.name for clock in Clock.objects.filter(case=case)} == {"arrive", "help", "measure"}
    assert Entry.objects.get(case=case).is_public
    item = WorkItem.objects.get(object_id=case.pk)
    assert (item.closed_at, item.next_step, item.node_id) == (None, "受理", world.nodes["city"].pk)
    assert item.due_at == Clock.objects.get(case=case, name="arrive").due_at


def test_words_and_phone_are_sealed(case):
    assert "工资" not in bytes(case.body_sealed).decode("utf-8", "ignore")
    assert queries.get_body(case) == "公司两个月没发工资。"
    assert queries.get_masked_phone(case) == "199****0009"


def test_the_same_send_opens_one_case(need):
    first, second = need("public", submit_key="a" * 32), need("public", submit_key="a" * 32)
    assert first == second
    assert Case.objects.count() == 1


def test_one_phone_cannot_flood(need):
    for _ in range(5):
        need("public")
    with pytest.raises(TooMany):
        need("public")
    assert Case.objects.count() == 5


def test_a_need_without_words_or_phone_is_refused_at_its_field(need):
    with pytest.raises(BadInput) as refusal:
        need("public", text="   ")
    assert "text" in refusal.value.fields
    with pytest.raises(BadInput) as refusal:
        need("public", phone="")
    assert "phone" in refusal.value.fields


def test_walk_to_closing_stops_three_clocks_and_counts_once(world, case):
    walk(world, case)
    assert case.state == "proposed"
    assert (case.arrive_minutes, case.help_minutes, case.measure_minutes) == (40, 60, 80)
    assert case.is_on_time is True
    actions.rate_case(world.actor("public"), case, rating="satisfied")
    case.refresh_from_db()
    assert (case.state, case.rating, case.closed_on) == ("closed", "satisfied", world.today)
    assert ServiceRecord.objects.filter(service="helpdesk.closed").count() == 1
    assert not WorkItem.objects.filter(closed_at__isnull=True).exists()


def test_proposing_needs_arrival_and_a_measure(world, case):
    walk(world, case, until="accept")
    with pytest.raises(Refused, match="先联系上本人"):
        actions.propose_outcome(world.actor("city"), case.pk, text="好了")
    actions.stamp_clock(world.actor("city"), case.pk, "arrive", text="打过电话。")
    with pytest.raises(Refused, match="先登记一项措施"):
        actions.propose_outcome(world.actor("city"), case.pk, text="好了")


def test_not_satisfied_reopens_once_one_level_up(world, need):
    from unionhome.core.cases.actions import NewCase, open_case

    case, _ = open_case(
        world.actor("public"),
        NewCase("helpdesk.need", "other", "停暖了", world.nodes["town"], "phone", phone="19900000008"),
    )
    walk(world, case)
    actions.rate_case(world.actor("public"), case, rating="not", text="还没来暖")
    case.refresh_from_db()
    assert (case.state, case.node.name, case.reopened_count) == ("submitted", "临渭区总工会", 1)
    assert Clock.objects.filter(case=case, stopped_at__isnull=True).count() == 3
    assert not ServiceRecord.objects.filter(service="helpdesk.closed").exists()
    walk(world, case)
    actions.rate_case(world.actor("public"), case, rating="not")
    case.refresh_from_db()
    assert (case.state, case.node.name) == ("closed", "临渭区总工会")


def test_a_pause_stops_the_clocks_and_material_lets_them_run(world, case):
    walk(world, case, until="accept")
    due = Clock.objects.get(case=case, name="arrive").due_at
    world.wait(minutes=10)
    actions.pause_case(world.actor("city"), case.pk, reason="等您发工资条")
    assert Clock.objects.get(case=case, name="arrive").due_at is None
    world.wait(minutes=30)
    case.refresh_from_db()
    actions.add_material(world.actor("public"), case, text="工资条在这里")
    case.refresh_from_db()
    clock = Clock.objects.get(case=case, name="arrive")
    assert case.state == "handling"
    assert clock.due_at is not None
    assert (clock.due_at - due).total_seconds() == 30 * 60 or clock.due_at > due


def test_whoever_has_the_receipt_cannot_flood_one_matter(world, case, settings, monkeypatch):
    settings.REPORTS_PER_ADDRESS = 2
    for number in (1, 2, 2):
        actions.add_material(world.actor("public"), case, text="再说一句", submit_key=f"{number}" * 32)
    monkeypatch.setattr("unionhome.core.cases.actions.closing.prepare_uploads", pytest.fail)
    photo = (actions.Upload("a.jpg", b""),)
    with pytest.raises(TooMany):
        actions.add_material(world.actor("public"), case, text="再说一句", uploads=photo)
    Case.objects.filter(pk=case.pk).update(state="closed")
    case.refresh_from_db()
    with pytest.raises(Refused, match="已经办结"):
        actions.add_material(world.actor("public"), case, text="", uploads=photo)
    assert Entry.objects.filter(case=case, kind="material").count() == 2


def test_a_second_accept_says_that_somebody_was_faster(world, case):
    walk(world, case, until="accept")
    with pytest.raises(Refused, match="可能别人刚刚办过了"):
        actions.accept_case(world.actor("chair"), case.pk)
    assert Step.objects.filter(object_id=case.pk, verb="accept").count() == 1


def test_the_same_stamp_twice_leaves_one_line(world, case):
    walk(world, case, until="accept")
    for _ in range(2):
        actions.stamp_clock(world.actor("city"), case.pk, "arrive", text="打过电话。", submit_key="b" * 32)
    assert Entry.objects.filter(case=case, kind="arrived").count() == 1


def test_the_key_of_another_act_is_refused_and_nothing_said_is_lost(world, case, need):
    other, key = need("public", text="工资条也没有。"), {"submit_key": "k" * 32}
    actions.reply_to_applicant(world.actor("city"), case.pk, text="明天给您打电话。", **key)
    for act in (
        lambda: actions.reply_to_applicant(world.actor("city"), other.pk, text="另一件", **key),
        lambda: actions.reply_to_applicant(world.actor("chair"), case.pk, text="另一人", **key),
        lambda: actions.add_note(world.actor("city"), case.pk, text="另一种", **key),
        lambda: actions.accept_case(world.actor("city"), case.pk, **key),
        lambda: actions.add_material(world.actor("public"), case, text="本人", **key),
    ):
        with pytest.raises(BadInput) as refused:
            act()
        assert refused.value.code == "key-used"
    actions.reply_to_applicant(world.actor("city"), case.pk, text="明天给您打电话。", **key)
    assert Entry.objects.filter(case=case, kind="reply").count() == 1


def test_a_sibling_branch_sees_nothing_and_the_specialist_only_shares(world, need):
    case = need("public")
    for name in ("county", "town", "union", "lawyer"):
        with pytest.raises(NotFound):
            queries.get_case(world.actor(name), case.pk)


def test_referral_wants_acceptance_there_and_the_sender_can_follow(world, case):
    actions.refer_case(world.actor("city"), case.pk, node=world.nodes["county"], reason="就近办理")
    case.refresh_from_db()
    assert (case.node, case.state, case.accepted_at) == (world.nodes["county"], "submitted", None)
    assert queries.get_case(world.actor("county"), case.pk) == case
    actions.accept_case(world.actor("county"), case.pk)


def test_the_sender_of_a_referral_looks_and_does_not_act(world):
    node, target = world.nodes["town"], world.nodes["far_town"]
    new = actions.NewCase("helpdesk.need", "other", "停暖了", node, "phone", phone="19900000007")
    case, _ = actions.open_case(world.actor("public"), new)
    sender = world.actor("town")
    for _ in range(2):
        sent = actions.refer_case(sender, case.pk, node=target, reason="归那边办", submit_key="r" * 32)
        assert sent.node == target
    assert Step.objects.filter(model="cases.case", object_id=case.pk, verb="refer").count() == 1
    assert queries.get_case(sender, case.pk).node == target
    acts = (
        lambda actor: actions.accept_case(actor, case.pk),
        lambda actor: actions.stamp_clock(actor, case.pk, "arrive", text="打过电话"),
        lambda actor: actions.reply_to_applicant(actor, case.pk, text="在办"),
        lambda actor: actions.refer_case(actor, case.pk, node=node, reason="拿回来"),
        lambda actor: actions.assign_case(actor, case.pk, handler=None),
        lambda actor: actions.show_phone(actor, case.pk, reason="matter"),
    )
    for act in acts:
        with pytest.raises(Forbidden, match="您可以看，不能办"):
            act(sender)
    client = world.client("town")
    page = client.get(f"/desk/cases/{case.pk}/")
    assert page.status_code == 200
    for words in ("uh-composer", "指派</a>", "联系电话", "受理</button>"):
        assert words not in page.content.decode()
    assert "您可以看，不能办" in page.content.decode()
    for path in ("stamp/arrive/", "refer/", "assign/", "step/pause/"):
        assert client.get(f"/desk/cases/{case.pk}/{path}").status_code == 403, path


def test_a_lawyer_acts_on_what_was_shared_to_act_on(world, case):
    lawyer = world.actor("lawyer")
    with pytest.raises(NotFound):
        actions.accept_case(lawyer, case.pk)
    share_row(world.actor("system"), "cases.case", case.pk, reason="看", user_id=lawyer.user_id)
    with pytest.raises(Forbidden):
        actions.accept_case(lawyer, case.pk)
    share_row(world.actor("system"), "cases.case", case.pk, reason="协办", user_id=lawyer.user_id, can_act=True)
    assert actions.accept_case(lawyer, case.pk).state == "handling"


def test_a_hidden_case_never_goes_to_the_employers_union(world):
    from unionhome.core.cases.actions import NewCase, open_case

    union = world.nodes["union"]
    case, _ = open_case(
        world.actor("public"),
        NewCase(
            "helpdesk.need", "wages", "欠薪", world.nodes["town"], "phone", phone="19900000007", hidden_path=union.path
        ),
    )
    with pytest.raises(Refused, match="不让单位知道"):
        actions.refer_case(world.actor("town"), case.pk, node=union, reason="转给单位")


def test_without_the_permission_nothing_moves(world, case):
    with pytest.raises((Forbidden, NotFound)):
        actions.accept_case(world.actor("auditor"), case.pk)


def test_rating_twice_is_refused(world, case):
    walk(world, case)
    actions.rate_case(world.actor("public"), case, rating="fairly")
    with pytest.raises(Refused, match="已经评价过"):
        actions.rate_case(world.actor("public"), case, rating="not")


def test_unrated_cases_close_by_time_and_can_still_be_rated(world, case):
    walk(world, case)
    assert actions.close_all_unrated(world.actor("system")) == 0
    world.wait(days=8)
    assert actions.close_all_unrated(world.actor("system")) == 1
    case.refresh_from_db()
    actions.rate_case(world.actor("public"), case, rating="satisfied")
    case.refresh_from_db()
    assert (case.state, case.rating) == ("closed", "satisfied")


def test_the_phone_is_shown_only_with_a_journal_entry(world, case):
    from unionhome.core.journal.models import Entry as JournalEntry

    assert actions.show_phone(world.actor("city"), case.pk, reason="matter") == "19900000009"
    assert JournalEntry.objects.filter(kind="cases.phone.shown", object_id=case.pk).count() == 1
    assert "19900000009" not in str(list(JournalEntry.objects.values_list("summary", "data")))


def test_a_newly_published_calendar_moves_the_due_moment(world, case):
    from unionhome.core.journal.actions import deliver_batch
    from unionhome.core.policy.actions import set_days
    from unionhome.core.policy.rules import NamedDay

    before = Clock.objects.get(case=case, name="arrive").due_at
    today_off = [NamedDay(world.today, False, "临时放假")]
    set_days(world.actor("chair"), today_off, source="测试")
    deliver_batch(world.actor("system"))
    assert Clock.objects.get(case=case, name="arrive").due_at > before


def test_a_right_held_on_another_branch_does_not_reach_a_case_that_may_only_be_read(world, case):
    city = world.actor("city")
    reads = replace(city.grants[0], permissions=frozenset({"cases.view"}))
    handles = replace(city.grants[0], path=world.nodes["other_county"].path)
    actor = replace(city, grants=(reads, handles))
    assert queries.get_case(actor, case.pk) == case
    with pytest.raises(Forbidden):
        actions.show_phone(actor, case.pk, reason="contact")
    with pytest.raises(Forbidden):
        actions.add_note(actor, case.pk, text="记一笔")
