"""What other systems may read by Open311: what is public of every kind, and what they handed over themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.queries.kinds import get_kind, list_kinds, states_in
from unionhome.core.cases.queries.routing import list_town_choices
from unionhome.core.cases.rules import OUTSIDE, CaseKind
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import find_division
from unionhome.core.registry import Actor, BadInput, NotFound, resolve
from unionhome.core.tree.queries import find_root

MOST_DAYS = 90
"""The longest stretch one question may ask for, and the usual one: GeoReport v2, GET Service Requests."""
STATUSES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows a list of requests. `numbers` overrides everything else, as the standard wants."""

    start_at: datetime
    end_at: datetime
    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


def get_asked(actor: Actor, words: dict[str, str]) -> Asked:
    """The question of a client. Raises BadInput for a moment without time zone, more than 90 days, a strange status."""
    start_at, end_at = (_moment(words, name) for name in ("start_date", "end_date"))
    most = timedelta(days=MOST_DAYS)
    if end_at is None:
        end_at = actor.at if start_at is None else start_at + most
    if start_at is None:
        start_at = end_at - most
    if not start_at <= end_at <= start_at + most:
        raise BadInput(f"start_date 要早于 end_date，最多隔 {MOST_DAYS} 天。", "bad-range")
    statuses = _listed(words, "status")
    if set(statuses) - set(STATUSES):
        raise BadInput("status 只有 open 和 closed。", "bad-status")
    return Asked(start_at, end_at, _listed(words, "service_request_id"), _listed(words, "service_code"), statuses)


def _moment(words: dict[str, str], name: str) -> datetime | None:
    text = words.get(name, "").strip().replace(" ", "+")  # a plus sign that nobody escaped
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found) or not 2000 <= found.year <= 2100:
        raise BadInput(f"{name} 要写成 2010-01-01T00:00:00Z 这样，带时区。", "bad-date")
    return found


def _listed(words: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in words.get(name, "").split(",") if each.strip())


def list_outside(actor: Actor, asked: Asked) -> QuerySet[Case]:
    """Cases that the actor may read by Open311, the newest first; `told_at` is when the applicant last heard of them."""
    found = _readable(actor)
    if asked.numbers:
        return found.filter(number__in=asked.numbers)
    days = [timezone.localdate(each) for each in (asked.start_at, asked.end_at)]
    found = found.filter(opened_on__range=days, opened_at__range=(asked.start_at, asked.end_at))
    if asked.codes:
        found = found.filter(category__in=asked.codes)
    if set(asked.statuses) == {"open"}:
        found = found.exclude(state__in=states_in("closed"))
    elif set(asked.statuses) == {"closed"}:
        found = found.filter(state__in=states_in("closed"))
    return found


def get_outside(actor: Actor, number: str) -> Case:
    """One of them by its number. Raises NotFound, also for one that the actor may not read."""
    found = _readable(actor).filter(number=number).first()
    if found is None:
        raise NotFound("没有找到这个 service_request_id，或者不能公开。")
    return found


def _readable(actor: Actor) -> QuerySet[Case]:
    shown = Q(pk__in=[])
    for kind in list_kinds():
        if kind.public:
            shown |= resolve(kind.public)()
    if actor.user_id is not None and actor.door == "api" and actor.may("cases.receive"):
        own = Entry.objects.filter(kind=Entry.Kind.OPENED, user_id=actor.user_id, case__origin=OUTSIDE)
        shown |= Q(pk__in=own.values("case"))
    told = Entry.objects.filter(case=OuterRef("pk"), is_public=True).order_by("-at").values("at")[:1]
    rows = Case.objects.filter(shown).select_related("node", "division").annotate(told_at=Subquery(told))
    return rows.order_by("-opened_at", "-id")


def find_kind_of(category: str) -> CaseKind | None:
    """The kind that takes matters of this category from other systems."""
    kinds = (kind for kind in list_kinds() if kind.receiver)
    return next((kind for kind in kinds if any(each.code == category for each in kind.categories)), None)


def list_points_of(cases: Iterable[Case]) -> dict[int, tuple[float, float]]:
    """Latitude and longitude by case: one question for each kind that knows any."""
    ids: dict[str, list[int]] = {}
    for case in cases:
        ids.setdefault(case.kind, []).append(case.pk)
    found: dict[int, tuple[float, float]] = {}
    for code, pks in ids.items():
        path = get_kind(code).points
        found |= resolve(path)(pks) if path else {}
    return found


def find_town_named(address: str) -> Division | None:
    """The town whose name stands in an address; None where none does, or several do and no county tells them apart."""
    named = [
        (county, code) for county, towns in list_town_choices() for code, name in towns if name and name in address
    ]
    if len(named) > 1:
        named = [(county, code) for county, code in named if county in address]
    return find_division(named[0][1]) if len(named) == 1 else None


def has_outside_id(jurisdiction: str) -> bool:
    """Whether a jurisdiction_id means this federation: nothing, or the code of its own union."""
    root = find_root() if jurisdiction else None
    return not jurisdiction or (root is not None and root.code == jurisdiction)
