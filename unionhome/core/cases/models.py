"""One matter of one person: the case, its timeline, its clocks and their pauses."""

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


class Clock(models.Model):
    """One of the three firsts: the limit in force when it started, the due moment stored, the moment it was kept."""

    class Name(models.TextChoices):
        ARRIVE = "arrive", "首次到场"
        HELP = "help", "首次帮扶"
        MEASURE = "measure", "首次措施"

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=10, choices=Name.choices)
    limit_minutes = models.PositiveIntegerField()
    is_natural = models.BooleanField(default=False, help_text="Runs day and night: urgent matters.")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Null while paused.")
    is_provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    used_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="cases_clock_once")]


class Term(models.Model):
    """By when a case has to be dispatched, taken up and solved, beside its three firsts: the limit in force when it
    began, the due moment stored, the moment at which it was met."""

    class Name(models.TextChoices):
        DISPATCH = "dispatch", "派单"
        ACCEPT = "accept", "受理"
        SOLVE = "solve", "办结"

    case = models.ForeignKey(Case, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=10, choices=Name.choices)
    limit_minutes = models.PositiveIntegerField(help_text="Of duty time; of an urgent matter's dispatch day and night.")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Null while paused, or led by another matter.")
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="cases_term_once")]


class Pause(models.Model):
    """Time that does not count, for a stated reason: the matter waits for the applicant."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ends_at__isnull=True), name="cases_one_open_pause"
            )
        ]


class DaySerial(models.Model):
    """The last number given on a local day; locked while one is taken."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Escalation(models.Model):
    """One level that a case went up, because a clock ran out and nothing was done."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations")
    clock = models.CharField(max_length=10, choices=Clock.Name.choices)
    at = models.DateTimeField()
    on = models.DateField(help_text="Local day: what figures count by.")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that handles the case.")
    target = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that was told.")

    SCOPE = "node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_escalation_of_case")]


class EscalationRule(models.Model):
    """When cases of a branch go up: at once when a clock has run out, then one level more after each `step_minutes`."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    step_minutes = models.PositiveIntegerField(help_text="Duty minutes of the union that was told.")
    state = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    simulated_at = models.DateTimeField(null=True, blank=True)
    simulated = models.JSONField(default=dict, help_text="What the rule would have done in a month gone by.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node"], condition=models.Q(state="on", ended_at=None), name="cases_one_rule_on"
            )
        ]


class Referral(models.Model):
    """A matter sent to another union: from then on that union's, which answers by taking it up or not."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "等接收"
        ACCEPTED = "accepted", "接收了"
        DECLINED = "declined", "没有接收"
        RETURNED = "returned", "办了以后退回"
        MOVED = "moved", "又转走或撤回了"

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Node, models.PROTECT, related_name="+")
    target = models.ForeignKey(Node, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when the target has to answer.")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    handler = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who handled it at the sender."
    )
    stand_in = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    SCOPE = "sender__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [models.Index(fields=["sender", "answer", "due_at"], name="cases_referral_of_sender")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(answer="waiting"), name="cases_one_referral")
        ]


class Handover(models.Model):
    """A matter put before somebody outside of the union: what went there, and how it came back. The union stays at it."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "等回音"
        TAKEN = "taken", "对方受理了"
        DECLINED = "declined", "对方不受理"
        DONE = "done", "对方办好了"
        SILENT = "silent", "到期没有回音"
        DROPPED = "dropped", "事情完了，不用等了"

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    authority = models.CharField(max_length=60)
    paper_number = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField()
    due_on = models.DateField(help_text="Until when an answer is expected; then it is asked for.")
    is_named = models.BooleanField(default=False, help_text="The applicant agreed that the authority hears who it is.")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", help_text="The line with what was sent.")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_on = models.DateField(null=True, blank=True)

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "authority"],
                condition=models.Q(answer__in=["waiting", "taken"]),
                name="cases_handover_once",
            )
        ]

    def __str__(self) -> str:
        return self.authority


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


class MassMatter(models.Model):
    """A mass matter (群体性事项): what many people want of one employer or place. Its cases lie at the county's
    federation and are shown to that one, those above it and who is named; it rings until somebody takes it."""

    class Ground(models.TextChoices):
        PEOPLE = "people", "一件事关系到很多人"
        EMPLOYER = "employer", "同一个单位的几件同样的诉求"
        PLACE = "place", "同一个地点的几件同样的诉求"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The federation in charge.")
    hidden_path = PathField(blank=True, default="", help_text="The employer's union, which must never see it.")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    kind = models.CharField(max_length=40)
    category = models.CharField(max_length=24)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    place_text = models.CharField(max_length=120, blank=True)
    people_count = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    handler = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when somebody has to be there; day and night.")
    rings_at = models.DateTimeField(null=True, blank=True, help_text="When it rings next; null once it was taken.")
    ring_count = models.PositiveSmallIntegerField(default=0)
    present_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"

    def __str__(self) -> str:
        return self.employer_text or self.place_text


class ReplyTemplate(models.Model):
    """Words for a reply that a union keeps for itself and the unions below it, with placeholders of a closed list."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    title = models.CharField(max_length=12)
    text = models.CharField(max_length=600)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "title"], condition=models.Q(ended_at=None), name="cases_template_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
