"""The checklist of a case, and the check of a share of all before they close."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils import timezone

from unionhome.core.cases.models import Case, CheckTick, Entry
from unionhome.core.cases.queries.kinds import get_kind, list_kinds
from unionhome.core.cases.rules import CHECK_FIELD, CheckPoint, is_drawn
from unionhome.core.cases.workflow import CHECKING
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.kit import crypto


@dataclass(frozen=True, slots=True)
class Checked:
    """One point of a checklist, and its tick where there is one."""

    point: CheckPoint
    tick: CheckTick | None


def list_points(case: Case) -> list[CheckPoint]:
    """The points that the kind of case wants for its category."""
    return [each for each in get_kind(case.kind).checklist if not each.categories or case.category in each.categories]


def list_checks(case: Case) -> list[Checked]:
    """The checklist with its ticks; no query where there is none. The caller has scoped the case."""
    points = list_points(case)
    ticks = {tick.code: tick for tick in CheckTick.objects.filter(case=case)} if points else {}
    return [Checked(point, ticks.get(point.code)) for point in points]


def list_unticked(case: Case) -> list[str]:
    """What has to be ticked before an outcome is proposed, and is not, in words."""
    return [each.point.label for each in list_checks(case) if each.point.is_required and each.tick is None]


def is_to_check(case: Case, at: datetime) -> bool:
    """Whether a case that would close now is one of the share that the policy of its union has checked first. The same
    answer however often it is asked."""
    if "draw" not in get_kind(case.kind).table.by_verb:
        return False
    share = get_value("cases.check_share", timezone.localdate(case.proposed_at or at), case.node)
    return is_drawn(crypto.blind(case.number, field=CHECK_FIELD), share)


def has_worked_on(actor: Actor, case: Case) -> bool:
    """Whether the actor has, or had, a hand in a case that is to be checked: handles it, stands in, or left a line."""
    if case.state != CHECKING or actor.user_id is None:
        return False
    people = (case.handler_id, case.stand_in_id)
    return actor.user_id in people or Entry.objects.filter(case=case, user_id=actor.user_id).exists()


def list_unchecked(since: datetime) -> QuerySet[Case]:
    """Cases that wait for their check since a moment or longer, the oldest first."""
    tables = [kind.table.name for kind in list_kinds()]
    waiting = Case.objects.filter(state=CHECKING)
    drawn = Step.objects.filter(table__in=tables, verb="draw", object_id__in=waiting.values("pk"))
    last = drawn.values("object_id").order_by().annotate(last_at=Max("at")).filter(last_at__lte=since)
    return waiting.filter(pk__in=last.values("object_id")).order_by("proposed_at", "pk")
