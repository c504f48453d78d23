"""How a re-election stands: computed from days, never kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from unionhome.kit.dates import months_after

STAGES = ("due", "soon", "urgent", "overdue", "late")
"""From the first reminder of a term's end to the most that an election may be put off."""
REMINDED = STAGES[:3]
MONTHS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
FOUNDING_OPEN = ("draft", "applied", "returned", "preparing", "reported", "approved")
"""States of a founding that is under way."""


@dataclass(frozen=True, slots=True)
class TermRules:
    """The numbers in force: reminders in days, the largest first, and the most months of delay."""

    notices: tuple[int, ...]
    delay_months: int

    @property
    def warn_days(self) -> int:
        return self.notices[0]

    def bounds(self, today: date) -> dict[str, tuple[date | None, date]]:
        """The first and the last day on which a term at each stage ends; no first day means ever so long ago."""
        overdue_from = self._overdue_from(today)
        found: dict[str, tuple[date | None, date]] = {
            "overdue": (overdue_from, today - timedelta(days=1)),
            "late": (None, overdue_from - timedelta(days=1)),
        }
        for place, (name, days) in enumerate(zip(REMINDED, self.notices, strict=False), start=1):
            inner = self.notices[place] if place < min(len(self.notices), len(REMINDED)) else -1
            found[name] = (today + timedelta(days=inner + 1), today + timedelta(days=days))
        return found

    def stage(self, ends_on: date, today: date) -> str:
        """The stage of a term: running, or one of STAGES."""
        for name, (first, last) in self.bounds(today).items():
            if (first is None or first <= ends_on) and ends_on <= last:
                return name
        return "running"

    def reminder(self, ends_on: date, today: date) -> int:
        """The reminder that is due: the smallest number of days reached, 0 once it is over, -1 once it is late."""
        stage = self.stage(ends_on, today)
        if stage in ("overdue", "late"):
            return 0 if stage == "overdue" else -1
        left = (ends_on - today).days
        return min((days for days in self.notices if left <= days), default=self.warn_days)

    def label(self, stage: str) -> str:
        """A stage in words; empty while the term runs."""
        if stage in REMINDED:
            place = REMINDED.index(stage)
            return f"{self.notices[place]} 天内届满" if place < len(self.notices) else ""
        months = MONTHS[self.delay_months] if self.delay_months < len(MONTHS) else str(self.delay_months)
        return {"overdue": "超期未换届", "late": f"超期{months}个月以上"}.get(stage, "")

    def _overdue_from(self, today: date) -> date:
        """The earliest end of a term that may still be put off today. Months differ in length: the day is sought."""
        found = months_after(today, -self.delay_months)
        while months_after(found, self.delay_months) < today:
            found += timedelta(days=1)
        while months_after(found - timedelta(days=1), self.delay_months) >= today:
            found -= timedelta(days=1)
        return found
