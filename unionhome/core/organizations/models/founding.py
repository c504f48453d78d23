"""A union on its way into being."""

from django.db import models
from django.db.models import Q

from unionhome.core.organizations.models.employers import Employer
from unionhome.core.organizations.models.terms import Election
from unionhome.core.organizations.models.unions import Organization
from unionhome.core.organizations.rules import FORMS, FOUNDING_OPEN
from unionhome.core.tree.models import Node


class Founding(models.Model):
    """The founding of one union, from its draft to the seal, the certificate and the account."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="foundings", help_text="The union it will stand under.")
    approver = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The next higher union.")
    state = models.CharField(max_length=24)
    name = models.CharField("工会名称", max_length=120)
    form = models.CharField("工会类型", max_length=16, choices=FORMS)
    division_code = models.CharField("所在地", max_length=12)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="foundings", verbose_name="所在单位"
    )
    workers_count = models.PositiveIntegerField("职工人数", null=True, blank=True)
    women_count = models.PositiveIntegerField("女职工人数", null=True, blank=True)
    members_count = models.PositiveIntegerField("已有入会意愿", null=True, blank=True)
    leader_name = models.CharField("筹备组负责人", max_length=40, blank=True)
    party_opinion = models.CharField("单位党组织意见", max_length=200, blank=True)
    organization = models.OneToOneField(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="founding",
        help_text="In preparation from the day the higher union agreed to prepare.",
    )
    election = models.ForeignKey(Election, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when the higher union has to answer.")
    approved_on = models.DateField("批复日期", null=True, blank=True)
    approval_no = models.CharField("批准文号", max_length=60, blank=True)
    seal_on = models.DateField("启用印章", null=True, blank=True)
    bank_name = models.CharField("开户银行", max_length=60, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(state__in=FOUNDING_OPEN) & Q(employer__isnull=False),
                name="organizations_one_open_founding",
            )
        ]

    def __str__(self) -> str:
        return self.name
