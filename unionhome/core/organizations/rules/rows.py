"""One union as a sheet tells of it."""

from typing import NamedTuple

from unionhome.core.organizations.rules.employers import EmployerKey


class UnionRow(NamedTuple):
    """A row that can be taken, ready to be sealed as JSON: days in ISO form, codes as stored, "" for nothing.

    `number` is its place in the file; `division_code` has 12 digits; `term_ends_on` is the term's last day.
    """

    number: int
    code: str
    name: str
    parent_code: str
    level: str
    form: str
    division_code: str
    uscc: str = ""
    employer_uscc: str = ""
    employer_name: str = ""
    nature: str = ""
    industry: str = ""
    workers_count: int | None = None
    women_count: int | None = None
    founded_on: str = ""
    approval_no: str = ""
    term_no: int | None = None
    term_starts_on: str = ""
    term_ends_on: str = ""
    chair_name: str = ""
    phone: str = ""


ROW_FACTS = ("uscc", "approval_no", "term_no", "workers_count", "women_count", "phone")
"""Columns that are facts of the union under the same name; its days stand in ISO form."""
ROW_DAYS = ("term_starts_on", "term_ends_on")


def key_of(row: UnionRow) -> EmployerKey:
    """By what the employer of a row is known."""
    return EmployerKey(row.employer_uscc, row.employer_name, row.division_code)
