"""The pages of needs: whose matters one sees, what they cost, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.worlds import WORKER_PHONE, World
from unionhome.core.cases.models import Case
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = pytest.mark.django_db
WORDS = "公司两个月没发工资。"


@pytest.fixture
def case(world: World) -> Case:
    """An own matter of the worker."""
    return report_need(world.actor("worker"), Need(category="wages", text=WORDS, phone=WORKER_PHONE))[0]


def words(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def copy(case: Case, count: int) -> None:
    """As many more matters like it: a phone may not send so many in an hour."""
    first = Case.objects.count()
    for number in range(first, first + count):
        case.pk, case.number = None, f"{case.number[:-4]}{number + 5000:04}"
        case.submit_key, case.receipt_index = None, f"sample{number}"
        case.opened_at += timedelta(minutes=1)
        case.save()


def test_fifty_matters_cost_what_five_cost(world: World, case: Case) -> None:
    client = world.client("worker")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen.captured_queries)

    copy(case, 4)
    five = {path: cost(path) for path in ("/my/matters/", "/my/")}
    copy(case, 45)
    assert Case.objects.count() == 50
    assert {path: cost(path) for path in five} == five


def test_a_matter_is_the_own_one_or_not_there(world: World, case: Case) -> None:
    assert WORDS in words(world.client("worker").get(f"/my/matters/{case.pk}/"))
    outsider = world.client("outsider")
    for path in ("", "material/", "withdraw/", "rate/", "files/1/"):
        assert outsider.get(f"/my/matters/{case.pk}/{path}").status_code == 404, path
    assert case.number not in words(outsider.get("/my/matters/"))
    assert world.client().get(f"/my/matters/{case.pk}/").status_code == 302


def test_an_act_that_does_not_exist_is_not_there(world: World, case: Case) -> None:
    assert world.client("worker").get(f"/my/matters/{case.pk}/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": "", "category": "wages", "phone": WORKER_PHONE}, "遇到了什么难处"),
        ({"text": WORDS, "category": "nonsense", "phone": WORKER_PHONE}, "哪一类"),
        ({"text": WORDS, "category": "wages", "phone": "123"}, "11位"),
        ({"text": "长" * 2001, "category": "wages", "phone": WORKER_PHONE}, "2000"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field_and_nothing_is_lost(
    world: World, sent: dict[str, str], sentence: str
) -> None:
    answer = world.client().post("/open/help/", sent)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert sent["text"] in words(answer)
    assert not Case.objects.exists()


def test_only_who_may_register_sees_the_page(world: World) -> None:
    assert world.client("town").get("/desk/help/new/").status_code == 200
    assert world.client("sysadmin").get("/desk/help/new/").status_code == 403
    answer = world.client("town").post("/desk/help/new/", {"text": WORDS, "name": "样例甲"})
    assert answer.status_code == 400 and WORDS in words(answer) and "样例甲" in answer.content.decode()


def test_taking_back_says_what_it_means_and_wants_no_reason(world: World, case: Case) -> None:
    client = world.client("worker")
    page = words(client.get(f"/my/matters/{case.pk}/withdraw/"))
    assert case.number in page and "撤回不能取消" in page and "可不填" in page
    assert client.post(f"/my/matters/{case.pk}/withdraw/", {"reason": ""}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert "已撤回，不再计时" in words(client.get(f"/my/matters/{case.pk}/"))


def test_the_desk_reads_the_wish_to_hide_where_no_union_of_the_employer_is_known(world: World) -> None:
    for hide, kept in ((True, "不让单位知道"), (False, "没有要求避开")):
        need = Need(
            category="wages", text=WORDS, phone=WORKER_PHONE, employer_text="没登记的厂", hide_from_employer=hide
        )
        case = report_need(world.actor("public"), need)[0]
        page = world.client("city").get(f"/desk/cases/{case.pk}/")
        assert not case.hidden_path and kept in words(page)
        assert bool(page.context["group_text"]) is not hide


def test_a_browser_forgets_what_was_sent(world: World) -> None:
    """Else whoever takes the phone next reads the words in the empty form."""
    city = world.nodes["city"].pk
    client = world.client()
    sent = {"text": WORDS, "category": "other", "phone": "19900000006", "shown_union": city}
    page = client.post("/open/help/", sent, follow=True).content.decode()
    assert Case.objects.exists() and 'data-draft-done="help"' in page
