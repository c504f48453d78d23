"""A practical deed, the needs it answers, its evidence and what workers say of it."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.cases.models import Case
from unionhome.core.files.models import SealedFile
from unionhome.core.records.models import BeneficiaryKind
from unionhome.core.tree.models import Node
from unionhome.services.deeds.rules import TEXT_FIELD


class Origin(models.TextChoices):
    NEEDS = "needs", "从诉求里归集"
    UNION = "union", "工会提出"
    WORKERS = "workers", "职工建议"


class Score(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIRLY = "fairly", "基本满意"
    NOT = "not", "不满意"


class Stage(models.TextChoices):
    BEFORE = "before", "办之前"
    AFTER = "after", "办成以后"
    PAPER = "paper", "凭据"


class Deed(models.Model):
    """One item of a year's list: what is wanted, who does it by when, whom it served, what it cost."""

    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=60)
    wanted = models.CharField(max_length=500, help_text="What workers want; read by everybody once the list is open.")
    origin = models.CharField(max_length=8, choices=Origin.choices)
    place_text = models.CharField(max_length=80, blank=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that does it.")
    owner = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", help_text="The union on whose list it stands."
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the list; null until it is listed.")
    state = models.CharField(max_length=12)
    is_open = models.BooleanField(default=False, help_text="Everybody may read that it stands on the list.")
    expected_people_count = models.PositiveIntegerField(help_text="Whom it is meant for.")
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next step is due; null where none is.")
    listed_on = models.DateField(null=True, blank=True, help_text="Day of the decision.")
    taken_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="The day by which the union promised to do it.")
    done_on = models.DateField(null=True, blank=True)
    done_text = models.CharField(max_length=500, blank=True)
    people_count = models.PositiveIntegerField(null=True, blank=True, help_text="People served, each once.")
    service_count = models.PositiveIntegerField(null=True, blank=True, help_text="Times that somebody was served.")
    people_kind = models.CharField(
        max_length=12, choices=BeneficiaryKind.choices, default=BeneficiaryKind.WORKER, help_text="Who was served."
    )
    cost_fen = models.BigIntegerField(null=True, blank=True)
    cost_source = models.CharField(max_length=80, blank=True, help_text="Where the money came from.")
    checked_on = models.DateField(null=True, blank=True)
    check_text = models.CharField(max_length=300, blank=True)
    struck_on = models.DateField(null=True, blank=True, help_text="Local day of the strike-off: what figures count by.")
    is_on_time = models.BooleanField(
        null=True, blank=True, help_text="Done by the day promised; null until struck off."
    )
    rating_ends_on = models.DateField(null=True, blank=True, help_text="Last day on which workers may rate it.")
    published_on = models.DateField(null=True, blank=True)
    has_open_pictures = models.BooleanField(default=False, help_text="The publisher saw that they show nobody.")
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        indexes = [
            models.Index(fields=["node", "state", "opened_on"], name="deeds_deed_of_union"),
            models.Index(fields=["owner", "year"], name="deeds_deed_of_list"),
            models.Index(fields=["listed_on"], name="deeds_deed_listed"),
            models.Index(fields=["struck_on"], name="deeds_deed_struck"),
            models.Index(
                fields=["rating_ends_on"], condition=models.Q(state="struck_off"), name="deeds_deed_being_rated"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cost_fen__isnull=True) | models.Q(cost_fen__gte=0), name="deeds_cost_not_below_0"
            )
        ]

    def __str__(self) -> str:
        return self.number


class DeedNeed(models.Model):
    """A need that became part of a deed. No matter that is kept from an employer is ever shown beneath one."""

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="needs")
    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    SCOPE = "deed__node__path"
    SCOPE_HIDDEN = "case__hidden_path"


class Evidence(models.Model):
    """A file that shows how it was, how it is, or what it cost."""

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="evidence")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    file = models.OneToOneField(SealedFile, models.PROTECT, related_name="+")

    SCOPE = "deed__node__path"


class DeedRating(models.Model):
    """What one worker says of a deed that was struck off. The union reads the words, not whose they are."""

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="ratings")
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    score = models.CharField(max_length=10, choices=Score.choices)
    text_sealed = models.BinaryField(null=True, blank=True)
    rated_at = models.DateTimeField()
    rated_on = models.DateField(help_text="Local day: what figures count by.")
    submit_key = models.CharField(max_length=32, blank=True)

    SCOPE = "deed__node__path"
    SEALED: ClassVar[dict[str, str]] = {"text_sealed": TEXT_FIELD}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deed", "account"], name="deeds_rating_once")]
        indexes = [models.Index(fields=["rated_on"], name="deeds_rating_day")]


class YearSerial(models.Model):
    """The last number given in a year; locked while one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
