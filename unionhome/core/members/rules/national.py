"""Exports of the national real-name system: whose column is whose, what differs, and which act settles it. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import TextChoices

from unionhome.core.members.rules.codes import NationalState, Outcome
from unionhome.core.members.rules.roster import (
    BIRTH,
    CARD,
    CODED,
    DOCUMENT,
    EMPLOYER,
    EXTRA,
    JOINED,
    KIND,
    NAME,
    NAME_DIFFERS,
    PHONE,
    SEX,
    TEMPLATE,
    UNION,
    RosterRow,
)
from unionhome.core.members.rules.roster_judging import Verdict, label_of_change
from unionhome.kit.codes import SEX as SEX_TABLE
from unionhome.kit.codes import CodeTable, mask_document, mask_name, mask_numbers, mask_phone

NUMBER, STATE = "全国会员编号", "全国录入状态"
COLUMNS = (NUMBER, STATE, *TEMPLATE, *EXTRA)
"""Everything of ours that an export may fill."""
NEEDED = (NAME, DOCUMENT)
WORDS_OF: Mapping[str, tuple[str, ...]] = {
    NUMBER: ("会员编号", "全国会员号", "会员编码", "会员id", "会员唯一编号", "实名编号"),
    STATE: ("录入状态", "会员状态", "审核状态", "数据状态", "采集状态"),
    NAME: ("姓名", "会员姓名", "职工姓名"),
    KIND: ("证件类型", "证件类别", "证件种类"),
    DOCUMENT: ("证件号码", "证件号", "身份证号", "身份证号码", "公民身份号码", "有效证件号码"),
    PHONE: ("手机号码", "手机号", "手机", "移动电话", "联系电话", "联系方式"),
    SEX: ("性别",),
    BIRTH: ("出生日期", "出生年月", "出生年月日", "生日"),
    UNION: ("工会组织代码", "工会编码", "工会代码", "组织编码", "所属工会编码", "工会组织编码"),
    EMPLOYER: ("工作单位", "单位名称", "所在单位", "用人单位"),
    "工会职务": ("工会职务", "职务"),
    JOINED: ("入会日期", "入会时间", "加入工会时间", "入会年月"),
    CARD: ("会员卡号", "会员证号", "工会会员卡号"),
    "备注": ("备注", "说明"),
    "民族": ("民族",),
    "学历": ("学历", "文化程度"),
    "学位": ("学位",),
    "政治面貌": ("政治面貌",),
    "技能等级": ("技能等级", "职业技能等级", "技术等级"),
    "户籍类型": ("户籍类型", "户籍", "户口性质", "户籍性质"),
    "是否农民工": ("是否农民工", "农民工", "农民工标识", "是否农民工会员"),
    "新就业形态群体": ("新就业形态群体", "八大群体", "职业群体", "新就业形态类别"),
    "就业状态": ("就业状态", "就业状况", "从业状况"),
    "用工形式": ("用工形式", "用工方式"),
}
"""How exports head a column of ours; the first of them that a header has is proposed."""
STATES = CodeTable(
    "全国录入状态",
    "全国会员实名系统",
    dict(NationalState.choices),
    {
        **dict.fromkeys(
            ("审核通过", "已审核", "正常", "有效", "在册", "已入库", "通过", "在会"), NationalState.ENTERED
        ),
        **dict.fromkeys(("待审核", "审核中", "未审核", "草稿", "已提交", "未录入"), NationalState.WAITING),
        **dict.fromkeys(("退回", "审核不通过", "未通过", "驳回", "不通过", "已驳回"), NationalState.RETURNED),
    },
)
TABLES: Mapping[str, CodeTable] = {STATE: STATES, SEX: SEX_TABLE, **{name: table for name, (_, table) in CODED.items()}}
"""Columns whose words must be known ones."""
_NOISE = re.compile(r"[\s*＊:：]+|[（(][^（）()]*[）)]")


class DifferenceKind(TextChoices):
    DIFFERS = "differs", "两边不一样"
    THERE = "there", "全国系统有，这里没有"
    HERE = "here", "这里有，全国系统没有"
    UNREAD = "unread", "没有读懂"


class DifferenceState(TextChoices):
    OPEN = "open", "等处理"
    TAKEN = "taken", "用了全国系统的"
    ENTERED = "entered", "登记了入会"
    KEPT = "kept", "保留我们的"
    LEFT = "left", "登记为已离开"
    IGNORED = "ignored", "不处理"


class Act(NamedTuple):
    """One way to settle a row."""

    verb: str
    label: str
    kinds: tuple[DifferenceKind, ...]
    state: DifferenceState
    needs_reason: bool


TAKE, ENTER, KEEP, LEAVE, IGNORE = "take", "enter", "keep", "leave", "ignore"
ACTS = (
    Act(TAKE, "用全国系统的", (DifferenceKind.DIFFERS,), DifferenceState.TAKEN, False),
    Act(ENTER, "按全国系统登记入会", (DifferenceKind.THERE,), DifferenceState.ENTERED, False),
    Act(KEEP, "保留我们的", (DifferenceKind.DIFFERS, DifferenceKind.HERE), DifferenceState.KEPT, True),
    Act(LEAVE, "登记为已离开", (DifferenceKind.HERE,), DifferenceState.LEFT, True),
    Act(IGNORE, "不处理", tuple(DifferenceKind), DifferenceState.IGNORED, False),
)
BY_VERB: Mapping[str, Act] = {act.verb: act for act in ACTS}


def fault_of(act: Act, kind: str, *, has_union: bool) -> str:
    """Why a row cannot take part in an act; "" where it can."""
    if kind not in act.kinds:
        return f"“{DifferenceKind(kind).label}”的不能{act.label}"
    if act.verb == ENTER and not has_union:
        return "导出表没有写明是哪个工会，请本人申请入会或用名册登记"
    return ""


# -- columns ---------------------------------------------------------------------------------------------------------


def _clean_header(text: str) -> str:
    """A header without blanks, stars and what stands in brackets."""
    return _NOISE.sub("", text).lower()


def fingerprint(headers: Iterable[str]) -> str:
    """The same for the same headers, whatever their order."""
    return hashlib.sha256("\n".join(sorted(_clean_header(each) for each in headers if each)).encode()).hexdigest()


def propose(headers: Sequence[str]) -> dict[str, str]:
    """Our column: theirs, by the words of the header. No header is proposed twice."""
    cleaned = {_clean_header(header): header for header in reversed(headers) if header}
    found: dict[str, str] = {}
    for column in COLUMNS:
        for word in (column.lower(), *WORDS_OF.get(column, ())):
            header = cleaned.get(word)
            if header is not None and header not in found.values():
                found[column] = header
                break
    return found


def find_header(rows: Sequence[Sequence[str]]) -> list[str]:
    """The row that heads the table: the one whose words we know best, else the fullest."""
    best = max(rows, key=lambda row: (len(propose(row)), sum(map(bool, row))), default=[])
    return list(dict.fromkeys(cell.strip() for cell in best if cell.strip()))


def mask_sample(column: str, text: str) -> str:
    """A value of an export as a page may show it; `column` is what it is thought to be."""
    if column == NAME:
        return mask_name(text)
    if column == DOCUMENT:
        return mask_document(text)
    if column == PHONE:
        return mask_phone(text)
    if column == BIRTH:
        return text[:2] + "*" * (len(text) - 2)
    masked = mask_numbers(text)
    return re.sub(r"\d{5,}", lambda run: run[0][:2] + "*" * (len(run[0]) - 2), masked)[:24]


def strange_word(column: str, text: str) -> bool:
    """Whether no list of ours knows the word of a coded column."""
    table = TABLES.get(column)
    return bool(table is not None and text and table.find(text) is None)


# -- what differs ----------------------------------------------------------------------------------------------------


class NationalRow(NamedTuple):
    """A row of an export that was read, ready to be sealed."""

    row: RosterRow
    has_union: bool
    national_no: str
    national_state: str


def differing(verdict: Verdict) -> list[str]:
    """Keys of what differs, given what would become of the row as a roster's."""
    if verdict.code == NAME_DIFFERS:
        return ["name"]
    return (["union"] if verdict.outcome is Outcome.MOVED else []) + list(verdict.changed)


def label_of(key: str) -> str:
    """A difference in words."""
    return "所在工会" if key == "union" else label_of_change(key)
