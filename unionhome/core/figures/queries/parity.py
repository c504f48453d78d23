"""The same number four ways: on the screen, from the listed rows, from the exported rows, through the API."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from unionhome.core.figures.queries.catalog import get_figure
from unionhome.core.figures.queries.measures import Measured
from unionhome.core.figures.queries.values import Value, list_rows, recount
from unionhome.core.figures.rules.shown import show
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period


@dataclass(frozen=True, slots=True)
class Parity:
    """The number as shown, and as worked out again from the rows of each way out; `rows` is their count."""

    shown: str
    listed: str
    exported: str
    api: str
    rows: int

    @property
    def holds(self) -> bool:
        return self.shown == self.listed == self.exported == self.api


def list_export_rows(actor: Actor, code: str, node: Node, period: Period) -> QuerySet[Any]:
    """The rows a workbook gets."""
    return list_rows(actor, code, node, period)


def list_api_rows(actor: Actor, code: str, node: Node, period: Period) -> QuerySet[Any]:
    """The rows a program gets, oldest key first so that a page mark stays put while rows are added."""
    return list_rows(actor, code, node, period).order_by("pk")


def get_parity(actor: Actor, value: Value) -> Parity:
    """Work the number out again from every way out. Ways that ask the tables the same thing are asked once."""
    figure, asked = get_figure(value.figure.code), (actor, value.figure.code, value.node, value.period)
    seen: dict[Any, Measured] = {}
    shown = []
    for ways_out in (list_rows, list_export_rows, list_api_rows):
        rows = ways_out(*asked).order_by()
        key = rows.query.sql_with_params()
        if key not in seen:
            seen[key] = recount(figure, rows)
        shown.append(_shown(value, seen[key]))
    listed, exported, api = shown
    return Parity(value.shown, listed, exported, api, next(iter(seen.values())).rows)


def _shown(value: Value, again: Measured) -> str:
    """A ratio of two figures is not in the rows of the first: what stands behind it is how many they are."""
    if value.figure.measure.startswith("over:"):
        return value.shown if again.rows == value.rows else show(value.figure, None)
    return show(value.figure, again.raw)
