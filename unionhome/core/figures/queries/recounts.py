"""A number worked out once more from the rows it opens to: the same rows that are listed, exported and answered."""

from dataclasses import dataclass

from unionhome.core.figures.queries.catalog import get_figure
from unionhome.core.figures.queries.measures import Measured
from unionhome.core.figures.queries.values import Value, list_rows, recount
from unionhome.core.figures.rules.shown import show
from unionhome.core.registry import Actor


@dataclass(frozen=True, slots=True)
class Recount:
    """The number as shown, the number that the rows come to, and how many rows there are."""

    shown: str
    again: str
    rows: int

    @property
    def holds(self) -> bool:
        return self.shown == self.again


def get_recount(actor: Actor, value: Value) -> Recount:
    """Work a number out again from its rows. Pages, workbooks and programs take their rows from `list_rows` too."""
    rows = list_rows(actor, value.figure.code, value.node, value.period).order_by()
    again = recount(get_figure(value.figure.code), rows)
    return Recount(value.shown, _shown(value, again), again.rows)


def _shown(value: Value, again: Measured) -> str:
    """A ratio of two figures is not in the rows of the first: what stands behind it is how many they are."""
    if value.figure.measure.startswith("over:"):
        return value.shown if again.rows == value.rows else show(value.figure, None)
    return show(value.figure, again.raw)
