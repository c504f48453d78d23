"""Sending what is due: claimed and committed first, then handed to the gateway, then marked.

A worker that dies in between leaves the message claimed; after the lease another takes it with the same key. So nothing is
lost. Whether it reaches somebody twice is then the gateway's matter: one that knows idempotency keys sends it once; one that
does not doubles just the message it had taken when the worker died or its answer was lost. A second copy of a mail carries
the same Message-ID, by which most mailboxes show it once.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.notices import queries
from unionhome.core.notices.models import Channel, Notice, State
from unionhome.core.notices.rules import ADDRESS_FIELD, LINK_FIELD, quiet_until, wait_before, whole_text
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.tree.queries import scope
from unionhome.kit import crypto
from unionhome.kit.channels import NotSent, send_mail, send_sms

logger = logging.getLogger(__name__)
Send = Callable[[Notice, str, str], str]
AT_ONCE = 20
"""So many in one round; with the gateway's time-out a round stays shorter than the lease."""
AWAY = ("unreachable", "timeout")
"""Answers after which the rest of the round waits: the gateway is not there."""
CUT_OFF = "发送时程序多次中断，已停止重试。"
UNREADABLE = "存着的号码打不开，请系统管理员检查加密密钥。"
TIDIED = 5000


def _by_sms(notice: Notice, address: str, text: str) -> str:
    gateway = settings.SMS_GATEWAY
    if not gateway.url:
        logger.info("demo: text message %s to %s", notice.pk, notice.address_shown)
        return ""
    return send_sms(gateway, address, f"【{gateway.signature}】{text}", notice.send_key)


def _by_mail(notice: Notice, address: str, text: str) -> str:
    if not settings.EMAIL_HOST:
        logger.info("demo: mail %s to %s", notice.pk, notice.address_shown)
        return ""
    subject = f"{settings.SITE_NAME}：{queries.get_kind(notice.kind).label}"
    send_mail(settings.DEFAULT_FROM_EMAIL, address, subject, text, notice.send_key)
    return ""


SENDS: Mapping[str, Send] = {Channel.SMS: _by_sms, Channel.MAIL: _by_mail}


def send_due(actor: Actor, *, sends: Mapping[str, Send] = SENDS) -> int:
    """Send a round of what is due, oldest first; how many went out. Call it outside a transaction.

    `sends` hands one message over by its way and returns the gateway's id, or raises NotSent.
    """
    due = list(queries.list_due(actor.at).select_related("node").order_by("due_at", "id")[:AT_ONCE])
    limits = queries.get_limits({notice.node_id: notice.node for notice in due}.values(), actor.at) if due else {}
    sent, away = 0, set[str]()
    for notice in due:
        if notice.channel in away or _postponed(actor, notice, limits[notice.node_id]):
            continue
        claim = _claim(actor, notice, limits[notice.node_id])
        if not claim:
            continue
        refusal = _hand_over(actor, notice, claim, sends[notice.channel], limits[notice.node_id])
        sent += refusal is None
        if refusal is not None and refusal.answer in AWAY:
            away.add(notice.channel)
    return sent


def _postponed(actor: Actor, notice: Notice, limits: queries.Limits) -> bool:
    """Whether it is night by now: a message that was due in the evening waits for the morning."""
    free_at = actor.at if notice.is_urgent else quiet_until(actor.at, limits.quiet)
    if free_at <= actor.at:
        return False
    queries.list_due(actor.at).filter(pk=notice.pk).update(state=State.WAITING, due_at=free_at, claim="")
    return True


def _claim(actor: Actor, notice: Notice, limits: queries.Limits) -> str:
    """Take the message, committed before anybody is called; empty where another worker has it."""
    claim = secrets.token_hex(12)
    with transaction.atomic(durable=True):
        still_due = queries.list_due(actor.at).filter(pk=notice.pk)
        if still_due.filter(tries__gte=limits.most_tries).update(state=State.FAILED, reason=CUT_OFF, claim=""):
            return ""
        taken = still_due.update(state=State.SENDING, claim=claim, claimed_at=actor.at, tries=F("tries") + 1)
    notice.tries += 1
    return claim if taken else ""


