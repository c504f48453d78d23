"""A list shown to the public, where it hangs, and what people say against it."""

from typing import ClassVar

from django.db import models

from unionhome.core.publicity.rules import ANSWER_FIELD, CONTACT_FIELD, LIST_FIELD, NAME_FIELD, TEXT_FIELD
from unionhome.core.tree.models import Node


class Place(models.TextChoices):
    WORKPLACE = "workplace", "单位公示栏"
    COMMUNITY = "community", "社区公示栏"
    ONLINE = "online", "网上公示"


class Way(models.TextChoices):
    ONLINE = "online", "网上"
    PAPER = "paper", "书面"


class Notice(models.Model):
    """A list as everybody reads it, frozen, with the whole list sealed inside."""

    number = models.CharField(max_length=24, unique=True)
    public_id = models.CharField(max_length=32, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that shows it.")
    kind = models.CharField(max_length=40, help_text="Code of a PublicList on a card.")
    title = models.CharField(max_length=80)
    about_model = models.CharField(max_length=60, blank=True, help_text="Django label of the row whose list it is.")
    about_id = models.BigIntegerField(null=True, blank=True)
    back_url = models.CharField(max_length=120, blank=True, help_text="Page of that row.")
    columns = models.JSONField(help_text="Codes of publicity.rules.COLUMNS.")
    rows = models.JSONField(help_text="Masked; amounts in fen.")
    row_count = models.PositiveIntegerField()
    total_fen = models.BigIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64, help_text="Of what everybody reads.")
    list_index = models.CharField(max_length=64, help_text="Keyed digest of the whole list.")
    list_sealed = models.BinaryField(help_text="The whole list, kept inside.")
    place = models.CharField(max_length=12, choices=Place.choices, help_text="Where it hangs.")
    is_open = models.BooleanField(default=False, help_text="Everybody may read it on line while it runs.")
    state = models.CharField(max_length=12)
    days_count = models.PositiveSmallIntegerField(help_text="Working days, by the policy at drafting, and extensions.")
    start_on = models.DateField(null=True, blank=True, help_text="The day after which the term counts.")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day on which objections count.")
    is_provisional = models.BooleanField(default=False, help_text="The term touches a year not yet announced.")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next step is due.")
    published_on = models.DateField(null=True, blank=True, help_text="The day it first went up: what figures count by.")
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"list_sealed": LIST_FIELD}

    class Meta:
        indexes = [
            models.Index(fields=["node", "state"], name="publicity_of_union"),
            models.Index(fields=["about_model", "about_id"], name="publicity_about"),
            models.Index(fields=["published_on"], name="publicity_published"),
            models.Index(fields=["ends_on"], condition=models.Q(is_open=True), name="publicity_open"),
        ]

    def __str__(self) -> str:
        return self.number


class Posting(models.Model):
    """It hangs somewhere: with photographs, except on line."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="postings")
    place = models.CharField(max_length=12, choices=Place.choices)
    place_text = models.CharField(max_length=80, blank=True)
    posted_on = models.DateField()
    entered_at = models.DateTimeField()

    SCOPE = "notice__node__path"


class Objection(models.Model):
    """Somebody says that the list is not right, with a name or without one."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union of the notice.")
    number = models.PositiveSmallIntegerField(help_text="Within the notice.")
    way = models.CharField(max_length=8, choices=Way.choices)
    is_named = models.BooleanField()
    name_sealed = models.BinaryField(null=True, blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True)
    text_sealed = models.BinaryField()
    state = models.CharField(max_length=12)
    receipt = models.CharField(max_length=32, unique=True, help_text="By which whoever objected reads the answer.")
    opened_at = models.DateTimeField()
    received_on = models.DateField(help_text="Local day: what figures count by.")
    due_at = models.DateTimeField()
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {
        "name_sealed": NAME_FIELD,
        "contact_sealed": CONTACT_FIELD,
        "text_sealed": TEXT_FIELD,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="publicity_objection_number")]
        indexes = [models.Index(fields=["received_on"], name="publicity_objected")]

    def __str__(self) -> str:
        return f"{self.notice_id}-{self.number}"


class Answer(models.Model):
    """What the union found, with the scan of the signed sheet."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer")
    is_upheld = models.BooleanField()
    text_sealed = models.BinaryField()
    answered_at = models.DateTimeField()
    answered_on = models.DateField(help_text="Local day: what figures count by.")
    is_on_time = models.BooleanField()

    SCOPE = "objection__node__path"
    SEALED: ClassVar[dict[str, str]] = {"text_sealed": ANSWER_FIELD}

    class Meta:
        indexes = [models.Index(fields=["answered_on"], name="publicity_answered")]


class YearSerial(models.Model):
    """The last number given in a year; locked while one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
