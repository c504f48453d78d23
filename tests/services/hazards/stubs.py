"""The authority's Open311 GeoReport v2 server on loopback: it keeps what it is given, as the public standard says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

SERVICES = [
    {"service_code": "fire", "service_name": "消防隐患", "group": "安全"},
    {"service_code": "121", "service_name": "工地", "group": ""},
]


class GeoStub(ThreadingHTTPServer):
    """Reports by number. `answer` stands in for the next answers; `drops` posts are taken and not answered; with
    `tokens` a report gets its number later."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clear()

    def clear(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.answer: tuple[int, str | bytes, dict[str, str]] | None = None
        self.drops = 0
        self.tokens = False
        self.is_open = True
        self.status = {"status": "open", "status_notes": ""}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/georeport/v2/"


class _Handler(BaseHTTPRequestHandler):
    server: GeoStub

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        resource, _, form = url.path.removeprefix("/georeport/v2/").rpartition(".")
        self.server.asked.append(f"{resource}?{url.query}")
        if resource == "services":
            self._say(form, "services", "service", SERVICES)
        elif resource == "requests" and not self.server.is_open:
            self._say(form, "errors", "error", [{"code": "403"}], 403)
        else:
            self._say(form, "service_requests", "request", self._rows(resource))

    def _rows(self, resource: str) -> list[dict[str, str]]:
        if resource.startswith("tokens/"):
            number = {} if self.server.tokens else {"service_request_id": "R-1"}
            return [{"token": resource[7:], **number}]
        rows = [
            {"service_request_id": f"R-{place}", "description": each["description"], **self.server.status}
            for place, each in enumerate(self.server.posts, 1)
        ]
        wanted = resource.rpartition("/")[2]
        return rows if resource == "requests" else [row for row in rows if row["service_request_id"] == wanted]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = self.path.rpartition(".")[2]
        if self.server.answer is None:
            self.server.posts.append(self._fields(body) | {"key": self.headers["Idempotency-Key"]})
        if self.server.drops:
            self.server.drops -= 1
            self.close_connection = True
            return
        given = {"token": "t-1"} if self.server.tokens else {"service_request_id": f"R-{len(self.server.posts)}"}
        self._say(form, "service_requests", "request", [given])

    def _fields(self, body: bytes) -> dict[str, Any]:
        kind = self.headers["Content-Type"]
        if not kind.startswith("multipart/"):
            return {name: words[0] for name, words in parse_qs(body.decode()).items()}
        parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body).get_payload()
        found: dict[str, Any] = {}
        for part in parts:
            name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            found[name] = data if name == "media" else data.decode()
        return found

    def _say(self, form: str, root: str, item: str, rows: list[dict[str, str]], status: int = 200) -> None:
        text: str | bytes = self._write(form, root, item, rows)
        headers: dict[str, str] = {}
        if self.server.answer is not None:
            status, text, headers = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text if isinstance(text, bytes) else text.encode())

    def _write(self, form: str, root: str, item: str, rows: list[dict[str, str]]) -> str:
        if form == "json":
            return json.dumps(rows)
        inner = "".join(
            f"<{item}>" + "".join(f"<{name}>{escape(word)}</{name}>" for name, word in row.items()) + f"</{item}>"
            for row in rows
        )
        return f'<?xml version="1.0" encoding="utf-8"?><{root}>{inner}</{root}>'

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(stub: GeoStub) -> Iterator[GeoStub]:
    """The stub at work."""
    thread = Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        thread.join()
        stub.server_close()
