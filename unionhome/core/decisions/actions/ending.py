"""The end of an item: not brought to a meeting after all, carried out, or stopped while it runs."""

from datetime import date

from django.db import transaction

from unionhome.core.decisions.actions.locking import is_repeat, lock_item, step_item, tell, today_of
from unionhome.core.decisions.models import Item
from unionhome.core.decisions.rules import check_past, check_words
from unionhome.core.decisions.workflow import CONVENE, ITEM, PREPARE
from unionhome.core.ledger import queries as ledger
from unionhome.core.registry import Actor, Refused
from unionhome.kit.money import yuan_text


@transaction.atomic
def drop_item(actor: Actor, item_id: int, *, reason: str, submit_key: str = "") -> Item:
    """It goes to no meeting, for a reason."""
    item = lock_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "drop", submit_key):
        return item
    return step_item(actor, item, "drop", reason=reason, submit_key=submit_key, ended_on=today_of(actor))


@transaction.atomic
def execute_item(actor: Actor, item_id: int, *, ended_on: date, text: str, submit_key: str = "") -> Item:
    """It was carried out; nothing more is paid on it. Raises BadInput at the field, Refused while money is reserved on it
    that was neither paid nor released."""
    item = lock_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "execute", submit_key):
        return item
    check_past("ended_on", ended_on, today_of(actor), item.decided_on)
    words = check_words("text", text, "请写办成了什么、花了多少钱。")[:300]
    waiting = ledger.get_waiting("decisions.item", item.pk)
    if waiting:
        raise Refused(f"按它预留的钱还有 {yuan_text(waiting)} 元没有支付，请先支付或者取消预留。", "money-reserved")
    step_item(actor, item, "execute", submit_key=submit_key, ended_on=ended_on, result_text=words)
    tell(actor, item, "accounted", "登记执行情况", {"item": item.number, "result": words})
    return item


@transaction.atomic
def withdraw_item(actor: Actor, item_id: int, *, reason: str, submit_key: str = "") -> Item:
    """Stop it while it runs, for a reason: from this moment nothing is paid on it."""
    item = lock_item(actor, item_id, CONVENE)
    if is_repeat(actor, ITEM, item, "withdraw", submit_key):
        return item
    return step_item(actor, item, "withdraw", reason=reason, submit_key=submit_key, ended_on=today_of(actor))
