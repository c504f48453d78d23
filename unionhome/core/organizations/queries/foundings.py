"""Foundings of the actor's branches, and what the next step of one hangs on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from unionhome.core.organizations.models import Employer, Founding
from unionhome.core.organizations.queries.reach import get_reach_below
from unionhome.core.organizations.queries.unions import VIEW
from unionhome.core.organizations.rules import FOUNDING_OPEN, MANAGING_LEVELS
from unionhome.core.organizations.workflow import FOUNDING
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import has_sealed, list_papers_about
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.tree.rules import prefixes
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps
from unionhome.kit.dates import day_start

REQUEST, REPLY, REPORT, APPROVAL = "founding-request", "preparation-reply", "election-report", "founding-reply"
PAPER_OF = {"draft": REQUEST, "returned": REQUEST, "applied": REPLY, "preparing": REPORT, "reported": APPROVAL}
"""Which paper a founding needs next, by its state."""


def get_founding(actor: Actor, pk: int, permission: str = VIEW) -> Founding:
    """A founding under a union of the actor's branches. Raises NotFound."""
    rows = Founding.objects.select_related("node", "approver", "employer", "organization__node", "election")
    found = scope(rows, actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def list_foundings(actor: Actor, state: str = "") -> QuerySet[Founding]:
    """Foundings of the actor's branches, newest first; `state` may be `open`."""
    rows = scope(Founding.objects.select_related("node", "approver", "employer"), actor, VIEW)
    if state == "open":
        rows = rows.filter(state__in=FOUNDING_OPEN)
    elif state:
        rows = rows.filter(state=state)
    return rows.order_by("-created_at", "-pk")


def list_foundings_under(actor: Actor, node: Node) -> list[Founding]:
    """Open foundings right under a union, newest first, a few."""
    return list(list_foundings(actor, "open").filter(node=node)[:5])


def count_foundings(actor: Actor) -> dict[str, int]:
    """Foundings by state, `open` and `total` among them, in one query."""
    states: dict[str, Any] = {state.name: Count("pk", filter=Q(state=state.name)) for state in FOUNDING.states}
    states["open"] = Count("pk", filter=Q(state__in=FOUNDING_OPEN))
    return scope(Founding.objects.all(), actor, VIEW).order_by().aggregate(**states, total=Count("pk"))


def find_open_founding(employer: Employer) -> Founding | None:
    """The founding under way for an employer."""
    return Founding.objects.filter(employer=employer, state__in=FOUNDING_OPEN).first()


def list_founding_ways(actor: Actor, employer_ids: Collection[int]) -> dict[int, tuple[str, int | None]]:
    """Of the employers whose founding is under way: in what state, and its id where the actor may look at it."""
    rows = Founding.objects.filter(employer__in=[0, *employer_ids], state__in=FOUNDING_OPEN).select_related("node")
    return {
        row.employer_id: (FOUNDING.state(row.state).label, row.pk if actor.may(VIEW, row.node.path) else None)
        for row in rows
        if row.employer_id is not None
    }


def find_founding_of(node_id: int) -> Founding | None:
    """The founding by which a union came, or comes, into being. The caller has scoped the union."""
    return Founding.objects.filter(organization=node_id).first()


def find_approver(parent: Node) -> Node:
    """The next higher union that decides about what stands under `parent`: itself, or the nearest town or above."""
    rows = Node.objects.filter(path__in=prefixes(parent.path), level__in=MANAGING_LEVELS, closed_on=None)
    return rows.order_by("-path").first() or parent


def get_answer_due(actor: Actor, node: Node) -> Any:
    """The moment until which an answer is in time: the end of the last day of the policy in force."""
    today: date = timezone.localdate(actor.at)
    days = int(get_value("organizations.answer_days", today, node))
    return day_start(today + timedelta(days=days + 1))


def get_founding_facts(actor: Actor, founding: Founding) -> Mapping[str, Any]:
    """What the guards of the table ask for."""
    return {
        "may_approve": get_reach_below(actor, founding.node.path).manages,
        "has_request": has_sealed(founding, REQUEST),
        "has_reply": has_sealed(founding, REPLY),
        "has_election": founding.election_id is not None,
        "has_report": has_sealed(founding, REPORT),
        "has_approval": has_sealed(founding, APPROVAL),
        "seal_noted": founding.seal_on is not None,
    }


@dataclass(frozen=True, slots=True)
class FoundingPage:
    """One founding with what its page shows; `paper_kind` is the paper to be made now, empty where none is missing."""

    state: State
    papers: tuple[Paper, ...]
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    paper_kind: str
    may_write: bool


def get_founding_page(actor: Actor, founding: Founding) -> FoundingPage:
    """The page of a founding the caller has scoped."""
    facts = {**get_founding_facts(actor, founding), "seal_noted": True}  # the last step's own form asks for it
    papers = tuple(list_papers_about(founding))
    wanted = PAPER_OF.get(founding.state, "")
    standing = {paper.kind for paper in papers if not paper.is_withdrawn}
    ready = wanted and wanted not in standing and (wanted != REPORT or founding.election_id is not None)
    return FoundingPage(
        state=FOUNDING.state(founding.state),
        papers=papers,
        steps=tuple(list_steps(founding)),
        next_steps=tuple(list_next_steps(actor, FOUNDING, founding, facts)),
        paper_kind=wanted if ready and may_issue(actor, founding, wanted, facts) else "",
        may_write=actor.may("organizations.found", founding.node.path),
    )


def may_issue(actor: Actor, founding: Founding, kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the actor may make that paper: replies are the higher union's, the rest the founders'."""
    if kind in (REPLY, APPROVAL):
        return bool(facts["may_approve"]) and actor.may("organizations.approve", founding.node.path)
    return actor.may("organizations.found", founding.node.path)
