"""Open311 GeoReport v2, asked by a client that knows the public standard and nothing else of this house."""

import json
from datetime import datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pointed import scene
from tests.sample_places import enter_divisions, enter_unions
from unionhome.core.access.actions import create_token
from unionhome.core.access.models import Attempt
from unionhome.core.cases.models import Case, Clock
from unionhome.core.cases.queries import get_body, list_own_cases
from unionhome.core.cases.screens import write_outside
from unionhome.core.cases.views import open311
from unionhome.core.files.models import SealedFile
from unionhome.core.workflow.models import WorkItem
from unionhome.services.hazards import actions as hazards
from unionhome.services.hazards.models import HazardDetail

pytestmark = pytest.mark.django_db
BASE = "/open/311/v2"
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
NUMBERS = {"lat", "long", "code", "order"}
LISTS = {"services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"}
NEED = {
    "service_code": "wages",
    "description": "公司两个月没发工资，我叫何小工。",
    "address_string": "人民街道东风街1号",
    "phone": "19900000007",
    "last_name": "何",
    "first_name": "小工",
}
HAZARD = {
    "service_code": "hz_height",
    "description": "三楼楼梯口没有护栏，问张大工19900000008。",
    "lat": "34.50000",
    "long": "109.50000",
    "address_string": "人民街道工地北门",
    "attribute[keep_from_employer]": "no",
}


class GeoReport:
    """What the standard says, and no more: addresses by extension, form fields, lists of like elements."""

    def __init__(self, form, api_key=""):
        self.form, self.api_key = form, api_key

    def get(self, resource, **query):
        answer = Client().get(f"{BASE}/{resource}.{self.form}", query)
        return answer.status_code, self.read(answer)

    def post(self, fields, **headers):
        body = urlencode({"api_key": self.api_key} | fields)
        kind = "application/x-www-form-urlencoded"
        browser = Client(enforce_csrf_checks=True)
        answer = browser.post(f"{BASE}/requests.{self.form}", body, content_type=kind, headers=headers)
        return answer.status_code, self.read(answer)

    def read(self, answer):
        assert answer["Content-Type"] == TYPES[self.form]
        text = answer.content.decode("utf-8")
        if self.form == "json":
            return json.loads(text)
        assert text.startswith('<?xml version="1.0" encoding="utf-8"?>') and "<!DOCTYPE" not in text
        return self.plain(ElementTree.fromstring(text))

    def plain(self, element):
        if element.tag in LISTS:
            return [self.plain(each) for each in element]
        if len(element):
            return {each.tag: self.plain(each) for each in element}
        text = element.text or None
        if text in ("true", "false"):
            return text == "true"
        return float(text) if text and element.tag in NUMBERS and text[0].isdigit() else text


@pytest.fixture(autouse=True)
def _places(world):
    enter_divisions()
    enter_unions(world)