def _hand_over(actor: Actor, notice: Notice, claim: str, send: Send, limits: queries.Limits) -> NotSent | None:
    """Give it to the gateway and keep how that went; the refusal, if it was one."""
    try:
        answer = send(notice, *_opened(notice))
    except NotSent as refusal:
        _keep_refusal(actor, notice, claim, refusal, limits)
        return refusal
    _held(notice, claim).update(
        state=State.SENT,
        sent_at=actor.at,
        reason="",
        answer=answer[:60],
        claim="",
        address_sealed=None,
        link_sealed=None,
    )
    return None


def _held(notice: Notice, claim: str) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=State.SENDING, claim=claim)


def _opened(notice: Notice) -> tuple[str, str]:
    """Address and whole text. Raises NotSent."""
    try:
        address = crypto.open_sealed(bytes(notice.address_sealed or b""), field=ADDRESS_FIELD)
        link = crypto.open_sealed(bytes(notice.link_sealed), field=LINK_FIELD) if notice.link_sealed else ""
    except crypto.CryptoError as error:
        raise NotSent(UNREADABLE, answer=error.code, again=False) from None
    return address, whole_text(notice.text, link)


def _keep_refusal(actor: Actor, notice: Notice, claim: str, refusal: NotSent, limits: queries.Limits) -> None:
    again = refusal.again and notice.tries < limits.most_tries
    logger.warning("message %s not sent: %s", notice.pk, refusal.answer)
    later = actor.at + wait_before(notice.tries)
    _held(notice, claim).update(
        state=State.WAITING if again else State.FAILED,
        due_at=later if notice.is_urgent else quiet_until(later, limits.quiet),
        reason=refusal.sentence[:120],
        answer=refusal.answer[:60],
        claim="",
    )


@transaction.atomic
def send_again(actor: Actor, notice_id: int) -> Notice:
    """Let a message that failed, or was not sent, go out after all, with all its tries and a key of its own: somebody has
    decided it, so that a gateway must not take it for the earlier one.

    Raises NotFound outside the actor's branch, Refused where it waits, is out, or its address was forgotten.
    """
    actor.require("notices.manage")
    rows = scope(Notice.objects.filter(pk=notice_id), actor, "notices.manage")
    notice = rows.select_for_update(of=("self",)).select_related("node").first()
    if notice is None:
        raise NotFound()
    if notice.state not in (State.FAILED, State.DROPPED):
        raise Refused("这一条不在“没发出去”里，可能已经有人重发了，请刷新看看。", "not-failed")
    if not notice.address_sealed:
        raise Refused("后来的消息已经替了这一条，不用再发。", "overtaken")
    quiet = queries.get_limits([notice.node], actor.at)[notice.node_id].quiet
    notice.state, notice.tries, notice.reason, notice.answer = State.WAITING, 0, "", ""
    notice.send_key = secrets.token_hex(12)
    notice.due_at = actor.at if notice.is_urgent else quiet_until(actor.at, quiet)
    notice.save(update_fields=["state", "tries", "reason", "answer", "send_key", "due_at"])
    record(
        actor,
        "notices.notice.sent_again",
        node=notice.node,
        about=notice,
        hidden_path=notice.hidden_path,
        summary=f"重新发送消息：{notice.text}",
        data={"channel": notice.get_channel_display()},
    )
    return notice


@transaction.atomic
def tidy_notices(actor: Actor) -> int:
    """Forget messages older than the policy's days, a lot at a time; how many."""
    days = get_value("notices.keep_days", timezone.localdate(actor.at))
    old = Notice.objects.filter(created_at__lt=actor.at - timedelta(days=days)).order_by("created_at")
    return Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:TIDIED])).delete()[0]
