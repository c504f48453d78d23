"""Exports whose time is over: what was decided stays, what they held of people goes."""

from django.db import transaction
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.members.actions.national.comparing import item_of
from unionhome.core.members.models import NationalDifference, NationalImport
from unionhome.core.members.queries import national as queries
from unionhome.core.members.queries import rosters
from unionhome.core.members.workflow import NATIONAL
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.workflow.actions import move


def erase_old_national(actor: Actor) -> int:
    """Erase files and rows of exports that policy keeps no longer; counts and decisions stay. How many."""
    days = int(get_value("members.roster_days", timezone.localdate(actor.at)))
    old = list(queries.list_old_national(actor.at - days * rosters.DAY))
    for batch in old:
        _erase(actor, batch)
    return len(old)


@transaction.atomic
def _erase(actor: Actor, batch: NationalImport) -> None:
    system = Actor.system("retention of exports", actor.at)
    if batch.state == "uploaded":
        move(system, NATIONAL, batch, "cancel", item=item_of(batch))
    elif batch.state == "compared":
        move(system, NATIONAL, batch, "close", item=item_of(batch))
    files.erase_files(actor, batch, reason="导出表保存期满")
    NationalDifference.objects.filter(batch=batch).update(row_sealed=b"", shown={})
    NationalImport.objects.filter(pk=batch.pk).update(samples={}, strange={}, erased_at=actor.at)
