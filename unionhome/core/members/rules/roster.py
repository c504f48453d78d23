"""What a roster may say: its columns, how each cell is read, and the sentence for each cell that cannot be taken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from unionhome.core.members.rules import sealed, words
from unionhome.core.members.rules.joining import YOUNGEST, age_fault, name_fault
from unionhome.kit import codes, dates
from unionhome.kit.codes import CodeTable, DocumentKind
from unionhome.kit.codes.normal import normal
from unionhome.kit.errors import InputRefused
from unionhome.kit.sheets import Wrong
from unionhome.kit.sheets import proper_names as names_of

NAME, KIND, DOCUMENT, PHONE, SEX, BIRTH = "姓名", "证件类型", "证件号码", "手机号码", "性别", "出生日期"
UNION, EMPLOYER, POST, JOINED, CARD, NOTE = "工会组织代码", "工作单位", "工会职务", "入会日期", "会员卡号", "备注"
TEMPLATE = (
    NAME, KIND, DOCUMENT, PHONE, SEX, "民族", BIRTH, "学历", "政治面貌", "技能等级", "户籍类型", "是否农民工",
    "新就业形态群体", "就业状态", UNION, EMPLOYER, POST, JOINED, CARD, NOTE,
)  # fmt: skip
"""The columns of the template, in its order."""
STARRED = (NAME, DOCUMENT, UNION)
EXTRA = ("学位", "用工形式")
OTHER_NAMES: Mapping[str, str] = {
    "身份证号": DOCUMENT,
    "身份证号码": DOCUMENT,
    "证件号": DOCUMENT,
    "手机号": PHONE,
    "手机": PHONE,
    "联系电话": PHONE,
    "会员姓名": NAME,
    "工会编码": UNION,
    "工会代码": UNION,
    "单位名称": EMPLOYER,
}
"""Headers that people write for a column of the template."""
CODED: Mapping[str, tuple[str, CodeTable]] = {
    "民族": ("ethnicity", codes.ETHNIC_GROUPS),
    "学历": ("education", codes.EDUCATION),
    "学位": ("degree", codes.DEGREES),
    "政治面貌": ("political", codes.POLITICAL),
    "技能等级": ("skill_level", codes.SKILL_LEVELS),
    "户籍类型": ("household_kind", words.HOUSEHOLDS),
    "是否农民工": ("is_migrant", words.YES_NO),
    "新就业形态群体": ("group", words.WORK_GROUPS),
    "就业状态": ("employment_state", words.EMPLOYMENT_STATES),
    "用工形式": ("employment_form", words.EMPLOYMENT_FORMS),
}
"""Columns read by a code table: the fact each fills, and the table."""
FACTS = tuple(fact for fact, _ in CODED.values())
LONGEST: Mapping[str, int] = {EMPLOYER: 120, POST: 40, NOTE: 200}
EARLIEST = date(1921, 1, 1)
"""No union stood before the first ones did."""
ELSEWHERE, DOUBLED, NAME_DIFFERS, TRANSFERRING, CARD_TAKEN, MERGED = (
    "elsewhere", "doubled", "name-differs", "transferring", "card-taken", "merged",
)  # fmt: skip
SENTENCES: Mapping[str, str] = {
    NAME_DIFFERS: "这个证件号码登记的是另一个姓名，请和本人核对证件",
    TRANSFERRING: "会籍正在转接，等转接办完再登记",
    CARD_TAKEN: "会员卡号已经是别人的，请核对",
    MERGED: "和前面一行是同一个人（两份档案已经合并），只收前面一行",
}


class RosterRow(NamedTuple):
    """A row that can be taken, ready to be sealed as JSON: days in ISO form, facts as stored codes, "" for nothing."""

    number: int
    node_id: int
    name: str
    kind: str
    document: str
    blind: str
    phone: str
    phone_index: str
    birth: str
    sex: str
    facts: list[str]
    employer: str
    post: str
    joined: str
    card_no: str
    note: str


@dataclass(frozen=True, slots=True)
class UnionRef:
    """A union as far as a row needs it."""

    node_id: int
    path: str
    is_closed: bool


FindUnion = Callable[[str], UnionRef | None]
_GIVEN_SEX = {"1": "男", "2": "女"}


class RowReader:
    """Reads rows one by one. What recurs (days, codes, unions) is read once and remembered."""

    def __init__(self, today: date, find_union: FindUnion, branch: str, default: UnionRef | None) -> None:
        self.today, self.branch, self.default = today, branch, default
        self._find_union = find_union
        self._unions: dict[str, UnionRef | str] = {}
        self._kinds: dict[str, DocumentKind] = {}
        self._days: dict[str, str] = {}
        self._coded: dict[tuple[str, str], str] = {}
        self._old_enough = dates.years_before(today, YOUNGEST)

    def read(self, number: int, cells: Mapping[str, str]) -> RosterRow:
        """The row behind the cells, by column. Raises `Wrong` with all that is wrong."""
        faults: list[tuple[str, str]] = []
        name = " ".join(cells.get(NAME, "").split())
        if sentence := name_fault(name):
            faults.append(("name", sentence))
        document = self._document(cells, faults)
        phone = self._phone(cells.get(PHONE, ""), faults)
        facts = [self._fact(cells.get(column, ""), column, faults) for column in CODED]
        union = self._union(cells.get(UNION, ""), faults)
        joined = self._joined(cells.get(JOINED, ""), faults)
        card_no = self._card(cells.get(CARD, ""), faults)
        texts = [
            codes.mask_numbers(self._text(cells.get(column, ""), column, faults)) for column in (EMPLOYER, POST, NOTE)
        ]
        if faults or document is None or union is None:
            raise Wrong(faults)
        return RosterRow(
            number, union.node_id, name, document.kind.value, document.number,
            sealed.document_index(document.kind, document.number), phone, sealed.phone_index(phone),
            document.birth_on.isoformat() if document.birth_on else "", document.sex or "", facts,
            texts[0], texts[1], joined, card_no, texts[2],
        )  # fmt: skip

    def _document(self, cells: Mapping[str, str], faults: list[tuple[str, str]]) -> codes.Document | None:
        """The document with birth and sex, from the number where it tells them, else from their columns."""
        try:
            kind = self._kind(cells.get(KIND, ""))
            found = codes.parse_document(kind, cells.get(DOCUMENT, ""), on=self.today)
        except InputRefused as refused:
            faults.append((refused.code, refused.sentence))
            return None
        sex = self._sex(cells.get(SEX, ""), found.sex, faults)
        birth_on = self._birth(cells.get(BIRTH, ""), found.birth_on, faults)
        if birth_on and birth_on > self._old_enough and (sentence := age_fault(birth_on, self.today)):
            faults.append(("age", sentence))
        return codes.Document(found.kind, found.number, birth_on, sex)

    def _kind(self, text: str) -> DocumentKind:
        kind = self._kinds.get(text)
        if kind is None:
            kind = self._kinds[text] = DocumentKind.match(text)
        return kind

    def _sex(self, text: str, known: str | None, faults: list[tuple[str, str]]) -> str:
        if not text:
            return known or ""
        given = self._code(text, SEX, codes.SEX, faults)
        if known and given in _GIVEN_SEX and given != known:
            faults.append(("sex", f"性别写的是{_GIVEN_SEX[given]}，和证件号码不符，请核对"))
        return known or given

    def _birth(self, text: str, known: date | None, faults: list[tuple[str, str]]) -> date | None:
        given = self._day(text, BIRTH, "birth", faults) if text else ""
        if not given:
            return known
        birth_on = date.fromisoformat(given)
        if known and birth_on != known:
            faults.append(("birth", f"出生日期写的是{given}，和证件号码不符，请核对"))
        elif birth_on > self.today:
            faults.append(("birth", "出生日期在今天以后，请核对"))
        return known or birth_on

    def _phone(self, text: str, faults: list[tuple[str, str]]) -> str:
        if not text:
            return ""
        try:
            return codes.parse_mobile(text)
        except InputRefused as refused:
            faults.append((refused.code, refused.sentence))
            return ""

    def _fact(self, text: str, column: str, faults: list[tuple[str, str]]) -> str:
        return self._code(text, column, CODED[column][1], faults) if text else ""

    def _code(self, text: str, column: str, table: CodeTable, faults: list[tuple[str, str]]) -> str:
        code = self._coded.get((column, text))
        if code is not None:
            return code
        try:
            code = codes.match_label(table, text)
        except InputRefused as refused:
            faults.append((f"code-{column}", refused.sentence))
            return ""
        self._coded[column, text] = code
        return code

    def _day(self, text: str, column: str, code: str, faults: list[tuple[str, str]]) -> str:
        day = self._days.get(text)
        if day is None:
            try:
                day = dates.parse_day(text).isoformat()
            except InputRefused as refused:
                faults.append((code, f"{column}：{refused.sentence}"))
                return ""
            self._days[text] = day
        return day

    def _joined(self, text: str, faults: list[tuple[str, str]]) -> str:
        day = self._day(text, JOINED, "joined", faults) if text else ""
        if day > self.today.isoformat():
            faults.append(("joined-later", "入会日期在今天以后，请核对"))
        elif day and day < EARLIEST.isoformat():
            faults.append(("joined", f"入会日期早于{EARLIEST.year}年，请核对"))
        return day

    def _union(self, text: str, faults: list[tuple[str, str]]) -> UnionRef | None:
        if not text and self.default:
            return self.default
        found = self._unions.get(text)
        if found is None:
            found = self._unions[text] = self._look_up(text)
        if isinstance(found, str):
            faults.append(("union", found))
            return None
        return found

    def _look_up(self, text: str) -> UnionRef | str:
        code = normal(text)
        if not code:
            return "没有写工会组织代码"
        found = self._find_union(code)
        if found is None:
            return f"没有代码是“{codes.mask_numbers(code)[:32]}”的工会"
        if not found.path.startswith(self.branch):
            return f"代码是“{code}”的工会不在您的工会范围"
        return f"代码是“{code}”的工会已经撤销" if found.is_closed else found

    def _card(self, text: str, faults: list[tuple[str, str]]) -> str:
        if not text:
            return ""
        card_no = normal(text)
        if not (card_no.isascii() and card_no.isalnum() and 4 <= len(card_no) <= 20):
            faults.append(("card", "会员卡号应是4至20位数字或字母，请把这一列设为“文本”后重新填写"))
        return card_no

    def _text(self, text: str, column: str, faults: list[tuple[str, str]]) -> str:
        if len(text) > LONGEST[column]:
            faults.append(("long", f"{column}最多{LONGEST[column]}个字，现在有{len(text)}个字"))
        return text


def headers() -> tuple[str, ...]:
    """The template's headers as written on a sheet: those that must be filled carry a star."""
    return tuple(f"{column}*" if column in STARRED else column for column in TEMPLATE)


def known_columns() -> tuple[str, ...]:
    """Everything that is read, the template's own first."""
    return (*TEMPLATE, *EXTRA, *OTHER_NAMES)


def proper_names(found: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """For each column found: its name on the sheet and the template's; of two that mean the same the template's own."""
    return names_of(found, OTHER_NAMES)
