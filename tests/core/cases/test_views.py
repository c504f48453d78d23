"""Desk pages of cases, and the worker's pages of needs, through the browser's door."""

import re
from datetime import date

import pytest

from tests.core.files.samples import jpeg
from unionhome.core.access.models import User
from unionhome.core.access.queries import find_pending_secret
from unionhome.core.access.rules import totp_code
from unionhome.core.cases import actions
from unionhome.core.cases.models import Case, Entry
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.members.actions import EnrolRow, enrol_many
from unionhome.core.members.models import AccessRecord, Person
from unionhome.core.registry import Forbidden, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.queries import find_place
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db


def key_of(answer) -> str:
    return re.search(r'name="submit_key" value="([0-9a-f-]+)"', answer.content.decode())[1]


def test_the_list_shows_number_and_export_link(world, case):
    answer = world.client("city").get("/desk/cases/")
    assert answer.status_code == 200
    assert case.number in answer.content.decode()


def test_the_page_shows_clocks_steps_and_masks(world, case):
    page = world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    for words in ("首次到场", "首次帮扶", "首次措施", "受理", "公司两个月没发工资", "0009"):
        assert words in re.sub(r"<[^>]+>", "", page)
    assert "19900000009" not in page


def test_a_sibling_county_gets_404_everywhere(world, case):
    client = world.client("other_county")
    for path in ("", "step/accept/", "stamp/arrive/", "refer/", "assign/", "files/1/"):
        assert client.get(f"/desk/cases/{case.pk}/{path}").status_code == 404, path
    assert client.post(f"/desk/cases/{case.pk}/write/", {"text": "x", "visible": "union"}).status_code == 404
    assert case.number not in client.get("/desk/cases/").content.decode()


def test_a_stamp_by_form_and_the_same_form_again(world, case):
    client = world.client("city")
    client.post(f"/desk/cases/{case.pk}/step/accept/", {})
    form = client.get(f"/desk/cases/{case.pk}/stamp/arrive/")
    sent = {"text": "打电话问清了。", "submit_key": key_of(form)}
    for _ in range(2):
        assert client.post(f"/desk/cases/{case.pk}/stamp/arrive/", sent).status_code == 302
    assert Entry.objects.filter(case=case, kind="arrived").count() == 1


def test_only_who_may_handle_it_can_be_given_it(world, case):
    client, auditor = world.client("city"), world.cadre("clerk", "city", "auditor")
    lawyer = world.cadre("lawyer_hand", "city", "lawyer")
    assert f'value="{auditor.pk}"' not in client.get(f"/desk/cases/{case.pk}/assign/").content.decode()
    with pytest.raises(Refused, match="没有办理诉求的权限"):
        actions.assign_case(world.actor("city"), case.pk, handler=auditor)
    with pytest.raises(Refused, match="没有办理诉求的权限"):
        actions.assign_case(world.actor("city"), case.pk, handler=lawyer)
    share_row(world.actor("system"), "cases.case", case.pk, user_id=lawyer.pk, can_act=True, reason="请律师看")
    assert actions.assign_case(world.actor("city"), case.pk, handler=lawyer).handler == lawyer


def test_an_empty_stamp_stays_with_its_sentence(world, case):
    answer = world.client("city").post(f"/desk/cases/{case.pk}/stamp/arrive/", {"text": " "})
    assert answer.status_code == 400
    assert "请填写做了什么" in answer.content.decode()


def test_a_refusal_of_the_table_stands_in_the_form(world, case):
    client = world.client("city")
    client.post(f"/desk/cases/{case.pk}/step/accept/", {})
    answer = client.post(f"/desk/cases/{case.pk}/step/propose/", {"text": "办好了"})
    assert answer.status_code == 409
    assert "先联系上本人" in answer.content.decode()
    assert "办好了" in answer.content.decode()


