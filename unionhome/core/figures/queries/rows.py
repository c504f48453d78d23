"""Rows and declarations as people read them: words for codes, masked names, amounts in yuan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from unionhome.core.figures.queries.ground import field_of, ground_of
from unionhome.core.figures.queries.values import parts_of_ratio
from unionhome.core.figures.rules.shown import BASES, KINDS, OPENNESS, PROVEN, scope_word
from unionhome.core.records.queries import get_service_labels
from unionhome.core.registry import Column, Figure, rooms
from unionhome.kit.codes import mask_name
from unionhome.kit.dates import duration_text
from unionhome.kit.money import yuan_text

Cell = str | int | float | date | None
NUMBERS = frozenset({"fen", "number", "minutes"})
WEIGHED = frozenset({"share", "sum", "median", "standard"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: texts by column, and the path of the page it opens."""

    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a figure beside its number."""

    kind: str
    scope: str
    basis: str
    is_proven: bool
    owner: str
    openness: str


def get_about(figure: Figure, level: str) -> About:
    """The words for a figure of a union of that level. An owner that names a room is called by the room's title."""
    titles = {room.label: room.card.title for room in rooms()}
    return About(
        kind=KINDS[figure.kind],
        scope=scope_word(figure, level),
        basis=BASES[figure.basis],
        is_proven=figure.basis in PROVEN,
        owner=titles.get(figure.owner, figure.owner),
        openness=OPENNESS[figure.openness],
    )


def _declared(figure: Figure) -> Figure:
    """The figure whose rows are listed: itself, or the upper one of a ratio of two."""
    both = parts_of_ratio(figure)
    return both[0] if both else figure


def list_columns(figure: Figure) -> tuple[Column, ...]:
    """The columns of its rows; day and union where it declares none."""
    rows = _declared(figure)
    if rows.columns:
        return rows.columns
    ground = ground_of(rows)
    day = (Column("日期", ground.day, "moment" if ground.day_is_moment else "day"),) if ground.day else ()
    name = "name" if ground.node == "pk" else f"{ground.node}__name"
    return (*day, Column("工会", name))


def list_read_rows(figure: Figure, rows: QuerySet[Any]) -> Iterator[Row]:
    """Rows as text, in one statement; for screens."""
    writers = [(column.field, _writer(figure, column)) for column in list_columns(figure)]
    for values, url in _read(figure, rows):
        yield Row(tuple(write(value) for (_, write), value in zip(writers, values, strict=True)), url)


def list_cells(figure: Figure, rows: QuerySet[Any]) -> Iterator[tuple[Cell, ...]]:
    """Rows as values, for workbooks and programs: amounts in yuan as numbers, days as days, names masked."""
    columns = list_columns(figure)
    writers = [_writer(figure, column) for column in columns]
    for values, _ in _read(figure, rows):
        yield tuple(_cell(column, write, value) for column, write, value in zip(columns, writers, values, strict=True))


def list_facts(figure: Figure, rows: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
    """Rows as JSON-ready facts by column label: amounts in fen, days and moments in ISO 8601, names masked."""
    columns = list_columns(figure)
    writers = [_writer(figure, column) for column in columns]
    for values, _ in _read(figure, rows):
        yield {
            column.label: _fact(column, write, value)
            for column, write, value in zip(columns, writers, values, strict=True)
        }


def list_weighed(figure: Figure, rows: QuerySet[Any]) -> Iterator[tuple[int, Any, tuple[str, ...]]]:
    """Rows as they are frozen, in one statement: key, what the row adds to the number, and its cells as shown.

    A row adds 1 where rows or people are counted, 1 or 0 in a share, else the value that is summed or ranked.
    """
    declared = _declared(figure)
    way, _, what = declared.measure.partition(":")
    if way == "share":
        what, part = "in_part", When(Q(**declared.part), then=Value(1))
        rows = rows.annotate(in_part=Case(part, default=Value(0), output_field=IntegerField()))
    columns = list_columns(figure)
    writers = [_writer(figure, column) for column in columns]
    weighed = [what] if way in WEIGHED else []
    for pk, *values in rows.values_list("pk", *weighed, *(column.field for column in columns)).iterator(2000):
        weight = values.pop(0) if weighed else 1
        yield pk, weight, tuple(write(value) for write, value in zip(writers, values, strict=True))


def _read(figure: Figure, rows: QuerySet[Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Values and page path of each row."""
    lookups = [column.field for column in list_columns(figure)]
    link = _declared(figure).link
    named = [name for _, name, _, _ in Formatter().parse(link) if name] if "{" in link else [link] if link else []
    count = len(lookups)
    for row in rows.values_list(*lookups, *named).iterator(chunk_size=2000):
        yield row[:count], _path(link, named, row[count:])


def _path(link: str, named: Sequence[str], values: tuple[Any, ...]) -> str:
    """The page of a row; none where a value that its path needs is missing."""
    if not named or any(value in (None, "") for value in values):
        return ""
    return link.format(**dict(zip(named, values, strict=True))) if "{" in link else str(values[0])


def _cell(column: Column, write: Any, value: Any) -> Cell:
    if value is None:
        return None
    if column.kind == "fen":
        return int(value) / 100
    if column.kind in ("number", "minutes"):
        return int(value)
    if column.kind == "day":
        return value if isinstance(value, date) else None
    return str(write(value))


def _fact(column: Column, write: Any, value: Any) -> Any:
    if value is None or column.kind in NUMBERS:
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "yes_no":
        return bool(value)
    return str(write(value))


def _writer(figure: Figure, column: Column) -> Any:
    """The function that writes a column's values."""
    if column.choices is not None:
        words = dict(column.choices)
        return lambda value: words.get(value, "其他") if value not in (None, "") else ""
    if column.kind == "service":
        labels = get_service_labels()
        return lambda value: labels.get(value, "其他服务")
    if column.kind == "text":
        field = field_of(_declared(figure), column.field)
        choices = dict(getattr(field, "flatchoices", None) or ())
        return lambda value: str(choices.get(value, "" if value is None else value))
    return WRITERS[column.kind]


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


WRITERS = {
    "day": lambda value: value.isoformat() if value else "",
    "moment": _moment,
    "fen": lambda value: "" if value is None else yuan_text(value),
    "number": lambda value: "" if value is None else f"{value:,}",
    "minutes": lambda value: "" if value is None else duration_text(int(value)),
    "yes_no": lambda value: "" if value is None else ("是" if value else "否"),
    "masked_name": lambda value: mask_name(value or "").replace("*", "＊"),
}
