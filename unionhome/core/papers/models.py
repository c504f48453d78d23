"""Papers that a union sends out: printed, sealed by hand, and kept with the scan of the sealed copy."""

from django.db import models
from django.db.models import Q

from unionhome.core.tree.models import Node


class Paper(models.Model):
    """One outward paper about a row of another room. Its words are kept as they were printed."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union whose office prints it.")
    to_node = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", help_text="The union below that receives it."
    )
    model = models.CharField(max_length=60, help_text="Django label of the row it is about.")
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=40, help_text="Which paper of that row; one of a kind stands at a time.")
    kind_label = models.CharField(max_length=24)
    back_url = models.CharField(max_length=120, help_text="Page of the row it is about.")
    state = models.CharField(max_length=24)
    number = models.CharField("文号", max_length=60, blank=True)
    dated_on = models.DateField("落款日期")
    title = models.CharField("标题", max_length=160)
    letter = models.JSONField(help_text="The other parts of kit.papers.Letter.")
    is_withdrawn = models.BooleanField(default=False, help_text="Sealed, then sent back: another took its place.")
    created_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "kind"],
                condition=~Q(state="void") & Q(is_withdrawn=False),
                name="papers_one_of_a_kind",
            )
        ]
        indexes = [models.Index(fields=["node", "number"], name="papers_number")]

    def __str__(self) -> str:
        return self.title
