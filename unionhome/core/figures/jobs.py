"""Background work of figures: reading the many rows of a publication."""

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from unionhome.core.figures import actions, queries
from unionhome.core.registry import Actor, Refused

MOST_TRIES = 3
STOPPED = "程序多次出错，没有取完数。请系统管理员在“后台任务”里查看原因，再重新取数。"


@task(label="取要发布的数", most_tries=MOST_TRIES, takes_context=True)
def read_publication(context: TaskContext, pk: int) -> None:
    """Freeze the figures of a publication; one that cannot be read says why and waits for somebody."""
    row = queries.find_publication(pk)
    if row is None:
        return
    at: Any = context.task_result.started_at
    system = Actor.system("publication", at)
    try:
        actions.read_rows(actions.drafting_actor(row, system), row)
    except Refused as refused:
        actions.fail_reading(system, row, refused.sentence)
    except Exception:
        if context.attempt >= MOST_TRIES:
            actions.fail_reading(system, row, STOPPED)
        raise
