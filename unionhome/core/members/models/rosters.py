"""Rosters that a union handed in: the batch, and its rows in sealed lots."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.members.rules import sealed
from unionhome.core.tree.models import Node


class RosterImport(models.Model):
    """One roster: handed in, checked, looked over, and entered lot by lot.

    The file is kept sealed by the files room, its checked rows in sealed lots; both go when their time is over, counts
    and digests stay. Nothing here holds a number in clear: samples are masked.
    """

    node = models.ForeignKey(
        Node, models.PROTECT, related_name="+", help_text="The branch it may touch: that of whoever hands it in."
    )
    default_node = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", help_text="Union of the rows that name none."
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="In whose name it is entered."
    )
    state = models.CharField(max_length=24)
    name = models.CharField(max_length=80, help_text="Name of the file, long numbers masked.")
    digest = models.CharField(max_length=64, db_index=True, help_text="Of the file.")
    columns = models.JSONField(default=list, help_text="Columns of the template that were found.")
    unknown = models.JSONField(default=list, help_text="Columns that nobody reads.")
    row_count = models.PositiveIntegerField(default=0)
    lot_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0, help_text="Rows entered so far, refused ones included.")
    preview = models.JSONField(default=dict, help_text="Rows by outcome, as the check foresaw.")
    counts = models.JSONField(default=dict, help_text="Rows by outcome, as entered.")
    reasons = models.JSONField(default=dict, help_text="Why rows were refused: rows by code of the reason.")
    samples = models.JSONField(default=dict, help_text="A few masked rows of each outcome.")
    missing_count = models.PositiveIntegerField(
        default=0, help_text="Members of the unions of this roster whom it does not name."
    )
    problem = models.CharField(
        max_length=300, blank=True, help_text="Why the whole file was refused, or the entry stopped."
    )
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    def __str__(self) -> str:
        return self.name


class RosterLot(models.Model):
    """Some thousand rows of a roster: sealed until they are entered, afterwards only those that were refused.

    `outcomes` keeps one letter for each row, in their order; `trail` what each union's journal entry is made of.
    """

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="lots")
    number = models.PositiveIntegerField()
    row_count = models.PositiveIntegerField()
    rows_sealed = models.BinaryField()
    refused_sealed = models.BinaryField()
    outcomes = models.TextField(help_text="A letter of `Outcome` for each row.")
    counts = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    trail = models.JSONField(default=dict, help_text="By union: rows by outcome, and the digest of the rows.")
    applied_at = models.DateTimeField(null=True, blank=True)

    SEALED: ClassVar[dict[str, str]] = {"rows_sealed": sealed.LOT, "refused_sealed": sealed.LOT}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="members_roster_lot_once")]
