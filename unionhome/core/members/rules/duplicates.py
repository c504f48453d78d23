"""What makes two files look like one person's. Pure: over what a scan reads of them. Blocks keep it from N × N."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from django.db.models import TextChoices

from unionhome.kit import pinyin

MOST_ALIKE = 12
"""A number that more people than these have says nothing about one of them: an office's telephone, a filler."""


class Decision(TextChoices):
    """Where two files that look alike stand."""

    OPEN = "open", "等核对"
    SAME = "same", "已合并"
    DIFFERENT = "different", "不是同一个人"


class Seen(NamedTuple):
    """What a scan reads of a file."""

    id: int
    name: str
    initials: str
    birth_on: date | None
    phone: str
    phone_tail: str
    document_tail: str
    national_no: str


NAME, SOUND, BIRTH, PHONE, TAIL, NO_PHONE, DOCUMENT, NATIONAL = (
    "name", "sound", "birth", "phone", "tail", "no-phone", "document", "national",
)  # fmt: skip
REASONS: Mapping[str, str] = {
    NATIONAL: "全国系统会员编号相同",
    NAME: "姓名相同",
    SOUND: "姓名读音相同，写法不同",
    BIRTH: "出生日期相同",
    PHONE: "手机号码相同",
    TAIL: "手机号码后四位相同",
    NO_PHONE: "有一份没有登记手机",
    DOCUMENT: "证件号码后四位相同",
}
"""Each reason in words, the weightiest first."""


def compare(one: Seen, other: Seen) -> list[str]:
    """Everything that is alike, weightiest first."""
    found = {
        NATIONAL: bool(one.national_no) and one.national_no == other.national_no,
        NAME: one.name == other.name,
        SOUND: one.name != other.name and _sounds_alike(one, other),
        BIRTH: one.birth_on is not None and one.birth_on == other.birth_on,
        PHONE: bool(one.phone) and one.phone == other.phone,
        TAIL: one.phone != other.phone and bool(one.phone_tail) and one.phone_tail == other.phone_tail,
        NO_PHONE: not (one.phone and other.phone),
        DOCUMENT: one.document_tail == other.document_tail,
    }
    return [reason for reason in REASONS if found[reason]]


def _sounds_alike(one: Seen, other: Seen) -> bool:
    return bool(one.initials) and one.initials == other.initials and pinyin.full(one.name) == pinyin.full(other.name)


def _is_likely(reasons: Sequence[str]) -> bool:
    """Whether what is alike is enough to ask somebody.

    The same name and day of birth alone are not: in a city of a million that is mostly chance.
    """
    said = set(reasons)
    named, born = bool(said & {NAME, SOUND}), BIRTH in said
    linked = bool(said & {PHONE, TAIL, DOCUMENT})
    return NATIONAL in said or (named and born and (linked or NO_PHONE in said)) or (PHONE in said and (named or born))


def likely_pairs(block: Iterable[Seen]) -> Iterator[tuple[int, int, list[str]]]:
    """Pairs of one block (same birth and initials, same phone or same number) with their reasons, smaller id first.

    Within the block only those are compared that share something rarer, so that a day given to thousands costs no more.
    """
    rows = list(block)
    told: set[tuple[int, int]] = set()
    for group in _groups(rows) if len(rows) > 1 else ():
        for one, other in combinations(sorted(group), 2):
            if (one.id, other.id) not in told and _is_likely(reasons := compare(one, other)):
                told.add((one.id, other.id))
                yield one.id, other.id, reasons


def _groups(rows: Sequence[Seen]) -> Iterator[list[Seen]]:
    """Rows that share a number, and rows of one name of which one has no phone; none that too many share."""
    shared: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    named: dict[str, list[Seen]] = defaultdict(list)
    for row in rows:
        named[row.name].append(row)
        for field in ("phone", "phone_tail", "document_tail", "national_no"):
            if value := getattr(row, field):
                shared[field, value].append(row)
    without_phone = [group for group in named.values() if not all(row.phone for row in group)]
    yield from (group for group in (*shared.values(), *without_phone) if 1 < len(group) <= MOST_ALIKE)
