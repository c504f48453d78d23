"""How many sit on the committees of a union, the one table of it.

Sources: 工会法第十一条 (from 25 members on a committee), 《工会基层组织选举工作条例》 (seats by membership), 《中国工会章程》
and 《基层工会经费审查委员会工作条例》 (the audit committee), 《工会女职工委员会工作条例》 (from 10 women on a committee).
"""

COMMITTEE_MEMBERS = 25
"""From so many members on a union must have a committee; with fewer one chair or organiser (组织员) may do alone."""
SEATS = ((24, 3, 5), (200, 3, 7), (1_000, 7, 15), (5_000, 15, 21), (10_000, 21, 29), (50_000, 29, 37))
"""Up to how many members, and the least and the most seats of the union committee."""
LARGEST = (37, 45)
AUDIT_LEAST, AUDIT_MOST = 3, 11
WOMEN_NEEDED = 10
"""From so many women among the members on they have a committee; with fewer one delegate is enough."""
SEATED = ("主席", "主任", "委员", "常委")
"""What the name of a post holds that is a seat on a committee, which ends with its term; staff goes on."""


def seat_bounds(members: int) -> tuple[int, int]:
    """The least and the most seats of a grassroots committee for so many members."""
    return next(((least, most) for up_to, least, most in SEATS if members <= up_to), LARGEST)


def may_be_one(members: int) -> bool:
    """Whether one elected person may do in the place of a committee."""
    return members < COMMITTEE_MEMBERS


def is_seat(post: str) -> bool:
    """Whether a post is a seat on a committee."""
    return any(word in post for word in SEATED)
