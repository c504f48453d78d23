"""Background work of the register: checking and entering rosters, and erasing them when their time is over."""

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor
from unionhome.core.members import actions, queries
from unionhome.core.registry import Actor, Refused

CHECK_TRIES, ENTER_TRIES = 3, 5
STOPPED = "程序多次出错，{}。请系统管理员在“后台任务”里查看原因。"


@task(label="检查会员名册", most_tries=CHECK_TRIES, takes_context=True)
def check_roster(context: TaskContext, roster_id: int) -> None:
    """Read a roster and judge its rows; one that cannot be checked is refused and says why."""
    roster = queries.find_roster(roster_id)
    if roster is None:
        return
    try:
        actions.check_roster(_actor(context, roster.user), roster_id)
    except Refused as refused:
        actions.fail_check(_system(context), roster_id, refused.sentence)
    except Exception:
        if context.attempt >= CHECK_TRIES:
            actions.fail_check(_system(context), roster_id, STOPPED.format("这份名册没有查完"))
        raise


@task(label="登记会员名册", most_tries=ENTER_TRIES, takes_context=True)
def enter_roster(context: TaskContext, roster_id: int) -> None:
    """Enter the next lots of a roster, and queue the rest; one that cannot go on says why and waits for somebody."""
    roster = queries.find_roster(roster_id)
    if roster is None:
        return
    try:
        actor = _actor(context, roster.confirmed_by or roster.user)
        entered = actions.enter_roster(actor, roster_id, most=actions.LOTS_PER_JOB)
    except Refused as refused:
        actions.stall_roster(_system(context), roster_id, f"没有登记完：{refused.sentence}")
    except Exception:
        if context.attempt >= ENTER_TRIES:
            actions.stall_roster(_system(context), roster_id, STOPPED.format("这份名册没有登记完"))
        raise
    else:
        if entered.state == "applying":
            actions.queue_entry(entered, entered.done_count)


def _system(context: TaskContext) -> Actor:
    at: Any = context.task_result.started_at
    return Actor.system("roster", at)


def _actor(context: TaskContext, user: User | None) -> Actor:
    """Whoever answers for the work, with the grants of now. Raises Refused when the account was stopped."""
    system = _system(context)
    if user is None:
        return system
    if not user.is_active:
        raise Refused(f"{user.name}的账号已经停用。", "account-stopped")
    return get_actor(user, "desk", system.at)


def erase_rosters(actor: Actor) -> None:
    """Erase what rosters and exports held of people, when their time is over."""
    actions.end_old_rosters(actor)
    actions.erase_old_rosters(actor)
    actions.erase_old_national(actor)


@task(label="核对全国系统导出表", most_tries=CHECK_TRIES, takes_context=True)
def compare_national(context: TaskContext, batch_id: int) -> None:
    """Compare an export with the register; one that cannot be compared says why."""
    batch = queries.find_national(batch_id)
    if batch is None:
        return
    try:
        actions.compare_national(_actor(context, batch.user), batch_id)
    except Refused as refused:
        actions.fail_comparing(_system(context), batch_id, refused.sentence)
    except Exception:
        if context.attempt >= CHECK_TRIES:
            actions.fail_comparing(_system(context), batch_id, STOPPED.format("这份导出表没有核对完"))
        raise


@task(label="查找重复档案", most_tries=CHECK_TRIES, takes_context=True)
def scan_duplicates(context: TaskContext) -> None:
    """Look through the whole register for files that may be one person's, because somebody asked."""
    actions.scan_duplicates(_system(context))


def find_duplicates(actor: Actor) -> None:
    """The same, every night."""
    actions.scan_duplicates(actor)


def raise_transfers(actor: Actor) -> None:
    """Show transfers that a union has let lie to the union above it."""
    actions.raise_silent_transfers(actor)
    actions.mend_leavings(actor)


def count_members(_actor: Actor) -> None:
    """Count the members of unions where something changed."""
    actions.fold_counts()
