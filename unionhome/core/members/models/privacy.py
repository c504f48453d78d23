"""What a member may always see: who opened the file and why, and what the member agreed to."""

from django.db import models
from django.db.models import Q

from unionhome.core.members.models.matters import Application
from unionhome.core.members.models.persons import Person
from unionhome.core.members.rules.codes import Part, Reason
from unionhome.core.tree.models import PathField


class AccessRecord(models.Model):
    """One opening of a file or of an application. Written in the transaction that hands the facts out."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="access_records")
    application = models.ForeignKey(
        Application,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="access_records",
    )
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True, blank=True)
    union_name = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    reason_text = models.CharField(max_length=100, blank=True)
    part = models.CharField(max_length=12, choices=Part.choices)
    entry_id = models.BigIntegerField(help_text="The journal entry of the opening.")

    hidden_path = PathField(
        blank=True, default="", help_text="The person's own union, where a union above it looked: it might be a matter."
    )

    SCOPE = "person__node__path"
    SCOPE_HIDDEN = "hidden_path"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(application__isnull=False),
                name="members_access_of_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="members_access_person"),
            models.Index(fields=["person", "user_id", "-at"], name="members_access_by_user"),
        ]

    @property
    def reason_label(self) -> str:
        """The reason as people read it: the written one where it was "other"."""
        if self.reason == Reason.OTHER:
            return self.reason_text
        return self.get_reason_display() + (f"，{self.reason_text}" if self.reason_text else "")


class Consent(models.Model):
    """One consent for one purpose. Taking it back closes the row; giving it again opens another."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "person__node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="members_one_open_consent",
            )
        ]
