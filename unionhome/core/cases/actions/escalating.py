"""A case that nobody touches goes up: to the town, the county, the city, each time a clock has run out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.opening import add_entry, item_of
from unionhome.core.cases.models import Case, Clock, Entry, Escalation, EscalationRule, Pause
from unionhome.core.cases.rules import CLOCK_LABELS, list_climbs
from unionhome.core.cases.workflow import RULE
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, find_local_above, list_local_above
from unionhome.core.workflow.actions import ItemFacts, keep_item, move, start
from unionhome.kit.calendars import Pause as Standstill

LEAST_MINUTES, MOST_MINUTES = 30, 2400
SIMULATED_DAYS = timedelta(days=31)
"""So long a simulation counts as one of last month."""
SHOWN_UNIONS = 50
AT_ONCE = 50
"""So many cases go up in one transaction."""


# -- going up --------------------------------------------------------------------------------------------------------


def plan_climb(case: Case) -> None:
    """Keep when the case goes up next and who was told last, from its clocks and what was done before."""
    plan = _plan(case)
    if (plan.told.pk if plan.told else None, plan.at) == (case.raised_to_id, case.climbs_at):
        return
    case.raised_to, case.climbs_at = plan.told, plan.at
    case.save(update_fields=["raised_to", "climbs_at"])


@dataclass(frozen=True, slots=True)
class _Plan:
    """Who was told last while the clock that ran out is not kept; when, for which clock and to whom it goes up next."""

    told: Node | None = None
    at: datetime | None = None
    clock: Clock | None = None
    target: Node | None = None


def _plan(case: Case) -> _Plan:
    running = [] if clocks.stands_still(case) else list(Clock.objects.filter(case=case, stopped_at=None))
    last = Escalation.objects.filter(case=case).select_related("target").order_by("-pk").first() if running else None
    clock, told = _standing(case, running, last)
    if clock is None:
        return _Plan()
    target = find_local_above(told or case.node)
    if told is None:
        return _Plan(None, clock.due_at, clock, target)
    at = None
    if target and clock.due_at and last:
        rule = queries.find_rule(case.node)
        at = _next_moment(rule, clock, last.at, clocks.get_frame(told, last.at), clocks.pauses_of(case))
    return _Plan(told, at, clock, target)


def _standing(case: Case, running: list[Clock], last: Escalation | None) -> tuple[Clock | None, Node | None]:
    """The clock by which a case goes up next, and who was told last of that clock."""
    clock = next((clock for clock in running if last and clock.name == last.clock), None)
    if last is not None and clock is not None and last.at >= clock.started_at and last.node_id == case.node_id:
        return clock, last.target
    due = [clock for clock in running if clock.due_at is not None]
    return min(due, key=lambda clock: (clock.due_at, clock.pk), default=None), None


def _next_moment(
    rule: EscalationRule | None, clock: Clock, at: datetime, frame: clocks.Frame, pauses: list[Standstill]
) -> datetime | None:
    """When the union that was told has had its time; None where no rule is in force."""
    if rule is None:
        return None
    return clocks.due_after(frame, at, rule.step_minutes, is_natural=clock.is_natural, pauses=pauses)


def escalate_late_cases(actor: Actor, *, most: int = 2000) -> int:
    """Let every case go up whose moment has come, where a rule is in force; how many steps. A few dozen go in one
    transaction: a death in the middle leaves nothing half done, and the next round goes on. So it does with a case
    that somebody works on right now. For the schedule."""
    paths = [rule.node.path for rule in queries.list_in_force()]
    if not paths:
        return 0
    late = Case.objects.filter(branch_q("node__path", paths), climbs_at__lt=actor.at).order_by("climbs_at", "pk")
    ids = list(late.values_list("pk", flat=True)[:most])
    return sum(_climb(actor, ids[first : first + AT_ONCE]) for first in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _climb(actor: Actor, ids: list[int]) -> int:
    late = Case.objects.filter(pk__in=ids, climbs_at__lt=actor.at).select_related("node").order_by("climbs_at", "pk")
    cases = list(late.select_for_update(of=("self",), skip_locked=True))
    running: dict[int, list[Clock]] = {case.pk: [] for case in cases}
    for row in Clock.objects.filter(case__in=list(running), stopped_at=None):
        running[row.case_id].append(row)
    raised = Escalation.objects.filter(case__in=list(running)).select_related("target").order_by("pk")
    last = {step.case_id: step for step in raised}
    found = {
        case.pk: _standing(case, [] if clocks.stands_still(case) else running[case.pk], last.get(case.pk))
        for case in cases
    }
    above = list_local_above(told or case.node for case in cases for _, told in [found[case.pk]])
    steps = []
    for case in cases:
        clock, told = found[case.pk]
        chain = above[(told or case.node).pk]
        if clock is None or not chain:
            plan_climb(case)
        else:
            steps.append(_Step(case, clock, chain[0], running[case.pk]))
    if steps:
        _raise(actor, steps)
    return len(steps)


@dataclass(frozen=True, slots=True)
class _Step:
    """A case that goes up by a clock that ran out, and to whom; all its clocks that run."""

    case: Case
    clock: Clock
    target: Node
    running: list[Clock]


def _raise(actor: Actor, steps: list[_Step]) -> None:
    today, cases = timezone.localdate(actor.at), [step.case for step in steps]
    Escalation.objects.bulk_create(
        Escalation(
            case=each.case, clock=each.clock.name, at=actor.at, on=today, node=each.case.node, target=each.target
        )
        for each in steps
    )
    targets = {step.target.pk: step.target for step in steps}
    above, frames = list_local_above(targets.values()), clocks.get_frames(targets.values(), actor.at)
    rules, pauses = list(queries.list_in_force()), clocks.list_pauses_of(cases)
    for case, clock, target in ((step.case, step.clock, step.target) for step in steps):
        case.raised_to, case.climbs_at = target, None
        if above[target.pk] and clock.due_at:
            rule = queries.find_rule_among(rules, case.node)
            case.climbs_at = _next_moment(rule, clock, actor.at, frames[target.pk], pauses[case.pk])
    Case.objects.bulk_update(cases, ["raised_to", "climbs_at"])
    for step in steps:
        _tell(actor, step)


def _tell(actor: Actor, step: _Step) -> None:
    case, clock, target = step.case, step.clock, step.target
    keep_item(actor, queries.get_kind(case.kind).table, case, item_of(case, step.running))
    title = f"{CLOCK_LABELS[clock.name]}超时，已升级到{target.name}"[:80]
    add_entry(actor, case, Entry.Kind.STEP, title, is_public=True)
    record(
        actor,
        "cases.case.escalated",
        node=target,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{title}：{case.title}",
        data={"clock": clock.name, "from": case.node.name, "to": target.name},
    )


# -- the rule --------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_rule(actor: Actor, *, step_minutes: int) -> EscalationRule:
    """Write a rule for the actor's own branch down; it does nothing until it was simulated and switched on.

    Raises Forbidden without a union, BadInput for minutes out of reach.
    """
    node = queries.find_own_union(actor)
    if node is None:
        raise Forbidden()
    actor.require("cases.escalate", node.path)
    if not LEAST_MINUTES <= step_minutes <= MOST_MINUTES:
        sentence = f"请填 {LEAST_MINUTES} 到 {MOST_MINUTES} 分钟。"
        raise BadInput(sentence, "minutes-out-of-reach", fields={"step_minutes": sentence})
    rule = EscalationRule.objects.create(node=node, step_minutes=step_minutes, state=RULE.initial, created_at=actor.at)
    start(actor, RULE, rule, _rule_item(rule))
    return rule


def _rule_item(rule: EscalationRule) -> ItemFacts:
    return ItemFacts(
        node=rule.node,
        title=f"{rule.node.name}的升级规则",
        url=f"/desk/cases/escalation/{rule.pk}/",
        kind_label="升级规则",
        icon="stairs-up",
    )


def simulate_rule(actor: Actor, rule_id: int) -> EscalationRule:
    """Work out what the rule would have done with the cases of last month, and how many it would raise at once now;
    nothing else is changed. Call it outside a transaction: it reads for a while before it writes."""
    rule = queries.get_rule(actor, rule_id)
    actor.require("cases.escalate", rule.node.path)
    if rule.state != "draft":
        raise Refused("这条规则已经启用或停用，不用再试算。", "wrong-state")
    first, last = _last_month(timezone.localdate(actor.at))
    rows = Case.objects.filter(branch_q("node__path", [rule.node.path]), opened_on__gte=first, opened_on__lte=last)
    late = Case.objects.filter(branch_q("node__path", [rule.node.path]), climbs_at__lt=actor.at)
    found = _simulated(rule, rows.select_related("node"), actor.at)
    return _keep(actor, rule, found | {"from": first.isoformat(), "to": last.isoformat(), "at_once": late.count()})


@transaction.atomic
def _keep(actor: Actor, rule: EscalationRule, found: dict[str, Any]) -> EscalationRule:
    rule.simulated, rule.simulated_at = found, actor.at
    rule.save(update_fields=["simulated", "simulated_at"])
    record(
        actor,
        "cases.escalation_rule.simulated",
        node=rule.node,
        about=rule,
        summary=f"试算升级规则：{rule.node.name}",
        data={"cases": rule.simulated["cases"], "raised": rule.simulated["raised"]},
    )
    return rule


def _last_month(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _simulated(rule: EscalationRule, rows: Any, at: datetime) -> dict[str, Any]:
    cases = rows.prefetch_related(
        Prefetch("clocks", Clock.objects.order_by("pk")), Prefetch("pauses", Pause.objects.order_by("starts_at"))
    )
    above = _Above()
    levels, unions = Counter[str](), Counter[str]()
    count = raised = 0
    for case in cases.order_by("pk").iterator(500):
        count += 1
        told = list(_told(rule, case, above, at))
        raised += bool(told)
        levels.update(node.level for node in told)
        unions[case.node.name] += len(told)
    return {
        "cases": count,
        "raised": raised,
        "levels": {level: levels[level] for level in ("town", "county", "city")},
        "unions": [[name, steps] for name, steps in unions.most_common(SHOWN_UNIONS) if steps],
    }


class _Above:
    """The federations above unions with their calendars, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[int, list[Node]] = {}
        self._frames: dict[tuple[int, date], clocks.Frame] = {}

    def frame(self, node: Node, at: datetime) -> clocks.Frame:
        key = node.pk, timezone.localdate(at)
        if key not in self._frames:
            self._frames[key] = clocks.get_frame(node, at)
        return self._frames[key]

    def of(self, node: Node) -> list[Node]:
        if node.pk not in self._known:
            self._known |= list_local_above([node])
        return self._known[node.pk]


