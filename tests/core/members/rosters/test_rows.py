"""How the cells of a row are read, and what each wrong one is told."""

from datetime import date

import pytest

from tests.core.members.rosters.samples import UNION, document, person
from unionhome.core.members.rules.roster import RosterRow, RowReader, UnionRef, proper_names
from unionhome.core.members.rules.roster_judging import reason_label
from unionhome.kit.sheets import Wrong

TODAY = date(2026, 3, 10)
UNIONS = {
    UNION: UnionRef(7, "000100020003", False),
    "610503001": UnionRef(8, "00010009", False),
    "610502001-Q0009": UnionRef(9, "000100020004", True),
}


def reader(default: UnionRef | None = None) -> RowReader:
    return RowReader(TODAY, UNIONS.get, "00010002", default)


def read(**cells: str) -> RosterRow:
    return reader().read(2, person(121, **cells))


def fault(**cells: str) -> tuple[str, str]:
    with pytest.raises(Wrong) as wrong:
        read(**cells)
    return wrong.value.code, wrong.value.sentence


def test_a_row_is_read_with_codes_and_days() -> None:
    row = read(户籍类型="农业户口", 是否农民工="是", 新就业形态群体="外卖骑手", 就业状态="在职", 政治面貌="党员")
    assert (row.name, row.document, row.phone, row.birth, row.sex) == (
        "王乙丙", document(121), "13900000121", "1970-01-01", "1",
    )  # fmt: skip
    facts = dict(zip(("ethnicity", "education"), row.facts[:2], strict=True))
    assert facts == {"ethnicity": "01", "education": "30"}
    assert {"rural", "yes", "rider", "on_post", "01"} <= set(row.facts)
    assert (row.node_id, row.joined) == (7, "2021-03-05")


@pytest.mark.parametrize("text", ["2021-03-05", "2021/3/5", "20210305", "２０２１/３/５", "44260", "2021年3月5日"])
def test_days_in_every_form(text: str) -> None:
    assert read(入会日期=text).joined == "2021-03-05"


def test_what_people_and_spreadsheets_do_to_numbers_is_undone() -> None:
    wide = document(121).translate(str.maketrans("0123456789X", "０１２３４５６７８９ｘ"))
    assert read(证件号码=f" {wide} ").document == document(121)
    ending = next(number for number in range(1, 999) if document(number).endswith("X"))
    assert reader().read(2, person(ending, 证件号码=document(ending).lower())).document == document(ending)
    assert read(手机号码="139 0000 0121").phone == "13900000121"


def test_a_division_that_is_no_more_is_no_fault() -> None:
    from unionhome.kit.codes import make_identity

    old = make_identity("612101", date(1970, 1, 1), 121)
    assert read(证件号码=old).document == old


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"姓名": ""}, "name", "请填写姓名"),
        ({"姓名": "=1+1"}, "name", "只能有文字"),
        ({"证件号码": document(121)[:17] + ("1" if document(121)[17] != "1" else "2")}, "identity.check", "有误"),
        ({"证件号码": "610502197013011210"}, "identity.birth", "出生日期不存在"),
        ({"证件号码": "610502700101121"}, "identity.old", "15位"),
        ({"证件号码": "6.10502E+17"}, "identity.number_cell", "当成了数字"),
        ({"证件号码": ""}, "identity.empty", "请填写身份证号码"),
        ({"证件类型": "学生证"}, "document.kind", "证件类型"),
        ({"性别": "女"}, "sex", "和证件号码不符"),
        ({"性别": "雌"}, "code-性别", "性别里没有"),
        ({"出生日期": "1971-01-01"}, "birth", "和证件号码不符"),
        ({"出生日期": "1970-02-30"}, "birth", "没有这一天"),
        ({"手机号码": "1390000012"}, "mobile.form", "11位"),
        ({"入会日期": "2026-03-11"}, "joined-later", "今天以后"),
        ({"入会日期": "去年"}, "joined", "日期请写成"),
        ({"入会日期": "1821-03-05"}, "joined", "早于1921年"),
        ({"工会组织代码": "999999"}, "union", "没有代码是"),
        ({"工会组织代码": "610503001"}, "union", "不在您的工会范围"),
        ({"工会组织代码": "610502001-Q0009"}, "union", "已经撤销"),
        ({"工会组织代码": ""}, "union", "没有写工会组织代码"),
        ({"民族": "火星族"}, "code-民族", "民族里没有"),
        ({"会员卡号": "1.2E+15"}, "card", "会员卡号"),
        ({"备注": "长" * 201}, "long", "最多200个字"),
    ],
)
def test_what_cannot_be_taken_is_told_why(cells: dict[str, str], code: str, words: str) -> None:
    told, sentence = fault(**cells)
    assert told == code and words in sentence
    assert reason_label(code) != "其他原因"


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    _, sentence = fault(姓名="", 手机号码="1", 入会日期="2027-01-01")
    assert sentence.count("；") == 2


def test_too_young() -> None:
    from unionhome.kit.codes import make_identity

    assert fault(证件号码=make_identity("610502", date(2015, 1, 1), 121))[0] == "age"


def test_a_passport_takes_birth_and_sex_from_their_columns() -> None:
    row = read(证件类型="护照", 证件号码="ｅ12345678", 性别="女", 出生日期="1980/5/6")
    assert (row.document, row.sex, row.birth) == ("E12345678", "2", "1980-05-06")


def test_rows_without_a_code_go_to_the_given_union() -> None:
    assert reader(UNIONS[UNION]).read(2, person(1, 工会组织代码="")).node_id == 7


def test_headers_that_people_write() -> None:
    assert dict(proper_names(("会员姓名", "身份证号", "工会组织代码", "工会编码"))) == {
        "会员姓名": "姓名",
        "身份证号": "证件号码",
        "工会组织代码": "工会组织代码",
    }
