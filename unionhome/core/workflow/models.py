"""One row per waiting act of any kind (the inbox), and one row per step taken (the history)."""

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.tree.models import Node, PathField


class WorkItem(models.Model):
    """What waits for somebody. `workflow.actions.move` keeps exactly one open item per row that is under way."""

    table = models.CharField(max_length=40, help_text="Name of the workflow table.")
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    raised_to = models.ForeignKey(
        Node,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="A union above `node` that has to see to it as well, since `node` let the time pass.",
    )
    hidden_path = PathField(blank=True, default="", help_text="Branch that must never see this item.")
    kind_label = models.CharField(max_length=24)
    icon = models.CharField(max_length=32)
    title = models.CharField(max_length=120, help_text="Masked, fit for a list.")
    url = models.CharField(max_length=120)
    state = models.CharField(max_length=24)
    state_label = models.CharField(max_length=24)
    next_step = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    limit_minutes = models.PositiveIntegerField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False, help_text="The due moment rests on an unpublished calendar.")
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    stand_in = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Chosen for this very row; asked only together with the assignee.",
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id"],
                condition=models.Q(closed_at__isnull=True),
                name="workflow_item_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["node", "due_at"], condition=models.Q(closed_at__isnull=True), name="workflow_item_open"
            ),
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(closed_at__isnull=True, assignee__isnull=False),
                name="workflow_item_of_person",
            ),
            models.Index(
                fields=["raised_to", "due_at"],
                condition=models.Q(closed_at__isnull=True, raised_to__isnull=False),
                name="workflow_item_raised",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One transition taken: who moved what from where to where, when and why."""

    table = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    door = models.CharField(max_length=8)
    user_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    actor_post = models.CharField(max_length=80, blank=True)
    actor_union = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    submit_key = models.CharField(max_length=32, null=True, blank=True)  # noqa: DJ001  (most steps have none)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submit_key", "user_id"],
                condition=models.Q(submit_key__isnull=False),
                name="workflow_step_key_once",
            ),
        ]
        indexes = [models.Index(fields=["model", "object_id", "id"], name="workflow_step_of")]
