"""A review that is being written, and numbers that stand in it without records behind them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from unionhome.core.figures.models.published import Publication, SigningKey
from unionhome.core.tree.models import Node


class Review(models.Model):
    """The words of a union about a stretch of time. Numbers stand in them as codes and are asked anew at every look."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="工会")
    start_on = models.DateField("从")
    end_on = models.DateField("到")
    title = models.CharField("标题", max_length=60)
    sections = models.JSONField(help_text="[{key, title, paragraphs}]; a paragraph holds {code} or {code|style}.")
    revision = models.PositiveIntegerField(default=1, help_text="One more at every change of the words.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction")
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, blank=True, related_name="review", help_text="That of its numbers."
    )
    frozen = models.JSONField(
        null=True,
        blank=True,
        help_text="What it says, as it was when its numbers were read: what is looked at and signed.",
    )
    public_id = models.CharField(max_length=24, unique=True, null=True, blank=True)
    statement = models.TextField(blank=True, help_text="What was signed, byte for byte: words, numbers, who gave them.")
    signature = models.CharField(max_length=128, blank=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, blank=True, related_name="+")

    SCOPE = "node__path"

    class Meta:
        ordering = ["-end_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="figures_review_days"),
            models.CheckConstraint(
                condition=Q(statement="") | (~Q(signature="") & Q(key__isnull=False) & Q(public_id__isnull=False)),
                name="figures_review_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OutsideNumber(models.Model):
    """A number that a return (上报) or somebody's document (外部) gives for one union and stretch of time.

    It stands in a review with document and signer, marked as such, and never counts as proven. It is not edited: a wrong
    one is withdrawn, with the reason, and entered again.
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="工会")
    code = models.CharField(
        max_length=60, help_text='Code of a figure no room gives yet, or "outside.<digest of name>".'
    )
    name = models.CharField("指标", max_length=60)
    unit = models.CharField("单位", max_length=8)
    start_on = models.DateField("从")
    end_on = models.DateField("到")
    raw = models.BigIntegerField("数", help_text="In the base unit: fen for 元 and 万元.")
    basis = models.CharField("来处", max_length=4, choices=[("上报", "下级上报"), ("外部", "外部文件")])
    source = models.CharField("文件", max_length=120, help_text="Title and number of the document.")
    signed_by = models.CharField("签字人", max_length=30)
    signed_on = models.DateField("签字日期")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    SCOPE = "node__path"

    class Meta:
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "code", "start_on", "end_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="figures_one_outside_number",
            ),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="figures_outside_days"),
            models.CheckConstraint(condition=Q(raw__gte=0), name="figures_outside_not_below_0"),
        ]

    def __str__(self) -> str:
        return self.name
