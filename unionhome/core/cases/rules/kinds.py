"""What a kind of case says of itself, its numbers, and the names of its sealed fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from unionhome.core.cases.rules.clocks import CLOCKS
from unionhome.core.registry import Table

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
ORIGINS: Mapping[str, str] = {
    "phone": "手机页，本人",
    "walk_in": "工会代为登记",
    "visit": "走访时提的",
    "site": "站点反映",
    "hotline": "12351 热线",
    OUTSIDE: "别的系统转来",
}
"""How a case came to the union."""
ORIGINS_SHORT: Mapping[str, str] = {
    "phone": "手机页",
    "walk_in": "代登记",
    "visit": "走访",
    "site": "站点",
    "hotline": "12351",
    OUTSIDE: "别的系统",
}
"""The same in a narrow column."""
UNSEAL_REASONS: Mapping[str, str] = {
    "danger": "有人身危险，要马上处理",
    "absent": "写的人不在，事情等不得",
    "review": "上级复核这件事",
    "law": "依法要求提供",
}
"""Why a sealed note may be opened by whom it is not meant for."""


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
    `prefix` begins its numbers; `clocks` are those of the three firsts that run for it, `terms` the limits beside them
    (dispatch, accept, solve); `step_url` names the address (case_id, verb) of the kind's own steps, empty for the usual
    ones; `plain` are the verbs taken at once by a button; `own_acts` is what the applicant may do with it. `facts` is a
    dotted path (actor, case) -> what the guards of its table look at besides the usual; `appealed` one (actor, appeal,
    original) that keeps what the kind knows beside the case; `dues` one (case ids) -> when each is due, for kinds
    whose due moment is no clock;
    `reroute` one (case) -> the route that each category would lead to, by code, for kinds whose category can be
    corrected, and `rerouted` one (case, route or None where it stays) that keeps what the kind knows of it;
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
    terms: tuple[str, ...] = ()
    step_url: str = ""
    plain: tuple[str, ...] = ("accept", "resume")
    own_acts: tuple[str, ...] = ("material", "withdraw", "rate", "keep", "appeal")
    facts: str = ""
    appealed: str = ""
    dues: str = ""
    reroute: str = ""
    rerouted: str = ""
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


def number_of(day: datetime, serial: int, prefix: str = "SQ") -> str:
    """The number people read out on the phone: SQ-20261122-0007. The serial counts all kinds of the day."""
    return f"{prefix}-{day:%Y%m%d}-{serial:04d}"
