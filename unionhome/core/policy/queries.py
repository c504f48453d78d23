"""What holds on a day in a place: values, duty hours, working calendars; and the pages about them.

Nothing is remembered between calls: a `WorkCalendar` or a dictionary of values is fetched once, by one query, and
handed on by whoever needs it several times.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.policy.models import CalendarDay, CalendarYear, PolicyParameter
from unionhome.core.policy.rules import duty_hours, value_text
from unionhome.core.registry import Actor, NotFound, Policy, Refused, rooms
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_root
from unionhome.core.tree.rules import prefixes
from unionhome.kit.calendars import DutyHours, WorkCalendar

DUTY_HOURS = "policy.duty_hours"
FIRST_YEAR, LAST_YEAR = 2000, 2100


def list_policies() -> list[Policy]:
    """Every policy that a card declares, room by room."""
    return [policy for room in rooms() for policy in room.card.policies]


def get_policy(key: str) -> Policy:
    """The declaration of a key. Raises Refused for a key that no card declares."""
    for policy in list_policies():
        if policy.key == key:
            return policy
    raise Refused("系统里没有这一项政策参数。", "unknown-policy")


def get_declared(key: str) -> Policy:
    """The same for a page. Raises NotFound."""
    policy = next((policy for policy in list_policies() if policy.key == key), None)
    if policy is None:
        raise NotFound()
    return policy


def get_room_title(key: str) -> str:
    """The title of the room whose card declares the key."""
    return next(room.card.title for room in rooms() if any(policy.key == key for policy in room.card.policies))


def may_manage(actor: Actor) -> bool:
    """Values and calendar are the federation's own decision: the permission counts at the root."""
    root = find_root()
    return actor.may("policy.manage", root.path if root else "")


def _holding(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))


def list_rows(keys: Iterable[str], on: date, node: Node | None = None) -> list[PolicyParameter]:
    """The row of each key that holds on a day at a node: the nearest region up the tree, else the one for everywhere."""
    region = Q(node__isnull=True)
    if node is not None:
        region |= Q(node__path__in=prefixes(node.path))
    rows = PolicyParameter.objects.filter(_holding(on), region, key__in=list(keys)).select_related("node")
    nearest = {row.key: row for row in sorted(rows, key=lambda row: len(row.node.path) if row.node else 0)}
    return list(nearest.values())


def get_values(keys: Iterable[str], on: date, node: Node | None = None) -> dict[str, Any]:
    """Several values by one query. A day before the first row takes the card's own value. Raises Refused."""
    wanted = list(keys)
    found = {row.key: row.value for row in list_rows(wanted, on, node)}
    return {key: found[key] if key in found else get_policy(key).value for key in wanted}


def get_value(key: str, on: date, node: Node | None = None) -> Any:
    """The value of a key on a day at a node. Raises Refused for a key that no card declares."""
    return get_values([key], on, node)[key]


def get_values_of(keys: Iterable[str], on: date, nodes: Iterable[Node]) -> dict[int, dict[str, Any]]:
    """Several values at each of many nodes by one query, by the node's id. Raises Refused for an undeclared key."""
    wanted, places = list(keys), list(nodes)
    paths = {path for node in places for path in prefixes(node.path)}
    region = Q(node__isnull=True) | Q(node__path__in=paths)
    rows = PolicyParameter.objects.filter(_holding(on), region, key__in=wanted).select_related("node")
    ordered = sorted(rows, key=lambda row: len(row.node.path) if row.node else 0)
    values = {}
    for node in places:
        found = {row.key: row.value for row in ordered if row.node is None or node.path.startswith(row.node.path)}
        values[node.pk] = {key: found[key] if key in found else get_policy(key).value for key in wanted}
    return values


def list_missing(on: date) -> list[str]:
    """Keys that a card declares and that have no row for everywhere on a day. For the check of a deployment."""
    keys = [policy.key for policy in list_policies()]
    rows = PolicyParameter.objects.filter(_holding(on), node__isnull=True, key__in=keys)
    return sorted(set(keys) - set(rows.values_list("key", flat=True)))


