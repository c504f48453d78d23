"""How a membership goes from one union to another, and how it is ended by a decision."""

from django.db import models
from django.db.models import F, Q

from unionhome.core.access.models import User
from unionhome.core.members.models.persons import Membership, Person
from unionhome.core.members.rules.standing import ExpulsionGround, TransferOrigin, TransferReason
from unionhome.core.organizations.models import Employer
from unionhome.core.tree.models import Node

OPEN_TRANSFER = ("releasing", "receiving")
OPEN_EXPULSION = ("discussed", "decided")


class Transfer(models.Model):
    """One way of a membership from a union to another.

    The old union sees it by its branch, the new one by a share row: this row, not the file. `node` is the union whose
    turn it is.
    """

    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    from_node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    to_node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union whose turn it is.")
    state = models.CharField(max_length=24)
    origin = models.CharField(max_length=12, choices=TransferOrigin.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who asked.")
    why = models.CharField(max_length=12, choices=TransferReason.choices)
    note = models.CharField(max_length=200, blank=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    employer_text = models.CharField(max_length=120, blank=True, help_text="As written, where no employer is linked.")
    route_reason = models.CharField(max_length=200, blank=True, help_text="Why it goes to this union.")
    submitted_at = models.DateTimeField()
    turn_at = models.DateTimeField(help_text="Since when it is that union's turn.")
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    raised_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was shown to the union above a silent one."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    opened = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", help_text="The membership it led to."
    )
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "from_node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=OPEN_TRANSFER), name="members_one_open_transfer"
            ),
            models.CheckConstraint(condition=~Q(from_node=F("to_node")), name="members_transfer_leads_elsewhere"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=OPEN_TRANSFER), name="members_transfer_open"),
        ]

    def __str__(self) -> str:
        return self.number or ""


class Expulsion(models.Model):
    """A membership to be ended by a decision: discussed in the group, decided by the committee, filed by the union above.

    Source: 中国工会章程 on expulsion. `node` is the union whose turn it is, `union` the one that decides.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="expulsions")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    union = models.ForeignKey(Node, models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union whose turn it is.")
    state = models.CharField(max_length=24)
    ground = models.CharField(max_length=12, choices=ExpulsionGround.choices)
    discussed_on = models.DateField(help_text="When the union group discussed it.")
    discussion = models.CharField(max_length=200, help_text="What the group thought.")
    decided_on = models.DateField(null=True, blank=True, help_text="When the committee decided.")
    paper_no = models.CharField(max_length=60, blank=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "union__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=OPEN_EXPULSION), name="members_one_open_expulsion"
            )
        ]
