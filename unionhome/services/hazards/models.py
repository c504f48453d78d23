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


class OutsideService(models.Model):
    """A kind of report that the authority's system takes, as it said itself, and which of our kinds go there."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    group = models.CharField(max_length=80, blank=True)
    categories = models.JSONField(default=list, help_text="Codes of our own kinds of hazard.")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """A hazard on its way to the authority by interface: sent once, and what is heard of it since."""

    class State(models.TextChoices):
        WAITING = "waiting", "等着送"
        SENDING = "sending", "正在送"
        SENT = "sent", "已送到"
        FAILED = "failed", "没送到"

    case = models.OneToOneField(Case, models.PROTECT, related_name="outgoing")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", help_text="The line with the words that go out.")
    service_code = models.CharField(max_length=64, help_text="Theirs.")
    has_photo = models.BooleanField(default=False, help_text="Somebody looked: the first photograph shows nobody.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    is_posted = models.BooleanField(default=False, help_text="It may be there already: ask before it is sent again.")
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=120, blank=True, help_text="Why it is not there, or was not heard of.")
    send_key = models.CharField(max_length=32, help_text="The same at every try.")
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=64, blank=True, help_text="Theirs.")
    token = models.CharField(max_length=64, blank=True, help_text="In place of the number, until there is one.")
    status = models.CharField(max_length=20, blank=True, help_text="open, closed, or a word of their own.")
    notes = models.CharField(max_length=200, blank=True, help_text="What they say beside, masked.")
    heard_at = models.DateTimeField(null=True, blank=True)
    ask_at = models.DateTimeField(null=True, blank=True, help_text="When to ask next; null where nothing is to come.")

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="hazards_outgoing_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="hazards_outgoing_claimed"),
            models.Index(fields=["ask_at"], condition=models.Q(ask_at__isnull=False), name="hazards_outgoing_ask"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
