"""The 23 numbers of the printed review of 2021 of the federation 610500: what the demo city has to come to.

A number matches when low <= value <= high, in the base unit (fen for money): exact numbers have one bound, numbers that
were printed rounded or with 余 have a range. `style` tells how a review writes it.
"""

from dataclasses import dataclass

from unionhome.core.registry import Figure

ORGANIZATION = "610500"
YEAR = 2021


@dataclass(frozen=True, slots=True)
class Published:
    """One printed number."""

    code: str
    name: str
    unit: str
    kind: str
    scope: str
    basis: str
    low: int
    high: int
    display: str
    style: str = "plain"

    @property
    def figure(self) -> Figure:
        """A declaration with nothing behind it, for a figure that no room declares yet."""
        return Figure(self.code, self.name, self.unit, self.kind, self.basis, "", "", scope=self.scope)


def _one(code: str, name: str, unit: str, number: int, **more: str) -> Published:
    """A number printed exactly."""
    facts = {"kind": "flow", "scope": "tree", "basis": "记录", "display": f"{number}{unit}", **more}
    return Published(code, name, unit, low=number, high=number, **facts)


def _range(code: str, name: str, unit: str, low: int, high: int, display: str, **more: str) -> Published:
    """A number printed rounded."""
    facts = {"kind": "flow", "scope": "tree", "basis": "记录", **more}
    return Published(code, name, unit, low=low, high=high, display=display, **facts)


PUBLISHED: tuple[Published, ...] = (
    _one("organizations.unions", "工会组织", "个", 8155, kind="stock", basis="实名"),
    _one("members.members", "工会会员", "人", 731692, kind="stock", basis="实名"),
    _range("relief.seasonal.raised", "四季送筹集资金", "万元", 227550000, 227650000, "227.6万元", style="wan"),
    _range("relief.seasonal.people", "四季送惠及职工", "人", 65500, 66500, "6.6万人", style="wan", basis="计数"),
    _one("relief.hardship_grant.standard", "困难职工补助标准", "元", 200000, kind="standard", display="2000元"),
    _one("relief.hardship_grant.paid", "困难职工补助发放", "万元", 36600000, display="36.6万元", style="wan"),
    _one("relief.hardship_grant.people", "领到补助的困难职工", "人", 183),
    _range("mutual_aid.fees", "收到互助费", "万元", 283000000, 283999999, "283万余元", style="over"),
    _range("mutual_aid.paid", "给付互助金", "万元", 192000000, 192999999, "192万余元", style="over"),
    _one("mutual_aid.people", "领到互助金的职工", "人", 1415),
    _one("legal.teams", "农民工法律服务分队", "支", 6, kind="stock"),
    _one("legal.lectures", "法治宣讲", "场", 18),
    _one("legal.lecture_attendance", "法治宣讲听众", "人次", 1870),
    _one("legal.disputes_assisted", "劳动争议调处援助", "人次", 33),
    _range("legal.recovered", "为农民工追回的钱", "万元", 25000000, 25999999, "25万余元", style="over"),
    _one("matchmaking.events", "相亲会", "场次", 5),
    _one("matchmaking.teams", "红娘服务队", "支", 33, kind="stock"),
    _one("venues.care_sites", "驿站、母婴室和托管班", "家", 140, kind="stock"),
    _one("fieldwork.working_groups", "下基层工作组", "个", 6, kind="stock", scope="own"),
    _one("fieldwork.research_reports", "调研报告", "篇", 23),
    _one("learning.study_sessions", "党组中心组学习", "次", 14, scope="own"),
    _range("learning.training_attendance", "机关干部培训", "人次", 70, 79, "70余人次", style="over", scope="own"),
    _one("competitions.key_projects", "开展竞赛的重点项目", "个", 527, kind="stock", basis="外部"),
)
BY_CODE = {each.code: each for each in PUBLISHED}
