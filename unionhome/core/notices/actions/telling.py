"""Writing messages down, in the transaction of the act that they tell of."""

import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor, list_stood_in
from unionhome.core.journal.models import Entry
from unionhome.core.notices import queries
from unionhome.core.notices.models import Channel, Notice, State
from unionhome.core.notices.rules import ADDRESS_FIELD, LINK_FIELD, is_mobile, mask_address, quiet_until
from unionhome.core.registry import Actor, NoticeKind
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_hiding_paths
from unionhome.kit import crypto

OVERTAKEN = "后来又有新的进展，这一条不用再发。"
NO_SMS, NO_MAIL = "本单位还没有开通短信。", "本单位还没有开通邮件。"
NO_MOBILE = "留的不是手机号，收不到短信。"
TOO_MANY = "这个号码今天收的短信已经够多了。"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a message reaches, and by which ways: an account, a phone, a mail address. `door` is where the account reads."""

    user_id: int | None = None
    door: str = "my"
    phone: str = ""
    mail: str = ""

    def ways(self) -> Iterator[tuple[Channel, str]]:
        """Each way with the address on it, empty for the account's own list."""
        if self.user_id is not None:
            yield Channel.IN_APP, ""
        if self.phone:
            yield Channel.SMS, self.phone
        if self.mail:
            yield Channel.MAIL, self.mail


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. `text` holds no personal data; `link` is a path for who is signed in, `secret_link` a whole address
    that opens the matter by itself and goes only into what is sent. `hidden_path`: the branch that must not see it.
    `not_to`: accounts that must not be told in somebody's stead."""

    kind: str
    text: str
    node: Node
    link: str = ""
    secret_link: str = ""
    about: Model | None = None
    entry: Entry | None = None
    hidden_path: str = ""
    not_to: Collection[int] = ()


@transaction.atomic
def notify(actor: Actor, message: Message, receivers: Iterable[Receiver], *, key: str) -> int:
    """Write a message to each receiver by each way; how many are new.

    The same `key`, kind, way and receiver is written once, however often it is called. Text messages and mail wait for
    the worker, and for the end of the quiet hours unless the kind is urgent; one that waits still is dropped when a newer
    one about the same matter goes to the same address. Who stands in for an absent receiver at the desk reads it too.
    Raises Refused for an undeclared kind.
    """
    kind, receivers = queries.get_kind(message.kind), list(receivers)
    rows = {row.key: row for receiver in receivers for row in _rows(actor, kind, message, receiver, key)}
    for told, stand_in in _list_in_stead(actor, message, receivers):
        for row in _rows(actor, kind, told, stand_in, key):
            rows.setdefault(row.key, row)
    known = set(Notice.objects.filter(key__in=rows).values_list("key", flat=True))
    fresh = [row for name, row in rows.items() if name not in known]
    limits = queries.get_limits([message.node], actor.at)[message.node.pk]
    for row in fresh:
        if row.channel != Channel.IN_APP:
            _plan(actor, row, kind, limits)
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _list_in_stead(actor: Actor, message: Message, receivers: Iterable[Receiver]) -> Iterator[tuple[Message, Receiver]]:
    """The message once more for each stand-in who may see what it is about, and did not do it."""
    at_desk = {each.user_id for each in receivers if each.user_id is not None and each.door == "desk"}
    for absence in list_stood_in(at_desk, actor.at):
        did_it = message.entry is not None and message.entry.user_id == absence.stand_in_id
        if not did_it and absence.stand_in_id not in message.not_to and _sees(absence.stand_in, message, actor):
            text = f"代{absence.user.name}：{message.text}"
            yield replace(message, text=text), Receiver(absence.stand_in_id, "desk")


def _sees(user: User, message: Message, actor: Actor) -> bool:
    other = get_actor(user, "desk", actor.at)
    is_hidden = bool(message.hidden_path) and message.hidden_path in list_hiding_paths(other)
    return other.may("workflow.view", message.node.path) and not is_hidden


def _rows(actor: Actor, kind: NoticeKind, message: Message, receiver: Receiver, key: str) -> Iterator[Notice]:
    for channel, address in receiver.ways():
        index = crypto.blind(address, field=ADDRESS_FIELD) if address else ""
        whom = index[:24] or f"{receiver.door}-{receiver.user_id}"
        yield Notice(
            key=f"{kind.name}:{key}:{channel.value}:{whom}",
            kind=kind.name,
            channel=channel.value,
            node=message.node,
            hidden_path=message.hidden_path,
            user_id=receiver.user_id if channel == Channel.IN_APP else None,
            door=receiver.door if channel == Channel.IN_APP else "",
            address_sealed=crypto.seal(address, field=ADDRESS_FIELD) if address else None,
            address_index=index,
            address_shown=mask_address(address) if address else "",
            text=message.text[:200],
            link=message.link,
            link_sealed=_seal_link(message) if address else None,
            model=message.about._meta.label_lower if message.about else "",
            object_id=message.about.pk if message.about else None,
            entry=message.entry,
            is_urgent=kind.is_urgent,
            state=State.SENT if channel == Channel.IN_APP else State.WAITING,
            send_key=secrets.token_hex(12),
            created_at=actor.at,
            due_at=actor.at,
            sent_at=actor.at if channel == Channel.IN_APP else None,
        )


def _seal_link(message: Message) -> bytes | None:
    return crypto.seal(message.secret_link, field=LINK_FIELD) if message.secret_link else None


def _plan(actor: Actor, row: Notice, kind: NoticeKind, limits: queries.Limits) -> None:
    """Say when a message goes out, or why it does not; what it overtakes is dropped. What wants an answer waits a day
    where a number has had too many: anybody can use them up."""
    row.due_at = actor.at if row.is_urgent else quiet_until(actor.at, limits.quiet)
    if row.object_id is not None:
        overtaken = Notice.objects.filter(
            model=row.model, object_id=row.object_id, channel=row.channel, address_index=row.address_index
        ).filter(state=State.WAITING, tries=0, is_urgent=False)
        overtaken.update(state=State.DROPPED, reason=OVERTAKEN, address_sealed=None, link_sealed=None)
    row.reason = _obstacle(actor, row, limits)
    if row.reason == TOO_MANY and kind.wants_answer:
        row.due_at = quiet_until(actor.at + DAY, limits.quiet)
    elif row.reason:
        row.state = State.DROPPED


def _obstacle(actor: Actor, row: Notice, limits: queries.Limits) -> str:
    """Why it cannot go out, or nothing. The demo has every way: it goes to the console."""
    if row.channel == Channel.MAIL:
        return "" if settings.EMAIL_HOST or settings.DEMO else NO_MAIL
    if not (settings.SMS_GATEWAY.url or settings.DEMO):
        return NO_SMS
    if row.address_shown and row.address_sealed and not is_mobile(_open(row)):
        return NO_MOBILE
    if row.is_urgent:
        return ""  # it rings until somebody answers
    day = Notice.objects.filter(address_index=row.address_index, created_at__gt=actor.at - DAY)
    counted = day.filter(channel=Channel.SMS).exclude(state=State.DROPPED).count()
    return TOO_MANY if counted >= limits.sms_per_day else ""


def _open(row: Notice) -> str:
    return crypto.open_sealed(bytes(row.address_sealed or b""), field=ADDRESS_FIELD)
