"""Accounts, the transfers between them, what was taken on each authority, and asked reversals."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.ledger.workflow import REVERSAL, Code
from unionhome.core.tree.models import Node


class Account(models.Model):
    """One pot of a union: what it may still spend of a fund, what is reserved, where it came from, whom it went to.

    `balance` is credits minus debits and is kept under a lock with every transfer, so that all balances of a unit
    add up to nothing.
    """

    class Kind(models.TextChoices):
        FUND = "fund", "可用"
        RESERVED = "reserved", "已预留"
        SOURCE = "source", "来源"
        PAYEE = "payee", "已支付"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    fund = models.CharField(max_length=40, help_text="Name of the fund, as the list of funds has it.")
    unit = models.CharField(max_length=8, default="fen")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.CharField(max_length=40, blank=True, help_text="Of a source account: where the money comes from.")
    floor = models.BigIntegerField(
        null=True, blank=True, help_text="What it may not sink below; outside pots have none."
    )
    balance = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "fund", "unit", "kind", "source"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=F("floor")), name="ledger_account_above_floor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.fund} {self.kind} {self.source}"


FLOORS = {Account.Kind.FUND: 0, Account.Kind.RESERVED: 0, Account.Kind.SOURCE: None, Account.Kind.PAYEE: 0}
"""What an account of each kind may not sink below."""


class Allowance(models.Model):
    """What has been taken on one authority; the row is the lock under which its ceiling is kept.

    For payments that need no decision there is one for each union, without a ceiling of its own.
    """

    kind = models.CharField(max_length=40, help_text="Code of the authority, or exempt.")
    ref = models.CharField(max_length=40, help_text="Id of the thing; for exempt the union's.")
    unit = models.CharField(max_length=8)
    title = models.CharField(max_length=120, blank=True)
    link = models.CharField(max_length=120, blank=True)
    ceiling = models.BigIntegerField(null=True, blank=True, help_text="As the authority said it last.")
    used = models.BigIntegerField(default=0, help_text="Reserved and paid, less what was released or reversed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref", "unit"], name="ledger_allowance_once"),
            models.CheckConstraint(condition=Q(used__gte=0), name="ledger_allowance_not_below_0"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Batch(models.Model):
    """Many transfers of one act: one digest over those of its rows, in their order, stands in the journal."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, choices=Code.choices)
    fund = models.CharField(max_length=40)
    unit = models.CharField(max_length=8)
    count = models.PositiveIntegerField()
    total = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    SCOPE = "node__path"

    def __str__(self) -> str:
        return f"{self.code} {self.count}"


class Transfer(models.Model):
    """So much from one account to another, and why. Never edited and never deleted: what is wrong is reversed.

    `received` and `spent` say what the transfer changes in the union's income and spending (a reversal less than
    nothing, reserving nothing).
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False, help_text="Whose money it is.")
    code = models.CharField(max_length=8, choices=Code.choices)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    received = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    fund = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    payee = models.CharField(max_length=80, blank=True, help_text="Tells the same payee again; no name, no number.")
    key = models.CharField(max_length=100, unique=True, help_text="The act was done once, however often it is sent.")
    voucher = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=60, blank=True, help_text="Django label of the row it is about.")
    object_id = models.BigIntegerField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    allowance = models.ForeignKey(
        Allowance, models.PROTECT, null=True, blank=True, related_name="transfers", db_index=False
    )
    exempt = models.CharField(max_length=16, blank=True, help_text="Why it needs no decision.")
    resolves = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="resolution")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="rows", db_index=False)
    digest = models.CharField(max_length=64)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ledger_transfer_of_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_between_two"),
            models.CheckConstraint(
                condition=Q(code__in=("pay", "void"), resolves__isnull=False)
                | (~Q(code__in=("pay", "void")) & Q(resolves__isnull=True)),
                name="ledger_transfer_resolves",
            ),
            models.CheckConstraint(
                condition=Q(code="reverse", reverses__isnull=False) | (~Q(code="reverse") & Q(reverses__isnull=True)),
                name="ledger_transfer_reverses",
            ),
        ]
        indexes = [
            models.Index(fields=["node", "fund", "unit", "id"], name="ledger_transfer_of_account"),
            models.Index(fields=["allowance", "purpose", "on"], name="ledger_transfer_allowed"),
            models.Index(fields=["batch", "id"], condition=Q(batch__isnull=False), name="ledger_transfer_of_batch"),
            models.Index(fields=["code", "on"], name="ledger_transfer_by_day"),
            models.Index(fields=["model", "object_id"], name="ledger_transfer_about"),
        ]

    def __str__(self) -> str:
        return self.key


class Reversal(models.Model):
    """A transfer that one person wants taken back and another has to confirm."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="reversals")
    state = models.CharField(max_length=12, choices=[(each.name, each.label) for each in REVERSAL.states])
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer"], condition=~Q(state="refused"), name="ledger_reversal_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.state}"
