"""A matter of one person, the lines of its timeline, and what of its checklist was done."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.cases import rules
from unionhome.core.members.models import Person
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.tree.models import Node, PathField


class Rating(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIRLY = "fairly", "基本满意"
    NOT = "not", "不满意"


class Difficulty(models.TextChoices):
    """How long a matter may take: each class has its own limit by policy."""

    ORDINARY = "ordinary", "一般"
    DIFFICULT = "difficult", "疑难"
    COMPLEX = "complex", "特别复杂"


class Case(models.Model):
    """A matter with a number, a union that handles it and three clocks. Kinds come from services."""

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=40, help_text="Code of the registered CaseKind.")
    category = models.CharField(max_length=24)
    title = models.CharField(max_length=120, help_text="Masked, fit for a list.")
    body_sealed = models.BinaryField()
    is_urgent = models.BooleanField(default=False)
    difficulty = models.CharField(max_length=10, choices=Difficulty.choices, default=Difficulty.ORDINARY)
    origin = models.CharField(max_length=16)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    account = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The signed-in worker who opened it."
    )
    applicant_name = models.CharField(max_length=60, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, default="")
    receipt_index = models.CharField(max_length=64, unique=True, help_text="Blind index of the receipt code.")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that handles it.")
    hidden_path = PathField(blank=True, default="", help_text="The employer's union, which must never see it.")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    place_text = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=24)
    handler = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    stand_in = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    leader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        help_text="The like matter that this one is worked on with; it carries help, measures and outcome.",
    )
    appeal_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
        help_text="The ended matter whose outcome the applicant does not accept.",
    )
    mass = models.ForeignKey("MassMatter", models.PROTECT, null=True, blank=True, related_name="cases")
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="Local day of closing: what figures count by.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="Local day of closing or withdrawal.")
    opened_on = models.DateField()
    outcome_sealed = models.BinaryField(null=True, blank=True)
    rating = models.CharField(max_length=10, choices=Rating.choices, blank=True)
    rating_text_sealed = models.BinaryField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    county = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+")
    town = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+")
    village = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+")
    arrive_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="Used by the clock when stamped.")
    help_minutes = models.PositiveIntegerField(null=True, blank=True)
    measure_minutes = models.PositiveIntegerField(null=True, blank=True)
    arrive_on_time = models.BooleanField(null=True, blank=True)
    help_on_time = models.BooleanField(null=True, blank=True)
    measure_on_time = models.BooleanField(null=True, blank=True)
    is_on_time = models.BooleanField(null=True, blank=True, help_text="All three clocks kept; null while running.")
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)
    raised_to = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", help_text="The union above that was told last."
    )
    climbs_at = models.DateTimeField(
        null=True, blank=True, help_text="When it goes one level up unless something is done; null while it cannot."
    )

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"
    SEALED: ClassVar[dict[str, str]] = {
        "body_sealed": rules.BODY_FIELD,
        "phone_sealed": rules.PHONE_FIELD,
        "outcome_sealed": rules.OUTCOME_FIELD,
        "rating_text_sealed": rules.RATING_FIELD,
    }

    class Meta:
        indexes = [
            models.Index(fields=["node", "state", "opened_at"], name="cases_case_of_union"),
            models.Index(fields=["phone_index", "opened_at"], name="cases_case_of_phone"),
            models.Index(fields=["person", "opened_at"], name="cases_case_of_person"),
            models.Index(fields=["closed_on", "county"], name="cases_case_closed"),
            models.Index(fields=["opened_on"], name="cases_case_opened"),
            models.Index(fields=["climbs_at"], condition=models.Q(climbs_at__isnull=False), name="cases_case_climbs"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal_of"], condition=models.Q(appeal_of__isnull=False), name="cases_one_appeal"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One line of the timeline, for the applicant too or for the union only."""

    class Kind(models.TextChoices):
        OPENED = "opened", "提出"
        STEP = "step", "办理"
        ARRIVED = "arrived", "首次到场"
        HELPED = "helped", "帮扶"
        MEASURED = "measured", "措施"
        REPLY = "reply", "答复"
        NOTE = "note", "内部记录"
        MATERIAL = "material", "补材料"
        RATED = "rated", "评价"

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_public = models.BooleanField(default=False, help_text="The applicant sees it.")
    is_sealed = models.BooleanField(
        default=False, help_text="Only its writer and holders of a permission read the text."
    )
    title = models.CharField(max_length=80)
    text_sealed = models.BinaryField(null=True, blank=True)
    clock = models.CharField(max_length=10, blank=True, help_text="The clock this entry stopped.")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=80, blank=True)
    actor_post = models.CharField(max_length=80, blank=True)
    actor_union = models.CharField(max_length=120, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SEALED: ClassVar[dict[str, str]] = {"text_sealed": rules.ENTRY_TEXT_FIELD}

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_entry_of_case")]


class CheckTick(models.Model):
    """One point of a case's checklist that was done: by whom and when."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ticks")
    code = models.CharField(max_length=24)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=80, blank=True)
    actor_union = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="cases_tick_once")]
