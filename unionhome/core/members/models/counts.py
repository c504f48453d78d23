"""How many members each union has, kept beside the memberships: what figures of members are added up from."""

from django.db import models

from unionhome.core.tree.models import Node


class Counts(models.Model):
    """Memberships by what `rules.counted` says of them; every one counts, doubles of one person too."""

    members = models.IntegerField(default=0)
    women = models.IntegerField(default=0)
    men = models.IntegerField(default=0)
    migrants = models.IntegerField(default=0)
    new_employment = models.IntegerField(default=0)
    group_courier = models.IntegerField(default=0)
    group_rider = models.IntegerField(default=0)
    group_trucker = models.IntegerField(default=0)
    group_ride_hailing = models.IntegerField(default=0)
    group_domestic = models.IntegerField(default=0)
    group_carer = models.IntegerField(default=0)
    group_shop = models.IntegerField(default=0)
    group_estate = models.IntegerField(default=0)
    group_guard = models.IntegerField(default=0)
    nature_public = models.IntegerField(default=0)
    nature_private = models.IntegerField(default=0)
    nature_institution = models.IntegerField(default=0)
    nature_social = models.IntegerField(default=0)
    nature_self_employed = models.IntegerField(default=0)
    retained = models.IntegerField(default=0)

    class Meta:
        abstract = True


class StandingTotal(Counts):
    """The memberships of a union that have no end, those of days to come too."""

    node = models.OneToOneField(Node, models.CASCADE, primary_key=True, related_name="+")


class StandingMonth(Counts):
    """What came less what went in one month, by the days `counts_on` and `left_on`."""

    pk = models.CompositePrimaryKey("begins_on", "node_id")
    node = models.ForeignKey(Node, models.CASCADE, related_name="+")
    begins_on = models.DateField(help_text="The first day of the month.")


class StandingMark(models.Model):
    """A union whose counts may no longer be true; laid by the database itself (`actions.counts.marking`)."""

    node_id = models.BigIntegerField(db_index=True)


class StandingOverlap(models.Model):
    """A person with two memberships on one day: looked at one by one, never counted by union."""

    person_id = models.BigIntegerField(primary_key=True)
