"""An item for collective decision, the opinions on it, and the meeting that decides."""

from django.db import models

from unionhome.core.tree.models import Node


class ItemKind(models.TextChoices):
    DECISION = "decision", "重大决策"
    MATTER = "matter", "重大事项"
    MONEY = "money", "大项资金"


class Purpose(models.TextChoices):
    RELIEF = "relief", "困难帮扶、慰问"
    STUDY = "study", "助学"
    AWARD = "award", "表彰奖励"
    ACTIVITY = "activity", "文体活动"
    TRAINING = "training", "教育培训"
    GOODS = "goods", "采购设备、服务"
    PROJECT = "project", "工程、阵地建设"
    BELOW = "below", "补助下级工会"
    OFFICE = "office", "机关运行"
    OTHER = "other", "其他"


class Role(models.TextChoices):
    FINANCE = "finance", "财务意见"
    LEGAL = "legal", "法律意见"
    AUDIT = "audit", "经审意见"


class Stance(models.TextChoices):
    AGREE = "agree", "同意"
    CHANGE = "change", "修改后同意"
    AGAINST = "against", "不同意"


class Body(models.TextChoices):
    CHAIRS = "chairs", "主席办公会"
    STANDING = "standing", "常务委员会会议"
    COMMITTEE = "committee", "工会委员会会议"


class Outcome(models.TextChoices):
    AGREED = "agreed", "同意"
    CHANGED = "changed", "修改后同意"
    DEFERRED = "deferred", "缓议"
    REJECTED = "rejected", "不同意"


class Item(models.Model):
    """What a meeting is asked to decide, and what it decided. No appointment, discipline or Party-group paper."""

    number = models.CharField(max_length=24, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union whose meeting decides.")
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    purpose_text = models.CharField(max_length=300)
    standard = models.CharField(max_length=200, blank=True, help_text="What each gets.")
    fund = models.CharField(max_length=40, blank=True, help_text="Name of the fund, as the list of funds has it.")
    ceiling_fen = models.BigIntegerField(null=True, blank=True, help_text="As asked for; null where it costs nothing.")
    department = models.CharField(max_length=40, help_text="Who brings it in and explains it.")
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    opened_by = models.BigIntegerField(null=True, blank=True, help_text="Account that brought it in.")
    deferred_count = models.PositiveSmallIntegerField(default=0)
    decided_on = models.DateField(null=True, blank=True, help_text="Day of the meeting that agreed.")
    is_changed = models.BooleanField(default=False, help_text="Agreed with another ceiling or standard than asked for.")
    decided_fen = models.BigIntegerField(null=True, blank=True, help_text="The ceiling agreed to.")
    decided_standard = models.CharField(max_length=200, blank=True)
    until_on = models.DateField(null=True, blank=True, help_text="Last day on which the decision holds.")
    ended_on = models.DateField(null=True, blank=True, help_text="Executed or withdrawn.")
    result_text = models.CharField(max_length=300, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        indexes = [
            models.Index(fields=["node", "state", "opened_on"], name="decisions_item_of_union"),
            models.Index(fields=["decided_on"], name="decisions_item_decided"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ceiling_fen__isnull=True) | models.Q(ceiling_fen__gt=0),
                name="decisions_ceiling_above_0",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_fen__isnull=True) | models.Q(decided_fen__gt=0),
                name="decisions_decided_above_0",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Opinion(models.Model):
    """What finance, a lawyer or the audit committee says of an item. It falls with a change of what it is about."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="opinions")
    role = models.CharField(max_length=8, choices=Role.choices)
    stance = models.CharField(max_length=8, choices=Stance.choices)
    text = models.CharField(max_length=300, blank=True)
    given_on = models.DateField()
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=80)
    post = models.CharField(max_length=80, blank=True)
    fell_at = models.DateTimeField(null=True, blank=True, help_text="The item was changed, or another took its place.")

    SCOPE = "item__node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "role"], condition=models.Q(fell_at__isnull=True), name="decisions_opinion_of_a_role"
            )
        ]


class Meeting(models.Model):
    """One meeting of a body: its agenda, who was there, its minutes. Files of the row are the signed minutes."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    body = models.CharField(max_length=12, choices=Body.choices)
    held_on = models.DateField(help_text="The day planned, and from the entry of the outcome the day it was held.")
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    notified_on = models.DateField(null=True, blank=True, help_text="Day on which the materials went out.")
    present = models.JSONField(default=list, help_text="Names of those with a vote who came.")
    absent = models.JSONField(default=list, help_text="Names of those with a vote who did not.")
    attending = models.JSONField(default=list, help_text="Names of those there without a vote.")
    minutes_number = models.CharField(max_length=60, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        indexes = [models.Index(fields=["node", "state", "held_on"], name="decisions_meeting_of_union")]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}{self.get_body_display()}"


class AgendaLine(models.Model):
    """One item on the agenda of one meeting, and what came of it there."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    ceiling_fen = models.BigIntegerField(null=True, blank=True, help_text="The ceiling changed by the meeting.")
    standard = models.CharField(max_length=200, blank=True, help_text="The standard changed by the meeting.")
    recused = models.JSONField(default=list, help_text="Names of those present who kept out of this item.")
    note = models.CharField(max_length=200, blank=True)

    SCOPE = "meeting__node__path"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "item"], name="decisions_line_once")]
        ordering = ("place", "pk")


class YearSerial(models.Model):
    """The last number given in a year; locked while one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
