from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import crypto
from unionhome.kit.crypto import CryptoError, Keyring

OLD = base64.b64encode(bytes(range(32))).decode()
NEW = base64.b64encode(bytes(range(32, 64))).decode()
FIELD = "members.person.document"
PROFILES = ("aes", "gb")


@pytest.fixture
def configured() -> Iterator[Keyring]:
    before = crypto._keyring
    yield crypto.configure(f"k1:{OLD}", "aes")
    crypto._keyring = before


@pytest.mark.parametrize("profile", PROFILES)
@given(data=st.binary(max_size=300), field=st.text(min_size=1, max_size=20))
def test_what_is_sealed_opens(profile: str, data: bytes, field: str) -> None:
    ring = Keyring(f"k1:{OLD}", profile)
    blob = ring.seal_bytes(data, field=field)
    assert ring.open_bytes(blob, field=field) == data
    assert ring.open_bytes(memoryview(blob), field=field) == data
    assert len(blob) == 3 + 2 + 12 + len(data) + 16


@pytest.mark.parametrize("profile", PROFILES)
def test_every_changed_bit_is_noticed(profile: str) -> None:
    ring = Keyring(f"k1:{OLD},k2:{NEW}", profile)
    blob = ring.seal_bytes("张三".encode(), field=FIELD)
    for place in range(len(blob) * 8):
        broken = bytearray(blob)
        broken[place // 8] ^= 1 << place % 8
        with pytest.raises(CryptoError):
            ring.open_bytes(broken, field=FIELD)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_shortened_or_foreign_value_does_not_open(profile: str) -> None:
    ring = Keyring(f"k1:{OLD}", profile)
    blob = ring.seal_bytes(b"x" * 20, field=FIELD)
    for length in range(len(blob)):
        with pytest.raises(CryptoError):
            ring.open_bytes(blob[:length], field=FIELD)
    with pytest.raises(CryptoError) as refusal:
        ring.open_bytes(blob, field="members.person.phone")
    assert refusal.value.code == "sealed.broken"


def test_a_header_cannot_be_swapped_for_another_key_with_the_same_bytes() -> None:
    blob = Keyring(f"k1:{OLD}").seal_bytes(b"x", field=FIELD)
    renamed = Keyring(f"k2:{OLD}")
    with pytest.raises(CryptoError):
        renamed.open_bytes(blob.replace(b"k1", b"k2", 1), field=FIELD)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    ring = Keyring(f"k1:{OLD}")
    assert len({ring.seal_bytes(b"same", field=FIELD) for _ in range(100)}) == 100


@pytest.mark.parametrize("profile", PROFILES)
def test_blind_values_are_equal_for_equal_values_of_one_field_only(profile: str) -> None:
    ring = Keyring(f"k1:{OLD}", profile)
    value = ring.blind("610502199001011234", field=FIELD)
    assert re.fullmatch(r"[0-9a-f]{64}", value)
    assert value == Keyring(f"k1:{OLD}", profile).blind("610502199001011234", field=FIELD)
    others = [
        ring.blind("610502199001011235", field=FIELD),
        ring.blind("610502199001011234", field="a.b.c"),
        Keyring(f"k1:{NEW}", profile).blind("610502199001011234", field=FIELD),
    ]
    assert len({value, *others}) == 4
    with pytest.raises(CryptoError):
        ring.blind("", field=FIELD)


def test_the_field_and_the_value_cannot_run_into_one_another() -> None:
    ring = Keyring(f"k1:{OLD}")
    assert ring.blind("bc", field="a") != ring.blind("c", field="ab")


def test_rotation_keeps_old_values_readable_and_blind_values_equal() -> None:
    before, during = Keyring(f"k1:{OLD}"), Keyring(f"k2:{NEW},k1:{OLD}")
    blob = before.seal_bytes(b"text", field=FIELD)
    assert during.needs_reseal(blob)
    fresh = during.reseal(blob, field=FIELD)
    assert not during.needs_reseal(fresh)
    assert during.reseal(fresh, field=FIELD) == fresh
    after = Keyring(f"k2:{NEW},index:{OLD}")
    assert after.open_bytes(fresh, field=FIELD) == b"text"
    with pytest.raises(CryptoError) as refusal:
        after.open_bytes(blob, field=FIELD)
    assert refusal.value.code == "sealed.key"
    assert before.blind("v", field=FIELD) == during.blind("v", field=FIELD) == after.blind("v", field=FIELD)
    assert before.index_mark() == after.index_mark() != Keyring(f"k2:{NEW}").index_mark()


def test_the_index_entry_never_seals() -> None:
    ring = Keyring(f"index:{OLD},k2:{NEW}")
    assert ring.current_id == "k2" and ring.key_ids == ("k2",)


def test_a_change_of_profile_is_a_reseal() -> None:
    aes, gb = Keyring(f"k1:{OLD}", "aes"), Keyring(f"k1:{OLD}", "gb")
    blob = aes.seal_bytes(b"text", field=FIELD)
    assert gb.open_bytes(blob, field=FIELD) == b"text" and gb.needs_reseal(blob)
    fresh = gb.reseal(blob, field=FIELD)
    assert fresh[1] == 2 and aes.open_bytes(fresh, field=FIELD) == b"text"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("", "keys.missing"),
        (" , ", "keys.missing"),
        (f"index:{OLD}", "keys.missing"),
        (OLD, "keys.format"),
        (f"k 1:{OLD}", "keys.format"),
        ("k1:***", "keys.base64"),
        ("k1:AAAA", "keys.length"),
        (f"k1:{OLD},k1:{NEW}", "keys.twice"),
        (f"k1:{OLD},k2:{OLD}", "keys.same"),
    ],
)
def test_flawed_keys_are_refused(keys: str, code: str) -> None:
    with pytest.raises(CryptoError) as refusal:
        Keyring(keys)
    assert refusal.value.code == code
    assert OLD not in refusal.value.sentence


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(CryptoError):
        Keyring(f"k1:{OLD}", "rot13")


