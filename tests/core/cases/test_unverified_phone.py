"""A number typed into the public form proves nothing: whose it is learns nothing, and is not shut out."""

import pytest

from tests.worlds import WORKER_PHONE, World
from unionhome.core.cases import actions as case_actions
from unionhome.core.cases import queries
from unionhome.core.registry import NotFound, TooMany
from unionhome.services.helpdesk.actions import Helped, Need, register_need, report_need

SECRET = "我得了不想让人知道的病。"


def send(world: World, who: str = "public", **changes):
    facts = {"category": "health", "text": SECRET, "phone": WORKER_PHONE} | changes
    return report_need(world.actor(who), Need(**facts))


def test_the_owner_of_the_number_sees_nothing_of_a_strangers_matter(world):
    case, _ = send(world)
    client = world.client("worker")
    for address in ("/my/", "/my/matters/", "/my/messages/", f"/my/matters/{case.pk}/"):
        assert case.number not in client.get(address).content.decode(), address
    for address in ("", "rate/", "withdraw/", "material/", "keep/"):
        assert client.get(f"/my/matters/{case.pk}/{address}").status_code == 404, address


def test_with_receipt_and_the_same_number_proved_it_becomes_the_own_one(world):
    case, receipt = send(world)
    page = f"/open/matters/{receipt}/"
    assert "放进我的事项" not in world.client("outsider").get(page).content.decode()
    assert world.client("outsider").post(f"{page}keep/", {"submit_key": "a"}).status_code == 404
    assert world.client().post(f"{page}keep/", {"submit_key": "a"}).status_code == 404
    worker = world.client("worker")
    assert "放进我的事项" in worker.get(page).content.decode()
    for _ in range(2):
        assert worker.post(f"{page}keep/", {"submit_key": "a"}).status_code == 302
    assert case.number in worker.get(f"/my/matters/{case.pk}/").content.decode()


def test_what_is_somebodys_cannot_be_taken(world):
    case, _ = send(world, "worker", phone="")
    with pytest.raises(NotFound):
        case_actions.keep_case(world.actor("outsider"), case)


def test_what_a_union_wrote_down_is_found_by_its_number(world):
    case, _ = register_need(
        world.actor("town"),
        Need(category="wages", text="欠薪。", phone=WORKER_PHONE, helped=Helped(consent="spoken")),
    )
    assert queries.get_own_case(world.actor("worker"), case.pk) == case


def test_strangers_cannot_use_up_what_the_owner_may_send(world):
    for _ in range(5):
        send(world)
    with pytest.raises(TooMany):
        send(world)
    case, _ = send(world, "worker", phone="")
    assert queries.get_own_case(world.actor("worker"), case.pk) == case


def test_one_address_cannot_flood_with_many_numbers(world, settings):
    settings.REPORTS_PER_ADDRESS = 3
    facts = {"category": "other", "text": "停暖了"}
    for number in range(3):
        report_need(world.actor("public"), Need(**facts, phone=f"1990000010{number}"), address="192.0.2.9")
    with pytest.raises(TooMany):
        report_need(world.actor("public"), Need(**facts, phone="19900000109"), address="192.0.2.9")
    report_need(world.actor("public"), Need(**facts, phone="19900000109"), address="192.0.2.10")
