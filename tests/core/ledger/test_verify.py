"""Whatever is changed by hand is found and named, also where the journal was written into beside it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.core.ledger.conftest import Money
from unionhome.core.journal.models import Entry
from unionhome.core.ledger import actions, queries
from unionhome.core.ledger.models import Account, Allowance, Batch, Reversal, Transfer
from unionhome.core.ledger.rules import FACTS, digest_of, moment_text

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return list(queries.find_faults())


UNTOLD = {("Account", "id"), ("Account", "opened_at"), ("Allowance", "id"), ("Batch", "id"), ("Reversal", "id")}
"""Numbers of rows, and the day an account was opened, from which nothing follows."""


def test_no_column_is_changed_by_hand_unseen(money: Money) -> None:
    income = money.income()
    money.pay(money.reserve())
    actions.reserve_many(money.world.actor("town"), money.demand, [money.line(), money.line()])
    actions.ask_reversal(money.world.actor("finance"), income.pk, reason="重复入账")
    money.reverse(money.income(7))
    other = money.world.nodes["village"].pk
    assert not faults()
    unseen = []
    for model in (Account, Allowance, Batch, Reversal, Transfer):
        for column in model._meta.concrete_fields:
            row = model.objects.order_by("pk").last()
            if (model.__name__, column.name) in UNTOLD or row is None or column.primary_key:
                continue
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        model.objects.filter(pk=row.pk).update(**{column.attname: changed(row, column, other)})
                except IntegrityError:  # the database itself says no
                    continue
                if not faults():
                    unseen.append(f"{model.__name__}.{column.name}")
                transaction.set_rollback(True)
    assert not unseen


def changed(row: Any, column: Any, other: int) -> Any:
    """Another value that the column takes."""
    value = getattr(row, column.attname)
    if column.name == "node":
        return other
    if column.is_relation:
        ids = column.related_model.objects.exclude(pk=value).order_by("pk")
        return ids[0].pk if value is None or column.related_model is not Batch else None
    if column.name in ("code", "kind", "state"):
        return next(code for code, _ in column.choices if code != value) if column.choices else f"{value}x"
    if value is None or isinstance(value, int):
        return (value or 0) + 1
    return value + timedelta(days=1) if isinstance(value, date) else f"{value}x"[-(column.max_length or 80) :]


def test_words_that_nobody_knows_are_named_too(money: Money) -> None:
    row = money.income()
    Transfer.objects.filter(pk=row.pk).update(code="gift")
    Account.objects.filter(kind="fund").update(kind="hidden", unit="gold", balance=1)
    assert any(f"流水 {row.pk}" in each for each in faults()) and sum("账户" in each for each in faults()) == 3


def test_a_second_entry_in_the_journal_does_not_cover_a_changed_row(money: Money) -> None:
    row = money.income()
    Transfer.objects.filter(pk=row.pk).update(voucher="另一张")
    row.refresh_from_db()
    digest = digest_of(moment_text(row.at) if name == "at" else getattr(row, name) for name in FACTS)
    Transfer.objects.filter(pk=row.pk).update(digest=digest)
    first = Entry.objects.get(kind="ledger.transfer.received")
    Entry.objects.create(
        kind=first.kind, model=first.model, object_id=row.pk, at=first.at, node=first.node, data={"digest": digest}
    )
    assert faults() == [f"流水 {row.pk}：和日志里的摘要不符，被改过"]
