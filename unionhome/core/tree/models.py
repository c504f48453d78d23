"""Union nodes with indexed paths, the paths they had, and rows shared beyond a branch."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from unionhome.core.tree.rules import MOST_PATH, STEP


class PathField(models.CharField):
    """A tree path. Compared bytewise on both engines, so that a branch is one index range."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MOST_PATH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Level(models.TextChoices):
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "镇"
    VILLAGE = "village", "村"
    GRASSROOTS = "grassroots", "基层"
    GROUP = "group", "小组"


class Node(models.Model):
    """One union's place in the tree. What the union is stands in the organizations room."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(unique=True)
    serial = models.PositiveIntegerField(help_text="Serial under the parent; the last step of the path.")
    children_made = models.PositiveIntegerField(
        default=0, help_text="Serials ever given below it; one that moved away keeps its old path to itself."
    )
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    is_local = models.BooleanField(
        default=False,
        help_text="A federation of a division (city, county, town, village), no employer's union.",
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    SCOPE = "path"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "serial"], name="tree_node_serial_once"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="tree_node_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """1 for the root."""
        return len(self.path) // STEP


class NodePath(models.Model):
    """Where a node stood from one day to another: last year's tree is drawn from these rows."""

    node = models.ForeignKey(Node, models.CASCADE, related_name="paths")
    path = PathField(db_index=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=models.Q(ends_on__isnull=True),
                name="tree_node_one_open_path",
            )
        ]


class Share(models.Model):
    """One row of another branch opened, for a time, to a union or to one person (referral, transfer, assignment)."""

    model = models.CharField(max_length=60, help_text="Django label of the row's model.")
    object_id = models.BigIntegerField()
    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, related_name="shares")
    user_id = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="Account in the access room, which lies above: hence no foreign key.",
    )
    can_act = models.BooleanField(
        default=False, help_text="Whoever it is shared with may work on the row too; otherwise only look at it."
    )
    reason = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["model", "node", "object_id"], name="tree_share_node"),
            models.Index(fields=["model", "user_id", "object_id"], name="tree_share_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(node__isnull=False) | models.Q(user_id__isnull=False),
                name="tree_share_with_somebody",
            )
        ]
