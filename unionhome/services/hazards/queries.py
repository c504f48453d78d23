"""What is asked about hazards: their facts, where they go, and which reports are of the same one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.queries import (
    Applicant,
    find_route,
    find_town_union,
    get_case,
    get_case_by_receipt,
    get_own_case,
    list_first_words,
)
from unionhome.core.cases.rules import Led, Route, UnionFacts
from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files_of
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.policy.queries import get_value, get_values
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.queries import branch_q, find_root, scope
from unionhome.core.workflow.rules import is_overdue
from unionhome.services.hazards.models import Grade, HazardDetail, Outgoing, OutsideService
from unionhome.services.hazards.rules import MICRO, Point, box_around, is_same_place, looks_alike, metres_between
from unionhome.services.hazards.workflow import KIND, TABLE

MOST_CANDIDATES = 60
MOST_NEAR = 3
LEASE = timedelta(minutes=10)
"""So long a hazard counts as being sent; then its worker is taken for dead."""
OUTGOING_WITH = ("case__node", "case__division", "case__hazard")
ENDED = [state.name for state in TABLE.states if state.is_end]


def get_detail(case: Case) -> HazardDetail:
    """What is known of the hazard behind a case; the caller has scoped it. Raises NotFound for a case of another kind."""
    found = HazardDetail.objects.select_related("case__node", "case__division", "leader").filter(case=case).first()
    if found is None:
        raise NotFound()
    return found


def get_own_hazard(actor: Actor, case_id: int) -> Case:
    """One of the signed-in worker's own reports. Raises NotFound."""
    return get_detail(get_own_case(actor, case_id)).case


def get_hazard_by_receipt(receipt: str) -> Case:
    """The report behind a receipt code. Raises NotFound."""
    return get_detail(get_case_by_receipt(receipt)).case


def get_facts(actor: Actor, case: Case) -> dict[str, Any]:
    """What the guards of the hazards' table, and the page of one, look at."""
    detail = get_detail(case)
    return {
        "is_major": detail.grade == Grade.MAJOR,
        "has_plan": detail.has_plan,
        "is_overdue": is_overdue(detail.due_at, actor.at),
        "is_urged": case.state == "urged",
        "is_refused": detail.refused_at is not None,
        "is_quiet": detail.is_hidden_from_employer,
    }


def list_dues(case_ids: Iterable[int]) -> dict[int, datetime]:
    """When the next step of hazards is due, by case. One query."""
    rows = HazardDetail.objects.filter(pk__in=list(case_ids), due_at__isnull=False)
    return {pk: due_at for pk, due_at in rows.values_list("pk", "due_at") if due_at is not None}


def get_public_q() -> Q:
    """The cases of hazards that everybody may read of: found valid, hidden from nobody, and no danger that is being
    dealt with among few (紧急, 提请撤人)."""
    detail = Q(hazard__is_valid=True, hazard__is_hidden_from_employer=False, hazard__is_anonymous=False)
    return Q(kind=KIND, hidden_path="", is_urgent=False, hazard__evacuation_at=None) & detail & ~Q(state="invalid")


