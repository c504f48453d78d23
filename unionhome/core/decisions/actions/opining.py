"""The opinions of finance, lawyers and audit on an item, each given by its own role."""

from datetime import date

from django.db import transaction

from unionhome.core.access.queries import list_specialists
from unionhome.core.decisions import queries
from unionhome.core.decisions.actions.locking import is_repeat, lock_item, tell, today_of
from unionhome.core.decisions.models import Item, Opinion, Role, Stance
from unionhome.core.decisions.rules import check_past, refuse_at
from unionhome.core.decisions.workflow import ITEM, PREPARE
from unionhome.core.registry import Actor, Forbidden, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.actions import note_step
from unionhome.kit.codes import mask_numbers

OPEN = ("prepared", "waiting")


@transaction.atomic
def ask_lawyer(actor: Actor, item_id: int, user_id: int, *, submit_key: str = "") -> Item:
    """Hand the item to a lawyer, who sees nothing that was not handed over. Raises BadInput for who is none."""
    item = lock_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "ask", submit_key):
        return item
    _refuse_closed(item)
    lawyers = {user.pk: user for user in list_specialists(item.node, "decisions.opine_legal", actor.at)}
    if user_id not in lawyers:
        raise refuse_at("lawyer", "请从名单里选一位律师。")
    share_row(actor, "decisions.item", item.pk, reason="请提法律意见", user_id=user_id, can_act=True)
    note_step(actor, ITEM, item, "ask", submit_key)
    tell(actor, item, "shared", "请律师提意见", {"item": item.number, "lawyer": lawyers[user_id].name})
    return item


@transaction.atomic
def give_opinion(
    actor: Actor, item_id: int, *, role: str, stance: str, text: str, given_on: date, submit_key: str = ""
) -> Item:
    """Say what finance, the lawyer or audit thinks; a newer opinion of a role takes the place of the older.

    Raises Forbidden for another role, Refused for whoever brought the item in, rewrote it or gave the
    opinion of another role, BadInput at the field.
    """
    queries.get_item(actor, item_id)
    Item.objects.select_for_update().get(pk=item_id)
    item = queries.get_item(actor, item_id)
    if role not in Role.values or not queries.may_opine(actor, item, role):
        raise Forbidden("这方面的意见由财务、法律顾问或者经审的人来提。")
    if is_repeat(actor, ITEM, item, "opine", submit_key):
        return item
    _refuse_closed(item)
    if queries.is_author(actor, item):
        raise Refused("这个议题是您提出或者改写的，意见要由另一个人来提。", "same-person")
    if queries.has_other_opinion(actor, item, role):
        raise Refused("另一方面的意见是您提的，这方面的要由另一个人来提。", "same-person")
    if stance not in Stance.values:
        raise refuse_at("stance", "请选同意还是不同意。")
    if stance != Stance.AGREE and not text.strip():
        raise refuse_at("text", "请写哪里要改，或者为什么不同意。", "text-missing")
    check_past("given_on", given_on, today_of(actor), item.opened_on)
    Opinion.objects.filter(item=item, role=role, fell_at__isnull=True).update(fell_at=actor.at)
    Opinion.objects.create(
        item=item,
        role=role,
        stance=stance,
        text=mask_numbers(text.strip())[:300],
        given_on=given_on,
        given_at=actor.at,
        given_by=actor.user_id,
        name=actor.name,
        post=actor.post,
    )
    note_step(actor, ITEM, item, "opine", submit_key)
    said = f"提{Role(role).label}，{Stance(stance).label}"
    tell(actor, item, "judged", said, {"item": item.number, "role": Role(role).label, "stance": Stance(stance).label})
    return item


def _refuse_closed(item: Item) -> None:
    if item.state not in OPEN:
        raise Refused(f"现在的状态是“{ITEM.state(item.state).label}”，不能再提意见。", "wrong-state")
