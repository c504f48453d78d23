"""One message to one person by one way."""

from typing import ClassVar

from django.db import models

from unionhome.core.access.models import User
from unionhome.core.journal.models import Entry
from unionhome.core.notices.rules import ADDRESS_FIELD, LINK_FIELD
from unionhome.core.tree.models import Node, PathField


class Channel(models.TextChoices):
    IN_APP = "in_app", "站内消息"
    SMS = "sms", "短信"
    MAIL = "mail", "邮件"


class State(models.TextChoices):
    WAITING = "waiting", "等发送"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "没发出去"
    DROPPED = "dropped", "没有发"


class Notice(models.Model):
    """A message: to whom, why, in which words, and how it went.

    `text` holds no personal data. An address, and a link that opens a matter by itself, are sealed and forgotten as soon
    as the message is out.
    """

    key = models.CharField(max_length=160, unique=True, help_text="What it is about, to whom and how: written once.")
    kind = models.CharField(max_length=60, help_text="Name of the declared NoticeKind.")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", help_text="The union that it comes from.")
    hidden_path = PathField(blank=True, default="", help_text="Branch that must never see it.")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    door = models.CharField(max_length=8, blank=True, help_text="Where the account reads it: my or desk.")
    address_sealed = models.BinaryField(null=True, blank=True)
    address_index = models.CharField(max_length=64, blank=True, default="")
    address_shown = models.CharField(max_length=120, blank=True, help_text="Masked.")
    text = models.CharField(max_length=200)
    link = models.CharField(max_length=200, blank=True, help_text="Path of the matter, for who is signed in.")
    link_sealed = models.BinaryField(null=True, blank=True, help_text="Address that opens the matter by itself.")
    model = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, help_text="What caused it."
    )
    is_urgent = models.BooleanField(default=False, help_text="Waits for no quiet hours.")
    state = models.CharField(max_length=8, choices=State.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=120, blank=True, help_text="Why it is not out, in Chinese.")
    answer = models.CharField(max_length=60, blank=True, help_text="The gateway's own id or code.")
    send_key = models.CharField(max_length=32, help_text="The same at every try: by it a gateway knows a repeat.")
    claim = models.CharField(max_length=32, blank=True, help_text="Who is sending it: one text per claim.")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not before.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    SCOPE = "node__path"
    SCOPE_HIDDEN = "hidden_path"
    SEALED: ClassVar[dict[str, str]] = {"address_sealed": ADDRESS_FIELD, "link_sealed": LINK_FIELD}

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="notices_notice_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="notices_notice_claimed"),
            models.Index(fields=["user", "door", "-id"], name="notices_notice_of_user"),
            models.Index(
                fields=["user", "door"],
                condition=models.Q(channel="in_app", read_at__isnull=True),
                name="notices_notice_unread",
            ),
            models.Index(fields=["address_index", "created_at"], name="notices_notice_of_address"),
            models.Index(fields=["model", "object_id"], name="notices_notice_about"),
            models.Index(fields=["created_at"], name="notices_notice_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
