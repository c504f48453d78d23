"""Cases as a workbook: the same rows as the list."""

from collections.abc import Iterator
from io import BytesIO

from django.db.models import QuerySet
from django.utils import timezone

from unionhome.core.cases.models import Case, Rating
from unionhome.core.cases.queries import get_kind, get_masked_applicant
from unionhome.kit.sheets import write_workbook

HEADERS = ("编号", "类别", "事项", "当事人", "承办工会", "状态", "提出时间", "办结日期", "到场用时（分）", "评价")


def case_workbook(cases: QuerySet[Case]) -> bytes:
    """The workbook's bytes, names masked."""
    buffer = BytesIO()
    write_workbook(buffer, HEADERS, _rows(cases), sheet_name="诉求")
    return buffer.getvalue()


def _rows(cases: QuerySet[Case]) -> Iterator[tuple[object, ...]]:
    for case in cases.iterator(chunk_size=2000):
        kind = get_kind(case.kind)
        yield (
            case.number,
            kind.category(case.category).label,
            case.title,
            get_masked_applicant(case),
            case.node.name,
            kind.table.state(case.state).label,
            f"{timezone.localtime(case.opened_at):%Y-%m-%d %H:%M}",
            case.closed_on.isoformat() if case.closed_on else "",
            case.arrive_minutes if case.arrive_minutes is not None else "",
            Rating(case.rating).label if case.rating else "",
        )
