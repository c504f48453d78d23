"""Seats of the committees, and who may not sit where. Source: 《工会基层组织选举工作条例》 and 《工会法》."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from unionhome.core.organizations.rules.seats import AUDIT_LEAST, AUDIT_MOST, WOMEN_NEEDED, may_be_one, seat_bounds

AUDIT = "audit"
CHAIR = "主席"
MONEY = "财务"
"""Posts that hold it keep the union's money."""


@dataclass(frozen=True, slots=True)
class SeatAdvice:
    """How many seats a committee of a union of that size has, and why; `least` 0 where none is prescribed."""

    least: int
    most: int
    reason: str
    may_be_one: bool = False

    def fits(self, seats: int) -> bool:
        """Whether a number of seats lies within the advice."""
        return not self.most or self.least <= seats <= self.most or (self.may_be_one and seats == 1)


def seat_advice(kind: str, members: int) -> SeatAdvice:
    """Seats by membership (`rules.seats`)."""
    alone = may_be_one(members)
    if kind == AUDIT:
        return SeatAdvice(AUDIT_LEAST, AUDIT_MOST, f"经费审查委员会一般 {AUDIT_LEAST} 至 {AUDIT_MOST} 人", alone)
    if kind != "union":
        return SeatAdvice(0, 0, "女职工委员会名额由工会委员会按女会员人数定")
    least, most = seat_bounds(members)
    reason = f"会员 {members} 人，工会委员会一般 {least} 至 {most} 人" + ("，也可以只选一名主席" if alone else "")
    return SeatAdvice(least, most, reason, alone)


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
