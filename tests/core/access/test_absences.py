"""Days on which somebody is away: what is refused and where it says so, both ends, one hop, nothing lent."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.worlds import World
from unionhome.core.access import actions, queries
from unionhome.core.access.models import Absence, RoleGrant, User
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.journal.models import Entry
from unionhome.core.notices.models import Notice
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db
KEY = "a" * 32


def enter(world: World, who: str = "town", stand_in: str = "mate", first: int = 1, last: int = 5, **more: object):
    """`first` and `last` are days from today; `by` another account."""
    by = str(more.pop("by", who))
    return actions.set_absence(
        world.actor(by), world.users[who].pk, stand_in_id=world.users[stand_in].pk,
        starts_on=world.today + timedelta(days=first), last_on=world.today + timedelta(days=last), **more,
    )  # fmt: skip


@pytest.fixture
def mates(world: World) -> World:
    for name in ("mate", "third"):
        world.cadre(name, "town")
    return world


def test_an_absence_holds_from_its_first_to_its_last_local_day_and_nothing_is_written(mates: World) -> None:
    enter(mates)
    day = mates.today
    moments = {
        (1, time(0)): True, (5, time(23, 59, 59)): True, (0, time(23, 59, 59)): False, (6, time(0)): False,
    }  # fmt: skip
    for (days, hour), holds in moments.items():
        at = timezone.make_aware(datetime.combine(day + timedelta(days=days), hour))
        for name in ("mate", "third", "town"):
            away = mates.actor(name, at=at).away
            assert [each.name for each in away] == (["郑镇"] if holds else []), (name, days, hour)
        assert mates.actor("mate", at=at).for_whom(mates.users["town"].pk) == ("郑镇" if holds else "")
        assert mates.actor("third", at=at).for_whom(mates.users["town"].pk) == ""
    assert mates.actor("other_town", at=mates.at + timedelta(days=2)).away == ()


def test_what_cannot_be_is_refused_at_its_field(mates: World) -> None:
    enter(mates, first=10, last=12)
    enter(mates, "third", "mate", first=20, last=22)
    mates.cadre("clerk", "town", role="finance")
    table = (
        ({"first": -1}, "starts_on", BadInput, "已经过去"),
        ({"first": 3, "last": 2}, "last_on", BadInput, "不能早于"),
        ({"last": 400}, "last_on", BadInput, "一年以内"),
        ({"stand_in": "town"}, "stand_in", BadInput, "一位同事"),
        ({"stand_in": "other_town"}, "stand_in", BadInput, "一位同事"),
        ({"stand_in": "village"}, "stand_in", BadInput, "一位同事"),
        ({"stand_in": "worker"}, "stand_in", BadInput, "一位同事"),
        ({"first": 12, "last": 14}, "starts_on", Refused, "您3月20日到22日已经写明不在，由mate代"),
        ({"stand_in": "third", "first": 22, "last": 30}, "stand_in", Refused, "third3月30日到4月1日也不在"),
        ({"who": "mate", "stand_in": "third", "first": 12, "last": 13}, "starts_on", Refused, "要替郑镇"),
        ({"who": "mate", "stand_in": "town", "first": 21, "last": 21}, "starts_on", Refused, "要替third"),
        ({"stand_in": "clerk"}, "stand_in", Refused, "clerk的岗位在人民街道总工会不能办理诉求"),
        ({"who": "secadmin", "stand_in": "city"}, "", Refused, "没有要别人代办的事"),
    )
    for facts, field, kind, words in table:
        with pytest.raises(Refused) as caught:
            enter(mates, **facts)
        assert type(caught.value) is kind, facts
        assert words in (caught.value.fields[field] if field else caught.value.sentence), facts
    assert Absence.objects.count() == 2
    assert enter(mates, first=13, last=14) and enter(mates, first=8, last=9)


def test_the_stand_in_reaches_wherever_the_absent_one_handles_on_the_first_and_on_the_last_day(mates: World) -> None:
    mates.grant("town", "cadre", "other_town")
    with pytest.raises(Refused, match="mate的岗位在杜桥街道总工会不能"):
        enter(mates)
    assert enter(mates, stand_in="county", first=1, last=1).stand_in == mates.users["county"]
    RoleGrant.objects.filter(user=mates.users["county"]).update(ends_on=mates.today + timedelta(days=10))
    assert enter(mates, stand_in="county", first=9, last=9)
    with pytest.raises(Refused, match="周县的岗位在人民街道总工会"):
        enter(mates, stand_in="county", first=8 + 2, last=11)


def test_it_is_said_for_oneself_or_by_a_chair_of_the_branch(mates: World) -> None:
    for by, kind in (("county", Forbidden), ("third", Forbidden), ("sysadmin", Forbidden), ("worker", Forbidden)):
        with pytest.raises(kind):
            enter(mates, by=by)
    mates.cadre("head", "other_county", role="chair")
    with pytest.raises(Forbidden):
        enter(mates, by="head")
    with pytest.raises(NotFound):
        actions.set_absence(
            mates.actor("town"), 0, stand_in_id=mates.users["mate"].pk, starts_on=mates.today, last_on=mates.today
        )
    absence = enter(mates, by="chair", first=0, last=0, submit_key=KEY)
    assert enter(mates, by="chair", first=0, last=0, submit_key=KEY) == absence
    with pytest.raises(BadInput, match="已经用过"):
        enter(mates, "third", "mate", by="chair", submit_key=KEY)
    entry = Entry.objects.get(kind="access.absence.set")
    assert (entry.summary, entry.node) == ("郑镇3月10日不在，由mate代", mates.nodes["town"])
    while deliver_batch(mates.actor("system")):
        pass
    told = Notice.objects.filter(kind="notices.absence")
    assert {(row.user, row.text) for row in told} == {
        (mates.users["mate"], "郑镇3月10日不在，由mate代。"), (mates.users["town"], "郑镇3月10日不在，由mate代。")
    }  # fmt: skip


def test_it_ends_early_or_is_taken_back_and_an_old_one_stays(mates: World) -> None:
    now, later = enter(mates, first=0, last=3), enter(mates, first=10, last=12)
    for name in ("mate", "third", "county", "worker", "system"):
        if name != "system":
            with pytest.raises(NotFound):
                actions.end_absence(mates.actor(name), now.pk)
    mates.wait(hours=1)
    assert mates.actor("mate").away
    actions.end_absence(mates.actor("town"), now.pk)
    actions.end_absence(mates.actor("chair"), later.pk)
    ended = actions.end_absence(mates.actor("town"), now.pk).ended_at
    assert mates.actor("mate").away == () and ended == mates.at
    said = list(Entry.objects.filter(kind="access.absence.ended").order_by("pk").values_list("summary", flat=True))
    assert said == ["提前结束：郑镇3月10日到13日不在", "撤销：郑镇3月20日到22日不在"]
    over = enter(mates, first=1, last=2)
    mates.wait(days=3)
    assert actions.end_absence(mates.actor("town"), over.pk).ended_at is None


def test_a_stand_in_whose_account_was_stopped_stands_in_no_more(mates: World) -> None:
    enter(mates, first=0)
    User.objects.filter(pk=mates.users["mate"].pk).update(is_active=False)
    assert mates.actor("third").away == () and not queries.list_stood_in([mates.users["town"].pk], mates.at)


def post(client: Client, path: str, world: World, first: date, last: date, stand_in: str = "mate"):
    facts = {"starts_on": str(first), "last_on": str(last), "stand_in": world.users[stand_in].pk, "submit_key": KEY}
    return client.post(path, facts)


def test_the_pages_say_both_ends_keep_to_the_branch_and_put_refusals_at_the_field(mates: World) -> None:
    own, today = mates.client("town"), mates.today
    path = "/desk/account/absences/"
    page = own.get(path).content.decode()
    assert "第二天0时起自己办" in page and "周县（临渭区总工会，权益保障部）" in page and "王桥" not in page
    assert post(own, path, mates, today, today - timedelta(days=1)).status_code == 400
    assert post(own, path, mates, today, today, "other_town").status_code == 400
    assert post(own, path, mates, today, today + timedelta(days=4))["Location"] == path
    shown = own.get(path).content.decode()
    assert "2026-03-10 到 2026-03-14" in shown and "郑镇" in mates.client("mate").get(path).content.decode()
    assert "您今天不在，由mate代，3月15日起自己办" in own.get("/desk/inbox/").content.decode()
    assert "今天您替郑镇（3月15日回来）" in mates.client("mate").get("/desk/inbox/").content.decode()
    mates.cadre("head", "county", role="chair")
    head, users = mates.client("head"), mates.users
    listed = head.get("/desk/absences/?q=吴").content.decode()
    assert "郑镇" in listed and "没有这位同事" in listed and "冯村" in head.get("/desk/absences/?q=冯").content.decode()
    for name, status in (("third", 200), ("other_county", 404), ("city", 404), ("worker", 404)):
        assert head.get(f"/desk/absences/{users[name].pk}/").status_code == status, name
    assert mates.client("county").get("/desk/absences/").status_code == 403
    absence = Absence.objects.get()
    refused = post(head, f"/desk/absences/{users['town'].pk}/", mates, today, today)
    assert refused.status_code == 409 and "郑镇3月10日到14日已经写明不在" in refused.content.decode()
    end = f"{path}{absence.pk}/end/"
    assert mates.client("third").post(end).status_code == 404
    assert head.post(end)["Location"] == f"/desk/absences/{users['town'].pk}/"
    assert "提前结束了" in own.get(path).content.decode()
