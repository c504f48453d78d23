"""The four questions about a figure. Everything that shows a number asks here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from unionhome.core.figures.queries import placement
from unionhome.core.figures.queries.catalog import get_figure
from unionhome.core.figures.queries.ground import begin_of, ground_of, time_q
from unionhome.core.figures.queries.measures import Measured, identity_of, known_people, measure, one_row_each, way_of
from unionhome.core.figures.queries.placement import Spot, get_spot
from unionhome.core.figures.queries.standings import StockReader, get_stock_readers
from unionhome.core.figures.queries.stocks import days_before
from unionhome.core.figures.queries.totals import Cut, Reader, get_readers
from unionhome.core.figures.rules.periods import Step, by_years, steps, up_to
from unionhome.core.figures.rules.shown import Raw, beyond, plain, show
from unionhome.core.registry import Actor, Figure, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.rules import prefixes
from unionhome.kit.dates import Period

PERMISSION = "figures.view"
NOTHING = Measured(None, 0)


@dataclass(frozen=True, slots=True)
class Value:
    """The number of one figure at one union in one period, with the count of the rows behind it.

    `raw` is in the base unit (fen, minutes), None where there is nothing to measure.
    """

    figure: Figure
    node: Node
    period: Period
    raw: Raw
    rows: int

    @property
    def shown(self) -> str:
        return show(self.figure, self.raw)

    @property
    def plain(self) -> int | float | None:
        return plain(self.figure, self.raw)

    @property
    def beyond(self) -> str:
        """Why it is more than a hundred per cent; "" where it is not, or nothing is declared."""
        return beyond(self.figure, self.raw)


@dataclass(frozen=True, slots=True)
class Part:
    """The number of one child union (`node`), or of one month (`step`)."""

    figure: Figure
    label: str
    raw: Raw
    rows: int
    node: Node | None = None
    step: Step | None = None
    is_own: bool = False

    @property
    def shown(self) -> str:
        return show(self.figure, self.raw)

    @property
    def plain(self) -> int | float | None:
        return plain(self.figure, self.raw)


@dataclass(frozen=True, slots=True)
class Question:
    """One figure asked by somebody, for one union and period. `day` is the last day that has come.

    `readers` read totals of service records and counts of members for all figures that are asked together.
    """

    actor: Actor
    figure: Figure
    spot: Spot
    period: Period
    readers: Mapping[str, Reader | StockReader]

    def measured(self, cut: Cut) -> dict[Any, Measured] | None:
        """The number by the parts of a cut, for a figure that is added up from totals; else None."""
        reader = self.readers.get(self.figure.code)
        return reader.measure(self.figure, cut) if reader else None

    @property
    def day(self) -> date:
        return up_to(self.period, timezone.localdate(self.actor.at)).end_on

    def rows(self, period: Period | None = None) -> QuerySet[Any]:
        """All rows behind the figure (of another period, if one is named); one per person is made of them later."""
        chosen = period or self.period
        day = self.day if period is None else min(period.end_on, self.day)
        return self._placed(self._ever().filter(time_q(self.figure, chosen, day)), chosen, day)

    def one_row_each(self) -> QuerySet[Any]:
        """The rows, one per person for a figure of people."""
        reader = self.readers.get(self.figure.code)
        doubled = reader.list_doubled(self.figure) if isinstance(reader, StockReader) else None
        if doubled is None:
            return one_row_each(self.rows(), self.figure)
        return self.rows().exclude(pk__in=doubled) if doubled else self.rows()

    def rows_of_any_day(self) -> QuerySet[Any]:
        """The rows of a stock on whichever day they stood, placed on the tree of the last day."""
        return self._placed(self._ever(), self.period, self.day)

    def _ever(self) -> QuerySet[Any]:
        model: Any = ground_of(self.figure).model
        found = model.objects.filter(**getattr(model, "STANDS", {})).filter(**self.figure.predicate)
        return known_people(found, self.figure)

    def _placed(self, found: QuerySet[Any], chosen: Period, day: date) -> QuerySet[Any]:
        ground = ground_of(self.figure)
        if self.figure.scope == "own":
            placed = found.filter(**{ground.node: self.spot.node.pk})
        else:
            placed = placement.within(found, ground, self.spot, chosen, day)
        return self._without_hidden(placed)

    def _without_hidden(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows hidden from an employer's union are in no number that anybody of that branch reads."""
        hidden = getattr(rows.model, "SCOPE_HIDDEN", None)
        if self.actor.is_system or not hidden:
            return rows
        inside = {prefix for path in self.actor.paths() for prefix in prefixes(path)}
        return rows.exclude(**{f"{hidden}__in": sorted(inside)})


