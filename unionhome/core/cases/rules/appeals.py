"""Whether an ended matter can be appealed, and who hears it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """What decides whether a matter can be appealed: `days` from the closing, `on` the local day of the wish."""

    days: int
    on: date
    closed_on: date | None = None
    is_appeal: bool = False
    is_appealed: bool = False
    is_withdrawn: bool = False
    may_be_reopened: bool = False


def appeal_end(closed_on: date, days: int) -> date:
    """The last day on which a closed matter can be appealed."""
    return closed_on + timedelta(days=days)


def find_appeal_refusal(facts: AppealFacts) -> tuple[str, str] | None:
    """Why a matter cannot be appealed, sentence and code; None where it can. Once, after its end, within the days of
    the policy. Source: 信访工作条例第三十五条 (a review by the next authority above, asked for within 30 days)."""
    if facts.is_appealed:
        return "这件事已经申诉过一次了。", "appealed-already"
    if facts.is_appeal:
        return "这件就是申诉，不能再申诉。还有难处，请重新提出。", "is-appeal"
    if facts.is_withdrawn:
        return "您撤回了这件事，不能申诉。需要时请重新提出。", "withdrawn"
    if facts.may_be_reopened:
        return "还可以评价：选“不满意”，由上一级工会先重办一次。", "may-be-reopened"
    if facts.closed_on is None:
        return "还没有办结，办结以后才能申诉。", "not-ended"
    if facts.on > appeal_end(facts.closed_on, facts.days):
        return f"办结已经超过{facts.days}天，不能再申诉。需要时请重新提出。", "too-late"
    return None


def choose_appeal_path(above: Iterable[str], handled: Iterable[str], hidden: str = "") -> str:
    """Of the federations above a matter's union, the nearest first, the one that hears the appeal: strictly above every
    union that handled the matter, and not in the branch that must not see it. Empty where there is none."""
    taken = tuple(handled)
    for path in above:
        is_over_all = all(each.startswith(path) and each != path for each in taken)
        if is_over_all and not (hidden and path.startswith(hidden)):
            return path
    return ""
