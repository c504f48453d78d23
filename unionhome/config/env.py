"""Every setting read from the environment, once, with its default and its meaning.

`docs/operate/settings.md` is generated from this list and tested against it.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "UNIONHOME_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: its name without prefix, how its text is read, the default text and what it means."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        str,
        "",
        "Database address, postgres://user:password@host:port/name; empty: SQLite under DATA_DIR.",
    ),
    Setting(
        "DATA_DIR",
        str,
        "var",
        "Folder of the database, sealed files, logs and results; relative to the checkout.",
    ),
    Setting(
        "SECRET_KEY",
        str,
        "",
        "Key that signs sessions and forms. Required; the demo makes its own under DATA_DIR.",
    ),
    Setting(
        "FIELD_KEYS",
        str,
        "",
        "Keys of the encrypted fields, id:base64 pairs with commas, the current one first. Required; see SECRET_KEY.",
    ),
    Setting(
        "CRYPTO_PROFILE",
        str,
        "aes",
        "aes: AES-256-GCM and HMAC-SHA-256; gb: SM4-GCM and HMAC-SM3 (国密).",
    ),
    Setting(
        "ALLOWED_HOSTS",
        _list,
        "127.0.0.1,localhost,[::1]",
        "Host names the server answers to, with commas.",
    ),
    Setting(
        "TRUSTED_ORIGINS",
        _list,
        "",
        "Origins with scheme, with commas, when a proxy ends TLS in front.",
    ),
    Setting(
        "BEHIND_TLS",
        _flag,
        "0",
        "1: cookies only over TLS, and strict transport security is sent.",
    ),
    Setting("TIME_ZONE", str, "Asia/Shanghai", "Time zone of deadlines and days."),
    Setting(
        "SITE_NAME",
        str,
        "渭南市总工会",
        "Name that workers see. The union emblem is only ever the federation's own upload.",
    ),
    Setting(
        "ROOT_CODE",
        str,
        "610500",
        "Code of the federation whose tree this deployment holds.",
    ),
    Setting(
        "IDLE_MINUTES_DESK",
        int,
        "30",
        "A cadre's session ends after so many idle minutes.",
    ),
    Setting(
        "IDLE_MINUTES_MY",
        int,
        "43200",
        "A worker's session ends after so many idle minutes.",
    ),
    Setting("SIGN_IN_TRIES", int, "5", "An account is locked after so many wrong passwords in a row."),
    Setting("SIGN_IN_LOCK_MINUTES", int, "30", "How long a locked account stays locked."),
    Setting("SIGN_IN_PER_ADDRESS", int, "100", "Wrong passwords from one network address in an hour, then it waits."),
    Setting("SESSIONS_MOST", int, "5", "Open desk sessions of one account; the oldest is ended by the next."),
    Setting("PASSWORD_DAYS", int, "90", "A cadre's password must be changed after so many days; 0: never."),
    Setting("CODE_MINUTES", int, "5", "A phone code holds for so many minutes."),
    Setting("CODE_TRIES", int, "5", "A phone code is void after so many wrong tries."),
    Setting("CODES_PER_PHONE", int, "5", "Codes sent to one phone in an hour."),
    Setting("CODES_PER_ADDRESS", int, "60", "Codes asked for from one network address in an hour."),
    Setting("REPORTS_PER_ADDRESS", int, "60", "Needs sent without an account from one network address in an hour."),
    Setting("TOKEN_DAYS", int, "365", "An API token holds for at most so many days."),
    Setting(
        "SMS_URL",
        str,
        "",
        "Address of the SMS gateway, which takes JSON by POST; empty: none, workers get no codes.",
    ),
    Setting("SMS_KEY", str, "", "Key of the account at the SMS gateway, sent as bearer."),
    Setting("SMS_SIGNATURE", str, "", "Sender registered at the gateway (短信签名); empty: SITE_NAME."),
    Setting("SMS_TEMPLATE", str, "", "Id of the text approved by the gateway, where it wants one."),
    Setting(
        "PUBLIC_URL",
        str,
        "",
        "Address under which people reach the product, with its scheme: links in messages begin with it. Empty: no links.",
    ),
    Setting(
        "OPEN311_URL",
        str,
        "",
        "Address of the authority's Open311 GeoReport v2 server, https, without services.xml; empty: none, hazards are "
        "handed over on paper only.",
    ),
    Setting("OPEN311_NAME", str, "主管部门", "What people call that server."),
    Setting("OPEN311_KEY", str, "", "Key of the account there (api_key)."),
    Setting("OPEN311_JURISDICTION", str, "", "Its jurisdiction_id, where it serves several."),
    Setting("OPEN311_FORM", str, "xml", "xml, which every such server speaks, or json."),
    Setting(
        "OPEN311_PRIVATE", _flag, "0", "1: the server may stand in a private network; plain http only on loopback."
    ),
    Setting("MAIL_HOST", str, "", "Mail server (SMTP); empty: no mail is sent."),
    Setting("MAIL_PORT", int, "465", "Its port."),
    Setting("MAIL_TLS", str, "ssl", "ssl, starttls, or none where the server is on this machine."),
    Setting("MAIL_USER", str, "", "Account at the mail server; empty: none is asked for."),
    Setting("MAIL_PASSWORD", str, "", "Its password."),
    Setting("MAIL_FROM", str, "", "Address that mail comes from. Required with MAIL_HOST."),
    Setting(
        "DEMO",
        _flag,
        "0",
        "1: demo sign-ins, codes shown on the page. Never with real people.",
    ),
    Setting(
        "DEMO_TODAY",
        str,
        "",
        "Demo only: the day (2026-11-22) that the demo takes for today.",
    ),
    Setting("DEBUG", _flag, "0", "1: developer's error pages. Never in production."),
    Setting(
        "LOG_LEVEL",
        str,
        "INFO",
        "Least level that is logged, one JSON line an event, without personal data.",
    ),
    Setting("TEST_DATABASE_URL", str, "", "Tests only: the database of the test run."),
)


def _demo_settings(folder: Path) -> dict[str, str]:
    path = folder / "demo.env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def as_markdown() -> str:
    """`docs/operate/settings.md`: every key with its default and its meaning."""
    head = "# Settings\n\nBy environment, prefix `UNIONHOME_`. Made by `python -m unionhome.config.env`; a test compares.\n\n"
    rows = [
        f"| `{PREFIX}{each.name}` | {f'`{each.default}`' if each.default else ''} | {each.meaning} |"
        for each in SETTINGS
    ]
    return head + "| key | default | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def load(environ: dict[str, str] | None = None, base: Path = Path()) -> dict[str, Any]:
    """Every setting by name, read from the environment. Raises ValueError naming the key that cannot be read.

    Where the environment names no key and a demo has made its own, `demo.env` in the data folder is read, so that the
    commands open the demo's data without further words.
    """
    source = dict(os.environ) if environ is None else environ
    if not source.get(PREFIX + "SECRET_KEY"):
        source = _demo_settings(base / source.get(PREFIX + "DATA_DIR", "var")) | source
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = source.get(PREFIX + setting.name, setting.default)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise ValueError(f"{PREFIX}{setting.name}: {text!r} cannot be read") from error
    return values


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
