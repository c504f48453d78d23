"""An appeal: once, after the end, by the worker, heard one level above by others; the first matter stays as it was."""

import re

import pytest
from django.db import IntegrityError, transaction

from tests.worlds import WORKER_PHONE
from unionhome.core.access.actions import set_absence
from unionhome.core.access.models import User
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Case, Clock, Entry
from unionhome.core.cases.rules import choose_appeal_path
from unionhome.core.home.queries import Choice, get_inbox_page
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.notices.models import Notice
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.core.workflow.queries import count_assigned
from unionhome.services.helpdesk.models import NeedDetail

pytestmark = pytest.mark.django_db
KEY = "ab" * 16


@pytest.fixture
def opened(world):
    """A matter of the worker at a union."""

    def make(place="town", name="worker", **changes):
        facts = {"phone": "19900000007", "submit_key": "c" * 31 + str(Case.objects.count())} | changes
        new = actions.NewCase("helpdesk.need", "other", "停暖了", world.nodes[place], "phone", **facts)
        return actions.open_case(world.actor(name), new)[0]

    return make


def work(world, case, name, rating):
    """Handled to its end by one cadre and rated."""
    cadre = world.actor(name)
    for clock in ("arrive", "measure"):
        actions.stamp_clock(cadre, case.pk, clock, text="办了。")
    actions.propose_outcome(cadre, case.pk, text="办好了。")
    case.refresh_from_db()
    case = actions.rate_case(world.actor("worker"), case, rating=rating)
    case.refresh_from_db()
    return case


def appeal(world, case, name="worker", **changes):
    return actions.appeal_case(world.actor(name), case, **{"text": "还是没有暖气。"} | changes)[0]


def read(client, address, **more) -> str:
    return re.sub(r"<[^>]+>|\s+", "", client.get(address, **more).content.decode())


def test_heard_above_with_its_own_clocks_and_the_first_stays_as_it_was(world, opened):
    hidden = world.nodes["union"].path
    case = work(world, opened(hidden_path=hidden), "town", "not")
    assert (case.node, case.state) == (world.nodes["county"], "submitted")
    case = work(world, case, "county", "not")
    rows = list(Entry.objects.filter(case=case).values()), list(Clock.objects.filter(case=case).values())
    before = Case.objects.filter(pk=case.pk).values().get()
    world.wait(days=3)
    first = appeal(world, case, submit_key=KEY)
    assert appeal(world, case, submit_key=KEY) == first and first.pk != case.pk
    assert (first.node, first.appeal_of, first.kind) == (world.nodes["city"], case, case.kind)
    assert (first.hidden_path, first.account_id, first.state) == (hidden, world.users["worker"].pk, "submitted")
    assert {clock.started_at for clock in first.clocks.all()} == {world.at}
    assert NeedDetail.objects.get(case=first).route_why.startswith("不服")
    assert WorkItem.objects.get(object_id=first.pk, closed_at=None).node == world.nodes["city"]
    assert rows == (list(Entry.objects.filter(case=case).values()), list(Clock.objects.filter(case=case).values()))
    assert before == Case.objects.filter(pk=case.pk).values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=opened().pk).update(appeal_of=case)
    assert not queries.list_cases(world.actor("union")).filter(pk=first.pk).exists()


def test_refused(world, opened):
    """Who, when, how often; every refusal in words."""
    working, reopenable, ended, taken_back = (opened() for _ in range(4))
    for clock in ("arrive", "measure"):
        actions.stamp_clock(world.actor("town"), reopenable.pk, clock, text="办了。")
    reopenable = actions.propose_outcome(world.actor("town"), reopenable.pk, text="办好了。")
    ended = work(world, ended, "town", "satisfied")
    taken_back = actions.withdraw_case(world.actor("worker"), taken_back, reason="")
    taken_back.refresh_from_db()
    hazard = Case(kind="hazards.hazard", pk=0, node=world.nodes["town"])
    for case, name, changes, refusal, words in (
        (ended, "outsider", {}, NotFound, "没有找到"),
        (ended, "town", {}, Forbidden, "本人"),
        (ended, "city", {}, Forbidden, "本人"),
        (hazard, "worker", {}, NotFound, "没有找到"),
        (ended, "worker", {"text": " "}, BadInput, "为什么不服"),
        (ended, "worker", {"submit_key": working.submit_key}, BadInput, "已经用过"),
        (working, "worker", {}, Refused, "还没有办结"),
        (reopenable, "worker", {}, Refused, "先重办一次"),
        (taken_back, "worker", {}, Refused, "撤回"),
    ):
        with pytest.raises(refusal, match=words):
            appeal(world, case, name, **changes)
    set_value(world.actor("system"), "cases.appeal_days", 5, world.today, "示例")
    world.wait(days=5)
    assert queries.may_appeal(ended, world.at)
    world.wait(days=1)
    with pytest.raises(Refused, match="超过5天"):
        appeal(world, ended)
    client = world.client("worker")
    assert "超过5天" in read(client, f"/my/matters/{ended.pk}/appeal/")
    assert "appeal/" not in client.get(f"/my/matters/{ended.pk}/").content.decode()
    world.wait(days=-1)
    second = work(world, appeal(world, ended), "county", "not")
    assert second.node == world.nodes["city"], "an appeal too is reopened once"
    for case, words in ((ended, "已经申诉过"), (work(world, second, "city", "not"), "不能再申诉")):
        with pytest.raises(Refused, match=words):
            appeal(world, case)


