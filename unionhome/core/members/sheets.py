"""Rosters as workbooks: the template, the rows that were refused, and the roster of a branch."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules import roster as rules
from unionhome.core.members.rules.roster import CODED, FACTS, RosterRow
from unionhome.kit import codes, sheets
from unionhome.kit.codes import DocumentKind
from unionhome.kit.sheets import Refusal

EXAMPLE = (
    "王小明", "居民身份证", "", "", "男", "汉族", "", "大专", "群众", "中级工", "农村户口", "是", "快递员", "在岗", "",
    "填单位全称", "工会小组长", "2021-03-05", "", "这一行是示例，请删去",
)  # fmt: skip
_COLUMN_OF_FACT = {fact: column for column, (fact, _) in CODED.items()}


def template_workbook() -> bytes:
    """The template: the header, and one row that shows how cells are written."""
    buffer = BytesIO()
    sheets.write_workbook(buffer, rules.headers(), [EXAMPLE], sheet_name="会员名册")
    return buffer.getvalue()


def refused_workbook(target: str | Path | BinaryIO, columns: Sequence[str], refused: Iterable[Refusal]) -> int:
    """Refused rows with their numbers and reasons, and their cells as they came: mend them there and hand them in again."""
    return sheets.write_refused(target, columns, refused)


def cells_of(row: RosterRow, union_code: str, columns: Sequence[str]) -> list[str]:
    """A row that was ready as cells again, in the order of `columns`."""
    facts = dict(zip(FACTS, row.facts, strict=True))
    known = {
        rules.NAME: row.name,
        rules.KIND: DocumentKind(row.kind).label,
        rules.DOCUMENT: row.document,
        rules.PHONE: row.phone,
        rules.SEX: codes.SEX.label(row.sex),
        rules.BIRTH: row.birth,
        rules.UNION: union_code,
        rules.EMPLOYER: row.employer,
        rules.POST: row.post,
        rules.JOINED: row.joined,
        rules.CARD: row.card_no,
        rules.NOTE: row.note,
        **{column: CODED[column][1].label(facts[fact]) for fact, column in _COLUMN_OF_FACT.items()},
    }
    return [known.get(column, "") for column in columns]


def export_workbook(
    target: str | Path | BinaryIO, members: Iterable[tuple[Person, Membership, str, str]], *, sheet_name: str
) -> int:
    """Members with document and phone in clear as a roster that can be handed in again; how many."""
    return sheets.write_workbook(target, rules.headers(), _member_rows(members), sheet_name=sheet_name)


def _member_rows(members: Iterable[tuple[Person, Membership, str, str]]) -> Iterator[tuple[object, ...]]:
    for person, membership, document, phone in members:
        employer = membership.employer.name if membership.employer else membership.employer_text
        known = {
            rules.NAME: person.name,
            rules.KIND: DocumentKind(person.document_kind).label,
            rules.DOCUMENT: document,
            rules.PHONE: phone,
            rules.SEX: codes.SEX.label(person.sex),
            rules.BIRTH: person.birth_on,
            rules.UNION: membership.node.code,
            rules.EMPLOYER: employer,
            rules.POST: membership.union_post,
            rules.JOINED: membership.joined_on,
            rules.CARD: membership.card_no,
            rules.NOTE: membership.note,
            **{column: _fact_text(person, fact, column) for fact, column in _COLUMN_OF_FACT.items()},
        }
        yield tuple(known[column] for column in rules.TEMPLATE)


def _fact_text(person: Person, fact: str, column: str) -> str:
    value = getattr(person, fact)
    if fact == "is_migrant":
        return {True: "是", False: "否", None: ""}[value]
    return CODED[column][1].label(value)


def list_workbook(headers: Sequence[str], rows: Iterable[Sequence[object]], *, sheet_name: str) -> bytes:
    """A list of a page as a workbook; what is masked on the page is masked here."""
    buffer = BytesIO()
    sheets.write_workbook(buffer, headers, rows, sheet_name=sheet_name)
    return buffer.getvalue()
