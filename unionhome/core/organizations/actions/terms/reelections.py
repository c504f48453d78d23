"""The re-election at the end of a term: reminders, papers, election, approval, the new term."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations import papers
from unionhome.core.organizations.actions.changes.facts import change_facts
from unionhome.core.organizations.actions.terms.elections import keep_election, last_day_of, seat_elected
from unionhome.core.organizations.models import Election, Organization, Reelection
from unionhome.core.organizations.queries import get_organization, get_reelection, get_reelection_facts, may_issue_term
from unionhome.core.organizations.queries.foundings import get_answer_due
from unionhome.core.organizations.queries.terms import (
    APPROVAL,
    PAPER_OF,
    REPORT,
    REQUEST,
    find_open_reelection,
    find_term_approver,
    get_term_rules,
    list_due_reelections,
    list_unannounced,
)
from unionhome.core.organizations.rules import ElectionFacts, TermRules
from unionhome.core.organizations.workflow import REELECTION
from unionhome.core.papers.actions import issue_paper, withdraw_papers
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.periods.queries import is_closed, list_open_since
from unionhome.core.registry import Actor, Forbidden, Refused
from unionhome.core.workflow.actions import ItemFacts, keep_item, move, note_step, start
from unionhome.kit.dates import day_start
from unionhome.kit.papers import Letter

LABELS = {REQUEST: "换届请示", REPORT: "选举结果报告", APPROVAL: "换届批复"}
LOT = 200
"""Unions reminded of in one transaction."""


def announce_terms(actor: Actor) -> int:
    """Put the re-election of every term that ends soon or is over into the inboxes, and remind again in time.

    Nothing is decided here: how a term stands is computed wherever it is shown. A second call the same day does
    nothing. How many reminders were given.
    """
    today = timezone.localdate(actor.at)
    rules = get_term_rules(today)
    given = _lapse(actor, today, rules)
    while lot := list_unannounced(today, rules, LOT):
        with transaction.atomic():
            for organization in lot:
                _open(actor, organization, today, rules)
        given += len(lot)
    return given + _remind(actor, today, rules)


def _open(actor: Actor, organization: Organization, today: date, rules: TermRules) -> Reelection:
    ends_on = organization.term_ends_on
    if ends_on is None:
        raise Refused("没有登记本届的起止日期，请先在“改资料”里补上。", "no-term")
    reelection = Reelection.objects.create(
        node=organization.node,
        approver=find_term_approver(organization.node),
        state=REELECTION.initial,
        ended_on=ends_on,
        counts_on=max(ends_on, list_open_since([organization.pk]).get(organization.pk, ends_on)),
        term_no=(organization.term_no or 1) + 1,
        announced_days=rules.reminder(ends_on, today),
        created_at=actor.at,
        due_at=day_start(ends_on + timedelta(days=1)),
    )
    start(actor, REELECTION, reelection, _item_of(reelection, rules.label(rules.stage(ends_on, today))))
    return reelection


def _item_of(reelection: Reelection, words: str = "") -> ItemFacts:
    """What the inboxes show: the union's own while it is its turn, which those above it see too."""
    is_reported = reelection.state == "reported"
    words = words if reelection.state == "due" else ""
    return ItemFacts(
        node=reelection.approver if is_reported else reelection.node,
        title=f"{reelection.node.name}换届" + (f"：{words}" if words else ""),
        url=reverse("organizations:reelection", args=[reelection.pk]),
        kind_label="换届",
        icon="calendar-due",
        due_at=reelection.due_at,
    )


def _lapse(actor: Actor, today: date, rules: TermRules) -> int:
    """Close those whose union was dissolved or whose term was entered anew.

    One that had fallen due by then stays a re-election that was not held in time; one that had not falls away.
    """
    count = 0
    for reelection in list_due_reelections().iterator(LOT):
        organization = reelection.node.organization
        if organization.status == "active" and organization.term_ends_on == reelection.ended_on:
            continue
        verb = "lapse" if reelection.ended_on < today else "drop"
        move(Actor.system("terms", actor.at), REELECTION, reelection, verb, item=_item_of(reelection))
        count += 1
    return count


def _remind(actor: Actor, today: date, rules: TermRules) -> int:
    count = 0
    for reelection in list_due_reelections().filter(state="due").iterator(LOT):
        reached = rules.reminder(reelection.ended_on, today)
        if reached < reelection.announced_days:
            _remind_of(actor, reelection, reached, rules.label(rules.stage(reelection.ended_on, today)))
            count += 1
    return count


@transaction.atomic
def _remind_of(actor: Actor, reelection: Reelection, reached: int, words: str) -> None:
    reelection.announced_days = reached
    reelection.save(update_fields=["announced_days"])
    item = _item_of(reelection, words)
    keep_item(actor, REELECTION, reelection, item)
    record(
        actor,
        "organizations.reelection.reminded",
        node=reelection.node,
        about=reelection,
        summary=f"提醒：{item.title}",
        data={"days": reached},
    )


@transaction.atomic
def open_reelection(actor: Actor, node_id: int) -> Reelection:
    """The re-election of a union's present term, opened now where no reminder was given yet.

    Raises Refused for a union without a term or not active, Forbidden without the right.
    """
    organization = get_organization(actor, node_id)
    actor.require("organizations.reelect", organization.node.path)
    Organization.objects.select_for_update().get(pk=node_id)
    if organization.status != "active":
        raise Refused("工会不在正常状态，不办换届。", "not-active")
    standing = find_open_reelection(organization)
    if standing is not None:
        return standing
    today = timezone.localdate(actor.at)
    return _open(actor, organization, today, get_term_rules(today))


