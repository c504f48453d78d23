"""Elections as they were reported, and the re-election that ends a term."""

from django.db import models
from django.db.models import Q

from unionhome.core.organizations.rules import ASSEMBLIES
from unionhome.core.tree.models import Node


class Election(models.Model):
    """One election of a union's committees as its union reported it."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="elections")
    held_on = models.DateField("选举日期")
    assembly = models.CharField("会议", max_length=12, choices=ASSEMBLIES)
    entitled_count = models.PositiveIntegerField("应到人数")
    attended_count = models.PositiveIntegerField("实到人数")
    members_count = models.PositiveIntegerField("会员人数")
    women_count = models.PositiveIntegerField("女会员人数")
    principal_name = models.CharField("单位负责人", max_length=40, blank=True)
    term_no = models.PositiveSmallIntegerField("第几届")
    term_years = models.PositiveSmallIntegerField("任期")
    term_starts_on = models.DateField("本届起")
    seats = models.JSONField(help_text="Who was elected: committee, name, post, votes.")
    recorded_at = models.DateTimeField()

    SCOPE = "node__path"


class Reelection(models.Model):
    """The re-election due at the end of one term. How late it is follows from its days; its state says how far it is."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="reelections")
    approver = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The next higher union.")
    state = models.CharField(max_length=24)
    ended_on = models.DateField(help_text="Last day of the term that ends.")
    counts_on = models.DateField(help_text="Day of the figures: later where `ended_on` was closed when it was opened.")
    term_no = models.PositiveSmallIntegerField(help_text="Number of the term to come.")
    announced_days = models.IntegerField(help_text="The last reminder given: days before the end, below 0 after it.")
    election = models.ForeignKey(Election, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when whoever's turn it is has to act.")
    approved_on = models.DateField(null=True, blank=True)
    approval_no = models.CharField(max_length=60, blank=True)
    is_on_time = models.BooleanField(default=False, help_text="The election was held before the term was over.")
    counts_on_time = models.BooleanField(
        default=False, help_text="On time, and approved before the period of `counts_on` was closed."
    )

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "ended_on"],
                condition=~Q(state__in=("lapsed", "dropped")),
                name="organizations_reelection_once",
            )
        ]
        indexes = [models.Index(fields=["ended_on"], name="organizations_reelection_end")]