@dataclass(frozen=True, slots=True)
class Asking:
    """Many figures asked together for one union and period: what they share of the tables is read once."""

    node: Node
    period: Period
    questions: tuple[Question, ...]

    def list_values(self) -> list[Value]:
        """The numbers, in the order of the codes."""
        measured = [(question.figure, _value(question)) for question in self.questions]
        return [Value(figure, self.node, self.period, each.raw, each.rows) for figure, each in measured]

    def list_by_child(self) -> list[list[Part]]:
        """The numbers at each union directly below, and at the union itself."""
        if not self.questions:
            return []
        below = [self.node, *placement.list_children(self.questions[0].spot, self.questions[0].day)]
        return [_child_parts(question, below) for question in self.questions]

    def list_by_month(self) -> list[list[Part]]:
        """The numbers of each month, or year."""
        return [_month_parts(question) for question in self.questions]


def get_asking(actor: Actor, codes: Sequence[str], node: Node, period: Period) -> Asking:
    """Figures to ask together. Raises NotFound for an unknown code, or a union outside the actor's branches."""
    figures = [get_figure(code) for code in codes]
    if not actor.may(PERMISSION, node.path):
        raise NotFound()
    spot = get_spot(node)
    counted = [part for figure in figures for part in parts_of_ratio(figure) or (figure,)]
    readers: dict[str, Reader | StockReader] = {**get_readers(actor, counted, spot, period)}
    readers.update(get_stock_readers(actor, counted, spot, period))
    return Asking(node, period, tuple(Question(actor, figure, spot, period, readers) for figure in figures))


def parts_of_ratio(figure: Figure) -> tuple[Figure, Figure] | None:
    """The two figures that an "over" ratio divides, else None."""
    way, what = way_of(figure)
    if way != "over":
        return None
    upper, _, lower = what.partition("/")
    return get_figure(upper), get_figure(lower)


def list_ratio_values(actor: Actor, code: str, node: Node, period: Period) -> list[Value]:
    """The two numbers that a ratio of two figures divides, each with rows of its own; none for other figures."""
    codes = [part.code for part in parts_of_ratio(get_figure(code)) or ()]
    return list_values(actor, codes, node, period) if codes else []


def get_value(actor: Actor, code: str, node: Node, period: Period) -> Value:
    """The number. Raises NotFound for an unknown code, or a union outside the actor's branches."""
    return get_asking(actor, [code], node, period).list_values()[0]


def list_values(actor: Actor, codes: Sequence[str], node: Node, period: Period) -> list[Value]:
    """The numbers of many figures, in the order of their codes; raises as `get_value` does."""
    return get_asking(actor, codes, node, period).list_values()


def _value(question: Question) -> Measured:
    both = parts_of_ratio(question.figure)
    if both is None:
        found = question.measured("whole")
        if found is not None:
            return found.get(None, _nothing(question.figure))
        return measure(question.rows(), question.figure)[()]
    upper, lower = (_value(replace(question, figure=figure)) for figure in both)
    return _divide(upper, lower)


def _divide(upper: Measured, lower: Measured) -> Measured:
    if not lower.raw:
        return Measured(None, upper.rows)
    return Measured(Decimal(100) * Decimal(upper.raw or 0) / Decimal(lower.raw), upper.rows)


def list_by_child(actor: Actor, code: str, node: Node, period: Period) -> list[Part]:
    """The number at each union directly below, and at the union itself.

    Federations of divisions always stand in the list, other unions when they have rows. Numbers of people need not
    add up to the whole: somebody served in two places is one person. Raises as `get_value` does.
    """
    return get_asking(actor, [code], node, period).list_by_child()[0]


def _child_parts(question: Question, below: Sequence[Node]) -> list[Part]:
    figure, node = question.figure, question.spot.node
    found = _joined(question, _children)
    nodes = {each.pk: each for each in below}
    nodes.update({pk: each for pk, (each, _) in found.items()})
    empty = _nothing(figure)
    parts = []
    for pk, each in nodes.items():
        measured = found[pk][1] if pk in found else empty
        is_own = pk == node.pk
        if measured.rows or (each.is_local and not is_own):
            label = "本级" if is_own else each.name
            parts.append(Part(figure, label, measured.raw, measured.rows, node=each, is_own=is_own))
    return sorted(parts, key=lambda part: part.is_own)


def _nothing(figure: Figure) -> Measured:
    return Measured(0, 0) if way_of(figure)[0] in ("rows", "sum", "people") else NOTHING


