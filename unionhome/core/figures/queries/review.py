"""The yearly review: its words with the numbers in their places, and what stands behind each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unionhome.core.figures.queries.catalog import find_figure
from unionhome.core.figures.queries.values import Value, list_values
from unionhome.core.figures.rules.periods import of_year
from unionhome.core.figures.rules.prose import SECTIONS, TITLE, codes, pieces
from unionhome.core.figures.rules.published import BY_CODE, ORGANIZATION, YEAR, Published
from unionhome.core.figures.rules.shown import PROVEN, as_facts, write
from unionhome.core.registry import Actor, Figure
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

MISSING = "未开行"
WORDS = {"recorded": "有记录", "reported": "上报", "missing": MISSING}


@dataclass(frozen=True, slots=True)
class Bound:
    """One number of the review. `state` is recorded, reported (no proof) or missing (nothing gives it yet).

    `matches` compares with the printed number, where there is one for this federation and year.
    """

    figure: Figure
    value: Value | None
    text: str
    state: str
    printed: str = ""
    matches: bool | None = None

    @property
    def code(self) -> str:
        return self.figure.code

    @property
    def word(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a bound number with the punctuation that follows it."""

    words: str = ""
    bound: Bound | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its paragraphs taken apart; `count` numbers stand in it."""

    key: str
    title: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one year. `counts` are the numbers by state."""

    title: str
    node: Node
    year: int
    period: Period
    sections: tuple[Section, ...]
    bounds: tuple[Bound, ...]
    counts: Mapping[str, int]


def get_review(actor: Actor, node: Node, year: int) -> Review:
    """Bind every number of the text. Raises BadInput for a year out of range, NotFound for another's union."""
    period = of_year(year)
    known = [code for code in codes() if find_figure(code)]
    values = {value.figure.code: value for value in list_values(actor, known, node, period)}
    bounds = {code: _bind(code, values.get(code), node, period) for code in codes()}
    sections = tuple(_section(section.key, section.title, section.paragraphs, bounds) for section in SECTIONS)
    counts = {word: sum(bound.state == state for bound in bounds.values()) for state, word in WORDS.items()}
    return Review(TITLE, node, year, period, sections, tuple(bounds.values()), counts)


def _section(key: str, title: str, paragraphs: tuple[str, ...], bounds: Mapping[str, Bound]) -> Section:
    taken = tuple(
        tuple(Piece(piece.words, bounds.get(piece.code), piece.mark) for piece in pieces(text)) for text in paragraphs
    )
    return Section(key, title, taken, sum(piece.bound is not None for text in taken for piece in text))


def _bind(code: str, value: Value | None, node: Node, period: Period) -> Bound:
    printed = BY_CODE[code]
    compared = node.code == ORGANIZATION and period == Period.year(YEAR)
    display = printed.display if compared else ""
    if value is None:
        return Bound(printed.figure, None, MISSING, "missing", display)
    figure = value.figure
    state = "recorded" if figure.basis in PROVEN else "reported"
    matches = _matches(printed, value) if compared else None
    return Bound(figure, value, write(figure, value.raw, printed.style), state, display, matches)


def _matches(printed: Published, value: Value) -> bool:
    return value.raw is not None and printed.low <= value.raw <= printed.high


def get_review_facts(review: Review) -> dict[str, Any]:
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
        "figures": [
            {**as_facts(bound.figure, bound.value.raw if bound.value else None, review.period), "state": bound.word}
            for bound in review.bounds
        ],
    }


def _spoken(piece: Piece) -> str:
    return piece.words + (piece.bound.text if piece.bound else "") + piece.mark
