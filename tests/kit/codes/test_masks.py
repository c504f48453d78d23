from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import codes


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小国", "王*国"),
        ("王五", "王*"),
        ("欧阳小娜", "欧**娜"),
        ("王", "*"),
        ("", ""),
        (" 李四 ", "李*"),
        ("阿卜杜·买买提", "阿*****提"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert codes.mask_name(name) == masked


def test_masked_numbers() -> None:
    assert codes.mask_document("610502199001011234") == "6105**********1234"
    assert codes.mask_document("E12345678") == "E*******8"
    assert codes.mask_document("123") == "***"
    assert codes.mask_phone("13812345678") == "138****5678"
    assert codes.mask_phone("2120000") == "21***00"
    assert codes.mask_phone("12351") == "*****"
    assert codes.mask_account("6222021001112345") == "************2345"
    assert codes.mask_account("12345") == "*****"


@given(st.text(min_size=1, max_size=30))
def test_masks_keep_the_length_and_always_hide_something(text: str) -> None:
    for mask in (codes.mask_document, codes.mask_phone, codes.mask_account):
        assert len(mask(text)) == len(text) and "*" in mask(text)
    if text.strip():
        assert "*" in codes.mask_name(text)


def test_numbers_in_a_free_text_are_masked() -> None:
    text = "我叫张三，身份证61050219900101123x，电话13812345678，卡号6222021001112345678，单号20261124001，共13812345678901元"
    assert codes.mask_numbers(text) == (
        "我叫张三，身份证6105**********123x，电话138****5678，卡号***************5678，单号20261124001，共13812345678901元"
    )