def test_who_handled_the_first_has_no_part_in_it(world, opened):
    """The city handled the first, so the city hears the appeal, by somebody else."""
    other = world.cadre("other_hand", "city")
    set_absence(
        world.actor("other_hand"),
        other.pk,
        stand_in_id=world.users["city"].pk,
        starts_on=world.today,
        last_on=world.today,
    )
    case = work(world, opened("city"), "city", "not")
    first = appeal(world, case)
    city = world.actor("city")
    assert first.node == world.nodes["city"] and first.handler is None
    while deliver_batch(world.actor("system")):
        pass
    told = set(Notice.objects.filter(kind="cases.appealed").values_list("user_id", flat=True))
    assert other.pk in told and world.users["city"].pk not in told
    hand, users = world.actor("other_hand"), world.users
    held = actions.lock_cases(hand, [first.pk], receiver=users["city"])
    assert (held, actions.lock_cases(hand, [first.pk], receiver=users["chair"])) == (set(), {first.pk})
    assert users["city"] not in queries.list_assignable(first, world.at)
    assert other in queries.list_assignable(first, world.at)
    for act, words in (
        (lambda: actions.accept_case(city, first.pk), "没有办过原来那件"),
        (lambda: actions.reply_to_applicant(city, first.pk, text="在办"), "没有办过原来那件"),
        (lambda: actions.assign_case(hand, first.pk, handler=users["city"]), "请选别人"),
        (lambda: actions.assign_case(hand, first.pk, handler=other, stand_in=users["city"]), "请选别人"),
        (lambda: actions.follow_case(hand, opened("city").pk, leader_id=first.pk), "单独办"),
        (lambda: actions.follow_case(hand, first.pk, leader_id=opened("city").pk), "单独办"),
    ):
        with pytest.raises(Refused, match=words):
            act()
    assert actions.accept_case(hand, first.pk).handler == other
    assert count_assigned(world.actor("city")) == 0  # who stands in for the handler, but handled the first
    mine = get_inbox_page(world.actor("city"), Choice("all", is_mine=True))
    assert first.pk not in {row.item.object_id for row in mine.rows}
    page = read(world.client("city"), f"/desk/cases/{first.pk}/")
    assert case.number in page and "提出办结" not in page


def test_neither_the_union_below_nor_its_federation_gets_it_back(world, opened):
    case = opened("county")
    actions.accept_case(world.actor("county"), case.pk)
    case = actions.refer_case(world.actor("county"), case.pk, node=world.nodes["far_town"], reason="近")
    world.cadre("far", "far_town")
    case = work(world, case, "far", "satisfied")
    first = appeal(world, case)
    assert first.node == world.nodes["city"], "over both that handled it, not only over the last"
    for place in ("county", "far_town"):
        with pytest.raises(Refused, match="不能再交给它"):
            actions.refer_case(world.actor("city"), first.pk, node=world.nodes[place], reason="归那边")
        assert str(world.nodes[place].pk) not in dict(queries.list_referral_choices(first))
    actions.refer_case(world.actor("city"), first.pk, node=world.nodes["town"], reason="归那边")
    with pytest.raises(Refused, match="没有办过原来那件"):
        actions.accept_case(world.actor("county"), first.pk)
    done = work(world, Case.objects.get(pk=first.pk), "town", "not")
    assert done.node == world.nodes["city"], "reopened past the county, which handled the first"


def test_where_it_goes():
    city, county, town = "1.", "1.2.", "1.2.3."
    for above, handled, hidden, path in (
        ((county, city), [town], "", county),
        ((county, city), [town, county], "", city),
        ((county, city), [town, "1.9."], "", city),
        ((county, city), [town], county, city),
        ((county, city), [town, city], "", ""),
        ((), [city], "", ""),
    ):
        assert choose_appeal_path(above, handled, hidden) == path


