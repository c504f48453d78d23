"""A sheet of unions that somebody handed in."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.organizations.rules.sheets import SHEET_ROWS
from unionhome.core.tree.models import Node


class UnionSheet(models.Model):
    """One sheet: handed in, checked, looked over and entered in one act.

    The file is kept sealed by the files room, its rows sealed here; both go when their time is over, counts stay.
    """

    node = models.ForeignKey(
        Node, models.PROTECT, related_name="+", help_text="The branch it may touch: that of whoever hands it in."
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
    rows_sealed = models.BinaryField(default=b"", help_text="The rows that can be taken, until they are entered.")
    refused_sealed = models.BinaryField(default=b"")
    outcomes = models.TextField(blank=True, help_text="A letter of `Outcome` for each row.")
    preview = models.JSONField(default=dict, help_text="Rows by outcome, as the check foresaw.")
    counts = models.JSONField(default=dict, help_text="Rows by outcome, as entered.")
    reasons = models.JSONField(default=dict, help_text="Why rows were refused: rows by code of the reason.")
    samples = models.JSONField(default=dict, help_text="A few rows of each outcome.")
    problem = models.CharField(
        max_length=300, blank=True, help_text="Why the whole file was refused, or the entry stopped."
    )
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"rows_sealed": SHEET_ROWS, "refused_sealed": SHEET_ROWS}

    def __str__(self) -> str:
        return self.name
