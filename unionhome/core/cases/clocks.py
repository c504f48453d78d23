"""The three clocks of a case: opened with the limits in force, stopped by acts, computed by the one clock function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from unionhome.core.cases.models import Case, Clock, Pause
from unionhome.core.cases.queries import get_kind
from unionhome.core.cases.rules import CLOCK_LABELS, CLOCKS, Light, Line, light_state
from unionhome.core.policy.queries import get_calendar, get_duty_hours, get_value
from unionhome.core.tree.models import Node
from unionhome.core.workflow.rules import is_overdue
from unionhome.kit import calendars
from unionhome.kit.dates import duration_text


@dataclass(frozen=True, slots=True)
class Frame:
    """What the clock function needs of one union at one time: calendar, duty hours, and the share that warns."""

    calendar: calendars.WorkCalendar
    hours: calendars.DutyHours
    near_percent: int


def get_frame(node: Node, at: datetime) -> Frame:
    """The calendar from last year to next, and the union's duty hours in force."""
    day = timezone.localdate(at)
    return Frame(
        get_calendar(day.year - 1, day.year + 1), get_duty_hours(node, day), get_value("cases.near_share", day, node)
    )


def limits_of(case: Case, at: datetime) -> dict[str, int]:
    """Minutes allowed for each clock by the policies in force on the day, in duty time unless urgent."""
    day, node = timezone.localdate(at), case.node
    keys = {name: f"cases.{name}_minutes" for name, _ in CLOCKS}
    if case.is_urgent:
        keys |= {"help": "cases.urgent_help_minutes", "measure": "cases.urgent_measure_minutes"}
    return {name: get_value(key, day, node) for name, key in keys.items()}


def open_clocks(case: Case, at: datetime) -> list[Clock]:
    """Start the three clocks of a new case."""
    frame = get_frame(case.node, at)
    clocks = [
        Clock(case=case, name=name, limit_minutes=limit, is_natural=case.is_urgent, started_at=at)
        for name, limit in limits_of(case, at).items()
    ]
    for clock in clocks:
        _compute_due(clock, frame, [])
    Clock.objects.bulk_create(clocks)
    return clocks


def restart_clocks(case: Case, at: datetime) -> None:
    """A matter reopened one level up runs its clocks anew; what was used before stays in the timeline."""
    Clock.objects.filter(case=case).delete()
    Pause.objects.filter(case=case).delete()
    open_clocks(case, at)


def recompute(case: Case) -> list[Clock]:
    """Store the due moments anew after a pause, a referral or a changed calendar."""
    clocks = list(Clock.objects.filter(case=case).order_by("id"))
    running = [clock for clock in clocks if clock.stopped_at is None]
    if running:
        frame = get_frame(case.node, running[0].started_at)
        pauses = pauses_of(case)
        for clock in running:
            _compute_due(clock, frame, pauses)
        Clock.objects.bulk_update(running, ["due_at", "is_provisional"])
    return clocks


def stop_clock(case: Case, name: str, at: datetime) -> bool:
    """Note that a clock was kept; False when it had been stopped before."""
    clock = Clock.objects.select_for_update().filter(case=case, name=name).first()
    if clock is None or clock.stopped_at is not None:
        return False
    frame = get_frame(case.node, clock.started_at)
    clock.stopped_at = at
    clock.used_minutes = _elapsed(clock, at, frame, pauses_of(case)).minutes
    clock.save(update_fields=["stopped_at", "used_minutes"])
    return True


def is_late(clock: Clock) -> bool:
    """Whether a clock was kept too late: after its due moment, even where no duty minute has passed since (a limit
    used up at noon is late during lunch). A clock kept while it stands is on time."""
    return clock.stopped_at is not None and is_overdue(clock.due_at, clock.stopped_at)


def pauses_of(case: Case) -> list[calendars.Pause]:
    """The pauses as the clock function takes them."""
    rows = Pause.objects.filter(case=case).order_by("starts_at")
    return [calendars.Pause(row.starts_at, row.ends_at, row.reason) for row in rows]


def list_lights(case: Case, at: datetime) -> list[Light]:
    """The three clocks of a case at a moment, with their working."""
    return list_lights_of([case], at)[case.pk]


