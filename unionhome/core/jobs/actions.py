"""Taking jobs and schedule rounds under a lease, finishing them, and queueing a failed one again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import DurationField, F, Q, QuerySet, Value
from django.db.models.functions import Now

from unionhome.core.jobs.models import Job, ScheduleRun, State
from unionhome.core.jobs.rules import LEASE, sentence_of, wait_before
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, NotFound, Refused, Schedule
from unionhome.core.tree.queries import find_root

CUT_OFF = "办理时程序多次中断，已停止重试。"


def _later(pause: timedelta) -> Any:
    return Now() + Value(pause, output_field=DurationField())


_CLAIM = """
UPDATE jobs_job SET state = 'RUNNING', owner = %s, tries = tries + 1, started_at = %s, lease_until = {lease}
WHERE state = 'READY' AND id = (
    SELECT id FROM jobs_job WHERE state = 'READY' AND (run_after IS NULL OR run_after <= %s)
    ORDER BY priority DESC, id LIMIT 1 {lock}
) RETURNING *
"""
_LEASE_TEXT = f"{LEASE.total_seconds():g} seconds"
_DIALECTS = {
    "sqlite": {"lease": f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+{_LEASE_TEXT}')", "lock": ""},
    "postgresql": {"lease": f"statement_timestamp() + interval '{_LEASE_TEXT}'", "lock": "FOR UPDATE SKIP LOCKED"},
}


def claim_job(owner: str, at: datetime) -> Job | None:
    """Take the next due job under a lease, in one UPDATE; None when nothing is due.

    `owner` must be new for every claim: whoever lost the lease can then no longer finish the job.
    """
    moment = connection.ops.adapt_datetimefield_value(at)
    statement = _CLAIM.format(**_DIALECTS[connection.vendor])
    return next(iter(list(Job.objects.raw(statement, [owner, moment, moment]))), None)


def _held(pk: int, owner: str) -> QuerySet[Job]:
    return Job.objects.filter(pk=pk, owner=owner, state=State.RUNNING)


def beat_job(pk: int, owner: str) -> bool:
    """Prolong the lease; False when the job is no longer the owner's."""
    return bool(_held(pk, owner).update(lease_until=_later(LEASE)))


def finish_job(pk: int, owner: str, result: Any, at: datetime) -> bool:
    """Mark it done; False, and nothing written, when the job is no longer the owner's."""
    return bool(_held(pk, owner).update(state=State.DONE, result=result, finished_at=at, lease_until=None, error=""))


def fail_job(job: Job, owner: str, error: BaseException, at: datetime) -> bool:
    """Keep the reason, and try again after a pause or, after the last try, not at all."""
    again = job.tries < job.most_tries
    changes: dict[str, Any] = (
        {"state": State.READY, "owner": "", "run_after": at + wait_before(job.tries)}
        if again
        else {"state": State.FAILED, "finished_at": at}
    )
    return bool(_held(job.pk, owner).update(error=sentence_of(error), lease_until=None, **changes))


def release_job(pk: int, owner: str) -> bool:
    """Give an unfinished job back at once: its worker was told to stop. It does not count as a try."""
    return bool(_held(pk, owner).update(state=State.READY, owner="", lease_until=None, tries=F("tries") - 1))


def release_expired(at: datetime) -> int:
    """Give back the jobs whose worker died; a job that killed its worker every time is given up. How many there were."""
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    if not expired.exists():  # an UPDATE of nothing would still take SQLite's write lock, twice a second
        return 0
    given_up = expired.filter(tries__gte=F("most_tries")).update(
        state=State.FAILED, finished_at=at, lease_until=None, error=CUT_OFF
    )
    return given_up + expired.update(state=State.READY, owner="", lease_until=None)


def claim_round(schedules: Sequence[Schedule], owner: str) -> Schedule | None:
    """Take the first schedule whose round is due and that no worker holds; None when none is."""
    for schedule in _list_due(schedules):
        due, free = _round_due(schedule), _round_free()
        if ScheduleRun.objects.filter(due, free, name=schedule.name).update(
            owner=owner, last_at=Now(), lease_until=_later(LEASE)
        ):
            return schedule
    return None


def _list_due(schedules: Sequence[Schedule]) -> list[Schedule]:
    """The schedules that may be taken now, by one read; whoever updates first gets the round."""
    each_due = Q(pk__in=[])
    for schedule in schedules:
        each_due |= Q(name=schedule.name) & _round_due(schedule)
    names = set(ScheduleRun.objects.filter(each_due, _round_free()).values_list("name", flat=True))
    return [schedule for schedule in schedules if schedule.name in names]


def _round_due(schedule: Schedule) -> Q:
    return Q(last_at__isnull=True) | Q(last_at__lte=_later(-timedelta(seconds=schedule.every_seconds)))


def _round_free() -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=Now())


def beat_round(name: str, owner: str) -> bool:
    """Prolong the lease of a round."""
    return bool(ScheduleRun.objects.filter(name=name, owner=owner).update(lease_until=_later(LEASE)))


def finish_round(name: str, owner: str, error: BaseException | None) -> bool:
    """End a round and keep why it failed, if it did; the next comes in its time."""
    return bool(
        ScheduleRun.objects.filter(name=name, owner=owner).update(
            owner="", lease_until=None, error=sentence_of(error) if error else ""
        )
    )


def add_schedules(names: Sequence[str]) -> None:
    """Make the rows of schedules that never ran."""
    missing = set(names) - set(ScheduleRun.objects.filter(name__in=names).values_list("name", flat=True))
    ScheduleRun.objects.bulk_create([ScheduleRun(name=name) for name in sorted(missing)], ignore_conflicts=True)


@transaction.atomic
def retry_job(actor: Actor, job_id: int) -> Job:
    """Queue a failed job again, with all its tries. Raises NotFound, and Refused when it has not failed."""
    root = find_root()
    actor.require("jobs.manage", root.path if root else "")
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound()
    if job.state != State.FAILED:
        raise Refused("这个任务不在“没办成”里，可能已经有人重办了，请刷新看看。", "not-failed")
    job.state, job.tries, job.run_after, job.owner, job.finished_at = State.READY, 0, None, "", None
    job.save(update_fields=["state", "tries", "run_after", "owner", "finished_at"])
    record(
        actor, "jobs.job.retried", node=root, about=job, summary=f"重办后台任务第 {job.pk} 号", data={"task": job.task}
    )
    return job


def tidy_jobs(before: datetime, limit: int = 5000) -> int:
    """Delete jobs done before a moment; failed ones stay until somebody deals with them. The number deleted."""
    old = Job.objects.filter(state=State.DONE, finished_at__lt=before).order_by("id").values("pk")[:limit]
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
