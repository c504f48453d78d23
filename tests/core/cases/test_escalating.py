"""A need that nobody touches goes up on its clock, by a rule that was tried on last month first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import World
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Escalation, EscalationRule
from unionhome.core.cases.rules import list_climbs
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem

Need = Callable[..., Case]
AT = datetime(2026, 3, 10, 10)


@pytest.fixture
def in_village(world: World) -> Case:
    """A need that a village union handles."""
    new = actions.NewCase("helpdesk.need", "other", "停暖了", world.nodes["village"], "phone", phone="19900000008")
    return actions.open_case(world.actor("public"), new)[0]


@pytest.fixture
def rule(world: World) -> EscalationRule:
    """The city's rule, one level more after 120 minutes of duty."""
    drafted = actions.draft_rule(world.actor("city"), step_minutes=120)
    actions.simulate_rule(world.actor("city"), drafted.pk)
    return actions.switch_rule_on(world.actor("city"), drafted.pk)


def sweep(world: World, at: datetime | None = None) -> int:
    if at is not None:
        world.at = at
    return actions.escalate_late_cases(world.actor("system"))


def test_it_climbs_from_the_village_to_the_city_each_step_recorded(
    world: World, in_village: Case, rule: EscalationRule
) -> None:
    due = in_village.climbs_at
    assert due is not None and due == in_village.clocks.get(name="arrive").due_at
    assert sweep(world, due) == 0, "kept at the due moment is on time"
    told = []
    for _ in range(5):
        case = Case.objects.get(pk=in_village.pk)
        if case.climbs_at is None:
            break
        assert sweep(world, case.climbs_at + timedelta(minutes=1)) == 1
        assert sweep(world) == 0, "once for each moment"
        case.refresh_from_db()
        told.append(case.raised_to.level if case.raised_to else "")
        item = WorkItem.objects.get(object_id=case.pk, model="cases.case")
        assert (item.node_id, item.raised_to_id) == (world.nodes["village"].pk, case.raised_to_id)
    assert told == ["town", "county", "city"]
    steps = list(Escalation.objects.filter(case=in_village).order_by("pk"))
    assert [step.target.level for step in steps] == told and {step.clock for step in steps} == {"arrive"}
    assert JournalEntry.objects.filter(kind="cases.case.escalated").count() == 3
    shown = [line.title for line in queries.list_timeline(in_village, public_only=True)]
    assert next(title for title in shown if "升级" in title) == "首次到场超时，已升级到渭南市总工会"


def test_a_case_more_costs_the_sweep_four_statements(
    world: World, in_village: Case, rule: EscalationRule, django_assert_max_num_queries: Any
) -> None:
    def cost(at: datetime, cases: int) -> int:
        with django_assert_max_num_queries(60) as asked:
            assert sweep(world, at) == cases
        return len(asked)

    assert in_village.climbs_at is not None
    one = cost(in_village.climbs_at + timedelta(minutes=1), 1)
    for number in range(4):
        phone = f"1990000010{number}"
        new = actions.NewCase("helpdesk.need", "other", "停电了", world.nodes["other_village"], "phone", phone=phone)
        actions.open_case(world.actor("public"), new)
    assert cost(world.at + timedelta(days=5), 5) <= one + 4 * 4


def test_what_is_done_in_time_stays_and_what_is_done_late_comes_down(
    world: World, in_village: Case, rule: EscalationRule
) -> None:
    actions.stamp_clock(world.actor("village"), in_village.pk, "arrive", text="打了电话。")
    in_village.refresh_from_db()
    assert in_village.climbs_at == in_village.clocks.get(name="help").due_at
    assert sweep(world, in_village.climbs_at + timedelta(minutes=1)) == 1
    in_village.refresh_from_db()
    assert in_village.raised_to == world.nodes["town"]
    actions.stamp_clock(world.actor("village"), in_village.pk, "help", text="送了取暖器。")
    in_village.refresh_from_db()
    assert in_village.raised_to is None
    assert WorkItem.objects.get(object_id=in_village.pk, model="cases.case").raised_to is None


def test_a_pause_stops_the_climb(world: World, in_village: Case, rule: EscalationRule) -> None:
    actions.accept_case(world.actor("village"), in_village.pk)
    actions.pause_case(world.actor("village"), in_village.pk, reason="等照片")
    in_village.refresh_from_db()
    assert in_village.climbs_at is None
    assert sweep(world, world.at + timedelta(days=20)) == 0
    actions.resume_case(world.actor("village"), in_village.pk)
    in_village.refresh_from_db()
    assert in_village.climbs_at is not None and in_village.climbs_at > world.at


