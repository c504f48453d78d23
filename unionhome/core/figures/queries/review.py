"""A review bound to its numbers: its words with every number in its place, and what stands behind each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unionhome.core.figures.models import OutsideNumber, PublishedFigure, Review
from unionhome.core.figures.queries.catalog import find_figure, get_figure
from unionhome.core.figures.queries.values import PERMISSION, Value, list_values
from unionhome.core.figures.rules import prose
from unionhome.core.figures.rules.frozen import decimal_of, is_small
from unionhome.core.figures.rules.prose import SECTIONS, TITLE, Section, codes, pieces
from unionhome.core.figures.rules.published import BY_CODE, ORGANIZATION, YEAR, Published
from unionhome.core.figures.rules.shown import PROVEN, Raw, as_facts, write
from unionhome.core.registry import Actor, Figure
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

MISSING = "未开行"
FEW_PEOPLE = "（人数少于5，不写明）"
WORDS = {"recorded": "有记录", "reported": "上报", "missing": MISSING}


@dataclass(frozen=True, slots=True)
class Bound:
    """One number of a review. `state` is recorded, reported (no proof) or missing (nothing gives it yet).

    `outside` is the document that gives it, where no record does. `matches` compares with the printed number, where
    there is one for this federation and year; `style` is how a review writes it where the text does not say.
    """

    figure: Figure
    value: Value | None
    state: str
    style: str = "plain"
    outside: OutsideNumber | None = None
    printed: str = ""
    matches: bool | None = None
    people: int | None = None

    @property
    def code(self) -> str:
        return self.figure.code

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def raw(self) -> Raw:
        if self.outside is not None:
            return self.outside.raw
        return self.value.raw if self.value else None

    @property
    def text(self) -> str:
        return self.text_in("")

    def text_in(self, style: str) -> str:
        """The number as a sentence has it; "" for the style of the figure."""
        return MISSING if self.state == "missing" else write(self.figure, self.raw, style or self.style)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a bound number as this place writes it, with the punctuation that follows it."""

    words: str = ""
    bound: Bound | None = None
    mark: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BoundSection:
    """One section with its paragraphs taken apart; `count` numbers stand in it."""

    key: str
    title: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class BoundReview:
    """A review with its numbers. `counts` are the numbers by state."""

    title: str
    node: Node
    period: Period
    sections: tuple[BoundSection, ...]
    bounds: tuple[Bound, ...]
    counts: Mapping[str, int]

    @property
    def year(self) -> int:
        return self.period.end_on.year

    @property
    def subtitle(self) -> str:
        """渭南市总工会 2021 年工作综述"""
        return f"{self.node.name} {self.period.title}工作综述"


def get_review(
    actor: Actor, node: Node, period: Period, title: str = TITLE, sections: Iterable[Section] = SECTIONS
) -> BoundReview:
    """Bind every number of the text, by default of the form that every union may start from.

    Raises NotFound for another's union.
    """
    taken = tuple(sections)
    bounds = _bind_codes(actor, node, period, codes(taken))
    bound = tuple(_section(one, bounds) for one in taken)
    counts = {word: sum(each.state == state for each in bounds.values()) for state, word in WORDS.items()}
    return BoundReview(title, node, period, bound, tuple(bounds.values()), counts)


def get_published_review(review: Review, sections: Iterable[Section]) -> BoundReview:
    """A review bound to the figures that its publication has frozen, and to the documents that stand."""
    taken, node, period = tuple(sections), review.node, Period(review.start_on, review.end_on)
    frozen = {row.code: row for row in PublishedFigure.objects.filter(publication=review.publication_id)}
    outside = {each.code: each for each in list_standing_outside(node, period)}
    bounds = {code: _bind_frozen(code, frozen.get(code), outside.get(code)) for code in codes(taken)}
    bound = tuple(_section(one, bounds) for one in taken)
    counts = {word: sum(each.state == state for each in bounds.values()) for state, word in WORDS.items()}
    return BoundReview(review.title, node, period, bound, tuple(bounds.values()), counts)


def _bind_frozen(code: str, row: PublishedFigure | None, outside: OutsideNumber | None) -> Bound:
    printed = BY_CODE.get(code)
    style = printed.style if printed else "plain"
    if row is None:
        figure = find_figure(code) or _undeclared(code, printed)
        return get_outside_bound(outside) if outside else Bound(figure, None, "missing", style)
    figure, raw = get_figure(code), decimal_of(row.raw)
    number = int(raw) if raw is not None and raw == raw.to_integral_value() else raw
    value = Value(figure, row.node, Period(row.starts_on, row.ends_on), number, row.row_count)
    state = "recorded" if figure.basis in PROVEN else "reported"
    return Bound(figure, value, state, style, people=row.people_count)


def _bind_codes(actor: Actor, node: Node, period: Period, wanted: Iterable[str]) -> dict[str, Bound]:
    """The numbers of these codes: from the records, else from a standing document, else missing."""
    actor.require(PERMISSION, node.path)
    chosen = list(wanted)
    outside = {each.code: each for each in list_standing_outside(node, period)}
    known = [code for code in chosen if find_figure(code)]
    values = {value.figure.code: value for value in list_values(actor, known, node, period)}
    return {code: _bind(code, values.get(code), node, period, outside.get(code)) for code in chosen}


