"""What a kind of case is, and pure facts about clocks and numbers."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from unionhome.core.registry import Table
from unionhome.core.workflow.rules import is_overdue

CLOCKS = (("arrive", "首次到场"), ("help", "首次帮扶"), ("measure", "首次措施"))
CLOCK_LABELS: Mapping[str, str] = dict(CLOCKS)
BODY_FIELD = "cases.case.body"
PHONE_FIELD = "cases.case.phone"
OUTCOME_FIELD = "cases.case.outcome"
RATING_FIELD = "cases.case.rating"
ENTRY_TEXT_FIELD = "cases.entry.text"
RECEIPT_FIELD = "cases.receipt"
RECEIPT_CODE_FIELD = "cases.receipt.code"
OUTSIDE_KEY_FIELD = "cases.outside.key"
OUTSIDE = "open311"
"""Origin of what another system handed over, on behalf of somebody whom nobody here has asked."""


@dataclass(frozen=True, slots=True)
class Category:
    """What a matter is about. `about_employer` presets hiding it from the employer's union; of what `is_sensitive` nobody
    is told that somebody else has the same."""

    code: str
    label: str
    icon: str
    about_employer: bool = False
    is_urgent: bool = False
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """What a kind of case wants done on the way: for some categories, or for all where none is named. A required one
    has to be ticked before an outcome is proposed."""

    code: str
    label: str
    categories: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Led:
    """What leads a case: the other one, and those of its lines whose files the applicant sees as well."""

    leader_id: int
    entry_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case that a service registers in its `workflow.py` as CASE_KINDS.

    What differs from the usual kind is said here, so that the pages and acts of cases fit every kind:
    `prefix` begins its numbers; `clocks` are those of the three firsts that run for it; `step_url` names the address
    (case_id, verb) of the kind's own steps, empty for the usual ones; `plain` are the verbs taken at once by a button;
    `own_acts` is what the applicant may do with it. `facts` is a dotted path (actor, case) -> what the guards of its
    table look at besides the usual; `appealed` one (actor, appeal, original) that keeps what the kind knows beside the
    case; `dues` one (case ids) -> when each is due, for kinds whose due moment is no clock;
    `panel` one (actor, case, address of the page) -> template and context of its own part of the page. `words` say by
    state what comes next to the applicant, "" where no state is named; `opened` titles the first line by origin;
    `endings` are the messages to the applicant by the act (in its past) that ended the matter. Where cases of a kind
    stand together in its own way, `led_by` is a dotted path (case) -> `Led` or None, `told_with` one (case) -> the cases
    whose applicants are told with it how it ended, and `led_titles` are patterns of lines of the one that leads which
    the applicants of the others read. `nav` is the entry of the desk's navigation under which its pages stand, where
    it is not that of all cases.

    For other systems (Open311): `receiver` is a dotted path (actor, Outside) -> case and receipt code, the service's own
    way of opening one; `public` one () -> Q of the cases that everybody may read of, none where it is empty; `points`
    one (case ids) -> latitude and longitude in degrees.
    """

    code: str
    title: str
    icon: str
    table: Table
    categories: tuple[Category, ...]
    service: str
    prefix: str = "SQ"
    clocks: tuple[str, ...] = tuple(name for name, _ in CLOCKS)
    step_url: str = ""
    plain: tuple[str, ...] = ("accept", "resume")
    own_acts: tuple[str, ...] = ("material", "withdraw", "rate", "keep", "appeal")
    facts: str = ""
    appealed: str = ""
    dues: str = ""
    panel: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, str] = field(default_factory=dict)
    checklist: tuple[CheckPoint, ...] = ()
    endings: Mapping[str, str] = field(default_factory=dict)
    led_by: str = ""
    told_with: str = ""
    led_titles: tuple[str, ...] = ()
    nav: str = ""
    receiver: str = ""
    public: str = ""
    points: str = ""

    def category(self, code: str) -> Category:
        """Raises KeyError for an unknown category."""
        return next(each for each in self.categories if each.code == code)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clock's working: a stretch of duty time and its length."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Light:
    """What a clock shows. `state`: running, near, overdue, paused, done, or ended when the matter was over before it
    was kept; `is_late` when it was kept too late.

    `value` and `suffix` are the moment it was kept or is due ("17:12", "前"); `share` is the part of the limit used.
    """

    key: str
    name: str
    state: str
    share: float
    text: str
    value: str
    suffix: str
    limit_text: str
    due_at: datetime | None
    stopped_at: datetime | None
    working: tuple[Line, ...]
    sum_value: str
    is_provisional: bool
    is_late: bool = False
    sum_label: str = "合计"
    due_text: str = ""
    is_natural: bool = False

    @property
    def light(self) -> "Light":
        return self

    @property
    def used(self) -> str:
        return self.text

    @property
    def note(self) -> str:
        return "明年节假日安排还没公布，按工作日暂定" if self.is_provisional else ""

    @property
    def basis(self) -> str:
        """What time counts, in words."""
        return "紧急事项，白天黑夜都算" if self.is_natural else "只算上班时间"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be kept."""
        return self.stopped_at is None and self.state != "ended"


def light_state(
    *, due_at: datetime | None, stopped_at: datetime | None, used: int, limit: int, at: datetime, near_percent: int
) -> str:
    """The state of one clock at a moment; `due_at` is None while the clock is paused."""
    if stopped_at is not None:
        return "done"
    if due_at is None:
        return "paused"
    if is_overdue(due_at, at):
        return "overdue"
    return "near" if used * 100 >= limit * near_percent else "running"


def rating_end(proposed_at: datetime, days: int) -> date:
    """The local day on which a proposed case closes of itself unless it is rated before."""
    return timezone.localdate(proposed_at + timedelta(days=days))


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


def first_due(lights: list[Light]) -> Light | None:
    """The clock that runs out first among those still running."""
    running = [light for light in lights if light.is_open and light.due_at is not None]
    return min(running, key=lambda light: (light.due_at, light.key), default=None)


def list_climbs(
    clocks: Iterable[tuple[datetime, datetime | None]],
    *,
    levels: int,
    until: datetime,
    step: Callable[[datetime, int], datetime],
) -> list[int]:
    """How far up a matter goes, 0 the first level above, once for each time; `clocks` are (due, kept or ended).

    A clock that is not kept when it is due takes it up at that moment, and one level more at each moment that
    `step(moment, level)` says, until the clock is kept, there is no level left or `until` is reached. Then the next
    clock that has run out begins anew.
    """
    found: list[int] = []
    free_at: datetime | None = None
    for due_at, kept_at in sorted(clocks, key=lambda clock: clock[0]):
        end = until if kept_at is None else min(until, kept_at)
        moment = due_at if free_at is None else max(due_at, free_at)
        level = 0
        while level < levels and moment < end:
            found.append(level)
            level += 1
            moment = step(moment, level - 1) if level < levels else moment
        if level:
            free_at = end
    return found


UNSEAL_REASONS: Mapping[str, str] = {
    "danger": "有人身危险，要马上处理",
    "absent": "写的人不在，事情等不得",
    "review": "上级复核这件事",
    "law": "依法要求提供",
}
"""Why a sealed note may be opened by whom it is not meant for."""


DESK_TITLES = (
    (re.compile("^.+已受理$"), "受理"),
    (re.compile("^您撤回了诉求$"), "撤回诉求"),
    (re.compile("^您的评价：(.+)$"), r"评价：\1"),
    (re.compile("^等您补充，时限暂停$"), "等职工补充，时限暂停"),
    (re.compile("^办好了，请您评价$"), "提出办结，请职工评价"),
    (re.compile("^您不满意，已交(.+)重办一次$"), r"职工不满意，已交\1重办一次"),
    (re.compile("^已办结，您仍可评价$"), "到期办结，职工仍可评价"),
    (re.compile("^.+(没有接收|退回)，(回到.+|.+接着办)$"), r"\1，\2"),
)
"""Lines are written to the applicant; a colleague reads who did it before the title, and of the applicant, not "you"."""


def desk_title(title: str) -> str:
    """The title of a timeline line for the desk: 您的评价：满意 → 评价：满意."""
    for pattern, words in DESK_TITLES:
        if pattern.match(title):
            return pattern.sub(words, title)
    return title


LED_TITLES = (
    (re.compile("^(.+已受理)$"), r"\1"),
    (re.compile("^(提供帮扶|采取措施)$"), r"\1"),
    (re.compile("^(转[给由].+办理)$"), r"\1"),
    (re.compile("^办好了，请您评价$"), "提出了办理结果"),
    (re.compile("^您不满意，已(交.+重办一次)$"), r"\1"),
)
"""Of the matter that leads, the applicants of those that follow read these lines by their titles, and nothing else."""


def led_title(title: str, also: Iterable[str] = ()) -> str:
    """The title of a line of the leader for the applicant of a follower; empty where it is not for them. `also`:
    patterns of the kind's own lines, read as they stand."""
    if any(re.fullmatch(pattern, title) for pattern in also):
        return title
    return next((pattern.sub(words, title) for pattern, words in LED_TITLES if pattern.match(title)), "")


