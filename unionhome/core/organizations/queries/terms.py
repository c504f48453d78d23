"""Terms that end, and the re-elections under way. How a term stands is computed from days on the day asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from unionhome.core.organizations.models import Organization, Reelection
from unionhome.core.organizations.queries.foundings import find_approver
from unionhome.core.organizations.queries.reach import get_reach
from unionhome.core.organizations.queries.unions import VIEW, list_visible
from unionhome.core.organizations.rules import STAGES, TermRules
from unionhome.core.organizations.workflow import REELECTION
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import has_sealed, list_papers_about
from unionhome.core.policy.queries import get_values
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps

REQUEST, REPORT, APPROVAL = "term-request", "term-report", "term-reply"
PAPER_OF = {"due": REQUEST, "started": REPORT, "reported": APPROVAL}
UNDER_WAY = ("started", "reported")
OPEN = ("due", *UNDER_WAY)
CLOSED_UNHELD = ("lapsed", "dropped")


def get_term_rules(today: date) -> TermRules:
    """By one query."""
    keys = ("organizations.term_warning_days", "organizations.term_notice_days", "organizations.term_delay_months")
    warn, notices, months = get_values(keys, today).values()
    return TermRules(tuple(sorted({int(warn), *map(int, notices)}, reverse=True)), int(months))


def _stage_q(rules: TermRules, stage: str, today: date) -> Q:
    """Unions whose term stands at a stage."""
    bounds = rules.bounds(today)
    if stage not in bounds:
        return Q(pk__in=())
    first, last = bounds[stage]
    return Q(term_ends_on__lte=last) & (Q() if first is None else Q(term_ends_on__gte=first))


def _ending(rules: TermRules, today: date) -> Q:
    """Every active union whose term is over or ends within the reminders."""
    return Q(status="active", term_ends_on__lte=today + timedelta(days=rules.warn_days))


def _moving_q() -> Q:
    """Unions whose re-election has begun."""
    moving = Reelection.objects.filter(node=OuterRef("pk"), ended_on=OuterRef("term_ends_on"), state__in=UNDER_WAY)
    return Q(Exists(moving))


def list_terms(
    actor: Actor, *, stage: str = "", progress: str = "", under: Node | None = None
) -> QuerySet[Organization]:
    """Unions whose term is over or ends soon, the longest over first.

    `stage` is one of `rules.STAGES`; `progress` is none (nothing begun) or moving.
    """
    today = timezone.localdate(actor.at)
    rules = get_term_rules(today)
    rows = list_visible(actor).filter(_ending(rules, today))
    if under is not None:
        rows = rows.filter(branch_q("node__path", [under.path]))
    if stage in STAGES:
        rows = rows.filter(_stage_q(rules, stage, today))
    if progress in ("none", "moving"):
        rows = rows.filter(_moving_q() if progress == "moving" else ~_moving_q())
    return rows.select_related("node__parent").order_by("term_ends_on", "pk")


def count_stages(actor: Actor, under: Node | None = None) -> dict[str, int]:
    """Unions by stage, with `moving` and `total`, in one query besides the policies."""
    today = timezone.localdate(actor.at)
    rules = get_term_rules(today)
    rows = scope(Organization.objects.filter(_ending(rules, today)), actor, VIEW)
    if under is not None:
        rows = rows.filter(branch_q("node__path", [under.path]))
    stages: dict[str, Any] = {name: Count("pk", filter=_stage_q(rules, name, today)) for name in STAGES}
    return rows.aggregate(**stages, moving=Count("pk", filter=_moving_q()), total=Count("pk"))


def list_open_reelections(organizations: Iterable[Organization]) -> dict[int, Reelection]:
    """The open re-election of each union of one page, by one query. The caller has scoped the unions."""
    rows = Reelection.objects.filter(node__in=[each.pk for each in organizations], state__in=OPEN)
    return {row.node_id: row for row in rows}


def find_open_reelection(organization: Organization) -> Reelection | None:
    """The re-election at the end of a union's present term. The caller has scoped the union."""
    return Reelection.objects.filter(node=organization.pk, state__in=OPEN).order_by("-ended_on").first()


def get_reelection(actor: Actor, pk: int, permission: str = VIEW) -> Reelection:
    """A re-election of a union of the actor's branches. Raises NotFound."""
    rows = Reelection.objects.select_related("node__organization", "approver", "election")
    found = scope(rows, actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def list_unannounced(today: date, rules: TermRules, limit: int) -> list[Organization]:
    """Active unions whose term ends soon or is over and that have no re-election for it yet, for the daily reminder."""
    known = Reelection.objects.filter(node=OuterRef("pk"), ended_on=OuterRef("term_ends_on")).exclude(
        state__in=CLOSED_UNHELD
    )
    rows = Organization.objects.filter(_ending(rules, today)).exclude(Exists(known))
    return list(rows.select_related("node").order_by("pk")[:limit])


def list_due_reelections() -> QuerySet[Reelection]:
    """Re-elections that nobody has brought to an end yet, with their unions, for the daily reminder."""
    rows = Reelection.objects.filter(state__in=("due", "started"))
    return rows.select_related("node__organization", "approver").order_by("pk")


def find_term_approver(node: Node) -> Node:
    """The next higher union that approves a union's election; the city's own is its own."""
    return find_approver(node.parent) if node.parent else node


def get_reelection_facts(actor: Actor, reelection: Reelection) -> Mapping[str, Any]:
    """What the guards of the table ask for."""
    return {
        "may_approve": get_reach(actor, reelection.node.path).manages,
        "has_request": has_sealed(reelection, REQUEST),
        "has_election": reelection.election_id is not None,
        "has_report": has_sealed(reelection, REPORT),
        "has_approval": has_sealed(reelection, APPROVAL),
    }


@dataclass(frozen=True, slots=True)
class ReelectionPage:
    """One re-election with what its page shows; `paper_kind` is the paper to be made now."""

    state: State
    stage: str
    stage_text: str
    papers: tuple[Paper, ...]
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    paper_kind: str
    may_write: bool


def get_reelection_page(actor: Actor, reelection: Reelection) -> ReelectionPage:
    """The page of a re-election the caller has scoped."""
    today = timezone.localdate(actor.at)
    rules = get_term_rules(today)
    stage = rules.stage(reelection.ended_on, today)
    facts = get_reelection_facts(actor, reelection)
    papers: Sequence[Paper] = list_papers_about(reelection)
    wanted = PAPER_OF.get(reelection.state, "")
    standing = {paper.kind for paper in papers if not paper.is_withdrawn}
    ready = wanted and wanted not in standing and (wanted != REPORT or reelection.election_id is not None)
    return ReelectionPage(
        state=REELECTION.state(reelection.state),
        stage=stage,
        stage_text=rules.label(stage),
        papers=tuple(papers),
        steps=tuple(list_steps(reelection)),
        next_steps=tuple(list_next_steps(actor, REELECTION, reelection, facts)),
        paper_kind=wanted if ready and may_issue_term(actor, reelection, wanted, facts) else "",
        may_write=actor.may("organizations.reelect", reelection.node.path),
    )


def may_issue_term(actor: Actor, reelection: Reelection, kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the actor may make that paper: the reply is the higher union's, the rest the union's own."""
    if kind == APPROVAL:
        return bool(facts["may_approve"]) and actor.may("organizations.approve", reelection.node.path)
    return actor.may("organizations.reelect", reelection.node.path)
