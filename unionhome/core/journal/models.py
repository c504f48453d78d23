"""What happened: one append-only table that feeds audit, history, handlers and proof."""

from django.db import models

from unionhome.core.tree.models import Node, PathField


class Entry(models.Model):
    """One act. Written inside the act's transaction; sealed into its organisation's hash chain afterwards."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=80, help_text="<app>.<noun>.<past participle>")
    door = models.CharField(max_length=8)
    user_id = models.BigIntegerField(null=True, blank=True)
    person_id = models.BigIntegerField(null=True, blank=True, help_text="The acting person in the register, if known.")
    actor_name = models.CharField(max_length=80, blank=True)
    actor_post = models.CharField(max_length=80, blank=True)
    actor_union = models.CharField(max_length=120, blank=True)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+")
    path = PathField(blank=True, default="")
    hidden_path = PathField(blank=True, default="", help_text="Branch that must never see this entry.")
    model = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True, help_text="The person in the register it is about.")
    summary = models.CharField(max_length=300, blank=True, help_text="Chinese, masked, fit for a screen.")
    data = models.JSONField(default=dict, help_text="Old and new values, masked.")
    request_id = models.CharField(max_length=40, blank=True)
    chain = models.BigIntegerField(default=0, help_text="Node whose chain holds it; 0 is the deployment's own.")
    seq = models.BigIntegerField(null=True, blank=True, help_text="Place in the chain, given when sealed.")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    SCOPE = "path"
    SCOPE_HIDDEN = "hidden_path"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="journal_entry_place_once")]
        indexes = [
            models.Index(fields=["model", "object_id", "id"], name="journal_entry_object"),
            models.Index(fields=["path", "id"], name="journal_entry_path"),
            models.Index(
                fields=["id"],
                condition=models.Q(seq__isnull=True),
                name="journal_entry_unsealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Delivery(models.Model):
    """One entry owed to one handler: written with the entry, taken by the worker, so that nothing is missed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=160)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "handler"], name="journal_delivery_once")]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(done_at__isnull=True),
                name="journal_delivery_due",
            )
        ]


class Head(models.Model):
    """The sealed end of one chain: what an outside anchor repeats."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)


class ChainCheck(models.Model):
    """One walk along all sealed chains: asked for, then done, with what it found."""

    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    entry_count = models.BigIntegerField(default=0)
    fault_count = models.IntegerField(default=0)
    first_fault = models.CharField(max_length=200, blank=True)
    head = models.CharField(max_length=64, blank=True, help_text="One digest over the heads of all chains.")