def number_of(day: datetime, serial: int, prefix: str = "SQ") -> str:
    """The number people read out on the phone: SQ-20261122-0007. The serial counts all kinds of the day."""
    return f"{prefix}-{day:%Y%m%d}-{serial:04d}"


# -- where a matter goes, decided before it is sent and shown with its reason --------------------------------------------


@dataclass(frozen=True, slots=True)
class UnionFacts:
    """A union as routing sees it. `above` is the nearest federation of a town, county or city over it."""

    id: int
    name: str
    path: str
    is_local: bool
    level: str


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What is known of the worker and the matter. `*_above` are the federations over the union before them."""

    about_employer: bool
    hide_from_employer: bool
    membership: UnionFacts | None = None
    membership_above: UnionFacts | None = None
    employer: UnionFacts | None = None
    employer_above: UnionFacts | None = None
    employer_top_path: str = ""
    place: UnionFacts | None = None
    root: UnionFacts | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The union that will handle the matter, why, and the branch that must not see it (empty: none)."""

    union: UnionFacts
    why: str
    hidden_path: str = ""
    avoids: str = ""


def choose_route(facts: RouteFacts) -> Route | None:
    """The route of one matter; None when the tree is empty.

    A matter about the worker's own employer goes past that employer's union to the town's federation above it, else to
    the place's, else to the city, unless the worker asks otherwise. Other matters: membership union, employer's union,
    place. Source: the product's routing rule for needs.
    """
    own = facts.employer or (facts.membership if facts.membership and not facts.membership.is_local else None)
    above = facts.employer_above if facts.employer else facts.membership_above
    if facts.hide_from_employer and (own or facts.about_employer):
        return _past_employer(facts, own, above)
    for union, why in (
        (facts.membership, "您的会籍在这个工会"),
        (facts.employer, "您单位的工会"),
        (facts.place, "离您最近的镇街工会"),
        (facts.root, "没有选地点，由市总工会派单"),
    ):
        if union is not None:
            return Route(union, why)
    return None


