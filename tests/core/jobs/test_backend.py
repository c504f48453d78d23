from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from tests.core.jobs import samples
from unionhome.core.access.clock import now
from unionhome.core.jobs.backend import LeaseBackend
from unionhome.core.jobs.models import Job
from unionhome.core.jobs.worker import drain

pytestmark = pytest.mark.django_db


def test_a_queued_job_runs_and_its_result_comes_back() -> None:
    result = samples.add.enqueue(2, right=3)
    assert result.status == TaskResultStatus.READY
    assert drain() == 1
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert result.return_value == 5
    assert samples.add.get_result(result.id).return_value == 5


@pytest.mark.django_db(transaction=True)
def test_a_job_is_queued_by_its_transaction_or_not_at_all() -> None:
    with transaction.atomic():
        samples.add.enqueue(1, 1)
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
    assert samples.add.enqueue(1, 1).id


def test_the_same_key_is_queued_once_and_never_again_after_it_ran() -> None:
    first = samples.add.using(key="sum:7").enqueue(3, 4)
    second = samples.add.using(key="sum:7").enqueue(3, 4)
    assert first.id == second.id
    drain()
    third = samples.add.using(key="sum:7").enqueue(3, 4)
    assert third.status == TaskResultStatus.SUCCESSFUL
    assert drain() == 0
    assert samples.add.key is None


def test_using_keeps_label_and_tries() -> None:
    changed = samples.break_down.using(priority=5).using(key="a")
    assert (changed.priority, changed.key, changed.most_tries) == (5, "a", 2)


def test_a_job_waits_for_its_time() -> None:
    later = now() + timedelta(minutes=5)
    samples.add.using(run_after=later).enqueue(1, 1)
    assert drain() == 0


def test_larger_priority_comes_first_then_the_older() -> None:
    samples.make_tables()
    samples.slow_effect.enqueue(1, 0)
    samples.slow_effect.enqueue(2, 0)
    samples.slow_effect.using(priority=9).enqueue(3, 0)
    drain()
    started = [job.args[0] for job in Job.objects.order_by("started_at", "finished_at")]
    assert started == [3, 1, 2]


def test_the_context_tells_the_attempt() -> None:
    result = samples.tell_attempt.enqueue()
    drain()
    result.refresh()
    assert result.return_value == 1


def test_an_unknown_result_is_refused() -> None:
    for name in ("0", "nonsense"):
        with pytest.raises(TaskResultDoesNotExist):
            LeaseBackend("default", {}).get_result(name)
