"""Dated changes of a standing union: its facts, its name, its parent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.founding import (
    check_name,
    clean_own_uscc,
    term_end,
)
from unionhome.core.organizations.models import Organization, OrganizationChange
from unionhome.core.organizations.queries import get_fact_label, get_reach, get_reach_below
from unionhome.core.organizations.rules import (
    FACTS,
    check_certificate,
    check_counts,
    check_parent,
    check_term,
)
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.actions import correct_opening, move_node, rename_node
from unionhome.core.tree.models import Node, NodePath


@transaction.atomic
def change_facts(
    actor: Actor,
    node_id: int,
    *,
    facts: Mapping[str, Any],
    source: str,
    on: date,
    reason: str = "",
) -> Organization:
    """Change facts (names in `rules.FACTS`), each stamped with its source and day. What did not change is not stamped.

    A union changes its own contact facts and reported numbers; the rest is the next higher union's. Raises BadInput
    at the field, Forbidden with the reason beyond the actor's reach, NotFound outside the actor's branches.
    """
    unknown = set(facts) - FACTS
    if unknown:
        raise ValueError(f"no facts of a union: {sorted(unknown)}")
    organization = lock_union(actor, node_id)
    check_day(actor, on, "on")
    changed = {name: value for name, value in facts.items() if getattr(organization, name) != value}
    if not changed:
        return organization
    get_reach(actor, organization.node.path).check(changed)
    old = {name: _text(getattr(organization, name)) for name in changed}
    for name, value in changed.items():
        setattr(organization, name, value)
    _check(actor, organization, changed)
    organization.sources = {
        **organization.sources,
        **{name: [source, on.isoformat()] for name in changed},
    }
    organization.save()
    new = {name: _text(getattr(organization, name)) for name in changed}
    labels = [get_fact_label(name) for name in changed]
    entry = record(
        actor,
        "organizations.union.changed",
        node=organization.node,
        about=organization,
        summary=f"{organization.node.name}资料变更：{'、'.join(labels)}"[:300],
        data={"old": old, "new": new, "source": source, "on": on.isoformat()},
    )
    note_change(organization.node, "changed", on, _line(old), _line(new, "清空"), reason, entry.pk)
    return organization


def _check(actor: Actor, organization: Organization, changed: Mapping[str, Any]) -> None:
    if "founded_on" in changed:
        _correct_founding(actor, organization)
    if "uscc" in changed:
        organization.uscc = clean_own_uscc(organization.uscc, except_pk=organization.pk)
    if changed.keys() & {"term_starts_on", "term_years"} and "term_ends_on" not in changed:
        organization.term_ends_on = term_end(organization.term_starts_on, None, organization.term_years)
    check_term(organization.term_starts_on, organization.term_ends_on, organization.term_years)
    check_certificate(organization.legal_issued_on, organization.legal_ends_on)
    check_counts(organization.workers_count, organization.women_count)


def _correct_founding(actor: Actor, organization: Organization) -> None:
    """The founding day decides from when the union counts: the tree follows it."""
    on = organization.founded_on
    if on is None:
        sentence = "建会日期不能清空，请填正确的日期。"
        raise BadInput(sentence, "no-founding", fields={"founded_on": sentence})
    check_day(actor, on, "founded_on")
    try:
        organization.node = correct_opening(actor, organization.node, on=on)
    except BadInput as refusal:
        raise BadInput(refusal.sentence, refusal.code, fields={"founded_on": refusal.sentence}) from refusal


@transaction.atomic
def rename_union(actor: Actor, node_id: int, *, name: str, on: date, reason: str) -> Organization:
    """Give a union another name from a day on.

    Raises BadInput for an empty or taken name, Forbidden beyond the actor's reach, NotFound outside its branches.
    """
    organization = lock_union(actor, node_id)
    node, name = organization.node, name.strip()
    get_reach(actor, node.path).check()
    check_day(actor, on, "on")
    if not name:
        sentence = "请填写工会名称。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    if name == node.name:
        return organization
    if node.parent is not None:
        check_name(name, node.parent, except_pk=node.pk)
    check_after_founding(node, on)
    old = node.name
    organization.node = rename_node(actor, node, name)
    entry = record(
        actor,
        "organizations.union.renamed",
        node=organization.node,
        about=organization,
        summary=f"{old}更名为{name}",
        data={"old": old, "new": name, "on": on.isoformat(), "reason": reason},
    )
    note_change(organization.node, "renamed", on, old, name, reason, entry.pk)
    return organization


@transaction.atomic
def move_union(actor: Actor, node_id: int, *, parent_code: str, on: date, reason: str) -> Organization:
    """Put a union and all below it under another parent from a day on; earlier days keep the earlier tree.

    The actor must manage both the union and the new parent. Raises Refused for a cycle, BadInput for a parent that
    cannot hold it or a day before its last move, Forbidden beyond the actor's reach.
    """
    organization = lock_union(actor, node_id)
    node = organization.node
    get_reach(actor, node.path).check()
    parent = Organization.objects.select_related("node").filter(node__code=parent_code).first()
    if parent is None:
        sentence = f"找不到上级工会：{parent_code or '未选择'}"
        raise BadInput(sentence, "unknown-parent", fields={"parent": sentence})
    get_reach_below(actor, parent.node.path).check()
    check_day(actor, on, "on")
    if node.is_local:
        raise Refused("地方工会的上级随行政区划，不能单独移动。", "local-fixed")
    if node.parent_id == parent.node_id:
        return organization
    if parent.node.path.startswith(node.path):
        raise Refused("不能把工会移到它自己或它的下级下面。", "cycle")
    check_parent(organization.form, parent.node.level, parent.status)
    check_name(node.name, parent.node)
    check_after_founding(node, on)
    old = node.parent.name if node.parent else ""
    organization.node = move_node(actor, node, parent.node, on=on)
    entry = record(
        actor,
        "organizations.union.moved",
        node=organization.node,
        about=organization,
        summary=f"{node.name}的上级由{old}变更为{parent.node.name}",
        data={"old": old, "new": parent.node.name, "on": on.isoformat(), "reason": reason},
    )
    note_change(organization.node, "moved", on, old, parent.node.name, reason, entry.pk)
    return organization


def lock_union(actor: Actor, node_id: int) -> Organization:
    """A standing union of the actor's branches, held until the transaction ends. Raises NotFound, Forbidden, Refused."""
    organization = (
        Organization.objects.select_for_update(of=("self",)).select_related("node__parent").filter(pk=node_id).first()
    )
    if organization is None or not actor.may("organizations.view", organization.node.path):
        raise NotFound()
    actor.require("organizations.manage", organization.node.path)
    if organization.status == "dissolved":
        raise Refused("已撤销的工会不再变更。", "dissolved")
    return organization


