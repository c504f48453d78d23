"""The lease queue behind the `django-tasks` API.

    @task(label="寄出回执", most_tries=3)
    def send_receipt(receipt_id: int) -> None: ...

    send_receipt.using(key=f"receipt:{receipt.pk}").enqueue(receipt.pk)

A job is a row of the same database, so it is queued by the transaction of the act, or not at all.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from unionhome.core.access import clock
from unionhome.core.jobs.models import Job, State

STATUS = {
    State.READY: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.FAILED: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTask(Task[Any, Any]):
    """A task with a Chinese label for the administrator's page, a limit of tries, and an idempotency key.

    A job may run again after its worker died, so its function must leave the same rows when it runs twice.
    """

    label: str = ""
    most_tries: int = 5
    key: str | None = None

    def using(self, *, key: str | None = None, **changes: Any) -> Self:
        """As in `django-tasks`; with `key`, a job of that key is queued once, however often it is enqueued."""
        changed = super(LeaseTask, self).using(**changes)
        object.__setattr__(changed, "key", key or self.key)
        return changed


class LeaseBackend(BaseTaskBackend):
    """Queues into the table `Job`; `unionhome.core.jobs.worker` takes from it."""

    task_class = LeaseTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write the job in the caller's transaction; an earlier job of the same key is returned as it stands."""
        self.validate_task(task)
        facts = {
            "task": task.module_path,
            "args": normalize_json(list(args)),
            "kwargs": normalize_json(kwargs),
            "queue": task.queue_name,
            "priority": task.priority,
            "run_after": task.run_after,
            "most_tries": task.most_tries,
            "enqueued_at": clock.now(),
        }
        if task.key:
            job, _ = Job.objects.get_or_create(key=task.key, defaults=facts)
        else:
            job = Job.objects.create(**facts)
        return self.result_of(job, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Raises TaskResultDoesNotExist."""
        try:
            job = Job.objects.get(pk=int(result_id))
        except (ValueError, Job.DoesNotExist):
            raise TaskResultDoesNotExist(result_id) from None
        return self.result_of(job, import_string(job.task))

    def result_of(self, job: Job, task: Any) -> TaskResult[Any]:
        """The row as `django-tasks` tells it."""
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=str(job.pk),
            status=STATUS[State(job.state)],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[TaskError(exception_class_path="builtins.Exception", traceback=job.error)] if job.error else [],
            worker_ids=[job.owner] * job.tries,
        )
        object.__setattr__(result, "_return_value", job.result)
        return result
