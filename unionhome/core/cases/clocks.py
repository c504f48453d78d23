"""The three clocks of a case: opened with the limits in force, stopped by acts, computed by the one clock function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from unionhome.core.cases.models import Case, Clock, Pause, Term
from unionhome.core.cases.queries import get_kind
from unionhome.core.cases.rules import CLOCK_LABELS, CLOCKS, Light, Line, first_due, light_state
from unionhome.core.cases.workflow import CHECKING, FOLLOWING
from unionhome.core.policy.queries import DUTY_HOURS, get_calendar, get_value, get_values, get_values_of
from unionhome.core.policy.rules import duty_hours
from unionhome.core.tree.models import Node
from unionhome.core.workflow.rules import is_overdue
from unionhome.kit import calendars
from unionhome.kit.dates import deadline_text, duration_text


@dataclass(frozen=True, slots=True)
class Frame:
    """What the clock function needs of one union at one time: calendar, duty hours, and the share that warns."""

    calendar: calendars.WorkCalendar
    hours: calendars.DutyHours
    near_percent: int


def get_frame(node: Node, at: datetime) -> Frame:
    """The calendar from last year to next, and the union's duty hours in force."""
    return get_frames([node], at)[node.pk]


NEAR_SHARE = "cases.near_share"


def get_frames(nodes: Iterable[Node], at: datetime) -> dict[int, Frame]:
    """The same of many unions by two queries."""
    day = timezone.localdate(at)
    calendar = get_calendar(day.year - 1, day.year + 1)
    values = get_values_of((DUTY_HOURS, NEAR_SHARE), day, nodes)
    return {pk: Frame(calendar, duty_hours(found[DUTY_HOURS]), found[NEAR_SHARE]) for pk, found in values.items()}


def limits_of(case: Case, at: datetime) -> dict[str, int]:
    """Minutes allowed for each clock by the policies in force on the day, in duty time unless urgent."""
    day, node = timezone.localdate(at), case.node
    keys = {name: f"cases.{name}_minutes" for name, _ in CLOCKS}
    if case.is_urgent:
        keys |= {"help": "cases.urgent_help_minutes", "measure": "cases.urgent_measure_minutes"}
    names = get_kind(case.kind).clocks
    values = get_values([keys[name] for name in names], day, node)
    return {name: values[keys[name]] for name in names}


def term_limits(case: Case, names: Iterable[str], at: datetime, frame: Frame) -> dict[str, int]:
    """Minutes allowed for each term by the policies in force on the day; days are working days of the union's duty."""
    keys = {
        Term.Name.DISPATCH: "cases.dispatch_minutes",
        Term.Name.ACCEPT: "cases.accept_days",
        Term.Name.SOLVE: f"cases.{case.difficulty}_days",
    }
    wanted = {name: keys[Term.Name(name)] for name in names}
    values = get_values(wanted.values(), timezone.localdate(at), case.node) if wanted else {}
    day = {Term.Name.DISPATCH: 1}
    return {name: values[key] * day.get(Term.Name(name), frame.hours.minutes) for name, key in wanted.items()}


def start_terms(case: Case, at: datetime, names: Iterable[str] | None = None) -> None:
    """Begin the terms of a case anew, as far as its kind has them: all, or those named."""
    kept = [name for name in get_kind(case.kind).terms if names is None or name in names]
    if not kept:
        return
    frame = get_frame(case.node, at)
    Term.objects.filter(case=case, name__in=kept).delete()
    limits = term_limits(case, kept, at, frame)
    terms = [Term(case=case, name=name, limit_minutes=limits[name], started_at=at) for name in kept]
    for term in terms:
        term.due_at = _term_due(case, term, frame, pauses_of(case))
    Term.objects.bulk_create(terms)


def meet_terms(case: Case, at: datetime, *names: str) -> None:
    """Note that they were met, those that were not before."""
    Term.objects.filter(case=case, name__in=names, met_at=None).update(met_at=at)


