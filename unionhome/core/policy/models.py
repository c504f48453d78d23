"""Numbers that a province, a city or a year can change, each dated and sourced; and the calendar of working days."""

from django.db import models

from unionhome.core.tree.models import Node


class PolicyParameter(models.Model):
    """One value of one key, for one region, from one day to another. Rows are added, never changed in force."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    unit = models.CharField(max_length=24, blank=True)
    node = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", help_text="Region; empty holds everywhere."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    source = models.CharField(max_length=200, help_text="The document it rests on.")
    approved_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    is_default = models.BooleanField(default=False, help_text="Came with the product; nobody here decided it.")
    set_by = models.CharField(max_length=80, blank=True, help_text="Name of the account that entered it.")
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "node", "starts_on"],
                condition=models.Q(node__isnull=False),
                name="policy_one_start_in_region",
            ),
            models.UniqueConstraint(
                fields=["key", "starts_on"], condition=models.Q(node__isnull=True), name="policy_one_start_everywhere"
            ),
            models.UniqueConstraint(
                fields=["key", "node"],
                condition=models.Q(node__isnull=False, ends_on__isnull=True),
                name="policy_one_open_in_region",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(node__isnull=True, ends_on__isnull=True),
                name="policy_one_open_everywhere",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="policy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.starts_on}"


class CalendarYear(models.Model):
    """A year whose holidays are announced (or are being entered)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    is_published = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day with a name of its own: a holiday, a day off in its place, or a make-up working day (调休)."""

    on = models.DateField(unique=True)
    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