def test_nothing_climbs_without_a_rule_and_all_that_is_late_once_there_is_one(world: World, in_village: Case) -> None:
    assert sweep(world, world.at + timedelta(days=5)) == 0
    drafted = actions.draft_rule(world.actor("county"), step_minutes=60)
    actions.simulate_rule(world.actor("county"), drafted.pk)
    actions.switch_rule_on(world.actor("county"), drafted.pk)
    assert sweep(world) == 1
    actions.end_rule(world.actor("county"), drafted.pk, reason="试行结束")
    assert sweep(world, world.at + timedelta(days=5)) == 0


def test_the_simulation_says_what_then_happens(world: World, in_village: Case, need: Need) -> None:
    """Tried on last month's cases, the rule raises just those that it really raises when it is in force."""
    kept = need("worker")
    node = Case.objects.get(pk=kept.pk).node
    name = next(key for key, value in world.nodes.items() if value == node)
    for clock in ("arrive", "help", "measure"):
        actions.stamp_clock(world.actor(name), kept.pk, clock, text="办了。")
    world.wait(days=25)
    drafted = actions.draft_rule(world.actor("city"), step_minutes=120)
    tried = actions.simulate_rule(world.actor("city"), drafted.pk).simulated
    assert (tried["cases"], tried["raised"], tried["from"]) == (2, 1, "2026-03-01")
    assert tried["levels"] == {"town": 1, "county": 1, "city": 1}
    assert tried["unions"] == [["园里堡社区工会", 3]]
    assert Escalation.objects.count() == 0


@pytest.mark.parametrize(("taken_back", "raised"), [(timedelta(minutes=-1), 0), (timedelta(minutes=1), 1)])
def test_a_matter_taken_back_waits_for_nobody(
    world: World, in_village: Case, taken_back: timedelta, raised: int
) -> None:
    """The simulation counts what the rule would do: nothing after a matter was withdrawn."""
    assert in_village.climbs_at is not None
    world.at = in_village.climbs_at + taken_back
    actions.withdraw_case(world.actor("public"), Case.objects.get(pk=in_village.pk), reason="好了")
    world.wait(days=25)
    drafted = actions.draft_rule(world.actor("city"), step_minutes=120)
    tried = actions.simulate_rule(world.actor("city"), drafted.pk).simulated
    assert (tried["cases"], sum(steps for _, steps in tried["unions"]), tried["at_once"]) == (1, raised, 0)


def test_it_says_how_much_would_go_up_at_once(world: World, in_village: Case) -> None:
    world.wait(days=40)
    drafted = actions.draft_rule(world.actor("city"), step_minutes=120)
    assert actions.simulate_rule(world.actor("city"), drafted.pk).simulated["at_once"] == 1
    assert "一启用就会升级" in world.client("city").get(f"/desk/cases/escalation/{drafted.pk}/").content.decode()


def test_a_case_sent_elsewhere_climbs_there_from_the_first_level(
    world: World, in_village: Case, rule: EscalationRule
) -> None:
    for _ in range(3):
        in_village.refresh_from_db()
        assert in_village.climbs_at is not None
        sweep(world, in_village.climbs_at + timedelta(minutes=1))
    actions.refer_case(world.actor("city"), in_village.pk, node=world.nodes["far_town"], reason="住在那边")
    in_village.refresh_from_db()
    assert in_village.raised_to is None and in_village.climbs_at is not None
    assert sweep(world, world.at + timedelta(minutes=1)) == 1
    in_village.refresh_from_db()
    assert in_village.raised_to == world.nodes["other_county"]


def test_who_is_watched_gives_itself_no_more_time(world: World, in_village: Case, rule: EscalationRule) -> None:
    for name, minutes in (("town", 2400), ("county", 60)):
        drafted = actions.draft_rule(world.actor(name), step_minutes=minutes)
        actions.simulate_rule(world.actor(name), drafted.pk)
        actions.switch_rule_on(world.actor(name), drafted.pk)
        found = queries.find_rule(world.nodes["village"])
        assert found is not None and found.step_minutes == min(minutes, 120)


