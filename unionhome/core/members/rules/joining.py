"""Who may join, which union answers, and by when. Sources: 工会法 art. 3, 劳动法 art. 15, 工会会员会籍管理办法."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from unionhome.core.members.rules.codes import WorkGroup
from unionhome.core.registry import BadInput
from unionhome.kit import dates
from unionhome.kit.codes import CodeError, Document, DocumentKind, parse_document

YOUNGEST = 16
"""Least age of a worker (劳动法 art. 15): national law, hence no policy."""
ELSEWHERE = "已在其他工会入会"
"""All that is said of a member of a branch one cannot see."""
PROBES = 5
PROBE_MINUTES = 60
"""How often one account may learn `ELSEWHERE` in how many minutes."""
LONGEST_NAME = 30


def read_document(kind: str, text: str, today: date) -> Document:
    """The checked document behind a typed number. Raises BadInput with a sentence for its field."""
    if kind not in tuple(DocumentKind):
        raise BadInput("请选择证件类型。", fields={"document_kind": "请选择证件类型"})
    try:
        return parse_document(DocumentKind(kind), text, on=today)
    except CodeError as error:
        raise BadInput(error.sentence, error.code, fields={"document": error.sentence}) from error


@dataclass(frozen=True, slots=True)
class JoinInput:
    """The five fields as they came from the form, and the consent under them."""

    name: str
    document_kind: str
    document: str
    group: str
    employer_text: str = ""
    employer_id: int | None = None
    division_code: str = ""
    agreed: bool = False


def check_join(given: JoinInput, today: date) -> Document:
    """Check the five fields together. Raises BadInput that names every wrong field at once."""
    wrong: dict[str, str] = {}
    document: Document | None = None
    try:
        document = read_document(given.document_kind, given.document, today)
    except BadInput as refused:
        wrong.update(refused.fields)
    if sentence := name_fault(given.name):
        wrong["name"] = sentence
    if given.group not in WorkGroup.values:
        wrong["group"] = "请选一项，都不是就选“都不是”"
    if not (given.employer_id or given.employer_text.strip() or given.division_code):
        wrong["employer_text"] = "请写工作单位；没有固定单位的，选下面干活的地方"
    if not given.agreed:
        wrong["agreed"] = "入会要登记这些信息，请先看说明再打勾"
    if document and (sentence := age_fault(document.birth_on, today)):
        wrong["document"] = sentence
    if wrong or document is None:
        raise BadInput("有几项要改一下，您填写的都还在。", fields=wrong)
    return document


def name_fault(name: str) -> str | None:
    """What is wrong with a name, or None. Two signs at least; letters of any script, spaces and the dot of names."""
    text = name.strip()
    if not text:
        return "请填写姓名"
    if len(text) < 2:
        return "姓名至少两个字"
    if len(text) > LONGEST_NAME:
        return f"姓名最多{LONGEST_NAME}个字，现在有{len(text)}个字"
    if not all(sign.isalpha() or sign in " ·.'-" for sign in text):
        return "姓名里只能有文字和间隔点“·”，请检查"
    return None


def age_fault(birth_on: date | None, today: date) -> str | None:
    """Why somebody of that birthday cannot join yet, or None."""
    if birth_on is None:
        return None
    age = dates.age(birth_on, today)
    if age < YOUNGEST:
        day = dates.day_text(dates.years_before(birth_on, -YOUNGEST))
        return f"入会要年满{YOUNGEST}周岁，按证件要到{day}"
    return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A union that could answer an application."""

    node_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where an application goes, and the sentence that says why."""

    node_id: int
    union: str
    reason: str


def choose_route(
    *,
    employer: str,
    employer_union: Candidate | None,
    place: str,
    place_union: Candidate | None,
    fallback: Candidate | None,
) -> Route:
    """The employer's union if it has one, else the town union of the place, else the union above it.

    Raises BadInput where no union can be found at all.
    """
    if employer_union:
        return Route(
            employer_union.node_id,
            employer_union.name,
            f"“{employer}”有工会，由它审核。",
        )
    why = f"“{employer}”还没有工会" if employer else "没有固定单位"
    if place_union:
        return Route(
            place_union.node_id,
            place_union.name,
            f"{why}，由干活的地方（{place}）的工会审核。",
        )
    if fallback:
        return Route(
            fallback.node_id,
            fallback.name,
            f"{why}，{place or '当地'}暂时没有镇街工会，由上一级工会审核。",
        )
    raise BadInput(
        "没有找到能审核的工会，请选干活的地方。",
        fields={"division": "请选干活的地方，好找到离您最近的工会"},
    )


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """When an answer is due. `is_provisional`: the calendar of that year is not published yet."""

    at: datetime
    is_provisional: bool
    days: int


def clash(standing_union: str | None, *, sees: bool) -> Mapping[str, str | bool]:
    """Facts for the guard of joining: is this person a member already, and may the actor know where?"""
    if standing_union is None:
        return {}
    return {"member_of": standing_union} if sees else {"elsewhere": True}


def counting_day(joined_on: date, open_since: date | None, held: date | None = None) -> date:
    """From which day a membership counts: from the first, but from no day that was closed when it was written down.

    `open_since` is the day after the last closed one of its union, `held` the day from which it counts so far. What
    counts on closed days goes on doing so when the first day is corrected.
    """
    if open_since is None:
        return joined_on
    if held is not None and held < open_since:
        return held
    return max(joined_on, open_since)