def test_the_pages_lead_to_each_other(world, opened):
    case = work(world, opened(), "town", "satisfied")
    client, base = world.client("worker"), f"/my/matters/{case.pk}/"
    assert "4月9日以前可以申诉一次" in read(client, base)
    form = client.get(f"{base}appeal/").content.decode()
    assert "临渭区总工会" in form and "没有办过这件事的人" in form
    assert client.post(f"{base}appeal/", {"text": ""}).status_code == 400
    sent = client.post(f"{base}appeal/", {"text": "还是冷。", "submit_key": KEY})
    first = Case.objects.get(appeal_of=case)
    assert sent.headers["Location"] == f"/my/matters/{first.pk}/"
    page = client.get(sent.headers["Location"]).content.decode()
    assert f'data-draft-done="act-{case.pk}-申诉"' in page, "the browser keeps no words that were sent"
    assert f"/my/matters/{first.pk}/" in client.get(base).content.decode() and "appeal/" not in read(client, base)
    assert base in client.get(f"/my/matters/{first.pk}/").content.decode()
    desk = world.client("county")
    for one, other in ((case, first), (first, case)):
        assert f'href="/desk/cases/{other.pk}/"' in desk.get(f"/desk/cases/{one.pk}/").content.decode()
    below = world.client("town").get(f"/desk/cases/{case.pk}/").content.decode()
    assert first.number in below and f"/desk/cases/{first.pk}/" not in below
    assert world.client("town").get(f"/desk/cases/{first.pk}/").status_code == 404


def test_without_an_account_by_the_receipt(world, opened):
    case = opened(name="public", submit_key=KEY)
    for clock in ("arrive", "measure"):
        actions.stamp_clock(world.actor("town"), case.pk, clock, text="办了。")
    actions.propose_outcome(world.actor("town"), case.pk, text="办好了。")
    client, base = world.client(), f"/open/matters/{actions.receipt_of(KEY)}/"
    client.post(f"{base}rate/", {"rating": "fairly"})
    assert world.client("town").post(f"{base}appeal/", {"text": "没用", "submit_key": "e" * 32}).status_code == 302
    first = Case.objects.get(appeal_of=case)
    address = f"/open/matters/{actions.receipt_of(first.submit_key)}/"
    assert address in client.get(base).content.decode() and base in client.get(address).content.decode()
    assert (first.account_id, first.origin, first.node) == (None, "phone", world.nodes["county"])
    assert not queries.list_own_cases(world.actor("worker")).filter(pk=first.pk).exists()


def test_kept_together(world, opened):
    """Who appealed by the receipt and signs in afterwards has both among the own ones."""
    case = opened(name="public", submit_key=KEY, phone=WORKER_PHONE)
    for clock in ("arrive", "measure"):
        actions.stamp_clock(world.actor("town"), case.pk, clock, text="办了。")
    actions.propose_outcome(world.actor("town"), case.pk, text="办好了。")
    case.refresh_from_db()
    case = actions.rate_case(world.actor("public"), case, rating="fairly")
    first = appeal(world, case, "public", submit_key="e" * 32)
    for kept, other in ((case, first), (first, case)):
        Case.objects.filter(pk__in=(case.pk, first.pk)).update(account=None)
        actions.keep_case(world.actor("worker"), Case.objects.get(pk=kept.pk))
        address = f"/my/matters/{other.pk}/"
        client = world.client("worker")
        assert address in client.get(f"/my/matters/{kept.pk}/").content.decode()
        assert client.get(address).status_code == 200


def test_sealed_notes_of_an_appeal_stay_shut_to_who_handled_the_first(world, opened):
    world.cadre("other_hand", "city")
    first = appeal(world, work(world, opened("city"), "chair", "not"))
    actions.add_note(world.actor("other_hand"), first.pk, text="说的是主席。", is_sealed=True)
    note = Entry.objects.get(is_sealed=True)
    page = world.client("chair").get(f"/desk/cases/{first.pk}/").content.decode()
    assert "密封记录" in page and "说的是主席。" not in page
    given = {"reason": "review", "words": "想看写了什么"}
    with pytest.raises(Forbidden, match="没有办过原来那件"):
        actions.open_note(world.actor("chair"), first.pk, note.pk, **given)


def test_the_page_says_when_nobody_is_left_to_hear_it(world, opened):
    first = appeal(world, work(world, opened("city"), "city", "not"))
    address, words = f"/desk/cases/{first.pk}/", "没有办过的同事授权"
    assert words not in world.client("city").get(address).content.decode()
    User.objects.filter(username="chair").update(is_active=False)
    assert words in world.client("city").get(address).content.decode()
