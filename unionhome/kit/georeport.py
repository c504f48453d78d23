"""A client of Open311 GeoReport v2: their services, one report handed over, and what became of it.

One server, named by the settings. Its address is https, or plain on this machine; its name must lead to no private address
unless the settings say so, and the connection goes to the very address that was looked at. Redirects are not followed, an
answer is bounded in size and time, and nothing that the server says is shown before it was cleaned.
"""

import io
import ipaddress
import json
import re
import secrets
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

TIMEOUT_SECONDS = 10
MOST_SECONDS = 30
"""For one answer, its head as well, however slowly it drips: a round that never ends would be taken for a dead one."""
MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 1000
BUSY = 429
FORMS = ("xml", "json")
_CONTROL = re.compile(r"[\x00-\x1F\x7F\u2028\u2029\uD800-\uDFFF\uFFFE\uFFFF]+")
_ID = re.compile(r"[A-Za-z0-9_.:\-]{1,64}")
_DOCTYPE = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Receiver:
    """The one server: where, what people call it, the key of our account there, whose matters it takes, in which form it
    answers (xml, which every server speaks, or json), and whether it may stand in a private network."""

    url: str = ""
    name: str = ""
    key: str = ""
    jurisdiction: str = ""
    form: str = "xml"
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of report that the server takes."""

    code: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the server said to a report: its number, or a token by which the number is asked for later."""

    number: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands: open or closed, or a word of the server's own, and what it says beside."""

    status: str
    notes: str = ""


class NotTaken(Exception):
    """The server could not be asked, or said no. `sentence` is for people, `answer` a code for the log; `again` says
    whether a later try may do better, `is_away` whether anybody is there at all."""

    def __init__(self, sentence: str, *, answer: str, again: bool = True, is_away: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.answer = answer
        self.again = again
        self.is_away = is_away


# -- the four questions ------------------------------------------------------------------------------------------------


def list_services(receiver: Receiver) -> list[Service]:
    """What the server takes (GET Service List). Raises NotTaken."""
    found = {}
    for row in _ask(receiver, "services"):
        code = row.get("service_code", "")
        if _ID.fullmatch(code):
            found[code] = Service(code, row.get("service_name", "")[:80] or code, row.get("group", "")[:80])
    if not found:
        raise NotTaken("对方没有说它收哪些类别。", answer="no-services", again=False)
    return list(found.values())


def post_request(receiver: Receiver, fields: Mapping[str, str], photo: bytes | None, key: str) -> Taken:
    """Hand one report over (POST Service Request); `photo` is a JPEG or PNG that goes along as the file `media`.

    The key of the report is its Idempotency-Key: a server that knows such keys takes it once. Raises NotTaken.
    """
    given = {"api_key": receiver.key, "jurisdiction_id": receiver.jurisdiction, **fields}
    filled = {name: word for name, word in given.items() if word}
    headers = {"Idempotency-Key": key}
    if photo is None:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        body = urlencode(filled).encode()
    else:
        mark = secrets.token_hex(16)
        headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        body = _multipart(filled, photo, mark)
    for row in _ask(receiver, "requests", body=body, headers=headers):
        number, token = row.get("service_request_id", ""), row.get("token", "")
        if _ID.fullmatch(number) or _ID.fullmatch(token):
            return Taken(number if _ID.fullmatch(number) else "", token if _ID.fullmatch(token) else "")
    raise NotTaken("对方收下了，但没有给编号。", answer="no-number")


def find_request(receiver: Receiver, code: str, words: str, since: datetime, until: datetime) -> Taken | None:
    """The report that carries those words (our own number) among what the server has taken of a service in a time of at
    most 89 days. None also where the server lets nobody ask. Raises NotTaken where it is not there: then nobody knows."""
    query = {
        "service_code": code,
        "start_date": max(since, until - timedelta(days=89)).isoformat(timespec="seconds"),
        "end_date": until.isoformat(timespec="seconds"),
        "page_size": "500",
    }
    try:
        rows = _ask(receiver, "requests", query)
    except NotTaken as refusal:
        if refusal.again:
            raise
        return None
    exact = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
    for row in rows:
        number = row.get("service_request_id", "")
        if exact.search(row.get("description", "") + "\n" + row.get("account_id", "")) and _ID.fullmatch(number):
            return Taken(number)
    return None


def get_number(receiver: Receiver, token: str) -> str:
    """The number behind a token, "" while there is none. Raises NotTaken."""
    rows = _ask(receiver, f"tokens/{quote(token, safe='')}")
    return next((row["service_request_id"] for row in rows if _ID.fullmatch(row.get("service_request_id", ""))), "")


def get_standing(receiver: Receiver, number: str) -> Standing:
    """How a report stands. Raises NotTaken."""
    for row in _ask(receiver, f"requests/{quote(number, safe='')}"):
        if row.get("status"):
            return Standing(row["status"].lower()[:20], row.get("status_notes", "")[:200])
    raise NotTaken("对方没有说办到哪一步。", answer="no-status")


# -- one question ------------------------------------------------------------------------------------------------------


def _ask(
    receiver: Receiver,
    resource: str,
    query: Mapping[str, str] | None = None,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> list[dict[str, str]]:
    """The rows of an answer. Raises NotTaken."""
    target = urlsplit(receiver.url)
    asked = dict(query or {})
    if body is None:
        asked |= {"jurisdiction_id": receiver.jurisdiction, "api_key": receiver.key}
    words = urlencode({name: word for name, word in asked.items() if word})
    path = f"{target.path.rstrip('/')}/{resource}.{receiver.form}" + (f"?{words}" if words else "")
    connection = _connection(receiver)
    try:
        connection.request("POST" if body else "GET", path, body, {"Host": target.netloc, **(headers or {})})
        with closing(connection.getresponse()) as answer:
            text = _read(answer)
    except TimeoutError:
        raise NotTaken("对方没有在规定时间里回答。", answer="timeout", is_away=True) from None
    except ssl.SSLError:
        raise NotTaken("对方的证书不可信，请系统管理员检查地址。", answer="certificate", is_away=True) from None
    except (HTTPException, OSError):
        raise NotTaken("连不上对方的接口。", answer="unreachable", is_away=True) from None
    finally:
        connection.close()
    if answer.status not in (200, 201, 202):
        raise _refused(answer.status)
    return list(_rows(receiver.form, text))


def _read(answer: HTTPResponse) -> bytes:
    parts, size = [], 0
    while part := answer.read1(65_536):
        size += len(part)
        if size > MOST_BYTES:
            raise NotTaken("对方的回答太长。", answer="too-long")
        parts.append(part)
    return b"".join(parts)


def _refused(status: int) -> NotTaken:
    if 300 <= status < 400:
        return NotTaken("对方让转到别的地址，没有跟着去。请系统管理员检查地址。", answer=str(status), again=False)
    if status in (BUSY, 408) or status >= 500:
        return NotTaken("对方太忙，或者出了故障。", answer=str(status))
    if status in (401, 403):
        return NotTaken("对方不认本单位的密钥，请系统管理员检查设置。", answer=str(status), again=False)
    return NotTaken(f"对方没有收下（{status}）。", answer=str(status), again=False)


class _Timed(io.RawIOBase):
    """What comes over a connection, until a moment."""

    def __init__(self, plain: socket.socket, raw: io.RawIOBase) -> None:
        self.plain, self.raw, self.until = plain, raw, time.monotonic() + MOST_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.plain.settimeout(min(TIMEOUT_SECONDS, left))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer with an end: its lines, and what a server says to keep one waiting, count as its body does."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Timed(sock, self.fp.detach()))


class _Pinned(HTTPConnection):
    """A connection to one address that was looked at, by TLS in the name of the host."""

    response_class = _Answer

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.address, self.context = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), TIMEOUT_SECONDS)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain


def _connection(receiver: Receiver) -> HTTPConnection:
    """A connection that goes where it may. Raises NotTaken."""
    wrong = NotTaken("接口地址写得不对，请系统管理员检查设置。", answer="url", again=False)
    try:
        target = urlsplit(receiver.url)
        host, port = target.hostname or "", target.port or (443 if target.scheme == "https" else 80)
    except ValueError:
        raise wrong from None
    if target.scheme not in ("http", "https") or not host or target.username or receiver.form not in FORMS:
        raise wrong
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotTaken("连不上对方的接口。", answer="unreachable", is_away=True) from None
    addresses = [_address(str(each[4][0])) for each in found]
    if not receiver.is_private and not all(each.is_global for each in addresses):
        sentence = "接口地址在内网。确实要用内网地址的，请系统管理员在设置里允许。"
        raise NotTaken(sentence, answer="private", again=False)
    if target.scheme == "http" and not all(each.is_loopback for each in addresses):
        raise NotTaken("接口地址要用 https。", answer="plain", again=False)
    context = ssl.create_default_context() if target.scheme == "https" else None
    return _Pinned(host, port, str(addresses[0]), context)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address; an old one in new clothes (::ffff:10.0.0.1) as what it is."""
    found = ipaddress.ip_address(text)
    return getattr(found, "ipv4_mapped", None) or found


def _multipart(fields: Mapping[str, str], photo: bytes, mark: str) -> bytes:
    suffix, mime = ("png", "image/png") if photo.startswith(b"\x89PNG") else ("jpg", "image/jpeg")
    parts: Sequence[bytes] = [
        *(f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{w}\r\n'.encode() for n, w in fields.items()),
        f'--{mark}\r\nContent-Disposition: form-data; name="media"; filename="photo.{suffix}"\r\n'.encode(),
        f"Content-Type: {mime}\r\n\r\n".encode(),
        photo,
        f"\r\n--{mark}--\r\n".encode(),
    ]
    return b"".join(parts)


def _rows(form: str, text: bytes) -> Iterator[dict[str, str]]:
    """The like elements of an answer as plain words. Raises NotTaken for what is none."""
    strange = NotTaken("对方的回答看不懂。", answer="unreadable")
    plain: list[list[tuple[str, object]]]
    try:
        if form == "json":
            body = json.loads(text or b"[]")
            rows = [body] if isinstance(body, dict) else body
            if not isinstance(rows, list):
                raise strange
            plain = [list(row.items()) for row in rows if isinstance(row, dict)]
        else:
            plain = [[(each.tag, each.text) for each in row] for row in ElementTree.fromstring(_words(text))]  # noqa: S314
    except (ValueError, ElementTree.ParseError, RecursionError):
        raise strange from None
    for row in plain[:MOST_ROWS]:
        yield {str(name): _clean(word) for name, word in row if isinstance(word, (str, int, float))}


def _words(answer: bytes) -> str:
    """An answer in XML as text: UTF-8 as the standard says, whatever its first line claims, and without entities.
    Raises ValueError."""
    text = answer.decode("utf-8-sig")
    if _DOCTYPE.search(text):
        raise ValueError("entities")
    return _HEAD.sub("", text)


def _clean(word: object) -> str:
    return " ".join(_CONTROL.sub(" ", str(word)).split())[:4000]
