"""Unions, the employers they organise, places, posts, and every dated change of the tree."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.organizations.rules import (
    CHANGES,
    COMMITTEES,
    FORMS,
    NATURES,
    SIZES,
    STATUSES,
    place_name,
)
from unionhome.core.tree.models import Level, Node
from unionhome.kit.codes import INDUSTRIES


class Division(models.Model):
    """One administrative division, down to village or community.

    Editions are loaded by year; a division that an edition no longer names keeps its row and gets `ended_year`.
    """

    code = models.CharField(
        max_length=12,
        primary_key=True,
        help_text="12 digits: 2 province, 2 city, 2 county, 3 town, 3 village.",
    )
    name = models.CharField(max_length=60)
    level = models.CharField(
        max_length=12,
        choices=[choice for choice in Level.choices if choice[0] not in ("grassroots", "group")],
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    prefix = models.CharField(
        max_length=12,
        db_index=True,
        help_text="The code without its empty places: a branch is every prefix that starts with it.",
    )
    year = models.PositiveSmallIntegerField(help_text="Year of the first edition that named it.")
    ended_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Year of the first edition without it."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def people_name(self) -> str:
        """As people say it: 赵村, not 赵村委会."""
        return place_name(self.name, self.level)


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
        "Employer",
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


class Employer(models.Model):
    """An employer (用人单位): an enterprise, institution, organ or self-employed business."""

    name = models.CharField("单位名称", max_length=120, db_index=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    nature = models.CharField("单位性质", max_length=3, blank=True, choices=NATURES)
    industry = models.CharField("所属行业", max_length=1, blank=True, choices=INDUSTRIES.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="employers", verbose_name="所在地")
    size = models.CharField("规模", max_length=8, blank=True, choices=SIZES)
    workers_count = models.PositiveIntegerField("职工人数", null=True, blank=True)
    women_count = models.PositiveIntegerField("女职工人数", null=True, blank=True)
    party_organization = models.CharField("党组织", max_length=120, blank=True)
    union = models.ForeignKey(
        Node,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="employers",
        help_text="The union that organises it now; its history stands in CoveredUnit.",
    )
    created_at = models.DateTimeField()

    SCOPE = "union__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc=""),
                name="organizations_employer_uscc_once",
            ),
            models.CheckConstraint(
                condition=Q(women_count__isnull=True)
                | Q(workers_count__isnull=True)
                | Q(women_count__lte=F("workers_count")),
                name="organizations_employer_women_among_workers",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoveredUnit(models.Model):
    """An employer organised by a union from one day to another: a joint union covers many."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="covered_units")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="coverings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(ends_on__isnull=True),
                name="organizations_employer_covered_once",
            )
        ]


class Place(models.Model):
    """A named place in a division, with a point where somebody tapped one on the map."""

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="places")
    longitude = models.IntegerField(null=True, blank=True, help_text="Micro-degrees, WGS 84.")
    latitude = models.IntegerField(null=True, blank=True, help_text="Micro-degrees, WGS 84.")
    union = models.ForeignKey(Node, models.PROTECT, related_name="places")

    SCOPE = "union__path"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__gte=-180_000_000,
                    longitude__lte=180_000_000,
                    latitude__gte=-90_000_000,
                    latitude__lte=90_000_000,
                ),
                name="organizations_place_point_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name


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
    entry_id = models.BigIntegerField(null=True, blank=True, help_text="The journal entry of the act.")

    SCOPE = "node__path"

    class Meta:
        indexes = [models.Index(fields=["node", "on"], name="organizations_change_node")]
