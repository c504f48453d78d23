"""One form of a worker sent many times at the same moment is one application, and every send leads to it."""

import uuid

import pytest
from django.db import connection

from tests.core.access.test_same_moment import post_at_once
from tests.core.members.conftest import DOCUMENT, Register
from unionhome.core.members.models import Application

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


def test_one_form_is_one_application(register: Register) -> None:
    for _ in range(3):
        Application.objects.all().delete()
        sent = {
            "name": "王建国", "document_kind": "resident", "document": DOCUMENT, "group": "courier",
            "employer_text": register.employer.name, "agreed": "on", "submit_key": uuid.uuid4().hex,
        }  # fmt: skip
        answers = post_at_once(register.world, "worker", "/my/join/send/", sent)
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/my/join/")] * 4
        assert Application.objects.count() == 1
