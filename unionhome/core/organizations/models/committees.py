"""The committees of a union, and how many seats each has from when to when."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.organizations.models.unions import Organization
from unionhome.core.organizations.rules import COMMITTEES


class Committee(models.Model):
    """One committee of a union with its seats, from one election to the next. Who sits there is `Officer`."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="committees")
    kind = models.CharField("委员会", max_length=12, choices=COMMITTEES)
    seats_count = models.PositiveSmallIntegerField("委员名额")
    starts_on = models.DateField("产生日期")
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    source = models.CharField("依据", max_length=60, blank=True)

    SCOPE = "organization__node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind"],
                condition=Q(ends_on__isnull=True),
                name="organizations_committee_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="organizations_committee_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