def list_standing_outside(node: Node, period: Period) -> list[OutsideNumber]:
    """Numbers of documents for exactly this union and stretch of time."""
    days = {"start_on": period.start_on, "end_on": period.end_on}
    return list(OutsideNumber.objects.filter(node=node, withdrawn_at__isnull=True, **days).order_by("pk"))


def _section(section: Section, bounds: Mapping[str, Bound]) -> BoundSection:
    taken = tuple(tuple(_piece(piece, bounds) for piece in pieces(text)) for text in section.paragraphs)
    count = sum(piece.bound is not None for text in taken for piece in text)
    return BoundSection(section.key, section.title, taken, count)


def _piece(piece: prose.Piece, bounds: Mapping[str, Bound]) -> Piece:
    bound = bounds.get(piece.code)
    return Piece(piece.words, bound, piece.mark, bound.text_in(piece.style) if bound else "")


def _bind(code: str, value: Value | None, node: Node, period: Period, outside: OutsideNumber | None) -> Bound:
    printed = BY_CODE.get(code)
    style = printed.style if printed else "plain"
    compared = printed if node.code == ORGANIZATION and period == Period.year(YEAR) else None
    display = compared.display if compared else ""
    if value is not None:
        state = "recorded" if value.figure.basis in PROVEN else "reported"
        return Bound(value.figure, value, state, style, None, display, _matches(compared, value.raw))
    if outside is not None:
        return get_outside_bound(outside, display, _matches(compared, outside.raw))
    return Bound(_undeclared(code, printed), None, "missing", style, None, display)


def get_outside_bound(outside: OutsideNumber, printed: str = "", matches: bool | None = None) -> Bound:
    """A number of a document as a review binds it."""
    figure = Figure(outside.code, outside.name, outside.unit, "flow", outside.basis, "", "")
    style = BY_CODE[outside.code].style if outside.code in BY_CODE else "plain"
    return Bound(figure, None, "reported", style, outside, printed, matches)


def _undeclared(code: str, printed: Published | None) -> Figure:
    return printed.figure if printed else Figure(code, "没有这个指标", "", "flow", "记录", "", "")


def _matches(printed: Published | None, raw: Raw) -> bool | None:
    if printed is None:
        return None
    return raw is not None and printed.low <= raw <= printed.high


def get_said(review: BoundReview, proofs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The review as plain data: what documents are made of, and what is signed. `proofs` are the public ids by code."""
    return {
        "title": review.title,
        "subtitle": review.subtitle,
        "organization": {"code": review.node.code, "name": review.node.name},
        "period": {"from": review.period.start_on.isoformat(), "to": review.period.end_on.isoformat()},
        "sections": [
            {
                "title": section.title,
                "paragraphs": [
                    [part for piece in text for part in _written(piece, proofs or {})] for text in section.paragraphs
                ],
            }
            for section in review.sections
        ],
        "documents": [_document(bound.outside, bound.text) for bound in review.bounds if bound.outside],
    }


def _written(piece: Piece, proofs: Mapping[str, str]) -> Iterator[dict[str, str]]:
    if piece.bound is None:
        yield {"words": piece.words}
        return
    number = {"text": piece.text, "code": piece.bound.code, "name": piece.bound.figure.name, "state": piece.bound.state}
    if piece.bound.code in proofs:
        number["proof"] = proofs[piece.bound.code]
        if _are_few_people(piece.bound):
            number["text"] = FEW_PEOPLE
    yield {**number, "mark": piece.mark}


def _are_few_people(bound: Bound) -> bool:
    """Whether so few people stand behind a number that a review everybody may read does not tell it."""
    if bound.value is None or (bound.people is None and bound.figure.unit not in ("人", "人次", "户")):
        return False
    return is_small(bound.figure, bound.raw, bound.value.rows, bound.people)


def _document(outside: OutsideNumber, text: str) -> dict[str, str]:
    return {
        "code": outside.code,
        "name": outside.name,
        "text": text,
        "basis": outside.basis,
        "document": outside.source,
        "signed_by": outside.signed_by,
        "signed_on": outside.signed_on.isoformat(),
    }


def get_review_facts(review: BoundReview) -> dict[str, Any]:
    """The review for programs."""
    return {
        "organization": review.node.code,
        "name": review.node.name,
        "year": review.year,
        "title": review.title,
        "sections": [
            {"title": section.title, "paragraphs": ["".join(map(_spoken, text)) for text in section.paragraphs]}
            for section in review.sections
        ],
        "figures": [_facts(bound, review.period) for bound in review.bounds],
    }


def _facts(bound: Bound, period: Period) -> dict[str, Any]:
    facts = {**as_facts(bound.figure, bound.raw, period), "state": bound.word}
    if bound.outside is not None:
        facts["document"] = bound.outside.source
        facts["signed_by"] = bound.outside.signed_by
        facts["signed_on"] = bound.outside.signed_on.isoformat()
    return facts


def _spoken(piece: Piece) -> str:
    return piece.words + piece.text + piece.mark
