"""Workers' phone codes: sending, limits, trying, the first sign-in."""

import logging
import re

import pytest

from unionhome.core.access import actions, queries
from unionhome.core.access.actions import Browser, phones
from unionhome.core.access.jobs import tidy
from unionhome.core.access.models import Attempt, PhoneCode, User
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Refused, TooMany
from unionhome.kit.channels import Gateway, NotSent

PHONE = "19900000077"
sent: list[tuple[str, str]] = []


@pytest.fixture(autouse=True)
def sms(settings, monkeypatch):
    sent.clear()
    settings.SMS_GATEWAY = Gateway("http://127.0.0.1:1/", signature="测试")
    monkeypatch.setattr(phones, "send_sms", lambda gateway, phone, text, key: sent.append((phone, text)))


@pytest.fixture
def send(world, django_capture_on_commit_callbacks):
    def call(phone=PHONE, address=""):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.send_code(world.actor("public"), phone, address=address)

    return call


def code_of(text):
    return re.search(r"验证码(\d{6})", text)[1]


def enter(world, code, phone=PHONE, key="worker-key"):
    return actions.sign_in_by_code(world.actor("public"), phone=phone, code=code, browser=Browser(lambda: key))


def test_code_goes_to_the_channel_and_is_kept_as_a_digest(world, send):
    receipt = send("+86 199-0000-0077")
    assert receipt.fresh and receipt.shown == ""
    assert [phone for phone, _ in sent] == [PHONE]
    row = PhoneCode.objects.get()
    assert code_of(sent[0][1]) not in row.code_digest and PHONE not in row.phone_index
    assert (row.expires_at - row.sent_at).total_seconds() == 300
    assert "199****0077" in Entry.objects.get(kind="access.code.sent").summary


def test_first_sign_in_opens_an_outsiders_account(world, send):
    send()
    row = enter(world, code_of(sent[0][1]))
    assert (row.door, row.user.person_id, row.user.username) == ("my", None, None)
    assert row.user.phone_index and PHONE not in row.user.phone_index
    assert queries.get_actor(row.user, "my", world.at).grants == ()
    assert PHONE not in str(Entry.objects.values_list("summary", "data"))
    world.wait(minutes=2)
    send()
    assert enter(world, code_of(sent[1][1]), key="again").user == row.user


def test_wrong_codes_are_counted_and_end_the_code(world, send):
    send()
    right = code_of(sent[0][1])
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(BadInput) as refusal:
            enter(world, wrong)
        assert refusal.value.fields.keys() == {"code"}
    with pytest.raises(Refused) as refusal:
        enter(world, right)
    assert refusal.value.code == "code-over"
    assert not User.objects.filter(phone_index=PhoneCode.objects.get().phone_index).exists()


def test_code_holds_five_minutes_and_once(world, send):
    send()
    enter(world, code_of(sent[0][1]))
    with pytest.raises(Refused) as refusal:
        enter(world, code_of(sent[0][1]))
    assert refusal.value.code == "code-over"
    world.wait(minutes=2)
    send()
    world.wait(minutes=5, seconds=1)
    with pytest.raises(Refused):
        enter(world, code_of(sent[1][1]))


def test_code_belongs_to_its_phone(world, send):
    send()
    send("19900000078")
    with pytest.raises(BadInput):
        enter(world, code_of(sent[0][1]), phone="19900000078")


def test_asked_again_within_a_minute_nothing_is_sent(world, send):
    send()
    world.wait(seconds=30)
    assert not send().fresh
    world.wait(seconds=31)
    assert send().fresh
    assert len(sent) == 2 and PhoneCode.objects.count() == 1


def test_codes_per_phone_and_address_are_limited(world, send, settings):
    settings.CODES_PER_PHONE, settings.CODES_PER_ADDRESS = 2, 3
    for _ in range(2):
        send(address="203.0.113.9")
        world.wait(minutes=2)
    with pytest.raises(TooMany):
        send(address="203.0.113.9")
    send("19900000078", address="203.0.113.9")
    with pytest.raises(TooMany):
        send("19900000079", address="203.0.113.9")
    world.wait(minutes=61)
    assert send(address="203.0.113.9").fresh


@pytest.mark.parametrize("phone", ["", "1990000007", "29900000077", "１９９", "abc", "199000000777"])
def test_no_phone_number_is_said_at_the_field(world, phone):
    with pytest.raises(BadInput) as refusal:
        actions.send_code(world.actor("public"), phone)
    assert refusal.value.fields.keys() == {"phone"}


def test_without_a_channel_it_is_refused_clearly(world, settings):
    settings.SMS_GATEWAY = Gateway("")
    with pytest.raises(Refused) as refusal:
        actions.send_code(world.actor("public"), PHONE)
    assert refusal.value.sentence == "短信通道还没有配置，请联系本级工会。"


def test_a_code_that_the_gateway_did_not_take_may_be_asked_for_anew(world, send, monkeypatch):
    def refuse(*_):
        raise NotSent("连不上短信网关。")

    with monkeypatch.context() as broken, pytest.raises(Refused) as refusal:
        broken.setattr(phones, "send_sms", refuse)
        send()
    assert refusal.value.code == "not-sent" and not PhoneCode.objects.exists()
    assert send().fresh and len(sent) == 1


def test_demo_shows_the_code_and_logs_no_phone(world, send, settings, caplog):
    settings.SMS_GATEWAY, settings.DEMO = Gateway(""), True
    with caplog.at_level(logging.INFO, "unionhome"):
        first = send()
        again = send()
    assert first.shown == again.shown and len(first.shown) == 6
    assert first.shown in caplog.text and PHONE not in caplog.text
    assert enter(world, first.shown).door == "my"


def test_stopped_worker_is_told(world, send):
    User.objects.filter(pk=world.users["worker"].pk).update(is_active=False)
    send("19900000001")
    with pytest.raises(Refused) as refusal:
        enter(world, code_of(sent[0][1]), phone="19900000001")
    assert refusal.value.code == "stopped"


def test_limit_refuses_past_the_most(world):
    actor = world.actor("public")
    for _ in range(3):
        actions.limit(actor, "helpdesk.report", "19900000001", 3, 10)
    with pytest.raises(TooMany):
        actions.limit(actor, "helpdesk.report", "19900000001", 3, 10)
    actions.limit(actor, "helpdesk.report", "19900000002", 3, 10)
    actions.limit(actor, "helpdesk.other", "19900000001", 3, 10)
    world.wait(minutes=11)
    actions.limit(world.actor("public"), "helpdesk.report", "19900000001", 3, 10)


def test_tidy_forgets_codes_and_tries(world, send):
    send(address="203.0.113.9")
    tidy(world.actor("system"))
    assert PhoneCode.objects.count() == 1
    world.wait(days=2)
    tidy(world.actor("system"))
    assert (PhoneCode.objects.count(), Attempt.objects.count()) == (0, 0)
