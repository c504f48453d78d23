"""Several figures side by side: by the unions below, for one stretch of time or compared with another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from unionhome.core.figures.queries.catalog import get_figure
from unionhome.core.figures.queries.values import Part, get_asking
from unionhome.core.figures.rules.shown import PROVEN, Raw, beyond, scope_word, show
from unionhome.core.registry import Actor, BadInput, Figure
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

MOST_FIGURES = 12
COMPARED = ("上期", "增减")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A number now and in the other period, with what it became more or less. Raw values are in the base unit."""

    figure: Figure
    raw: Raw
    before: Raw = None

    @property
    def shown(self) -> str:
        return show(self.figure, self.raw)

    @property
    def before_shown(self) -> str:
        return show(self.figure, self.before)

    @property
    def is_beyond(self) -> bool:
        """Whether either number is a ratio of more than a hundred per cent that its figure explains."""
        return bool(beyond(self.figure, self.raw) or beyond(self.figure, self.before))

    @property
    def change(self) -> str:
        """+12, -3, or a dash where one of the two is missing."""
        if self.raw is None or self.before is None:
            return "—"
        difference = Decimal(self.raw) - Decimal(self.before)
        return ("+" if difference > 0 else "") + show(self.figure, difference)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One figure. `adds_up`: its parts make the whole; people in two places are one person, shares do not add."""

    figure: Figure
    adds_up: bool


@dataclass(frozen=True, slots=True)
class TableLine:
    """One union below (`node` None for the whole), a cell a figure."""

    label: str
    node: Node | None
    is_own: bool
    cells: tuple[TableCell, ...]

    def texts(self, is_compared: bool) -> tuple[str, ...]:
        """The line as it is read; with the other period and the change where two are compared."""
        found = [self.label]
        for cell in self.cells:
            found += [cell.shown, cell.before_shown, cell.change] if is_compared else [cell.shown]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by unions below; `total` is the union itself, asked as a number of its own and never summed up here."""

    node: Node
    period: Period
    other: Period | None
    columns: tuple[TableColumn, ...]
    lines: tuple[TableLine, ...]
    total: TableLine

    @property
    def days(self) -> str:
        """2026年，与2025年比较"""
        return self.period.title + (f"，与{self.other.title}比较" if self.other else "")

    @property
    def heads(self) -> tuple[str, ...]:
        """Names of the columns, with units."""
        found = ["单位"]
        for column in self.columns:
            name = f"{column.figure.name}（{column.figure.unit}）"
            found += [name, *COMPARED] if self.other else [name]
        return tuple(found)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """All lines as they are read, the whole last."""
        return [line.texts(self.other is not None) for line in (*self.lines, self.total)]

    @property
    def notes(self) -> list[str]:
        """What must be said beneath the table."""
        level = self.node.level
        said = [f"{each.name}：{each.definition}（{scope_word(each, level)}，{each.basis}）" for each in self._figures]
        if not all(column.adds_up for column in self.columns):
            said.append("人数和比率各单位相加不等于合计：同一个人在几处得到服务，合计里只算一人。")
        said += [
            f"{column.figure.name}超过百分之百：{column.figure.beyond}"
            for place, column in enumerate(self.columns)
            if any(line.cells[place].is_beyond for line in (*self.lines, self.total))
        ]
        if any(each.basis not in PROVEN for each in self._figures):
            said.append("口径是上报、外部的数不算实证。")
        return said

    @property
    def _figures(self) -> list[Figure]:
        return [column.figure for column in self.columns]


def get_table(actor: Actor, codes: Sequence[str], node: Node, period: Period, other: Period | None = None) -> Table:
    """The table. Raises BadInput for no figure or more than twelve, NotFound for unknown ones and another's union."""
    chosen = list(dict.fromkeys(codes))
    if not 1 <= len(chosen) <= MOST_FIGURES:
        raise BadInput(f"请选 1 到 {MOST_FIGURES} 个指标。", "table-figures")
    figures = [get_figure(code) for code in chosen]
    now, whole = _asked(actor, chosen, node, period)
    before, whole_before = _asked(actor, chosen, node, other) if other else ([{}] * len(chosen), [None] * len(chosen))
    nodes: dict[int, Part] = {}
    for parts in (*now, *before):
        for pk, part in parts.items():
            nodes.setdefault(pk, part)
    ordered = sorted(nodes.values(), key=lambda part: part.is_own)
    lines = [_line(figures, part, now, before) for part in ordered if part.node]
    columns = tuple(TableColumn(figure, _adds_up(figure)) for figure in figures)
    total = TableLine("合计", None, False, tuple(map(TableCell, figures, whole, whole_before)))
    return Table(node, period, other, columns, tuple(lines), total)


def _asked(actor: Actor, codes: Sequence[str], node: Node, period: Period) -> tuple[list[dict[int, Part]], list[Raw]]:
    """The parts of each figure by union, and the number of each."""
    asking = get_asking(actor, codes, node, period)
    parts = [{part.node.pk: part for part in found if part.node} for found in asking.list_by_child()]
    return parts, [value.raw for value in asking.list_values()]


def _line(
    figures: Sequence[Figure], part: Part, now: Sequence[dict[int, Part]], before: Sequence[dict[int, Part]]
) -> TableLine:
    pk = part.node.pk if part.node else 0
    cells = tuple(
        TableCell(figure, _raw(now[place], pk, figure), _raw(before[place], pk, figure) if before[place] else None)
        for place, figure in enumerate(figures)
    )
    return TableLine(part.label, part.node, part.is_own, cells)


def _raw(parts: dict[int, Part], pk: int, figure: Figure) -> Raw:
    if pk in parts:
        return parts[pk].raw
    return 0 if figure.kind in ("flow", "stock") else None


def _adds_up(figure: Figure) -> bool:
    return figure.kind in ("flow", "stock") and not (figure.kind == "flow" and figure.measure.startswith("people:"))
