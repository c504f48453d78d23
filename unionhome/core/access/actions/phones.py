"""Workers sign in with a phone and a one-time code. Neither is kept in clear."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from unionhome.core.access.actions.accounts import find_or_create_worker
from unionhome.core.access.actions.limits import check_limit, count_attempt
from unionhome.core.access.actions.owners import Unproved, ask_for_proof, find_bound, find_person
from unionhome.core.access.actions.sessions import Browser, start_session
from unionhome.core.access.models import PhoneCode, SignIn
from unionhome.core.access.rules import CODE_FIELD, PHONE_FIELD, clean_phone
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit import crypto
from unionhome.kit.channels import NotSent, send_sms
from unionhome.kit.codes import mask_phone

logger = logging.getLogger(__name__)
WAIT = timedelta(seconds=60)
BY_PHONE, BY_ADDRESS = "access.code.phone", "access.code.address"
WRONG = "验证码不对，请看最近一条短信。"


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that is on its way. `shown` is the code itself in the demo, empty outside it."""

    phone: str
    expires_at: datetime
    fresh: bool
    shown: str = ""


@transaction.atomic
def send_code(actor: Actor, phone: str, *, address: str = "") -> SentCode:
    """Send a six-digit code. Asked again within a minute, the code on its way stands and nothing is sent.

    Raises BadInput for no phone number, TooMany per phone or address, Refused "no-channel" without an SMS gateway and Refused
    "not-sent" where it did not take the code, which may then be asked for anew.
    """
    digits = clean_phone(phone)
    if not settings.DEMO and not settings.SMS_GATEWAY.url:
        raise Refused("短信通道还没有配置，请联系本级工会。", "no-channel")
    index = crypto.blind(digits, field=PHONE_FIELD)
    waiting = PhoneCode.objects.filter(phone_index=index, used_at__isnull=True, sent_at__gt=actor.at - WAIT).first()
    if waiting is not None:
        return SentCode(digits, waiting.expires_at, False, _demo_code(index, waiting.sent_at))
    check_limit(actor, BY_PHONE, digits, settings.CODES_PER_PHONE, 60)
    if address:
        check_limit(actor, BY_ADDRESS, address, settings.CODES_PER_ADDRESS, 60)
        count_attempt(actor, BY_ADDRESS, address)
    count_attempt(actor, BY_PHONE, digits)
    return _send(actor, digits, index)


def _send(actor: Actor, digits: str, index: str) -> SentCode:
    code = _demo_code(index, actor.at) or f"{secrets.randbelow(1_000_000):06d}"
    expires_at = actor.at + timedelta(minutes=settings.CODE_MINUTES)
    PhoneCode.objects.filter(phone_index=index, used_at__isnull=True).delete()
    row = PhoneCode.objects.create(
        phone_index=index, code_digest=_digest(index, code), sent_at=actor.at, expires_at=expires_at
    )
    record(actor, "access.code.sent", summary=f"向{mask_phone(digits)}发送登录验证码")
    transaction.on_commit(lambda: _deliver_code(digits, code, row.pk))
    return SentCode(digits, expires_at, True, code if settings.DEMO else "")


def _deliver_code(phone: str, code: str, pk: int) -> None:
    """Hand the code to the SMS gateway; in the demo without one, to the console, phone masked."""
    if not settings.SMS_GATEWAY.url:
        logger.info("demo: code for %s is %s", mask_phone(phone), code)
        return
    text = f"【{settings.SMS_GATEWAY.signature}】验证码{code}，{settings.CODE_MINUTES}分钟内有效，请勿告诉他人。"
    try:
        send_sms(settings.SMS_GATEWAY, phone, text, f"code-{pk}")
    except NotSent as refusal:
        logger.error("code not sent: %s", refusal.answer)
        PhoneCode.objects.filter(pk=pk).delete()
        raise Refused("短信没有发出去，请过一会儿再试，或者联系本级工会。", "not-sent") from None


def _demo_code(index: str, sent_at: datetime) -> str:
    """In the demo a code follows from phone and moment, so that the page can show it again; else there is none."""
    if not settings.DEMO:
        return ""
    return f"{int(crypto.blind(f'{index}{sent_at.timestamp()}', field='access.demo_code')[:8], 16) % 1_000_000:06d}"


def _digest(index: str, code: str) -> str:
    return crypto.blind(f"{index}:{code}", field=CODE_FIELD)


def sign_in_by_code(actor: Actor, *, phone: str, code: str, browser: Browser) -> SignIn | Unproved:
    """Sign a worker in with the code from the phone; the account is opened at the first time.

    A phone that the register knows, but that no account of that person has yet, is `Unproved`: the number in the
    register is a cadre's word, so that only the identity document binds it (`prove_document`).
    Raises BadInput for a wrong code, Refused where it has run out or was tried too often, or the account is stopped.
    Tries are counted although the call raises: call it outside a transaction.
    """
    digits = clean_phone(phone)
    index = crypto.blind(digits, field=PHONE_FIELD)
    with transaction.atomic():
        refusal = _use_code(actor, index, code.strip())
        entered = None if refusal else _enter(actor, digits, browser)
    if entered is None:
        raise refusal or Refused(WRONG)
    return entered


def _use_code(actor: Actor, index: str, code: str) -> Refused | None:
    """Count the try and use the code up; the refusal where it is not right."""
    row = (
        PhoneCode.objects.select_for_update()
        .filter(phone_index=index, used_at__isnull=True, expires_at__gt=actor.at, tries__lt=settings.CODE_TRIES)
        .order_by("-id")
        .first()
    )
    if row is None:
        sentence = "验证码已经失效，请重新获取。"
        return Refused(sentence, "code-over", fields={"code": sentence})
    row.tries += 1
    right = secrets.compare_digest(row.code_digest, _digest(index, code))
    row.used_at = actor.at if right else None
    row.save(update_fields=["tries", "used_at"])
    return None if right else BadInput(WRONG, "wrong-code", fields={"code": WRONG})


def _enter(actor: Actor, digits: str, browser: Browser) -> SignIn | Unproved:
    user = find_bound(actor, digits)
    if user is None:
        person = find_person(digits)
        if person is not None and person.document:
            return ask_for_proof(actor, digits, person)
        user = find_or_create_worker(actor, digits)
    return start_session(actor, user, door="my", browser=browser, how="手机验证码")


@transaction.atomic
def purge_codes(actor: Actor, days: int) -> int:
    """Forget codes older than `days`; how many."""
    return PhoneCode.objects.filter(sent_at__lt=actor.at - timedelta(days=days)).delete()[0]
