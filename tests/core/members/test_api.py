"""Members for programs: covered facts, own branch, pages, and no whole number in an address."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.core.members.conftest import DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.access.actions import create_token
from unionhome.core.members.models import AccessRecord
from unionhome.core.members.rules.sealed import public_id, read_public_id


class Api:
    """A program with the token of an account."""

    def __init__(self, register: Register, who: str, *permissions: str) -> None:
        actor = register.world.actor(who)
        _, text = create_token(actor, label="试验", permissions=permissions or ("members.view",), days=30)
        self.client = Client(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str, **asked: str | int) -> tuple[int, dict[str, Any]]:
        answer = self.client.get(f"/api/v1/{path}", asked)
        return answer.status_code, json.loads(answer.content)

    def post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(f"/api/v1/{path}", body, content_type="application/json")
        return answer.status_code, json.loads(answer.content)


def test_a_search_gives_covered_facts(register: Register) -> None:
    register.member()
    status, found = Api(register, "county").get("members", text="王建")
    assert status == 200 and found["total"] == 1
    (item,) = found["items"]
    assert (item["name"], item["phone"], item["is_member"]) == ("王*国", "199****0001", True)
    assert DOCUMENT not in json.dumps(found) and WORKER_PHONE not in json.dumps(found)


def test_a_whole_number_goes_in_the_body_only(register: Register) -> None:
    register.member()
    api = Api(register, "county")
    for number in (DOCUMENT, WORKER_PHONE):
        status, refused = api.get("members", text=number)
        assert (status, refused["code"]) == (400, "private-in-address")
        status, found = api.post("members/search", {"text": number})
        assert status == 200 and found["total"] == 1


def test_one_file_is_covered_and_the_look_is_noted(register: Register) -> None:
    membership = register.member()
    api = Api(register, "county")
    status, file = api.get(f"members/{public_id(membership.person_id)}")
    assert status == 200 and file["name"] == "王*国"
    assert DOCUMENT not in json.dumps(file) and "1988-05-06" not in json.dumps(file)
    assert AccessRecord.objects.get(person=membership.person).union_name == "临渭区总工会"


@pytest.mark.parametrize("who", ["other_county", "other_union", "village"])
def test_unions_beside_get_nothing(register: Register, who: str) -> None:
    membership = register.member()
    api = Api(register, who)
    assert api.get("members", text="王建")[1]["total"] == 0
    assert api.post("members/search", {"text": DOCUMENT})[1]["total"] == 0
    assert api.get(f"members/{public_id(membership.person_id)}")[0] == 404
    assert api.get("members", organization="610502001-Q0001")[0] == 404
    assert not AccessRecord.objects.exists()


def test_a_token_without_the_permission_gets_nothing(register: Register) -> None:
    register.member()
    assert Api(register, "county", "organizations.view").get("members", text="王建")[0] == 403


@pytest.mark.parametrize("text", ["", "王"])
def test_a_search_needs_two_signs(register: Register, text: str) -> None:
    assert Api(register, "county").get("members", text=text)[0] == 400


def test_pages_hold_everybody_once(register: Register) -> None:
    register.enrol("union", 7)
    api, names, cursor = Api(register, "town"), [], ""
    while True:
        status, found = api.get("members", organization="610502001-Q0001", limit=3, cursor=cursor)
        assert status == 200 and found["total"] == 7
        names += [item["id"] for item in found["items"]]
        if not (cursor := found["next"] or ""):
            break
    assert len(names) == len(set(names)) == 7
    assert api.get("members", organization="610502001-Q0001", cursor="made-up")[0] == 400


def test_ids_are_opaque_and_come_back() -> None:
    seen = {public_id(number) for number in range(1, 500)}
    assert len(seen) == 499 and all(len(each) == 16 for each in seen)
    assert all(read_public_id(public_id(number)) == number for number in (1, 2, 731692, 10**12))
    assert public_id(1) != f"{1:016x}"
    for wrong in ("", "1", "x" * 16, "A" * 16):
        assert read_public_id(wrong) is None