def get_duty_hours(node: Node | None, on: date) -> DutyHours:
    """The duty hours of the union on a day."""
    return duty_hours(get_value(DUTY_HOURS, on, node))


def get_calendar(from_year: int, to_year: int) -> WorkCalendar:
    """Working days of those years, both included, by one query; a year not announced is provisional (暂定)."""
    rows = CalendarDay.objects.filter(year__gte=from_year, year__lte=to_year).values_list(
        "on", "is_working", "year_id", "year__is_published"
    )
    days: dict[date, bool] = {}
    published = set()
    for on, is_working, year, is_published in rows:
        days[on] = is_working
        if is_published:
            published.add(year)
    return WorkCalendar(days, frozenset(published), timezone.get_default_timezone())


def list_unpublished(years: Iterable[int]) -> list[int]:
    """The years of these that are not announced yet."""
    wanted = list(years)
    known = set(CalendarYear.objects.filter(year__in=wanted, is_published=True).values_list("year", flat=True))
    return [year for year in wanted if year not in known]


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy on the list: what holds today at the chosen place, since when, and on what it rests."""

    key: str
    label: str
    text: str
    source: str
    starts_on: date | None
    region: str
    is_default: bool
    regions_count: int


def list_lines(actor: Actor, on: date, node: Node | None = None) -> list[tuple[str, list[PolicyLine]]]:
    """Room title with the room's policies as they stand on a day at a place. Raises Forbidden."""
    actor.require("policy.view")
    declared = list_policies()
    rows = {row.key: row for row in list_rows([policy.key for policy in declared], on, node)}
    regions: dict[str, set[int]] = defaultdict(set)
    for key, node_id in PolicyParameter.objects.filter(_holding(on), node__isnull=False).values_list("key", "node_id"):
        regions[key].add(node_id)
    names = _names_in(row.value for row in rows.values())
    return [
        (
            room.card.title,
            [_line(policy, rows.get(policy.key), len(regions[policy.key]), names) for policy in room.card.policies],
        )
        for room in rooms()
        if room.card.policies
    ]


