"""Files that look alike, what was decided about them, and merges that can be undone."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from unionhome.core.access.models import User
from unionhome.core.members.models.persons import Membership, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.duplicates import Decision


class Duplicate(models.Model):
    """One side of two files that look alike. The other side is another row, so that each stands in its own branch."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="duplicates")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    reasons = models.JSONField(help_text="Codes of `rules.duplicates.REASONS`.")
    state = models.CharField(max_length=12, choices=Decision.choices, default=Decision.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True, help_text="Why they are not the same.")

    SCOPE = "person__node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="members_duplicate_once"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="members_duplicate_of_two"),
        ]
        indexes = [models.Index(fields=["state", "person"], name="members_duplicate_state")]


class Merge(models.Model):
    """One file that went into another, with what is needed to take that back exactly."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken = models.JSONField(default=list, help_text="Facts that the kept file took from the other.")
    before_sealed = models.BinaryField(help_text="Those facts of the kept file and their sources as they were, sealed.")
    ended = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", help_text="The membership that it ended."
    )
    ended_status = models.CharField(max_length=12, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    moved_account = models.BooleanField(default=False, help_text="The account of the one now reads the other's file.")
    note = models.CharField(max_length=200, blank=True)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_note = models.CharField(max_length=200, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "kept__node__path"
    SEALED: ClassVar[dict[str, str]] = {"before_sealed": sealed.MERGE}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="members_merged_into_one"
            ),
        ]
