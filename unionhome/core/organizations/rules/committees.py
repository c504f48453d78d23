"""Seats of the committees, and who may not sit where. Source: 《工会基层组织选举工作条例》 and 《工会法》."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

AUDIT = "audit"
CHAIR = "主席"
MONEY = "财务"
"""Posts that hold it keep the union's money."""
WOMEN_NEEDED = 10
"""From so many women among the members on a committee of theirs is due; below it one delegate is enough."""
AUDIT_SEATS = (3, 11)
SEATS = (
    (25, (3, 5)),
    (201, (3, 7)),
    (1_001, (7, 15)),
    (5_001, (15, 21)),
    (10_001, (21, 29)),
    (50_001, (29, 37)),
)
MOST_SEATS = (37, 45)


@dataclass(frozen=True, slots=True)
class SeatAdvice:
    """How many seats a committee of a union of that size has, and why; `least` 0 where none is prescribed."""

    least: int
    most: int
    reason: str

    def fits(self, seats: int) -> bool:
        """Whether a number of seats lies within the advice."""
        return not self.most or self.least <= seats <= self.most


def seat_advice(kind: str, members: int) -> SeatAdvice:
    """Seats by membership: 3 to 5 below 25 members, 3 to 7 up to 200, … ; an audit committee has 3 to 11."""
    if kind == AUDIT:
        return SeatAdvice(*AUDIT_SEATS, "经费审查委员会一般 3 至 11 人")
    if kind != "union":
        return SeatAdvice(0, 0, "女职工委员会名额由工会委员会按女会员人数定")
    least, most = next((seats for below, seats in SEATS if members < below), MOST_SEATS)
    return SeatAdvice(least, most, f"会员 {members} 人，工会委员会一般 {least} 至 {most} 人")


def needs_women(women: int, has_committee: bool) -> str:
    """What is missing for the women among the members; empty where nothing is."""
    if women < WOMEN_NEEDED or has_committee:
        return ""
    return f"有女会员 {women} 人，满 {WOMEN_NEEDED} 人应当建立女职工委员会。"


def seat_clash(post: str, committee: str, others: Iterable[tuple[str, str]]) -> str:
    """Why somebody who holds `others` (committee, post) may not take this post too; empty where nothing stands against.

    The chair and whoever keeps the money do not sit on the committee that audits it.
    """
    held = list(others)
    if committee == AUDIT and any(kind != AUDIT and _keeps_money(kind, name) for kind, name in held):
        return "主席、分管财务的副主席和财务人员不能进经费审查委员会，这个人正担任这样的职务。"
    if committee != AUDIT and _keeps_money(committee, post) and any(kind == AUDIT for kind, _ in held):
        return "这个人在经费审查委员会，不能同时当主席或管财务。"
    return ""


def _keeps_money(committee: str, post: str) -> bool:
    return (committee == "union" and post == CHAIR) or MONEY in post


def vacancies(seats: int | None, sitting: Collection[str]) -> int:
    """Seats that nobody fills."""
    return max((seats or 0) - len(sitting), 0)
