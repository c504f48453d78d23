"""Background work of the help desk: checking and entering sheets of the 12351 hotline, erasing old ones."""

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor
from unionhome.core.registry import Actor, Refused
from unionhome.services.helpdesk import actions, queries

CHECK_TRIES, ENTER_TRIES = 3, 5
STOPPED = "程序多次出错，{}。请系统管理员在“后台任务”里查看原因。"


@task(label="检查 12351 工单表", most_tries=CHECK_TRIES, takes_context=True)
def check_sheet(context: TaskContext, sheet_id: int) -> None:
    """Read a sheet and judge its rows; one that cannot be checked is refused and says why."""
    sheet = queries.find_sheet(sheet_id)
    if sheet is None:
        return
    try:
        actions.check_sheet(_actor(context, sheet.user), sheet_id)
    except Refused as refused:
        actions.fail_check(_system(context), sheet_id, refused.sentence)
    except Exception:
        if context.attempt >= CHECK_TRIES:
            actions.fail_check(_system(context), sheet_id, STOPPED.format("这份工单表没有查完"))
        raise


@task(label="登记 12351 工单", most_tries=ENTER_TRIES, takes_context=True)
def enter_sheet(context: TaskContext, sheet_id: int) -> None:
    """Make needs of a sheet's orders; where that stops it says why and waits for somebody."""
    sheet = queries.find_sheet(sheet_id)
    if sheet is None:
        return
    try:
        actions.enter_sheet(_actor(context, sheet.confirmed_by or sheet.user), sheet_id)
    except Refused as refused:
        actions.stall_sheet(_system(context), sheet_id, f"没有登记完：{refused.sentence}")
    except Exception:
        if context.attempt >= ENTER_TRIES:
            actions.stall_sheet(_system(context), sheet_id, STOPPED.format("这份工单表没有登记完"))
        raise


def _system(context: TaskContext) -> Actor:
    at: Any = context.task_result.started_at
    return Actor.system("hotline sheet", at)


def _actor(context: TaskContext, user: User | None) -> Actor:
    """Whoever answers for the work, with the grants of now. Raises Refused when the account was stopped."""
    system = _system(context)
    if user is None:
        return system
    if not user.is_active:
        raise Refused(f"{user.name}的账号已经停用。", "account-stopped")
    return get_actor(user, "desk", system.at)


def erase_sheets(actor: Actor) -> None:
    """Erase what sheets held, when their time is over."""
    actions.erase_old_sheets(actor)
