"""Grid cells with their workers and what they look after, and how far every place and employer is covered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from unionhome.core.access.models import User
from unionhome.core.organizations.models.employers import Employer
from unionhome.core.organizations.models.places import Division
from unionhome.core.organizations.rules import COVERAGES
from unionhome.core.organizations.rules.grid import PHONE
from unionhome.core.tree.models import Node


class GridCell(models.Model):
    """A grid cell (网格): a part of a division that one union looks after from one day to another."""

    node = models.ForeignKey(
        Node, models.PROTECT, related_name="grid_cells", verbose_name="负责工会", help_text="The union in charge."
    )
    division = models.ForeignKey(Division, models.PROTECT, related_name="grid_cells", verbose_name="所在地")
    serial = models.PositiveSmallIntegerField(help_text="Counted within the division, never given twice.")
    code = models.CharField("网格编码", max_length=15, unique=True, help_text="12 digits of the division, 3 of serial.")
    name = models.CharField("网格名称", max_length=60)
    boundary = models.CharField("范围", max_length=200, blank=True)
    starts_on = models.DateField("设立日期")
    ends_on = models.DateField("撤销日期", null=True, blank=True, help_text="First day on which it no longer holds.")
    created_at = models.DateTimeField()
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["division", "serial"], name="organizations_grid_serial_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="organizations_grid_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GridWorker(models.Model):
    """A grid worker (网格员) of a cell for a time: an account, or a name with a phone, which is sealed."""

    cell = models.ForeignKey(GridCell, models.PROTECT, related_name="workers")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("姓名", max_length=40)
    phone_sealed = models.BinaryField(null=True, blank=True)
    starts_on = models.DateField("任职起")
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"phone_sealed": PHONE}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cell"], condition=Q(ends_on__isnull=True), name="organizations_grid_one_worker"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="organizations_grid_worker_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GridUnit(models.Model):
    """An employer or a union that belongs to a cell for a time; each to one cell at a time."""

    cell = models.ForeignKey(GridCell, models.PROTECT, related_name="units")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union in charge of the cell.")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="grid_units")
    union = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="grid_units")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(ends_on__isnull=True, employer__isnull=False),
                name="organizations_grid_employer_once",
            ),
            models.UniqueConstraint(
                fields=["union"],
                condition=Q(ends_on__isnull=True, union__isnull=False),
                name="organizations_grid_union_once",
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=True) ^ Q(union__isnull=True),
                name="organizations_grid_unit_is_one",
            ),
        ]


class Coverage(models.Model):
    """Whether an employer or a division had its union, or its grid worker, from one day to another.

    One open row for each question about each of them; what is not covered is a coverage gap (覆盖缺口).
    """

    kind = models.CharField(max_length=12, choices=COVERAGES)
    node = models.ForeignKey(
        Node, models.PROTECT, related_name="+", help_text="The nearest federation: it closes the gap."
    )
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    is_covered = models.BooleanField()
    is_due = models.BooleanField(
        default=False,
        help_text="An employer so large that it ought to have a union (`rules.COMMITTEE_MEMBERS` workers).",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "division"],
                condition=Q(ends_on__isnull=True, employer__isnull=True),
                name="organizations_coverage_place",
            ),
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(ends_on__isnull=True, employer__isnull=False),
                name="organizations_coverage_employer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "node"],
                condition=Q(ends_on__isnull=True, is_covered=False),
                name="organizations_coverage_gap",
            )
        ]
