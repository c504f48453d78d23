"""The three clocks of a case: what they show, when they run out, how far a matter climbs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from unionhome.core.workflow.rules import is_overdue

CLOCKS = (("arrive", "首次到场"), ("help", "首次帮扶"), ("measure", "首次措施"))
CLOCK_LABELS: Mapping[str, str] = dict(CLOCKS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clock's working: a stretch of duty time and its length."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Light:
    """What a clock shows. `state`: running, near, overdue, paused, done, or ended when the matter was over before it
    was kept; `is_late` when it was kept too late.

    `value` and `suffix` are the moment it was kept or is due ("17:12", "前"); `share` is the part of the limit used.
    """

    key: str
    name: str
    state: str
    share: float
    text: str
    value: str
    suffix: str
    limit_text: str
    due_at: datetime | None
    stopped_at: datetime | None
    working: tuple[Line, ...]
    sum_value: str
    is_provisional: bool
    is_late: bool = False
    sum_label: str = "合计"
    due_text: str = ""
    is_natural: bool = False

    @property
    def light(self) -> "Light":
        return self

    @property
    def used(self) -> str:
        return self.text

    @property
    def note(self) -> str:
        return "明年节假日安排还没公布，按工作日暂定" if self.is_provisional else ""

    @property
    def basis(self) -> str:
        """What time counts, in words."""
        return "紧急事项，白天黑夜都算" if self.is_natural else "只算上班时间"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be kept."""
        return self.stopped_at is None and self.state != "ended"


def light_state(
    *, due_at: datetime | None, stopped_at: datetime | None, used: int, limit: int, at: datetime, near_percent: int
) -> str:
    """The state of one clock at a moment; `due_at` is None while the clock is paused."""
    if stopped_at is not None:
        return "done"
    if due_at is None:
        return "paused"
    if is_overdue(due_at, at):
        return "overdue"
    return "near" if used * 100 >= limit * near_percent else "running"


def rating_end(proposed_at: datetime, days: int) -> date:
    """The local day on which a proposed case closes of itself unless it is rated before."""
    return timezone.localdate(proposed_at + timedelta(days=days))


def first_due(lights: list[Light]) -> Light | None:
    """The clock that runs out first among those still running."""
    running = [light for light in lights if light.is_open and light.due_at is not None]
    return min(running, key=lambda light: (light.due_at, light.key), default=None)


def list_climbs(
    clocks: Iterable[tuple[datetime, datetime | None]],
    *,
    levels: int,
    until: datetime,
    step: Callable[[datetime, int], datetime],
) -> list[int]:
    """How far up a matter goes, 0 the first level above, once for each time; `clocks` are (due, kept or ended).

    A clock that is not kept when it is due takes it up at that moment, and one level more at each moment that
    `step(moment, level)` says, until the clock is kept, there is no level left or `until` is reached. Then the next
    clock that has run out begins anew.
    """
    found: list[int] = []
    free_at: datetime | None = None
    for due_at, kept_at in sorted(clocks, key=lambda clock: clock[0]):
        end = until if kept_at is None else min(until, kept_at)
        moment = due_at if free_at is None else max(due_at, free_at)
        level = 0
        while level < levels and moment < end:
            found.append(level)
            level += 1
            moment = step(moment, level - 1) if level < levels else moment
        if level:
            free_at = end
    return found