def _line(policy: Policy, row: PolicyParameter | None, regions_count: int, names: Mapping[str, str]) -> PolicyLine:
    return PolicyLine(
        key=policy.key,
        label=policy.label,
        text=value_text(row.value if row else policy.value, policy.unit, names),
        source=row.source if row else policy.source,
        starts_on=row.starts_on if row else None,
        region=row.node.name if row and row.node else "全市",
        is_default=row.is_default if row else True,
        regions_count=regions_count,
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One row of a policy's history. `state` is now, coming or past."""

    text: str
    region: str
    starts_on: date
    last_on: date | None
    source: str
    approved_by: str
    note: str
    set_by: str
    is_default: bool
    state: str


def list_history(actor: Actor, key: str, on: date) -> list[HistoryLine]:
    """Every value a policy has, had or will have: everywhere first, then region by region, newest first."""
    actor.require("policy.view")
    policy = get_policy(key)
    rows = PolicyParameter.objects.filter(key=key).select_related("node").order_by("node__path", "-starts_on")
    ordered = sorted(rows, key=lambda row: row.node.path if row.node else "")
    names = _names_in(row.value for row in ordered)
    return [
        HistoryLine(
            text=value_text(row.value, policy.unit, names),
            region=row.node.name if row.node else "全市",
            starts_on=row.starts_on,
            last_on=row.ends_on - timedelta(days=1) if row.ends_on else None,
            source=row.source,
            approved_by=row.approved_by,
            note=row.note,
            set_by=row.set_by or ("系统初始" if row.is_default else ""),
            is_default=row.is_default,
            state=_state(row, on),
        )
        for row in ordered
    ]


def _state(row: PolicyParameter, on: date) -> str:
    if row.starts_on > on:
        return "coming"
    return "past" if row.ends_on is not None and row.ends_on <= on else "now"


def list_regions(actor: Actor) -> QuerySet[Node]:
    """The federations that may have values of their own: city, counties, towns."""
    actor.require("policy.view")
    return Node.objects.filter(
        is_local=True, closed_on__isnull=True, parent__isnull=False, level__in=("county", "town")
    ).order_by("path")


def get_region(actor: Actor, node_id: int) -> Node:
    """Raises NotFound."""
    node = list_regions(actor).filter(pk=node_id).first()
    if node is None:
        raise NotFound()
    return node


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year view. `mark` is 休, 班 or nothing; `kind` is rest, makeup, weekend or work."""

    on: date
    mark: str
    kind: str
    name: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class YearView:
    """A year on the page: weeks of each month, the named stretches, and whether it is announced."""

    year: int
    is_published: bool
    source: str
    months: list[tuple[int, list[list[DayCell | None]]]]
    working_count: int
    stretches: list[tuple[date, date, bool, str]]

    @property
    def previous_year(self) -> int:
        return max(FIRST_YEAR, self.year - 1)

    @property
    def next_year(self) -> int:
        return min(LAST_YEAR, self.year + 1)


def get_year(actor: Actor, year: int, today: date) -> YearView:
    """Raises Forbidden, and NotFound outside 2000 to 2100."""
    actor.require("policy.view")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    stated = CalendarYear.objects.filter(year=year).first()
    named = {day.on: day for day in CalendarDay.objects.filter(year_id=year).order_by("on")}
    months = [
        (month, [[_cell(day, named, month, today) for day in week] for week in _weeks(year, month)])
        for month in range(1, 13)
    ]
    cells = [cell for _, weeks in months for week in weeks for cell in week if cell]
    return YearView(
        year=year,
        is_published=bool(stated and stated.is_published),
        source=stated.source if stated else "",
        months=months,
        working_count=sum(cell.kind in ("work", "makeup") for cell in cells),
        stretches=_stretches(named.values()),
    )


def get_notice(actor: Actor, year: int) -> dict[str, str]:
    """What stands for a year, written as the form takes it. Raises Forbidden."""
    actor.require("policy.view")
    stated = CalendarYear.objects.filter(year=year).first()
    lines = [
        f"{start}{f' 至 {end}' if end != start else ''} {'班' if is_working else '休'} {name}"
        for start, end, is_working, name in _stretches(CalendarDay.objects.filter(year_id=year).order_by("on"))
    ]
    return {"days": "\n".join(lines), "source": stated.source if stated else ""}


def _weeks(year: int, month: int) -> list[list[date]]:
    return calendar.Calendar().monthdatescalendar(year, month)


def _cell(day: date, named: Mapping[date, CalendarDay], month: int, today: date) -> DayCell | None:
    if day.month != month:
        return None
    row = named.get(day)
    if row is None:
        return DayCell(day, "", "work" if day.weekday() < 5 else "weekend", "", day == today)
    kind = "makeup" if row.is_working else "rest"
    return DayCell(day, "班" if row.is_working else "休", kind, row.name, day == today)


def _stretches(rows: Iterable[CalendarDay]) -> list[tuple[date, date, bool, str]]:
    """Neighbouring days of one name as one line."""
    joined: list[tuple[date, date, bool, str]] = []
    for row in rows:
        if joined:
            start, end, is_working, name = joined[-1]
            if (row.on - end).days == 1 and (is_working, name) == (row.is_working, row.name):
                joined[-1] = (start, row.on, is_working, name)
                continue
        joined.append((row.on, row.on, row.is_working, row.name))
    return joined


def _names_in(values: Iterable[Any]) -> dict[str, str]:
    """The names of the unions whose codes are keys of these values; asked only where there are such keys."""
    codes = {str(code) for value in values if isinstance(value, dict) for code in value}
    return dict(Node.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
