"""What transfers are for, and the table by which one is taken back: asked by one person, confirmed by another."""

from django.db import models

from unionhome.core.registry import State, Table, Transition


class Code(models.TextChoices):
    """Why something was moved."""

    INCOME = "income", "收入"
    RESERVE = "reserve", "预留"
    PAY = "pay", "支付"
    VOID = "void", "取消预留"
    REVERSE = "reverse", "冲正"


REVERSAL = Table(
    name="ledger.reversal",
    title="冲正",
    model="ledger.reversal",
    initial="asked",
    states=(
        State("asked", "等确认冲正", "new", "amber", "核对原因和凭据，确认冲正或者退回"),
        State("confirmed", "已冲正", "closed", "green"),
        State("refused", "没有同意冲正", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "confirm",
            "确认冲正",
            ("asked",),
            "confirmed",
            "ledger.confirm",
            doors=("desk",),
            icon="check",
            main=True,
            past="confirmed",
            another_person=("open",),
        ),
        Transition(
            "refuse",
            "不同意冲正",
            ("asked",),
            "refused",
            "ledger.confirm",
            doors=("desk",),
            needs_reason=True,
            icon="x",
            past="refused",
        ),
    ),
)

TABLES = (REVERSAL,)
