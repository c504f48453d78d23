"""Sending a case to another union."""

from django.db import transaction

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.handling import (
    already_done,
    carry_followers,
    follow_files,
    hold,
    move_case,
    refresh_item,
)
from unionhome.core.cases.actions.opening import add_entry, standing_of
from unionhome.core.cases.models import Case, Entry
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.models import Node


@transaction.atomic
def refer_case(actor: Actor, case_id: int, *, node: Node, reason: str, submit_key: str = "") -> Case:
    """Send the case to another union, which has to accept it; from then on the sender can look, not act.

    Raises Refused for a closed union, the same one, or the employer's union that must not see it.
    """
    hold(actor, case_id)
    if already_done(submit_key):  # asked first: who has sent it on may no longer act on it
        return queries.get_case(actor, case_id)
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    _refuse_target(case, node)
    sender = case.node
    move_case(actor, case, "refer", reason=reason, said=f"转办给{node.name}")
    Case.objects.filter(pk=case.pk).update(
        node=node, handler=None, stand_in=None, accepted_at=None, **standing_of(node)
    )
    case.refresh_from_db()
    clocks.recompute(case)
    follow_files(actor, case)
    refresh_item(actor, case)
    carry_followers(actor, case)
    share_row(actor, "cases.case", case.pk, node=sender, reason=f"转办给{node.name}")
    add_entry(
        actor, case, Entry.Kind.STEP, f"转给{node.name}办理", text=reason.strip(), is_public=True, submit_key=submit_key
    )
    return case


def _refuse_target(case: Case, node: Node) -> None:
    if node.pk == case.node_id:
        raise Refused("已经在这个工会了，请选另一个。", "same-union", fields={"node": "已经在这个工会了，请选另一个。"})
    if node.closed_on is not None:
        raise Refused("这个工会已经撤销。", "closed-union", fields={"node": "这个工会已经撤销。"})
    if case.hidden_path and node.path.startswith(case.hidden_path):
        sentence = "本人不让单位知道，不能转给单位工会。"
        raise Refused(sentence, "hidden-union", fields={"node": sentence})
