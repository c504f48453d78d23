"""A matter put before an authority outside of the union: a measure, no end; what came back is kept, and the worker reads
it."""

import re
from datetime import timedelta

import pytest

from tests.core.files.samples import jpeg
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Clock, Handover
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.workflow.models import WorkItem

pytestmark = pytest.mark.django_db
KEY = "ab" * 16
BUREAU = "渭南市人力资源和社会保障局"


def read(client, address) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address).content.decode())


def letter(world, **changes) -> actions.Letter:
    facts = {
        "authority": BUREAU,
        "text": "送投诉书一份，请查欠薪。",
        "identity": "unnamed",
        "sent_on": world.today,
        "due_on": world.today + timedelta(days=15),
    }
    return actions.Letter(**facts | changes)


def test_the_form_is_a_measure_and_the_worker_reads_whom_when_and_how_it_came_back(world, need):
    case = need("public", submit_key=KEY)
    worker = f"/open/matters/{actions.receipt_of(KEY)}/"
    city, base = world.client("city"), f"/desk/cases/{case.pk}/"
    dues = dict(Clock.objects.filter(case=case).values_list("name", "due_at"))
    form = city.get(f"{base}handover/").content.decode()
    assert "移交外单位" in read(city, base) and (world.today + timedelta(days=15)).isoformat() in form
    sent = {
        "authority": BUREAU, "text": "送投诉书一份。", "identity": "named", "paper_number": "渭工函〔2026〕7号",
        "sent_on": world.today.isoformat(), "due_on": (world.today + timedelta(days=15)).isoformat(),
        "submit_key": "a" * 32,
    }  # fmt: skip
    for _ in range(2):
        assert city.post(f"{base}handover/", sent | {"photos": jpeg()}).status_code == 302
    row = Handover.objects.get()
    assert (row.is_named, row.entry.clock, row.answer) == (True, "measure", "waiting")
    case.refresh_from_db()
    running = dict(Clock.objects.filter(case=case, stopped_at=None).values_list("name", "due_at"))
    assert (case.state, case.measure_on_time) == ("handling", True)
    assert running == {name: dues[name] for name in ("arrive", "help")}
    assert ServiceRecord.objects.filter(service="helpdesk.measure").count() == 1
    own = read(world.client(), worker)
    for words in (BUREAU, "渭工函〔2026〕7号", "等回音", "送投诉书一份。"):
        assert words in own
    assert city.post(f"{base}handover/{row.pk}/", {"answer": "declined", "text": ""}).status_code == 400
    assert city.post(f"{base}handover/{row.pk}/", {"answer": "taken", "text": "立案了"}).status_code == 302
    assert "对方受理了" in read(city, base) and f"{BUREAU}已受理" in read(world.client(), worker)


def test_nothing_ends_while_an_answer_is_awaited_and_the_inbox_asks_for_it(world, need):
    case, city = need("public", submit_key=KEY), world.actor("city")
    for clock in ("arrive", "help"):
        actions.stamp_clock(city, case.pk, clock, text="联系了")
    actions.hand_over_case(city, case.pk, letter(world))
    item = WorkItem.objects.get(object_id=case.pk, closed_at=None)
    assert item.next_step == f"催问{BUREAU}" and item.due_at.date() == world.today + timedelta(days=15)
    page = read(world.client(), f"/open/matters/{actions.receipt_of(KEY)}/")
    assert f"等{BUREAU}回音，工会盯着催问" in page
    with pytest.raises(Refused, match="等回音"):
        actions.propose_outcome(city, case.pk, text="办好了")
    with pytest.raises(BadInput, match="还没有到约定的日子"):
        actions.hear_back(city, case.pk, Handover.objects.get().pk, answer="silent")
    late = world.actor("city", at=world.at + timedelta(days=16))
    actions.hear_back(late, case.pk, Handover.objects.get().pk, answer="silent")
    with pytest.raises(Refused, match="已经有回音"):
        actions.hear_back(late, case.pk, Handover.objects.get().pk, answer="done", text="办好了")
    actions.hand_over_case(late, case.pk, letter(world, due_on=world.today + timedelta(days=30)))
    actions.withdraw_case(world.actor("public", at=late.at), Case.objects.get(pk=case.pk), reason="不用了")
    assert [row.answer for row in queries.list_handovers(case)] == ["dropped", "silent"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authority": " "}, "authority"),
        ({"text": " "}, "text"),
        ({"identity": ""}, "identity"),
        ({"sent_on": 1}, "sent_on"),
        ({"sent_on": -400}, "sent_on"),
        ({"due_on": 0}, "due_on"),
        ({"due_on": 400}, "due_on"),
        ({"authority": "渭南示例快递公司"}, "authority"),
    ],
)
def test_what_is_refused_at_its_field(world, need, changes, field):
    case = need("public", employer_text="示例快递公司")
    days = {name: world.today + timedelta(days=value) for name, value in changes.items() if isinstance(value, int)}
    with pytest.raises(BadInput) as refusal:
        actions.hand_over_case(world.actor("city"), case.pk, letter(world, **changes | days))
    assert list(refusal.value.fields) == [field]


def test_who_may_not_and_what_stands_still(world, case):
    city, mine = world.actor("city"), letter(world)
    actions.hand_over_case(city, case.pk, mine)
    with pytest.raises(BadInput, match="已经移交给这个部门"):
        actions.hand_over_case(city, case.pk, mine)
    with pytest.raises(NotFound):
        actions.hand_over_case(world.actor("other_county"), case.pk, mine)
    with pytest.raises(NotFound):
        actions.hear_back(city, case.pk, Handover.objects.get().pk + 1, answer="taken")
    actions.refer_case(city, case.pk, node=world.nodes["county"], reason="归区里办")
    looker = world.cadre("looker", "county", "lawyer")
    share_row(world.actor("system"), "cases.case", case.pk, user_id=looker.pk, can_act=True, reason="请律师看")
    with pytest.raises(Forbidden):
        actions.hand_over_case(world.actor("looker"), case.pk, mine)
    actions.accept_case(world.actor("county"), case.pk)
    actions.pause_case(world.actor("county"), case.pk, reason="等材料")
    with pytest.raises(Refused, match="等职工补充"):
        actions.hand_over_case(world.actor("county"), case.pk, letter(world, authority="区应急管理局"))
    actions.hear_back(world.actor("county"), case.pk, Handover.objects.get().pk, answer="done", text="补发了")
    assert Handover.objects.get().answer == "done"
