"""What may stand on a public list, how it is masked, and how long it hangs. Pure."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from unionhome.core.registry import BadInput
from unionhome.kit import crypto
from unionhome.kit.calendars import DueDay, WorkCalendar, add_working_days
from unionhome.kit.codes import mask_name
from unionhome.kit.errors import InputRefused
from unionhome.kit.money import parse_yuan

LIST_FIELD = "publicity.notice.list"
TEXT_FIELD = "publicity.objection.text"
NAME_FIELD = "publicity.objection.name"
CONTACT_FIELD = "publicity.objection.contact"
ANSWER_FIELD = "publicity.answer.text"
MOST_ROWS = 2000
MOST_SIGNS = 60
MOST_DAYS = 60

Cell = str | int
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """A column that may be shown. `kind` is name, fen, count or text; `is_open_text` says that people write it freely,
    so that words of illness are looked for in it; `others` are names that sheets give it."""

    label: str
    kind: str = "text"
    is_open_text: bool = False
    others: tuple[str, ...] = ()


COLUMNS: Mapping[str, PublicColumn] = {
    "name": PublicColumn("姓名", "name", others=("名字", "人员姓名", "获奖人")),
    "team": PublicColumn("集体", others=("班组", "集体名称")),
    "union": PublicColumn("单位", others=("工会", "所在单位", "工作单位", "单位名称", "工会名称")),
    "place": PublicColumn("地区", others=("镇街", "县区", "县（市、区）")),
    "post": PublicColumn("岗位", is_open_text=True, others=("工种", "职务")),
    "category": PublicColumn("类别", is_open_text=True, others=("类型", "项目")),
    "honour": PublicColumn("荣誉", is_open_text=True, others=("荣誉称号", "称号", "奖项")),
    "rank": PublicColumn("名次", "count", others=("排名",)),
    "count": PublicColumn("数量", "count", others=("件数", "份数")),
    "amount": PublicColumn("金额", "fen", others=("金额（元）", "金额(元)", "补助金额", "拟发放金额", "慰问金")),
}
"""The closed list: whatever is not here is never shown (domain rules §23; 个人信息保护法 第28条)."""

PRIVATE = (
    (("证件", "身份证", "证号"), "证件号码"),
    (("电话", "手机", "联系"), "电话"),
    (("账号", "账户", "卡号", "开户", "银行"), "银行账户"),
    (("病", "健康", "诊断", "残疾", "医疗"), "病情"),
    (("学校", "学籍", "年级", "就读", "班级"), "孩子的学校"),
    (("子女", "孩子", "儿子", "女儿", "配偶", "家庭", "家属"), "孩子和家人"),
    (("住址", "地址"), "住址"),
    (("出生", "年龄", "生日"), "年龄"),
)
ILLNESS = ("病", "癌", "肿瘤", "透析", "尿毒", "残疾", "抑郁", "手术", "住院", "艾滋")
SCHOOLING = ("大学", "中学", "小学", "学院", "幼儿", "高中", "初中", "子女", "儿子", "女儿", "孩子", "遗孤")
_APART = r"(?:[^\w、;]|_)*"
_DIGITS = re.compile(rf"\d(?:{_APART}\d){{5,}}")
_SPELT = r"[\d〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_WORDS = re.compile(rf"{_SPELT}(?:{_APART}{_SPELT}){{6,}}")
_OF_TITLE = re.compile(rf"{_SPELT}(?:{_APART}{_SPELT}){{8,}}")
"""Numbers in digits or spelt out; in a title two years may stand side by side."""
_OFFICES = re.compile("职业病防治|疾病预防控制|疾病防治|残疾人联合会")
_SKIPPED = ("序号", "编号", "")


def refuse_at(name: str, sentence: str, code: str = "") -> BadInput:
    """The refusal of one field."""
    return BadInput(sentence, code or f"bad-{name.replace('_', '-')}", fields={name: sentence})


def number_of(year: int, serial: int) -> str:
    """GS-2026-0007."""
    return f"GS-{year}-{serial:04d}"


def read_list(text: str) -> tuple[list[str], list[list[str]]]:
    """A pasted list: headers, and rows of as many cells. Cells are parted by tabs, or by commas where there is no tab.

    Raises BadInput at `text`.
    """
    lines = [line for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]
    if len(lines) < 2:
        raise refuse_at("text", "第一行写栏目，下面一行一个，例如：姓名、单位、金额。", "list-missing")
    mark = "\t" if "\t" in lines[0] else ","
    return split_table([[cell.strip() for cell in re.split(mark, line)] for line in lines])


def split_table(lines: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """The columns of a table by code, and its rows with the cells of those columns; serial numbers are passed over.

    Raises BadInput at `text` for a column that may not be public, one that comes twice, and rows that do not fit.
    """
    if len(lines) < 2:
        raise refuse_at("text", "名单里还没有人，请在栏目下面一行写一个。", "list-missing")
    head = [cell.strip() for cell in lines[0]]
    places = [place for place, name in enumerate(head) if name not in _SKIPPED]
    codes = [_column_of(head[place]) for place in places]
    if len(set(codes)) < len(codes):
        raise refuse_at("text", "有两栏是同一个意思，请留一栏。", "column-twice")
    rows = []
    for number, line in enumerate(lines[1:], 1):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(head):
            raise refuse_at("text", f"第{number}行比栏目多出几格，请核对。", "row-long")
        cells = [*line, *[""] * (len(head) - len(line))]
        rows.append([cells[place].strip() for place in places])
    return codes, rows


def _column_of(header: str) -> str:
    """The code of a column by what a sheet calls it. Raises BadInput, by name, for one that may not be public."""
    name = unicodedata.normalize("NFKC", header).strip()
    for code, column in COLUMNS.items():
        if name in {code, column.label, *(unicodedata.normalize("NFKC", other) for other in column.others)}:
            return code
    for words, what in PRIVATE:
        if any(word in name for word in words):
            raise refuse_at("text", f"“{name[:20]}”是{what}，不能公示，请删去这一栏。", "column-private")
    may = "、".join(column.label for column in COLUMNS.values())
    raise refuse_at("text", f"“{name[:20]}”不在可以公示的栏目里。可以公示的有：{may}。", "column-unknown")


def check_columns(codes: Sequence[str], allowed: Sequence[str]) -> None:
    """Whether these columns may stand on a list of that kind. Raises BadInput at `text`."""
    for code in codes:
        if code not in COLUMNS:
            _column_of(code)
        if code not in allowed:
            raise refuse_at("text", f"这一类公示里没有“{COLUMNS[code].label}”这一栏，请删去。", "column-kind")
    if not {"name", "team", "union"} & set(codes):
        raise refuse_at("text", "名单里至少要有姓名、集体或者单位。", "column-who")


def freeze_rows(codes: Sequence[str], rows: Rows, *, is_masked: bool) -> list[list[Cell]]:
    """The rows as everybody reads them: names masked, amounts in fen. Raises BadInput at `text` with the row's number."""
    if not rows:
        raise refuse_at("text", "名单里还没有人，请在栏目下面一行写一个。", "list-missing")
    if len(rows) > MOST_ROWS:
        raise refuse_at("text", f"一份公示最多 {MOST_ROWS:,} 行，请分成几份。", "list-long")
    return [
        [_freeze(code, cell, number, is_masked) for code, cell in zip(codes, row, strict=True)]
        for number, row in enumerate(rows, 1)
    ]