def _term_due(case: Case, term: Term, frame: Frame, pauses: list[calendars.Pause]) -> datetime | None:
    if case.state == FOLLOWING:
        return None
    is_natural = case.is_urgent and term.name == Term.Name.DISPATCH
    return due_after(frame, term.started_at, term.limit_minutes, is_natural=is_natural, pauses=pauses)


def recompute_terms(case: Case) -> None:
    """Store the due moments of what is not met anew."""
    terms = list(Term.objects.filter(case=case, met_at=None).order_by("pk"))
    if terms:
        frame, pauses = get_frame(case.node, terms[0].started_at), pauses_of(case)
        for term in terms:
            term.due_at = _term_due(case, term, frame, pauses)
        Term.objects.bulk_update(terms, ["due_at"])


def open_clocks(case: Case, at: datetime) -> list[Clock]:
    """Start the clocks of a new case: the three firsts, as far as they run for its kind, and its terms."""
    start_terms(case, at)
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


def change_limits(case: Case) -> None:
    """The category was corrected: clocks that run take the limits that the right one had when they started; what has
    run stays."""
    running = list(Clock.objects.filter(case=case, stopped_at=None))
    for clock in running:
        clock.limit_minutes = limits_of(case, clock.started_at)[clock.name]
        clock.is_natural = case.is_urgent
    Clock.objects.bulk_update(running, ["limit_minutes", "is_natural"])
    recompute(case)


def recompute(case: Case) -> list[Clock]:
    """Store the due moments anew after a pause, a referral or a changed calendar."""
    clocks = list(Clock.objects.filter(case=case).order_by("id"))
    running = [clock for clock in clocks if clock.stopped_at is None]
    if running:
        frame = get_frame(case.node, running[0].started_at)
        pauses = pauses_of(case)
        for clock in running:
            _compute_due(clock, frame, pauses)
            if is_carried(case, clock):
                clock.due_at = None
        Clock.objects.bulk_update(running, ["due_at", "is_provisional"])
    recompute_terms(case)
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


def due_after(
    frame: Frame, at: datetime, minutes: int, *, is_natural: bool, pauses: Iterable[calendars.Pause] = ()
) -> datetime | None:
    """When so many minutes of a union's duty time are over; None while the clock stands."""
    hours = None if is_natural else frame.hours
    return calendars.due(at, minutes, calendar=frame.calendar, hours=hours, pauses=pauses).at


def as_pauses(rows: Iterable[Pause]) -> list[calendars.Pause]:
    """Pauses as the clock function takes them."""
    return [calendars.Pause(row.starts_at, row.ends_at, row.reason) for row in rows]


def pauses_of(case: Case) -> list[calendars.Pause]:
    """The pauses as the clock function takes them."""
    return list_pauses_of([case])[case.pk]


def list_pauses_of(cases: Iterable[Case]) -> dict[int, list[calendars.Pause]]:
    """The same of many cases by one query."""
    found: dict[int, list[calendars.Pause]] = {case.pk: [] for case in cases}
    for row in Pause.objects.filter(case__in=list(found)).order_by("starts_at"):
        found[row.case_id].append(calendars.Pause(row.starts_at, row.ends_at, row.reason))
    return found


def list_lights(case: Case, at: datetime) -> list[Light]:
    """The three clocks of a case at a moment, with their working."""
    return list_lights_of([case], at)[case.pk]


def list_lights_of(cases: Iterable[Case], at: datetime) -> dict[int, list[Light]]:
    """The clocks of many cases by case, by four queries."""
    rows = {case.pk: case for case in cases}
    frames = get_frames({case.node_id: case.node for case in rows.values()}.values(), at)
    pauses = list_pauses_of(rows.values())
    order = [name for name, _ in CLOCKS]
    clocks = sorted(Clock.objects.filter(case__in=list(rows)), key=lambda clock: order.index(clock.name))
    lights: dict[int, list[Light]] = {pk: [] for pk in rows}
    for clock in clocks:
        pk = clock.case_id
        words = _why_still(rows[pk], clock)
        lights[pk].append(_light(clock, at, frames[rows[pk].node_id], pauses[pk], words))
    return lights


