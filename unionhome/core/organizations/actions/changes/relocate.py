"""Where a union is, from a day on."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import check_after_founding, lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries import get_division_text, get_reach
from unionhome.core.registry import Actor, Refused


@transaction.atomic
def relocate_union(
    actor: Actor, node_id: int, *, division_code: str, address: str, source: str, on: date, reason: str = ""
) -> Organization:
    """Note where a union is from a day on; the place may lie outside its parent's division. The parent stays.

    Raises BadInput at `division_code` or `on`, Refused for a federation of a division, NotFound, Forbidden.
    """
    union = lock_union(actor, node_id)
    get_reach(actor, union.node.path).check()
    if union.node.is_local:
        raise Refused("地方工会的所在地随行政区划，只能改办公地址。", "local-fixed")
    division = get_division(division_code, "division_code")
    check_day(actor, on, "on")
    address = address.strip()
    if (union.division_id, union.address) == (division.pk, address):
        return union
    check_after_founding(union.node, on)
    old = _text(union)
    union.division, union.address = division, address
    stamp = (source, on.isoformat())
    union.sources = {**union.sources, "division": list(stamp), "address": list(stamp)}
    union.save(update_fields=["division", "address", "sources"])
    new = _text(union)
    entry = record(
        actor,
        "organizations.union.relocated",
        node=union.node,
        about=union,
        summary=f"{union.node.name}所在地变更为{new}"[:300],
        data={"old": old, "new": new, "source": source, "on": on.isoformat()},
    )
    note_change(union.node, "relocated", on, old, new, reason, entry.pk)
    return union


def _text(union: Organization) -> str:
    return "，".join(filter(None, (get_division_text(union.division), union.address)))
