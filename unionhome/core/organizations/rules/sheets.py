"""What a sheet of unions may say: its columns, how each cell is read, and the sentence for each that cannot be taken."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from unionhome.core.organizations.rules.checks import check_counts, check_employer_prefix, check_own_prefix, check_term
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.organizations.rules.words import FORMS, NATURES
from unionhome.core.registry import BadInput
from unionhome.kit import codes, dates
from unionhome.kit.codes import CodeTable
from unionhome.kit.codes.normal import normal
from unionhome.kit.errors import InputRefused
from unionhome.kit.sheets import Wrong

CODE, NAME, PARENT, LEVEL, FORM, DIVISION = (
    "工会编码",
    "工会名称",
    "上级工会编码",
    "工会层级",
    "工会类型",
    "行政区划代码",
)
SHEET_ROWS = "organizations.sheet.rows"
"""What the seals of a sheet's rows name."""
USCC, EMPLOYER_USCC, EMPLOYER = "统一社会信用代码", "单位统一社会信用代码", "单位名称"
NATURE, INDUSTRY, WORKERS, WOMEN = "单位性质", "所属行业", "职工人数", "女职工人数"
FOUNDED, APPROVAL, TERM_NO, TERM_FROM, TERM_TO = "建会日期", "批准文号", "届次", "本届起", "本届止"
CHAIR, PHONE = "主席姓名", "联系电话"
TEMPLATE = (
    CODE, NAME, PARENT, LEVEL, FORM, DIVISION, USCC, EMPLOYER_USCC, EMPLOYER, NATURE, INDUSTRY, WORKERS, WOMEN, FOUNDED,
    APPROVAL, TERM_NO, TERM_FROM, TERM_TO, CHAIR, PHONE,
)  # fmt: skip
"""The columns of the template, in its order."""
STARRED = (CODE, NAME, LEVEL, FORM, DIVISION)
OTHER_NAMES: Mapping[str, str] = {
    "工会代码": CODE,
    "组织代码": CODE,
    "工会组织代码": CODE,
    "工会组织名称": NAME,
    "上级工会代码": PARENT,
    "层级": LEVEL,
    "类型": FORM,
    "区划代码": DIVISION,
    "单位代码": EMPLOYER_USCC,
    "行业": INDUSTRY,
    "主席": CHAIR,
    "电话": PHONE,
}
"""Headers that people write for a column of the template."""
LEVELS = CodeTable(
    "工会层级",
    "组织模板",
    {"city": "市", "county": "县", "town": "镇", "village": "村", "grassroots": "基层", "group": "小组"},
    {
        **dict.fromkeys(("市级", "地市"), "city"),
        **dict.fromkeys(("区", "县区", "县级", "区县", "县市区"), "county"),
        **dict.fromkeys(("乡", "街道", "乡镇", "镇街", "镇街道", "乡镇街道"), "town"),
        **dict.fromkeys(("社区", "村社区"), "village"),
        **dict.fromkeys(("基层工会",), "grassroots"),
        **dict.fromkeys(("工会小组",), "group"),
    },
)
FORM_TABLE = CodeTable(
    "工会类型", "组织模板", dict(FORMS), {"独立工会": "single", "联合工会": "joint", "工会小组": "group"}
)
NATURE_TABLE = CodeTable("单位性质", "组织模板", dict(NATURES), {"民营": "170", "国企": "110", "事业": "400"})
LEVELS_OF_FORM: Mapping[str, tuple[str, ...]] = {
    "local": ("city", "county"),
    "town": ("town",),
    "village": ("village",),
    "group": ("group",),
}
LONGEST: Mapping[str, int] = {NAME: 120, EMPLOYER: 120, APPROVAL: 60, CHAIR: 40, PHONE: 20}
MOST_WORKERS, MOST_TERMS = 10_000_000, 99
DIVISION_SIGNS = (4, 6, 9, 12)


