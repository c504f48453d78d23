"""Cases for programs: masked as on the page, a page at a time."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.cases import queries
from unionhome.core.cases.clocks import list_lights
from unionhome.core.cases.models import Case
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["cases"])
MOST_ROWS = 500


class CasesIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    text: str = Field("", max_length=60, description="编号、姓名开头、单位")
    phase: str = Field("", max_length=10, description="new、working、waiting 或 closed")
    category: str = Field("", max_length=24)
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class CaseOut(Schema):
    """One case; the applicant's name is masked, words and phone are never sent."""

    id: int
    number: str
    kind: str
    category: str
    title: str
    state: str
    organization: str
    urgent: bool
    opened_at: datetime
    closed_on: date | None
    rating: str


class ClockOut(Schema):
    """One of the three firsts. `used_text` and `limit_text` are for people; moments are for programs."""

    name: str
    state: str
    due_at: datetime | None
    stopped_at: datetime | None
    used_text: str
    limit_text: str
    provisional: bool


class CaseDetail(CaseOut):
    """A case with its clocks."""

    clocks: list[ClockOut]


class CaseList(Schema):
    """`next` is the mark of the next page, null on the last one; `total` counts all pages."""

    total: int
    items: list[CaseOut]
    next: str | None


@router.get("/cases", response=CaseList, summary="诉求", operation_id="list_cases")
@api_door("cases.view")
def list_cases(request: HttpRequest, asked: Query[CasesIn]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.list_cases(actor, text=asked.text, phase=asked.phase, category=asked.category)
    question = f"cases|{asked.text}|{asked.phase}|{asked.category}"
    rows = list(found.order_by("pk").filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = rows[: asked.limit]
    return {
        "total": found.count(),
        "items": [_facts(case) for case in shown],
        "next": make_cursor(question, shown[-1].pk) if len(rows) > asked.limit else None,
    }


@router.get("/cases/{case_id}", response=CaseDetail, summary="一件诉求", operation_id="get_case")
@api_door("cases.view")
def get_case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = queries.get_case(actor, case_id)
    clocks = [
        {
            "name": light.key,
            "state": light.state,
            "due_at": light.due_at,
            "stopped_at": light.stopped_at,
            "used_text": light.text,
            "limit_text": light.limit_text,
            "provisional": light.is_provisional,
        }
        for light in list_lights(case, actor.at)
    ]
    return {**_facts(case), "clocks": clocks}


def _facts(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "kind": case.kind,
        "category": case.category,
        "title": case.title,
        "state": case.state,
        "organization": case.node.code,
        "urgent": case.is_urgent,
        "opened_at": case.opened_at,
        "closed_on": case.closed_on,
        "rating": case.rating,
    }
