"""Divisions and places: where unions, employers and people are."""

from django.db import models
from django.db.models import Q

from unionhome.core.organizations.rules import place_name
from unionhome.core.tree.models import Level, Node


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