def _past_employer(facts: RouteFacts, own: UnionFacts | None, above: UnionFacts | None) -> Route | None:
    avoids = own.name if own else ""
    because = "和您的单位有关" if facts.about_employer else "您不想让单位知道"
    hidden = facts.employer_top_path if own else ""
    for union, why in (
        (above, f"{because}，交给单位工会的上级工会"),
        (facts.place, f"{because}，交给离您最近的镇街工会"),
        (facts.membership if facts.membership and facts.membership.is_local else None, "您的会籍在这个工会"),
        (facts.root, "没有选地点，由市总工会派单"),
    ):
        if union is not None:
            return Route(union, why, hidden_path=hidden, avoids=avoids)
    return None


PLACEHOLDERS: Mapping[str, str] = {
    "编号": "这一件的编号",
    "事项": "类别，比如拖欠工资",
    "工会": "承办工会的名称",
    "经办人": "写答复的人的姓名",
    "电话": "承办工会的值班电话",
    "今天": "今天的月和日",
}
"""What a reply template may leave open, and what stands there in the reply."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def plain_braces(text: str) -> str:
    """The braces of a Chinese keyboard as those that count."""
    return text.replace("｛", "{").replace("｝", "}")


def find_unknown_placeholders(text: str) -> list[str]:
    """What stands in braces but is no placeholder, in the order of the text."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def fill_placeholders(text: str, facts: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its fact."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)
