"""Rosters whose time is over: what was entered stays, what they held of people goes."""

from django.db import transaction
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.members.actions.rosters.entering import finish_roster
from unionhome.core.members.actions.rosters.intake import item_of
from unionhome.core.members.models import RosterImport, RosterLot
from unionhome.core.members.queries import rosters as queries
from unionhome.core.members.workflow import ROSTER
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.workflow.actions import move


def end_old_rosters(actor: Actor) -> int:
    """Close the rosters whose entry stopped and that policy keeps no longer; what was entered stays. How many."""
    days = int(get_value("members.roster_days", timezone.localdate(actor.at)))
    old = list(queries.list_old_stalled(actor.at - days * queries.DAY))
    for roster in old:
        finish_roster(actor, roster.pk, source="stalled", verb="end")
    return len(old)


def erase_old_rosters(actor: Actor) -> int:
    """Erase file, rows and samples of rosters that policy keeps no longer; counts, digests and outcomes stay. How many."""
    days = int(get_value("members.roster_days", timezone.localdate(actor.at)))
    old = list(queries.list_old_rosters(actor.at - days * queries.DAY))
    for roster in old:
        erase_roster(actor, roster)
    return len(old)


@transaction.atomic
def erase_roster(actor: Actor, roster: RosterImport) -> None:
    """Erase what a roster held of people; one that nobody confirmed is given up."""
    if roster.state in ("uploaded", "checked"):
        move(Actor.system("retention of rosters", actor.at), ROSTER, roster, "cancel", item=item_of(roster))
    files.erase_files(actor, roster, reason="名册保存期满")
    RosterLot.objects.filter(roster=roster).update(rows_sealed=b"", refused_sealed=b"")
    RosterImport.objects.filter(pk=roster.pk).update(samples={}, erased_at=actor.at)
