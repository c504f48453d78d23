"""Exports of the national register: how their columns are read, one comparison, and each row that differs."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.members.models.persons import Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.national import DifferenceKind, DifferenceState
from unionhome.core.tree.models import Node


class NationalMapping(models.Model):
    """Which column of an export is which of ours, and what its words mean. Found again by the header."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The branch that uses it.")
    name = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, db_index=True, help_text="Digest of the header's words.")
    columns = models.JSONField(help_text="Our column: theirs.")
    words = models.JSONField(default=dict, help_text="Our column: {their word: ours}.")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "fingerprint"], name="members_mapping_once"),
        ]


class NationalImport(models.Model):
    """One export that was handed in. The file is kept sealed by the files room; what stands here is masked."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The branch it is compared with.")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, db_index=True)
    headers = models.JSONField(default=list, help_text="The header of the export.")
    samples = models.JSONField(default=dict, help_text="By header: a few masked values.")
    strange = models.JSONField(default=dict, help_text="Our column: words that no list of ours knows.")
    mapping = models.ForeignKey(NationalMapping, models.PROTECT, null=True, blank=True, related_name="+")
    row_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0, help_text="Rows in which nothing differs.")
    told_count = models.PositiveIntegerField(
        default=0, help_text="People of whom it only told that they are members elsewhere."
    )
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    def __str__(self) -> str:
        return self.name


class NationalDifference(models.Model):
    """One row that is here and not there, there and not here, or otherwise there. Settled by an act."""

    batch = models.ForeignKey(NationalImport, models.CASCADE, related_name="differences")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=DifferenceKind.choices)
    number = models.PositiveIntegerField(default=0, help_text="Row of the export; 0 for who is not in it.")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    fields = models.JSONField(default=list, help_text="What differs.")
    shown = models.JSONField(default=dict, help_text="Theirs, masked: name, document, the reason of a row not read.")
    row_sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=8, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    reason = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"row_sealed": sealed.NATIONAL}

    class Meta:
        indexes = [models.Index(fields=["batch", "state", "kind"], name="members_national_state")]
