"""Closed periods: days of which nothing more may be written at a union and below it."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.tree.models import Node


class Closing(models.Model):
    """One closing of a period at a federation. It locks the whole branch as it stood on each of those days.

    Reopening is written down beside it; nothing is ever taken away.
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="工会")
    starts_on = models.DateField("期间起")
    ends_on = models.DateField("期间止")
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=80, blank=True)
    closed_by_union = models.CharField(max_length=120, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.CharField(max_length=80, blank=True)
    reopened_by_union = models.CharField(max_length=120, blank=True)
    reason = models.CharField("重新开账的原因", max_length=200, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="periods_has_days"),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(reason=""), name="periods_reopening_says_why"
            ),
            models.UniqueConstraint(
                fields=["node", "starts_on", "ends_on"],
                condition=Q(reopened_at__isnull=True),
                name="periods_closed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(reopened_at__isnull=True), name="periods_holding"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.starts_on}/{self.ends_on}"