def test_asking_shows_the_route_before_it_sends(world):
    client = world.client()
    facts = {
        "text": "公司两个月没发工资",
        "category": "wages",
        "phone": "199 0000 0005",
        "hide": "on",
        "submit_key": "d" * 32,
    }
    shown = client.post("/open/help/", facts)
    assert shown.status_code == 200
    assert "发给渭南市总工会" in shown.content.decode()
    assert Case.objects.count() == 0
    union = re.search(r'name="shown_union" value="(\d+)"', shown.content.decode())[1]
    sent = client.post("/open/help/", facts | {"shown_union": union, "submit_key": key_of(shown)})
    assert sent.status_code == 302
    page = client.get(sent.url)
    assert page.status_code == 200
    assert "SQ-20260310-0001" in page.content.decode()


def test_the_live_route_follows_the_category(world):
    client = world.client()
    answer = client.post(
        "/open/help/route/", {"category": "hardship", "hide": "on"}, headers={"HX-Trigger-Name": "category"}
    )
    assert answer.status_code == 200
    assert "会发给谁" in answer.content.decode()
    assert 'id="hide-card" hx-swap-oob' in answer.content.decode()


@pytest.mark.parametrize("changes", [{"text": ""}, {"text": "长" * 50_000}, {"phone": "123"}, {"category": "none"}])
def test_bad_input_is_answered_at_its_field(world, changes):
    facts = {"text": "停暖了", "category": "other", "phone": "19900000005"} | changes
    answer = world.client().post("/open/help/", facts)
    assert answer.status_code == 400
    assert Case.objects.count() == 0
    if changes.get("text"):
        assert "最多2000个字" in answer.content.decode()