def list_first_lights(case_ids: Iterable[int], at: datetime) -> dict[int, Light]:
    """Of cases that the caller has found visible, the clock that runs out first, for a list."""
    cases = Case.objects.filter(pk__in=list(case_ids)).select_related("node")
    found = {pk: first_due(lights) for pk, lights in list_lights_of(cases, at).items()} if case_ids else {}
    return {pk: light for pk, light in found.items() if light is not None}


def stands_still(case: Case) -> str:
    """The state that ended the clocks of a case before they were kept: closed, taken back, with the applicant for the
    rating, or with who checks it. Empty while they count."""
    state = get_kind(case.kind).table.state(case.state)
    return state.label if state.is_end or state.name in ("proposed", CHECKING) else ""


def is_carried(case: Case, clock: Clock) -> bool:
    """Whether a clock of a matter that follows another runs there: help and measure are the leader's."""
    return case.state == FOLLOWING and clock.name != Clock.Name.ARRIVE


def take_over(heir: Case, leader: Case) -> None:
    """What was done for a leader that is taken back was done for its followers: the heir's help and measure were kept
    when the leader's were, or when the heir was opened where that was later."""
    for name in (Clock.Name.HELP, Clock.Name.MEASURE):
        kept = Clock.objects.filter(case=leader, name=name, stopped_at__isnull=False).first()
        if kept is not None and kept.stopped_at is not None:
            stop_clock(heir, name, max(kept.stopped_at, heir.opened_at))


def _why_still(case: Case, clock: Clock) -> str:
    if is_carried(case, clock):
        return "由牵头的那件计时"
    still = stands_still(case)
    return f"{still}，不再计时" if still else ""


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
    lines = _lines(clock, elapsed, frame, pauses, now)
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
        working=lines,
        sum_value=duration_text(clock.limit_minutes if clock.stopped_at is None else used) if len(lines) > 1 else "",
        is_provisional=clock.is_provisional,
        is_late=is_late(clock),
        due_text=_due_text(clock.due_at, now) if clock.stopped_at is None and clock.due_at else "",
        is_natural=clock.is_natural,
    )


MOST_LINES = 5


def _lines(
    clock: Clock, elapsed: calendars.Elapsed, frame: Frame, pauses: list[calendars.Pause], now: datetime
) -> tuple[Line, ...]:
    """The duty periods counted: of a running clock also those to come until it is due. Long ones begin with a sum."""
    counted = elapsed.working
    if clock.stopped_at is None:
        counted = calendars.due(
            clock.started_at,
            clock.limit_minutes,
            calendar=frame.calendar,
            hours=_hours(clock, frame),
            pauses=pauses,
        ).working
    early = counted[: max(0, len(counted) - MOST_LINES)]
    minutes = sum((one.length for one in early), timedelta()) // timedelta(minutes=1)
    lines = [Line(text, length) for text, length in calendars.working_lines(counted[len(early) :], now)]
    return (Line(f"在这以前{len(early)}段", duration_text(minutes)), *lines) if early else tuple(lines)


def _due_text(due_at: datetime, now: datetime) -> str:
    """今天17:12前, 11月27日14:10前."""
    local = timezone.localtime(due_at)
    text = deadline_text(local, now)
    return text if ":" in text else f"{local.month}月{local.day}日{local:%H:%M}前"


def _ended_light(clock: Clock, ended: str) -> Light:
    return Light(
        key=clock.name,
        name=CLOCK_LABELS[clock.name],
        state="ended",
        share=0.0,
        text=ended,
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
