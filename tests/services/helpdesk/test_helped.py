"""帮代办: the helper is kept with the need, the worker's consent is asked, and neither reads what is the other's."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.moves import picture
from tests.sample_places import enter_divisions, enter_unions
from tests.worlds import OUTSIDER_PHONE, WORKER_PHONE, World
from unionhome.core.access.rules import PHONE_FIELD
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import list_own_cases
from unionhome.core.files.models import SealedFile
from unionhome.core.organizations.queries import find_employer_by_name
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit import crypto
from unionhome.services.helpdesk import actions, queries
from unionhome.services.helpdesk.actions import Helped, Need
from unionhome.services.helpdesk.models import Helping
from unionhome.services.helpdesk.rules.helped import Relation

pytestmark = pytest.mark.django_db
WORDS = "家里着了火，没地方住。"
FIRM = "渭南示例速运有限公司"
GRID = Helped(relation="grid", name="格示例", phone=OUTSIDER_PHONE, consent="spoken")
NEED = Need(category="hardship", text=WORDS, phone=WORKER_PHONE, name="王样例", hide_from_employer=False, helped=GRID)


@pytest.fixture
def place(world: World) -> World:
    enter_divisions()
    enter_unions(world)
    return world


def words(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode()).replace("＊", "*")


@pytest.mark.parametrize(
    ("need", "field"),
    [
        (replace(NEED, helped=None), "consent"),
        (replace(NEED, helped=replace(GRID, consent="")), "consent"),
        (replace(NEED, helped=replace(GRID, relation="king")), "relation"),
        (replace(NEED, helped=replace(GRID, name=" ")), "helper_name"),
        (replace(NEED, helped=replace(GRID, phone="")), "helper_phone"),
        (replace(NEED, helped=Helped(consent="spoken", is_contact=True)), "helper_phone"),
        (replace(NEED, phone=OUTSIDER_PHONE), "phone"),
        (replace(NEED, phone=""), "phone"),
        (replace(NEED, origin="hotline"), "origin"),
        (replace(NEED, category="wages", helped=replace(GRID, relation="employer")), "relation"),
        (replace(NEED, hide_from_employer=True, helped=replace(GRID, relation="employer")), "relation"),
        (replace(NEED, helped=replace(GRID, slip=Upload("a.jpg", b"no picture"))), "slip"),
    ],
)
def test_who_may_not_help_or_did_not_ask(world: World, need: Need, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.register_need(world.actor("town"), need)
    assert set(refused.value.fields) == {field}
    assert not Case.objects.exists() and not Helping.objects.exists()


def test_the_employers_own_people_bring_nothing_that_is_kept_from_them(place: World) -> None:
    need = replace(NEED, category="wages", hide_from_employer=True, employer=find_employer_by_name(FIRM))
    with pytest.raises(BadInput) as refused:
        actions.register_need(place.actor("union"), replace(need, helped=Helped(consent="spoken")))
    assert set(refused.value.fields) == {"relation"}
    with pytest.raises(BadInput) as refused:  # another helper's name: the union would read it and hold the slip
        actions.register_need(place.actor("union"), need)
    assert set(refused.value.fields) == {"relation"} and not Case.objects.exists()
    place.users["outsider"].node = place.nodes["union"]
    place.users["outsider"].save()
    with pytest.raises(BadInput):
        actions.register_need(place.actor("town"), need)
    open_to_all = replace(need, hide_from_employer=False, helped=Helped(consent="spoken"))
    assert actions.register_need(place.actor("union"), open_to_all)[0].node == place.nodes["union"]


def test_the_cadre_who_writes_it_down_is_not_the_one_who_is_rung(world: World) -> None:
    town = world.users["town"]
    town.phone_index = crypto.blind("19900000555", field=PHONE_FIELD)
    town.save()
    for helped in (GRID, Helped(consent="spoken")):
        with pytest.raises(BadInput) as refused:
            actions.register_need(world.actor("town"), replace(NEED, phone="19900000555", helped=helped))
        assert set(refused.value.fields) == {"phone"} and not Case.objects.exists()
    contact = replace(NEED, phone="19900000555", helped=Helped(phone="19900000555", consent="spoken", is_contact=True))
    assert not actions.register_need(world.actor("town"), contact)[0].phone_index


def test_one_helper_brings_so_many_a_day(world: World) -> None:
    set_value(world.actor("system"), "helpdesk.helped_per_day", 2, world.today, "样例", None)
    town = world.actor("town")
    for _ in range(2):
        actions.register_need(town, NEED)
    with pytest.raises(Refused, match="最多帮办2件"):
        actions.register_need(town, NEED)
    actions.register_need(town, replace(NEED, helped=Helped(consent="signed")))
    actions.register_need(world.actor("town", at=world.at + timedelta(days=1)), NEED)
    assert Helping.objects.count() == 4


def test_a_repeat_is_one_need_with_one_slip(world: World) -> None:
    """A picture is kept twice: as it came, and without its EXIF."""
    need = replace(NEED, submit_key="ab" * 16, helped=replace(GRID, slip=Upload("a.jpg", picture())))
    first = actions.register_need(world.actor("town"), need)
    assert actions.register_need(world.actor("town"), need) == first
    assert Helping.objects.count() == 1 and SealedFile.objects.filter(model="cases.entry").count() == 2


def test_what_a_visit_or_a_site_brought_is_told_apart(world: World) -> None:
    client = world.client("city")
    sent = {
        "text": WORDS, "category": "hardship", "name": "王样例", "phone": WORKER_PHONE, "relation": "cadre",
        "consent": "spoken",
    }  # fmt: skip
    for origin, label, short in (
        ("visit", "走访时提的", "走访"),
        ("site", "站点反映", "站点"),
        ("", "工会代为登记", "代登记"),
    ):
        assert client.post("/desk/help/new/", sent | {"origin": origin}).status_code == 302
        case = Case.objects.latest("pk")
        assert case.origin == (origin or "walk_in") and label in words(client.get(f"/desk/cases/{case.pk}/"))
        assert WorkItem.objects.get(object_id=case.pk).origin == short
        assert case.number in words(client.get(f"/desk/cases/?origin={case.origin}"))
        assert case.number not in words(client.get("/desk/cases/?origin=phone"))
    assert client.post("/desk/help/new/", sent | {"origin": "king"}).status_code == 400


def test_both_sides_read_what_is_theirs(world: World) -> None:
    client = world.client("city")
    sent = {
        "text": WORDS, "category": "hardship", "name": "王样例", "phone": WORKER_PHONE, "relation": "grid",
        "helper_name": "格示例", "helper_phone": OUTSIDER_PHONE, "consent": "signed", "submit_key": "cd" * 16,
        "slip": SimpleUploadedFile("同意书.jpg", picture(), "image/jpeg"),
    }  # fmt: skip
    answer = client.post("/desk/help/new/", sent)
    case = Case.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/desk/cases/{case.pk}/slip/"
    slip = client.get(answer["Location"])
    assert 'data-draft-done="register"' in slip.content.decode(), "the next worker's form begins empty"
    receipt = re.search(r"/open/matters/([\w-]+)/", slip.content.decode())
    assert receipt and case.number in words(slip) and WORDS not in words(slip)
    assert WORDS in words(world.client().get(receipt[0]))
    for who in ("chair", "town"):
        assert world.client(who).get(answer["Location"]).status_code == 404
    page = words(client.get(f"/desk/cases/{case.pk}/"))
    assert "格*例（网格员）" in page and "199****0002" in page and "本人签了字" in page and OUTSIDER_PHONE not in page
    own = words(world.client("worker").get(f"/my/matters/{case.pk}/"))
    assert "格示例（网格员）" in own and "同意书" not in own
    mine = words(world.client("outsider").get("/my/helped/"))
    assert case.number in mine and "王*例" in mine and WORDS not in mine and "王样例" not in mine
    assert "我帮办的" in words(world.client("outsider").get("/my/"))
    assert case.number not in words(world.client("outsider").get("/my/matters/"))
    assert world.client("outsider").get(f"/my/matters/{case.pk}/").status_code == 404
    assert case.number not in words(world.client("worker").get("/my/helped/"))
    assert case.number not in words(client.get("/desk/help/helped/"))
    shown = client.post(f"/desk/cases/{case.pk}/helper/", {"reason": "matter"})
    assert OUTSIDER_PHONE in words(shown)
    world.wait(days=1)
    assert world.client("city").get(answer["Location"]).status_code == 404


def test_a_worker_without_a_phone_is_reached_through_the_helper_and_stays_the_owner(world: World) -> None:
    need = replace(NEED, phone=OUTSIDER_PHONE, helped=replace(GRID, is_contact=True))
    case, _ = actions.register_need(world.actor("city"), need)
    assert not case.phone_sealed and not case.phone_index
    assert list(queries.list_helped(world.actor("outsider"))) and not list(list_own_cases(world.actor("outsider")))
    assert "本人没有电话，打这个" in words(world.client("city").get(f"/desk/cases/{case.pk}/"))


def test_the_helpers_phone_wants_a_reason_and_who_handles_it(world: World) -> None:
    case, _ = actions.register_need(world.actor("city"), NEED)
    with pytest.raises(BadInput):
        actions.show_helper_phone(world.actor("city"), case.pk, reason="")
    with pytest.raises(Forbidden):
        actions.show_helper_phone(world.actor("city", strong=False), case.pk, reason="matter")
    for who in ("town", "finance"):
        with pytest.raises((NotFound, Forbidden)):
            actions.show_helper_phone(world.actor(who), case.pk, reason="matter")
    alone, _ = actions.register_need(world.actor("city"), replace(NEED, helped=Helped(consent="spoken")))
    with pytest.raises(NotFound):
        actions.show_helper_phone(world.actor("city"), alone.pk, reason="matter")
    assert case.number not in words(world.client("city").get("/desk/help/helped/"))
    assert alone.number in words(world.client("city").get("/desk/help/helped/"))


def test_the_form_offers_every_relation(world: World) -> None:
    page = world.client("town").get("/desk/help/new/").content.decode()
    assert all(f'value="{each}"' in page for each in Relation.values)
