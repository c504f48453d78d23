"""The lock files: hashed, without hosts, and cut correctly for a small installation."""

import json
import re
from pathlib import Path

import pytest

from tools import prepare
from tools.lock import LOCKS, without_addresses

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_host(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_is_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n(?: +--hash=sha256:[0-9a-f]{64}.*\n)+", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    pins = [set(re.findall(r"^\S+==\S+", path.read_text(encoding="utf-8"), re.MULTILINE)) for path in LOCK_PATHS]
    assert pins[0] < pins[1]


LOCK_PATHS = (prepare.RUNTIME_LOCK, prepare.DEV_LOCK)


def test_a_pin_is_cut_out_with_all_its_hashes() -> None:
    lock = prepare.DEV_LOCK.read_text(encoding="utf-8")
    cut = prepare.stanzas(["uv"])
    assert cut in lock
    following = lock[lock.index(cut) + len(cut) :]
    assert cut.startswith("uv==")
    assert not following.startswith(" ")
    assert "--hash" in cut


def test_a_missing_pin_is_refused() -> None:
    with pytest.raises(SystemExit, match="no-such-package"):
        prepare.stanzas(["no-such-package"])


def test_browser_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_addresses_are_taken_out_at_every_depth() -> None:
    given = {"packages": {"a": {"version": "1.0.0", "resolved": "x", "funding": {"url": "y"}}}}
    assert without_addresses(given) == {"packages": {"a": {"version": "1.0.0"}}}
