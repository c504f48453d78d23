"""What a need knows beyond its case: its route, who brought it, and the order of the hotline that it came from."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.cases.models import Case
from unionhome.core.members.models import Person
from unionhome.core.tree.models import Node
from unionhome.services.helpdesk.rules.helped import HELPER_PHONE_FIELD, Consent, Relation
from unionhome.services.helpdesk.rules.hotline import SHEET_ROWS


class NeedDetail(models.Model):
    """How a need was routed: kept so that everybody can see why it went where it went."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    is_about_employer = models.BooleanField(default=False)
    is_hidden_from_employer = models.BooleanField(default=False)
    route_why = models.CharField(max_length=120)
    registered_for = models.BooleanField(default=False, help_text="A cadre wrote it down for the worker (帮代办).")

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"


class HotlineSheet(models.Model):
    """A sheet of orders of the 12351 hotline: handed in, checked, looked over, entered order by order.

    The file is kept sealed by the files room, its rows and what becomes of them sealed here; all go when their time is
    over, counts stay.
    """

    node = models.ForeignKey(
        Node, models.PROTECT, related_name="+", help_text="The branch it may touch: that of whoever hands it in."
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="In whose name it is entered."
    )
    state = models.CharField(max_length=24)
    name = models.CharField(max_length=80, help_text="Name of the file, long numbers masked.")
    digest = models.CharField(max_length=64, db_index=True, help_text="Of the file.")
    columns = models.JSONField(default=list, help_text="Columns of the template that were found.")
    unknown = models.JSONField(default=list, help_text="Columns that nobody reads.")
    words = models.JSONField(default=dict, help_text="Category words that nobody knows yet: rows by word.")
    row_count = models.PositiveIntegerField(default=0)
    rows_sealed = models.BinaryField(default=b"", help_text="The rows that can be taken, until they are entered.")
    refused_sealed = models.BinaryField(default=b"", help_text="Refused rows with their cells.")
    lines_sealed = models.BinaryField(default=b"", help_text="What becomes of each row.")
    preview = models.JSONField(default=dict, help_text="Rows by outcome, as the check foresaw.")
    counts = models.JSONField(default=dict, help_text="Rows by outcome, as entered.")
    reasons = models.JSONField(default=dict, help_text="Why rows were refused: rows by code of the reason.")
    problem = models.CharField(
        max_length=300, blank=True, help_text="Why the whole file was refused, or the entry stopped."
    )
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {
        "rows_sealed": SHEET_ROWS,
        "refused_sealed": SHEET_ROWS,
        "lines_sealed": SHEET_ROWS,
    }

    def __str__(self) -> str:
        return self.name


class HotlineOrder(models.Model):
    """One order of the 12351 hotline and the need that it became; its number never makes a second one."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    number = models.CharField(max_length=40, unique=True, help_text="The hotline's own number.")
    sheet = models.ForeignKey(HotlineSheet, models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(help_text="Local day on which it became a need: what the return counts by.")
    called_at = models.DateTimeField(null=True, blank=True)
    return_on = models.DateField(null=True, blank=True, help_text="By when the hotline wants to hear.")
    words = models.CharField(max_length=40, blank=True, help_text="The hotline's words for the category.")

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        indexes = [models.Index(fields=["received_on"], name="helpdesk_order_received")]

    def __str__(self) -> str:
        return self.number


class HotlineWord(models.Model):
    """Which category a hotline's words mean, saved by a union for itself and those below it."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    word = models.CharField(max_length=40)
    category = models.CharField(max_length=24)
    saved_at = models.DateTimeField()

    SCOPE = "node__path"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "word"], name="helpdesk_word_once")]


class CallerCheck(models.Model):
    """Whether the worker of a need is a member with the same number in the register, as somebody found out."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_same = models.BooleanField()
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="helpdesk_caller_once")]


class Helping(models.Model):
    """Who brought a worker's matter (帮代办), and that the worker agreed: how, asked by whom, when."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    name = models.CharField(max_length=60)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, default="")
    account = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The cadre who helped in person."
    )
    is_contact = models.BooleanField(default=False, help_text="The worker has no phone: the helper is rung.")
    consent = models.CharField(max_length=10, choices=Consent.choices)
    consented_at = models.DateTimeField()
    on = models.DateField(help_text="Local day of it: what is counted by.")
    asker = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The cadre who asked the worker."
    )
    asker_name = models.CharField(max_length=80)
    asker_union = models.CharField(max_length=120, blank=True)

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"
    SEALED: ClassVar[dict[str, str]] = {"phone_sealed": HELPER_PHONE_FIELD}

    class Meta:
        indexes = [
            models.Index(fields=["phone_index", "on"], name="helpdesk_helping_by_phone"),
            models.Index(fields=["account", "on"], name="helpdesk_helping_by_account"),
            models.Index(fields=["asker", "on"], name="helpdesk_helping_by_asker"),
        ]
