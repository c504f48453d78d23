"""Figures for programs: the same numbers, by the same four questions, with exactly their rows."""

import re
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from unionhome.core.access.api import api_door
from unionhome.core.figures import queries
from unionhome.core.figures.rules.periods import period_key, read_period
from unionhome.core.figures.rules.shown import as_facts, unit_of
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.cursors import make_cursor, read_cursor
from unionhome.kit.dates import Period

router = Router(tags=["figures"])
MOST_ROWS = 500
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_day(text: object) -> object:
    """Only 2021-03-05: numbers are no days."""
    if isinstance(text, str) and not ISO_DAY.fullmatch(text):
        raise ValueError("日期写成 2021-03-05 这样。")
    return text


Day = Annotated[date, BeforeValidator(_iso_day)]


class AskIn(Schema):
    """Which union, which days; the token's own union, and this year up to today, where nothing is said."""

    organization: str = Field("", max_length=32, description="工会编码")
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")


class RowsIn(AskIn):
    """The same, a page at a time; `cursor` is the `next` of the page before."""

    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class FigureOut(Schema):
    """One number. `value` is in `unit`: fen for money, minutes for spans of time; null where nothing gives it."""

    code: str
    name: str
    value: int | float | None
    unit: str
    scope: str
    basis: str
    period: str
    organization: str
    rows: int
    shown: str
    shown_unit: str
    kind: str
    definition: str
    openness: str


class FigureList(Schema):
    items: list[FigureOut]


class RowList(Schema):
    """Rows by column label; `next` is the mark of the next page, null on the last one; `total` counts all pages."""

    code: str
    value: int | float | None
    unit: str
    period: str
    organization: str
    total: int
    items: list[dict[str, Any]]
    next: str | None


@router.get("/figures", response=FigureList, summary="所有指标", operation_id="list_figures")
@api_door("figures.view")
def list_figures(request: HttpRequest, asked: Query[AskIn]) -> dict[str, Any]:
    actor, node, period = _asked(request, asked)
    codes = [figure.code for figure in queries.list_figures()]
    return {"items": [_facts(value) for value in queries.list_values(actor, codes, node, period)]}


@router.get("/figures/{code}", response=FigureOut, summary="一个指标", operation_id="get_figure")
@api_door("figures.view")
def get_figure(request: HttpRequest, code: str, asked: Query[AskIn]) -> dict[str, Any]:
    actor, node, period = _asked(request, asked)
    return _facts(queries.get_value(actor, code, node, period))


@router.get("/figures/{code}/rows", response=RowList, summary="组成一个指标的行", operation_id="list_figure_rows")
@api_door("figures.view")
def list_rows(request: HttpRequest, code: str, asked: Query[RowsIn]) -> dict[str, Any]:
    actor, node, period = _asked(request, asked)
    value = queries.get_value(actor, code, node, period)
    rows = queries.list_api_rows(actor, code, node, period)
    question = f"{code}|{node.code}|{period.start_on}|{period.end_on}"
    page = list(rows.filter(pk__gt=read_cursor(question, asked.cursor)).values_list("pk", flat=True)[: asked.limit + 1])
    shown = page[: asked.limit]
    return {
        "code": code,
        "value": value.plain,
        "unit": unit_of(value.figure).base,
        "period": period_key(period),
        "organization": node.code,
        "total": value.rows,
        "items": list(queries.list_facts(value.figure, rows.filter(pk__in=shown))),
        "next": make_cursor(question, shown[-1]) if len(page) > asked.limit else None,
    }


def _asked(request: HttpRequest, asked: AskIn) -> tuple[Actor, Node, Period]:
    """Raises Forbidden without the permission, NotFound for a union outside the branches, BadInput for the days."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require("figures.view")
    node = queries.get_node(actor, asked.organization.replace("\x00", ""))
    first, last = (day.isoformat() if day else "" for day in (asked.first, asked.last))
    return actor, node, read_period(first, last, timezone.localdate(actor.at))


def _facts(value: queries.Value) -> dict[str, Any]:
    figure = value.figure
    return {
        **as_facts(figure, value.raw, value.period),
        "organization": value.node.code,
        "rows": value.rows,
        "shown": value.shown,
        "shown_unit": figure.unit,
        "kind": figure.kind,
        "definition": figure.definition,
        "openness": figure.openness,
    }
