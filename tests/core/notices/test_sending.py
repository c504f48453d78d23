"""Messages: written once, sent when it is time, tried again, refused with reasons, never lost and never forgotten."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.at_once import at_once
from tests.core.notices.stubs import MailStub, SmsStub, served
from tests.worlds import World, build_world
from unionhome.core.access import clock
from unionhome.core.journal.models import Entry
from unionhome.core.notices import queries, rules
from unionhome.core.notices.actions import Message, Receiver, mark_read, notify, send_again, send_due, tidy_notices
from unionhome.core.notices.actions.telling import NO_MAIL, NO_MOBILE, NO_SMS, OVERTAKEN, TOO_MANY
from unionhome.core.notices.models import Notice, State
from unionhome.core.policy.actions import set_value
from unionhome.core.policy.rules import duty_hours
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.kit.channels import Gateway, NotSent

PHONE, ZONE = "19900000077", ZoneInfo("Asia/Shanghai")
LINK = "https://union.example/open/matters/abc/"


@pytest.fixture(scope="module")
def server() -> Iterator[SmsStub]:
    with served(SmsStub()) as stub:
        yield stub


@pytest.fixture
def sms(server: SmsStub, settings: Any) -> SmsStub:
    server.answer, server.given = (200, '{"id": "g-1"}'), []
    settings.SMS_GATEWAY = Gateway(server.url, "secret", "测试总工会")
    return server


def tell(world: World, key: str = "k1", *, kind: str = "cases.received", who: Receiver | None = None) -> Notice:
    """One message to a phone."""
    about = world.users["worker"]
    message = Message(kind, f"诉求{key}已收到。", world.nodes["town"], secret_link=LINK, about=about)
    notify(world.actor("system"), message, [who or Receiver(phone=PHONE)], key=key)
    return Notice.objects.order_by("-pk")[0]


def round_(world: World) -> int:
    return send_due(world.actor("system"))


def test_a_message_goes_out_once_and_its_address_is_forgotten(world: World, sms: SmsStub) -> None:
    notice = tell(world)
    tell(world)
    assert Notice.objects.count() == 1 and PHONE not in notice.address_shown
    assert (round_(world), round_(world)) == (1, 0)
    notice.refresh_from_db()
    assert sms.given[0]["text"] == f"【测试总工会】诉求k1已收到。查看：{LINK}" and sms.given[0]["phone"] == PHONE
    assert (notice.state, notice.answer, notice.tries) == (State.SENT, "g-1", 1)
    assert notice.address_sealed is None and notice.link_sealed is None


ANSWERS: dict[str, tuple[tuple[int, str], list[str], str]] = {
    "busy": ((429, ""), ["waiting", "waiting", "failed"], "太忙"),
    "broken": ((503, ""), ["waiting", "waiting", "failed"], "出了故障"),
    "wrong number": ((400, '{"code": "MK:0001"}'), ["failed"], "MK:0001"),
    "wrong account": ((401, ""), ["failed"], "密钥"),
}


@pytest.mark.parametrize("case_of", ANSWERS)
def test_it_is_tried_again_with_one_key_and_growing_pauses(world: World, sms: SmsStub, case_of: str) -> None:
    answer, states, words = ANSWERS[case_of]
    set_value(world.actor("system"), "notices.most_tries", 3, world.today, "测试", None)
    sms.answer, notice, seen, pauses = answer, tell(world), [], []
    while notice.state == State.WAITING:
        before = world.at
        world.at = max(world.at, notice.due_at)
        pauses.append(world.at - before)
        assert round_(world) == 0 and (notice.tries == 0 or round_(world) == 0)
        notice.refresh_from_db()
        seen.append(notice.state)
    assert seen == states and words in notice.reason and len(set(sms.keys)) == 1 and len(sms.keys) == len(states)
    assert pauses[1:] == [timedelta(minutes=1), timedelta(minutes=4)][: len(states) - 1]
    sms.answer = (200, "{}")
    key = notice.send_key
    again = send_again(world.actor("sysadmin"), notice.pk)
    assert again.send_key != key, "somebody decided it: the gateway must not take it for the refused one"
    assert round_(world) == 1 and Entry.objects.filter(kind="notices.notice.sent_again").count() == 1


def test_a_gateway_that_is_away_costs_one_try_a_round(world: World, sms: SmsStub, settings: Any) -> None:
    settings.SMS_GATEWAY = Gateway("http://127.0.0.1:1/")
    for number in range(3):
        tell(world, f"k{number}", who=Receiver(phone=f"1990000008{number}"))
    assert round_(world) == 0
    assert sorted(Notice.objects.values_list("tries", flat=True)) == [0, 0, 1]


NIGHT = duty_hours([["00:00", "08:00"], ["22:00", "24:00"]])


@pytest.mark.parametrize(
    ("at", "free"),
    [
        ("2026-03-10 21:59", "2026-03-10 21:59"),
        ("2026-03-10 22:00", "2026-03-11 08:00"),
        ("2026-03-11 00:00", "2026-03-11 08:00"),
        ("2026-03-11 07:59", "2026-03-11 08:00"),
        ("2026-03-11 08:00", "2026-03-11 08:00"),
        ("2026-12-31 23:30", "2027-01-01 08:00"),
    ],
)
def test_quiet_hours_go_over_midnight(at: str, free: str) -> None:
    moment, end = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (at, free))
    assert rules.quiet_until(moment, NIGHT) == end


def test_the_night_is_kept_when_written_when_late_and_when_tried_again(world: World, sms: SmsStub) -> None:
    at = world.at
    morning = at.replace(hour=8) + timedelta(days=1)
    world.at = at.replace(hour=21, minute=59)
    late = tell(world, "late", who=Receiver(phone="19900000081"))
    sms.answer = (503, "")
    refused = tell(world, "refused", who=Receiver(phone="19900000082"))
    queries.list_due(world.at).filter(pk=late.pk).update(due_at=world.at + timedelta(minutes=1))
    assert round_(world) == 0
    world.wait(minutes=2)
    night, urgent = (
        tell(world, kind, kind=kind, who=Receiver(phone=f"1990000009{number}"))
        for number, kind in enumerate(("cases.received", "cases.urgent"))
    )
    sms.answer = (200, "{}")
    assert round_(world) == 1
    for notice in (late, refused, night, urgent):
        notice.refresh_from_db()
    assert (late.due_at, refused.due_at, night.due_at) == (morning, morning, morning)
    assert urgent.state == State.SENT
    world.at = morning
    assert round_(world) == 3


def test_a_newer_message_takes_the_place_of_one_that_waits(world: World, sms: SmsStub) -> None:
    world.at = world.at.replace(hour=23)
    old, new = tell(world, "k1"), tell(world, "k2")
    old.refresh_from_db()
    assert (old.state, old.reason, old.address_sealed) == (State.DROPPED, OVERTAKEN, None)
    assert new.state == State.WAITING


def test_a_sender_that_died_loses_nothing_and_keeps_the_key(world: World, sms: SmsStub) -> None:
    notice = tell(world)
    Notice.objects.update(state=State.SENDING, claimed_at=world.at, claim="dead", tries=1)
    assert round_(world) == 0, "it may be at work still"
    world.wait(minutes=5)
    assert round_(world) == 1 and sms.keys == [notice.send_key]
    Notice.objects.update(state=State.SENDING, claimed_at=world.at, claim="dead", tries=6)
    world.wait(minutes=5)
    assert round_(world) == 0 and Notice.objects.get().state == State.FAILED


OBSTACLES: dict[str, tuple[Receiver, str, dict[str, Any]]] = {
    "no gateway": (Receiver(phone=PHONE), NO_SMS, {"SMS_GATEWAY": Gateway("")}),
    "no mail server": (Receiver(mail="duty@union.example"), NO_MAIL, {"EMAIL_HOST": ""}),
    "no mobile": (Receiver(phone="0913-2000000"), NO_MOBILE, {}),
}


@pytest.mark.parametrize("case_of", OBSTACLES)
def test_what_cannot_go_out_is_kept_with_its_reason(world: World, sms: SmsStub, settings: Any, case_of: str) -> None:
    who, reason, changes = OBSTACLES[case_of]
    for name, value in changes.items():
        setattr(settings, name, value)
    notice = tell(world, who=who)
    assert (notice.state, notice.reason) == (State.DROPPED, reason) and round_(world) == 0


def test_a_number_gets_so_many_a_day(world: World, sms: SmsStub) -> None:
    set_value(world.actor("system"), "notices.sms_per_day", 2, world.today, "测试", None)
    for number in range(3):
        tell(world, f"k{number}")
        round_(world)
    assert Notice.objects.order_by("-pk")[0].reason == TOO_MANY and len(sms.given) == 2
    asked = tell(world, "k3", kind="cases.proposed")
    assert (asked.state, asked.due_at) == (State.WAITING, world.at + timedelta(days=1)) and round_(world) == 0
    world.wait(days=1)
    assert round_(world) == 1
    assert tell(world, "k4").state == State.WAITING


def test_mail_goes_out_with_a_fixed_id_and_a_refusal_has_its_reason(world: World, settings: Any) -> None:
    with served(MailStub()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_USE_SSL, settings.DEFAULT_FROM_EMAIL = False, "home@union.example"
        notice = tell(world, who=Receiver(mail="duty@union.example"))
        assert round_(world) == 1
        assert f"Message-ID: <{notice.send_key}@union.example>" in server.mails[0]
        for number, (answer, state) in enumerate((("550 no", State.FAILED), ("450 later", State.WAITING))):
            server.refusal = answer
            refused = tell(world, f"m{number}", who=Receiver(mail="duty@union.example"))
            assert round_(world) == 0
            refused.refresh_from_db()
            assert refused.state == state and answer[:3] in refused.reason
            Notice.objects.filter(pk=refused.pk).delete()


REFUSED: dict[str, tuple[Callable[[World, Notice], Any], type[Exception]]] = {
    "unknown kind": (lambda world, notice: tell(world, kind="cases.unknown"), Refused),
    "not an administrator": (lambda world, notice: send_again(world.actor("city"), notice.pk), Forbidden),
    "another branch": (lambda world, notice: send_again(world.actor("far"), notice.pk), NotFound),
    "waits already": (lambda world, notice: send_again(world.actor("sysadmin"), notice.pk), Refused),
    "overtaken": (lambda world, notice: _again_overtaken(world, notice), Refused),
    "somebody else's": (lambda world, notice: mark_read(world.actor("worker"), notice.pk), NotFound),
    "list of others": (lambda world, notice: queries.list_sent(world.actor("town")), Forbidden),
}


def _again_overtaken(world: World, notice: Notice) -> None:
    Notice.objects.update(state=State.DROPPED, address_sealed=None)
    send_again(world.actor("sysadmin"), notice.pk)


@pytest.mark.parametrize("case_of", REFUSED)
def test_refusals(world: World, sms: SmsStub, case_of: str) -> None:
    world.cadre("far", "other_county", "sysadmin")
    notice = tell(world)
    act, error = REFUSED[case_of]
    with pytest.raises(error):
        act(world, notice)
    notice.refresh_from_db()
    assert notice.tries == 0 and notice.read_at is None


def test_a_branch_sees_its_own_and_never_what_is_hidden_from_it(world: World, sms: SmsStub) -> None:
    for name, node in (("far", "other_county"), ("near", "town"), ("works", "union")):
        world.cadre(name, node, "sysadmin")
    message = Message("cases.received", "诉求已收到。", world.nodes["union"], hidden_path=world.nodes["union"].path)
    notify(world.actor("system"), message, [Receiver(phone=PHONE)], key="k")
    seen = {name: queries.list_sent(world.actor(name)).count() for name in ("far", "near", "works")}
    assert seen == {"far": 0, "near": 1, "works": 0}


def test_old_messages_are_forgotten(world: World, sms: SmsStub) -> None:
    tell(world)
    world.wait(days=365)
    assert tidy_notices(world.actor("system")) == 0
    world.wait(minutes=1)
    assert tidy_notices(world.actor("system")) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory")
def test_four_workers_at_once_send_each_message_once(sms: SmsStub, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    monkeypatch.setattr(clock, "now", lambda: world.at)
    for number in range(8):
        tell(world, f"k{number}", who=Receiver(phone=f"1990000010{number}"))
    sent = at_once(*[lambda: round_(world)] * 4)
    assert sum(sent) == 8 and len(sms.keys) == len(set(sms.keys)) == 8
    assert set(Notice.objects.values_list("state", "tries")) == {(State.SENT, 1)}


def test_a_worker_that_lost_its_claim_marks_nothing(world: World, sms: SmsStub) -> None:
    """Its answer came after the lease was over and another had taken the message."""
    tell(world)

    def slow(notice: Notice, address: str, text: str) -> str:
        Notice.objects.filter(pk=notice.pk).update(claim="another")
        raise NotSent("慢。", again=False)

    send_due(world.actor("system"), sends={"sms": slow})
    assert Notice.objects.get().state == State.SENDING
