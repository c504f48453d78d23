"""How a term of office stands."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Light:
    """A state in words with its tone."""

    tone: str
    label: str


def term_light(ends_on: date | None, today: date, warn_days: int) -> Light:
    """How a term stands: warned so many days ahead, overdue from the day after its last."""
    if ends_on is None:
        return Light("grey", "未登记届次")
    left = (ends_on - today).days
    if left < 0:
        return Light("deep", f"届满超 {-left} 天")
    if left <= warn_days:
        return Light("amber", "今天届满" if left == 0 else f"还有 {left} 天届满")
    return Light("green", "任期内")