REFUSED: dict[str, tuple[Any, type[Exception]]] = {
    "too short": (lambda world, rule: actions.draft_rule(world.actor("city"), step_minutes=29), BadInput),
    "too long": (lambda world, rule: actions.draft_rule(world.actor("city"), step_minutes=2401), BadInput),
    "without the right": (lambda world, rule: actions.draft_rule(world.actor("auditor"), step_minutes=60), Forbidden),
    "a worker": (lambda world, rule: actions.draft_rule(world.actor("worker"), step_minutes=60), Forbidden),
    "not simulated": (lambda world, rule: actions.switch_rule_on(world.actor("city"), rule.pk), Refused),
    "another branch": (lambda world, rule: actions.simulate_rule(world.actor("other_county"), rule.pk), NotFound),
    "off without a reason": (
        lambda world, rule: actions.end_rule(world.actor("city"), rule.pk, reason=" "),
        BadInput,
    ),
}


@pytest.mark.parametrize("case_of", REFUSED)
def test_refusals_of_the_rule(world: World, case_of: str) -> None:
    drafted = actions.draft_rule(world.actor("city"), step_minutes=60)
    act, error = REFUSED[case_of]
    with pytest.raises(error):
        act(world, drafted)
    drafted.refresh_from_db()
    assert drafted.state == "draft"


def test_a_simulation_of_long_ago_is_none(world: World) -> None:
    drafted = actions.draft_rule(world.actor("city"), step_minutes=60)
    actions.simulate_rule(world.actor("city"), drafted.pk)
    world.wait(days=32)
    with pytest.raises(Refused, match="试算"):
        actions.switch_rule_on(world.actor("city"), drafted.pk)


def test_the_newer_rule_takes_the_place(world: World, rule: EscalationRule) -> None:
    newer = actions.draft_rule(world.actor("city"), step_minutes=240)
    actions.simulate_rule(world.actor("city"), newer.pk)
    for _ in range(2):
        actions.switch_rule_on(world.actor("city"), newer.pk, submit_key="again")
    rule.refresh_from_db()
    assert (rule.state, rule.ended_at) == ("on", world.at)
    assert [each.pk for each in queries.list_in_force()] == [newer.pk]


@given(st.integers(0, 600), st.integers(30, 300), st.integers(0, 4), st.none() | st.integers(0, 900))
def test_climbs_are_steps_apart_and_end_with_the_act(until: int, step: int, levels: int, kept: int | None) -> None:
    found = list_climbs(
        [(AT, None if kept is None else AT + timedelta(minutes=kept))],
        levels=levels,
        until=AT + timedelta(minutes=until),
        step=lambda moment, level: moment + timedelta(minutes=step),
    )
    end = min(until, kept if kept is not None else until)
    assert found == [n for n in range(levels) if step * n < end]


def test_the_next_clock_begins_anew_when_the_first_was_kept_late() -> None:
    def minute(n: int) -> datetime:
        return AT + timedelta(minutes=n)

    spans = [(minute(0), minute(70)), (minute(30), minute(100)), (minute(90), minute(80))]
    found = list_climbs(spans, levels=3, until=minute(500), step=lambda moment, level: moment + timedelta(minutes=60))
    assert found == [0, 1, 0]


def test_the_pages_lead_from_the_list_to_a_rule_in_force(world: World, in_village: Case) -> None:
    world.wait(days=25)
    client = world.client("city")
    assert "/desk/cases/escalation/" in client.get("/desk/cases/").content.decode()
    assert client.post("/desk/cases/escalation/", {"step_minutes": "1"}).status_code == 400
    page = client.post("/desk/cases/escalation/", {"step_minutes": "120"}, follow=True)
    address = page.redirect_chain[-1][0]
    assert "试算以后才能启用" in page.content.decode()
    assert "先用上个月的诉求试算" in client.post(f"{address}on/").content.decode()
    tried = client.post(f"{address}simulate/", follow=True).content.decode()
    assert "2026年3月提出的 1 件诉求" in tried and "园里堡社区工会" in tried
    assert "已启用" in client.post(f"{address}on/", follow=True).content.decode()
    sweep(world)
    assert in_village.number in client.get("/desk/cases/?phase=raised").content.decode()
    assert client.post(f"{address}end/", {"reason": ""}).status_code == 400
    assert "已停用" in client.post(f"{address}end/", {"reason": "试行结束"}, follow=True).content.decode()
    assert in_village.number in client.get("/desk/cases/?phase=raised").content.decode()
    assert world.client("auditor").get("/desk/cases/escalation/").status_code == 403