@pytest.fixture
def key(world):
    """A key of an account, with what a client of Open311 needs."""

    def make(name="city", permissions=("cases.receive",)):
        return create_token(world.actor(name), label="热线系统", permissions=list(permissions), days=180)[1]

    return make


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_of_the_standard_lists_services_posts_and_reads_back(world, key, form):
    city = GeoReport(form, key())
    _, services = city.get("services")
    by_code = {each["service_code"]: each for each in services}
    assert {"wages", "hz_height"} <= set(by_code) and {each["type"] for each in services} == {"realtime"}
    assert by_code["wages"]["service_name"] == "拖欠工资" and by_code["hz_fire"]["group"] == "隐患"
    for code in ("wages", "hz_height"):
        assert by_code[code]["metadata"] is True
        _, definition = city.get(f"services/{code}")
        assert definition["service_code"] == code
        keep = definition["attributes"][2]
        assert keep["datatype"] == "singlevaluelist" and [each["key"] for each in keep["values"]] == ["yes", "no"]
    for fields, prefix in ((NEED, "SQ"), (HAZARD, "YH")):
        status, [made] = city.post(fields)
        number = made["service_request_id"]
        assert status == 200 and number.startswith(prefix) and "token" not in made
        assert number in made["service_notice"] and made["account_id"] is None
        assert city.post(fields) == (200, [made]), "sent again"
        assert city.get(f"requests/{number}")[0] == 404, "nobody else reads it"
        _, [read] = city.get(f"requests/{number}", api_key=city.api_key)
        assert read["status"] == "open" and read["service_code"] == fields["service_code"]
        assert read["requested_datetime"].endswith("+08:00") and read["agency_responsible"]
        assert read["address_id"] == "610502001000" and read["media_url"] is None
        assert read["address"] == "人民街道", "words of the place may name somebody"
        receipt = made["service_notice"].rstrip("/").rpartition("/")[2]
        assert city.get(f"tokens/{receipt}")[1] == [{"service_request_id": number, "token": receipt}]
        case = Case.objects.get(number=number)
        assert (case.origin, get_body(case)) == ("open311", fields["description"])
        assert WorkItem.objects.filter(object_id=case.pk).count() == 1
    assert Case.objects.count() == 2 and Clock.objects.count() == 3
    hazard = Case.objects.get(kind="hazards.hazard")
    assert (hazard.node, hazard.applicant_name) == (world.nodes["town"], "")
    _, rows = city.get("requests", api_key=city.api_key)
    assert [row["service_code"] for row in rows] == ["hz_height", "wages"]
    assert (rows[0]["lat"], rows[0]["long"]) == (34.5, 109.5)
    text = json.dumps(rows, ensure_ascii=False)
    assert not any(word in text for word in ("1990000000", "小工", "大工", "没有护栏", "工资，我"))


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_that_knows_one_address_finds_the_rest(world, form):
    answer = Client().get(f"/open/311/discovery.{form}", headers={"Host": "localhost"})
    found = GeoReport(form).read(answer)
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = found["endpoints"]
    assert (endpoint["specification"], endpoint["type"]) == ("http://wiki.open311.org/GeoReport_v2", "production")
    assert endpoint["formats"] == ["text/xml", "application/json"] and endpoint["url"] == f"http://localhost{BASE}"
    assert datetime.fromisoformat(endpoint["changeset"]).tzinfo and found["changeset"] == endpoint["changeset"]
    assert Client().get(f"{endpoint['url'].removeprefix('http://localhost')}/services.{form}").status_code == 200
    strange = Client().get(f"/open/311/discovery.{form}", headers={"Host": "elsewhere.example"})
    assert strange.status_code == 400 and b"elsewhere" not in strange.content
    assert Client().post(f"/open/311/discovery.{form}").status_code == 405
    assert Client().get("/open/311/discovery.csv").status_code == 404


def test_a_hazard_is_public_once_it_was_found_valid_and_nothing_else_ever_is(world, key):
    client = GeoReport("json", key())
    client.post(NEED)
    client.post(HAZARD | {"attribute[keep_from_employer]": "yes", "description": "瞒着单位"})
    client.post(HAZARD)
    shown = Case.objects.get(hazard__is_hidden_from_employer=False)
    hidden = Case.objects.get(hazard__is_hidden_from_employer=True)
    assert client.get("requests") == (200, [])
    for case in (shown, hidden):
        hazards.check_hazard(world.actor("town"), case.pk)
    _, [row] = client.get("requests")
    assert (row["service_request_id"], row["status_notes"]) == (shown.number, "待定级")
    assert row["description"] == "隐患：高处临边，人民街道"
    assert client.get(f"requests/{shown.number}") == (200, [row])
    for changed in (
        {"is_anonymous": True},
        {"is_hidden_from_employer": True},
        {"evacuation_at": world.at},
        {"is_valid": False},
    ):
        before = HazardDetail.objects.filter(pk=shown.pk).values(*changed).get()
        HazardDetail.objects.filter(pk=shown.pk).update(**changed)
        assert client.get(f"requests/{shown.number}")[0] == 404, changed
        HazardDetail.objects.filter(pk=shown.pk).update(**before)
    for changed in ({"is_urgent": True}, {"hidden_path": world.nodes["union"].path}):
        Case.objects.filter(pk=shown.pk).update(**changed)
        assert client.get("requests") == (200, []), changed
        Case.objects.filter(pk=shown.pk).update(is_urgent=False, hidden_path="")


