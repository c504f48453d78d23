"""Another name from a day on."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import check_after_founding, lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.foundings.enter import check_name
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries import get_reach
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import rename_node


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
