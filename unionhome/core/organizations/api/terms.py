"""Terms that end and re-elections for programs: the list, one re-election, and its steps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.api.steps import (
    MOST_ROWS,
    VIEW,
    Act,
    NextStepOut,
    StepIn,
    reasons_of,
    steps_out,
    take,
)
from unionhome.core.organizations.models import Reelection
from unionhome.core.organizations.workflow import REELECTION
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["organizations"])
ACTS: Mapping[str, Act] = {
    "begin": actions.begin_reelection,
    "report": actions.report_reelection,
    "approve": actions.approve_reelection,
    "return_election": actions.return_term_election,
}


class TermsIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    stage: str = Field("", max_length=12, pattern="^[a-z]*$", description="due soon urgent overdue late")
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class TermOut(Schema):
    """A union whose term is over or ends soon; `reelection` is the id of the one that is open."""

    code: str
    name: str
    term_no: int | None
    term_starts_on: date | None
    term_ends_on: date | None
    stage: str
    reelection: int | None
    state: str | None


class TermList(Schema):
    """A page; `next` is the mark of the next one, null on the last; `total` counts all pages."""

    total: int
    items: list[TermOut]
    next: str | None


class ReelectionOut(Schema):
    """One re-election with the steps out of its state."""

    id: int
    organization: str
    approver: str
    state: str
    state_name: str
    term_no: int
    ended_on: date
    due_at: datetime
    held_on: date | None
    approved_on: date | None
    approval_no: str
    is_on_time: bool
    next_steps: list[NextStepOut]


@router.get("/terms", response=TermList, summary="届满和将要届满的工会", operation_id="list_terms")
@api_door(VIEW)
def list_terms(request: HttpRequest, asked: Query[TermsIn]) -> dict[str, Any]:
    actor = _actor(request)
    today = timezone.localdate(actor.at)
    rules = queries.get_term_rules(today)
    found = queries.list_terms(actor, stage=asked.stage).order_by("pk")
    question = f"terms|{asked.stage}"
    page = list(found.filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = page[: asked.limit]
    open_ones = queries.list_open_reelections(shown)
    return {
        "total": found.count(),
        "items": [
            {
                **{name: getattr(one, name) for name in ("term_no", "term_starts_on", "term_ends_on")},
                "code": one.node.code,
                "name": one.node.name,
                "stage": rules.stage(one.term_ends_on or today, today),
                "reelection": open_ones[one.pk].pk if one.pk in open_ones else None,
                "state": open_ones[one.pk].state if one.pk in open_ones else None,
            }
            for one in shown
        ],
        "next": make_cursor(question, shown[-1].pk) if len(page) > asked.limit else None,
    }


@router.get(
    "/reelections/{int:reelection_id}", response=ReelectionOut, summary="一次换届", operation_id="get_reelection"
)
@api_door(VIEW)
def get_reelection(request: HttpRequest, reelection_id: int) -> dict[str, Any]:
    return _facts(_actor(request), reelection_id)


@router.post(
    "/reelections/{int:reelection_id}/steps",
    response=ReelectionOut,
    summary="办理换届的一步",
    operation_id="step_reelection",
)
@api_door(VIEW)
def step_reelection(request: HttpRequest, reelection_id: int, given: StepIn) -> dict[str, Any]:
    """The permission of the step itself is asked for on the union's branch."""
    actor = _actor(request)
    take(ACTS, reasons_of(REELECTION), given, actor, reelection_id)
    return _facts(actor, reelection_id)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _facts(actor: Actor, pk: int) -> dict[str, Any]:
    one: Reelection = queries.get_reelection(actor, pk)
    plain = ("state", "term_no", "ended_on", "due_at", "approved_on", "approval_no", "is_on_time")
    return {
        **{name: getattr(one, name) for name in plain},
        "id": one.pk,
        "organization": one.node.code,
        "approver": one.approver.code,
        "state_name": REELECTION.state(one.state).label,
        "held_on": one.election.held_on if one.election else None,
        "next_steps": steps_out(queries.get_reelection_page(actor, one).next_steps),
    }
