"""What a hazard knows beyond its case."""

from django.db import models

from unionhome.core.cases.models import Case, Entry


class Grade(models.TextChoices):
    GENERAL = "general", "一般隐患"
    MAJOR = "major", "重大隐患"


class HazardDetail(models.Model):
    """Where a hazard is, how it looks, how grave it is and what became of it."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="hazard")
    latitude = models.IntegerField(null=True, blank=True, help_text="Micro-degrees, WGS 84.")
    longitude = models.IntegerField(null=True, blank=True, help_text="Micro-degrees, WGS 84.")
    look = models.CharField(max_length=16, blank=True, help_text="Of the first photograph (`kit.images.look_of`).")
    is_anonymous = models.BooleanField(default=False)
    is_hidden_from_employer = models.BooleanField(default=True)
    route_why = models.CharField(max_length=120)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next step is due; null at the end.")
    is_valid = models.BooleanField(null=True, blank=True, help_text="What the check found; null before.")
    checked_on = models.DateField(null=True, blank=True)
    grade = models.CharField(max_length=8, choices=Grade.choices, blank=True)
    basis = models.CharField(max_length=200, blank=True, help_text="By which words of the policy it was graded so.")
    sent_at = models.DateTimeField(null=True, blank=True)
    rectify_on = models.DateField(null=True, blank=True, help_text="The first day agreed on: what on time means.")
    duty = models.CharField(max_length=200, blank=True, help_text="责任")
    measures = models.CharField(max_length=200, blank=True, help_text="措施")
    funds = models.CharField(max_length=200, blank=True, help_text="资金")
    schedule = models.CharField(max_length=200, blank=True, help_text="时限")
    emergency = models.CharField(max_length=200, blank=True, help_text="预案")
    refused_at = models.DateTimeField(null=True, blank=True, help_text="The unit will not do it.")
    evacuation_at = models.DateTimeField(null=True, blank=True, help_text="The union proposed to take people out.")
    urged_at = models.DateTimeField(null=True, blank=True)
    urged_count = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", help_text="With the photographs afterwards."
    )
    struck_on = models.DateField(null=True, blank=True)
    is_on_time = models.BooleanField(null=True, blank=True, help_text="Answered by the first day agreed on.")
    open_days = models.PositiveIntegerField(null=True, blank=True, help_text="From the report to the strike-off.")
    authority = models.CharField(max_length=80, blank=True, help_text="To which it was handed over.")
    paper_number = models.CharField(max_length=60, blank=True)
    leader = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", help_text="The report of the same hazard."
    )

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [models.Index(fields=["latitude", "longitude"], name="hazards_detail_place")]

    @property
    def has_plan(self) -> bool:
        """Whether the five fixes (五落实) are written down."""
        return all((self.duty, self.measures, self.funds, self.schedule, self.emergency))
