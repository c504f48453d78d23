"""Orders of the 12351 hotline as workbooks: the template, what became of a sheet, and the way back to the hotline."""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

from django.utils import timezone

from unionhome.core.cases.models import Case, Rating
from unionhome.core.cases.queries import get_kind, get_outcome
from unionhome.kit.codes import mask_numbers
from unionhome.kit.sheets import Refusal, write_refused, write_workbook
from unionhome.services.helpdesk.models import HotlineOrder
from unionhome.services.helpdesk.rules.hotline import Line, Outcome, headers

EXAMPLE = (
    "WN2026030001", "2026-03-10 09:30", "填姓名（这一行是示例，请删去）", "19900000000", "临渭区人民街道", "填单位全称",
    "拖欠工资", "填来电人说的事", "2026-03-20", "否",
)  # fmt: skip
RESULT = ("原表行号", "工单编号", "结果", "诉求编号", "承办工会", "说明")
RETURN = (
    "工单编号", "来电时间", "登记日期", "诉求编号", "承办工会", "办理状态", "首次联系时间", "首次联系", "办结日期",
    "办理结果", "职工评价", "要求反馈日期", "反馈",
)  # fmt: skip


def template_workbook() -> bytes:
    """The template: the header, and one row that shows how cells are written."""
    buffer = BytesIO()
    write_workbook(buffer, headers(), [EXAMPLE], sheet_name="12351工单")
    return buffer.getvalue()


def refused_workbook(columns: list[str], refused: Iterable[Refusal]) -> bytes:
    """The refused rows with their reasons, to mend and to hand in again."""
    buffer = BytesIO()
    write_refused(buffer, columns, refused)
    return buffer.getvalue()


def result_workbook(lines: Iterable[Line], cases: Mapping[str, Case]) -> bytes:
    """What became of each row of a sheet, with the need's number beside the order's where the reader may see it."""
    buffer = BytesIO()
    write_workbook(buffer, RESULT, (_result(line, cases.get(line.order)) for line in lines), sheet_name="登记结果")
    return buffer.getvalue()


def _result(line: Line, case: Case | None) -> tuple[object, ...]:
    found = case if line.outcome != Outcome.REFUSED.value else None
    label = Outcome(line.outcome).label
    union = found.node.name if found else ""
    return (line.number, line.order, label, found.number if found else "", union, line.note)


def return_workbook(orders: Iterable[HotlineOrder]) -> tuple[bytes, int]:
    """Orders with what became of them, for the hotline to close them by: the workbook and how many."""
    buffer = BytesIO()
    count = write_workbook(buffer, RETURN, _returns(orders), sheet_name="办理结果")
    return buffer.getvalue(), count


def _returns(orders: Iterable[HotlineOrder]) -> Iterator[tuple[object, ...]]:
    for order in orders:
        case = order.case
        told = case.closed_at is not None
        words = get_outcome(case.leader or case) if told else ""
        kept = {True: "按时", False: "超时", None: ""}[case.arrive_on_time]
        on_time = ""
        if order.return_on and case.ended_on:
            on_time = "按期" if case.ended_on <= order.return_on else "超期"
        yield (
            order.number, order.called_at, order.received_on, case.number, case.node.name,
            get_kind(case.kind).table.state(case.state).label,
            timezone.localtime(order.arrived_at) if order.arrived_at else "",  # type: ignore[attr-defined]
            kept, case.ended_on, mask_numbers(words), Rating(case.rating).label if case.rating else "",
            order.return_on, on_time,
        )  # fmt: skip
