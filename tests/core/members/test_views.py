"""The desk's pages of members: what they show, what they cover, what they refuse, and what stands in no address."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.core.members.conftest import DOCUMENT, OTHER_DOCUMENT, Register, text_of
from tests.worlds import WORKER_PHONE
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord, Application, Membership


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


@pytest.mark.parametrize("text", ["王\0建", "\0\0", "%", "_____", "' OR 1=1 --", "王" * 5000, "１９９０００００００１"])
def test_odd_searches_are_answered(register: Register, union: Client, text: str) -> None:
    register.member()
    assert union.get("/desk/members/", {"text": text}).status_code in (200, 400)
    assert union.post("/desk/members/", {"text": text}).status_code in (200, 302)
    application = register.apply("outsider", document=OTHER_DOCUMENT, name="李小明")
    answer = union.post(f"/desk/applications/{application.pk}/forward/", {"union": text, "reason": "转"})
    assert answer.status_code == 400


def test_the_reason_offered_first_fits_the_page(register: Register) -> None:
    membership = register.member()
    application = register.apply("outsider", document=OTHER_DOCUMENT, name="李小明")
    first = r'name="reason" value="(\w+)" required checked'
    union = register.world.client("union")
    assert set(re.findall(first, union.get(f"/desk/members/{membership.person_id}/").content.decode())) == {"matter"}
    desk = register.world.client("city").get(f"/desk/applications/{application.pk}/")
    assert set(re.findall(first, desk.content.decode())) == {"membership"}
