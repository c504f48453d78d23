"""The dissolution of a union: proposed, its members placed, approved, reported upward."""

from django.db import models
from django.db.models import Q

from unionhome.core.organizations.rules import CAUSES
from unionhome.core.tree.models import Node


class Dissolution(models.Model):
    """One union on its way out. It stands, and counts, until the day on which it is dissolved."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="dissolutions")
    state = models.CharField(max_length=24)
    cause = models.CharField("撤销原因", max_length=12, choices=CAUSES)
    decided_on = models.DateField("决定或终止日期")
    approval_no = models.CharField("文号", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    keeper = models.ForeignKey(
        Node,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The union that took over the members and the open matters.",
    )
    is_retained = models.BooleanField(default=False, help_text="The members keep their membership without a post.")
    members_count = models.PositiveIntegerField(null=True, blank=True, help_text="Members placed.")
    placed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    opened_at = models.DateTimeField()
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=Q(state__in=("proposed", "placed")),
                name="organizations_dissolution_once",
            )
        ]

    def __str__(self) -> str:
        return f"撤销{self.node.name}"