def list_lights_of(cases: Iterable[Case], at: datetime) -> dict[int, list[Light]]:
    """The clocks of many cases by case: as many queries as for one, and three more for each further union."""
    rows = {case.pk: case for case in cases}
    nodes = {case.node_id: case.node for case in rows.values()}
    frames = {node_id: get_frame(node, at) for node_id, node in nodes.items()}
    pauses: dict[int, list[calendars.Pause]] = {pk: [] for pk in rows}
    for row in Pause.objects.filter(case__in=list(rows)).order_by("starts_at"):
        pauses[row.case_id].append(calendars.Pause(row.starts_at, row.ends_at, row.reason))
    order = [name for name, _ in CLOCKS]
    clocks = sorted(Clock.objects.filter(case__in=list(rows)), key=lambda clock: order.index(clock.name))
    lights: dict[int, list[Light]] = {pk: [] for pk in rows}
    for clock in clocks:
        pk = clock.case_id
        lights[pk].append(_light(clock, at, frames[rows[pk].node_id], pauses[pk], stands_still(rows[pk])))
    return lights


def stands_still(case: Case) -> str:
    """The state that ended the clocks of a case before they were kept: closed, taken back, or with the applicant for
    the rating. Empty while they count."""
    state = get_kind(case.kind).table.state(case.state)
    return state.label if state.is_end or state.name == "proposed" else ""


def _hours(clock: Clock, frame: Frame) -> calendars.DutyHours | None:
    return None if clock.is_natural else frame.hours


def _compute_due(clock: Clock, frame: Frame, pauses: list[calendars.Pause]) -> None:
    due = calendars.due(
        clock.started_at, clock.limit_minutes, calendar=frame.calendar, hours=_hours(clock, frame), pauses=pauses
    )
    clock.due_at, clock.is_provisional = due.at, due.provisional


def _elapsed(clock: Clock, at: datetime, frame: Frame, pauses: list[calendars.Pause]) -> calendars.Elapsed:
    end = max(at, clock.started_at)
    return calendars.elapsed(clock.started_at, end, calendar=frame.calendar, hours=_hours(clock, frame), pauses=pauses)


def _light(clock: Clock, at: datetime, frame: Frame, pauses: list[calendars.Pause], ended: str = "") -> Light:
    if ended and clock.stopped_at is None:
        return _ended_light(clock, ended)
    until = clock.stopped_at or at
    elapsed = _elapsed(clock, until, frame, pauses)
    used = clock.used_minutes if clock.used_minutes is not None else elapsed.minutes
    state = light_state(
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        used=used,
        limit=clock.limit_minutes,
        at=at,
        near_percent=frame.near_percent,
    )
    now = timezone.localtime(at)
    lines = calendars.working_lines(elapsed.working, now)
    value, suffix = _moment(clock, now)
    return Light(
        key=clock.name,
        name=CLOCK_LABELS[clock.name],
        state=state,
        share=min(1.0, used / clock.limit_minutes) if clock.limit_minutes else 1.0,
        text=_light_text(state, used, clock),
        value=value,
        suffix=suffix,
        limit_text=f"限{duration_text(clock.limit_minutes)}",
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        working=tuple(Line(text, length) for text, length in lines[-4:]),
        sum_value=duration_text(used) if len(lines) > 1 else "",
        is_provisional=clock.is_provisional,
        is_late=is_late(clock),
    )


def _ended_light(clock: Clock, ended: str) -> Light:
    return Light(
        key=clock.name,
        name=CLOCK_LABELS[clock.name],
        state="ended",
        share=0.0,
        text=f"{ended}，不再计时",
        value="—",
        suffix="",
        limit_text=f"限{duration_text(clock.limit_minutes)}",
        due_at=None,
        stopped_at=None,
        working=(),
        sum_value="",
        is_provisional=False,
    )


def _moment(clock: Clock, now: datetime) -> tuple[str, str]:
    """The moment a clock shows large, and the word behind it."""
    moment = clock.stopped_at or clock.due_at
    if moment is None:
        return "暂停", ""
    local = timezone.localtime(moment)
    text = f"{local:%H:%M}" if local.date() == now.date() else f"{local.month}月{local.day}日"
    return text, "" if clock.stopped_at else "前"


def _light_text(state: str, used: int, clock: Clock) -> str:
    late = used - clock.limit_minutes
    if state == "done":
        over = f"，超{duration_text(max(1, late))}" if is_late(clock) else ""
        return f"用{duration_text(used)}{over}"
    if state == "paused":
        return "已暂停"
    if state == "overdue":
        return f"超{duration_text(max(1, late))}"
    return f"剩{duration_text(max(0, -late))}"


def preview_due(node: Node, at: datetime) -> datetime | None:
    """When somebody of the union would have rung, were a matter sent now."""
    frame = get_frame(node, at)
    minutes = get_value("cases.arrive_minutes", timezone.localdate(at), node)
    return calendars.due(at, minutes, calendar=frame.calendar, hours=frame.hours).at
