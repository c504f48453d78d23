"""Real workers, ended the hard way in the middle of their jobs: nothing is lost, nothing is done twice."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.core.jobs.ground import Ground, ground, wait_for
from unionhome.core.jobs.rules import LEASE

pytestmark = [pytest.mark.django_db, pytest.mark.kill]

JOBS = 16
STARTING = 10
"""Seconds that two workers take to start on a busy machine."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path) as made:
        yield made


def enqueue(place: Ground, count: int, seconds: float) -> None:
    place.python(
        "from tests.core.jobs.samples import slow_effect;"
        f"[slow_effect.using(key=f'sample:{{n}}').enqueue(n, {seconds}) for n in range({count})]"
    )


def states(place: Ground) -> Counter[str]:
    return Counter(state for (state,) in place.rows("SELECT state FROM jobs_job"))


def test_kill_nine_in_the_middle_of_two_jobs(place: Ground) -> None:
    enqueue(place, JOBS, 0.4)
    with place.worker() as one, place.worker() as two:
        wait_for(lambda: states(place) >= Counter(DONE=3, RUNNING=2), 30)
        one.send_signal(signal.SIGKILL)
        two.send_signal(signal.SIGKILL)
        one.wait()
        two.wait()
    killed = time.monotonic()
    in_flight = states(place)["RUNNING"]
    assert in_flight == 2
    left = JOBS - states(place)["DONE"]
    with ExitStack() as workers:
        for _ in range(2):
            workers.enter_context(place.worker())
        wait_for(lambda: states(place) == Counter(DONE=JOBS), 30)
        took = time.monotonic() - killed
    work = 0.4 * left / 2
    assert took < STARTING + LEASE.total_seconds() + work, f"took {took:.1f} s"
    assert place.rows("SELECT number FROM sample_effect ORDER BY number") == [(n,) for n in range(JOBS)]
    starts = Counter(number for (number,) in place.rows("SELECT number FROM sample_start"))
    assert sorted(starts.values(), reverse=True)[: in_flight + 1] == [2, 2, 1]
    assert place.rows("SELECT COUNT(*) FROM jobs_job WHERE tries = 2") == [(in_flight,)]


def test_a_worker_told_to_stop_finishes_its_job_and_leaves(place: Ground) -> None:
    enqueue(place, 3, 1.0)
    with place.worker() as worker:
        wait_for(lambda: states(place)["RUNNING"] == 1, 30)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    assert states(place) == Counter(DONE=1, READY=2)


def test_a_worker_told_to_stop_gives_a_long_job_back_at_once(place: Ground) -> None:
    enqueue(place, 1, 60)
    with place.worker() as worker:
        wait_for(lambda: states(place)["RUNNING"] == 1, 30)
        started = time.monotonic()
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=20) == 0
        assert 7 < time.monotonic() - started < 11
    assert place.rows("SELECT state, tries, owner FROM jobs_job") == [("READY", 0, "")]


def test_two_workers_share_the_rounds_of_a_schedule(place: Ground) -> None:
    with place.worker(), place.worker():
        wait_for(lambda: len(place.rows("SELECT name FROM jobs_schedulerun WHERE last_at IS NOT NULL")) > 2, 30)
        wait_for(lambda: not place.rows("SELECT name FROM jobs_schedulerun WHERE owner <> ''"), 10)
    assert place.rows("SELECT name FROM jobs_schedulerun WHERE error <> ''") == []
