"""The second factor: enrolment, codes taken once, drift, limits."""

from datetime import UTC, datetime, timedelta

import pytest

from unionhome.core.access import actions, queries
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import secret_text, secret_uri, totp_code
from unionhome.core.journal.models import Entry
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused, TooMany


@pytest.fixture
def enrolled(world):
    """The town's secret, enrolled; and its session key."""
    client = world.client("town", strong=False)
    key = client.session.session_key
    actions.enrol_factor(world.actor("town", strong=False))
    secret = queries.find_pending_secret(world.actor("town"))
    actions.confirm_factor(world.actor("town", strong=False), totp_code(secret, world.at), key)
    world.wait(minutes=20)
    return secret, key


def strong_at(world):
    return SignIn.objects.get(user=world.users["town"]).strong_at


def test_enrolment_needs_a_right_first_code(world):
    town = world.actor("town", strong=False)
    with pytest.raises(Refused) as refusal:
        actions.confirm_factor(town, "123456", "key")
    assert refusal.value.code == "not-started"
    actions.enrol_factor(town)
    secret = queries.find_pending_secret(town)
    actions.enrol_factor(town)
    assert queries.find_pending_secret(town) == secret
    with pytest.raises(BadInput):
        actions.confirm_factor(town, totp_code(b"x" * 20, world.at), "key")
    assert not User.objects.get(username="town").has_factor


def test_enrolling_passes_the_factor_in_that_session(world, enrolled):
    assert strong_at(world) is not None
    assert User.objects.get(username="town").has_factor
    assert Entry.objects.filter(kind="access.factor.enrolled").count() == 1


def test_a_code_is_taken_once(world, enrolled):
    secret, key = enrolled
    code = totp_code(secret, world.at)
    actions.verify_factor(world.actor("town", strong=False), f"{code[:3]} {code[3:]}", key)
    assert strong_at(world) == world.at
    with pytest.raises(BadInput):
        actions.verify_factor(world.actor("town", strong=False), code, key)
    world.wait(seconds=30)
    actions.verify_factor(world.actor("town", strong=False), totp_code(secret, world.at), key)


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_drift_each_way(world, enrolled, seconds, taken):
    secret, key = enrolled
    code = totp_code(secret, world.at + timedelta(seconds=seconds))
    try:
        actions.verify_factor(world.actor("town", strong=False), code, key)
    except BadInput:
        assert not taken
    else:
        assert taken


def test_guessing_is_limited(world, enrolled):
    secret, key = enrolled
    for _ in range(5):
        with pytest.raises(BadInput):
            actions.verify_factor(world.actor("town", strong=False), "000000", key)
    with pytest.raises(TooMany):
        actions.verify_factor(world.actor("town", strong=False), totp_code(secret, world.at), key)
    world.wait(minutes=16)
    actions.verify_factor(world.actor("town", strong=False), totp_code(secret, world.at), key)


def test_changing_the_factor_needs_the_factor(world, enrolled):
    with pytest.raises(Forbidden):
        actions.enrol_factor(world.actor("town", strong=False))
    actions.enrol_factor(world.actor("town", strong=True))
    with pytest.raises(Forbidden):
        actions.confirm_factor(world.actor("town", strong=False), "123456", enrolled[1])


def test_without_a_factor_there_is_nothing_to_pass(world):
    with pytest.raises(Refused) as refusal:
        actions.verify_factor(world.actor("town", strong=False), "123456", "key")
    assert refusal.value.code == "no-factor"
    with pytest.raises(Forbidden):
        actions.enrol_factor(world.actor("public"))


def test_reset_takes_the_factor_off(world, enrolled):
    actions.reset_factor(world.actor("sysadmin"), world.users["town"].pk)
    assert not User.objects.get(username="town").has_factor
    assert strong_at(world) is None
    with pytest.raises(NotFound):
        actions.reset_factor(world.actor("secadmin"), world.users["town"].pk)
    with pytest.raises(Refused):
        actions.reset_factor(world.actor("sysadmin"), world.users["sysadmin"].pk)


def test_the_secret_is_sealed_and_readable_for_authenticators(world, enrolled):
    secret, _ = enrolled
    assert secret not in bytes(User.objects.get(username="town").secret_sealed)
    assert secret_text(b"12345678901234567890") == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    uri = secret_uri(b"12345678901234567890", "town", "职工之家")
    assert uri.startswith("otpauth://totp/%E8%81%8C") and "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri


def test_known_vectors_of_rfc_6238():
    secret = b"12345678901234567890"
    assert totp_code(secret, datetime.fromtimestamp(59, UTC)) == "287082"
    assert totp_code(secret, datetime.fromtimestamp(1111111109, UTC)) == "081804"
    assert totp_code(secret, datetime.fromtimestamp(20000000000, UTC)) == "353130"


def test_right_codes_clear_the_count_of_wrong_ones(world, enrolled):
    secret, key = enrolled
    for _ in range(4):
        with pytest.raises(BadInput):
            actions.verify_factor(world.actor("town", strong=False), "000000", key)
    actions.verify_factor(world.actor("town", strong=False), totp_code(secret, world.at), key)
    for _ in range(5):
        with pytest.raises(BadInput):
            actions.verify_factor(world.actor("town", strong=False), "000000", key)


def test_the_demo_account_is_played_by_many_at_once(world, settings):
    settings.DEMO = True
    world.users["demo"] = actions.create_user(
        world.actor("system"), username="demo", name="演示", node=world.nodes["city"], password="x"
    )
    codes = set()
    for _ in range(15):
        code = queries.find_demo_code(world.actor("demo"))
        actions.verify_factor(world.actor("demo", strong=False), code, "key")
        codes.add(code)
    assert len(codes) == 15
