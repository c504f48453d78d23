"""Work that waits for the background worker, and when each round of scheduled work last ran."""

from django.db import models


class State(models.TextChoices):
    READY = "READY", "等待"
    RUNNING = "RUNNING", "正在办"
    DONE = "DONE", "办完"
    FAILED = "FAILED", "没办成"


class Job(models.Model):
    """One call of a task. Written inside the act's transaction, taken by a worker under a lease.

    Leases run on the database's clock, so that workers on several machines agree; every other moment is the
    product's. `args` and `kwargs` hold ids, never personal data.
    """

    task = models.CharField(max_length=200, help_text="Dotted path of the task.")
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0, help_text="-100 to 100; larger comes first.")
    key = models.CharField(
        max_length=160, unique=True, null=True, blank=True, help_text="The same key is never queued twice."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    run_after = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    most_tries = models.PositiveSmallIntegerField(default=5)
    owner = models.CharField(max_length=120, blank=True, help_text="The claim that holds it: one text per claim.")
    lease_until = models.DateTimeField(null=True, blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-priority", "id"], condition=models.Q(state=State.READY), name="jobs_job_waiting"),
            models.Index(fields=["lease_until"], condition=models.Q(state=State.RUNNING), name="jobs_job_leased"),
            models.Index(fields=["state", "-id"], name="jobs_job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


class ScheduleRun(models.Model):
    """The last round of one schedule of a card; the lease keeps several workers from running a round twice."""

    name = models.CharField(max_length=80, primary_key=True)
    last_at = models.DateTimeField(null=True, blank=True, help_text="Start of the last round, database clock.")
    owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="Why the last round failed; empty when it did not.")

    def __str__(self) -> str:
        return self.name
