"""How late an answer is: in working days, as its limit is counted."""

from datetime import datetime, timedelta
from typing import Any

from unionhome.core.workflow.rules import is_overdue, light_of
from unionhome.kit.calendars import WorkCalendar, count_working_days
from unionhome.kit.dates import local_day


def answer_light(due_at: datetime, since: datetime, at: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """The light of an answer that is owed: 剩1天2小时, 已超期2个工作日; on the day itself and on days off 已超期."""
    light = light_of(due_at, since, at)
    if not is_overdue(due_at, at):
        return light
    first = local_day(due_at, calendar.tz) + timedelta(days=1)
    days = count_working_days(first, local_day(at, calendar.tz), calendar=calendar)
    return {**light, "text": f"已超期{days}个工作日" if days else "已超期"}
