"""Several unions become one, or one becomes two: on a day, with their members, employers and open matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes import check_after_founding, lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers import EmployerFacts, add_cover, end_covers
from unionhome.core.organizations.actions.following import Following, follow
from unionhome.core.organizations.actions.founding import UnionFacts, check_name, found_union
from unionhome.core.organizations.models import CoveredUnit, Employer, Officer, Organization
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.following import (
    Belonging,
    list_belongings,
    list_own_matters,
)
from unionhome.core.organizations.rules import check_covers, check_merger, check_parent, check_split
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import close_node, move_node
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


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do: to whom, and how many of what, union by union. Nothing has been written."""

    target: Organization
    sources: list[tuple[Organization, list[Belonging]]]


@transaction.atomic
def plan_merger(actor: Actor, merger: Merger) -> Plan:
    """What `merge_unions` would do now, with every refusal it would raise. Writes nothing."""
    target = _lock_managed(actor, merger.target_id)
    check_day(actor, merger.on, "on")
    _check_reason(merger.reason)
    ids = list(dict.fromkeys(merger.source_ids))
    if not ids or len(ids) > MOST_AT_ONCE:
        sentence = f"一次合并 1 至 {MOST_AT_ONCE} 个工会。"
        raise BadInput(sentence, "bad-sources", fields={"codes": sentence})
    if merger.target_id in ids:
        sentence = "工会不能并到它自己。"
        raise BadInput(sentence, "itself", fields={"codes": sentence})
    sources = [_lock_managed(actor, pk) for pk in ids]
    check_after_founding(target.node, merger.on)
    return Plan(target, [(source, _check_source(source, target, merger)) for source in sources])


def _lock_managed(actor: Actor, node_id: int) -> Organization:
    union = lock_union(actor, node_id)
    get_reach(actor, union.node.path).check()
    if union.status != "active":
        raise Refused(f"{union.node.name}不在正常状态，不能合并、分立或撤销。", "not-active")
    return union


def _check_reason(reason: str) -> None:
    if not reason.strip():
        sentence = "请写明原因：工会不能随意撤销、合并（工会法第十三条）。"
        raise BadInput(sentence, "no-reason", fields={"reason": sentence})


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


def check_own_matters(node: Node, *, but: str = "") -> None:
    """Nothing about the union itself is under way but `but` (a model). Raises Refused."""
    waiting = [item for item in list_own_matters(node) if item.model != but]
    if waiting:
        raise Refused(f"{node.name}还有没有办完的“{waiting[0].kind_label}”，请先办完或撤回。", "own-matter")


def check_belongings(node: Node, found: Sequence[Belonging]) -> None:
    """Everything that belongs to a union can go along as it stands. Raises Refused."""
    for each in found:
        if each.count and each.refusal:
            raise Refused(f"{node.name}：{each.refusal}", f"blocked-{each.key}")


def check_leaving_day(union: Organization, on: date) -> None:
    """A union ends after its founding, its last move, and the first day of whatever it holds. Raises BadInput at `on`."""
    check_after_founding(union.node, on)
    later = [
        *Officer.objects.filter(organization=union, ends_on=None, starts_on__gte=on).values_list(
            "starts_on", flat=True
        ),
        *CoveredUnit.objects.filter(node=union.pk, ends_on=None, starts_on__gt=on).values_list("starts_on", flat=True),
        *Node.objects.filter(parent=union.pk, closed_on=None, opened_on__gt=on).values_list("opened_on", flat=True),
    ]
    if later:
        sentence = f"{union.node.name}在 {max(later):%Y-%m-%d} 还有任职、覆盖单位或下级组织的记录，日期要在它之后。"
        raise BadInput(sentence, "before-events", fields={"on": sentence})


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


def end_officers(union: Organization, on: date) -> int:
    """End every post and committee of a union that comes to its end; how many posts. The caller has checked the day."""
    union.committees.filter(ends_on=None).update(ends_on=on)
    return union.officers.filter(ends_on=None).update(ends_on=on)


