"""Background work of the register: checking and entering rosters, and erasing them when their time is over."""

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from unionhome.core.access.queries import get_actor
from unionhome.core.members import actions, queries
from unionhome.core.members.models import RosterImport
from unionhome.core.registry import Actor, Refused


@task(label="检查会员名册", most_tries=3, takes_context=True)
def check_roster(context: TaskContext, roster_id: int) -> None:
    """Read a roster and judge its rows."""
    roster = queries.find_roster(roster_id)
    if roster is not None:
        actions.check_roster(_actor(context, roster), roster_id)


@task(label="登记会员名册", most_tries=5, takes_context=True)
def enter_roster(context: TaskContext, roster_id: int) -> None:
    """Enter the next lots of a roster, and queue the rest."""
    roster = queries.find_roster(roster_id)
    if roster is not None:
        entered = actions.enter_roster(_actor(context, roster), roster_id, most=actions.LOTS_PER_JOB)
        if entered.state == "applying":
            actions.queue_entry(entered, entered.done_count)


def _actor(context: TaskContext, roster: RosterImport) -> Actor:
    """Whoever handed the roster in, with the grants of now. Raises Refused when the account was stopped."""
    at: Any = context.task_result.started_at
    if roster.user is None:
        return Actor.system("roster", at)
    if not roster.user.is_active:
        raise Refused("交名册的账号已经停用，这份名册不再登记。", "account-stopped")
    return get_actor(roster.user, "desk", at)


def erase_rosters(actor: Actor) -> None:
    """Erase what rosters held of people, when their time is over."""
    actions.erase_old_rosters(actor)
