from __future__ import annotations

import pytest

from unionhome.kit import codes
from unionhome.kit.codes import CodeError, CodeTable, match_label

TABLES = [
    codes.SEX,
    codes.ETHNIC_GROUPS,
    codes.EDUCATION,
    codes.DEGREES,
    codes.POLITICAL,
    codes.INDUSTRIES,
    codes.MARITAL,
    codes.HEALTH,
    codes.OCCUPATIONS,
    codes.SKILL_LEVELS,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_codes_labels_and_words_lead_to_their_code(table: CodeTable) -> None:
    for code, label in table.items():
        assert match_label(table, code) == match_label(table, label) == match_label(table, f" {label} ") == code
        assert table.label(code) == table[code] == label
    for word, code in table.words.items():
        assert code in table and match_label(table, word) == code
    assert len(set(table.values())) == len(table) and table.choices[0] == (
        next(iter(table)),
        next(iter(table.values())),
    )


def test_tables_are_whole() -> None:
    assert (
        len(codes.ETHNIC_GROUPS) == 58 and codes.ETHNIC_GROUPS["56"] == "基诺族" and codes.ETHNIC_GROUPS["30"] == "土族"
    )
    assert [codes.ETHNIC_GROUPS[code] for code in ("10", "20", "40", "50")] == [
        "朝鲜族",
        "傈僳族",
        "普米族",
        "塔塔尔族",
    ]
    assert "".join(codes.INDUSTRIES) == "ABCDEFGHIJKLMNOPQRST"
    assert list(codes.POLITICAL) == [f"{number:02d}" for number in range(1, 14)] and codes.POLITICAL["13"] == "群众"
    assert list(codes.SEX) == ["0", "1", "2", "9"]


@pytest.mark.parametrize(
    ("table", "text", "code"),
    [
        (codes.ETHNIC_GROUPS, "汉", "01"),
        (codes.ETHNIC_GROUPS, "1", "01"),
        (codes.ETHNIC_GROUPS, "０１", "01"),
        (codes.ETHNIC_GROUPS, "维吾尔", "05"),
        (codes.EDUCATION, "本科", "20"),
        (codes.EDUCATION, "大专", "30"),
        (codes.EDUCATION, "技校", "40"),
        (codes.EDUCATION, "21", "20"),
        (codes.POLITICAL, "党员", "01"),
        (codes.POLITICAL, "团员", "03"),
        (codes.SEX, "女性", "2"),
        (codes.SEX, "m", "1"),
        (codes.INDUSTRIES, "农林牧渔业", "A"),
        (codes.INDUSTRIES, "i", "I"),
        (codes.INDUSTRIES, "快递", "G"),
        (codes.OCCUPATIONS, "退(离)休人员", "80"),
        (codes.SKILL_LEVELS, "高级工（三级）", "3"),
    ],
)
def test_usual_words(table: CodeTable, text: str, code: str) -> None:
    assert match_label(table, text) == code


def test_an_unknown_word_is_answered_with_what_may_be_said() -> None:
    with pytest.raises(CodeError) as caught:
        match_label(codes.SEX, "不详性别")
    assert caught.value.code == "table.unknown"
    assert caught.value.sentence == "性别里没有“不详性别”，可填：未知的性别、男、女、未说明的性别。"
    for text in ("", "57", "汉族人"):
        with pytest.raises(CodeError):
            match_label(codes.ETHNIC_GROUPS, text)
