"""Orders of the 12351 hotline: what a sheet of them says, row by row, and which category its words mean."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db import models

from unionhome.kit.codes import CodeError, mask_numbers, parse_mobile
from unionhome.kit.codes.normal import normal
from unionhome.kit.dates import CHINA, DateRefused, parse_day
from unionhome.kit.sheets import Wrong

Parsed = TypeVar("Parsed")
SHEET_ROWS = "helpdesk.sheet.rows"
ORDER_KEY_FIELD = "helpdesk.order.key"
ORDER, CALLED, NAME, PHONE, TOWN = "工单编号", "来电时间", "来电人", "联系电话", "镇街"
EMPLOYER, WORDS, TEXT, RETURN, QUIET = "工作单位", "类别", "诉求内容", "要求反馈日期", "要求保密"
TEMPLATE = (ORDER, CALLED, NAME, PHONE, TOWN, EMPLOYER, WORDS, TEXT, RETURN, QUIET)
"""The columns of the template, in its order."""
STARRED = (ORDER, PHONE, TEXT)
OTHER_NAMES: Mapping[str, str] = {
    "工单号": ORDER, "受理编号": ORDER, "受理单号": ORDER, "工单流水号": ORDER,
    "受理时间": CALLED, "来电日期": CALLED, "呼入时间": CALLED, "登记时间": CALLED,
    "来电人姓名": NAME, "诉求人": NAME, "姓名": NAME, "反映人": NAME,
    "来电号码": PHONE, "电话": PHONE, "手机号": PHONE, "手机号码": PHONE, "联系方式": PHONE,
    "所属镇街": TOWN, "区县镇街": TOWN, "所在地": TOWN, "所属区域": TOWN, "事发地点": TOWN, "地址": TOWN,
    "单位": EMPLOYER, "单位名称": EMPLOYER, "所在单位": EMPLOYER, "被反映单位": EMPLOYER, "涉事单位": EMPLOYER,
    "诉求类别": WORDS, "问题类别": WORDS, "诉求分类": WORDS, "业务类别": WORDS,
    "内容": TEXT, "诉求描述": TEXT, "主要内容": TEXT, "反映内容": TEXT, "问题描述": TEXT,
    "反馈期限": RETURN, "办结时限": RETURN, "办结期限": RETURN, "要求办结日期": RETURN, "回复期限": RETURN,
    "是否保密": QUIET, "保密": QUIET,
}  # fmt: skip
"""Headers that hotlines write for a column of the template."""
LONGEST: Mapping[str, int] = {NAME: 30, TOWN: 80, EMPLOYER: 60, WORDS: 40, TEXT: 2000}
OTHER = "other"
MEANINGS: tuple[tuple[str, str], ...] = (
    ("欠薪", "wages"), ("工资", "wages"), ("薪酬", "wages"), ("劳动报酬", "wages"), ("工伤", "injury"),
    ("劳动合同", "contract"), ("劳动关系", "contract"), ("解除", "contract"), ("辞退", "contract"), ("加班", "hours"),
    ("工时", "hours"), ("休假", "hours"), ("工作时间", "hours"), ("劳动安全", "safety"), ("劳动保护", "safety"),
    ("安全生产", "safety"), ("社保", "insurance"), ("社会保险", "insurance"), ("医保", "insurance"),
    ("养老保险", "insurance"), ("生育", "insurance"), ("困难帮扶", "hardship"), ("生活困难", "hardship"),
    ("救助", "hardship"), ("助学", "children"), ("子女", "children"), ("托管", "children"), ("心理", "health"),
)  # fmt: skip
"""What parts of a hotline's category words mean, the first that fits; 12351 has no common list."""
_ORDER_FORM = re.compile(r"[0-9A-Z][0-9A-Z/_-]{3,39}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}")
_MOMENT = re.compile(r"(\d{4}\D\d{1,2}\D\d{1,2}日?|\d{8})[T ]*(\d{1,2})[:时](\d{1,2})(?:[:分]\d{0,2}(?:\.\d+)?秒?)?")
_YES = {"是", "保密", "要求保密", "匿名", "Y", "YES", "1"}


class Outcome(models.TextChoices):
    """What becomes of a row."""

    NEW = "n", "登记为诉求"
    KNOWN = "k", "已经登记过"
    REFUSED = "r", "没有收"


class OrderRow(NamedTuple):
    """A row that can be taken, ready to be sealed as JSON: moment and day in ISO form, "" for nothing."""

    number: int
    order: str
    called: str
    name: str
    phone: str
    landline: str
    town: str
    division: str
    employer: str
    words: str
    text: str
    return_on: str
    is_quiet: bool


class Line(NamedTuple):
    """What becomes of a row, for the page and the result: masked, "" for nothing."""

    number: int
    order: str
    outcome: str
    code: str
    note: str
    title: str
    union: str


def order_number(text: str) -> str:
    """A number of the hotline as it is compared: capitals, without blanks. Raises CodeError."""
    found = normal(text)
    if not found:
        raise CodeError("没有写工单编号", "order")
    if not _ORDER_FORM.fullmatch(found):
        raise CodeError("工单编号应是4至40位的数字、字母，请核对；长数字请把这一列设为“文本”", "order")
    return found


def caller_phones(text: str) -> tuple[str, str]:
    """The mobile number and the landline that a hotline writes, one of them empty. Raises CodeError."""
    plain = normal(text)
    if _LANDLINE.fullmatch(plain):
        return "", plain
    return parse_mobile(text), ""


