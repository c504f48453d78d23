"""What persons ask of their register: to join, to leave, to have a fact corrected."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unionhome.core.access.models import User
from unionhome.core.members.models.persons import Membership, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import WorkGroup
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.tree.models import Node
from unionhome.kit.codes import DocumentKind


class Application(models.Model):
    """A worker's wish to join. What identifies the person stays sealed here until a union agrees."""

    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="The account that sent it.")
    node = models.ForeignKey(
        Node,
        models.PROTECT,
        related_name="applications",
        help_text="The union whose turn it is.",
    )
    state = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    document_kind = models.CharField(max_length=12, choices=DocumentKind.choices())
    document_index = models.CharField(max_length=64, db_index=True)
    phone_index = models.CharField(max_length=64)
    facts_sealed = models.BinaryField(help_text="Document number and phone as JSON, sealed.")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=16, choices=WorkGroup.choices)
    route_reason = models.CharField(max_length=200, help_text="Why it went to this union.")
    consent_version = models.CharField(max_length=12)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"facts_sealed": sealed.APPLICATION}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=("submitted", "returned")),
                name="members_one_open_application",
            )
        ]

    def __str__(self) -> str:
        return self.number or ""


class Leaving(models.Model):
    """A member's notice of leaving. Leaving is free: the union talks and confirms, it cannot refuse."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="leavings")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    state = models.CharField(max_length=24)
    reason = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="submitted"),
                name="members_one_open_leaving",
            )
        ]


class Correction(models.Model):
    """A member's request to change one fact of the own file. The new value is sealed: it may be a number or a name."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    state = models.CharField(max_length=24)
    fact = models.CharField(max_length=24)
    value_sealed = models.BinaryField()
    note = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"value_sealed": sealed.CORRECTION}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "fact"],
                condition=Q(state="submitted"),
                name="members_one_open_correction",
            )
        ]
