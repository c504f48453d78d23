"""Foundings for programs: a list page by page, one by its id, and its steps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
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
from unionhome.core.organizations.models import Founding
from unionhome.core.organizations.workflow import FOUNDING
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["organizations"])
ACTS: Mapping[str, Act] = {
    "apply": actions.apply_founding,
    "prepare": actions.prepare_founding,
    "return_application": actions.return_founding,
    "report": actions.report_founding,
    "approve": actions.approve_founding,
    "return_election": actions.return_founding_election,
    "cancel": actions.cancel_founding,
}
"""Steps that need nothing but their verb; the last one, with seal and certificate, is taken at the desk."""


class FoundingsIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    state: str = Field("", max_length=24, pattern="^[a-z]*$", description="open 或一个状态的代码")
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class FoundingOut(Schema):
    """One founding. `under` is the union it will stand under, `organization` its own code from 同意筹建 on."""

    id: int
    name: str
    form: str
    state: str
    state_name: str
    under: str
    approver: str
    employer: str
    division: str
    organization: str | None
    workers_count: int | None
    women_count: int | None
    members_count: int | None
    created_at: datetime
    due_at: datetime | None
    approved_on: date | None
    approval_no: str


class FoundingList(Schema):
    """A page; `next` is the mark of the next one, null on the last; `total` counts all pages."""

    total: int
    items: list[FoundingOut]
    next: str | None


class FoundingFile(FoundingOut):
    """One founding with the steps out of its state."""

    next_steps: list[NextStepOut]


@router.get("/foundings", response=FoundingList, summary="建会列表", operation_id="list_foundings")
@api_door(VIEW)
def list_foundings(request: HttpRequest, asked: Query[FoundingsIn]) -> dict[str, Any]:
    actor = _actor(request)
    found = queries.list_foundings(actor, asked.state).select_related("organization__node").order_by("pk")
    question = f"foundings|{asked.state}"
    page = list(found.filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = page[: asked.limit]
    return {
        "total": found.count(),
        "items": [_facts(one) for one in shown],
        "next": make_cursor(question, shown[-1].pk) if len(page) > asked.limit else None,
    }


@router.get("/foundings/{int:founding_id}", response=FoundingFile, summary="一个建会", operation_id="get_founding")
@api_door(VIEW)
def get_founding(request: HttpRequest, founding_id: int) -> dict[str, Any]:
    return _file(_actor(request), founding_id)


@router.post(
    "/foundings/{int:founding_id}/steps", response=FoundingFile, summary="办理建会的一步", operation_id="step_founding"
)
@api_door(VIEW)
def step_founding(request: HttpRequest, founding_id: int, given: StepIn) -> dict[str, Any]:
    """The permission of the step itself is asked for on the founding's branch."""
    actor = _actor(request)
    take(ACTS, reasons_of(FOUNDING), given, actor, founding_id)
    return _file(actor, founding_id)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _file(actor: Actor, pk: int) -> dict[str, Any]:
    founding = queries.get_founding(actor, pk)
    return {**_facts(founding), "next_steps": steps_out(queries.get_founding_page(actor, founding).next_steps)}


PLAIN = (
    *("name", "form", "state", "workers_count", "women_count", "members_count"),
    *("created_at", "due_at", "approved_on", "approval_no"),
)


def _facts(one: Founding) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in PLAIN},
        "id": one.pk,
        "state_name": FOUNDING.state(one.state).label,
        "under": one.node.code,
        "approver": one.approver.code,
        "employer": one.employer.name if one.employer else "",
        "division": one.division_code,
        "organization": one.organization.node.code if one.organization else None,
    }
