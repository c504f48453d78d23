"""Sending through a gateway: what it is told, what its answers mean, and that one message counts once."""

import json
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from unionhome.kit.channels import Gateway, NotSent, send_sms

PHONE = "19900000077"


class Stub(BaseHTTPRequestHandler):
    """A gateway that counts messages by their key and answers as told."""

    answer: tuple[int, str] = (200, '{"id": "g-1"}')
    given: list[dict[str, str]] = []
    keys: Counter[str] = Counter()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.given.append(body | {"bearer": self.headers["Authorization"]})
        self.keys[self.headers["Idempotency-Key"]] += 1
        status, text = self.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    stub = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    thread = Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield stub
    stub.shutdown()
    thread.join()
    stub.server_close()


@pytest.fixture
def gateway(server, monkeypatch):
    monkeypatch.setattr(Stub, "given", [])
    monkeypatch.setattr(Stub, "keys", Counter())
    return Gateway(f"http://127.0.0.1:{server.server_port}/sms", "secret", "测试总工会", "T1")


def test_the_gateway_is_told_everything_and_knows_the_message_by_its_key(gateway):
    assert [send_sms(gateway, PHONE, "您好", "code-7") for _ in range(2)] == ["g-1", "g-1"]
    assert Stub.given[0] == {
        "phone": PHONE, "text": "您好", "signature": "测试总工会", "template": "T1", "id": "code-7",
        "bearer": "Bearer secret",
    }  # fmt: skip
    assert Stub.keys == {"code-7": 2}


@pytest.mark.parametrize(
    ("status", "body", "answer", "again"),
    [
        (200, '{"code": "BAD_TEMPLATE"}', "BAD_TEMPLATE", False),
        (400, '{"code": "E1"}', "E1", False),
        (400, f'{{"code": "{PHONE}"}}', "400", False),
        (401, "", "401", False),
        (302, "", "302", False),
        (429, "[]", "429", True),
        (503, "not json", "503", True),
    ],
)
def test_an_answer_becomes_a_sentence_without_the_number(gateway, monkeypatch, status, body, answer, again):
    monkeypatch.setattr(Stub, "answer", (status, body))
    with pytest.raises(NotSent) as refusal:
        send_sms(gateway, PHONE, "您好", "code-8")
    assert (refusal.value.answer, refusal.value.again) == (answer, again)
    assert refusal.value.sentence.startswith("短信网关") and PHONE not in refusal.value.sentence
    assert Stub.keys == {"code-8": 1}


@pytest.mark.parametrize(
    ("url", "answer", "again"), [("http://127.0.0.1:1/", "unreachable", True), ("file:///etc/hosts", "url", False)]
)
def test_a_gateway_that_is_not_there_is_said(url, answer, again):
    with pytest.raises(NotSent) as refusal:
        send_sms(Gateway(url), PHONE, "您好", "code-9")
    assert (refusal.value.answer, refusal.value.again) == (answer, again)
