"""A matter of many people at once (群体性事项)."""

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.tree.models import Node, PathField


class MassMatter(models.Model):
    """A mass matter (群体性事项): what many people want of one employer or place. Its cases lie at the county's
    federation and are shown to that one, those above it and who is named; it rings until somebody takes it."""

    class Ground(models.TextChoices):
        PEOPLE = "people", "一件事关系到很多人"
        EMPLOYER = "employer", "同一个单位的几件同样的诉求"
        PLACE = "place", "同一个地点的几件同样的诉求"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The federation in charge.")
    hidden_path = PathField(blank=True, default="", help_text="The employer's union, which must never see it.")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    kind = models.CharField(max_length=40)
    category = models.CharField(max_length=24)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    place_text = models.CharField(max_length=120, blank=True)
    people_count = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    handler = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when somebody has to be there; day and night.")
    rings_at = models.DateTimeField(null=True, blank=True, help_text="When it rings next; null once it was taken.")
    ring_count = models.PositiveSmallIntegerField(default=0)
    present_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"

    def __str__(self) -> str:
        return self.employer_text or self.place_text
