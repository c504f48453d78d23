from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import codes
from unionhome.kit.codes import CodeError


@pytest.mark.parametrize(
    ("code", "level", "prefix", "short", "parent"),
    [
        ("61", "province", "61", "610000", None),
        ("610000000000", "province", "61", "610000", None),
        ("610500", "city", "6105", "610500", "610000000000"),
        ("610502", "county", "610502", "610502", "610500000000"),
        ("610502001", "town", "610502001", "610502001", "610502000000"),
        ("610502001000", "town", "610502001", "610502001", "610502000000"),
        ("610502001003", "village", "610502001003", "610502001003", "610502001000"),
        ("441900003000", "town", "441900003", "441900003", "441900000000"),  # a city without counties
        ("419001", "county", "419001", "419001", "419000000000"),
    ],
)
def test_divisions(code: str, level: str, prefix: str, short: str, parent: str | None) -> None:
    assert codes.division_level(code) == level
    assert codes.division_prefix(code) == prefix
    assert codes.division_short(code) == short
    assert codes.division_parent(code) == parent


@pytest.mark.parametrize("code", ["", "6", "610", "61050", "6105020", "0105", "61050X", "6105020010030", "６１"])
def test_malformed_divisions_are_refused(code: str) -> None:
    with pytest.raises(CodeError):
        codes.division_level(code)


@given(st.integers(11, 65), st.integers(0, 99), st.integers(0, 99), st.integers(0, 999), st.integers(0, 999))
def test_climbing_ends_at_the_province_and_every_step_contains_the_last(a: int, b: int, c: int, d: int, e: int) -> None:
    code = f"{a:02d}{b:02d}{c:02d}{d:03d}{e:03d}"
    steps = [code]
    while (above := codes.division_parent(steps[-1])) is not None:
        assert codes.division_prefix(steps[-1]).startswith(codes.division_prefix(above))
        assert codes.division_prefix(steps[-1]) != codes.division_prefix(above)
        steps.append(above)
    assert codes.division_level(steps[-1]) == "province" and len(steps) <= 5