def check_after_founding(node: Node, on: date) -> None:
    """A change is dated after the founding and not before the last move."""
    start = NodePath.objects.filter(node=node, ends_on=None).values_list("starts_on", flat=True).first()
    first = max(node.opened_on, start or node.opened_on)
    if on < first:
        sentence = f"日期不能早于 {first:%Y-%m-%d}（成立或上一次变更上级的那天）。"
        raise BadInput(sentence, "before-founding", fields={"on": sentence})


def note_change(
    node: Node,
    kind: str,
    on: date,
    old: str,
    new: str,
    reason: str,
    entry_id: int | None,
    *,
    other: Node | None = None,
) -> None:
    """Keep a dated change of a union; `other` is the union on the other side of it."""
    OrganizationChange.objects.create(
        node=node,
        kind=kind,
        on=on,
        old=old[:200],
        new=new[:200],
        reason=reason[:200],
        other=other,
        entry_id=entry_id,
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


UNITS = {"term_years": " 年", "workers_count": " 人", "women_count": " 人", "members_count": " 人"}


def _line(values: Mapping[str, str], empty: str = "") -> str:
    """Facts in words; those without a value as `empty`, or left out."""
    shown = {name: f"{value}{UNITS.get(name, '')}" if value else empty for name, value in values.items()}
    return "；".join(f"{get_fact_label(name)} {text}" for name, text in shown.items() if text)