def _told(rule: EscalationRule, case: Case, above: _Above, at: datetime) -> Iterable[Node]:
    """The unions that would have been told of a case, once for each time."""
    chain, rows = above.of(case.node), list(case.clocks.all())
    pauses = clocks.as_pauses(case.pauses.all())
    ended = case.proposed_at or case.closed_at or case.withdrawn_at

    def later(moment: datetime, level: int) -> datetime:
        is_natural = bool(rows) and rows[0].is_natural
        frame = above.frame(chain[level], moment)
        found = clocks.due_after(frame, moment, rule.step_minutes, is_natural=is_natural, pauses=pauses)
        return found or at

    spans = [(clock.due_at, clock.stopped_at or ended) for clock in rows if clock.due_at is not None]
    return [chain[level] for level in list_climbs(spans, levels=len(chain), until=at, step=later)]


@transaction.atomic
def switch_rule_on(actor: Actor, rule_id: int, *, submit_key: str = "") -> EscalationRule:
    """Put a rule into force that was simulated on last month; it takes the place of the one in force before.

    Raises Refused where it was not simulated with its numbers within a month.
    """
    rule = queries.get_rule(actor, rule_id)
    facts = {"is_simulated": rule.simulated_at is not None and actor.at - rule.simulated_at <= SIMULATED_DAYS}
    others = queries.list_in_force().select_for_update().filter(node=rule.node).exclude(pk=rule.pk)
    if rule.state == "draft":
        for other in others:
            _end(actor, other, f"由新的规则接替，每 {rule.step_minutes} 分钟升一级")
    move(actor, RULE, rule, "switch_on", item=_rule_item(rule), facts=facts, submit_key=submit_key)
    if rule.started_at is None:
        EscalationRule.objects.filter(pk=rule.pk).update(started_at=actor.at)
        rule.refresh_from_db()
        _plan_raised(rule)
    return rule


