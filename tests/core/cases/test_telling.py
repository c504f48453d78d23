"""Who is told of a case, by which way, in which words; and who is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.worlds import World
from unionhome.core.cases import actions
from unionhome.core.cases.models import Case
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.journal.models import Entry
from unionhome.core.notices.models import Channel, Notice
from unionhome.core.notices.rules import ADDRESS_FIELD, LINK_FIELD
from unionhome.core.policy.actions import set_value
from unionhome.kit import crypto
from unionhome.kit.channels import Gateway

Need = Callable[..., Case]
KEY = "ab" * 16
SITE = "https://union.example"


@pytest.fixture(autouse=True)
def channels(settings: Any) -> None:
    settings.SMS_GATEWAY, settings.PUBLIC_URL = Gateway("http://127.0.0.1:1/"), SITE


def told(world: World, since: int = 0) -> list[tuple[str, str]]:
    """What the handler wrote after that notice: kind and way, oldest first."""
    while deliver_batch(world.actor("system")):
        pass
    return list(Notice.objects.filter(pk__gt=since).order_by("pk").values_list("kind", "channel"))


def letter(world: World) -> actions.Letter:
    day = world.today
    return actions.Letter("渭南市住房和城乡建设局", "送投诉书。", "unnamed", day, day + timedelta(days=9))


def last() -> int:
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_a_visitor_gets_a_text_with_the_receipt_for_each_step(world: World, need: Need) -> None:
    case = need("public", submit_key=KEY)
    city = world.actor("city")
    steps: tuple[tuple[Callable[[], Any], list[str]], ...] = (
        (lambda: None, ["cases.received"]),
        (lambda: actions.stamp_clock(city, case.pk, "arrive", text="打了电话。"), ["cases.arrived"]),
        (lambda: actions.stamp_clock(city, case.pk, "arrive", text="又打了电话。"), []),
        (lambda: actions.reply_to_applicant(city, case.pk, text="在办。"), ["cases.replied"]),
        (lambda: actions.hand_over_case(city, case.pk, letter(world)), ["cases.passed_on"]),
        (lambda: actions.hear_back(city, case.pk, case.handovers.get().pk, answer="taken"), ["cases.replied"]),
        (lambda: actions.add_note(city, case.pk, text="内部。"), []),
        (lambda: actions.pause_case(city, case.pk, reason="等材料"), ["cases.asked"]),
        (lambda: actions.resume_case(city, case.pk), []),
        (lambda: actions.refer_case(city, case.pk, node=world.nodes["town"], reason="近"), ["cases.passed_on"]),
    )
    for act, kinds in steps:
        since = last()
        act()
        assert told(world, since) == [(kind, "sms") for kind in kinds], kinds
    notice = Notice.objects.filter(kind="cases.passed_on").latest("pk")
    assert crypto.open_sealed(bytes(notice.address_sealed or b""), field=ADDRESS_FIELD) == "19900000009"
    link = crypto.open_sealed(bytes(notice.link_sealed or b""), field=LINK_FIELD)
    page = world.client().get(link.removeprefix(SITE))
    assert page.status_code == 200 and case.number in page.content.decode()
    for row in Notice.objects.all():
        assert len(row.text) <= 70 and "何工" not in row.text and "工资" not in row.text
        assert link not in f"{row.text}{row.link}" and "19900000009" not in row.address_shown


def test_the_end_is_told_and_then_only_what_still_holds(world: World, need: Need) -> None:
    case, town = need(), world.actor("city")
    for clock in ("arrive", "measure"):
        actions.stamp_clock(town, case.pk, clock, text="办了。")
    actions.propose_outcome(town, case.pk, text="补发了。")
    assert ("cases.proposed", "in_app") in told(world)
    world.wait(days=8)
    actions.close_unrated(world.actor("system"), case)
    assert told(world)[-1] == ("cases.closed", "in_app")
    other = need(submit_key=KEY)
    actions.withdraw_case(world.actor("worker"), other, reason="好了")
    since = last()
    assert told(world, since) == [], "taken back before anybody was told: no news"


WAYS: dict[str, tuple[str, dict[str, Any], bool, list[str]]] = {
    "with an account": ("worker", {}, False, ["in_app"]),
    "with an account and by policy": ("worker", {}, True, ["in_app", "sms"]),
    "a number typed without signing in": ("public", {"phone": "19900000001"}, False, ["sms"]),
}


@pytest.mark.parametrize("case_of", WAYS)
def test_the_way_to_the_applicant(world: World, need: Need, case_of: str) -> None:
    """A number that somebody typed without signing in proves nothing: its owner's account is told nothing."""
    who, facts, beside, ways = WAYS[case_of]
    set_value(world.actor("system"), "cases.sms_beside_account", beside, world.today, "测试", None)
    need(who, **facts)
    assert [way for _, way in told(world)] == ways


