"""The first board: clocks with their shares on time, unions side by side, a schematic map, and little curves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from unionhome.core.figures.queries.catalog import find_figure, list_figures
from unionhome.core.figures.queries.values import Part, Value, get_asking
from unionhome.core.figures.rules.boards import LOW_SHARE, Dot, band, curve, dots, shared_words
from unionhome.core.figures.rules.periods import up_to
from unionhome.core.organizations.queries import get_tiles
from unionhome.core.organizations.rules import short_name, tile_places
from unionhome.core.policy.queries import get_values
from unionhome.core.registry import Actor, Figure
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period, duration_text


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of the table: its number for the whole, and for each child union by id."""

    figure: Figure
    whole: Value
    parts: dict[int, Part]

    @property
    def is_share(self) -> bool:
        return self.figure.unit == "%"


@dataclass(frozen=True, slots=True)
class Clock:
    """A median with its share on time, where each child union stands on its line, and the limit in force (限2小时); `name`
    is what they share."""

    name: str
    median: Column
    share: Column | None
    dots: tuple[Dot, ...]
    limit_text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a child union: whether there is one, and whether it is a share below the line."""

    code: str
    shown: str
    is_low: bool
    is_there: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One child union of the table."""

    node: Node
    label: str
    is_own: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One child union on the map."""

    node: Node
    name: str
    shown: str
    band: str
    place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A number, its curve, and the numbers that the curve is drawn of."""

    value: Value
    points: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on one board. `mapped` is the figure drawn on the map, `maps` those that could be."""

    clocks: tuple[Clock, ...]
    others: tuple[Column, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    mapped: Column | None
    maps: tuple[Figure, ...]
    tiles: tuple[Tile, ...]
    trends: tuple[Trend, ...]


def _placed(*places: str) -> list[Figure]:
    return sorted((each for each in list_figures() if each.board in places), key=lambda each: (each.order, each.code))


def get_board(actor: Actor, node: Node, period: Period, map_code: str = "") -> Board:
    """Ask every figure that declares a place on the board. Raises NotFound for a union outside the branches."""
    placed = [(figure, find_figure(figure.pair) if figure.pair else None) for figure in _placed("clock")]
    paired = [each for both in placed for each in both if each]
    beside, trended = _placed("column"), _placed("now", "trend")
    asked = _columns(actor, [*paired, *beside], node, period)
    limits = get_values(
        [figure.limit for figure, _ in placed if figure.limit], up_to(period, timezone.localdate(actor.at)).end_on, node
    )
    clocks = [
        _clock(asked[figure.code], asked[pair.code] if pair else None, limits.get(figure.limit))
        for figure, pair in placed
    ]
    others = [asked[figure.code] for figure in beside]
    columns = [each for clock in clocks for each in (clock.median, clock.share) if each] + others
    mapped = next((each for each in columns if each.figure.code == map_code), None) or next(
        (each for each in columns if each.is_share), next(iter(columns), None)
    )
    return Board(
        clocks=tuple(clocks),
        others=tuple(others),
        columns=tuple(columns),
        lines=tuple(_lines(columns)),
        mapped=mapped,
        maps=tuple(each.figure for each in columns),
        tiles=tuple(_tiles(actor, mapped)) if mapped else (),
        trends=_trends(actor, [figure.code for figure in trended], node, period),
    )


def _columns(actor: Actor, figures: Sequence[Figure], node: Node, period: Period) -> dict[str, Column]:
    """The columns of many figures by code, asked together."""
    codes = list(dict.fromkeys(figure.code for figure in figures))
    asking = get_asking(actor, codes, node, period)
    return {
        value.figure.code: Column(value.figure, value, {part.node.pk: part for part in parts if part.node})
        for value, parts in zip(asking.list_values(), asking.list_by_child(), strict=True)
    }


def _clock(median: Column, share: Column | None, limit: int | None) -> Clock:
    spread = dots([(short_name(part.label), part.raw) for part in median.parts.values() if not part.is_own])
    name = median.figure.name
    words = shared_words(name, share.figure.name) if share else name
    return Clock(words, median, share, tuple(spread), f"限{duration_text(limit)}" if limit else "")


def _lines(columns: Sequence[Column]) -> list[Line]:
    """Federations and whoever has rows, the lowest share on time first."""
    found: dict[int, Part] = {}
    for column in columns:
        for pk, part in column.parts.items():
            found.setdefault(pk, part)
    first_share = next((column for column in columns if column.is_share), None)
    lines = [
        Line(part.node, part.label, part.is_own, tuple(_cell(column, pk) for column in columns))
        for pk, part in found.items()
        if part.node
    ]
    return sorted(lines, key=lambda line: _rank(first_share, line))


def _rank(share: Column | None, line: Line) -> tuple[bool, bool, Decimal]:
    part = share.parts.get(line.node.pk) if share else None
    raw = part.raw if part else None
    return line.is_own, raw is None, Decimal(raw or 0)


def _cell(column: Column, pk: int) -> Cell:
    part = column.parts.get(pk)
    raw = part.raw if part else None
    is_low = column.is_share and raw is not None and raw < LOW_SHARE
    return Cell(column.figure.code, part.shown if part else "—", is_low, raw is not None)


def _tiles(actor: Actor, column: Column) -> list[Tile]:
    parts = [part for part in column.parts.values() if part.node and part.node.is_local and not part.is_own]
    places = tile_places([part.node.code for part in parts if part.node], get_tiles(actor))
    return [
        Tile(part.node, short_name(part.label), part.shown, band(part.raw) if column.is_share else "", place)
        for part, place in zip(parts, places, strict=True)
        if part.node
    ]


def _trends(actor: Actor, codes: Sequence[str], node: Node, period: Period) -> tuple[Trend, ...]:
    asking = get_asking(actor, codes, node, period)
    both = zip(asking.list_values(), asking.list_by_month(), strict=True)
    return tuple(Trend(value, curve([part.raw for part in parts]), tuple(parts)) for value, parts in both)