def call_moment(text: str) -> str:
    """The moment of the call in ISO form; of a day alone the day; "" for nothing. Raises DateRefused."""
    if not text:
        return ""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return parse_day(text).isoformat()
    day, hour, minute = parse_day(found[1]), int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise DateRefused("来电时间写得不对，请写成 2026-03-10 09:30 这样", "moment")
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).isoformat()


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Counties and towns of the city by code, and the county of each town, for reading an address."""

    counties: Mapping[str, str]
    towns: Mapping[str, tuple[str, str]]

    def find(self, text: str) -> str:
        """Code of the one town whose name stands in a text, else of the one county; "" where neither is clear."""
        counties = [code for code, name in self.counties.items() if name in text]
        towns = [(code, county) for code, (name, county) in self.towns.items() if _stem(name) in text]
        if len(towns) > 1:
            whole = [each for each in towns if self.towns[each[0]][0] in text]
            towns = [each for each in whole or towns if not counties or each[1] in counties]
        if len(towns) == 1 and (not counties or towns[0][1] in counties):
            return towns[0][0]
        return counties[0] if len(counties) == 1 else ""


def _stem(name: str) -> str:
    """人民街道办事处 as people write it: 人民街道; 官底镇: 官底."""
    short = name.removesuffix("办事处")
    return short.removesuffix("镇") if short.endswith("镇") and len(short) > 2 else short


def category_of(words: str, saved: Mapping[str, str]) -> str:
    """The category that a hotline's words mean: what the union saved, else what parts of them mean; "" for unknown."""
    known = saved.get(words_key(words))
    if known:
        return known
    return next((category for part, category in MEANINGS if part in words), "")


def words_key(words: str) -> str:
    """Category words as they are compared."""
    return mask_numbers("".join(words.split()))[:40]


class OrderReader:
    """Reads rows one by one."""

    def __init__(self, now: datetime, places: PlaceNames) -> None:
        self.now, self.places = now, places

    def read(self, number: int, cells: Mapping[str, str]) -> OrderRow:
        """The row behind the cells, by column. Raises `Wrong` with all that is wrong."""
        faults: list[tuple[str, str]] = []
        order = self._parsed(order_number, cells.get(ORDER, ""), "order", faults)
        phones = self._parsed(caller_phones, cells.get(PHONE, ""), "phone", faults)
        called = self._called(cells.get(CALLED, ""), faults)
        return_on = self._return(cells.get(RETURN, ""), called, faults)
        texts = {column: _text(cells.get(column, ""), column, faults) for column in LONGEST}
        if not texts[TEXT]:
            faults.append(("text", "没有写诉求内容"))
        if faults or phones is None or order is None:
            raise Wrong(faults)
        return OrderRow(
            number, order, called, texts[NAME], *phones, texts[TOWN], self.places.find(texts[TOWN]),
            texts[EMPLOYER], texts[WORDS], texts[TEXT], return_on, normal(cells.get(QUIET, "")) in _YES,
        )  # fmt: skip

    @staticmethod
    def _parsed(parse: Callable[[str], Parsed], text: str, code: str, faults: list[tuple[str, str]]) -> Parsed | None:
        try:
            return parse(text)
        except CodeError as refused:
            faults.append((code, refused.sentence))
            return None

    def _called(self, text: str, faults: list[tuple[str, str]]) -> str:
        try:
            called = call_moment(text)
        except DateRefused as refused:
            faults.append(("called", f"来电时间：{refused.sentence}"))
            return ""
        if called and moment_of(called) > self.now:
            faults.append(("called", "来电时间在现在以后，请核对"))
        return called

    @staticmethod
    def _return(text: str, called: str, faults: list[tuple[str, str]]) -> str:
        if not text:
            return ""
        try:
            day = parse_day(text.split()[0] if text[:4].isdigit() else text)
        except DateRefused as refused:
            faults.append(("return", f"要求反馈日期：{refused.sentence}"))
            return ""
        if called and day < moment_of(called).date():
            faults.append(("return", "要求反馈日期早于来电，请核对"))
        return day.isoformat()


def moment_of(called: str) -> datetime:
    """The moment of a call; of a day alone its beginning."""
    found = datetime.fromisoformat(called)
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def _text(text: str, column: str, faults: list[tuple[str, str]]) -> str:
    if len(text) > LONGEST[column]:
        faults.append(("long", f"{column}最多{LONGEST[column]}个字，现在有{len(text)}个字"))
    return text


REASON_LABELS: Mapping[str, str] = {
    "order": "工单编号没有写或写法不对",
    "phone": "联系电话没有写或写法不对",
    "called": "来电时间不对",
    "return": "要求反馈日期不对",
    "text": "没有写诉求内容",
    "long": "写得太长",
    "doubled": "表里重复",
    "elsewhere": "不归您的工会范围",
}
"""Reasons in short, for counts."""


def reason_label(code: str) -> str:
    """The short words of a reason."""
    return REASON_LABELS.get(code, "其他原因")


def headers() -> tuple[str, ...]:
    """The template's headers as written on a sheet: those that must be filled carry a star."""
    return tuple(f"{column}*" if column in STARRED else column for column in TEMPLATE)


def count_lines(lines: Iterable[Line]) -> dict[str, int]:
    """Rows by outcome."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.outcome] = counts.get(line.outcome, 0) + 1
    return counts
