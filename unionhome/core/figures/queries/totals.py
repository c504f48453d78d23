"""Figures that count service records by their kind: read off the totals, many at once.

Sums of whole years, quarters, months and days are added up from totals. People do not add up: they are read where one
total is the whole period, and else counted from the records. Villages and single unions are always counted from their
records, which are few. Records hidden from a branch are in no total and are added for those who may see them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from unionhome.core.figures.queries import placement
from unionhome.core.figures.queries.ground import Ground, begin_of, days_q, ground_of
from unionhome.core.figures.queries.measures import Measured, way_of
from unionhome.core.figures.queries.placement import Spot
from unionhome.core.figures.rules.periods import Step, by_years, up_to
from unionhome.core.figures.rules.totals import Cells, cover, is_one, list_stretches, to_year_end
from unionhome.core.records.actions import fold
from unionhome.core.records.models import Double, ServiceRecord, Total
from unionhome.core.registry import Actor, Figure
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.queries import find_root, list_hiding_paths
from unionhome.core.tree.rules import prefixes
from unionhome.kit.dates import Period

MEASURES = {"rows": 0, "sum:head_count": 1, "sum:amount_fen": 2, "people:person": 3}
LEVELS = ("city", "county", "town")
Services = frozenset[str] | None
"""Kinds of service; None for every kind."""
Cut = str
"""whole, child or month: into what the number is parted. Parts are keyed by None, the child's id, the step's day."""


class Counts(NamedTuple):
    """Records, heads and fen."""

    records: int = 0
    heads: int = 0
    fen: int = 0


Sums = dict[Any, dict[str, Counts]]
People = dict[Any, dict[str, int]]


def _services_of(figure: Figure) -> tuple[bool, Services]:
    """Whether the figure counts records by nothing but their kind, and which kinds."""
    if not figure.model or figure.measure not in MEASURES or not figure.day:
        return False, None
    ground = ground_of(figure)
    if ground.model is not ServiceRecord or ground.node != "node" or ground.day != "on":
        return False, None
    if not figure.predicate:
        return True, None
    (lookup, value), *more = figure.predicate.items()
    if more or lookup not in ("service", "service__in"):
        return False, None
    return True, frozenset([value] if lookup == "service" else value)


def get_readers(actor: Actor, figures: Iterable[Figure], spot: Spot, period: Period) -> dict[str, "Reader"]:
    """For each figure, by code, that counts records by their kind, who answers; figures of one scope share one."""
    wanted: dict[bool, list[tuple[Figure, Services]]] = defaultdict(list)
    for figure in figures:
        counts, services = _services_of(figure)
        if counts:
            wanted[figure.scope == "own"].append((figure, services))
    readers = {}
    for is_own, chosen in wanted.items():
        kinds = [services for _, services in chosen]
        every = None if None in kinds else frozenset().union(*(kind for kind in kinds if kind is not None))
        reader = Reader(actor, spot, period, ground_of(chosen[0][0]), is_own, every)
        readers.update({figure.code: reader for figure, _ in chosen})
    return readers


@dataclass
class Reader:
    """Answers for many figures of one scope at one union in one period. Each part of the tables is read once."""

    actor: Actor
    spot: Spot
    period: Period
    ground: Ground
    is_own: bool
    services: Services
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _nodes: dict[int, Node] = field(default_factory=dict)

    def find_nodes(self, ids: Iterable[int]) -> dict[int, Node]:
        """The children behind the keys of a cut."""
        missing = set(ids) - self._nodes.keys()
        if missing:
            every = missing.union(*(found.keys() for (_, *cut), found in self._kept.items() if cut == ["child"]))
            self._nodes.update(placement.find_nodes(sorted(every), True, self.period))
        return self._nodes

    def measure(self, figure: Figure, cut: Cut) -> dict[Any, Measured]:
        """The figure's number by the keys of the cut; what has no rows is left out."""
        _, services = _services_of(figure)
        self._once(("fold",), fold)
        if way_of(figure)[0] == "people":
            return self._people_of(services, cut)
        taken = MEASURES[figure.measure]
        found = {}
        for key, by_service in self._once(("sums", cut), lambda: self._sums(cut)).items():
            parts = [counts for code, counts in by_service.items() if services is None or code in services]
            if any(counts.records for counts in parts):
                found[key] = Measured(sum(counts[taken] for counts in parts), sum(counts.records for counts in parts))
        return found

    def _people_of(self, services: Services, cut: Cut) -> dict[Any, Measured]:
        if services is None or len(services) != 1:
            many = self._once(("many", services, cut), lambda: self._count_people(cut, services, by_service=False))
            return {key: Measured(count, count) for key, by in many.items() if (count := by.get("", 0))}
        (code,) = services
        found = self._once(("people", cut), lambda: self._people(cut))
        return {key: Measured(count, count) for key, by in found.items() if (count := by.get(code, 0))}

    def _once(self, key: tuple[Any, ...], read: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = read()
        return self._kept[key]

    # -- where and when ----------------------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        return up_to(self.period, timezone.localdate(self.actor.at)).end_on

    @cached_property
    def is_open(self) -> bool:
        """Whether nothing is recorded after the period, nor can be now."""
        last = Total.objects.filter(above=0, kind="D").order_by("-begins_on").values_list("begins_on", flat=True)
        newest = max(last.first() or date.min, timezone.localdate(self.actor.at))
        return self.period.end_on >= newest

    @cached_property
    def cells(self) -> Cells:
        return cover(to_year_end(self.period) if self.is_open else self.period)

    @cached_property
    def stretches(self) -> list[tuple[Step, Cells]]:
        found = list_stretches(self.period, self.day, is_open=self.is_open)
        return [(step, cover(stretch)) for step, stretch in found]

    @cached_property
    def place(self) -> tuple[list[int], int] | None:
        """The `above` and `place` of the totals of the union; None where it has none."""
        node = self.spot.node
        if node.level not in LEVELS or (self.is_own and node.level == "town"):
            return None
        if self.spot.is_root or self.is_own:
            return [node.pk if self.is_own else 0], node.pk
        if node.level == "county":
            root = find_root()
            return [root.pk if root else 0], node.pk
        stood = {prefix for stay in self.spot.stays for prefix in prefixes(stay.path)[:-1]}
        counties = NodePath.objects.filter(path__in=stood, node__level="county").values_list("node_id", flat=True)
        return sorted(set(counties)), node.pk

    @property
    def has_days(self) -> bool:
        return self.spot.is_root or (self.spot.node.level == "county" and not self.is_own)

    # -- sums --------------------------------------------------------------------------------------------------------

    def _sums(self, cut: Cut) -> Sums:
        totals = self._total_rows(cut)
        if totals is None:
            return self._group(self._rows(), cut)
        found: Sums = defaultdict(dict)
        for key, service, *numbers in totals:
            _add(found[key], service, Counts(*numbers[:3]))
        hidden = self._group(self._rows().filter(~Q(hidden_path="")), cut) if self.hidden_kinds else {}
        for key, by_service in hidden.items():
            for service, counts in by_service.items():
                _add(found[key], service, counts)
        return found

    def _total_rows(self, cut: Cut) -> Iterator[tuple[Any, ...]] | None:
        """key, service, records, heads, fen, people of the totals that make up a cut; None where they do not."""
        if self.place is None or not self.place[0]:
            return None
        aboves, place = self.place
        if cut == "month":
            return self._month_rows(aboves, place)
        if cut == "whole":
            return self._rows_of(
                Total.objects.filter(above__in=aboves, place=place), self.cells, has_days=self.has_days
            )
        if self.spot.node.level == "town":
            return None
        children = Total.objects.filter(above=place)
        return self._rows_of(children, self.cells, has_days=self.spot.is_root, by="place")

    def _rows_of(
        self, totals: QuerySet[Total], cells: Cells, *, has_days: bool, by: str = ""
    ) -> Iterator[tuple[Any, ...]] | None:
        if "D" in cells and not has_days:
            return None
        keys = (by, "service") if by else ("service",)
        rows = _union(self._of_kind(totals, kind, begins, *keys) for kind, begins in cells.items())
        return ((row[0], *row[1:]) if by else (None, *row) for row in rows)

    def _month_rows(self, aboves: list[int], place: int) -> Iterator[tuple[Any, ...]] | None:
        all_cells: dict[str, dict[date, date]] = defaultdict(dict)
        for step, cells in self.stretches:
            for kind, begins in cells.items():
                all_cells[kind].update(dict.fromkeys(begins, step.period.start_on))
        if "D" in all_cells and not self.has_days:
            return None
        totals = Total.objects.filter(above__in=aboves, place=place)
        rows = _union(
            self._of_kind(totals, kind, list(begins), "kind", "begins_on", "service")
            for kind, begins in all_cells.items()
        )
        return ((all_cells[kind][begin], service, *numbers) for kind, begin, service, *numbers in rows)

    def _of_kind(self, totals: QuerySet[Total], kind: str, begins: list[date], *keys: str) -> QuerySet[Any]:
        chosen = totals.filter(kind=kind, begins_on__in=begins)
        if self.services is not None:
            chosen = chosen.filter(service__in=sorted(self.services))
        return chosen.values(*keys).annotate(
            n=Sum("record_count"), heads=Sum("head_count"), fen=Sum("amount_fen"), people=Sum("people_count")
        ).values_list(*keys, "n", "heads", "fen", "people")  # fmt: skip

    # -- people ------------------------------------------------------------------------------------------------------

    def _people(self, cut: Cut) -> People:
        """By one kind of service each."""
        rows = self._total_rows(cut) if self._one_total_each(cut) else None
        if rows is None:
            return self._count_people(cut, self.services, by_service=True)
        found: People = defaultdict(dict)
        for key, service, *_, people in rows:
            found[key][service] = people
        return self._with_hidden(cut, found)

    def _one_total_each(self, cut: Cut) -> bool:
        if self.place is None or len(self.place[0]) != 1:
            return False
        if cut == "month":
            return all(is_one(cells) for _, cells in self.stretches)
        return is_one(self.cells)

    def _with_hidden(self, cut: Cut, found: People) -> People:
        """Kinds with hidden records that the actor may count are counted from the records: nobody is counted twice."""
        hidden = self.hidden_kinds
        if not hidden:
            return found
        counted = self._count_people(cut, hidden, by_service=True)
        for key in {*found, *counted}:
            kept = {code: count for code, count in found.get(key, {}).items() if code not in hidden}
            found[key] = {**kept, **counted.get(key, {})}
        return found

    def _count_people(self, cut: Cut, services: Services, *, by_service: bool) -> People:
        """Human beings whose records come to more than nothing, from the records themselves.

        Whoever has a record taken back, or a double, is looked at one by one; everybody else is whoever stands there.
        """
        rows, key = self._keyed(self._rows(services).filter(person__isnull=False).order_by(), cut)
        keys = [*([key] if key else []), *(["service"] if by_service else [])]
        found: People = defaultdict(dict)
        if self.is_small:
            every = None
        else:
            for *part, people in self._count_persons(rows, keys, services):
                found[self._part(cut, part[0]) if key else None][part[-1] if by_service else ""] = people
            back = rows.filter(sign=-1).values_list("person", flat=True).distinct()
            every = {*self._doubles, *self._doubles.values(), *back}
        for part, service, change in self._one_by_one(rows, keys, every):
            at = self._part(cut, part)
            found[at][service] = found[at].get(service, 0) + change
        return found

    def _count_persons(self, rows: QuerySet[Any], keys: list[str], services: Services) -> Iterable[tuple[Any, ...]]:
        """Persons by the keys. Without a part to tell apart they are grouped, which an index answers in its order;
        both engines take two to four times as long to find the different ones among them."""
        if (keys and keys != ["service"]) or (keys and (services is None or len(services) > 1)):
            return rows.values(*keys).annotate(people=Count("person", distinct=True)).values_list(*keys, "people")
        count = rows.values("person").annotate(any=Max("person")).values("person").count()
        return [(*(services or ()), count)] if keys else [(count,)]

    @property
    def is_small(self) -> bool:
        """Whether so few records lie here that everybody is looked at one by one."""
        return self.place is None

    @cached_property
    def _doubles(self) -> dict[int, int]:
        return dict(Double.objects.values_list("person_id", "identity_id"))

    def _one_by_one(
        self, rows: QuerySet[Any], keys: list[str], persons: set[int] | None
    ) -> Iterator[tuple[Any, str, int]]:
        """How many human beings these persons are, by part and service; less what they were counted for already."""
        if persons is not None:
            if not persons:
                return
            rows = rows.filter(person__in=persons)
        each = rows.values(*keys, "person").annotate(net=Sum("sign")).values_list(*keys, "person", "net")
        theirs = [(part, person, net) for *part, person, net in each]
        same = self._doubles if persons is not None else self._doubles_of({person for _, person, _ in theirs})
        nets: dict[tuple[Any, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        counted: dict[tuple[Any, str], int] = defaultdict(int)
        for part, person, net in theirs:
            at = (part[0] if keys and keys[0] != "service" else None, part[-1] if "service" in keys else "")
            nets[at][same.get(person, person)] += net
            counted[at] += persons is not None
        for (part, service), by_identity in nets.items():
            yield part, service, sum(net > 0 for net in by_identity.values()) - counted[part, service]

    def _doubles_of(self, persons: set[int]) -> dict[int, int]:
        if not persons:
            return {}
        return dict(Double.objects.filter(person_id__in=persons).values_list("person_id", "identity_id"))

    # -- records -----------------------------------------------------------------------------------------------------

    def _rows(self, services: Services = None) -> QuerySet[ServiceRecord]:
        """The records of the union and period that the actor may count, reversals with their sign."""
        rows = ServiceRecord.objects.filter(days_q(self.ground, self.period.start_on, _next(self.period.end_on)))
        chosen = self.services if services is None else services
        if chosen is not None:
            rows = rows.filter(service__in=sorted(chosen))
        placed = (
            rows.filter(node=self.spot.node)
            if self.is_own
            else placement.within(rows, self.ground, self.spot, self.period, self.day)
        )
        if self.actor.is_system:
            return placed
        return placed.exclude(hidden_path__in=list_hiding_paths(self.actor))

    @cached_property
    def hidden_kinds(self) -> frozenset[str]:
        """The kinds of which the actor may count hidden records."""
        hidden = self._rows().filter(~Q(hidden_path=""))
        return frozenset(hidden.order_by().values_list("service", flat=True).distinct())

    def _keyed(self, rows: QuerySet[Any], cut: Cut) -> tuple[QuerySet[Any], str]:
        if cut == "child":
            return placement.with_child(rows, self.ground, self.spot, self.period, self.day)[0], "child"
        if cut == "month":
            return rows.annotate(part=begin_of(self.ground, whole_years=self._by_years)), "part"
        return rows, ""

    @cached_property
    def _by_years(self) -> bool:
        return by_years(Period(self.period.start_on, self.day))

    def _part(self, cut: Cut, value: Any) -> Any:
        """The key of a part as the database gives it: a month by the first of its days within the period."""
        if cut != "month" or value is None:
            return value
        return max(value, self.period.start_on)

    def _group(self, rows: QuerySet[Any], cut: Cut) -> Sums:
        rows, key = self._keyed(rows.order_by(), cut)
        keys = [key, "service"] if key else ["service"]
        found: Sums = defaultdict(dict)
        grouped = rows.values(*keys).annotate(
            n=Sum("sign"), heads=Sum(F("sign") * F("head_count")), fen=Sum(F("sign") * F("amount_fen"))
        )
        for *part, service, n, heads, fen in grouped.values_list(*keys, "n", "heads", "fen"):
            _add(found[self._part(cut, part[0]) if part else None], service, Counts(n, heads, fen))
        return found


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _add(by_service: dict[str, Counts], service: str, more: Counts) -> None:
    held = by_service.get(service, Counts())
    by_service[service] = Counts(*(int(one + two) for one, two in zip(held, more, strict=True)))


def _union(querysets: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    first, *more = querysets
    return first.union(*more, all=True) if more else first
