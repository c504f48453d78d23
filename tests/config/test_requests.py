"""What reaches the house before any view: bodies that cannot be read, headers of every answer, logs."""

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from unionhome.config.logs import JsonFormatter
from unionhome.core.access.actions.tokens import create_token

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-16", b"text=a"),
        ("multipart/form-data", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2500))),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 6_000_000),
    ],
)
def test_a_body_that_cannot_be_read_is_said_in_words(kind, body):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/open/help/")
    answer = client.generic("POST", "/open/help/", body, content_type=kind)
    assert answer.status_code == 400
    assert "没有看懂" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_static_files_run_nothing_and_stand_in_no_frame():
    answer = Client().get("/static/unionhome.svg")
    b"".join(answer)
    answer.close()
    if answer.status_code == 404:
        pytest.skip("the static files are not built")
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"


def test_more_than_one_request_may_carry_is_said_at_the_field(world, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 3000
    photos = [SimpleUploadedFile(f"{name}.jpg", b"\xff\xd8\xff" + b"x" * 1400) for name in "abc"]
    sent = {"category": "other", "text": "停暖三天了", "phone": "19900000105", "photos": photos}
    answer = world.client().post("/open/help/", sent)
    page = answer.content.decode()
    assert answer.status_code == 400 and "c.jpg" in page and "合起来太大" in page and "停暖三天了" in page


def test_logs_hold_no_receipt_and_no_row():
    message = "Not Found: /open/matters/Ab-c_d12/x IntegrityError DETAIL:  Key (name)=(何工) already exists."
    line = JsonFormatter().format(logging.LogRecord("x", logging.ERROR, "", 0, message, (), None))
    assert "Ab-c_d12" not in line and "何工" not in line and "/open/matters/" in line


@pytest.mark.parametrize("address", ["/desk/search/?q=a%00b", "/desk/inbox/?kind=%00", "/open/unions/?q=%00"])
def test_a_nul_sign_in_an_address_is_refused_in_words(world, address):
    answer = world.client("city", raise_request_exception=False).get(address)
    assert answer.status_code == 400 and "不能识别的字符" in answer.content.decode()


@pytest.mark.parametrize(("form", "begins"), [("json", "[{"), ("xml", "<?xml")])
def test_a_nul_sign_is_refused_to_open311_in_its_shape(world, form, begins):
    client, address = Client(raise_request_exception=False), f"/open/311/v2/requests.{form}"
    for answer in (client.get(f"{address}?status=%00"), client.post(address, {"jurisdiction_id": "a\x00"})):
        assert answer.status_code == 400 and answer.content.decode().startswith(begins)


def test_a_nul_sign_is_refused_to_programs_in_their_way(world):
    _, token = create_token(world.actor("city"), label="测试", permissions=["cases.view"], days=1)
    answer = Client(raise_request_exception=False).get(
        "/api/v1/cases", {"text": "a\x00b"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_too_large_a_body_of_a_program_is_a_problem(world):
    _, text = create_token(world.actor("city"), label="程序", permissions=["members.view"])
    body = b'{"x": "' + b"x" * 6_000_000 + b'"}'
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/api/v1/members/search", body, content_type="application/json", headers={"Authorization": f"Bearer {text}"}
    )
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["code"] == "too-large"


def test_a_number_no_row_can_have_is_a_problem(world):
    _, text = create_token(world.actor("city"), label="程序", permissions=["cases.view"])
    client = Client(raise_request_exception=False)
    answer = client.get(f"/api/v1/cases/{'9' * 30}", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code in (404, 422) and answer["Content-Type"] == "application/problem+json"
