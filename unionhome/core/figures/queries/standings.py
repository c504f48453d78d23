"""Stocks of members: added up from the counts of each union, many at once, on the tree of their day.

What stands at the end of a day is all that ever came less what went, less what came and went in the months after it and
in the rest of its month. Unions that are marked are counted from their memberships in the same request; persons who may
stand twice on one day are looked at one by one. Where too much is marked the memberships are counted as any rows are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from unionhome.core.figures.queries import placement
from unionhome.core.figures.queries.ground import Ground
from unionhome.core.figures.queries.measures import Measured
from unionhome.core.figures.queries.placement import Spot
from unionhome.core.figures.rules.periods import steps, up_to
from unionhome.core.members.models import StandingMonth, StandingTotal
from unionhome.core.members.queries.counts import (
    MOST_MARKED,
    Changes,
    Stay,
    Vector,
    list_changes,
    list_examined,
    list_marked,
    list_rest,
    list_stays,
)
from unionhome.core.members.rules.counted import COUNTED
from unionhome.core.registry import Actor, Figure
from unionhome.core.tree.models import Node
from unionhome.core.tree.rules import STEP
from unionhome.kit.dates import Period

MOST_EXAMINED = 20_000
OF_UNIONS = "node__"


def _column_of(figure: Figure) -> str | None:
    """What is kept of each union for a figure; None where its rows must be counted."""
    if figure.model != "members.Membership" or figure.standing != ("counts_on", "left_on"):
        return None
    if figure.measure != "people:person" or figure.day or figure.scope != "tree" or figure.place not in ("", "node"):
        return None
    of_persons = {lookup: value for lookup, value in figure.predicate.items() if not lookup.startswith(OF_UNIONS)}
    return next((name for name, lookups in COUNTED.items() if lookups == of_persons), None)


def _unions_of(figure: Figure) -> dict[str, Any]:
    """The part of a figure's predicate that says of which unions the members are."""
    return {lookup: value for lookup, value in figure.predicate.items() if lookup.startswith(OF_UNIONS)}


def get_stock_readers(actor: Actor, figures: Iterable[Figure], spot: Spot, period: Period) -> dict[str, "StockReader"]:
    """For each stock of members, by code, who answers: one for all that are of the same unions."""
    readers: dict[str, StockReader] = {}
    for figure in figures:
        name, unions = _column_of(figure), _unions_of(figure)
        if name is None:
            continue
        alike = next((each for each in readers.values() if each.unions == unions), None)
        reader = alike or StockReader(actor, spot, period, unions)
        if name not in reader.columns:
            reader.columns.append(name)
        readers[figure.code] = reader
    return readers


