from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from unionhome.kit.codes import CodeError, make_uscc, parse_uscc, uscc_kind
from unionhome.kit.codes.credit import _SIGNS, _check, _inner_check

codes = st.builds(
    make_uscc, st.sampled_from(["81", "91", "12", "N2", "A1"]), st.just("610502"), st.integers(0, 10**8 - 1)
)


def refusal(text: str) -> str:
    with pytest.raises(CodeError) as caught:
        parse_uscc(text)
    return caught.value.code


def test_a_published_code_in_the_forms_people_type() -> None:
    for text in (
        "91350100M000100Y43",
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
    ):
        assert parse_uscc(text) == "91350100M000100Y43"


@given(codes)
def test_made_codes_read_back_and_satisfy_another_library(code: str) -> None:
    assert parse_uscc(code) == code
    if code[1].isdecimal() and code[0].isdecimal():
        assert uscc.is_valid(code)


@given(codes, st.integers(2, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(code: str, place: int, digit: str) -> None:
    if code[place] != digit:
        assert refusal(code[:place] + digit + code[place + 1 :]) == "uscc.check"


@given(codes, st.sampled_from(_SIGNS))
def test_the_inner_check_is_tested_by_itself(code: str, sign: str) -> None:
    forged = code[:16] + sign
    if sign != code[16]:
        assert refusal(forged + _check(forged)) == "uscc.check"


def test_the_inner_check_of_the_standard() -> None:
    assert _inner_check("D2143569") == "X"  # GB 11714, appendix


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "uscc.empty"),
        ("610502000012345", "uscc.length"),
        ("91350100MO00100Y43", "uscc.signs"),
        ("91350100-M000100Y4", "uscc.length"),
        ("01350100M000100Y43", "uscc.form"),
        ("913501A0M000100Y43", "uscc.form"),
        ("91350100M000100Y44", "uscc.check"),
        ("９１３中", "uscc.length"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert refusal(text) == code


def test_kinds() -> None:
    assert uscc_kind(make_uscc("81", "610502", 1)) == "基层工会"
    assert uscc_kind("91350100M000100Y43") == "企业"
    assert uscc_kind("G1350100M000100Y43") == "其他"
    with pytest.raises(ValueError, match="kind"):
        make_uscc("00", "610502", 1)
