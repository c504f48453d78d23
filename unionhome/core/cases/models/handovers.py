"""A matter that another union looks into, or an authority outside."""

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.cases.models.matters import Case, Entry
from unionhome.core.tree.models import Node


class Referral(models.Model):
    """A matter sent to another union: from then on that union's, which answers by taking it up or not."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "等接收"
        ACCEPTED = "accepted", "接收了"
        DECLINED = "declined", "没有接收"
        RETURNED = "returned", "办了以后退回"
        MOVED = "moved", "又转走或撤回了"

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Node, models.PROTECT, related_name="+")
    target = models.ForeignKey(Node, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when the target has to answer.")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    handler = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who handled it at the sender."
    )
    stand_in = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    SCOPE = "sender__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [models.Index(fields=["sender", "answer", "due_at"], name="cases_referral_of_sender")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(answer="waiting"), name="cases_one_referral")
        ]


class Handover(models.Model):
    """A matter put before somebody outside of the union: what went there, and how it came back. The union stays at it."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "等回音"
        TAKEN = "taken", "对方受理了"
        DECLINED = "declined", "对方不受理"
        DONE = "done", "对方办好了"
        SILENT = "silent", "到期没有回音"
        DROPPED = "dropped", "事情完了，不用等了"

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    authority = models.CharField(max_length=60)
    paper_number = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField()
    due_on = models.DateField(help_text="Until when an answer is expected; then it is asked for.")
    is_named = models.BooleanField(default=False, help_text="The applicant agreed that the authority hears who it is.")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", help_text="The line with what was sent.")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_on = models.DateField(null=True, blank=True)

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "authority"],
                condition=models.Q(answer__in=["waiting", "taken"]),
                name="cases_handover_once",
            )
        ]

    def __str__(self) -> str:
        return self.authority