def test_the_receipt_page_rates_without_an_account(world, need):
    from tests.core.cases.test_actions import walk
    from unionhome.core.cases.actions.opening import receipt_of

    case = need("public", submit_key="c" * 32)
    walk(world, case)
    client = world.client()
    base = f"/open/matters/{receipt_of('c' * 32)}/"
    assert "请您评价" in client.get(base).content.decode()
    assert client.post(f"{base}rate/", {"rating": "satisfied"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"


def test_somebody_elses_matter_is_not_there(world, need):
    case = need("public")
    assert world.client("worker").get(f"/my/matters/{case.pk}/").status_code == 404
    assert world.client().get("/open/matters/wrong-receipt/").status_code == 404


def test_own_matters_on_the_phone(world, need):
    case = need("worker")
    client = world.client("worker")
    assert client.get(f"/my/matters/{case.pk}/").status_code == 200
    assert "拖欠工资" in client.get("/my/matters/").content.decode()
    assert "拖欠工资" in client.get("/my/").content.decode()
    assert client.get("/my/messages/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(world, need, rows, django_assert_num_queries):
    for _ in range(rows):
        need("public")
    client = world.client("city")
    client.get("/desk/cases/")
    with django_assert_num_queries(12):
        client.get("/desk/cases/")


def test_the_place_in_the_inbox_is_one_question(world, need, django_assert_num_queries):
    cases = [need("public") for _ in range(2)]
    actor = world.actor("city")
    with django_assert_num_queries(1):
        place = find_place(actor, cases[1])
    assert place is not None
    assert (place.number, place.total) == (2, 2)
    assert place.previous_url == f"/desk/cases/{cases[0].pk}/"


def test_inbox_search_and_landing(world, case):
    client = world.client("city")
    assert case.title.split("：")[0] in client.get("/desk/inbox/").content.decode()
    assert case.number in client.get("/desk/search/", {"q": case.number}).content.decode()
    assert client.get("/").status_code == 200
    assert client.get("/desk/").status_code == 302


def test_a_cadre_writes_a_need_down_for_a_worker(world):
    answer = world.client("town").post(
        "/desk/help/new/",
        {
            "text": "工资没发",
            "category": "wages",
            "phone": "19900000006",
            "name": "何工",
            "hide": "on",
            "relation": "cadre",
            "consent": "spoken",
        },
    )
    assert answer.status_code == 302
    assert Case.objects.get().origin == "walk_in"


def test_the_phone_wants_the_second_factor_and_keeps_the_reason(world, case):
    client = world.client("city", strong=False)
    address = f"/desk/cases/{case.pk}/phone/"
    asked = {"reason": "other", "reason_text": "约上门时间"}
    assert client.post(address, asked)["Location"].startswith("/desk/second-factor/")
    client.post("/desk/second-factor/enrol/", {"next": address})
    secret = find_pending_secret(world.actor("city"))
    page = client.post("/desk/second-factor/enrol/", {"code": totp_code(secret, world.at), "next": address})
    fields = dict(re.findall(r'name="(reason|reason_text)" value="([^"]*)"', page.content.decode()))
    assert fields == asked and f'action="{address}"' in page.content.decode()
    assert "19900000009" in client.post(address, fields).content.decode()
    assert client.get(address)["Location"] == f"/desk/cases/{case.pk}/"


def test_the_action_wants_the_second_factor_too(world, case):
    with pytest.raises(Forbidden, match="动态口令"):
        actions.show_phone(world.actor("city", strong=False), case.pk, reason="matter")


def test_a_cadre_who_opens_a_photo_is_noted_where_the_person_can_see(world, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    system, town = world.actor("system"), world.nodes["town"]
    row = EnrolRow(node_id=town.pk, name="何工", document=make_identity("610502", date(1985, 1, 1), 7), phone="")
    (outcome,) = enrol_many(system, [row])
    person = Person.objects.get(pk=outcome.person_id)
    User.objects.filter(pk=world.users["worker"].pk).update(person_id=person.pk)
    new = actions.NewCase(
        "helpdesk.need", "wages", "欠薪", town, "phone", phone="19900000001", person=person,
        hidden_path=world.nodes["union"].path,
        contents=actions.prepare_uploads(system, [actions.Upload("工资条.jpg", jpeg())], town),
    )  # fmt: skip
    case, _ = actions.open_case(world.actor("worker"), new)
    file = SealedFile.objects.get(kind="image")
    AccessRecord.objects.all().delete()
    client, address = world.client("town"), f"/desk/cases/{case.pk}/files/{file.pk}/"
    assert world.client("other_county").get(address).status_code == 404
    for _ in range(3):
        assert client.get(address, headers={"Range": "bytes=0-9"}).status_code == 206
    assert world.client("worker").get(f"/my/matters/{case.pk}/files/{file.pk}/").status_code == 200
    entry = JournalEntry.objects.get(kind="cases.file.read")
    assert (entry.user_id, entry.subject_id) == (world.users["town"].pk, person.pk)
    assert entry.hidden_path == world.nodes["union"].path
    look = AccessRecord.objects.get()
    assert (look.person, look.union_name, look.reason, look.hidden_path) == (
        person, town.name, "matter", entry.hidden_path,
    )  # fmt: skip
    assert "看了诉求里的照片、录音" in world.client("worker").get("/my/card/looks/").content.decode()
    world.wait(minutes=61)
    world.client("town").get(address)
    assert JournalEntry.objects.filter(kind="cases.file.read").count() == 2


def test_the_desk_reads_who_did_it_and_never_the_full_name(world, need):
    case = need("worker")
    actions.withdraw_case(world.actor("worker"), case, reason="解决了")
    desk = world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    page = re.sub(r"<[^>]+>", "", desk)
    assert "何＊ 撤回诉求" in page and "何＊ 提出诉求" in page and "您撤回" not in page
    assert world.users["worker"].name not in page
    own = world.client("worker").get(f"/my/matters/{case.pk}/").content.decode()
    assert "您撤回了诉求" in own and "已撤回，不再计时" in own


def test_the_journal_masks_workers_and_names_cadres(world, need):
    need("worker")
    page = re.sub(r"<[^>]+>", "", world.client("auditadmin").get("/desk/journal/").content.decode())
    assert world.users["worker"].name not in page
