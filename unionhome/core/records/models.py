"""Service records: whom a union served, when, with what, worth how much. Appended, reversed, never edited."""

from django.conf import settings
from django.db import models

from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person
from unionhome.core.tree.models import Node, PathField


class BeneficiaryKind(models.TextChoices):
    WORKER = "worker", "职工"
    FAMILY = "family", "职工家属"
    VILLAGER = "villager", "村民"
    STUDENT = "student", "学生"
    MEDIC = "medic", "医护人员"
    OTHER = "other", "其他群众"


class ServiceRecord(models.Model):
    """One service to one person, or to a counted group.

    County, town, village and path are those of the union on the record's day and never change, so that a move or a
    merge leaves earlier work where it was done. `sign` is +1, or -1 on the record that takes another one back; such
    a pair counts for nothing. Rows are reached by the union's present path.
    """

    service = models.CharField(max_length=48, help_text="Code of a declared ServiceKind.")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False, verbose_name="工会")
    county = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+", db_index=False)
    town = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+", db_index=False)
    village = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+", db_index=False)
    path = PathField(help_text="Path of the union on the record's day.")
    on = models.DateField("日期")
    at = models.DateTimeField(help_text="When it was written down.")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    head_count = models.PositiveIntegerField("人次", default=1)
    beneficiary_kind = models.CharField(
        "服务对象",
        max_length=12,
        choices=BeneficiaryKind.choices,
        default=BeneficiaryKind.WORKER,
    )
    amount_fen = models.BigIntegerField("金额", default=0)
    theme = models.CharField("主题", max_length=60, blank=True)
    joint = models.CharField("联合开展", max_length=200, blank=True)
    summary = models.CharField("内容", max_length=200)
    link = models.CharField(max_length=200, blank=True, help_text="Path of the page it is about.")
    about_model = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    hidden_path = PathField(blank=True, default="", help_text="Branch that must never see this record.")
    sign = models.SmallIntegerField(default=1)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"
    STANDS = {"sign": 1, "reversed_by__isnull": True}
    """Lookups of the rows that count: no reversal, and not reversed."""

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(head_count__gt=0), name="records_somebody_served"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="records_amount_not_below_0"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(head_count=1),
                name="records_one_person_counts_once",
            ),
            models.CheckConstraint(
                condition=models.Q(sign=1, reverses__isnull=True) | models.Q(sign=-1, reverses__isnull=False),
                name="records_sign_says_reversal",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "on", "person", "sign"], name="records_service_on"),
            models.Index(fields=["county", "service", "on"], name="records_county_service"),
            models.Index(fields=["town", "service", "on"], name="records_town_service"),
            models.Index(
                fields=["village", "service", "on"],
                condition=models.Q(village__isnull=False),
                name="records_village_service",
            ),
            models.Index(fields=["node", "service", "on"], name="records_node_service"),
            models.Index(
                fields=["person", "service", "on"],
                condition=models.Q(person__isnull=False),
                name="records_person_service",
            ),
            models.Index(
                fields=["about_model", "about_id"],
                condition=models.Q(about_id__isnull=False),
                name="records_about",
            ),
            models.Index(fields=["service", "on"], condition=~models.Q(hidden_path=""), name="records_hidden"),
            models.Index(
                fields=["county", "service", "on"], condition=~models.Q(hidden_path=""), name="records_hidden_county"
            ),
            models.Index(fields=["service", "on", "person"], condition=models.Q(sign=-1), name="records_taken_back"),
            models.Index(fields=["on"], condition=models.Q(sign=1), name="records_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.summary}"


class Kind(models.TextChoices):
    """The length of a total's period."""

    YEAR = "Y", "年"
    QUARTER = "Q", "季度"
    MONTH = "M", "月"
    DAY = "D", "日"


class Total(models.Model):
    """What the records of one kind of service in one period come to, at one place of the tree as it stood on their days.

    `place` is the id of a node and `above` that of the node it is a part of: the whole city has 0 above it; beneath
    the city stand counties, and unions that are in none of them; beneath a county towns, and unions in none of those
    (the county's own work stands there under its own id). Records that are hidden from a branch are in no total.
    `people_count` is the number of human beings with a record that stands; days carry none, and only the city and
    what stands right beneath it have days. Written by `actions.fold` alone.
    """

    pk = models.CompositePrimaryKey("above", "kind", "begins_on", "service", "place")
    above = models.BigIntegerField(help_text="Id of the node it is a part of; 0 for the whole.")
    place = models.BigIntegerField(help_text="Id of the node.")
    kind = models.CharField(max_length=1, choices=Kind.choices)
    begins_on = models.DateField()
    service = models.CharField(max_length=48)
    record_count = models.BigIntegerField(default=0)
    head_count = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    people_count = models.BigIntegerField(default=0)


class Pending(models.Model):
    """Records not yet in the totals: all those of one journal entry; or a person whose identity has changed."""

    entry_id = models.BigIntegerField(null=True, db_index=True, help_text="Journal entry of the records.")
    person_id = models.BigIntegerField(null=True, help_text="Person that was merged into another, or parted again.")


class Double(models.Model):
    """Under whose name the totals count a person that was merged into another."""

    person_id = models.BigIntegerField(primary_key=True, help_text="The person that was merged.")
    identity_id = models.BigIntegerField(db_index=True, help_text="The person counted in its place.")
