from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit import money
from unionhome.kit.money import MoneyRefused

amounts = st.integers(0, money.MAX_FEN)


@pytest.mark.parametrize(
    ("fen", "text", "plain"),
    [
        (0, "0.00", "0"),
        (5, "0.05", "0.05"),
        (186000, "1,860.00", "1860"),
        (186050, "1,860.50", "1860.5"),
        (-705, "-7.05", "-7.05"),
        (123456789012, "1,234,567,890.12", "1234567890.12"),
        (100000, "1,000.00", "1000"),
    ],
)
def test_texts(fen: int, text: str, plain: str) -> None:
    assert (money.yuan_text(fen), money.plain_yuan(fen)) == (text, plain)


@given(amounts)
def test_texts_read_back(fen: int) -> None:
    for text in (
        money.yuan_text(fen),
        money.plain_yuan(fen),
        f"￥{money.yuan_text(fen)}",
        f"{money.plain_yuan(fen)}元",
    ):
        assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1860", 186000),
        (" 1 860 ", 186000),
        ("１，８６０．５", 186050),
        ("¥1860.5", 186050),
        ("1860元整", 186000),
        ("人民币1860元", 186000),
        ("0.1", 10),
        ("5.", 500),
        ("007", 700),
        ("0.29", 29),
        ("1.15", 115),
    ],
)
def test_amounts_as_people_write_them(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.empty"),
        ("元", "money.empty"),
        ("-5", "money.negative"),
        ("－5", "money.negative"),
        ("1.234", "money.digits"),
        ("1.230", "money.digits"),
        ("12,34", "money.form"),
        ("1,2345", "money.form"),
        ("abc", "money.form"),
        ("1e5", "money.form"),
        ("1.2.3", "money.form"),
        (".5", "money.form"),
        ("1.5万", "money.form"),
        ("=1+1", "money.form"),
        ("nan", "money.form"),
        ("99999999999999", "money.large"),
        ("٣", "money.form"),
    ],
)
def test_what_is_no_amount(text: str, code: str) -> None:
    with pytest.raises(MoneyRefused) as refusal:
        money.parse_yuan(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("value", [1.5, 5, None, Decimal("1.5")])
def test_only_text_is_read(value: object) -> None:
    with pytest.raises(TypeError):
        money.parse_yuan(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fen", "text"),
    [  # the first seven from the rules of the People's Bank
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (1000705, "壹万零柒元零伍分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (186000, "壹仟捌佰陆拾元整"),
        (20000002600, "贰亿零贰拾陆元整"),
        (10**14, "壹万亿元整"),
        (100050000000000, "壹万零伍亿元整"),
        (10**10 + 10**6, "壹亿零壹万元整"),
        (-705, "负柒元零伍分"),
    ],
)
def test_capitals(fen: int, text: str) -> None:
    assert money.capital(fen) == text


@given(st.integers(1, 10**12))
def test_capitals_say_the_number(yuan: int) -> None:
    assert cn2an.cn2an(money.capital(yuan * 100).removesuffix("元整"), "smart") == yuan


@given(amounts, amounts)
def test_different_amounts_have_different_capitals(one: int, other: int) -> None:
    assert (money.capital(one) == money.capital(other)) == (one == other)


def test_capitals_end_somewhere() -> None:
    with pytest.raises(ValueError, match="range"):
        money.capital(money.MAX_FEN + 1)


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_shares_add_up_and_are_fair(fen: int, weights: list[int]) -> None:
    parts = money.split(fen, weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(fen * weight, sum(weights))) < 1
        assert weight or not part


def test_shares_need_weights() -> None:
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(100, [40, 5, 5, 50]) == [40, 5, 5, 50]
    for fen, weights in ((1, []), (1, [0, 0]), (-1, [1]), (1, [2, -1])):
        with pytest.raises(ValueError, match="weights"):
            money.split(fen, weights)


def test_rates_round_halves_up() -> None:
    assert money.times(25, Decimal("0.02")) == 1
    assert money.times(24, Decimal("0.02")) == 0
    assert money.times(-25, Decimal("0.02")) == -1
    assert money.times(1001, Fraction(1, 3)) == 334
    assert money.times(10**15, 1) == 10**15
    with pytest.raises(TypeError):
        money.times(100, 0.02)  # type: ignore[arg-type]