@transaction.atomic
def issue_term_paper(actor: Actor, pk: int) -> Paper:
    """Make the paper that the re-election needs now. Raises Refused where none is missing, Forbidden for another's."""
    reelection = _lock(actor, pk)
    kind = PAPER_OF.get(reelection.state, "")
    if not kind:
        raise Refused("这一步不用打印公文。", "no-paper")
    if not may_issue_term(actor, reelection, kind, get_reelection_facts(actor, reelection)):
        raise Forbidden()
    from_above = kind == APPROVAL
    return issue_paper(
        actor,
        node=reelection.approver if from_above else reelection.node,
        about=reelection,
        kind=kind,
        kind_label=LABELS[kind],
        letter=_letter(reelection, kind),
        back_url=reverse("organizations:reelection", args=[reelection.pk]),
        to_node=reelection.node if from_above and reelection.node_id != reelection.approver_id else None,
    )


def _letter(reelection: Reelection, kind: str) -> Letter:
    if kind == REQUEST:
        return papers.term_request_letter(reelection)
    election = _election(reelection)
    name = reelection.node.name
    if kind == REPORT:
        return papers.report_letter(name, reelection.approver.name, election, signer=name, organ=f"{name}文件")
    return papers.term_approval_letter(reelection, election, last_day_of(election))


def _election(reelection: Reelection) -> Election:
    if reelection.election is None:
        raise Refused("先登记选举结果。", "no-election")
    return reelection.election


@transaction.atomic
def begin_reelection(actor: Actor, pk: int, *, submit_key: str = "") -> Reelection:
    """The request is sealed: the union prepares its election."""
    return _move(actor, _lock(actor, pk), "begin", submit_key=submit_key)


@transaction.atomic
def record_term_election(actor: Actor, pk: int, facts: ElectionFacts) -> Election:
    """Enter the result; entered again it replaces the one before. Raises BadInput at the field."""
    reelection = _lock(actor, pk)
    actor.require("organizations.reelect", reelection.node.path)
    organization: Organization = reelection.node.organization
    if reelection.state != "started":
        raise Refused("换届开始以后、报告以前，才登记选举结果。", "not-started")
    reelection.election = keep_election(
        actor,
        reelection.node,
        facts,
        term_no=reelection.term_no,
        has_employer=organization.employer_id is not None,
        earliest=organization.term_starts_on or reelection.node.opened_on,
    )
    reelection.save(update_fields=["election"])
    note_step(actor, REELECTION, reelection, "elect")
    withdraw_papers(actor, reelection, (REPORT,), reason="选举结果改了，重新打印")
    return reelection.election


@transaction.atomic
def report_reelection(actor: Actor, pk: int, *, submit_key: str = "") -> Reelection:
    """Report the election to the higher union, which has the days of the policy to answer."""
    reelection = _lock(actor, pk)
    if reelection.state == "started":
        _set_due(reelection, get_answer_due(actor, reelection.approver))
    return _move(actor, reelection, "report", submit_key=submit_key)


def _set_due(reelection: Reelection, due_at: object) -> None:
    Reelection.objects.filter(pk=reelection.pk).update(due_at=due_at)
    reelection.refresh_from_db()


@transaction.atomic
def return_term_election(actor: Actor, pk: int, *, reason: str, submit_key: str = "") -> Reelection:
    """The election was not in order and has to be held again."""
    reelection = _lock(actor, pk)
    was = reelection.state
    if was == "reported":
        _set_due(reelection, day_start(reelection.ended_on + timedelta(days=1)))
    _move(actor, reelection, "return_election", reason=reason, submit_key=submit_key)
    if was == "reported":
        withdraw_papers(actor, reelection, (REPORT, APPROVAL), reason=reason)
        reelection.election = None
        reelection.save(update_fields=["election"])
    return reelection


@transaction.atomic
def approve_reelection(actor: Actor, pk: int, *, submit_key: str = "") -> Reelection:
    """The higher union approves: the new term and those elected stand on the union, dated.

    Number and day of the approval are those of the sealed paper.
    """
    reelection = _lock(actor, pk)
    was = reelection.state
    _move(actor, reelection, "approve", submit_key=submit_key)
    reply = find_paper(reelection, APPROVAL)
    if was != "reported" or reply is None:
        return reelection
    election = _election(reelection)
    reelection.approved_on, reelection.approval_no = reply.dated_on, reply.number
    reelection.is_on_time = election.held_on <= reelection.ended_on
    reelection.counts_on_time = reelection.is_on_time and not is_closed(reelection.node, reelection.counts_on)
    reelection.save(update_fields=["approved_on", "approval_no", "is_on_time", "counts_on_time"])
    facts = {
        "term_no": election.term_no,
        "term_years": election.term_years,
        "term_starts_on": election.term_starts_on,
        "term_ends_on": last_day_of(election),
        "members_count": election.members_count,
    }
    change_facts(
        actor, reelection.node_id, facts=facts, source="换届批复", on=reply.dated_on, reason=f"换届批复 {reply.number}"
    )
    organization: Organization = reelection.node.organization
    seat_elected(actor, organization, election, source=f"换届批复 {reply.number}")
    return reelection


def _lock(actor: Actor, pk: int) -> Reelection:
    get_reelection(actor, pk)
    Reelection.objects.select_for_update().get(pk=pk)
    return get_reelection(actor, pk)


def _move(actor: Actor, reelection: Reelection, verb: str, *, reason: str = "", submit_key: str = "") -> Reelection:
    facts, state = get_reelection_facts(actor, reelection), reelection.state
    reelection.state = REELECTION.transition(verb).target
    item = _item_of(reelection)
    reelection.state = state
    move(actor, REELECTION, reelection, verb, item=item, facts=facts, reason=reason, submit_key=submit_key)
    return reelection
