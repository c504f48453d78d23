"""Pure rules of access: kept forms, second-factor codes, passwords, exclusive roles, devices."""

import base64
import json
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from unionhome.core.registry import ROLES, BadInput
from unionhome.kit import crypto
from unionhome.kit.codes import CodeError, parse_mobile

KEPT_FIELD = "access.kept_form"
PHONE_FIELD = "access.user.phone"
SECRET_FIELD = "access.user.secret"  # noqa: S105
SIGN_IN_FIELD = "access.sign_in"
CODE_FIELD = "access.code"
TOKEN_FIELD = "access.token"  # noqa: S105
ATTEMPT_FIELD = "access.attempt"
PROOF_FIELD = "access.proof"
DOCUMENT_TAIL = 8
"""Signs of the identity document that bind a phone to its person. Four are legible to every cadre on the masked file."""

KEPT_FOR = timedelta(days=1)
MOST_KEPT = 200_000
STEP_SECONDS = 30
SECRET_BYTES = 20
DEMO_SECRET = b"unionhome demo only!"
"""The shared second factor of the demo's accounts. `actions` uses it only where the demo is switched on."""

MOST_AHEAD = timedelta(days=366)
"""So far ahead somebody can say to be away: a later day is a slip of the hand."""

AHEAD_IN_DEMO = 20
"""Many people play one demo account at once: so many codes of the near future are taken, each still once."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What a form held when its sender turned out not to be signed in."""

    path: str
    door: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    user_id: int | None
    at: datetime


def keep_form(
    path: str, posted: QueryDict, *, door: str, at: datetime, user_id: int | None = None, had_files: bool = False
) -> str:
    """Seal what a form held, so that it survives a sign-in. Empty when there is too much to carry."""
    fields = [(name, value) for name, values in posted.lists() if name != "csrfmiddlewaretoken" for value in values]
    kept = {"path": path, "door": door, "fields": fields, "files": had_files, "user": user_id, "at": at.isoformat()}
    text = json.dumps(kept, ensure_ascii=False)
    return crypto.seal(text, field=KEPT_FIELD).hex() if len(text) <= MOST_KEPT else ""


def is_somebodys(user_id: int | None, door: str) -> bool:
    """Whether a kept form can be offered again. What a visitor wrote is nobody's: a worker may send it on, but never a
    cadre, whose rights a stranger at the same browser would borrow."""
    return user_id is not None or door == "my"


def written_texts(posted: QueryDict) -> list[str]:
    """The sentences somebody wrote into a form, for copying; no keys, no passwords."""
    texts = [value.strip() for _, values in posted.lists() for value in values]
    return [text for text in texts if any("\u4e00" <= sign <= "\u9fff" for sign in text)]


def open_kept(text: str, *, door: str, at: datetime) -> KeptForm | None:
    """What `keep_form` sealed; None where it was not sealed by us, for another door, or too long ago."""
    try:
        kept = json.loads(crypto.open_sealed(bytes.fromhex(text), field=KEPT_FIELD))
    except (ValueError, crypto.CryptoError):
        return None
    sealed_at = datetime.fromisoformat(kept["at"])
    if kept["door"] != door or at - sealed_at > KEPT_FOR:
        return None
    fields = tuple((name, value) for name, value in kept["fields"])
    return KeptForm(kept["path"], kept["door"], fields, kept["files"], kept["user"], sealed_at)


def safe_next(text: str, default: str) -> str:
    """`text` if it is a path on this host, else `default`: a link must not lead elsewhere after a sign-in."""
    is_path = text.startswith("/") and text.isprintable()
    return text if is_path and url_has_allowed_host_and_scheme(text, None) else default


def new_secret() -> bytes:
    """A fresh shared secret of the second factor."""
    return secrets.token_bytes(SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """The secret as people type it into an authenticator: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def secret_uri(secret: bytes, account: str, issuer: str) -> str:
    """The address that authenticators read from a QR code."""
    plain = secret_text(secret).replace(" ", "")
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode({'secret': plain, 'issuer': issuer})}"


def totp_code(secret: bytes, at: datetime) -> str:
    """The six digits of RFC 6238 for a moment."""
    totp = TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303  # nosec B303
    return totp.generate(int(at.timestamp())).decode()


def totp_counter(secret: bytes, code: str, at: datetime, last: int, ahead: int = 1) -> int | None:
    """The time step whose code it is (one step back, `ahead` steps on), unless it was used already; else None."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303  # nosec B303
    for counter in (now, now - 1, *range(now + 1, now + ahead + 1)):
        if counter > last and secrets.compare_digest(totp.generate(counter * STEP_SECONDS), code.encode()):
            return counter
    return None


def next_totp_code(secret: bytes, at: datetime, last: int, ahead: int = 1) -> str:
    """A code for this moment that was not used yet, where there is one: a later step's if the present one is gone."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = TOTP(secret, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303  # nosec B303
    return totp.generate(min(max(now, last + 1), now + ahead) * STEP_SECONDS).decode()


def password_fault(password: str) -> str | None:
    """Why a password is too weak, or None. Source: GB/T 22239-2019 level 3 practice, 10 characters of 3 classes."""
    if len(password) < 10:
        return "密码至少10个字符。"
    classes = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
    if sum(bool(re.search(each, password)) for each in classes) < 3:
        return "密码要有小写字母、大写字母、数字、符号中的三种。"
    return None


def new_password() -> str:
    """A password to hand over once: four groups without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    return "-".join([groups[0].capitalize(), *groups[1:], "".join(secrets.choice("23456789") for _ in range(4))])


def clean_username(text: str) -> str:
    """A sign-in name in lower case. Raises BadInput where it is no such name."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{1,39}", name):
        sentence = "登录名以字母开头，只用小写字母、数字、点、横线，2到40个字符。"
        raise BadInput(sentence, "bad-username", fields={"username": sentence})
    return name


def clean_phone(text: str) -> str:
    """A mainland mobile number as eleven digits. Raises BadInput where it is none."""
    try:
        return parse_mobile(text)
    except CodeError as error:
        raise BadInput(error.sentence, "bad-phone", fields={"phone": error.sentence}) from error


def excluded_by(role: str, held: Iterable[str]) -> str | None:
    """The held role that forbids `role`, or None: an administrator holds no other role of any kind.

    Source: 三员分立 in GB/T 22239-2019 level 3: system, security and audit administrator exclude each other.
    """
    for other in held:
        if other != role and (ROLES[role].administers or ROLES[other].administers):
            return other
    return None


def overlaps(starts_on: date, ends_on: date | None, other_starts_on: date, other_ends_on: date | None) -> bool:
    """Whether two spans of days share a day; an end of None is open, and is the first day that no longer counts."""
    return (other_ends_on is None or starts_on < other_ends_on) and (ends_on is None or other_starts_on < ends_on)


def days_text(starts_on: date, ends_on: date) -> str:
    """The days before `ends_on`: 12月1日到5日, 12月30日到1月2日, 12月1日."""
    last = ends_on - timedelta(days=1)
    first = f"{starts_on.month}月{starts_on.day}日"
    if last == starts_on:
        return first
    is_same = (last.year, last.month) == (starts_on.year, starts_on.month)
    return f"{first}到{'' if is_same else f'{last.month}月'}{last.day}日"


def role_labels(roles: Collection[str]) -> str:
    """The roles in words."""
    return "、".join(ROLES[role].label for role in roles)


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
