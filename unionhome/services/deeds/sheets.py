"""Deeds as a workbook: the rows of the list, as it is filtered."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

from django.db.models import QuerySet

from unionhome.kit.money import yuan_text
from unionhome.kit.sheets import write_workbook
from unionhome.services.deeds import screens
from unionhome.services.deeds.models import Deed
from unionhome.services.deeds.workflow import TABLE

HEADERS = (
    "编号", "办什么事", "承办工会", "哪一级的清单", "哪一年", "状态", "认领日期", "答应办成", "办成日期", "是否按期", "到期",
    "预计受益（人）", "受益（人）", "人次", "花费（元）", "经费来源", "销号日期",
)  # fmt: skip
ON_TIME = {True: "按期", False: "超期", None: ""}


def deed_workbook(deeds: QuerySet[Deed], at: datetime) -> bytes:
    """The workbook's bytes."""
    buffer = BytesIO()
    write_workbook(buffer, HEADERS, _rows(deeds, at), sheet_name="办实事")
    return buffer.getvalue()


def _rows(deeds: QuerySet[Deed], at: datetime) -> Iterator[tuple[object, ...]]:
    for deed in deeds.iterator(chunk_size=2000):
        yield (
            deed.number,
            deed.title,
            deed.node.name,
            deed.owner.name if deed.owner else "",
            deed.year or "",
            TABLE.state(deed.state).label,
            _day(deed.taken_on),
            _day(deed.due_on),
            _day(deed.done_on),
            ON_TIME[deed.is_on_time],
            screens.due_text(deed, at),
            deed.expected_people_count,
            deed.people_count if deed.people_count is not None else "",
            deed.service_count if deed.service_count is not None else "",
            yuan_text(deed.cost_fen) if deed.cost_fen is not None else "",
            deed.cost_source,
            _day(deed.struck_on),
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