def test_url_safe_keys_and_spaces_are_accepted() -> None:
    key = bytes([251, 239, 190] * 10 + [1, 2])
    assert (
        Keyring(f" k1:{base64.urlsafe_b64encode(key).decode()} ").index_mark()
        == Keyring(f"k1:{base64.b64encode(key).decode()}").index_mark()
    )


def test_keys_never_show_in_a_representation() -> None:
    assert repr(Keyring(f"k1:{OLD}")) == "Keyring(k1; aes)"


def test_the_module_functions_use_the_configured_ring(configured: Keyring) -> None:
    blob = crypto.seal("王小明", field=FIELD)
    assert crypto.open_sealed(blob, field=FIELD) == "王小明"
    assert crypto.open_bytes(crypto.seal_bytes(b"\0\1", field="f"), field="f") == b"\0\1"
    assert crypto.blind("v", field=FIELD) == configured.blind("v", field=FIELD)
    assert not crypto.needs_reseal(blob) and crypto.reseal(blob, field=FIELD) == blob


def test_without_keys_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_keyring", None)
    with pytest.raises(CryptoError) as refusal:
        crypto.seal("x", field=FIELD)
    assert refusal.value.code == "keys.unconfigured"


def test_digests_follow_the_published_examples(configured: Keyring) -> None:
    sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert crypto.digest(b"abc") == sha
    crypto.configure(f"k1:{OLD}", "gb")
    assert crypto.digest(b"abc") == sm3
    assert crypto.same_digest(b"abc", sha) and crypto.same_digest(b"abc", sm3)
    assert not crypto.same_digest(b"abd", sha)


def test_generated_keys_are_usable_and_new() -> None:
    first, second = crypto.generate_key(), crypto.generate_key()
    assert first != second
    assert Keyring(f"a:{first},b:{second}").key_ids == ("a", "b")
