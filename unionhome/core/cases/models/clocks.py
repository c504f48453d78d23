"""What is measured of a matter: its clocks, terms and pauses, and when it goes up by itself."""

from django.db import models

from unionhome.core.cases.models.matters import Case
from unionhome.core.tree.models import Node


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