def close_union(actor: Actor, union: Organization, on: date) -> None:
    """Close the node and mark the union as ended. The caller has checked everything and journals it."""
    union.node = close_node(actor, union.node, on=on)
    union.status = "dissolved"
    union.save(update_fields=["status"])


@dataclass(frozen=True, slots=True)
class Split:
    """Which employers (ids) of a union get a union of their own. `name` and `form` (single, joint) are the new one's."""

    node_id: int
    employer_ids: Sequence[int]
    name: str
    form: str
    on: date
    reason: str
    approval_no: str = ""
    chair_name: str = ""


@transaction.atomic
def plan_split(actor: Actor, split: Split) -> Plan:
    """What `split_union` would do now, with every refusal it would raise. Writes nothing."""
    union = _lock_managed(actor, split.node_id)
    node = union.node
    if node.is_local or node.parent is None:
        raise Refused("地方工会随行政区划设立，不能在这里分立。", "local-fixed")
    check_day(actor, split.on, "on")
    _check_reason(split.reason)
    check_after_founding(node, split.on)
    check_own_matters(node)
    covers = CoveredUnit.objects.filter(node=node, ends_on=None)
    check_split(split.employer_ids, list(covers.values_list("employer", flat=True)), split.form)
    if not split.name.strip():
        sentence = "请填写新工会的名称。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    check_name(split.name.strip(), node.parent)
    late = covers.filter(employer__in=split.employer_ids, starts_on__gt=split.on).order_by("-starts_on").first()
    if late is not None:
        sentence = f"选的单位里有 {late.starts_on:%Y-%m-%d} 才覆盖的，日期不能早于它。"
        raise BadInput(sentence, "before-events", fields={"on": sentence})
    found = list_belongings(node, split.employer_ids)
    check_belongings(node, found)
    return Plan(union, [(union, found)])


@transaction.atomic
def split_union(actor: Actor, split: Split, *, submit_key: str = "") -> Organization:
    """Found a union beside one, from the day, for some of its employers; their members go along. Returns the new one.

    Raises what `plan_split` does, and what founding a union does.
    """
    earlier = Organization.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        actor.require("organizations.manage", earlier.node.path)
        return earlier
    union = plan_split(actor, split).target
    node, chosen = union.node, frozenset(split.employer_ids)
    employers = end_covers(actor, node, on=split.on, employer_ids=chosen)
    made = _found_beside(actor, union, split, employers, submit_key)
    counts = follow(actor, Following(node, made.node, split.on, split.reason, chosen))
    data = {
        "from_union": node.code,
        "on": split.on.isoformat(),
        "reason": split.reason,
        "employers": len(employers),
    } | counts
    summary = f"{node.name}分出{made.node.name}"
    entry = record(actor, "organizations.union.split", node=node, about=union, summary=summary, data=data)
    note_change(node, "split", split.on, node.name, made.node.name, split.reason, entry.pk, other=made.node)
    note_change(made.node, "split", split.on, node.name, made.node.name, split.reason, entry.pk, other=node)
    return made


def _found_beside(
    actor: Actor, union: Organization, split: Split, employers: Sequence[Employer], submit_key: str
) -> Organization:
    facts = UnionFacts(
        name=split.name.strip(),
        form=split.form,
        division_code=employers[0].division_id,
        founded_on=split.on,
        approval_no=split.approval_no,
    )
    own = _facts_of(employers[0]) if split.form == "single" else None
    made = found_union(
        actor,
        parent_code=_parent_code(union),
        facts=facts,
        employer=own,
        chair_name=split.chair_name,
        submit_key=submit_key,
    )
    for employer in employers if own is None else ():
        add_cover(actor, made.node, employer, split.on)
    return made


def _parent_code(union: Organization) -> str:
    return union.node.parent.code if union.node.parent else ""


def _facts_of(employer: Employer) -> EmployerFacts:
    return EmployerFacts(name=employer.name, division_code=employer.division_id, uscc=employer.uscc)
