"""Looking through the whole register for files that may be one person's."""

from itertools import islice

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.members.models import Duplicate
from unionhome.core.members.queries import duplicates as queries
from unionhome.core.members.queries.rosters import find_own_branch
from unionhome.core.members.rules.duplicates import Decision, likely_pairs
from unionhome.core.registry import Actor, resolve

SCAN = "unionhome.core.members.jobs.scan_duplicates"
AT_ONCE = 2000


@transaction.atomic
def ask_for_scan(actor: Actor) -> None:
    """Queue a scan of the whole register, once for each hour. Raises Forbidden."""
    actor.require(queries.MERGE)
    resolve(SCAN).using(key=f"members.duplicates:{actor.at:%Y%m%d%H}").enqueue()
    record(actor, "members.duplicates.asked", node=find_own_branch(actor), summary="查一遍会员里有没有重复档案")


def scan_duplicates(actor: Actor) -> int:
    """Find pairs anew: new ones open, open ones that no longer look alike go, what was decided stays. How many pairs.

    Block by block over the register; memory grows with the pairs alone.
    """
    found: dict[tuple[int, int], list[str]] = {}
    for block in queries.list_blocks():
        for one, other, reasons in likely_pairs(block):
            found[one, other] = reasons
    _keep(actor, found)
    return len(found)


@transaction.atomic
def _keep(actor: Actor, found: dict[tuple[int, int], list[str]]) -> None:
    gone = [
        pk
        for pk, one, other in Duplicate.objects.filter(state=Decision.OPEN).values_list("pk", "person_id", "other_id")
        if (min(one, other), max(one, other)) not in found
    ]
    for start in range(0, len(gone), AT_ONCE):
        Duplicate.objects.filter(pk__in=gone[start : start + AT_ONCE], state=Decision.OPEN).delete()
    rows = (
        Duplicate(person_id=here, other_id=there, reasons=reasons, found_at=actor.at)
        for (one, other), reasons in sorted(found.items())
        for here, there in ((one, other), (other, one))
    )
    while lot := list(islice(rows, AT_ONCE)):
        Duplicate.objects.bulk_create(lot, ignore_conflicts=True)
