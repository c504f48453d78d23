"""Another parent from a day on; earlier days keep the earlier tree."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import check_after_founding, lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.foundings.enter import check_name
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries import get_reach, get_reach_below
from unionhome.core.organizations.rules import check_parent
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import move_node


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
