"""The checklist of a case."""

from dataclasses import dataclass

from unionhome.core.cases.models import Case, CheckTick
from unionhome.core.cases.queries.kinds import get_kind
from unionhome.core.cases.rules import CheckPoint


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
