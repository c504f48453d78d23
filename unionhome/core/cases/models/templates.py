"""Words that replies begin with."""

from django.db import models

from unionhome.core.tree.models import Node


class ReplyTemplate(models.Model):
    """Words for a reply that a union keeps for itself and the unions below it, with placeholders of a closed list."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    title = models.CharField(max_length=12)
    text = models.CharField(max_length=600)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "title"], condition=models.Q(ended_at=None), name="cases_template_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