@transaction.atomic
def end_rule(actor: Actor, rule_id: int, *, reason: str, submit_key: str = "") -> EscalationRule:
    """Let no case go up by this rule any more, or drop a draft. A repeat changes nothing. Raises BadInput without a
    reason."""
    rule = queries.get_rule(actor, rule_id)
    actor.require("cases.escalate", rule.node.path)
    if not reason.strip():
        raise BadInput("请写停用的原因。", "reason-missing", fields={"reason": "请写停用的原因。"})
    if rule.state == "draft":
        move(actor, RULE, rule, "drop", item=_rule_item(rule), reason=reason, submit_key=submit_key)
    locked = EscalationRule.objects.select_for_update().get(pk=rule.pk)
    if locked.state == "on" and locked.ended_at is None:
        _end(actor, locked, reason)
    locked.refresh_from_db()
    return locked


def _end(actor: Actor, rule: EscalationRule, reason: str) -> None:
    EscalationRule.objects.filter(pk=rule.pk).update(ended_at=actor.at)
    record(
        actor,
        "cases.escalation_rule.ended",
        node=rule.node,
        about=rule,
        summary=f"停用升级规则：{rule.node.name}",
        data={"reason": reason.strip()},
    )


def _plan_raised(rule: EscalationRule) -> None:
    """Cases that went up under an earlier rule go on by this one."""
    rows = Case.objects.filter(branch_q("node__path", [rule.node.path]), ended_on=None, raised_to__isnull=False)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        plan_climb(Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=pk))
