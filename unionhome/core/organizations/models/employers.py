"""Employers, and which union organises them from when to when."""

from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from unionhome.core.organizations.models.places import Division
from unionhome.core.organizations.rules import NATURES, SIZES
from unionhome.core.organizations.rules.employers import SAME
from unionhome.core.tree.models import Node
from unionhome.kit.codes import INDUSTRIES


def _as_compared(field: str) -> Any:
    """The same in the database as `rules.name_key`."""
    text: Any = F(field)
    for sign, plain in SAME.items():
        text = Replace(text, Value(sign), Value(plain))
    return text


class Employer(models.Model):
    """An employer (用人单位): an enterprise, institution, organ or self-employed business."""

    name = models.CharField("单位名称", max_length=120, db_index=True)
    name_key = models.GeneratedField(
        expression=_as_compared("name"),
        output_field=models.CharField(max_length=120),
        db_persist=True,
        help_text="The name as it is compared (`rules.name_key`).",
    )
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
        indexes = [models.Index(fields=["name_key", "division"], name="organizations_employer_known")]

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
