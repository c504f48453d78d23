"""What may stand on a public list: a closed list of columns, masks, and nothing that tells more than it should."""

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionhome.core.publicity.rules import (
    COLUMNS,
    MOST_ROWS,
    check_title,
    freeze_rows,
    last_day,
    read_list,
    split_table,
    start_day,
)
from unionhome.core.registry import BadInput
from unionhome.kit.calendars import WorkCalendar
from unionhome.kit.codes import make_identity


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("身份证号", "证件号码"),
        ("联系电话", "电话"),
        ("银行卡号", "银行账户"),
        ("所患疾病", "病情"),
        ("就读学校", "学校"),
        ("子女姓名", "孩子"),
        ("家庭住址", "家人"),
        ("年龄", "年龄"),
        ("备注", "不在可以公示的栏目里"),
    ],
)
def test_a_column_that_may_not_be_public_is_refused_by_its_name(header, said):
    with pytest.raises(BadInput) as refused:
        read_list(f"姓名\t{header}\n王小明\t甲")
    assert header in refused.value.sentence and said in refused.value.sentence and "text" in refused.value.fields


def test_a_list_is_read_from_what_people_paste():
    assert read_list("序号\t姓名\t工作单位\t金额（元）\n1\t王小明\t甲厂\t1,860.50\n\n2\t李雷\t乙厂\t￥20") == (
        ["name", "union", "amount"],
        [["王小明", "甲厂", "1,860.50"], ["李雷", "乙厂", "¥20"]],
    )
    assert read_list("姓名，单位\n王小明，甲厂")[1] == [["王小明", "甲厂"]]
    assert split_table([["姓名", "单位"], ["王小明"], ["", ""]])[1] == [["王小明", ""]]
    assert read_list("\t".join(column.label for column in COLUMNS.values()) + "\n甲")[0] == list(COLUMNS)


@pytest.mark.parametrize(
    ("code", "cell", "refusal"),
    [
        ("name", "", "cell-empty"),
        ("name", "王小明（儿子王二）", "cell-name"),
        ("name", "王" * 61, "cell-long"),
        ("union", "甲厂 138 0013 8000", "cell-digits"),
        ("union", "甲厂１３８００１３８０００", "cell-digits"),
        ("union", "甲厂 138,0013,8000", "cell-digits"),
        ("union", "甲厂138（0013）8000", "cell-digits"),
        ("team", "幺三八〇〇一三八〇〇〇", "cell-digits"),
        ("category", "肺癌救助", "cell-illness"),
        ("category", "子女助学", "cell-child"),
        ("post", "尿毒症透析", "cell-illness"),
        ("amount", "两千", "cell-amount"),
        ("amount", "-1", "cell-amount"),
        ("amount", "1.005", "cell-amount"),
        ("count", "一百", "cell-count"),
        ("rank", "1234567", "cell-count"),
    ],
)
def test_a_cell_that_tells_too_much_is_refused(code, cell, refusal):
    with pytest.raises(BadInput) as refused:
        freeze_rows((code,), ((cell,),), is_masked=True)
    assert refused.value.code == refusal and "第1行" in refused.value.sentence


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (" \u200b ", "title-missing"),
        ("关于王某（610502 19900101 1234）的公示", "title-digits"),
        ("关于１３８００１３８０００的公示", "title-digits"),
        ("大病救助名单公示", "title-illness"),
        ("职业病防治院工会 2025—2026 年度先进公示", ""),
    ],
)
def test_a_title_tells_nothing_that_a_cell_may_not(title, code):
    if not code:
        assert check_title(title) == unicodedata.normalize("NFKC", title)
        return
    with pytest.raises(BadInput) as refused:
        check_title(title)
    assert refused.value.code == code and "title" in refused.value.fields


def test_rows_are_masked_and_bounded():
    names = (("买合木提·阿不都拉",), ("欧阳娜娜",), ("王\u202e小\u200b明",), ("丁",))
    assert [row[0] for row in freeze_rows(("name",), names, is_masked=True)] == ["买*******拉", "欧**娜", "王*明", "*"]
    rows = freeze_rows(("name", "amount"), (("王小明", "2000"), ("李雷", "0.5"), ("阿依古丽", "1")), is_masked=True)
    assert rows == [["王*明", 200_000], ["李*", 50], ["阿**丽", 100]]
    assert freeze_rows(("name",), (("王小明",),), is_masked=False) == [["王小明"]]
    for few in ((), (("王小明",),) * (MOST_ROWS + 1)):
        with pytest.raises(BadInput):
            freeze_rows(("name",), few, is_masked=True)


SECRETS = st.one_of(
    st.integers(0, 999).map(lambda n: make_identity("610502", date(1980, 1, 1 + n % 28), n)),
    st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
    st.from_regex(r"\A62[0-9]{14,17}\Z"),
    st.from_regex(r"\A[0-9]([ -]?[0-9]){5,12}\Z"),
)
TEXTS = st.one_of(
    st.text(max_size=30), SECRETS, st.tuples(st.text(max_size=8), SECRETS, st.text(max_size=8)).map("".join)
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([code for code, column in COLUMNS.items() if column.kind in ("text", "name")]), TEXTS)
def test_no_frozen_row_holds_a_long_number(code, text):
    try:
        ((cell,),) = freeze_rows((code,), ((text,),), is_masked=True)
    except BadInput:
        return
    assert not re.search(r"\d{6,}", re.sub(r"[\s\-.·_/]", "", str(cell)))


def test_the_term_is_whole_working_days_after_the_day_it_went_up():
    plain = WorkCalendar()
    assert last_day(date(2026, 3, 10), 5, plain).on == date(2026, 3, 17)
    assert last_day(date(2026, 3, 13), 1, plain).on == date(2026, 3, 16)
    off = WorkCalendar({date(2026, 3, 11): False, date(2026, 3, 14): True}, frozenset({2026}))
    assert (last_day(date(2026, 3, 10), 3, off).on, last_day(date(2026, 3, 10), 3, off).provisional) == (
        date(2026, 3, 14),
        False,
    )
    assert start_day(date(2026, 3, 10), date(2026, 3, 11), 1) == date(2026, 3, 10)
    assert start_day(date(2026, 3, 10), date(2026, 3, 12), 1) == date(2026, 3, 12)
