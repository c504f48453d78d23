"""The background worker: takes due jobs and schedule rounds one after another, and stops cleanly.

Run as many of them as wanted, on one machine or several. One that dies holds nobody up: its lease ends after
seconds and another takes the job. On SIGTERM or SIGINT the current job may finish within `GRACE_SECONDS`;
else it is broken off, rolled back and given back at once.
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.utils.module_loading import import_string
from django_tasks import task_backends
from django_tasks.base import TaskContext
from django_tasks.utils import normalize_json

from unionhome.core.access import clock
from unionhome.core.jobs import actions, queries
from unionhome.core.jobs.models import Job
from unionhome.core.jobs.rules import BEAT_SECONDS, sentence_of
from unionhome.core.registry import Actor, Schedule, resolve, rooms

IDLE_SECONDS = 0.25
LOOK_SECONDS = 0.5
GRACE_SECONDS = 8

logger = logging.getLogger(__name__)


class _BrokenOff(BaseException):
    """The grace is over: the current job stops where it stands."""


class Heartbeat(threading.Thread):
    """Prolongs the lease of what the worker holds, on its own database connection."""

    def __init__(self) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._ended = threading.Event()
        self._beat: Callable[[], bool] | None = None

    @contextmanager
    def holding(self, beat: Callable[[], bool]) -> Iterator[None]:
        """Call `beat` every 1.3 seconds as long as the block runs."""
        self._beat = beat
        try:
            yield
        finally:
            self._beat = None

    def run(self) -> None:
        try:
            while not self._ended.wait(BEAT_SECONDS):
                self._once()
        finally:
            connections.close_all()

    def _once(self) -> None:
        beat = self._beat
        try:
            if beat is not None and not beat() and beat is self._beat:
                logger.warning("lease lost: another worker may run the same job")
        except (DatabaseError, InterfaceError) as error:
            logger.warning("heartbeat failed: %s", type(error).__name__)
            connections.close_all()

    def end(self) -> None:
        self._ended.set()
        self.join(timeout=BEAT_SECONDS * 4)


class Worker:
    """One worker of one process."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self.stopping = threading.Event()
        self.heartbeat = Heartbeat()
        self.schedules: tuple[Schedule, ...] = tuple(each for room in rooms() for each in room.card.schedules)
        self._looked = 0.0
        self._idle = False

    def start(self) -> None:
        actions.add_schedules([schedule.name for schedule in self.schedules])
        self.heartbeat.start()

    def step(self) -> bool:
        """Do one thing that is due; False when nothing was."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            actions.release_expired(clock.now())
            if self.run_round():
                return True
            self._looked = time.monotonic()
        self._idle = (self._idle and not queries.has_due(clock.now())) or not self.run_job()
        return not self._idle

    def run_job(self) -> bool:
        """Take and run one job; False when none is due."""
        owner = f"{self.name}/{secrets.token_hex(6)}"
        job = actions.claim_job(owner, clock.now())
        if job is None:
            return False
        try:
            with self.heartbeat.holding(lambda: actions.beat_job(job.pk, owner)):
                result = call_task(job)
        except _BrokenOff:
            actions.release_job(job.pk, owner)
            raise
        except Exception as error:
            logger.error("job %s of %s failed: %s", job.pk, job.task, sentence_of(error))
            actions.fail_job(job, owner, error, clock.now())
        else:
            actions.finish_job(job.pk, owner, result, clock.now())
        return True

    def run_round(self) -> bool:
        """Run one due round of a schedule; False when none is due."""
        owner = f"{self.name}/{secrets.token_hex(6)}"
        schedule = actions.claim_round(self.schedules, owner)
        if schedule is None:
            return False
        failure: BaseException | None = None
        try:
            with self.heartbeat.holding(lambda: actions.beat_round(schedule.name, owner)):
                resolve(schedule.task)(Actor.system(f"schedule {schedule.name}", clock.now()))
        except Exception as error:
            logger.error("schedule %s failed: %s", schedule.name, sentence_of(error))
            failure = error
        finally:
            actions.finish_round(schedule.name, owner, failure)
        return True


def call_task(job: Job) -> Any:
    """Call the job's task; its result, JSON-ready. Raises what the task raises."""
    task = import_string(job.task)
    if not task.takes_context:
        return normalize_json(task.call(*job.args, **job.kwargs))
    backend = task_backends[task.backend]
    context = TaskContext(task_result=backend.get_result(str(job.pk)))
    return normalize_json(task.call(context, *job.args, **job.kwargs))


def run(once: bool = False) -> int:
    """Work until told to stop; with `once`, until nothing is due. The exit code."""
    worker = Worker()
    with _signals(worker):
        worker.start()
        try:
            while not worker.stopping.is_set():
                busy = _step(worker)
                if not busy and once:
                    break
                if not busy:
                    worker.stopping.wait(IDLE_SECONDS)
        except _BrokenOff:
            logger.warning("stopped in the middle of a job, which was given back")
        finally:
            worker.heartbeat.end()
    return 0


def _step(worker: Worker) -> bool:
    """One step; a database that does not answer is waited for."""
    try:
        return worker.step()
    except (DatabaseError, InterfaceError) as error:
        logger.error("database does not answer: %s", type(error).__name__)
        connections.close_all()
        worker.stopping.wait(1)
        return False


@contextmanager
def _signals(worker: Worker) -> Iterator[None]:
    """SIGTERM and SIGINT stop after the current job; the alarm breaks it off when the grace is over."""

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stopping.set()
        signal.alarm(GRACE_SECONDS)

    def break_off(number: int, frame: FrameType | None) -> None:
        raise _BrokenOff

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGALRM: break_off}
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def drain(most: int = 1000) -> int:
    """Run the jobs that are due now, in this process and without schedules; how many. For tests and the demo."""
    worker = Worker()
    for done in range(most):
        if not worker.run_job():
            return done
    return most
