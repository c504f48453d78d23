"""`unionhome rotate-keys`: what it tells, and that a missing key is told and ends nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.worlds import World
from unionhome.config import cli
from unionhome.kit import crypto

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring() -> Iterator[None]:
    kept = crypto.keyring()
    yield
    crypto._keyring = kept


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(("rotate-keys", *arguments))
    taken = capsys.readouterr()
    return code, taken.out, taken.err


def test_it_tells_what_each_key_holds(
    world: World, ring: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    crypto.configure(f"n1:{crypto.generate_key()},{settings.FIELD_KEYS}")
    code, told, _ = run(capsys, "--list")
    assert code == 0 and "密钥 t1" in told and "还有内容没有换完" in told
    code, told, wrong = run(capsys)
    assert (code, wrong) == (0, "") and "access.user.phone" in told
    assert "密钥 t1：0处，旧密钥，已经没有内容；也是检索密钥" in told
    assert "重新加密0处" in run(capsys)[1]


def test_what_no_key_opens_is_told_and_left(
    world: World, ring: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    index = settings.FIELD_KEYS.partition(":")[2]
    crypto.configure(f"n1:{crypto.generate_key()},index:{index}")
    code, _, wrong = run(capsys)
    assert code == 1 and "打不开：access.user.phone" in wrong
    assert "t1" in run(capsys, "--list")[1]