def _children(question: Question) -> dict[Any, tuple[Node, Measured]]:
    """Measured children by node id."""
    spot, period, day = question.spot, question.period, question.day
    ground = ground_of(question.figure)
    if question.figure.scope == "own":
        return {spot.node.pk: (spot.node, _value(question))}
    counted = question.measured("child")
    if counted is not None:
        nodes = question.readers[question.figure.code].find_nodes(counted)
        return {pk: (nodes[pk], measured) for pk, measured in counted.items() if pk in nodes}
    rows, are_ids = placement.with_child(question.rows(), ground, spot, period, day)
    found = measure(rows, question.figure, ("child",))
    nodes = placement.find_nodes([key for (key,) in found], are_ids, period)
    return {nodes[key].pk: (nodes[key], measured) for (key,), measured in found.items() if key in nodes}


def _joined(
    question: Question, split: Callable[[Question], dict[Any, tuple[Any, Measured]]]
) -> dict[Any, tuple[Any, Measured]]:
    """Splits a figure; an "over" ratio by splitting its two figures and dividing what belongs together."""
    both = parts_of_ratio(question.figure)
    if both is None:
        return split(question)
    upper, lower = (_joined(replace(question, figure=figure), split) for figure in both)
    return {
        key: (each, _divide(upper[key][1] if key in upper else Measured(0, 0), measured))
        for key, (each, measured) in lower.items()
    }


def _month_parts(question: Question) -> list[Part]:
    figure, node = question.figure, question.spot.node
    all_steps = steps(Period(question.period.start_on, question.day))
    found = _joined(question, _months)
    empty = _nothing(figure)
    return [
        Part(figure, step.label, measured.raw, measured.rows, node=node, step=step)
        for step in all_steps
        for measured in (found[step.period.start_on][1] if step.period.start_on in found else empty,)
    ]


def _months(question: Question) -> dict[Any, tuple[Step, Measured]]:
    """Measured steps by their first day."""
    period = Period(question.period.start_on, question.day)
    all_steps = steps(period)
    counted = question.measured("month")
    if counted is not None:
        begun = {step.period.start_on: step for step in all_steps}
        return {begin: (begun[begin], measured) for begin, measured in counted.items() if begin in begun}
    if not ground_of(question.figure).day:
        return {step.period.start_on: (step, measured) for step, measured in _at_ends(question, all_steps)}
    begun_on = begin_of(ground_of(question.figure), whole_years=by_years(period))
    rows = question.rows().annotate(step=begun_on)
    found = measure(rows, question.figure, ("step",))
    by_begin = {(key.year, key.month): measured for (key,), measured in found.items()}
    whole_years = by_years(period)
    return {
        step.period.start_on: (step, by_begin[begin])
        for step in all_steps
        if (begin := (step.period.start_on.year, 1 if whole_years else step.period.start_on.month)) in by_begin
    }


def _at_ends(question: Question, all_steps: list[Step]) -> Iterator[tuple[Step, Measured]]:
    """A stock at the end of each step; reckoned back from the last where the tree stood still meanwhile."""
    days = [min(step.period.end_on, question.day) for step in all_steps]
    found: list[Measured] | None = None
    if question.spot.is_root or placement.tree_stood_still(question.period):
        last = measure(question.rows(all_steps[-1].period), question.figure)[()]
        found = days_before(question.rows_of_any_day(), question.figure, days, last)
    for place, step in enumerate(all_steps):
        yield step, found[place] if found else measure(question.rows(step.period), question.figure)[()]


def list_rows(actor: Actor, code: str, node: Node, period: Period) -> QuerySet[Any]:
    """Exactly the rows behind the number, newest first: one per person for a figure of people.

    The rows of a ratio of two figures are those of the first. Raises as `get_value` does.
    """
    figure = get_figure(code)
    both = parts_of_ratio(figure)
    if both is not None:
        return list_rows(actor, both[0].code, node, period)
    (question,) = get_asking(actor, [code], node, period).questions
    rows = question.one_row_each()
    way, what = way_of(figure)
    if way in ("median", "standard"):
        rows = rows.filter(**{f"{what}__isnull": False})
    day = ground_of(figure).day
    return rows.order_by(*([f"-{day}"] if day else []), "-pk")


def count_people(actor: Actor, code: str, node: Node, period: Period) -> int | None:
    """Human beings behind the rows of a figure; None where its rows name nobody."""
    rows = list_rows(actor, code, node, period)
    field = next((each for each in rows.model._meta.concrete_fields if each.name == "person"), None)
    if field is None:
        return None
    found = rows.order_by().filter(person__isnull=False).aggregate(n=Count(identity_of(rows, "person"), distinct=True))
    anonymous = rows.filter(person__isnull=True).exists() if field.null else False
    return None if anonymous else int(found["n"])


def recount(figure: Figure, rows: QuerySet[Any]) -> Measured:
    """The number worked out once more from listed rows, of which each stands for one person where people count."""
    both = parts_of_ratio(figure)
    counted = both[0] if both else figure
    if way_of(counted)[0] != "people":
        return measure(rows, counted)[()]
    count = rows.order_by().count()
    return Measured(count, count)
