"""The union that is to change: found, locked, on a day after its founding; and the note that stays of it."""

from datetime import date

from unionhome.core.organizations.models import Organization, OrganizationChange
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.models import Node, NodePath


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
