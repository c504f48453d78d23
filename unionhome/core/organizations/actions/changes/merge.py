"""Several unions become one, from a day on, with their members, employers and open matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.following import Following, follow
from unionhome.core.organizations.actions.changes.leaving import (
    Plan,
    check_belongings,
    check_leaving_day,
    check_own_matters,
    check_reason,
    close_union,
    end_officers,
    lock_active,
)
from unionhome.core.organizations.actions.changes.standing import check_after_founding, lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers.covers import add_cover, end_covers
from unionhome.core.organizations.actions.foundings.enter import check_name
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries.following import Belonging, list_belongings
from unionhome.core.organizations.rules import check_covers, check_merger, check_parent
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import move_node
from unionhome.core.tree.models import Node

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Merger:
    """Which unions (ids) become part of which, from when. `employers_follow` is False where they ended with it."""

    source_ids: Sequence[int]
    target_id: int
    on: date
    reason: str
    employers_follow: bool = True


@transaction.atomic
def plan_merger(actor: Actor, merger: Merger) -> Plan:
    """What `merge_unions` would do now, with every refusal it would raise. Writes nothing."""
    target = lock_active(actor, merger.target_id)
    check_day(actor, merger.on, "on")
    check_reason(merger.reason)
    ids = list(dict.fromkeys(merger.source_ids))
    if not ids or len(ids) > MOST_AT_ONCE:
        sentence = f"一次合并 1 至 {MOST_AT_ONCE} 个工会。"
        raise BadInput(sentence, "bad-sources", fields={"codes": sentence})
    if merger.target_id in ids:
        sentence = "工会不能并到它自己。"
        raise BadInput(sentence, "itself", fields={"codes": sentence})
    sources = [lock_active(actor, pk) for pk in ids]
    check_after_founding(target.node, merger.on)
    return Plan(target, [(source, _check_source(source, target, merger)) for source in sources])


def _check_source(source: Organization, target: Organization, merger: Merger) -> list[Belonging]:
    node = source.node
    check_merger(node.name, node.is_local, source.form, target.form, target.node.level)
    if target.node.path.startswith(node.path):
        raise Refused(f"{target.node.name}在{node.name}下面，不能把上级并到自己的下级。", "cycle")
    check_leaving_day(source, merger.on)
    check_own_matters(node)
    for child in Organization.objects.filter(node__parent=node, node__closed_on=None).select_related("node"):
        if child.pk != target.pk:
            check_parent(child.form, target.node.level, target.status)
            check_name(child.node.name, target.node)
    found = list_belongings(node)
    employers = next((each.count for each in found if each.key == "covered"), 0)
    check_covers(target.form, merger.employers_follow, employers)
    check_belongings(node, found)
    return found


@transaction.atomic
def merge_unions(actor: Actor, merger: Merger) -> Organization:
    """Let the sources become part of the target: members, employers, sub-unions and open matters go along from the day.

    The officers of the sources end that day, their nodes close, their history stays where it was. Raises what
    `plan_merger` does: Forbidden beyond the actor's reach, NotFound outside its branches, Refused, BadInput. A union
    that is part of the target already is passed over, so that the same form sent twice does nothing twice.
    """
    merger = replace(merger, source_ids=_not_merged_yet(merger))
    if not merger.source_ids:
        return lock_union(actor, merger.target_id)
    plan = plan_merger(actor, merger)
    for source, _ in plan.sources:
        _merge_one(actor, source, plan.target, merger)
    return plan.target


def _not_merged_yet(merger: Merger) -> list[int]:
    done = Organization.objects.filter(
        pk__in=merger.source_ids,
        status="dissolved",
        node__changes__kind="merged",
        node__changes__other=merger.target_id,
    )
    gone = set(done.values_list("pk", flat=True))
    return [pk for pk in merger.source_ids if pk not in gone]


def _merge_one(actor: Actor, source: Organization, target: Organization, merger: Merger) -> None:
    node = source.node
    for child in Node.objects.filter(parent=node, closed_on=None).order_by("path"):
        move_node(actor, child, target.node, on=merger.on)
        note_change(child, "moved", merger.on, node.name, target.node.name, merger.reason, None, other=target.node)
    employers = end_covers(actor, node, on=merger.on)
    for employer in employers if merger.employers_follow else ():
        add_cover(actor, target.node, employer, merger.on)
    counts = follow(actor, Following(node, target.node, merger.on, merger.reason))
    counts |= {"employers": len(employers), "officers": end_officers(source, merger.on)}
    close_union(actor, source, merger.on)
    data = {"into_union": target.node.code, "on": merger.on.isoformat(), "reason": merger.reason, **counts}
    summary = f"{node.name}并入{target.node.name}"
    entry = record(actor, "organizations.union.merged", node=node, about=source, summary=summary, data=data)
    note_change(node, "merged", merger.on, node.name, target.node.name, merger.reason, entry.pk, other=target.node)
    data = {"from_union": node.code, "on": merger.on.isoformat(), "reason": merger.reason, **counts}
    entry = record(actor, "organizations.union.joined", node=target.node, about=target, summary=summary, data=data)
    note_change(target.node, "merged", merger.on, node.name, target.node.name, merger.reason, entry.pk, other=node)
