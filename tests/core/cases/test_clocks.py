"""The three clocks: limits in force, duty time, pauses, and what they show at a moment."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from unionhome.core.cases import actions, clocks, screens
from unionhome.core.cases.models import Clock
from unionhome.core.home.queries import Choice, get_inbox_page
from unionhome.core.workflow.queries import count_items
from unionhome.core.workflow.rules import is_overdue
from unionhome.kit.calendars import DutyHours, Pause, WorkCalendar, load_published
from unionhome.kit.dates import CHINA

pytestmark = pytest.mark.django_db


def clock_of(case, name="arrive") -> Clock:
    return Clock.objects.get(case=case, name=name)


def light_of(world, case, name="arrive"):
    return next(light for light in clocks.list_lights(case, world.at) if light.key == name)


def test_a_limit_counts_duty_time_only(world, need):
    """Opened on Tuesday at 10:00 with six hours for a measure: two hours before noon, and work ends at half past five."""
    case = need("public")
    measure = clock_of(case, "measure")
    assert measure.limit_minutes == 360
    assert measure.due_at > measure.started_at + timedelta(minutes=360)
    assert clock_of(case).due_at == world.at + timedelta(minutes=120)


def test_an_urgent_matter_runs_day_and_night_under_its_own_limits(world, need):
    case = need("public", category="injury")
    due = {clock.name: clock.due_at - clock.started_at for clock in Clock.objects.filter(case=case)}
    assert due == {
        "arrive": timedelta(minutes=120),
        "help": timedelta(minutes=720),
        "measure": timedelta(minutes=1440),
    }


def test_a_clock_is_running_then_near_then_overdue(world, case):
    assert light_of(world, case).state == "running"
    world.wait(minutes=90)
    assert (light_of(world, case).state, light_of(world, case).share) == ("near", 0.75)
    world.wait(minutes=30)
    assert (light_of(world, case).state, light_of(world, case).share) == ("near", 1.0)
    world.wait(minutes=1)
    assert (light_of(world, case).state, light_of(world, case).share) == ("overdue", 1.0)


def test_a_kept_clock_says_whether_it_was_late_and_stays_as_it_was(world, case):
    world.wait(minutes=245)  # of which two hours are the noon rest
    actions.stamp_clock(world.actor("city"), case.pk, "arrive", text="打通了电话。")
    kept = light_of(world, case)
    world.wait(days=3)
    assert light_of(world, case).used == kept.used
    assert (kept.state, kept.is_late, kept.stopped_at) == ("done", True, clock_of(case).stopped_at)
    case.refresh_from_db()
    assert (case.arrive_minutes, case.arrive_on_time) == (125, False)


def test_a_pause_does_not_count(world, case):
    city = world.actor("city")
    actions.accept_case(city, case.pk)
    before = clock_of(case, "help").due_at
    actions.pause_case(city, case.pk, reason="等工资条。")
    case.refresh_from_db()
    assert clock_of(case, "help").due_at is None and light_of(world, case, "help").state == "paused"
    world.wait(minutes=20)
    actions.resume_case(world.actor("city"), case.pk)
    assert clock_of(case, "help").due_at == before + timedelta(minutes=20)


def test_the_second_stop_of_a_clock_changes_nothing(world, case):
    assert clocks.stop_clock(case, "help", world.at) is True
    first = clock_of(case, "help").stopped_at
    assert clocks.stop_clock(case, "help", world.wait(hours=1)) is False
    assert clock_of(case, "help").stopped_at == first


def test_a_reopened_matter_runs_all_clocks_anew(world, case):
    clocks.stop_clock(case, "arrive", world.at)
    clocks.restart_clocks(case, world.wait(minutes=30))
    rows = Clock.objects.filter(case=case)
    assert {(row.started_at, row.stopped_at) for row in rows} == {(world.at, None)} and rows.count() == 3


HOURS = st.sampled_from(
    [
        (("08:30", "12:00"), ("14:00", "17:30")),
        (("00:00", "00:00"),),
        (("09:00", "12:00"), ("13:00", "18:00"), ("20:00", "00:00")),
        None,
    ]
)


def frame_of(hours) -> clocks.Frame:
    calendar = load_published([2026])
    periods = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in hours or ())
    duty = DutyHours(periods) if periods else DutyHours.whole_day()
    return clocks.Frame(WorkCalendar(calendar.days, calendar.years), duty, 75)


@given(
    hours=HOURS,
    start=st.integers(0, 14 * 24 * 60),
    limit=st.integers(1, 600),
    wait=st.one_of(st.integers(0, 5 * 24 * 60), st.just(-1)),
    seconds=st.sampled_from([-1, 0, 1, 59]),
    pause=st.one_of(st.none(), st.tuples(st.integers(0, 900), st.integers(1, 2000))),
)
def test_late_means_one_thing_everywhere(hours, start, limit, wait, seconds, pause):
    """Page, list, inbox and the stored answer agree at every second, in lunch breaks, at night and around pauses."""
    frame = frame_of(hours)
    began = datetime(2026, 3, 2, tzinfo=CHINA) + timedelta(minutes=start)
    pauses = []
    if pause is not None:
        at = began + timedelta(minutes=pause[0])
        pauses = [Pause(at, at + timedelta(minutes=pause[1]))]
    clock = Clock(name="arrive", limit_minutes=limit, is_natural=hours is None, started_at=began)
    clocks._compute_due(clock, frame, pauses)
    moment = max(began, (clock.due_at if wait < 0 else began + timedelta(minutes=wait)) + timedelta(seconds=seconds))
    late = is_overdue(clock.due_at, moment)
    running = clocks._light(clock, moment, frame, pauses)
    clock.stopped_at, clock.used_minutes = moment, clocks._elapsed(clock, moment, frame, pauses).minutes
    kept = clocks._light(clock, moment, frame, pauses)
    assert late == clocks.is_late(clock) == kept.is_late == (running.state == "overdue")
    assert late == ("超" in running.text) == ("超" in kept.text)
    counted = sum((one.length for one in clocks._elapsed(clock, moment, frame, pauses).working), timedelta())
    allowed = timedelta(minutes=limit)
    assert late if counted > allowed else (counted == allowed or not late), "no duty time beyond the limit is on time"


def test_a_limit_used_up_at_noon_is_late_at_lunch_on_page_inbox_and_figure(world, case):
    assert f"{timezone.localtime(clock_of(case).due_at):%H:%M}" == "12:00"
    end = world.at + timedelta(hours=14)
    for minutes, late in ((120, False), (35, True)):
        world.wait(minutes=minutes)
        actor = world.actor("city")
        assert count_items(actor, end).overdue == int(late)
        row = screens.list_rows([case], world.at)[0]
        assert row["is_overdue"] is late
        assert bool(row["late_text"]) is late and row["late_text"][:1] == "超"[:late]
        assert (light_of(world, case).state == "overdue") is late
    actions.stamp_clock(world.actor("city"), case.pk, "arrive", text="打通了电话。")
    case.refresh_from_db()
    assert (case.arrive_minutes, case.arrive_on_time) == (120, False)
    assert light_of(world, case).text == "用2小时，超1分钟"


def test_a_matter_taken_back_stops_its_clocks_on_page_and_list(world, case):
    actions.withdraw_case(world.actor("public"), case, reason="解决了")
    case.refresh_from_db()
    world.wait(days=9)
    lights = clocks.list_lights(case, world.at)
    assert {(light.state, light.text, light.is_open, light.is_late) for light in lights} == {
        ("ended", "已撤回，不再计时", False, False)
    }
    row = screens.list_rows([case], world.at)[0]
    assert (row["due_text"], row["is_overdue"]) == ("", False)
    assert count_items(world.actor("city"), world.at + timedelta(days=1)).all_open == 0


def test_with_the_applicant_for_a_rating_no_clock_runs_out(world, case):
    from tests.core.cases.test_actions import walk

    walk(world, case)
    case.refresh_from_db()
    world.wait(days=5)
    assert count_items(world.actor("city"), world.at + timedelta(days=1)).overdue == 0
    assert not [light for light in clocks.list_lights(case, world.at) if light.is_open]


def test_the_working_shows_the_periods_to_come(world, case):
    """Six hours from Tuesday at ten: two before noon and four after it."""
    measure = light_of(world, case, "measure")
    assert [(line.label, line.value) for line in measure.working] == [
        ("今天 10:00–12:00", "2小时"),
        ("今天 14:00–18:00", "4小时"),
    ]
    assert (measure.sum_value, measure.basis) == ("6小时", "只算上班时间")
    assert light_of(world, case).due_text == "今天12:00前"


def test_the_inbox_shows_the_light_of_the_page(world, case):
    world.wait(hours=3)
    row = next(row for row in get_inbox_page(world.actor("city"), Choice("all")).rows if row.item.object_id == case.pk)
    page = light_of(world, case)
    assert row.light == {"state": page.state, "share": page.share, "text": page.text}


def test_a_proposed_matter_says_when_it_closes_of_itself(world, case):
    from tests.core.cases.test_actions import walk

    walk(world, case)
    words = "等职工评价，3月17日自动办结"
    assert words in world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    page = world.client("city").get("/desk/inbox/?view=waiting").content.decode()
    assert words in page and case.title[:4] in page
    assert f"/desk/cases/{case.pk}/" not in world.client("city").get("/desk/inbox/?view=own").content.decode()


def test_neighbours_in_the_inbox_are_one_step_away(world, need):
    first, second = need("public"), need("public")
    page = world.client("city").get(f"/desk/cases/{second.pk}/").content.decode()
    assert "第2件，共2件" in page
    assert f'data-previous-row href="/desk/cases/{first.pk}/"' in page and "data-next-row" not in page
