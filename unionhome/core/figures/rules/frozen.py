"""What is kept of a figure that is published: its declaration, its cells for the public, the statement that is signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from unionhome.core.figures.rules.shown import Raw, scope_word, show, unit_of
from unionhome.core.registry import Column, Figure
from unionhome.kit.verifier import FORMAT, canonical, raw_text

FEWEST = 5
"""In public a cell of fewer people or rows is kept back (小于 5 的格)."""
KEPT_BACK = "少于 5"
OF_UNIONS = ("organizations.", "tree.")
"""Rows that are unions, whose names are public: nobody is behind few of them, unless it is people that they report."""
PEOPLE = "人"
BOARD_ONLY = ("board", "pair", "limit", "order")


def declaration_of(figure: Figure, level: str, columns: Iterable[Column]) -> dict[str, Any]:
    """The declaration as it was when the rows were read, JSON-ready, with the columns of its rows; no place on boards."""
    facts = {name: value for name, value in asdict(figure).items() if name not in BOARD_ONLY}
    facts["predicate"], facts["part"] = _plain(figure.predicate), _plain(figure.part)
    facts["columns"] = [{"label": column.label, "kind": column.kind} for column in columns]
    facts["scope_word"] = scope_word(figure, level)
    return facts


def _plain(value: Any) -> Any:
    """Lookups as JSON has them: choices are their values, sets are sorted lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(each) for each in value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def measure_of(figure: Figure, upper: Figure | None = None, lower: Raw = None) -> dict[str, Any]:
    """How rows come to the number. A ratio of two figures has the rows of the upper one, and the lower number beside."""
    if upper is None:
        return {"way": figure.measure.partition(":")[0]}
    return {"way": upper.measure.partition(":")[0], "lower": raw_text(lower)}


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of one union below. `raw` and `rows` as the figure counts them."""

    label: str
    raw: Raw
    rows: int


def public_cells(figure: Figure, cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """Cells for the public: `shown` is None where fewer than five people or rows stand behind one.

    Cells of a whole give each other away: where one is kept back, so many of the smallest others are kept back with it
    that they cannot be told from the total (Chinese statistics rule of the complementary cell).
    """
    listed = list(cells)
    hidden = {place for place, cell in enumerate(listed) if is_small(figure, cell.raw, cell.rows)}
    others = sorted(
        (place for place, cell in enumerate(listed) if place not in hidden and cell.rows),
        key=lambda place: listed[place].rows,
    )
    while hidden and others and (len(hidden) < 2 or sum(listed[place].rows for place in hidden) < FEWEST):
        hidden.add(others.pop(0))
    return [
        {"label": cell.label, "shown": None if place in hidden else show(figure, cell.raw)}
        for place, cell in enumerate(listed)
    ]


def is_small(figure: Figure, raw: Raw, rows: int, people: int | None = None) -> bool:
    """Whether so few people or rows stand behind a number that the public is not told it. `people` are the human beings
    behind the rows, where they name them."""
    is_told = raw is not None and (figure.basis == "计数" or figure.unit == PEOPLE)
    if figure.model.startswith(OF_UNIONS) and not (is_told and figure.unit == PEOPLE):
        return False
    counted = int(raw) if is_told and raw is not None else rows if people is None else people
    return 0 < counted < FEWEST


def moment_text(at: datetime) -> str:
    """A moment as statements have it: UTC, ISO 8601."""
    return at.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Signer:
    """One of the three who answer for a number."""

    step: str
    name: str
    post: str
    at: datetime


def statement_of(
    row: Any, *, organization: Mapping[str, str], signers: Sequence[Signer], at: datetime, key: str,
    journal: Mapping[str, Any], previous: Mapping[str, Any] | None,
) -> bytes:  # fmt: skip
    """The bytes that are signed for a frozen figure. docs/decisions/0008 lists its words."""
    publication = row.publication
    return canonical(
        {
            "format": FORMAT,
            "id": row.public_id,
            "version": row.version,
            "title": publication.title,
            "reason": publication.reason if row.version > 1 else "",
            "organization": dict(organization),
            "figure": row.declaration,
            "period": {"from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()},
            "tree_on": row.ends_on.isoformat(),
            "frozen_at": moment_text(publication.frozen_at),
            "measure": row.measure,
            "value": {
                "raw": row.raw,
                "shown": row.shown,
                "unit": row.unit,
                "rows": row.row_count,
                "people": row.people_count,
            },
            "rows_digest": row.rows_digest,
            "cells": row.cells,
            "signers": [
                {"step": each.step, "name": each.name, "post": each.post, "at": moment_text(each.at)}
                for each in signers
            ],
            "published_at": moment_text(at),
            "key": key,
            "journal": dict(journal) if journal else None,
            "previous": dict(previous) if previous else None,
        }
    )


def unit_words(figure: Figure) -> str:
    """The unit of a published number."""
    return unit_of(figure).word


def decimal_of(raw: str) -> Decimal | None:
    """A number that `raw_text` wrote."""
    return Decimal(raw) if raw else None