class Outcome(StrEnum):
    """What becomes, or became, of one row of a sheet. One letter each."""

    NEW = "n"
    CHANGED = "c"
    MOVED = "m"
    UNCHANGED = "u"
    REFUSED = "r"

    @property
    def label(self) -> str:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.NEW: "新建",
    Outcome.CHANGED: "资料有变",
    Outcome.MOVED: "换上级",
    Outcome.UNCHANGED: "没有变化",
    Outcome.REFUSED: "没有收",
}
Faults = list[tuple[str, str]]


class UnionReader:
    """Reads rows one by one; `is_division` tells whether a 12-digit code stands in the register."""

    def __init__(self, today: date, is_division: Callable[[str], bool]) -> None:
        self.today, self._is_division = today, is_division

    def read(self, number: int, cells: Mapping[str, str]) -> UnionRow:
        """The row behind the cells, by column. Raises `Wrong` with all that is wrong."""
        faults: Faults = []
        row = UnionRow(
            number=number,
            code=_code(cells.get(CODE, ""), CODE, faults),
            name=_text(" ".join(cells.get(NAME, "").split()), NAME, faults, needed=True),
            parent_code=_code(cells.get(PARENT, ""), PARENT, faults, needed=False),
            level=_coded(cells.get(LEVEL, ""), LEVELS, "level", faults, needed=True),
            form=_coded(cells.get(FORM, ""), FORM_TABLE, "form", faults, needed=True),
            division_code=self._division(cells.get(DIVISION, ""), faults),
            uscc=_uscc(cells.get(USCC, ""), USCC, check_own_prefix, faults),
            employer_uscc=_uscc(cells.get(EMPLOYER_USCC, ""), EMPLOYER_USCC, check_employer_prefix, faults),
            employer_name=_text(cells.get(EMPLOYER, "").strip(), EMPLOYER, faults),
            nature=_coded(cells.get(NATURE, ""), NATURE_TABLE, "nature", faults),
            industry=_coded(cells.get(INDUSTRY, ""), codes.INDUSTRIES, "industry", faults),
            workers_count=_number(cells.get(WORKERS, ""), WORKERS, MOST_WORKERS, "人", faults),
            women_count=_number(cells.get(WOMEN, ""), WOMEN, MOST_WORKERS, "人", faults),
            founded_on=self._day(cells.get(FOUNDED, ""), FOUNDED, faults),
            approval_no=_text(cells.get(APPROVAL, "").strip(), APPROVAL, faults),
            term_no=_number(cells.get(TERM_NO, "").removeprefix("第"), TERM_NO, MOST_TERMS, "届", faults),
            term_starts_on=self._day(cells.get(TERM_FROM, ""), TERM_FROM, faults),
            term_ends_on=self._day(cells.get(TERM_TO, ""), TERM_TO, faults),
            chair_name=_text("".join(cells.get(CHAIR, "").split()), CHAIR, faults),
            phone=_text(cells.get(PHONE, "").lstrip("'").strip(), PHONE, faults),
        )
        self._check_whole(row, faults)
        if faults:
            raise Wrong(faults)
        return row

    def _division(self, text: str, faults: Faults) -> str:
        code = normal(text)
        if not code:
            faults.append(("division", "没有写行政区划代码"))
        elif not (code.isascii() and code.isdigit() and len(code) in DIVISION_SIGNS):
            faults.append(("division", "行政区划代码是6位（县）、9位（镇）或12位（村）数字，请核对"))
        elif not self._is_division(code.ljust(12, "0")):
            faults.append(("division", f"没有行政区划代码是“{code}”的地方，请核对"))
        return code.ljust(12, "0")

    def _day(self, text: str, column: str, faults: Faults) -> str:
        if not text:
            return ""
        try:
            return dates.parse_day(text).isoformat()
        except InputRefused as refused:
            faults.append(("day", f"{column}：{refused.sentence}"))
            return ""

    def _check_whole(self, row: UnionRow, faults: Faults) -> None:
        """What only several cells together tell."""
        if row.level and row.form and row.level not in LEVELS_OF_FORM.get(row.form, ("grassroots",)):
            faults.append(("level", f"{FORM_TABLE[row.form]}不能是“{LEVELS[row.level]}”级，请核对层级和类型"))
        if row.employer_uscc and not row.employer_name:
            faults.append(("employer", "写了单位代码，没有写单位名称"))
        if row.founded_on > self.today.isoformat():
            faults.append(("day", "建会日期在今天以后，请核对"))
        if row.term_starts_on > self.today.isoformat():
            faults.append(("term", "本届起在今天以后，请核对"))
        for check in (lambda: check_term(_date(row.term_starts_on), _date(row.term_ends_on), None),
                      lambda: check_counts(row.workers_count, row.women_count)):  # fmt: skip
            try:
                check()
            except BadInput as refused:
                faults.append((refused.code, refused.sentence))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _code(text: str, column: str, faults: Faults, *, needed: bool = True) -> str:
    code = normal(text)
    if not code:
        if needed:
            faults.append(("code", f"没有写{column}"))
    elif len(code) > 32 or not code.isascii() or not code.replace("-", "").isalnum():
        faults.append(("code", f"{column}只能有数字、字母和短横线，最多32位"))
    return code


