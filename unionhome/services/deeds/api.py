"""Deeds for programs: the same rows as the list, a page at a time."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor
from unionhome.services.deeds import queries
from unionhome.services.deeds.models import Deed

router = Router(tags=["deeds"])
MOST_ROWS = 500


class DeedsIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    phase: str = Field("", max_length=10, description="collected、listed、taken、done、rated、ended、dropped 或 late")
    year: int | None = Field(None, ge=2000, le=2100)
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class DeedOut(Schema):
    """One deed. Money in fen; `people` are people, `times` occasions."""

    id: int
    number: str
    title: str
    origin: str
    state: str
    organization: str
    list_of: str | None
    year: int | None
    open: bool
    listed_on: date | None
    due_on: date | None
    done_on: date | None
    struck_on: date | None
    published_on: date | None
    on_time: bool | None
    expected_people: int
    people: int | None
    times: int | None
    cost_fen: int | None


class DeedDetail(DeedOut):
    """A deed with how many needs it answers and what workers said of it."""

    needs: int
    ratings: dict[str, int]


class DeedList(Schema):
    """`next` is the mark of the next page, null on the last one; `total` counts all pages."""

    total: int
    items: list[DeedOut]
    next: str | None


@router.get("/deeds", response=DeedList, summary="办实事清单", operation_id="list_deeds")
@api_door("deeds.view")
def list_deeds(request: HttpRequest, asked: Query[DeedsIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.list_deeds(actor, phase=asked.phase, year=asked.year)
    question = f"deeds|{asked.phase}|{asked.year}"
    rows = list(found.order_by("pk").filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = rows[: asked.limit]
    return {
        "total": found.count(),
        "items": [_facts(deed) for deed in shown],
        "next": make_cursor(question, shown[-1].pk) if len(rows) > asked.limit else None,
    }


@router.get("/deeds/{deed_id}", response=DeedDetail, summary="一件实事", operation_id="get_deed")
@api_door("deeds.view")
def get_deed(request: HttpRequest, deed_id: int) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    deed = queries.get_deed(actor, deed_id)
    return {**_facts(deed), "needs": queries.count_needs(deed), "ratings": queries.count_ratings(deed)}


def _facts(deed: Deed) -> dict[str, Any]:
    return {
        "id": deed.pk,
        "number": deed.number,
        "title": deed.title,
        "origin": deed.origin,
        "state": deed.state,
        "organization": deed.node.code,
        "list_of": deed.owner.code if deed.owner else None,
        "year": deed.year,
        "open": deed.is_open,
        "listed_on": deed.listed_on,
        "due_on": deed.due_on,
        "done_on": deed.done_on,
        "struck_on": deed.struck_on,
        "published_on": deed.published_on,
        "on_time": deed.is_on_time,
        "expected_people": deed.expected_people_count,
        "people": deed.people_count,
        "times": deed.service_count,
        "cost_fen": deed.cost_fen,
    }
