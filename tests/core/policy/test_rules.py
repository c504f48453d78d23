from datetime import date
from typing import Any

import pytest

from unionhome.core.policy.rules import (
    check_days,
    duty_hours,
    kind_of,
    parse_notice,
    parse_value,
    typed_text,
    value_text,
)
from unionhome.core.registry import BadInput

SAMPLES: list[tuple[Any, str, str, str]] = [
    (30, "分钟", "int", "30 分钟"),
    (1200, "元", "int", "1,200 元"),
    (120050, "分", "fen", "1,200.50 元"),
    (0.02, "", "float", "0.02"),
    (True, "", "bool", "是"),
    ("工会法第二十一条", "", "text", "工会法第二十一条"),
    ([["08:30", "12:00"], ["14:00", "24:00"]], "", "hours", "08:30–12:00，14:00–24:00"),
    ([3, 15], "天", "list", "3、15 天"),
    ({"普通": 5, "疑难": 15}, "个工作日", "map", "普通 5，疑难 15 个工作日"),
]


@pytest.mark.parametrize(("value", "unit", "kind", "text"), SAMPLES)
def test_what_is_shown_can_be_typed_back(value: Any, unit: str, kind: str, text: str) -> None:
    assert kind_of(value, unit) == kind
    assert value_text(value, unit) == text
    assert parse_value(typed_text(value, unit), value, unit) == value


def test_nested_values_are_typed_back_too() -> None:
    value = {"一级": [1, 2], "二级": []}
    assert parse_value(typed_text(value), value) == value


@pytest.mark.parametrize(
    ("text", "like", "unit"),
    [
        ("", 1, ""),
        ("abc", 1, ""),
        ("1.5", 1, ""),
        ("-1", 1, ""),
        ("nan", 1, ""),
        ("1e400", 1, ""),
        ("1.234", 100, "分"),
        ("也许", True, ""),
        ("8点到12点", [["08:30", "12:00"]], ""),
        ("18:00-08:00", [["08:30", "12:00"]], ""),
        ("普通：5", {"普通": 5, "疑难": 15}, ""),
        ("普通：5\n其他：1", {"普通": 5}, ""),
        ("[1", [[1]], ""),
        ("{}", [[1]], ""),
        ("普通：", {"普通": 5}, ""),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, like: Any, unit: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_value(text, like, unit)
    assert refused.value.sentence.endswith("。")


@pytest.mark.parametrize("text", ["8:30-12:00, 14:00～18:00", "8：30—12：00；14：00至18：00"])
def test_periods_typed_in_many_ways(text: str) -> None:
    assert parse_value(text.replace("～", "~"), [["08:30", "12:00"]]) == [["08:30", "12:00"], ["14:00", "18:00"]]


def test_duty_until_midnight() -> None:
    assert duty_hours([["00:00", "24:00"]]).minutes == 1440


def test_a_notice_line_by_line() -> None:
    days = parse_notice("2027-02-05 至 2027-02-07 休 春节\n\n2027年1月31日 班 春节调休上班\n")
    assert [(day.on, day.is_working) for day in days] == [
        (date(2027, 2, 5), False),
        (date(2027, 2, 6), False),
        (date(2027, 2, 7), False),
        (date(2027, 1, 31), True),
    ]
    assert days[3].name == "春节调休上班"
    assert check_days(days) == 2027


@pytest.mark.parametrize(
    "line",
    [
        "春节放假",
        "2027-02-30 休 春节",
        "2027-02-05 至 2027-02-01 休 春节",
        "2027-01-01 至 2027-12-31 休 全年",
        "2027-02-05 休",
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_notice(f"2027-01-01 休 元旦\n{line}")
    assert "第 2 行" in refused.value.sentence


def test_a_map_is_read_by_names_and_each_number_with_its_word() -> None:
    assert (
        value_text({"610502": "0 2", "9": "1 1"}, "列 行", {"610502": "临渭区总工会"})
        == "临渭区总工会 0 列 2 行，9 1 列 1 行"
    )
