"""Figures for programs: the same numbers, by the same four questions, with exactly their rows."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from unionhome.core.access.api import api_door
from unionhome.core.figures import queries
from unionhome.core.figures.models import PublishedFigure
from unionhome.core.figures.rules.periods import period_key, read_period
from unionhome.core.figures.rules.shown import as_facts, unit_of
from unionhome.core.registry import Actor, NotFound
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


class PageIn(Schema):
    """A page at a time; `cursor` is the `next` of the page before."""

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
    rows = queries.list_rows(actor, code, node, period).order_by("pk")
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


class PublishedIn(Schema):
    """Which union and figure, a page at a time; all of the token's branches where nothing is said."""

    organization: str = Field("", max_length=32, description="工会编码")
    code: str = Field("", max_length=60, description="指标编码")
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class PublishedOut(Schema):
    """One published number. `statement` is what was signed, byte for byte; `signature` is Ed25519 over it, in hex."""

    id: str
    code: str
    name: str
    version: int
    organization: str
    period: str
    value: str
    shown: str
    unit: str
    rows: int
    rows_digest: str
    published_at: datetime
    key: str
    signature: str
    statement: str
    reason: str


class PublishedList(Schema):
    items: list[PublishedOut]
    next: str | None


class FrozenRowList(Schema):
    """Frozen rows by column label, with the digest of each (empty for one hidden from the reader); `next` as above."""

    id: str
    total: int
    items: list[dict[str, Any]]
    next: str | None


@router.get("/published", response=PublishedList, summary="发布过的数", operation_id="list_published")
@api_door("figures.view")
def list_published(request: HttpRequest, asked: Query[PublishedIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    node = queries.get_node(actor, asked.organization.replace("\x00", "")) if asked.organization else None
    question = f"published|{asked.organization}|{asked.code}"
    rows = queries.list_published(actor, node=node, code=asked.code.replace("\x00", "")).select_related("key")
    page = list(rows.filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = page[: asked.limit]
    return {
        "items": [_published(row) for row in shown],
        "next": make_cursor(question, shown[-1].pk) if len(page) > asked.limit else None,
    }


@router.get("/published/{public_id}", response=PublishedOut, summary="一个发布的数", operation_id="get_published")
@api_door("figures.view")
def get_published(request: HttpRequest, public_id: str) -> dict[str, Any]:
    return _published(_found(request, public_id))


@router.get(
    "/published/{public_id}/rows", response=FrozenRowList, summary="发布的数冻结的行", operation_id="list_frozen_rows"
)
@api_door("figures.view")
def list_frozen_rows(request: HttpRequest, public_id: str, asked: Query[PageIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = _found(request, public_id)
    question = f"frozen|{public_id}"
    first = read_cursor(question, asked.cursor)
    labels = [column["label"] for column in row.declaration["columns"]]
    lines = queries.FrozenRowList(actor, row)[first : first + asked.limit]
    return {
        "id": row.public_id,
        "total": row.row_count,
        "items": [{**dict(zip(labels, line.cells, strict=True)), "digest": line.digest} for line in lines],
        "next": make_cursor(question, first + len(lines)) if first + len(lines) < row.row_count else None,
    }


def _found(request: HttpRequest, public_id: str) -> PublishedFigure:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = queries.get_frozen(actor, public_id.replace("\x00", "")[:64])
    if row.published_at is None:
        raise NotFound()
    return row


def _published(row: PublishedFigure) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "code": row.code,
        "name": row.name,
        "version": row.version,
        "organization": row.node.code,
        "period": period_key(Period(row.starts_on, row.ends_on)),
        "value": row.raw,
        "shown": row.shown,
        "unit": row.unit,
        "rows": row.row_count,
        "rows_digest": row.rows_digest,
        "published_at": row.published_at,
        "key": row.key.fingerprint if row.key else "",
        "signature": row.signature,
        "statement": row.statement,
        "reason": row.publication.reason,
    }
