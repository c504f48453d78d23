"""Reading the queue: for the administrator's page and the monitor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from unionhome.core.jobs.models import Job, ScheduleRun, State
from unionhome.core.registry import Actor, rooms
from unionhome.core.tree.queries import find_root


@dataclass(frozen=True, slots=True)
class StateCount:
    """One state with how many jobs stand in it."""

    state: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One schedule: what people call it, whose it is, how often it comes, when it last ran and whether it went well."""

    name: str
    room: str
    every: str
    last_at: datetime | None
    error: str


def _require_manager(actor: Actor) -> None:
    """The queue belongs to the whole deployment: only an administrator of the root may see it. Raises Forbidden."""
    root = find_root()
    actor.require("jobs.manage", root.path if root else "")


def count_by_state() -> dict[str, int]:
    """Jobs by state, zeros included. For the monitor: no rows, no names."""
    counts = {state.value: 0 for state in State}
    counts.update(Job.objects.values_list("state").annotate(count=Count("pk")).order_by("state"))
    return counts


def list_state_counts(actor: Actor) -> list[StateCount]:
    """The same with labels, for the page."""
    _require_manager(actor)
    counts = count_by_state()
    return [StateCount(state.value, str(state.label), counts[state.value]) for state in State]


def list_jobs(actor: Actor, state: str = "") -> QuerySet[Job]:
    """Newest first, of one state where one is named. Raises Forbidden."""
    _require_manager(actor)
    jobs = Job.objects.order_by("-id")
    return jobs.filter(state=state) if state in State.values else jobs


def list_rounds(actor: Actor) -> list[RoundLine]:
    """Every schedule that a card declares, with its last round. Raises Forbidden."""
    _require_manager(actor)
    runs = ScheduleRun.objects.in_bulk()
    lines = []
    for room in rooms():
        for schedule in room.card.schedules:
            run = runs.get(schedule.name)
            lines.append(
                RoundLine(
                    schedule.label or f"{room.card.title}的定时工作",
                    room.card.title,
                    _every_text(schedule.every_seconds),
                    run.last_at if run else None,
                    run.error if run else "",
                )
            )
    return lines


def has_due(at: datetime) -> bool:
    """Whether a job could be taken: asked by idle workers, because reading locks nobody out."""
    return Job.objects.filter(Q(run_after__isnull=True) | Q(run_after__lte=at), state=State.READY).exists()


def find_last_round() -> datetime | None:
    """When any schedule last began, by the database's clock: whether a worker runs at all."""
    latest: datetime | None = ScheduleRun.objects.aggregate(latest=Max("last_at"))["latest"]
    return latest


def _every_text(seconds: int) -> str:
    """A period in words: 每 30 秒, 每 5 分钟, 每 1 小时."""
    for size, word in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds % size == 0:
            return f"每 {seconds // size} {word}"
    return f"每 {seconds} 秒"


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job on the page."""

    job: Job
    label: str
    tone: str

    @property
    def reason(self) -> str:
        """Why it failed, and for one that waits for its next try, from when on."""
        waits = self.job.state == State.READY and self.job.run_after
        later = f"{timezone.localtime(self.job.run_after):%m-%d %H:%M:%S} 后再办" if waits else ""
        return f"{self.job.error} {later}".strip()


TONES = {State.READY: "grey", State.RUNNING: "blue", State.DONE: "green", State.FAILED: "deep"}


def list_lines(jobs: Iterable[Job]) -> list[JobLine]:
    """Jobs with what people call them."""
    return [JobLine(job, _label_of(job.task), TONES[State(job.state)]) for job in jobs]


def _label_of(path: str) -> str:
    """What a task is called on the page: its label, else the title of its room."""
    try:
        label: str = import_string(path).label
    except (ImportError, AttributeError):
        label = ""
    return label or next((room.card.title for room in rooms() if path.startswith(room.name + ".")), "后台任务")
