"""Words of unions: kinds, levels, states, and what a union is called. Sources: 工会法, 中国工会章程."""

import re
from collections.abc import Iterable, Mapping

FORMS = (
    ("local", "地方总工会"),
    ("town", "乡镇街道工会"),
    ("village", "村社区工会"),
    ("single", "独立基层工会"),
    ("joint", "联合基层工会"),
    ("federation", "工会联合会"),
    ("committee", "工会工作委员会"),
    ("branch", "分会"),
    ("group", "小组"),
)
COUNTED_FORMS = tuple(form for form, _ in FORMS if form not in ("branch", "group"))
"""What `organizations.unions` counts: all forms except branches and groups."""
FOUNDABLE_FORMS = ("single", "joint", "federation", "committee", "branch", "group")
LETTERS = {
    "single": "Q",
    "joint": "L",
    "federation": "H",
    "committee": "W",
    "branch": "F",
    "group": "Z",
}
"""Letter of a union's code behind the code of the federation above it."""

LEVELS = ("city", "county", "town", "village", "grassroots", "group")
MANAGING_LEVELS = ("city", "county", "town")

STATUSES = (("preparing", "筹建中"), ("active", "正常"), ("dissolved", "已撤销"))
COMMITTEES = (
    ("union", "工会委员会"),
    ("audit", "经费审查委员会"),
    ("women", "女职工委员会"),
)
CHANGES = (
    ("founded", "成立"),
    ("changed", "资料变更"),
    ("renamed", "更名"),
    ("moved", "变更上级"),
    ("relocated", "变更所在地"),
    ("merged", "合并"),
    ("split", "分立"),
    ("dissolved", "撤销"),
)
CAUSES = (
    ("employer", "单位终止或撤销"),
    ("assembly", "会员（代表）大会决定"),
)
"""Why a union is dissolved: its employer ended, or its members' assembly decided (工会法第十三条, 章程)."""
SIZES = (("large", "大型"), ("medium", "中型"), ("small", "小型"), ("micro", "微型"))
NATURES = (
    ("110", "国有"),
    ("120", "集体"),
    ("130", "股份合作"),
    ("140", "联营"),
    ("151", "国有独资"),
    ("159", "其他有限责任"),
    ("161", "国有控股股份"),
    ("169", "其他股份"),
    ("170", "私营"),
    ("190", "其他内资"),
    ("200", "港澳台商投资"),
    ("300", "外商投资"),
    ("400", "事业单位"),
    ("500", "机关"),
    ("600", "个体经营"),
    ("700", "民办非企业"),
)
"""Unit categories of a city's union registration form."""
NATURE_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "public": ("国有和集体单位", ("110", "120", "151", "161")),
    "private": ("非公有制企业", ("130", "140", "159", "169", "170", "190", "200", "300")),
    "institution": ("机关事业单位", ("400", "500")),
    "social": ("社会组织", ("700",)),
    "self_employed": ("个体经营户", ("600",)),
}
"""Kinds of employer as figures tell them apart, by their unit categories."""
OWN_FACTS = frozenset({"address", "phone", "workers_count", "women_count", "members_count"})
"""What a union may change about itself; the rest is the next higher union's."""
FACTS = OWN_FACTS | {
    "short_name",
    "uscc",
    "founded_on",
    "approved_by",
    "approval_no",
    "term_no",
    "term_years",
    "term_starts_on",
    "term_ends_on",
    "legal_no",
    "legal_issued_on",
    "legal_ends_on",
    "account_on",
}

VILLAGE_ENDINGS = re.compile("(村民委员会|居民委员会|村委会|居委会|委员会)$")
TOWN_UNION = re.compile("(街道|镇|乡)$")


def place_name(name: str, level: str = "village", above: Iterable[str] = ()) -> str:
    """What people call a village or community: “赵村委会” is 赵村, “西关社区居民委员会” is 西关社区.

    `above` are the names of the divisions over it; where the register repeats them in front, they go.
    """
    if level != "village":
        return name
    found = VILLAGE_ENDINGS.search(name)
    if found:
        kind = "村" if found[1].startswith("村") else "社区"
        base = name[: found.start()]
        known = base.endswith(("村", "社区") if kind == "村" else "社区")
        name = base if known else base + kind
    for prefix in above:
        if name.removeprefix(prefix) not in ("", "村", "社区"):
            name = name.removeprefix(prefix)
    return name


def union_name(name: str, level: str, above: Iterable[str] = ()) -> str:
    """Name of the federation of a division: 渭南市总工会, 桥南镇总工会, 赵村工会."""
    place = place_name(name, level, above)
    if level in ("city", "county") or (level == "town" and TOWN_UNION.search(place)):
        return f"{place}总工会"
    return f"{place}工会"


def form_of_level(level: str) -> str:
    """The form of a division's federation."""
    return {"town": "town", "village": "village"}.get(level, "local")


def level_of_form(form: str) -> str:
    """The tree level of a union that is no division's."""
    return "group" if form == "group" else "grassroots"


def forms_below(parent_level: str) -> tuple[str, ...]:
    """The forms of unions that may be founded under a parent of that level."""
    if parent_level == "group":
        return ()
    local = parent_level != "grassroots"
    return tuple(form for form in FOUNDABLE_FORMS if not (local and form in ("branch", "group")))
