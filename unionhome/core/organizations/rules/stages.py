"""How a re-election stands: computed from days, never kept."""

from collections.abc import Sequence
from datetime import date

from unionhome.kit.dates import months_after

STAGES = (
    ("due", "180 天内届满"),
    ("soon", "90 天内届满"),
    ("urgent", "30 天内届满"),
    ("overdue", "超期未换届"),
    ("late", "超期六个月以上"),
)
FOUNDING_OPEN = ("draft", "applied", "returned", "preparing", "reported", "approved")
"""States of a founding that is under way."""


def term_stage(ends_on: date, today: date, notices: Sequence[int], delay_months: int) -> str:
    """The stage of a term: running, due, soon, urgent (by the three reminders, largest first), overdue or late."""
    left = (ends_on - today).days
    if left < 0:
        return "late" if today > months_after(ends_on, delay_months) else "overdue"
    reached = sum(left <= days for days in notices)
    return ("running", "due", "soon", "urgent")[min(reached, 3)]


def reminder_of(ends_on: date, today: date, notices: Sequence[int], delay_months: int) -> int:
    """The reminder that is due: the smallest number of days reached, 0 once it is over, -1 once it is late."""
    stage = term_stage(ends_on, today, notices, delay_months)
    if stage in ("overdue", "late"):
        return 0 if stage == "overdue" else -1
    left = (ends_on - today).days
    return min((days for days in notices if left <= days), default=max(notices))
