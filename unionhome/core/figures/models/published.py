"""Published figures: what was said, by whom, of exactly which rows; and the keys that sign it.

Figures themselves are declared, not stored. What stands here is written once: nothing edits or deletes what was published.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from unionhome.core.tree.models import Node

KEY_FIELD = "figures.signingkey.private"
ROWS_FIELD = "figures.frozenrows.rows"


class SigningKey(models.Model):
    """One key of a union. The old ones stay, so that what they signed can be checked for ever."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the public key.")
    public = models.CharField(max_length=64, help_text="The public key in hex.")
    private_sealed = models.BinaryField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="From then on another signs.")
    reason = models.CharField(max_length=200, blank=True, help_text="Why it took the place of the one before.")
    made_by = models.CharField(max_length=80, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {"private_sealed": KEY_FIELD}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node"], condition=Q(ends_at__isnull=True), name="figures_one_key_signs"),
        ]


class Publication(models.Model):
    """One or several figures of a union and a period that go from hand to hand together until they are signed."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="工会")
    starts_on = models.DateField("期间起")
    ends_on = models.DateField("期间止")
    title = models.CharField("标题", max_length=80)
    state = models.CharField(max_length=24)
    codes = models.JSONField(help_text="Codes of its figures, in their order.")
    reason = models.CharField("更正原因", max_length=200, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    frozen_at = models.DateTimeField(help_text="When its rows were read.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="figures_period_has_days"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="figures_correction_says_why"
            ),
        ]
        indexes = [models.Index(fields=["node", "-ends_on"], name="figures_publication_list")]

    def __str__(self) -> str:
        return self.title


class PublishedFigure(models.Model):
    """One figure as it was frozen, and, once it is published, the statement that was signed, byte for byte.

    `public_id` stands in the address that anybody may open. `raw` is the number in the base unit as
    `kit.verifier.raw_text` writes it. Everything shown of a published figure is read off `statement`.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="figures")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=24, unique=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    version = models.PositiveSmallIntegerField()
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="following")
    declaration = models.JSONField(help_text="What the figure was declared to be when it was frozen.")
    measure = models.JSONField(help_text="How its rows come to the number.")
    raw = models.CharField(max_length=40, blank=True)
    shown = models.CharField(max_length=40)
    unit = models.CharField(max_length=12)
    row_count = models.PositiveIntegerField()
    people_count = models.PositiveIntegerField(
        null=True, help_text="Human beings behind the rows, where rows name them."
    )
    rows_digest = models.CharField(max_length=64)
    cells = models.JSONField(
        default=list, help_text="By union below, fit for the public: None where a cell is kept back."
    )
    statement = models.TextField(blank=True)
    signature = models.CharField(max_length=128, blank=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "code", "starts_on", "ends_on", "version"],
                condition=Q(published_at__isnull=False),
                name="figures_version_once",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | (~Q(statement="") & ~Q(signature="") & Q(key__isnull=False)),
                name="figures_published_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["node", "code", "-ends_on"], name="figures_published_of")]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_on}/{self.ends_on} v{self.version}"


class FrozenRows(models.Model):
    """Some hundred rows of a frozen figure, as lines of its file of rows: packed, and sealed like every file."""

    figure = models.ForeignKey(PublishedFigure, models.CASCADE, related_name="frozen")
    first = models.PositiveIntegerField(help_text="Number of its first row, counted from 1.")
    count = models.PositiveIntegerField()
    rows_sealed = models.BinaryField()

    SEALED: ClassVar[dict[str, str]] = {"rows_sealed": ROWS_FIELD}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "first"], name="figures_rows_once")]
