"""One union becomes two, from a day on: some of its employers get a union of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.following import Following, follow
from unionhome.core.organizations.actions.changes.leaving import (
    Plan,
    check_belongings,
    check_own_matters,
    check_reason,
    lock_active,
)
from unionhome.core.organizations.actions.changes.standing import check_after_founding, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers.covers import add_cover, end_covers
from unionhome.core.organizations.actions.employers.register import EmployerFacts
from unionhome.core.organizations.actions.foundings.enter import UnionFacts, check_name, found_union
from unionhome.core.organizations.models import CoveredUnit, Employer, Organization
from unionhome.core.organizations.queries.following import list_belongings
from unionhome.core.organizations.rules import check_split
from unionhome.core.registry import Actor, BadInput, Refused


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
    union = lock_active(actor, split.node_id)
    node = union.node
    if node.is_local or node.parent is None:
        raise Refused("地方工会随行政区划设立，不能在这里分立。", "local-fixed")
    check_day(actor, split.on, "on")
    check_reason(split.reason)
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
