"""What is done from the inbox: items given to a colleague, many at a time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from unionhome.core.cases.actions import hand_cases, lock_cases
from unionhome.core.home import queries
from unionhome.core.home.queries import CASE, Judged
from unionhome.core.home.rules import check_choice
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.actions import give_items, give_label, lock_items
from unionhome.core.workflow.queries import find_own_step


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a batch. `gone_count` items are no longer in sight of the one who chose them."""

    receiver: str
    given: Sequence[Judged] = ()
    refused: Sequence[Judged] = ()
    gone_count: int = 0
    is_repeat: bool = False


@transaction.atomic
def give_to_colleague(actor: Actor, item_ids: Sequence[int], *, receiver_id: int, submit_key: str = "") -> Given:
    """Give items of the actor's own union to one of its people, as far as they can be given; the rest is named with its
    reason. What was done or moved on in the meantime is among the rest.

    One transaction, one journal entry, a step in the history of each row; a repeat changes nothing. Raises Forbidden
    without the permission, BadInput where nothing, too much or no colleague is chosen, or the key
    was that of another act.
    """
    if actor.node_id is None:
        raise Forbidden()
    node = get_any_node(actor.node_id)
    actor.require("workflow.give", node.path)
    check_choice(item_ids)
    receiver = queries.find_colleague(actor, receiver_id)
    if receiver is None:
        sentence = "请选一位本工会的同事。"
        raise BadInput(sentence, "no-colleague", fields={"receiver": sentence})
    handled = lock_cases(actor, queries.list_case_ids(actor, item_ids), receiver=receiver)
    lock_items(item_ids)
    earlier = find_own_step(actor, submit_key)
    if earlier is not None and (earlier.verb, earlier.label) != ("give", give_label(receiver)):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    if earlier is not None:
        return Given(receiver.name, is_repeat=True)
    judged = queries.list_judged(actor, item_ids, receiver=receiver, handled=handled)
    taken = [each for each in judged if not each.reason]
    refused = [each for each in judged if each.reason]
    given = Given(receiver.name, taken, refused, len(set(item_ids)) - len(judged))
    if not taken:
        return given
    items = [each.item for each in taken]
    hand_cases(actor, [item.object_id for item in items if item.model == CASE], receiver)
    give_items(actor, items, receiver, submit_key)
    rows = "\n".join(sorted(f"{item.model} {item.object_id}" for item in items))
    record(
        actor,
        "home.items.given",
        node=node,
        summary=f"交给{receiver.name} {len(items)} 件",
        data={"count": len(items), "receiver": receiver.name, "sha256": hashlib.sha256(rows.encode()).hexdigest()},
    )
    return given