def test_a_client_reads_what_it_posted_and_nothing_of_another(world, key, need):
    need("public")
    mine, other, poor = (GeoReport("json", key(*each)) for each in (("city",), ("county",), ("city", ["cases.view"])))
    _, [made] = mine.post(NEED)
    assert len(mine.get("requests", api_key=mine.api_key)[1]) == 1
    assert other.get("requests", api_key=other.api_key)[1] == poor.get("requests", api_key=poor.api_key)[1] == []
    assert other.get(f"requests/{made['service_request_id']}", api_key=other.api_key)[0] == 404
    for header, found in ((f"Bearer {mine.api_key}", 200), ("Basic eDp5", 404), ("Bearer nothing", 403)):
        address = f"{BASE}/requests/{made['service_request_id']}.json"
        assert Client().get(address, headers={"Authorization": header}).status_code == found, header
    renewed = GeoReport("json", key())
    assert renewed.get(f"requests/{made['service_request_id']}", api_key=renewed.api_key)[0] == 200


def test_lists_are_narrowed_and_paged(world, key):
    client = GeoReport("json", key())
    numbers = []
    for code in ("wages", "hours", "other"):
        numbers.append(client.post(NEED | {"service_code": code})[1][0]["service_request_id"])
        world.wait(days=40)
    Case.objects.filter(number=numbers[1]).update(state="closed", closed_at=world.at)
    wide = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-05-29T00:00:00+08:00"}
    for query, found in (
        ({}, numbers[1:]),
        (wide, numbers[:2]),
        ({"start_date": "2026-02-25T00:00:00Z"}, numbers[:2]),
        (wide | {"service_code": "wages,other"}, numbers[:1]),
        (wide | {"status": "closed"}, numbers[1:2]),
        (wide | {"status": "open"}, numbers[:1]),
        (wide | {"status": "open,closed"}, numbers[:2]),
        (wide | {"page_size": "1"}, numbers[1:2]),
        (wide | {"page_size": "1", "page": "2"}, numbers[:1]),
        ({"service_request_id": f"{numbers[0]},{numbers[2]}", "status": "closed"}, [numbers[0], numbers[2]]),
    ):
        status, rows = client.get("requests", api_key=client.api_key, **query)
        assert (status, sorted(row["service_request_id"] for row in rows)) == (200, sorted(found)), query
    answer = Client().get(f"{BASE}/requests.xml", wide | {"page_size": "1", "api_key": client.api_key})
    assert 'page=2>; rel="next"' in answer["Link"] and client.api_key not in answer["Link"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_every_refusal_is_the_standards_list(world, key, form):
    client = GeoReport(form, key())
    bad, poor = GeoReport(form, "nothing"), GeoReport(form, key(permissions=["cases.view"]))
    taken = {"Idempotency-Key": "a"}
    assert client.post(NEED, **taken)[0] == 200
    for status, (got, errors) in (
        (403, bad.post(NEED)),
        (403, GeoReport(form).post(NEED)),
        (403, poor.post(NEED)),
        (403, bad.get("requests", api_key="nothing")),
        (404, client.get("services", jurisdiction_id="elsewhere.gov")),
        (404, client.post(NEED | {"jurisdiction_id": "elsewhere.gov"})),
        (404, client.get("services/nothing")),
        (404, client.post(NEED | {"service_code": "nothing"})),
        (404, client.get("requests/SQ-20260310-0099")),
        (404, client.get("tokens/nothing")),
        (400, client.post({})),
        (400, client.post(NEED | {"phone": ""})),
        (400, client.post(NEED | {"phone": "1990000000"})),
        (400, client.post(NEED | {"description": ""})),
        (400, client.post(NEED | {"address_string": ""})),
        (400, client.post(NEED | {"lat": "34.5"})),
        (400, client.post(NEED | {"media_url": "javascript:alert(1)"})),
        (400, client.post(HAZARD | {"lat": "nan"})),
        (400, client.post(HAZARD | {"lat": "3.5", "long": "20.5"})),
        (400, client.post(NEED | {"description": "别的事"}, **taken)),
        (400, client.post(NEED | {"phone": "19900000006"}, **taken)),
        (400, client.post(NEED | {"first_name": "别"}, **taken)),
        (400, client.get("requests", status="done")),
        (400, client.get("requests", start_date="2026-03-01")),
        (400, client.get("requests", start_date="2026-03-01T00:00:00")),
        (400, client.get("requests", start_date="2025-03-01T00:00:00Z", end_date="2026-03-01T00:00:00Z")),
        (400, client.get("requests", page="0")),
        (400, client.get("requests", page_size="501")),
    ):
        assert got == status and errors, (status, got, errors)
        assert all(set(each) == {"code", "description"} and each["code"] == status for each in errors), errors
        assert all(any("\u4e00" <= sign <= "\u9fff" for sign in each["description"]) for each in errors), errors
    assert len(client.post({})[1]) >= 2, "one for each field"
    assert client.get("services", jurisdiction_id="610500")[0] == 200
    assert Case.objects.count() == 1


def test_strange_requests_are_answered_in_the_standards_way(world):
    assert Client().get(f"{BASE}/services.csv").status_code == 404
    answer = Client().delete(f"{BASE}/requests.xml")
    assert answer.status_code == 405 and b"<error><code>405</code>" in answer.content
    answer = world.client("city").post(f"{BASE}/requests.json", NEED)
    assert answer.status_code == 403, "a session is no key"
    broken = Client().post(f"{BASE}/requests.xml", b"--x", content_type="multipart/form-data; boundary=")
    assert broken.status_code == 400 and b"<errors>" in broken.content
    form = "application/x-www-form-urlencoded; charset=utf-16"
    strange = Client().post(f"{BASE}/requests.xml", b"a=b", content_type=form)
    assert strange.status_code == 400 and b"<errors>" in strange.content


def test_too_many_requests_are_slowed_down(world, key, monkeypatch):
    text = key()
    monkeypatch.setattr(open311, "MOST_OF_AN_ADDRESS", 2)
    monkeypatch.setattr(open311, "MOST_OF_A_KEY", 1)
    client = GeoReport("xml", text)
    assert [client.get("services")[0] for _ in range(3)] == [200, 200, 429]
    assert [client.get("services", api_key=text)[0] for _ in range(2)] == [200, 429]
    world.wait(minutes=2)
    assert client.get("services")[0] == 200 and Attempt.objects.filter(what="cases.open311").exists()


def test_photographs_come_with_the_post_and_are_never_sent_out(world, key):
    photo = SimpleUploadedFile("何小工.jpg", scene(3), "image/jpeg")
    fields = HAZARD | {"api_key": key(), "media": photo, "media_url": "https://example.org/a.jpg"}
    [made] = Client().post(f"{BASE}/requests.json", fields).json()
    case = Case.objects.get(number=made["service_request_id"])
    assert SealedFile.objects.exists() and case.hazard.look
    assert get_body(case).endswith("照片链接：https://example.org/a.jpg")
    hazards.check_hazard(world.actor("town"), case.pk)
    [row] = GeoReport("json").get("requests")[1]
    assert row["media_url"] is None and "example.org" not in json.dumps(row)


def test_other_photographs_are_another_hazard_and_tell_no_names(world, key):
    """Without a key of the client's own nothing that was sent is dropped as a repeat."""
    fields = HAZARD | {"api_key": key()}
    numbers = []
    for look in (3, 4, 4):
        photo = SimpleUploadedFile("何小工.jpg", scene(look), "image/jpeg")
        answer = Client().post(f"{BASE}/requests.json", fields | {"media": photo})
        numbers += [row["service_request_id"] for row in answer.json()]
    assert numbers[1:] == [numbers[2]] * 2 and len(set(numbers)) == 2
    assert not SealedFile.objects.filter(name__contains="何小工").exists()


def test_a_number_typed_by_another_system_proves_nothing(world, key):
    phone = "19900000001"
    GeoReport("json", key()).post(NEED | {"phone": phone})
    assert not list_own_cases(world.actor("worker")).exists()


def test_the_xml_is_plain_whatever_stands_in_it():
    body = [{"description": "<!DOCTYPE x>&\x00\x0b\ufffe]]>", "metadata": True, "zipcode": None}]
    for form in ("xml", "json"):
        assert write_outside(form, "services", body)
    [row] = ElementTree.fromstring(write_outside("xml", "services", body))
    assert [each.text for each in row] == ["<!DOCTYPE x>&]]>", "true", None]


def test_no_more_questions_for_more_requests(world, key):
    client = GeoReport("json", key())
    for number in range(3):
        client.post(HAZARD | {"description": f"第{number}处"})
    for case in Case.objects.all():
        hazards.check_hazard(world.actor("town"), case.pk)
    counts = []
    for size in ("1", "3"):
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get("requests", page_size=size)[1]) == int(size)
        counts.append(len(caught))
    assert counts[0] == counts[1]
