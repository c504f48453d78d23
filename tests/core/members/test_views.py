"""The pages: what they show, what they cover, what they refuse, and what stands in no address."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.core.members.conftest import DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord, Application, Consent, Correction, Leaving, Membership
from unionhome.core.members.queries.files import read_values

FORM = {
    "name": "王建国",
    "document_kind": "resident",
    "document": DOCUMENT,
    "employer_text": "渭南示例速运有限公司",
    "group": "courier",
    "agreed": "on",
    "submit_key": "a" * 32,
}


@pytest.fixture
def worker(register: Register) -> Client:
    return register.world.client("worker")


@pytest.fixture
def union(register: Register) -> Client:
    return register.world.client("union")


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


# The worker joins


def test_the_form_shows_the_own_phone_covered(worker: Client) -> None:
    page = text_of(worker.get("/my/join/"))
    assert WORKER_PHONE not in page and "199" in page and "临渭区" in page


def test_the_preview_says_where_and_by_when_and_sends_nothing(worker: Client) -> None:
    answer = worker.post("/my/join/", FORM)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "发给渭南示例速运有限公司工会" in page and "3月13日（周五）前" in page
    assert not Application.objects.exists()


def test_sending_leads_to_how_it_stands(worker: Client) -> None:
    answer = worker.post("/my/join/send/", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/my/join/")
    page = text_of(worker.get("/my/join/"))
    assert "等工会审核" in page and "RH20260310" in page and DOCUMENT not in page
    worker.post("/my/join/send/", FORM)
    assert Application.objects.count() == 1


def test_wrong_fields_keep_what_was_typed(worker: Client) -> None:
    answer = worker.post("/my/join/", {**FORM, "document": "12345", "agreed": ""})
    page = text_of(answer)
    assert answer.status_code == 400
    assert "王建国" in page and 'value="12345"' in page and "请先看说明再打勾" in page


def test_an_employer_written_roughly_is_offered_by_name(register: Register, worker: Client) -> None:
    rough = {**FORM, "employer_text": "示例速运"}
    answer = worker.post("/my/join/", rough)
    page = text_of(answer)
    assert answer.status_code == 400 and "是不是这一家" in page and "渭南示例速运有限公司" in page
    picked = {**rough, "employer_id": str(register.employer.pk)}
    assert "发给渭南示例速运有限公司工会" in text_of(worker.post("/my/join/", picked))
    other = {**rough, "employer_id": "none", "division_county": "610502000000", "division_town": "610502001000"}
    assert "发给人民街道总工会" in text_of(worker.post("/my/join/", other))
    worker.post("/my/join/send/", picked)
    assert Application.objects.get().employer == register.employer


def test_no_union_and_no_place_asks_for_the_place(worker: Client) -> None:
    answer = worker.post("/my/join/", {**FORM, "employer_text": "路口小店"})
    assert answer.status_code == 400 and "请选干活的地方" in text_of(answer)
    county = {**FORM, "employer_text": "路口小店", "division_county": "610502000000"}
    page = text_of(worker.post("/my/join/", county))
    assert "请接着选镇" in page and "杜桥街道" in page
    preview = text_of(worker.post("/my/join/", {**county, "division_town": "610502002000"}))
    assert "发给杜桥街道总工会" in preview and 'name="division_town" value="610502002000"' in preview


def test_changing_ones_mind_goes_back_to_the_filled_form(worker: Client) -> None:
    answer = worker.post("/my/join/send/", {**FORM, "change": "1"})
    assert answer.status_code == 200 and DOCUMENT in text_of(answer)
    assert not Application.objects.exists()


def test_a_member_elsewhere_is_said_at_the_field(register: Register) -> None:
    (person,) = register.enrol("far_town")
    document = read_values(person)["document"]
    outsider = register.world.client("outsider")
    answer = outsider.post("/my/join/send/", {**FORM, "document": document})
    page = text_of(answer)
    assert answer.status_code == 409 and "已在其他工会入会" in page and "华州街道总工会" not in page


def test_the_returned_form_is_filled_again(register: Register, worker: Client) -> None:
    application = register.apply()
    assert worker.get("/my/join/again/").status_code == 404
    actions.return_application(register.world.actor("union"), application.pk, reason="请写清单位")
    page = text_of(worker.get("/my/join/again/"))
    assert "请写清单位" in page and "王建国" in page
    assert "发给" in text_of(worker.post("/my/join/again/", FORM))
    assert worker.post("/my/join/again/", {**FORM, "send": "1", "submit_key": "b" * 32}).status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"


def test_the_worker_cancels(register: Register, worker: Client) -> None:
    register.apply()
    assert worker.post("/my/join/cancel/").status_code == 302
    assert Application.objects.get().state == "cancelled"
    assert "重新申请入会" in text_of(worker.get("/my/join/"))
    assert "看看会发给哪个工会" in text_of(worker.get("/my/join/?new=1"))


# The worker's card


def test_who_is_no_member_is_shown_the_way_in(worker: Client) -> None:
    page = text_of(worker.get("/my/card/"))
    assert "您还没有入会" in page and "/my/join/" in page


def test_the_card_shows_the_own_file_covered(register: Register, worker: Client) -> None:
    membership = register.member()
    page = text_of(worker.get("/my/card/"))
    assert "王建国" in page and "<svg" in page and "实名会员" in page
    assert DOCUMENT not in page and WORKER_PHONE not in page and membership.card_no not in page
    assert "快递员" in page and "入会申请" in page and "会员实名登记" in page


def test_the_member_sees_the_own_document_for_a_minute(register: Register, worker: Client) -> None:
    register.member()
    answer = worker.post("/my/card/show/document/")
    assert DOCUMENT in text_of(answer) and WORKER_PHONE not in text_of(answer)
    assert 'data-remask-seconds="60"' in text_of(answer) and answer["Refresh"] == "60; url=/my/card/"
    assert not AccessRecord.objects.exists()
    assert worker.post("/my/card/show/exists/").status_code == 400


def test_the_member_sees_who_looked(register: Register, worker: Client, union: Client) -> None:
    membership = register.member()
    union.get(f"/desk/members/{membership.person_id}/")
    union.post(f"/desk/members/{membership.person_id}/open/phone/", {"reason": "matter"})
    page = text_of(worker.get("/my/card/"))
    assert "渭南示例速运有限公司工会" in page and "工会主席" in page and "办理诉求" in page
    assert "看了完整手机号码" in page and "看了档案（遮住）" in page
    assert "陈企" not in page
    assert "看了完整手机号码" in text_of(worker.get("/my/card/looks/"))


def test_consents_are_given_and_taken_back(register: Register, worker: Client) -> None:
    register.member()
    worker.post("/my/card/consents/", {"purpose": "members.photos", "answer": "give"})
    assert Consent.objects.filter(purpose="members.photos", withdrawn_at=None).exists()
    worker.post("/my/card/consents/", {"purpose": "members.photos", "answer": "withdraw"})
    assert not Consent.objects.filter(purpose="members.photos", withdrawn_at=None).exists()
    answer = worker.post("/my/card/consents/", {"purpose": "members.register", "answer": "withdraw"})
    assert answer.status_code == 409 and Consent.objects.get(purpose="members.register").withdrawn_at is None


def test_a_correction_is_asked_for_in_two_steps(register: Register, worker: Client) -> None:
    register.member()
    assert "要更正哪一项" in text_of(worker.get("/my/card/correct/"))
    assert "高级工" in text_of(worker.get("/my/card/correct/?fact=skill_level"))
    answer = worker.post("/my/card/correct/", {"fact": "phone", "value": "123", "note": ""})
    assert answer.status_code == 400 and "11位" in text_of(answer)
    answer = worker.post("/my/card/correct/", {"fact": "skill_level", "value": "3", "note": "新证"})
    assert answer.status_code == 302
    assert "等工会核对" in text_of(worker.get("/my/card/"))
    worker.post(f"/my/card/corrections/{Correction.objects.get().pk}/cancel/")
    assert Correction.objects.get().state == "cancelled"


def test_the_download_holds_everything_in_clear(register: Register, worker: Client) -> None:
    register.member()
    found = json.loads(worker.post("/my/card/export/json/").content)
    rows = found["sections"][0]["rows"]
    assert {"项目": "证件号码", "内容": DOCUMENT, "来源": "入会申请", "日期": "2026-03-10"} in rows
    assert [section["title"] for section in found["sections"]][:4] == ["资料", "会籍", "谁看过我的档案", "我同意过什么"]
    page = worker.post("/my/card/export/html/")
    assert DOCUMENT in text_of(page) and "attachment" in page["Content-Disposition"]
    assert worker.post("/my/card/export/exe/").status_code == 404
    assert worker.get("/my/card/export/json/").status_code == 405


def test_leaving_and_staying(register: Register, worker: Client, union: Client) -> None:
    register.member()
    assert worker.post("/my/card/leave/", {"reason": ""}).status_code == 400
    assert worker.post("/my/card/leave/", {"reason": "回老家", "sure": "on"}).status_code == 302
    assert "您申请了退会" in text_of(worker.get("/my/card/"))
    worker.post("/my/card/leave/cancel/")
    assert Leaving.objects.get().state == "cancelled"
    worker.post("/my/card/leave/", {"reason": "回老家", "sure": "on", "submit_key": "c" * 32})
    leaving = Leaving.objects.get(state="submitted")
    assert "回老家" in text_of(union.get(f"/desk/leavings/{leaving.pk}/"))
    assert union.post(f"/desk/leavings/{leaving.pk}/confirm/").status_code == 302
    assert Membership.objects.get().status == "withdrawn"
    assert "现在不在会" in text_of(worker.get("/my/card/"))


# The desk


def test_a_search_of_one_sign_is_refused_and_an_empty_one_lists_nobody(register: Register) -> None:
    register.enrol("union", 3)
    county = register.world.client("county")
    page = text_of(county.get("/desk/members/"))
    assert "按工会看" in page and "李" not in page.replace("李城", "")
    answer = county.get("/desk/members/", {"text": "李"})
    assert answer.status_code == 400 and "至少输入两个字" in text_of(answer)


def test_names_are_covered_above_the_own_union(register: Register, union: Client) -> None:
    register.enrol("union", 1)
    assert "李小明" in text_of(union.get("/desk/members/", {"text": "李小"}))
    page = text_of(register.world.client("county").get("/desk/members/", {"text": "李小"}))
    assert "李小明" not in page and re.search(r"李<span[^>]*>＊</span>明", page)


def test_a_whole_number_is_searched_without_standing_in_an_address(register: Register) -> None:
    register.member()
    county = register.world.client("county")
    for number in (DOCUMENT, WORKER_PHONE):
        answer = county.post("/desk/members/", {"text": number})
        assert answer.status_code == 200 and "6105" in text_of(answer)
        assert f"?text={number}" not in text_of(answer)
    answer = county.post("/desk/members/", {"text": "王建"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/members/?text=%E7%8E%8B%E5%BB%BA")


def test_one_union_may_be_listed(register: Register) -> None:
    register.enrol("union", 3)
    answer = register.world.client("town").get("/desk/members/", {"union": register.world.nodes["union"].pk})
    assert text_of(answer).count("data-open") == 3


def test_the_file_is_covered_and_the_look_is_noted_once_an_hour(register: Register, union: Client) -> None:
    membership = register.member()
    url = f"/desk/members/{membership.person_id}/"
    page = text_of(union.get(url))
    assert DOCUMENT not in page and WORKER_PHONE not in page and "1988-05-06" not in page
    assert "为什么要看证件号码" in page and "入会申请" in page
    union.get(url)
    assert AccessRecord.objects.filter(part="masked").count() == 1
    for _ in range(3):
        register.world.wait(minutes=21)
        union.get(url)
    assert AccessRecord.objects.filter(part="masked").count() == 2


def test_opening_shows_one_value_for_a_minute(register: Register, union: Client) -> None:
    membership = register.member()
    url = f"/desk/members/{membership.person_id}/open/document/"
    answer = union.post(url, {"reason": "membership"})
    page = text_of(answer)
    assert DOCUMENT in page and WORKER_PHONE not in page and "本人可查" in page
    assert 'data-remask-seconds="60"' in page and answer["Refresh"].startswith("60; url=/desk/members/")
    look = AccessRecord.objects.get(part="document")
    assert (look.reason, look.union_name, look.post) == ("membership", "渭南示例速运有限公司工会", "工会主席")
    assert union.get(url).status_code == 302


@pytest.mark.parametrize(
    "given", [{}, {"reason": "other"}, {"reason": "other", "reason_text": "看"}, {"reason": "nosy"}]
)
def test_opening_without_a_reason_shows_nothing(register: Register, union: Client, given: dict[str, str]) -> None:
    membership = register.member()
    answer = union.post(f"/desk/members/{membership.person_id}/open/document/", given)
    assert answer.status_code == 400 and DOCUMENT not in text_of(answer)
    assert not AccessRecord.objects.filter(part="document").exists()


@pytest.mark.parametrize("who", ["other_union", "other_town", "other_county", "village"])
def test_unions_beside_get_nothing_by_address(register: Register, who: str) -> None:
    membership = register.member()
    person, client = membership.person_id, register.world.client(who)
    application = Application.objects.get()
    for url in (
        f"/desk/members/{person}/",
        f"/desk/members/{person}/looks/",
        f"/desk/members/{person}/correct/",
        f"/desk/applications/{application.pk}/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/desk/members/{person}/open/document/", {"reason": "matter"}).status_code == 404
    page = text_of(client.get("/desk/members/", {"text": "王建"}))
    assert "没有找到会员" in page and "data-open" not in page
    assert not AccessRecord.objects.exists()


def test_chairs_look_but_do_not_open(register: Register) -> None:
    membership = register.member()
    chair = register.world.client("chair")
    page = text_of(chair.get(f"/desk/members/{membership.person_id}/"))
    assert "为什么要看" not in page and "更正资料" not in page
    assert chair.post(f"/desk/members/{membership.person_id}/open/phone/", {"reason": "matter"}).status_code == 403


def test_facts_are_corrected_and_shown_with_their_source(register: Register, union: Client) -> None:
    membership = register.member()
    url = f"/desk/members/{membership.person_id}/correct/"
    page = text_of(union.get(url))
    assert WORKER_PHONE not in page and "王建国" not in page.split("<form")[1].split("value=")[0]
    answer = union.post(url, {"education": "20", "group": "courier", "phone": "", "name": ""})
    assert answer.status_code == 302
    page = text_of(union.get(f"/desk/members/{membership.person_id}/"))
    assert "大学本科" in page and "工会更正" in page
    answer = union.post(url, {"phone": "12"})
    assert answer.status_code == 400 and "11位" in text_of(answer)


def test_the_application_page_covers_opens_and_answers(register: Register, union: Client) -> None:
    application = register.apply()
    url = f"/desk/applications/{application.pk}/"
    page = text_of(union.get(url))
    assert "同意入会" in page and DOCUMENT not in page and "王建国" in page and "有工会" in page
    assert DOCUMENT in text_of(union.post(f"{url}open/document/", {"reason": "membership"}))
    answer = union.post(f"{url}return/", {"reason": ""})
    assert answer.status_code == 400
    assert union.post(f"{url}approve/").status_code == 302
    page = text_of(union.get(url))
    assert "已入会" in page and "打开会员档案" in page
    look = AccessRecord.objects.get()
    assert look.person_id == Membership.objects.get().person_id


def test_reasons_are_asked_for_on_their_own_page(register: Register, union: Client) -> None:
    application = register.apply()
    url = f"/desk/applications/{application.pk}/"
    assert "原因" in text_of(union.get(f"{url}decline/"))
    assert union.post(f"{url}decline/", {"reason": "不是我单位的人"}).status_code == 302
    application.refresh_from_db()
    assert application.state == "declined"
    assert union.post(f"{url}return/", {"reason": "再看看"}).status_code == 409


def test_forwarding_finds_the_union_by_a_part_of_its_name(register: Register, union: Client) -> None:
    application = register.apply()
    url = f"/desk/applications/{application.pk}/forward/"
    assert union.post(url, {"union": "火星", "reason": "转"}).status_code == 400
    answer = union.post(url, {"union": "街道", "reason": "转"})
    assert answer.status_code == 400 and "杜桥街道总工会" in text_of(answer)
    answer = union.post(url, {"union": "街道", "code": "610502002", "reason": "住在杜桥"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/applications/")
    application.refresh_from_db()
    assert application.node == register.world.nodes["other_town"]


def test_lists_of_applications_by_state(register: Register, union: Client) -> None:
    application = register.apply()
    assert f"/desk/applications/{application.pk}/" in text_of(union.get("/desk/applications/"))
    assert f"/desk/applications/{application.pk}/" not in text_of(union.get("/desk/applications/?state=joined"))
    assert f"/desk/applications/{application.pk}/" in text_of(union.get("/desk/applications/?state=all"))
    assert f"/desk/applications/{application.pk}/" not in text_of(
        register.world.client("other_union").get("/desk/applications/")
    )


def test_a_correction_is_taken_on_the_desk(register: Register, union: Client) -> None:
    membership = register.member()
    correction = actions.request_correction(register.world.actor("worker"), fact="phone", value="19900000009")
    url = f"/desk/corrections/{correction.pk}/"
    page = text_of(union.get(url))
    assert "19900000009" not in page and "手机号码" in page
    assert register.world.client("other_union").get(url).status_code == 404
    assert union.post(f"{url}accept/").status_code == 302
    page = text_of(union.get(f"/desk/members/{membership.person_id}/"))
    assert "本人更正" in page


def test_a_scanned_card_leads_to_the_member_of_ones_own_branch(register: Register, union: Client) -> None:
    membership = register.member()
    code = re.search(r"desk/cards/([\w-]+)/", _card_link(register))
    assert code is not None
    answer = union.get(f"/desk/cards/{code.group(1)}/")
    assert answer["Location"] == f"/desk/members/{membership.person_id}/"
    assert register.world.client("other_union").get(f"/desk/cards/{code.group(1)}/")["Location"] == "/desk/members/"
    assert union.get(f"/desk/cards/{membership.card_no}-0000000000/")["Location"] == "/desk/members/"


def _card_link(register: Register) -> str:
    return reverse("members:scan", args=[queries.get_own_file(register.world.actor("worker")).card_code])


@pytest.mark.parametrize("url", ["/desk/members/", "/desk/applications/", "/my/card/", "/my/join/"])
def test_nobody_comes_in_without_signing_in(register: Register, url: str) -> None:
    assert register.world.client("public").get(url).status_code == 302


def test_opening_asks_for_the_second_factor(register: Register) -> None:
    membership = register.member()
    weak = register.world.client("union", strong=False)
    answer = weak.post(f"/desk/members/{membership.person_id}/open/document/", {"reason": "matter"})
    assert answer.status_code == 302 and "document" not in answer.content.decode()
    assert not AccessRecord.objects.filter(part="document").exists()