def _freeze(code: str, cell: str, number: int, is_masked: bool) -> Cell:
    column = COLUMNS[code]
    text = _plain_text(cell)
    where = f"第{number}行“{column.label}”"
    if column.kind == "fen":
        try:
            return parse_yuan(text)
        except InputRefused as refused:
            raise refuse_at("text", f"{where}：{refused.sentence}", "cell-amount") from refused
    if column.kind == "count":
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise refuse_at("text", f"{where}请写数字。", "cell-count")
        return int(text)
    _check_text(column, text, where)
    if column.kind == "name" and is_masked:
        return mask_name(text)
    return text


def _check_text(column: PublicColumn, text: str, where: str) -> None:
    if not text and column.kind == "name":
        raise refuse_at("text", f"{where}是空的。", "cell-empty")
    if len(text) > MOST_SIGNS:
        raise refuse_at("text", f"{where}太长，最多 {MOST_SIGNS} 个字。", "cell-long")
    if _DIGITS.search(text) or _WORDS.search(text):
        raise refuse_at("text", f"{where}里有一长串数字，像证件、电话或账号，不能公示。", "cell-digits")
    if column.kind == "name" and not all(sign.isalpha() or sign in "·• ." for sign in text):
        raise refuse_at("text", f"{where}只写姓名，别的请删去。", "cell-name")
    if column.is_open_text and any(word in text for word in ILLNESS):
        raise refuse_at("text", f"{where}写到了病情，不能公示，可以改成“困难帮扶”这样的类别。", "cell-illness")
    if column.is_open_text and any(word in text for word in SCHOOLING):
        raise refuse_at("text", f"{where}写到了孩子或者学校，不能公示。", "cell-child")


def _plain_text(text: str) -> str:
    """A text on one line, full-width signs made narrow, without signs that nobody sees."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf"))


def check_title(text: str) -> str:
    """A title that tells of nobody on the list what a cell may not. Raises BadInput at `title`."""
    title = _plain_text(text)
    if not title:
        raise refuse_at("title", "请写公示的标题。", "title-missing")
    if _OF_TITLE.search(title):
        raise refuse_at("title", "标题里有一长串数字，像证件、电话或账号，不能公示。", "title-digits")
    if any(word in _OFFICES.sub("", title) for word in ILLNESS):
        raise refuse_at("title", "标题写到了病情，名单上的人就都说到了，请改成“困难帮扶”这样的说法。", "title-illness")
    return title


def canonical(codes: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A list as one text, the same for the same list."""
    return json.dumps([list(codes), [list(row) for row in rows]], ensure_ascii=False, separators=(",", ":"))


def index_of(codes: Sequence[str], rows: Rows) -> str:
    """The keyed digest of the whole, unmasked list: whoever holds the list can tell whether it is still the same.
    Raises BadInput as `freeze_rows`."""
    return crypto.blind(canonical(codes, freeze_rows(codes, rows, is_masked=False)), field=LIST_FIELD)


def digest_of(title: str, codes: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """The digest of what everybody reads, as it stands on the paper."""
    return crypto.digest(f"{title}\n{canonical(codes, rows)}".encode())


def short_digest(digest: str) -> str:
    """The first signs of a digest in fours, as a paper shows them."""
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def sum_of(codes: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int | None:
    """The amounts of a list in fen; None where it has no such column."""
    if "amount" not in codes:
        return None
    place = list(codes).index("amount")
    return sum(int(row[place]) for row in rows)


def last_day(start_on: date, days: int, calendar: WorkCalendar) -> DueDay:
    """The last day of a notice that went up on `start_on`: so many whole working days after it (民法典 第201条)."""
    return add_working_days(start_on, days, calendar=calendar)


def start_day(posted_on: date, entered_on: date, grace_days: int) -> date:
    """From which day the term counts: the day it went up, or the day the photograph was handed in where that came
    more than `grace_days` later, for nobody can tell before then that it hangs."""
    return posted_on if (entered_on - posted_on).days <= grace_days else entered_on
