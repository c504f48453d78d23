from datetime import timedelta

import pytest
from django.utils import timezone

from tests.core.jobs import samples
from tests.worlds import World
from unionhome.core.access.clock import now
from unionhome.core.jobs import actions, queries
from unionhome.core.jobs.models import Job, ScheduleRun, State
from unionhome.core.jobs.rules import sentence_of, wait_before
from unionhome.core.jobs.worker import Worker, drain
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Forbidden, NotFound, Refused, Schedule

pytestmark = pytest.mark.django_db


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def claim(owner: str) -> Job:
    job = actions.claim_job(owner, now())
    assert job is not None
    return job


def test_two_claims_never_take_the_same_job() -> None:
    samples.add.enqueue(1, 1)
    claim("one")
    assert actions.claim_job("two", now()) is None


def test_a_lease_holds_four_seconds_of_the_database_clock() -> None:
    samples.add.enqueue(1, 1)
    before = timezone.now()
    lease = claim("one").lease_until
    assert lease is not None
    assert timedelta(seconds=3.9) < lease - before < timedelta(seconds=4.9)


def test_a_dead_workers_job_goes_to_another_and_the_dead_cannot_finish_it() -> None:
    samples.add.enqueue(1, 1)
    job = claim("dead")
    assert actions.release_expired(now()) == 0
    expire(job)
    assert actions.release_expired(now()) == 1
    claim("alive")
    assert not actions.finish_job(job.pk, "dead", "wrong", now())
    assert not actions.beat_job(job.pk, "dead")
    assert not actions.release_job(job.pk, "dead")
    assert actions.finish_job(job.pk, "alive", "right", now())
    job.refresh_from_db()
    assert (job.state, job.result, job.tries) == (State.DONE, "right", 2)


def test_a_beat_prolongs_the_lease() -> None:
    samples.add.enqueue(1, 1)
    job = claim("one")
    expire(job)
    assert actions.beat_job(job.pk, "one")
    assert actions.release_expired(now()) == 0


def test_a_job_that_kills_its_worker_every_time_is_given_up() -> None:
    samples.break_down.enqueue("x")
    for owner in ("one", "two"):
        expire(claim(owner))
        actions.release_expired(now())
    job = Job.objects.get()
    assert (job.state, job.error) == (State.FAILED, actions.CUT_OFF)


def test_a_released_job_does_not_lose_a_try() -> None:
    samples.add.enqueue(1, 1)
    job = claim("one")
    assert actions.release_job(job.pk, "one")
    job.refresh_from_db()
    assert (job.state, job.tries, job.lease_until) == (State.READY, 0, None)


def test_a_failing_job_waits_then_fails_with_a_reason_that_quotes_no_data() -> None:
    samples.break_down.enqueue("13900000000")
    assert drain() == 1
    job = Job.objects.get()
    assert job.state == State.READY
    assert job.run_after is not None
    assert job.run_after > now()
    Job.objects.update(run_after=None)
    assert drain() == 1
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "ValueError" in job.error
    assert "samples.py" in job.error
    assert "13900000000" not in job.error


def test_a_refusal_tells_its_sentence() -> None:
    samples.say_no.enqueue()
    drain()
    assert Job.objects.get().error == "名册还没有上传完，请稍后再试。"


def test_a_task_that_no_longer_exists_fails_alone() -> None:
    Job.objects.create(task="unionhome.core.jobs.jobs.gone", most_tries=1, enqueued_at=now())
    samples.add.enqueue(1, 1)
    assert drain() == 2
    assert queries.count_by_state() == {"READY": 0, "RUNNING": 0, "DONE": 1, "FAILED": 1}


def test_pauses_grow_and_end_at_an_hour() -> None:
    assert [wait_before(tries).total_seconds() for tries in (1, 2, 5, 99)] == [2, 4, 32, 3600]
    assert sentence_of(KeyError("x")) == "KeyError"


def test_a_manager_retries_what_failed_and_nothing_else(world: World) -> None:
    samples.break_down.using(key="k").enqueue("x")
    job = Job.objects.get()
    with pytest.raises(Refused):
        actions.retry_job(world.actor("sysadmin"), job.pk)
    Job.objects.update(state=State.FAILED, tries=2, error="x")
    actions.retry_job(world.actor("sysadmin"), job.pk)
    job.refresh_from_db()
    assert (job.state, job.tries) == (State.READY, 0)
    assert Entry.objects.get(kind="jobs.job.retried").object_id == job.pk
    with pytest.raises(NotFound):
        actions.retry_job(world.actor("sysadmin"), job.pk + 1)


def test_the_queue_is_for_the_roots_administrators(world: World) -> None:
    world.cadre("county_admin", "county", "sysadmin")
    for ask in (queries.list_jobs, queries.list_rounds, queries.list_state_counts):
        ask(world.actor("sysadmin"))
        for name in ("county_admin", "secadmin", "chair"):
            with pytest.raises(Forbidden):
                ask(world.actor(name))
    with pytest.raises(Forbidden):
        actions.retry_job(world.actor("county_admin"), 1)


def test_a_round_is_taken_once_in_its_time() -> None:
    schedules = [Schedule("every.minute", "x.y", 60)]
    actions.add_schedules(["every.minute"])
    actions.add_schedules(["every.minute"])
    assert actions.claim_round(schedules, "one") == schedules[0]
    assert actions.claim_round(schedules, "two") is None
    assert actions.finish_round("every.minute", "one", None)
    assert actions.claim_round(schedules, "two") is None
    ScheduleRun.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    assert actions.claim_round(schedules, "two") == schedules[0]


def test_a_dead_workers_round_is_taken_up_when_its_lease_ended() -> None:
    schedules = [Schedule("every.minute", "x.y", 60)]
    actions.add_schedules(["every.minute"])
    actions.claim_round(schedules, "dead")
    long_ago = timezone.now() - timedelta(seconds=61)
    ScheduleRun.objects.update(last_at=long_ago)
    assert actions.claim_round(schedules, "two") is None
    ScheduleRun.objects.update(lease_until=long_ago)
    assert actions.claim_round(schedules, "two") == schedules[0]
    assert not actions.beat_round("every.minute", "dead")
    assert not actions.finish_round("every.minute", "dead", None)


def test_a_failing_round_keeps_its_reason_and_the_worker_goes_on() -> None:
    worker = Worker()
    worker.schedules = (Schedule("broken", "tests.core.jobs.samples.gone", 60),)
    actions.add_schedules(["broken"])
    assert worker.run_round()
    run = ScheduleRun.objects.get()
    assert "AttributeError" in run.error
    assert run.lease_until is None
    assert not worker.run_round()


def test_only_old_done_jobs_are_tidied_away() -> None:
    for days, state in ((91, State.DONE), (10, State.DONE), (91, State.FAILED)):
        moment = now() - timedelta(days=days)
        Job.objects.create(task="x", state=state, enqueued_at=moment, finished_at=moment)
    assert actions.tidy_jobs(now() - timedelta(days=90)) == 1
    assert Job.objects.count() == 2