def test_twice_delivered_is_told_once_and_late_not_at_all(world: World, need: Need) -> None:
    case = need()
    first = told(world)
    entry = Entry.objects.get(object_id=case.pk, model="cases.case", kind__endswith=".opened")
    assert actions.tell_of_case(world.actor("system"), entry) == 0 and told(world) == first
    Notice.objects.all().delete()
    late = world.actor("system", at=world.at + timedelta(days=1, minutes=1))
    assert actions.tell_of_case(late, entry) == 0


def desk_told() -> set[str]:
    """Who at the desk was told."""
    return set(Notice.objects.filter(door="desk").values_list("user__username", flat=True))


def test_an_urgent_matter_is_told_at_the_union_and_to_its_duty_mail(world: World, need: Need, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    set_value(world.actor("system"), "cases.duty_mail", "duty@union.example", world.today, "测试", world.nodes["city"])
    case = need("public", category="injury")
    told(world)
    assert desk_told() == {"city", "chair"}
    assert Notice.objects.get(channel=Channel.MAIL).address_shown == "d***@union.example"
    actions.refer_case(world.actor("city"), case.pk, node=world.nodes["other_village"], reason="近")
    told(world)
    assert desk_told() == {"city", "chair", "town"}, "a village without accounts: the nearest above that has one"
    assert "紧急" in world.client("town").get("/desk/notices/").content.decode()


def test_what_climbs_is_told_above_and_nobody_it_is_hidden_from(world: World, need: Need) -> None:
    rule = actions.draft_rule(world.actor("city"), step_minutes=120)
    actions.simulate_rule(world.actor("city"), rule.pk)
    actions.switch_rule_on(world.actor("city"), rule.pk)
    new = actions.NewCase(
        "helpdesk.need", "other", "停暖了", world.nodes["village"], "phone", hidden_path=world.nodes["union"].path
    )
    case = actions.open_case(world.actor("worker"), new)[0]
    world.grant("union", "cadre", "town")
    world.at = (case.climbs_at or world.at) + timedelta(minutes=1)
    assert actions.escalate_late_cases(world.actor("system")) == 1
    assert ("cases.climbed", "in_app") in told(world)
    assert desk_told() == {"town"}, "whoever also holds a grant at the employer's union is told nothing"
    notice = Notice.objects.get(kind="cases.raised")
    assert (notice.node, notice.hidden_path) == (world.nodes["town"], world.nodes["union"].path)


def test_words_for_a_group_name_nobody_and_tell_nothing_hidden(world: World, need: Need) -> None:
    facts = {"category": "injury", "text": "送餐摔伤了", "employer_text": "示例速运"}
    quiet = need("public", **facts)
    assert "复制通报文字" not in world.client("city").get(f"/desk/cases/{quiet.pk}/").content.decode()
    case = need("public", **facts, hide_from_employer=False)
    actions.stamp_clock(world.actor("city"), case.pk, "arrive", text="打了电话。")
    page = world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    words = page.partition('data-copy="')[2].partition('"')[0]
    assert case.number in words and "已经办到：到场。" in words and "紧急" in words
    assert not any(each in words for each in ("何", "摔伤", "速运", "0009"))
    Case.objects.filter(pk=case.pk).update(hidden_path=world.nodes["union"].path)
    assert "复制通报文字" not in world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
