"""The worker's pages: joining, the own card and file. What they show, cover and refuse."""

import json

from django.test import Client

from tests.core.members.conftest import DOCUMENT, Register, text_of
from tests.worlds import WORKER_PHONE
from unionhome.core.members import actions
from unionhome.core.members.models import AccessRecord, Application, Consent, Correction, Leaving, Membership
from unionhome.core.members.queries.files import get_clear_values

FORM = {
    "name": "王建国",
    "document_kind": "resident",
    "document": DOCUMENT,
    "employer_text": "渭南示例速运有限公司",
    "group": "courier",
    "agreed": "on",
    "submit_key": "a" * 32,
}


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


def test_a_sent_application_stands_on_the_home_and_among_the_matters(worker: Client) -> None:
    assert "还没有入会" in text_of(worker.get("/my/"))
    worker.post("/my/join/send/", FORM)
    home = text_of(worker.get("/my/"))
    assert "还没有入会" not in home and "等渭南示例速运有限公司工会审核，3月13日（周五）前答复" in home
    assert "入会申请" in text_of(worker.get("/my/matters/"))
    worker.post("/my/join/cancel/")
    assert "还没有入会" in text_of(worker.get("/my/")) and "入会申请" not in text_of(worker.get("/my/matters/"))


def test_one_of_employer_and_place_is_asked_for(worker: Client) -> None:
    assert text_of(worker.get("/my/join/")).count("两项填一项") == 2


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
    document = get_clear_values(person)["document"]
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
    assert [section["title"] for section in found["sections"]][:5] == [
        "资料",
        "会籍",
        "会籍转接",
        "谁看过我的档案",
        "我同意过什么",
    ]
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
