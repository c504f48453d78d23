"""Transfers for programs: own branch, whose turn, what each side may know, and answers that do nothing twice."""

import json

import pytest

from tests.core.members.conftest import DOCUMENT, Register
from tests.core.members.test_api import Api
from unionhome.core.members import actions
from unionhome.core.members.models import Membership, Transfer
from unionhome.core.members.rules.standing import TransferInput

ALL = ("members.view", "members.release", "members.hold", "members.receive", "members.refuse")
KEY = "c" * 32


@pytest.fixture
def transfer(moving: Register) -> Transfer:
    given = TransferInput(why="employer", employer_text="渭南示例机械有限公司", note="换单位")
    return actions.request_transfer(moving.world.actor("worker"), given)


def test_either_side_answers_by_its_token(moving: Register, transfer: Transfer) -> None:
    old, new = Api(moving, "union", *ALL), Api(moving, "other_union", *ALL)
    status, found = old.get("transfers", show="waiting")
    assert status == 200 and found["total"] == 1 and found["next"] is None
    (item,) = found["items"]
    assert (item["number"], item["state"], item["overdue"]) == (transfer.number, "releasing", False)
    assert new.post(f"transfers/{transfer.number}/receive", {})[0] == 409
    for _ in range(2):
        status, after = old.post(f"transfers/{transfer.number}/release", {"submit_key": KEY})
        assert (status, after["state"], after["turn"]) == (200, "receiving", "渭南示例机械有限公司工会")
    assert {each["verb"] for each in new.get(f"transfers/{transfer.number}")[1]["answers"]} == {"receive", "refuse"}
    status, after = new.post(f"transfers/{transfer.number}/receive", {})
    assert (status, after["state"], after["due_at"]) == (200, "received", None)
    assert Membership.objects.get(left_on=None).node == moving.world.nodes["other_union"]
    assert new.get("transfers", show="done")[1]["total"] == 1


@pytest.mark.parametrize(("who", "verb", "state"), [("union", "hold", "held"), ("other_union", "refuse", "refused")])
def test_a_no_needs_its_reason(moving: Register, transfer: Transfer, who: str, verb: str, state: str) -> None:
    if verb == "refuse":
        actions.release_transfer(moving.world.actor("union"), transfer.pk)
    api = Api(moving, who, *ALL)
    status, refused = api.post(f"transfers/{transfer.number}/{verb}", {})
    assert status in (400, 409) and "reason" in refused["fields"]
    status, after = api.post(f"transfers/{transfer.number}/{verb}", {"reason": "还没有到岗"})
    assert (status, after["state"], after["steps"][-1]["reason"]) == (200, state, "还没有到岗")
    assert Membership.objects.get().node == moving.world.nodes["union"]


def test_the_new_union_does_not_learn_where_from(moving: Register, transfer: Transfer) -> None:
    """Not even where the old union acted by its own program."""
    new = Api(moving, "other_union", *ALL)
    listed, one = new.get("transfers"), new.get(f"transfers/{transfer.number}")
    assert listed[0] == one[0] == 200
    Api(moving, "union", *ALL).post(f"transfers/{transfer.number}/hold", {"reason": "还在上班"})
    held = new.get(f"transfers/{transfer.number}")
    text = json.dumps([listed[1], one[1], held[1]], ensure_ascii=False)
    assert "速运" not in text and "王建国" not in text and DOCUMENT not in text and "本人原来的工会" in text


@pytest.mark.parametrize("who", ["village", "other_county"])
def test_unions_beside_get_nothing(moving: Register, transfer: Transfer, who: str) -> None:
    api = Api(moving, who, *ALL)
    assert api.get("transfers")[1]["total"] == 0
    assert api.get(f"transfers/{transfer.number}")[0] == 404
    assert api.post(f"transfers/{transfer.number}/release", {})[0] == 404


def test_a_token_acts_only_as_far_as_it_says(moving: Register, transfer: Transfer) -> None:
    api = Api(moving, "union", "members.view")
    assert api.get(f"transfers/{transfer.number}")[0] == 200
    assert api.post(f"transfers/{transfer.number}/release", {})[0] == 403
    assert api.get("transfers", show="everything")[0] == 422
    transfer.refresh_from_db()
    assert transfer.state == "releasing"


def test_pages_hold_every_transfer_once(moving: Register) -> None:
    world, given = moving.world, TransferInput(why="employer")
    for person in moving.enrol("union", 5, start=40):
        actions.send_transfer(world.actor("union"), person.pk, node=world.nodes["other_union"], given=given)
    api, numbers, cursor = Api(moving, "town"), [], ""
    while True:
        status, found = api.get("transfers", limit=2, cursor=cursor)
        assert status == 200 and found["total"] == 5
        numbers += [item["number"] for item in found["items"]]
        if not (cursor := found["next"] or ""):
            break
    assert len(numbers) == len(set(numbers)) == 5