def list_points(case_ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Latitude and longitude in degrees of hazards that somebody pointed out, by case. One query."""
    found = HazardDetail.objects.filter(pk__in=list(case_ids), latitude__isnull=False, longitude__isnull=False)
    places = ((row.pk, _point_of(row)) for row in found.only("latitude", "longitude"))
    return {pk: (place.latitude / MICRO, place.longitude / MICRO) for pk, place in places if place}


def get_reach(at: datetime) -> list[float]:
    """South, north, west and east of the federation, in degrees, by the policy in force."""
    return [float(each) for each in get_value("hazards.reach", timezone.localdate(at))]


def find_hazard_route(
    applicant: Applicant, *, hide: bool, employer: Employer | None, division: Division | None
) -> Route | None:
    """Where a hazard goes: to the town in which it is, else the way of a matter about the employer. What the employer's
    union must not see stays hidden from it in either case."""
    route = find_route(applicant, about_employer=True, hide=hide, employer=employer, division=division)
    town = find_town_union(division)
    if route is None or town is None or (route.hidden_path and town.path.startswith(route.hidden_path)):
        return route
    union = UnionFacts(town.pk, town.name, town.path, town.is_local, town.level)
    return Route(union, "隐患在这个镇街", hidden_path=route.hidden_path, avoids=route.avoids)


# -- the same hazard ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Near:
    """A report that may be of the same hazard. `metres` is None where one of the two names no point; `is_quiet`: its
    sender wished that the employer knows nothing."""

    case: Case
    metres: int | None
    is_alike: bool
    is_quiet: bool


def _point_of(detail: HazardDetail) -> Point | None:
    """Where the hazard is, where somebody pointed it out."""
    if detail.latitude is None or detail.longitude is None:
        return None
    return Point(detail.latitude, detail.longitude)


def list_near(detail: HazardDetail, at: datetime, *, most: int = MOST_NEAR) -> list[Near]:
    """Open reports that may be of the same hazard, the likeliest first, of a bounded number around it.

    They are not scoped: whoever shows them says no more of them than their kind, day and state. A report whose sender
    wished that the employer knows nothing is told only to who has photographed the same: else an employer who reports
    anything at the place would read that somebody was there. None is hidden from another branch than the report, or
    handled by a union from which it is hidden.
    """
    rows, hidden = HazardDetail.objects.all(), detail.case.hidden_path
    if hidden:
        rows = rows.filter(case__hidden_path__in=("", hidden)).exclude(branch_q("case__node__path", [hidden]))
    found = _near(rows, detail, at, MOST_CANDIDATES)
    return [near for near in found if near.is_alike or not near.is_quiet][:most]


def is_kept_from(case: Case, other: Case) -> bool:
    """Whether a report is hidden from the union that handles another."""
    return bool(case.hidden_path) and other.node.path.startswith(case.hidden_path)


def is_hidden_apart(case: Case, other: Case) -> bool:
    """Whether two reports are hidden from different branches."""
    return bool(case.hidden_path and other.hidden_path) and case.hidden_path != other.hidden_path


def list_near_for(actor: Actor, detail: HazardDetail) -> list[Near]:
    """The same of reports that the actor may see."""
    return _near(scope(HazardDetail.objects.all(), actor, "cases.view"), detail, actor.at, MOST_NEAR)


def _near(rows: QuerySet[HazardDetail], detail: HazardDetail, at: datetime, most: int) -> list[Near]:
    keys = ("hazards.near_metres", "hazards.near_days", "hazards.look_bits")
    values = get_values(keys, timezone.localdate(at), detail.case.node)
    metres, days, bits = (values[key] for key in keys)
    found = []
    for other in _candidates(rows, detail, at - timedelta(days=days)):
        here, there = _point_of(detail), _point_of(other)
        far = metres_between(here, there) if here and there else None
        alike = looks_alike(detail.look, other.look, bits)
        same_kind = other.case.category == detail.case.category
        if is_same_place(metres=far, same_kind=same_kind, alike=alike, near_metres=metres):
            found.append(Near(other.case, far, alike, other.is_hidden_from_employer or bool(other.case.hidden_path)))
    found.sort(key=lambda near: (not near.is_alike, near.metres or 0, -near.case.pk))
    return found[:most]


def _candidates(rows: QuerySet[HazardDetail], detail: HazardDetail, since: datetime) -> list[HazardDetail]:
    """The newest open reports around the place: in the box by its index, or in the same town where no point is known."""
    around = Q(pk__in=[])
    here = _point_of(detail)
    if here is not None:
        low, high = box_around(here, 1_000)
        around |= Q(latitude__range=(low.latitude, high.latitude), longitude__range=(low.longitude, high.longitude))
    if detail.case.division_id is not None:
        without = Q(latitude=None) if here is not None else Q()
        around |= Q(case__division=detail.case.division_id) & without
    open_rows = rows.filter(around, leader=None, case__opened_at__gte=since).exclude(case__state__in=ENDED)
    ordered = open_rows.exclude(pk=detail.pk).select_related("case").order_by("-case__opened_at", "-pk")
    return list(ordered[:MOST_CANDIDATES])


def count_followers(case: Case) -> int:
    """How many more people reported the same hazard."""
    return HazardDetail.objects.filter(leader=case).count()


def find_led(case: Case) -> Led | None:
    """The report that a report follows; its photographs afterwards are for whoever follows it, too."""
    leader_id = HazardDetail.objects.filter(case=case).values_list("leader_id", flat=True).first()
    if leader_id is None:
        return None
    answers = HazardDetail.objects.filter(case_id=leader_id, answer__isnull=False).values_list("answer_id", flat=True)
    return Led(leader_id, tuple(pk for pk in answers if pk is not None))


def list_told_with(case: Case) -> list[Case]:
    """The reports that follow a report: whoever sent one is told how the hazard ended."""
    return list(Case.objects.filter(hazard__leader=case).select_related("node").order_by("pk"))


def find_leader(actor: Actor, number: str) -> Case:
    """The open report of that number, which the actor may see, to merge another into. Raises NotFound."""
    found = scope(Case.objects.filter(kind=KIND, number=number.strip().upper()), actor, "cases.view").first()
    if found is None:
        raise NotFound("没有找到这个编号的隐患。")
    return get_case(actor, found.pk)


def list_photos(case: Case, detail: HazardDetail, led: Led | None = None) -> tuple[list[SealedFile], list[SealedFile]]:
    """The photographs before and after; those after also of the report that `led` names. Two queries; the caller has
    scoped the case."""
    opened = list(Entry.objects.filter(case=case, kind=Entry.Kind.OPENED).values_list("pk", flat=True))
    after = [detail.answer_id] if detail.answer_id else [*(led.entry_ids if led else ())]
    files = list_files_of("cases.entry", [*opened, *after])
    before = [file for pk in opened for file in files.get(pk, [])]
    return before, [file for pk in after for file in files.get(pk, [])]


def list_words(actor: Actor, near: Iterable[Near]) -> dict[int, str]:
    """The first words of reports that the actor sees, by case."""
    return list_first_words(actor, [each.case.pk for each in near])


# -- handed over by interface ------------------------------------------------------------------------------------------


def may_set_outside(actor: Actor) -> bool:
    """The interface belongs to the whole deployment: only an administrator of the root sets it."""
    root = find_root()
    return actor.may("hazards.outside", root.path if root else "")


def list_services(actor: Actor) -> list[OutsideService]:
    """What the authority's system said it takes. Raises Forbidden."""
    if not may_set_outside(actor):
        raise Forbidden()
    return list(OutsideService.objects.order_by("group", "code"))


def find_service(category: str) -> OutsideService | None:
    """Where hazards of a kind go there, if anywhere."""
    return next((each for each in OutsideService.objects.order_by("pk") if category in each.categories), None)


def may_leave(case: Case) -> bool:
    """Whether a hazard may go to a system outside: what may be read by everybody here."""
    return Case.objects.filter(get_public_q(), pk=case.pk).exists()


def find_outgoing(case: Case) -> Outgoing | None:
    """What became of a hazard that was handed over by interface; the caller has scoped the case."""
    return Outgoing.objects.filter(case=case).first()


def list_outgoing_due(at: datetime) -> QuerySet[Outgoing]:
    """What may be sent now: due, or left in the middle by a worker that died. Oldest first."""
    waits = Q(state=Outgoing.State.WAITING, due_at__lte=at)
    died = Q(state=Outgoing.State.SENDING, claimed_at__lte=at - LEASE)
    rows = Outgoing.objects.filter(waits | died).select_related("entry", *OUTGOING_WITH)
    return rows.order_by("due_at", "pk")


def list_outgoing_unheard(at: datetime) -> QuerySet[Outgoing]:
    """What is there and due to be asked about, longest waiting first."""
    rows = Outgoing.objects.filter(state=Outgoing.State.SENT, ask_at__lte=at).select_related(*OUTGOING_WITH)
    return rows.order_by("ask_at", "pk")
