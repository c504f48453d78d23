"""Pure rules of access: kept forms, second-factor codes, devices."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.http import QueryDict

from unionhome.kit import crypto

KEPT_FIELD = "access.kept_form"
MOST_KEPT = 200_000
STEP_SECONDS = 30


def keep_form(path: str, posted: QueryDict) -> str:
    """Seal what a form held, so that it survives a sign-in. Empty when there is too much to carry."""
    fields = {
        name: values for name, values in posted.lists() if name != "csrfmiddlewaretoken"
    }
    text = json.dumps({"path": path, "fields": fields}, ensure_ascii=False)
    return crypto.seal(text, field=KEPT_FIELD).hex() if len(text) <= MOST_KEPT else ""


def open_kept(text: str) -> Mapping[str, Any] | None:
    """What `keep_form` sealed, or None where it was not sealed by us."""
    try:
        kept: Mapping[str, Any] = json.loads(
            crypto.open_sealed(bytes.fromhex(text), field=KEPT_FIELD)
        )
    except (ValueError, crypto.CryptoError):
        return None
    return kept


def totp_code(secret: bytes, at: datetime) -> str:
    """The six digits of RFC 6238 for a moment."""
    return (
        TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)
        .generate(int(at.timestamp()))
        .decode()
    )  # noqa: S303


def totp_counter(secret: bytes, code: str, at: datetime, last: int) -> int | None:
    """The time step whose code it is (one step of drift each way), unless it was used already; else None."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303
    for counter in (now, now - 1, now + 1):
        if counter > last and totp.generate(counter * STEP_SECONDS).decode() == code:
            return counter
    return None


def device_of(agent: str) -> str:
    """A few words for a browser's name, for the list of one's own sessions."""
    system = next((name for key, name in _SYSTEMS if key in agent), "其他设备")
    program = next((name for key, name in _PROGRAMS if key in agent), "浏览器")
    return f"{system}，{program}"


_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
_PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg/", "Edge"),
    ("Chrome", "Chrome"),
    ("Firefox", "Firefox"),
    ("Safari", "Safari"),
)
