"""What a union is, who holds its posts, and every dated change."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.organizations.models.employers import Employer
from unionhome.core.organizations.models.places import Division
from unionhome.core.organizations.rules import CHANGES, COMMITTEES, FORMS, NATURES, STATUSES
from unionhome.core.tree.models import Node


class Organization(models.Model):
    """What a union is; where it stands in the tree is its node."""

    node = models.OneToOneField(Node, models.PROTECT, primary_key=True, related_name="organization")
    short_name = models.CharField("简称", max_length=60, blank=True)
    form = models.CharField("工会类型", max_length=16, choices=FORMS)
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="organizations",
        verbose_name="所在地",
        help_text="Where it is; may lie outside its parent's division (projects of enterprise groups).",
    )
    uscc = models.CharField("社会信用代码", max_length=18, blank=True)
    employer = models.ForeignKey(
        Employer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name="所在单位",
    )
    founded_on = models.DateField("建会日期", null=True, blank=True)
    approved_by = models.CharField("批准单位", max_length=120, blank=True)
    approval_no = models.CharField("批准文号", max_length=60, blank=True)
    term_no = models.PositiveSmallIntegerField("届次", null=True, blank=True)
    term_years = models.PositiveSmallIntegerField("任期", null=True, blank=True, choices=[(3, "3 年"), (5, "5 年")])
    term_starts_on = models.DateField("本届起", null=True, blank=True)
    term_ends_on = models.DateField("本届止", null=True, blank=True, help_text="Last day of the term.")
    legal_no = models.CharField("法人资格证书号", max_length=40, blank=True)
    legal_issued_on = models.DateField("法人证书发证日期", null=True, blank=True)
    legal_ends_on = models.DateField("法人证书有效期至", null=True, blank=True, help_text="Last day of its validity.")
    account_on = models.DateField(
        "银行开户日期", null=True, blank=True, help_text="That it keeps its own account; the number is nowhere."
    )
    status = models.CharField("状态", max_length=12, choices=STATUSES, default="active")
    workers_count = models.PositiveIntegerField("职工人数", null=True, blank=True)
    women_count = models.PositiveIntegerField("女职工人数", null=True, blank=True)
    members_count = models.PositiveIntegerField(
        "会员（上报）",
        null=True,
        blank=True,
        help_text="As reported by the union; the register counts its own.",
    )
    address = models.CharField("办公地址", max_length=120, blank=True)
    phone = models.CharField("办公电话", max_length=20, blank=True)
    sources = models.JSONField(
        default=dict,
        help_text="Per field: where the value came from and its day, [source, YYYY-MM-DD].",
    )
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="organizations_own_uscc_once"),
            models.CheckConstraint(
                condition=Q(term_ends_on__isnull=True)
                | Q(term_starts_on__isnull=True)
                | Q(term_ends_on__gt=F("term_starts_on")),
                name="organizations_term_forward",
            ),
            models.CheckConstraint(
                condition=Q(women_count__isnull=True)
                | Q(workers_count__isnull=True)
                | Q(women_count__lte=F("workers_count")),
                name="organizations_women_among_workers",
            ),
        ]
        indexes = [
            models.Index(fields=["term_ends_on"], name="organizations_term_end"),
        ]

    def __str__(self) -> str:
        return self.node.name


class UnionSpan(models.Model):
    """As what a union counts, from one day to another: figures ask these rows, so that a later change of a fact leaves
    the figures of earlier days alone."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="spans")
    form = models.CharField(max_length=16, choices=FORMS)
    nature = models.CharField(
        max_length=3, blank=True, choices=NATURES, help_text="Of its employer, where it is a single-employer union."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer counts so.")

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node"], condition=Q(ends_on__isnull=True), name="organizations_span_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="organizations_span_forward"
            ),
        ]


class Officer(models.Model):
    """A post in a union for a time."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="officers")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=40)
    committee = models.CharField("委员会", max_length=12, choices=COMMITTEES, default="union")
    starts_on = models.DateField("任职起")
    ends_on = models.DateField(
        "任职止",
        null=True,
        blank=True,
        help_text="First day on which it no longer holds.",
    )

    SCOPE = "organization__node__path"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="organizations_officer_forward",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}，{self.post}"


class OrganizationChange(models.Model):
    """One dated change, so that last year's figures can be drawn on last year's tree."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=CHANGES)
    on = models.DateField()
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    other = models.ForeignKey(
        Node,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The union on the other side of a merger, a split or a dissolution.",
    )
    entry_id = models.BigIntegerField(null=True, blank=True, help_text="The journal entry of the act.")

    SCOPE = "node__path"

    class Meta:
        indexes = [models.Index(fields=["node", "on"], name="organizations_change_node")]
