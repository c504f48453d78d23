"""Appeals: whether one is possible, which union hears it, and who must have no part in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.access.queries import list_holders
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries.kinds import get_kind, list_journal_kinds
from unionhome.core.cases.rules import AppealFacts, appeal_end, choose_appeal_path, find_appeal_refusal
from unionhome.core.journal.queries import list_entries_about
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_local_above, find_root, list_local_above, scope

HANDLING = ("accepted", "proposed", "paused", "resumed")
FIRSTS = ("arrive_recorded", "help_recorded", "measure_recorded", "replied", "heard_back")
TOUCHED = ("cases.case.noted", "cases.check.ticked")
"""Who wrote notes or ticked points has had a part in it; their union need not have: those above may write notes too."""


@dataclass(frozen=True, slots=True)
class Handled:
    """Who has handled a matter: accounts, and unions with their paths by id. Sending it on is not handling."""

    users: frozenset[int]
    unions: Mapping[int, str]


def _handled_by(case: Case) -> Handled:
    """Who took a matter up, worked on it or answered, by the journal; of one that followed another, on that too."""
    users = {case.handler_id, case.stand_in_id}
    unions = {case.node_id: case.node.path}
    kinds = (*list_journal_kinds(*HANDLING), *(f"cases.case.{verb}" for verb in FIRSTS))
    for row in (case, case.leader) if case.leader else (case,):
        acts = list_entries_about(row).filter(kind__in=kinds, node__isnull=False)
        for user_id, node_id, path in acts.values_list("user_id", "node_id", "node__path"):
            users.add(user_id)
            unions[node_id or 0] = path or ""
        users.update(list_entries_about(row).filter(kind__in=TOUCHED).values_list("user_id", flat=True))
    return Handled(frozenset(pk for pk in users if pk), unions)


def find_appeal_union(case: Case) -> Node:
    """The union that hears an appeal: one level above those that handled the matter; where there is nothing above them
    the city itself."""
    above = {node.path: node for node in list_local_above([case.node])[case.node_id]}
    path = choose_appeal_path(above, _handled_by(case).unions.values(), case.hidden_path)
    return above[path] if path else (find_root() or case.node)


def find_appeal(case: Case) -> Case | None:
    """The appeal of a matter. The caller has scoped the matter."""
    return Case.objects.filter(appeal_of=case).select_related("node").first()


def find_original(case: Case) -> Case | None:
    """The matter that an appeal is about. The caller has scoped the appeal."""
    return Case.objects.filter(pk=case.appeal_of_id or 0).select_related("node").first()


def is_seen(actor: Actor, case: Case) -> bool:
    """Whether the actor may open a matter that stands beside one they see."""
    return scope(Case.objects.filter(pk=case.pk), actor, "cases.view").exists()


def get_appeal_refusal(case: Case, at: datetime) -> Refused | None:
    """Why the applicant cannot appeal a matter now; None where that is possible. The caller found it as the
    applicant's own."""
    today = timezone.localdate(at)
    reopens = case.state == "proposed" and case.reopened_count == 0 and find_union_above(case) is not None
    facts = AppealFacts(
        days=get_value("cases.appeal_days", today, case.node),
        on=today,
        closed_on=case.closed_on,
        is_appeal=case.appeal_of_id is not None,
        is_appealed=find_appeal(case) is not None,
        is_withdrawn=case.withdrawn_at is not None,
        may_be_reopened=reopens,
    )
    found = find_appeal_refusal(facts)
    return Refused(found[0], found[1]) if found else None


def may_appeal(case: Case, at: datetime) -> bool:
    """Whether the applicant's page offers it; nothing is asked of the tables before the matter is closed."""
    is_offered = case.closed_on is not None and "appeal" in get_kind(case.kind).own_acts
    return is_offered and get_appeal_refusal(case, at) is None


def get_appeal_end(case: Case, at: datetime) -> date | None:
    """The last day on which a closed matter can be appealed, by the policy in force."""
    if case.closed_on is None:
        return None
    return appeal_end(case.closed_on, get_value("cases.appeal_days", timezone.localdate(at), case.node))


def is_barred(case: Case, user_id: int | None, node_id: int | None) -> bool:
    """Whether somebody must have no part in an appeal: who handled the first matter, or belongs to a union that did and
    does not hear the appeal itself. Nobody is barred from a matter that is no appeal."""
    original = find_original(case) if case.appeal_of_id else None
    if original is None:
        return False
    handled = _handled_by(original)
    return user_id in handled.users or (node_id in handled.unions and node_id != case.node_id)


def list_barred(case: Case, users: Iterable[User]) -> set[int]:
    """Those of some accounts that `is_barred` keeps from an appeal, by id."""
    original = find_original(case) if case.appeal_of_id else None
    if original is None:
        return set()
    handled = _handled_by(original)
    return {
        user.pk
        for user in users
        if user.pk in handled.users or (user.node_id in handled.unions and user.node_id != case.node_id)
    }


def list_stood_apart(actor: Actor) -> list[int]:
    """Open appeals of absent colleagues in which the actor, who stands in, must have no part."""
    absent = [each.user_id for each in actor.away]
    appeals = Case.objects.filter(appeal_of__isnull=False, ended_on=None, handler__in=absent).order_by("pk")
    return [case.pk for case in appeals if is_barred(case, actor.user_id, actor.node_id)]


def is_stuck(case: Case, at: datetime) -> bool:
    """Whether an appeal lies where everybody who may handle matters had a part in the first."""
    if case.appeal_of_id is None:
        return False
    holders = list_holders(case.node, "cases.handle", at, hidden_path=case.hidden_path)
    return len(list_barred(case, holders)) == len(holders)


def list_barred_unions(case: Case) -> set[int]:
    """Unions that an appeal cannot be given to: those that handled the first matter. Ids; none for other matters."""
    original = find_original(case) if case.appeal_of_id else None
    return set(_handled_by(original).unions) if original else set()


def find_union_above(case: Case) -> Node | None:
    """The federation that a matter is reopened at: the nearest above, of an appeal one that did not handle the first
    matter."""
    if case.appeal_of_id is None:
        return find_local_above(case.node)
    barred = list_barred_unions(case)
    return next((node for node in list_local_above([case.node])[case.node_id] if node.pk not in barred), None)
