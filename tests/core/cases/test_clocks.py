"""The three clocks: limits in force, duty time, pauses, and what they show at a moment."""

from datetime import timedelta

import pytest

from unionhome.core.cases import actions, clocks
from unionhome.core.cases.models import Clock

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
