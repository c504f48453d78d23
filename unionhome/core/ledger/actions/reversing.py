"""What was written wrong is taken back by a further transfer: asked by one person, confirmed by another."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from unionhome.core.journal.actions import record
from unionhome.core.ledger.actions.posting import REVERSED, Kind, Purse, check_day, draft, lock_accounts, post
from unionhome.core.ledger.models import Allowance, Reversal, Transfer
from unionhome.core.ledger.queries import get_reversal, get_transfer, list_asked
from unionhome.core.ledger.rules import digest_of, quantity_text, refuse_at
from unionhome.core.ledger.workflow import REVERSAL, Code
from unionhome.core.registry import Actor, Refused, require_strong
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers

REVERSIBLE = (Code.INCOME, Code.PAY)


@transaction.atomic
def ask_reversal(actor: Actor, transfer_id: int, *, reason: str) -> Reversal:
    """Ask that an income or a payment be taken back. It waits for somebody else.

    Raises NotFound, Forbidden, BadInput without a reason, Refused where it is neither or was asked already.
    """
    transfer = get_transfer(actor, transfer_id)
    actor.require("ledger.reverse", transfer.node.path)
    if transfer.code not in REVERSIBLE:
        raise Refused("只有收入和支付能冲正；预留可以取消。", "not-reversible")
    if not reason.strip():
        raise refuse_at("reason", "请写明为什么冲正。", "reason-missing")
    try:
        with transaction.atomic():
            row = Reversal.objects.create(
                node=transfer.node,
                transfer=transfer,
                state=REVERSAL.initial,
                reason=mask_numbers(reason.strip())[:200],
                asked_at=actor.at,
                asked_by=actor.name,
            )
    except IntegrityError as error:
        raise Refused("这一笔已经申请过冲正。", "asked-already") from error
    start(actor, REVERSAL, row, _item_of(row))
    record(
        actor,
        "ledger.reversal.asked",
        node=row.node,
        about=row,
        summary=f"申请冲正：{_item_of(row).title}",
        data={"digest": digest_of(list_asked(row))},
    )
    return row


def _item_of(row: Reversal) -> ItemFacts:
    transfer = row.transfer
    return ItemFacts(
        node=row.node,
        title=f"{Code(transfer.code).label}{quantity_text(transfer.quantity, transfer.unit)}，{transfer.fund}"[:120],
        url=reverse("ledger:transfer", args=[transfer.pk]),
        kind_label="冲正",
        icon="arrow-back-up",
    )


@transaction.atomic
def confirm_reversal(actor: Actor, reversal_id: int, *, submit_key: str = "") -> Transfer:
    """Take the transfer back by a further one, counted today. Wants the second factor, and another person than asked
    and than made the transfer.

    Raises NotFound, Forbidden, Refused by the table and where the fund no longer holds what came in.
    """
    require_strong(actor, "ledger.confirm")
    row = get_reversal(actor, reversal_id)
    wrong = row.transfer
    day = check_day(actor, wrong.node, None)
    purse = Purse(wrong.node, wrong.fund, wrong.unit)
    if wrong.allowance_id is not None:
        Allowance.objects.select_for_update().get(pk=wrong.allowance_id)
    outside = Kind.SOURCE if wrong.code == Code.INCOME else Kind.PAYEE
    accounts = lock_accounts(actor, purse, (Kind.FUND, outside), wrong.source)
    if actor.user_id is not None and actor.user_id == wrong.user_id:
        raise Refused("这一笔是您登记的，冲正要由另一个人确认。", "same-person")
    move(actor, REVERSAL, row, "confirm", item=_item_of(row), submit_key=submit_key)
    earlier = Transfer.objects.filter(reverses=wrong).first()
    if earlier is not None:
        return earlier
    debit, credit = (Kind.FUND, outside) if wrong.code == Code.INCOME else (outside, Kind.FUND)
    done = post(
        actor,
        draft(
            actor,
            purse,
            Code.REVERSE,
            accounts[debit],
            accounts[credit],
            quantity=wrong.quantity,
            received=-wrong.received,
            spent=-wrong.spent,
            source=wrong.source,
            purpose=wrong.purpose,
            payee=wrong.payee,
            key=f"{REVERSED}{wrong.pk}",
            voucher=wrong.voucher,
            note=row.reason,
            model=wrong.model,
            object_id=wrong.object_id,
            on=day,
            allowance_id=wrong.allowance_id,
            exempt=wrong.exempt,
            reverses=wrong,
        ),
    )
    if wrong.allowance_id is not None:
        Allowance.objects.filter(pk=wrong.allowance_id).update(used=F("used") - wrong.quantity)
    return done


@transaction.atomic
def refuse_reversal(actor: Actor, reversal_id: int, *, reason: str, submit_key: str = "") -> Reversal:
    """The transfer stands. Raises NotFound, Forbidden, Refused without a reason."""
    row = get_reversal(actor, reversal_id)
    move(actor, REVERSAL, row, "refuse", item=_item_of(row), reason=reason, submit_key=submit_key)
    return row