@dataclass
class StockReader:
    """Answers for many stocks of members at one union in one period. Each part of the tables is read once."""

    actor: Actor
    spot: Spot
    period: Period
    unions: dict[str, Any]
    columns: list[str] = field(default_factory=list)
    _kept: dict[str, dict[Any, Vector]] = field(default_factory=dict)
    _nodes: dict[int, Node] = field(default_factory=dict)

    def list_doubled(self, figure: Figure) -> list[int] | None:
        """Memberships on the last day of persons of whom an older one is in the figure already; None where that is not
        known without looking at all of them."""
        if self.is_unsure:
            return None
        place = self.columns.index(_column_of(figure) or "")
        keys = self._keys_on(self.day, is_parted=False)
        seen: set[int] = set()
        found = []
        for stay in sorted(self.stays, key=lambda each: each.pk):
            if stay.counts[place] and stay.node_id in keys and stay.holds(self.day):
                if stay.whom in seen:
                    found.append(stay.pk)
                seen.add(stay.whom)
        return found

    def measure(self, figure: Figure, cut: str) -> dict[Any, Measured] | None:
        """The figure's number by the keys of the cut: None, the child's id, or the first day of the step. What is
        empty is left out; None where the rows must be counted."""
        if self.is_unsure:
            return None
        if cut not in self._kept:
            self._kept[cut] = self._months() if cut == "month" else self._cut(cut)
        place = self.columns.index(_column_of(figure) or "")
        return {key: Measured(held[place], held[place]) for key, held in self._kept[cut].items() if held[place]}

    def find_nodes(self, ids: Iterable[int]) -> dict[int, Node]:
        """The children behind the keys of a cut."""
        return self._nodes

    # -- what was written since the counts were made -------------------------------------------------------------------

    @cached_property
    def marked(self) -> list[int]:
        return list_marked()

    @cached_property
    def examined(self) -> set[int]:
        return list_examined(self.marked)

    @cached_property
    def is_unsure(self) -> bool:
        return len(self.marked) > MOST_MARKED or len(self.examined) > MOST_EXAMINED

    @cached_property
    def changes(self) -> Changes:
        return list_changes(self.marked, self.columns)

    @cached_property
    def stays(self) -> list[Stay]:
        """Of those who may stand twice on one day."""
        return list_stays(self.examined, self.columns) if self.examined else []

    # -- cuts ----------------------------------------------------------------------------------------------------------

    @cached_property
    def day(self) -> date:
        return up_to(self.period, timezone.localdate(self.actor.at)).end_on

    def _cut(self, cut: str) -> dict[Any, Vector]:
        found = self._at(self.day, is_parted=cut == "child")
        if cut != "child":
            return found
        nodes = placement.find_nodes([key for key in found if key], False, self.period)
        self._nodes = {node.pk: node for node in nodes.values()}
        return {nodes[key].pk: held for key, held in found.items() if key in nodes}

    def _at(self, day: date, *, is_parted: bool) -> dict[Any, Vector]:
        """What stands at the end of a day: by the paths of children, or whole under None."""
        found: dict[Any, Vector] = defaultdict(self._nothing)
        month = day.replace(day=1)
        self._add(found, 1, self._not_marked(StandingTotal), day, is_parted)
        self._add(found, -1, self._not_marked(StandingMonth).filter(begins_on__gt=month), day, is_parted)
        rest = self._rest(day)
        keys = self._keys_on(day, is_parted, rest)
        for node, held in rest.items():
            if node in keys:
                _put(found[keys[node]], held, -1)
        for node, by_month in self.changes.items():
            if node in keys:
                for begun, held in by_month.items():
                    _put(found[keys[node]], held, 1 if begun <= month else 0)
        for key, doubled in self._doubled(day, keys).items():
            _put(found[key], doubled, -1)
        return found

    def _rest(self, day: date) -> Mapping[int, Vector]:
        """By union, what came less what went in the rest of a day's month."""
        end = _month_end(day)
        return list_rest(day, end, self.columns) if day != end else {}

    def _months(self) -> dict[Any, Vector]:
        """What stood at the end of each step: of whole months, all that ever came less what came after them."""
        *before, last = steps(Period(self.period.start_on, self.day))
        days = {step.period.start_on: step.period.end_on for step in before}
        if self.spot.is_root or placement.tree_stood_still(self.period):
            found = self._at_month_ends(days)
        else:
            found = {begun: self._whole(day) for begun, day in days.items()}
        return found | {last.period.start_on: self._whole(last.period.end_on)}

    def _whole(self, day: date) -> Vector:
        return self._at(day, is_parted=False).get(None, self._nothing())

    def _at_month_ends(self, days: Mapping[date, date]) -> dict[Any, Vector]:
        """The same for many days, each the last of a month, on the tree of the last day."""
        if not days:
            return {}
        first, keys = min(days.values()), self._keys_on(self.day, is_parted=False)
        every: dict[Any, Vector] = defaultdict(self._nothing)
        self._add(every, 1, self._not_marked(StandingTotal), self.day, is_parted=False)
        later: dict[Any, Vector] = defaultdict(self._nothing)
        self._add(
            later,
            1,
            self._not_marked(StandingMonth).filter(begins_on__gt=first),
            self.day,
            is_parted=False,
            by="begins_on",
        )
        for node in self.changes.keys() & keys.keys():
            for month, held in self.changes[node].items():
                _put(every[None], held)
                if month > first:
                    _put(later[month], held)
        found = {}
        for begun, day in days.items():
            stood = list(every[None])
            for month, held in later.items():
                _put(stood, held, -1 if month > day else 0)
            for doubled in self._doubled(day, keys).values():
                _put(stood, doubled, -1)
            found[begun] = stood
        return found

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _nothing(self) -> Vector:
        return [0] * len(self.columns)

    def _not_marked(self, model: type[StandingTotal | StandingMonth]) -> QuerySet[Any]:
        rows = model._default_manager.filter(**self.unions)
        return rows.exclude(node__in=self.marked) if self.marked else rows

    def _add(
        self, found: dict[Any, Vector], sign: int, rows: QuerySet[Any], day: date, is_parted: bool, *, by: str = ""
    ) -> None:
        """Add up kept counts of the union on the tree of a day."""
        chosen = placement.within(rows.order_by(), GROUND, self.spot, self.period, day)
        if is_parted:
            chosen, by = placement.with_child(chosen, GROUND, self.spot, self.period, day)[0], "child"
        counts = {f"n_{name}": Sum(name) for name in self.columns}
        summed = chosen.values(by).annotate(**counts) if by else [chosen.aggregate(**counts)]
        for row in summed:
            _put(found[row.get(by)], [row[name] or 0 for name in counts], sign)

    def _keys_on(self, day: date, is_parted: bool, more: Iterable[int] = ()) -> dict[int, str | None]:
        """The part that each union belongs to of which memberships are looked at; those outside are missing."""
        nodes = {*self.changes, *(stay.node_id for stay in self.stays), *more}
        if nodes and self.unions:
            lookups = {lookup.removeprefix(OF_UNIONS): value for lookup, value in self.unions.items()}
            nodes = set(Node.objects.filter(pk__in=nodes, **lookups).values_list("pk", flat=True))
        if not nodes:
            return {}
        if self.spot.is_root and not is_parted:
            return dict.fromkeys(nodes)
        path = self.spot.path_on(day)
        paths = placement.list_paths(nodes, day).items()
        inside = {node: held for node, held in paths if held.startswith(path)}
        return {node: held[: len(path) + STEP] if is_parted else None for node, held in inside.items()}

    def _doubled(self, day: date, keys: Mapping[int, str | None]) -> dict[Any, Vector]:
        """How many memberships more than human beings stand in each part."""
        seen: set[tuple[Any, ...]] = set()
        found: dict[Any, Vector] = defaultdict(self._nothing)
        for stay in self.stays:
            if stay.node_id not in keys or not stay.holds(day):
                continue
            key = keys[stay.node_id]
            for place, counts in enumerate(stay.counts):
                if counts:
                    found[key][place] += (key, place, stay.whom) in seen
                    seen.add((key, place, stay.whom))
        return found


GROUND = Ground(model=StandingTotal, node="node", paths="node__paths", frozen={}, path="", day="", day_is_moment=False)
"""Counts and memberships stand in the tree alike."""


def _month_end(day: date) -> date:
    """The last day of a day's month."""
    return Period.month(day.year, day.month).end_on


def _put(held: Vector, more: Sequence[int], sign: int = 1) -> None:
    for place, count in enumerate(more):
        held[place] += sign * count
