"""Persons, one for each verified identity document, and their memberships."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import (
    STANDING,
    EmploymentForm,
    EmploymentState,
    Entry,
    Held,
    HouseholdKind,
    NationalState,
    Source,
    Status,
    WorkGroup,
)
from unionhome.core.organizations.models import Employer
from unionhome.core.tree.models import Node, PathField
from unionhome.kit.codes import (
    DEGREES,
    EDUCATION,
    ETHNIC_GROUPS,
    POLITICAL,
    SEX,
    SKILL_LEVELS,
    DocumentKind,
)


class PrefixField(PathField):
    """Text found by how it begins: compared bytewise on both engines, so that a beginning is one index range."""


class Person(models.Model):
    """One human being in the register.

    Document number, phone and address are sealed and found by blind index; the day of birth is clear because rules
    on age need it, and masked on screens. `source` and `source_on` stand for every fact that `sources` does not name.
    """

    node = models.ForeignKey(
        Node,
        models.PROTECT,
        related_name="persons",
        db_index=False,
        help_text="The union that keeps the file: that of the present or the last membership.",
    )
    document_kind = models.CharField(max_length=12, choices=DocumentKind.choices())
    document_sealed = models.BinaryField()
    document_index = models.CharField(max_length=64)
    document_tail_index = models.CharField(
        max_length=64, db_index=True, help_text="Blind index of the last four signs."
    )
    name = PrefixField(max_length=60)
    name_initials = PrefixField(max_length=60, blank=True, help_text="Pinyin initials, lower case.")
    sex = models.CharField(max_length=1, choices=SEX.choices, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    ethnicity = models.CharField(max_length=2, choices=ETHNIC_GROUPS.choices, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_tail_index = models.CharField(max_length=64, blank=True, db_index=True)
    address_sealed = models.BinaryField(null=True, blank=True)
    education = models.CharField(max_length=2, choices=EDUCATION.choices, blank=True)
    degree = models.CharField(max_length=1, choices=DEGREES.choices, blank=True)
    political = models.CharField(max_length=2, choices=POLITICAL.choices, blank=True)
    skill_level = models.CharField(max_length=1, choices=SKILL_LEVELS.choices, blank=True)
    household_kind = models.CharField(max_length=8, choices=HouseholdKind.choices, blank=True)
    employment_state = models.CharField(max_length=12, choices=EmploymentState.choices, blank=True)
    employment_form = models.CharField(max_length=12, choices=EmploymentForm.choices, blank=True)
    is_migrant = models.BooleanField(null=True, blank=True)
    group = models.CharField(max_length=16, choices=WorkGroup.choices, blank=True)
    national_no = models.CharField(max_length=32, blank=True, help_text="Member number in the national register.")
    national_state = models.CharField(
        max_length=12,
        choices=NationalState.choices,
        blank=True,
        help_text="How far it stands in the national register.",
    )
    source = models.CharField(max_length=12, choices=Source.choices)
    source_on = models.DateField()
    sources = models.JSONField(
        default=dict,
        blank=True,
        help_text="Per fact that came otherwise: [source, YYYY-MM-DD].",
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField()

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {
        "document_sealed": sealed.DOCUMENT,
        "phone_sealed": sealed.PHONE,
        "address_sealed": sealed.ADDRESS,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document_index"],
                condition=Q(merged_into__isnull=True),
                name="members_person_document_once",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="members_person_not_into_itself"),
        ]
        indexes = [
            models.Index(
                fields=["national_no"],
                condition=~Q(national_no=""),
                name="members_person_national",
            ),
            models.Index(
                fields=["document_index"],
                condition=Q(merged_into__isnull=False),
                name="members_person_merged_document",
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="members_person_merged"),
            models.Index(
                fields=["name_initials", "name", "node"],
                condition=Q(merged_into__isnull=True),
                name="members_person_by_initials",
            ),
            models.Index(fields=["node", "name_initials", "name", "merged_into"], name="members_person_of_union"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One stay of a person in a union. Closed rows stay: they are the history."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    node = models.ForeignKey(Node, models.PROTECT, related_name="memberships")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="memberships")
    employer_text = models.CharField(max_length=120, blank=True, help_text="As written, where no employer is linked.")
    union_post = models.CharField(max_length=40, blank=True)
    card_no = models.CharField(max_length=20, blank=True, db_index=True)
    entry = models.CharField(max_length=12, choices=Entry.choices)
    joined_on = models.DateField(help_text="First day in this union.")
    counts_on = models.DateField(
        help_text="From which day it counts in figures: later where `joined_on` was closed when it was written down."
    )
    status = models.CharField(max_length=12, choices=Status.choices)
    left_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    held = models.CharField(
        max_length=12,
        choices=Held.choices,
        default=Held.ACTIVE,
        db_default=Held.ACTIVE.value,
        help_text="How it stood, also after it ended.",
    )
    happened_on = models.DateField(
        null=True, blank=True, help_text="Day of what ended it or began its being retained: a retirement, a death."
    )
    reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Remark of the union's roster.")
    created_at = models.DateTimeField()

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=STANDING),
                name="members_one_membership",
            ),
            models.UniqueConstraint(
                fields=["card_no"],
                condition=Q(status__in=STANDING) & ~Q(card_no=""),
                name="members_card_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=STANDING, left_on__isnull=True)
                | (~Q(status__in=STANDING) & Q(left_on__isnull=False)),
                name="members_membership_left_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="members_membership_forward",
            ),
        ]
        indexes = [
            models.Index(
                fields=["node"],
                condition=Q(left_on__isnull=True),
                name="members_membership_standing",
            ),
            models.Index(fields=["entry", "counts_on", "node", "person"], name="members_membership_came"),
            models.Index(
                fields=["status", "left_on", "node", "person"],
                condition=Q(left_on__isnull=False),
                name="members_membership_went",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.joined_on}"
