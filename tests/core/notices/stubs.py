"""An SMS gateway and a mail server on loopback: they keep what they are given and answer as told."""

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


class SmsStub(ThreadingHTTPServer):
    """Counts messages by their idempotency key. While `hold` is set, it has taken a message and does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sms)
        self.answer = (200, '{"id": "g-1"}')
        self.given: list[dict[str, str]] = []
        self.hold = False
        self.taken = Event()
        self.go_on = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sms"

    @property
    def keys(self) -> list[str]:
        return [each["id"] for each in self.given]


class _Sms(BaseHTTPRequestHandler):
    server: SmsStub

    def do_POST(self) -> None:
        self.server.given.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.taken.set()
        if self.server.hold:
            self.server.go_on.wait(60)
            return
        status, text = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


class MailStub(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as one plain mail needs; `refusal` answers the receiver's address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.mails: list[str] = []
        self.refusal = ""


class _Mail(socketserver.StreamRequestHandler):
    server: MailStub

    def handle(self) -> None:
        self._say("220 stub")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(body.decode())
            self._say("221 bye" if word == b"QUIT" else self._answer(word))
            if word == b"QUIT":
                return

    def _answer(self, word: bytes) -> str:
        return self.server.refusal if word == b"RCPT" and self.server.refusal else "250 ok"

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def served(stub: Any) -> Iterator[Any]:
    """The stub at work."""
    thread = Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        if isinstance(stub, SmsStub):
            stub.go_on.set()
        stub.shutdown()
        thread.join()
        stub.server_close()
