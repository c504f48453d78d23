from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit.codes import CodeError, parse_mobile


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        " 138 1234 5678",
        "138-1234-5678",
        "+8613812345678",
        "86 138 1234 5678",
        "0086-13812345678",
        "013812345678",
        "１３８１２３４５６７８",
        "(+86)13812345678",
        "'13812345678",
        "138—1234—5678",
        "\u202a13812345678\u202c".strip("\u202a\u202c"),
    ],
)
def test_mobile_numbers_as_people_write_them(text: str) -> None:
    assert parse_mobile(text) == "13812345678"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "mobile.empty"),
        (" - ", "mobile.empty"),
        ("1381234567", "mobile.form"),
        ("138123456789", "mobile.form"),
        ("12812345678", "mobile.form"),
        ("0913-2120000", "mobile.form"),
        ("13812345678;DROP", "mobile.form"),
        ("1.38E+10", "mobile.form"),
        ("١٣٨١٢٣٤٥٦٧٨", "mobile.form"),
    ],
)
def test_mobile_numbers_refused(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        parse_mobile(text)
    assert caught.value.code == code


@given(st.integers(13, 19), st.integers(0, 10**9 - 1), st.sampled_from(["", "+86", "86", "0086 ", "0"]))
def test_any_mobile_number_survives_its_prefix(head: int, rest: int, prefix: str) -> None:
    number = f"{head}{rest:09d}"
    assert parse_mobile(prefix + number) == parse_mobile(number) == number