def _text(text: str, column: str, faults: Faults, *, needed: bool = False) -> str:
    if needed and not text:
        faults.append(("name", f"没有写{column}"))
    if len(text) > LONGEST[column]:
        faults.append(("long", f"{column}最多{LONGEST[column]}个字，现在有{len(text)}个字"))
    return text


def _coded(text: str, table: CodeTable, code: str, faults: Faults, *, needed: bool = False) -> str:
    if not text.strip():
        if needed:
            faults.append((code, f"没有写{table.title}"))
        return ""
    try:
        return codes.match_label(table, text)
    except InputRefused as refused:
        faults.append((code, refused.sentence))
        return ""


def _uscc(text: str, column: str, check: Callable[[str], None], faults: Faults) -> str:
    if not text.strip():
        return ""
    try:
        found = codes.parse_uscc(text)
        check(found)
    except InputRefused as refused:
        faults.append(("uscc", f"{column}：{refused.sentence}"))
        return ""
    except BadInput as refused:
        faults.append(("uscc", f"{column}：{refused.sentence}"))
        return ""
    return found


def _number(text: str, column: str, most: int, unit: str, faults: Faults) -> int | None:
    plain = normal(text).removesuffix(unit).replace(",", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain[:9]) <= most and len(plain) < 9):
        faults.append(("number", f"{column}应是整数，请核对"))
        return None
    return int(plain)


def headers() -> tuple[str, ...]:
    """The template's headers as written on a sheet: those that must be filled carry a star."""
    return tuple(f"{column}*" if column in STARRED else column for column in TEMPLATE)


REASON_LABELS: Mapping[str, str] = {
    "code": "工会编码没有写或写法不对",
    "name": "没有写工会名称",
    "level": "层级和类型不对",
    "form": "工会类型不认识",
    "division": "行政区划代码不对",
    "uscc": "统一社会信用代码不对",
    "employer": "单位没有写或和登记不符",
    "nature": "单位性质不认识",
    "industry": "所属行业不认识",
    "number": "人数或届次不对",
    "bad-count": "女职工多于职工",
    "day": "日期不对",
    "term": "本届起在今天以后",
    "bad-term": "本届止不晚于本届起",
    "long": "写得太长",
    "doubled": "编码在表里重复",
    "name-twice": "同一上级下面名称重复",
    "parent": "上级工会不对",
    "cycle": "上下级绕成了圈",
    "root": "不止一个市总工会",
    "branch": "不在您的工会范围",
    "reach": "应由上一级工会办理",
    "taken": "代码已登记给别的工会",
    "closed": "工会已经撤销",
    "fixed": "层级、类型不能用表改",
    "founded": "早于上级工会成立",
}
"""Reasons in short, for counts."""


def reason_label(code: str) -> str:
    """The short words of a reason."""
    return REASON_LABELS.get(code, "其他原因")
