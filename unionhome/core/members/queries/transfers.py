"""Transfers as both unions and the member see them: each only its part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from unionhome.core.members.models import Membership, Transfer
from unionhome.core.members.models.transfers import OPEN_TRANSFER
from unionhome.core.members.queries.lookups import (
    SUGGESTIONS,
    find_employer,
    find_route,
    get_answer_by,
    get_membership,
    list_answer_lights,
)
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.rules import privacy
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.members.rules.standing import TransferInput, TransferOrigin, TransferReason, check_transfer
from unionhome.core.members.workflow import TRANSFER
from unionhome.core.organizations.queries import find_division, get_division_text
from unionhome.core.registry import Actor, NotFound, Refused, State
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps
from unionhome.core.workflow.rules import overdue_q
from unionhome.kit.codes import mask_name

VIEW = "members.view"
PROPOSE = "members.propose"
HIDDEN_UNION = "本人原来的工会"
"""What a union that does not see the old one is told of it before the old one lets go."""
TOLD_STATES = ("receiving", "received", "refused")
"""States in which the old union has let go, so that the new one may know it."""


def _seen(actor: Actor) -> QuerySet[Transfer]:
    rows = Transfer.objects.select_related("from_node", "to_node", "node", "person__node", "employer", "membership")
    return scope(rows, actor, VIEW)


def get_transfer(actor: Actor, pk: int) -> Transfer:
    """A transfer from or to a union of the actor's branches. Raises NotFound."""
    found = _seen(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def get_numbered_transfer(actor: Actor, number: str) -> Transfer:
    """As `get_transfer`, by the number that stands on the page. Raises NotFound."""
    found = _seen(actor).filter(number=number.replace("\0", "")).first() if number else None
    if found is None:
        raise NotFound()
    return found


def get_transfer_facts(actor: Actor, transfer: Transfer) -> dict[str, bool]:
    """Facts for the guards: is the membership still the one to be moved, is the new union still there, and did this very
    account ask for the member, who is not to answer for the old union too? The old union may ask itself."""
    asked = transfer.origin != TransferOrigin.OLD_UNION and actor.user_id is not None
    status = Membership.objects.filter(pk=transfer.membership_id).values_list("status", flat=True).first()
    return {
        "is_standing": status in STANDING,
        "is_closed": transfer.to_node.closed_on is not None,
        "is_own_asking": asked and transfer.user_id == actor.user_id,
    }


def _kinds(actor: Actor) -> dict[str, Q]:
    """What the list of transfers is narrowed to by name."""
    branches = actor.branches(VIEW)
    is_open = Q(state__in=OPEN_TRANSFER)
    return {
        "waiting": is_open & branch_q("node__path", branches),
        "in": is_open & branch_q("to_node__path", branches),
        "out": is_open & branch_q("from_node__path", branches),
        "overdue": is_open & overdue_q(actor.at),
        "done": ~is_open,
    }


KINDS = ("waiting", "in", "out", "overdue", "done")


def count_transfers(actor: Actor) -> dict[str, int]:
    """How many transfers of each kind there are, in one query."""
    kinds = {f"n_{name}": Count("pk", filter=q) for name, q in _kinds(actor).items()}
    found = scope(Transfer.objects.all(), actor, VIEW).order_by().aggregate(**kinds)
    return {name.removeprefix("n_"): value for name, value in found.items()}


def list_transfers(actor: Actor, kind: str = "") -> QuerySet[Transfer]:
    """Transfers of one kind, or all: what is under way first due first, what is over newest first."""
    rows = _seen(actor)
    if kind in KINDS:
        rows = rows.filter(_kinds(actor)[kind])
    return rows.order_by("-submitted_at", "-pk") if kind in ("", "done") else rows.order_by("due_at", "pk")


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One line of the list of transfers."""

    id: int
    name: str
    old_union: str
    new_union: str
    turn: str
    origin: str
    state: State
    submitted_at: datetime
    due_at: datetime | None
    light: Mapping[str, Any] | None


def list_transfer_rows(actor: Actor, rows: Iterable[Transfer]) -> list[TransferRow]:
    """Lines for transfers that `list_transfers` found."""
    rows = list(rows)
    owed = ((row.pk, row.due_at, row.turn_at) for row in rows if row.state in OPEN_TRANSFER)
    lights = list_answer_lights(actor, owed)
    return [_row(actor, row, lights.get(row.pk)) for row in rows]


def _row(actor: Actor, row: Transfer, light: Mapping[str, Any] | None) -> TransferRow:
    is_open = row.state in OPEN_TRANSFER
    return TransferRow(
        id=row.pk,
        name=_shown_name(actor, row),
        old_union=_old_union(actor, row),
        new_union=row.to_node.name,
        turn=_turn(actor, row) if is_open else "",
        origin=row.get_origin_display(),
        state=TRANSFER.state(row.state),
        submitted_at=row.submitted_at,
        due_at=row.due_at if is_open else None,
        light=light,
    )


def _shown_name(actor: Actor, row: Transfer) -> str:
    """The name, clear only for the union that keeps the file."""
    return row.person.name if privacy.sees_names(actor, row.person.node_id) else mask_name(row.person.name)


def _sees_old_union(actor: Actor, row: Transfer) -> bool:
    """Whether the actor may know where the member comes from: by branch, or once the old union has let go."""
    return row.state in TOLD_STATES or actor.may(VIEW, row.from_node.path)


def _old_union(actor: Actor, row: Transfer) -> str:
    """The old union's name, or the words that stand for it."""
    return row.from_node.name if _sees_old_union(actor, row) else HIDDEN_UNION


def _turn(actor: Actor, row: Transfer) -> str:
    """Whose turn it is, in the words the actor may read."""
    return _old_union(actor, row) if row.node_id == row.from_node_id else row.to_node.name


@dataclass(frozen=True, slots=True)
class TransferPage:
    """One transfer with what either side needs to answer it."""

    name: str
    old_union: str
    turn: str
    state: State
    facts: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    person_id: int | None


def get_transfer_page(actor: Actor, row: Transfer) -> TransferPage:
    """The page of a transfer the caller has scoped. The file itself is linked only where the actor's branch keeps it."""
    steps = tuple(list_steps(row))
    if not _sees_old_union(actor, row):
        steps = tuple(_without_union(step, row) for step in steps)
    return TransferPage(
        name=_shown_name(actor, row),
        old_union=_old_union(actor, row),
        turn=_turn(actor, row),
        state=TRANSFER.state(row.state),
        facts=tuple(_facts(row)),
        steps=steps,
        next_steps=tuple(list_next_steps(actor, TRANSFER, row, get_transfer_facts(actor, row))),
        person_id=row.person_id if actor.may(VIEW, row.person.node.path) else None,
    )


def _without_union(step: Step, row: Transfer) -> Step:
    """A step of the old union as the new one may read it; the member's own steps and the new union's stay."""
    if step.door in ("desk", "api") and (step.verb in ("release", "hold") or row.origin == "old_union"):
        step.actor_union, step.actor_post, step.actor_name = HIDDEN_UNION, "", ""
    return step


def _facts(row: Transfer) -> Iterable[tuple[str, str]]:
    person = row.person
    yield "原因", row.get_why_display()
    if row.employer or row.employer_text:
        yield "新单位", row.employer.name if row.employer else row.employer_text
    yield "性别", person.get_sex_display()
    yield "职业群体", person.get_group_display() if person.group not in ("", "none") else ""
    yield "会籍", "保留会籍" if row.membership.held == "retained" else "在会"
    yield "说明", row.note


@dataclass(frozen=True, slots=True)
class OwnTransfer:
    """The member's own transfer: how it stands, whose turn it is, by when."""

    transfer: Transfer
    state: State
    turn: str
    is_open: bool
    reason: str
    steps: tuple[Step, ...]


def find_own_transfer(actor: Actor) -> OwnTransfer | None:
    """The actor's newest transfer. Raises NotFound for somebody the register does not know."""
    rows = Transfer.objects.select_related("from_node", "to_node", "node", "employer")
    row = rows.filter(person=get_own_person(actor)).order_by("-submitted_at", "-pk").first()
    if row is None:
        return None
    steps = tuple(list_steps(row))
    return OwnTransfer(
        transfer=row,
        state=TRANSFER.state(row.state),
        turn=row.node.name,
        is_open=row.state in OPEN_TRANSFER,
        reason=next((step.reason for step in reversed(steps) if step.reason), ""),
        steps=steps,
    )


def find_moving(actor: Actor) -> Transfer | None:
    """The transfer of the worker who is signed in that is under way."""
    if actor.person_id is None:
        return None
    rows = Transfer.objects.select_related("to_node", "node", "from_node")
    return rows.filter(person=actor.person_id, state__in=OPEN_TRANSFER).first()


def list_own_transfers(person_id: int) -> QuerySet[Transfer]:
    """Every transfer of a person, for the person's own download."""
    return Transfer.objects.select_related("from_node", "to_node").filter(person=person_id).order_by("pk")


@dataclass(frozen=True, slots=True)
class MovePreview:
    """Where a member's wish would go: who lets go, who answers then, why, and by when the first has to answer."""

    old_union: str
    new_union: str
    reason: str
    due_at: datetime
    lines: tuple[tuple[str, str], ...]


def get_move_preview(actor: Actor, given: TransferInput) -> MovePreview:
    """Say where the wish would go, without sending anything. Raises BadInput at the fields, Refused for no member."""
    given = check_transfer(given)
    membership = get_membership(actor.person_id)
    if membership is None:
        raise Refused("您现在不是会员，直接申请入会就行。", "no-member")
    route = find_route(
        employer_id=given.employer_id, employer_text=given.employer_text, division_code=given.division_code
    )
    if route.node_id == membership.node_id:
        raise Refused(f"新单位还是归{route.union}，会籍不用转接，单位变了请“申请更正”。", "same-union")
    employer = (
        find_employer(given.employer_id, given.employer_text) if given.employer_id or given.employer_text else None
    )
    place = find_division(given.division_code) if given.division_code else None
    lines = (
        ("为什么转", TransferReason(given.why).label),
        ("新的工作单位", employer.name if employer else given.employer_text),
        ("干活的地方", get_division_text(place) if place else ""),
        ("说明", given.note),
    )
    due_at = get_answer_by(actor, membership.node).at
    shown = tuple((label, text) for label, text in lines if text)
    return MovePreview(membership.node.name, route.union, route.reason, due_at, shown)


def find_own_union(actor: Actor) -> Node | None:
    """The union for which the actor may ask for members: the own one, if that is a branch of the actor's."""
    return scope(Node.objects.filter(pk=actor.node_id or 0), actor, PROPOSE).first()


def list_own_unions(actor: Actor, text: str) -> list[Node]:
    """Unions of the actor's branches whose name holds the text, shortest name first."""
    text = text.replace("\0", "").strip()
    if len(text) < 2:
        return []
    rows = scope(Node.objects.filter(name__contains=text, closed_on__isnull=True), actor, PROPOSE)
    return sorted(rows.order_by("path")[: SUGGESTIONS * 4], key=lambda node: len(node.name))[:SUGGESTIONS]
