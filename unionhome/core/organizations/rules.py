"""Words and pure rules of unions: kinds, names, terms, who may change what. Sources: 工会法, 中国工会章程."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from unionhome.core.registry import BadInput, Forbidden

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
    ("merged", "合并"),
    ("split", "分立"),
    ("dissolved", "撤销"),
)
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


def check_parent(form: str, parent_level: str, parent_status: str) -> None:
    """Whether a union of that form may stand under that parent. Raises BadInput at field `parent`."""
    sentence = ""
    if parent_status != "active":
        sentence = "上级工会不在正常状态，请换一个正常的上级工会。"
    elif form in ("branch", "group") and parent_level not in ("grassroots", "group"):
        sentence = "分会和小组只能建在基层工会下面。"
    elif LEVELS.index(parent_level) > LEVELS.index(level_of_form(form)):
        sentence = "小组下面不能再建基层工会，上级的层级不能低于下级。"
    elif parent_level == "group":
        sentence = "小组下面不能再建组织。"
    if sentence:
        raise BadInput(sentence, "bad-parent", fields={"parent": sentence})


def check_term(starts_on: date | None, ends_on: date | None, years: int | None) -> None:
    """A term lies forward and lasts 3 or 5 years. Raises BadInput at field `term_ends_on` or `term_years`."""
    if years is not None and years not in (3, 5):
        sentence = "任期只有 3 年或 5 年。"
        raise BadInput(sentence, "bad-term", fields={"term_years": sentence})
    if starts_on and ends_on and ends_on <= starts_on:
        sentence = "本届止应晚于本届起。"
        raise BadInput(sentence, "bad-term", fields={"term_ends_on": sentence})


def check_counts(workers: int | None, women: int | None) -> None:
    """Women are among the workers. Raises BadInput at field `women_count`."""
    if workers is not None and women is not None and women > workers:
        sentence = "女职工人数不能多于职工人数。"
        raise BadInput(sentence, "bad-count", fields={"women_count": sentence})


def check_own_prefix(uscc: str) -> None:
    """A union's own code comes from the union register (first character 8). Raises BadInput at field `uscc`."""
    if uscc and not uscc.startswith("8"):
        sentence = "工会自己的代码以 8 开头，这像是单位的代码，请填到单位那一栏。"
        raise BadInput(sentence, "not-union-code", fields={"uscc": sentence})


def check_employer_prefix(uscc: str) -> None:
    """An employer's code is no union's. Raises BadInput at field `employer_uscc`."""
    if uscc.startswith("8"):
        sentence = "这是工会的代码，请填单位营业执照上的代码。"
        raise BadInput(sentence, "union-code", fields={"employer_uscc": sentence})


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's grants reach on one node."""

    manages: bool
    is_own: bool

    def check(self, fields: Iterable[str] = ()) -> None:
        """Raise Forbidden unless the change, of `fields` where facts change, lies within reach."""
        if self.manages:
            return
        if not self.is_own:
            raise Forbidden("这个工会由上级镇（街道）以上工会办理变更，村和企业工会不能改别的工会。")
        beyond = set(fields) - OWN_FACTS
        if beyond or not fields:
            raise Forbidden("本级工会可以自己改地址、电话和上报人数；名称、届次、批复和上级由上一级工会办理。")


def reach_of(grants: Iterable[tuple[str, str]], node_path: str, *, is_system: bool = False) -> Reach:
    """How far grants, each (level of its node, its path), reach on the node at `node_path`.

    Approval is always the next higher union's (工会法第十二条): a town, county or city decides about what lies
    below it, the city alone about itself; everybody else only keeps its own contact facts and reported numbers.
    """
    manages, is_own = is_system, False
    for level, path in grants:
        if not node_path.startswith(path):
            continue
        above = node_path != path or level == "city"
        manages = manages or (above and level in MANAGING_LEVELS)
        is_own = is_own or node_path == path
    return Reach(manages, is_own)


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


def forms_below(parent_level: str) -> tuple[str, ...]:
    """The forms of unions that may be founded under a parent of that level."""
    if parent_level == "group":
        return ()
    local = parent_level != "grassroots"
    return tuple(form for form in FOUNDABLE_FORMS if not (local and form in ("branch", "group")))
