"""Coverage gaps as a workbook: the same rows as the list."""

from collections.abc import Iterator
from io import BytesIO

from django.db.models import QuerySet

from unionhome.core.organizations.models import Coverage
from unionhome.core.organizations.screens import place_words
from unionhome.kit.sheets import write_workbook

GAP_HEADERS = (
    "缺口",
    "县（市、区）",
    "镇（街道）",
    "村（社区）",
    "单位",
    "统一社会信用代码",
    "职工人数",
    "负责工会",
    "从哪天起",
)


def gap_workbook(gaps: QuerySet[Coverage]) -> bytes:
    """The workbook's bytes."""
    buffer = BytesIO()
    write_workbook(buffer, GAP_HEADERS, _rows(gaps), sheet_name="覆盖缺口")
    return buffer.getvalue()


def _rows(gaps: QuerySet[Coverage]) -> Iterator[tuple[object, ...]]:
    for gap in gaps.iterator(chunk_size=2000):
        places = place_words(gap.division)
        employer = gap.employer
        yield (
            gap.get_kind_display(),
            *places,
            employer.name if employer else "",
            employer.uscc if employer else "",
            employer.workers_count if employer and employer.workers_count is not None else "",
            gap.node.name,
            gap.starts_on.isoformat(),
        )
