"""Sending one message: by an SMS gateway that takes JSON over HTTP, or by the mail server of the settings.

The key of a text message goes along as its idempotency key: a gateway that knows it sends no message twice, one that does
not may. The key of a mail is its Message-ID: servers pass a second copy on, and most mailboxes show one of the two.
"""

import json
import re
from dataclasses import dataclass
from http.client import HTTPException
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.core.mail import EmailMessage

TIMEOUT_SECONDS = 10
MOST_BYTES = 65_536
BUSY = 429
_CODE = re.compile(r"[A-Za-z0-9_.:\-]{1,60}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where messages go and with which account. `signature` names the sender, `template` the approved text."""

    url: str
    key: str = ""
    signature: str = ""
    template: str = ""


class NotSent(Exception):
    """The message did not go out. `sentence` is for people, `answer` the gateway's own code; `again` says whether a later
    try may do better."""

    def __init__(self, sentence: str, *, answer: str = "", again: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.answer = answer
        self.again = again


class _Nowhere(HTTPRedirectHandler):
    """A gateway that leads elsewhere is not followed: number and key are for it alone."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_open = build_opener(_Nowhere).open


def send_sms(gateway: Gateway, phone: str, text: str, key: str) -> str:
    """Hand one message to the gateway; its id for it, or "". Raises NotSent.

    POST of {"phone", "text", "signature", "template", "id"} with the account's key as bearer and the message's key as
    Idempotency-Key; the answer is JSON, {"id": …} where it was taken and {"code": …} where not.
    """
    if urlsplit(gateway.url).scheme not in ("http", "https"):
        raise NotSent("短信网关的地址写得不对，请系统管理员检查设置。", answer="url", again=False)
    given = {"phone": phone, "text": text, "signature": gateway.signature, "template": gateway.template, "id": key}
    request = Request(  # noqa: S310  # the scheme was looked at
        gateway.url,
        json.dumps(given, ensure_ascii=False).encode(),
        {
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {gateway.key}",
            "Idempotency-Key": key,
        },
    )
    try:
        with _open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _taken(answer.read(MOST_BYTES))
    except HTTPError as error:
        with error:
            raise _refused(error.code, _read(error.read(MOST_BYTES))) from None
    except TimeoutError:
        raise NotSent("短信网关没有在规定时间里回答。", answer="timeout") from None
    except (URLError, HTTPException, OSError) as error:
        is_late = isinstance(getattr(error, "reason", None), TimeoutError)
        sentence = "短信网关没有在规定时间里回答。" if is_late else "连不上短信网关。"
        raise NotSent(sentence, answer="timeout" if is_late else "unreachable") from None


def _read(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _word(value: object) -> str:
    """An id or a code of the gateway; whatever else it says may hold the number and is not kept."""
    text = str(value or "")
    return text if _CODE.fullmatch(text) and not re.search(r"1\d{10}", text) else ""


def _taken(body: bytes) -> str:
    answer = _read(body)
    code = _word(answer.get("code"))
    if code and code.upper() not in ("0", "200", "OK", "SUCCESS"):
        raise NotSent(f"短信网关没有收下这一条（{code}）。", answer=code, again=False)
    return _word(answer.get("id"))


def _refused(status: int, answer: dict[str, object]) -> NotSent:
    code = _word(answer.get("code")) or str(status)
    if status == BUSY:
        return NotSent("短信网关太忙，请它稍后再发。", answer=code)
    if status >= 500:
        return NotSent("短信网关出了故障。", answer=code)
    if status in (401, 403):
        return NotSent("短信网关不认本单位的密钥，请系统管理员检查设置。", answer=code, again=False)
    return NotSent(f"短信网关没有收下这一条（{code}）。", answer=code, again=False)


def send_mail(sender: str, to: str, subject: str, text: str, key: str) -> None:
    """Hand one plain mail to the mail server of Django's settings, its Message-ID made of the key. Raises NotSent."""
    mail = EmailMessage(subject, text, sender, [to], headers={"Message-ID": f"<{key}@{sender.rpartition('@')[2]}>"})
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        code = next((answer[0] for answer in error.recipients.values()), 550)
        raise NotSent(f"邮件服务器没有收下这个收件地址（{code}）。", answer=str(code), again=code < 500) from None
    except SMTPAuthenticationError as error:
        sentence = "邮件服务器不认本单位的账号，请系统管理员检查设置。"
        raise NotSent(sentence, answer=str(error.smtp_code), again=False) from None
    except SMTPResponseException as error:
        code = error.smtp_code
        raise NotSent(f"邮件服务器没有收下这一封（{code}）。", answer=str(code), again=code < 500) from None
    except ValueError:
        raise NotSent("收件地址写得不对。", answer="address", again=False) from None
    except (SMTPException, OSError):
        raise NotSent("连不上邮件服务器。", answer="unreachable") from None
