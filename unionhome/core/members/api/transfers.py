"""Transfers for programs: those of the own branch, one with its steps, and the answers of either union."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.members import actions, queries
from unionhome.core.members.models import Transfer
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["members"])
MOST = 200


class TransfersIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    show: str = Field(
        "", pattern="^(waiting|in|out|overdue|done)?$", description="waiting in out overdue done；空着是全部"
    )
    cursor: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=MOST)


class TransferOut(Schema):
    """One transfer. `old_union` stays unsaid to a union that may not know it yet; `due_at` is null once it is over."""

    number: str
    name: str
    old_union: str
    new_union: str
    turn: str
    origin: str
    state: str
    state_label: str
    submitted_at: datetime
    due_at: datetime | None
    overdue: bool


class TransferList(Schema):
    """`next` is the mark of the next page, null on the last one; `total` counts all pages."""

    total: int
    items: list[TransferOut]
    next: str | None


class LineOut(Schema):
    label: str
    value: str


class StepOut(Schema):
    """What happened: who did what, when, and why."""

    at: datetime
    label: str
    union: str
    reason: str


class AnswerOut(Schema):
    """An answer that the state knows: given by POST to `/transfers/{number}/{verb}`, or why not now."""

    verb: str
    label: str
    allowed: bool
    reason: str


class TransferDetail(TransferOut):
    """A transfer with what either side needs to answer it."""

    facts: list[LineOut]
    steps: list[StepOut]
    answers: list[AnswerOut]


class AnswerIn(Schema):
    """`submit_key` is 32 signs of the caller's own, the same for a repeat of the same call: it does nothing twice."""

    submit_key: str = Field("", pattern="^([0-9a-f]{32})?$")


class NoIn(AnswerIn):
    """A no with its reason, which the member and the other union read."""

    reason: str = Field("", max_length=200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _item(row: Transfer, line: queries.TransferRow, actor: Actor) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": line.name,
        "old_union": line.old_union,
        "new_union": line.new_union,
        "turn": line.turn,
        "origin": line.origin,
        "state": line.state.name,
        "state_label": line.state.label,
        "submitted_at": line.submitted_at,
        "due_at": line.due_at,
        "overdue": line.due_at is not None and line.due_at < actor.at,
    }


def _detail(actor: Actor, row: Transfer) -> dict[str, Any]:
    (line,) = queries.list_transfer_rows(actor, [row])
    page = queries.get_transfer_page(actor, row)
    return {
        **_item(row, line, actor),
        "facts": [{"label": label, "value": value} for label, value in page.facts if value],
        "steps": [
            {"at": each.at, "label": each.label, "union": each.actor_union, "reason": each.reason}
            for each in page.steps
        ],
        "answers": [
            {"verb": each.verb, "label": each.label, "allowed": each.allowed, "reason": each.reason}
            for each in page.next_steps
        ],
    }


@router.get("/transfers", response=TransferList, summary="会籍转接", operation_id="list_transfers")
@api_door("members.view")
def list_transfers(request: HttpRequest, asked: Query[TransfersIn]) -> dict[str, Any]:
    """Transfers from and to the unions of the token's branch, oldest first."""
    actor = _actor(request)
    question = f"transfers|{asked.show}"
    found = queries.list_transfers(actor, asked.show)
    after = found.order_by("pk").filter(pk__gt=read_cursor(question, asked.cursor))
    rows = list(after[: asked.limit + 1])
    shown = rows[: asked.limit]
    lines = queries.list_transfer_rows(actor, shown)
    return {
        "total": found.count(),
        "items": [_item(row, line, actor) for row, line in zip(shown, lines, strict=True)],
        "next": make_cursor(question, shown[-1].pk) if len(rows) > asked.limit else None,
    }


@router.get("/transfers/{number}", response=TransferDetail, summary="一次会籍转接", operation_id="get_transfer")
@api_door("members.view")
def get_transfer(request: HttpRequest, number: str) -> dict[str, Any]:
    """Raises NotFound outside the branch."""
    actor = _actor(request)
    return _detail(actor, queries.get_numbered_transfer(actor, number))


@router.post(
    "/transfers/{number}/release", response=TransferDetail, summary="同意转出", operation_id="release_transfer"
)
@api_door("members.release")
def release_transfer(request: HttpRequest, number: str, said: AnswerIn) -> dict[str, Any]:
    """The old union lets go. 409 with a sentence where it is not its turn."""
    actor = _actor(request)
    row = queries.get_numbered_transfer(actor, number)
    actions.release_transfer(actor, row.pk, submit_key=said.submit_key)
    return _detail(actor, queries.get_transfer(actor, row.pk))


@router.post("/transfers/{number}/hold", response=TransferDetail, summary="不同意转出", operation_id="hold_transfer")
@api_door("members.hold")
def hold_transfer(request: HttpRequest, number: str, said: NoIn) -> dict[str, Any]:
    """The old union does not let go; a reason is needed."""
    actor = _actor(request)
    row = queries.get_numbered_transfer(actor, number)
    actions.hold_transfer(actor, row.pk, reason=said.reason, submit_key=said.submit_key)
    return _detail(actor, queries.get_transfer(actor, row.pk))


@router.post("/transfers/{number}/receive", response=TransferDetail, summary="接收", operation_id="receive_transfer")
@api_door("members.receive")
def receive_transfer(request: HttpRequest, number: str, said: AnswerIn) -> dict[str, Any]:
    """The new union takes the member, who belongs to it from today."""
    actor = _actor(request)
    row = queries.get_numbered_transfer(actor, number)
    actions.receive_transfer(actor, row.pk, submit_key=said.submit_key)
    return _detail(actor, queries.get_transfer(actor, row.pk))


@router.post("/transfers/{number}/refuse", response=TransferDetail, summary="不接收", operation_id="refuse_transfer")
@api_door("members.refuse")
def refuse_transfer(request: HttpRequest, number: str, said: NoIn) -> dict[str, Any]:
    """The new union does not take the member, who stays with the old one; a reason is needed."""
    actor = _actor(request)
    row = queries.get_numbered_transfer(actor, number)
    actions.refuse_transfer(actor, row.pk, reason=said.reason, submit_key=said.submit_key)
    return _detail(actor, queries.get_transfer(actor, row.pk))
