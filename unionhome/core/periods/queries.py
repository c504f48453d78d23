"""Which days are closed where: asked by whoever writes something with a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.periods.models import Closing
from unionhome.core.registry import Actor, BadInput, NotFound
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.queries import branch_q, find_root, get_path_on, list_ancestors, scope
from unionhome.core.tree.rules import prefixes
from unionhome.kit.dates import Period

VIEW = "periods.view"
CLOSING_LEVELS = ("city", "county", "town")
"""Federations that close: villages and employers' unions are closed with their town or county."""
CHUNK = 2000
LOCK = 7_250_613
"""The advisory lock between those who write with a day and those who close."""


def is_closed(node: Node, day: date) -> bool:
    """Whether nothing more may be written at a union for a day: it, or a federation above it that day, has closed it."""
    _wait_for_closing()
    return bool(_find_locked([(node, day)]))


def find_closed(actor: Actor, day: date) -> Closing | None:
    """A closing that holds for a day at, above or below one of the actor's branches: of acts that touch whole branches."""
    _wait_for_closing()
    holding = Closing.objects.filter(reopened_at__isnull=True, starts_on__lte=day, ends_on__gte=day)
    return next(iter(_of_branches(actor, holding.order_by("node__path", "pk"))), None)


def find_last_closed(actor: Actor) -> date | None:
    """The last closed day at, above or below one of the actor's branches: what begins a stay counts after it."""
    _wait_for_closing()
    holding = Closing.objects.filter(reopened_at__isnull=True).order_by("-ends_on", "pk")
    return next((closing.ends_on for closing in _of_branches(actor, holding)), None)


def _of_branches(actor: Actor, closings: QuerySet[Closing]) -> Iterator[Closing]:
    own = actor.paths()
    for closing in closings.select_related("node"):
        path = closing.node.path
        if any(each.startswith(path) or path.startswith(each) for each in own):
            yield closing


def list_open_since(ids: Iterable[int]) -> Mapping[int, date]:
    """By union the day after its last closed one, as the tree stood on those days; unions without closed days are left
    out. A stay that is written down now counts from then on, or it would change a stock of a closed day.

    One statement where nothing is closed anywhere; one more for each 2,000 unions else.
    """
    _wait_for_closing()
    holding = Closing.objects.filter(reopened_at__isnull=True)
    closings = list(holding.values_list("node_id", "starts_on", "ends_on"))
    wanted = set(ids) if closings else set()
    if not wanted:
        return {}
    stays = _list_stays(wanted | {node_id for node_id, _, _ in closings})
    locked: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for node_id, first, last in closings:
        for stay in _from_ever(stays.get(node_id, ())):
            locked[stay.path].append((max(first, stay.starts_on), min(last, stay.last_on)))
    last_days = {node_id: _last_locked(_from_ever(stays.get(node_id, ())), locked) for node_id in wanted}
    return {node_id: day + timedelta(days=1) for node_id, day in last_days.items() if day is not None}


def _last_locked(stays: Iterable["_Stay"], locked: Mapping[str, list[tuple[date, date]]]) -> date | None:
    """The last day on which one of the paths lay in a branch that is locked for the day."""
    days = [
        min(last, stay.last_on)
        for stay in stays
        for path in prefixes(stay.path)
        for first, last in locked.get(path, ())
        if max(first, stay.starts_on) <= min(last, stay.last_on)
    ]
    return max(days, default=None)


def require_open(pairs: Iterable[tuple[Node, date]], field: str = "on") -> None:
    """Raise BadInput at `field` where one of the unions is closed for its day.

    One statement for a batch none of whose days is closed anywhere; one more for each 2,000 unions else.
    """
    _wait_for_closing()
    found = _find_locked(pairs)
    if found:
        closing = next(iter(found.values()))
        raise BadInput(_sentence(closing), "period-closed", fields={field: _sentence(closing)})


def _wait_for_closing() -> None:
    """On PostgreSQL a period is not closed while somebody writes, nor written to while it is being closed: both hold
    this lock until their transaction ends, writers together. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def _sentence(closing: Closing) -> str:
    title = Period(closing.starts_on, closing.ends_on).title
    return (
        f"{closing.node.name}{title}已经封账，这段时间的事不能再登记，也不能冲正。"
        "要补登、要更正，请上级工会重新开账，改好再封，再发布更正的一版。"
    )


@dataclass(frozen=True, slots=True)
class _Stay:
    path: str
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def last_on(self) -> date:
        return self.ends_on - timedelta(days=1) if self.ends_on else date.max


def _find_locked(pairs: Iterable[tuple[Node, date]]) -> dict[tuple[int, date], Closing]:
    wanted = {(node.pk, day): node for node, day in pairs}
    if not wanted:
        return {}
    days = [day for _, day in wanted]
    holding = Closing.objects.filter(reopened_at__isnull=True, ends_on__gte=min(days), starts_on__lte=max(days))
    closings = list(holding.select_related("node").order_by("-starts_on", "pk"))
    if not closings:
        return {}
    asked = {key: node for key, node in wanted.items() if any(_covers(one, key[1]) for one in closings)}
    stays = _list_stays({key[0] for key in asked} | {one.node_id for one in closings})
    return {
        key: closing
        for key, node in asked.items()
        if (closing := _lock_of(_path_on(stays.get(key[0], ()), key[1], node.path), key[1], closings, stays))
    }


def list_closed_places(places: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Those of some paths with their days that lie in a branch which is closed for the day."""
    wanted = set(places)
    _wait_for_closing()
    if not wanted:
        return set()
    days = [day for _, day in wanted]
    holding = Closing.objects.filter(reopened_at__isnull=True, ends_on__gte=min(days), starts_on__lte=max(days))
    closings = list(holding.select_related("node"))
    stays = _list_stays({closing.node_id for closing in closings})
    return {(path, day) for path, day in wanted if _lock_of(path, day, closings, stays)}


def _covers(closing: Closing, day: date) -> bool:
    return closing.starts_on <= day <= closing.ends_on


def _lock_of(
    path: str, day: date, closings: list[Closing], stays: Mapping[int, list[_Stay]]
) -> Closing | None:  # fmt: skip
    for closing in closings:
        if _covers(closing, day) and path.startswith(_path_on(stays.get(closing.node_id, ()), day, closing.node.path)):
            return closing
    return None


def _path_on(stays: Iterable[_Stay], day: date, now: str) -> str:
    """The path of a day; the present one where none is known, the first one for a day before it."""
    listed = list(stays)
    held = next((stay.path for stay in listed if stay.holds(day)), None)
    return held or (min(listed, key=lambda stay: stay.starts_on).path if listed else now)


def _from_ever(stays: Iterable[_Stay]) -> list[_Stay]:
    """Stays in their order, the first as if it had always been: a day before it is looked up there."""
    listed = sorted(stays, key=lambda stay: stay.starts_on)
    return [replace(listed[0], starts_on=date.min), *listed[1:]] if listed else []


def _list_stays(ids: set[int]) -> dict[int, list[_Stay]]:
    found: dict[int, list[_Stay]] = defaultdict(list)
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        rows = NodePath.objects.filter(node__in=ordered[start : start + CHUNK])
        for node_id, path, starts_on, ends_on in rows.values_list("node_id", "path", "starts_on", "ends_on"):
            found[node_id].append(_Stay(path, starts_on, ends_on))
    return found


# For the acts and the page


def list_closings(actor: Actor) -> QuerySet[Closing]:
    """Closings of the actor's branches, the newest period first."""
    return scope(Closing.objects.select_related("node"), actor, VIEW).order_by("-ends_on", "node__path", "-pk")


def get_closing(actor: Actor, pk: int) -> Closing:
    """One closing of the actor's branches. Raises NotFound."""
    found = list_closings(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_own(node: Node, period: Period) -> Closing | None:
    """A closing of the union itself that holds and has a day of the period."""
    rows = Closing.objects.filter(node=node, reopened_at__isnull=True)
    return rows.filter(starts_on__lte=period.end_on, ends_on__gte=period.start_on).first()


def find_above(node: Node, period: Period) -> Closing | None:
    """A closing of a federation above that holds and has a day of the period."""
    above = list_ancestors(node).exclude(pk=node.pk)
    rows = Closing.objects.filter(node__in=above, reopened_at__isnull=True).select_related("node")
    return rows.filter(starts_on__lte=period.end_on, ends_on__gte=period.start_on).order_by("node__path").last()


def list_not_closed(node: Node, period: Period) -> list[Node]:
    """Federations below, as the tree stood at the period's end, that have not closed the whole of it; deepest first."""
    day = period.end_on
    held = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    branch = NodePath.objects.filter(held & branch_q("path", [get_path_on(node, day)])).values("node_id")
    below = Node.objects.filter(pk__in=branch, is_local=True, level__in=CLOSING_LEVELS).exclude(pk=node.pk)
    below = below.filter(opened_on__lte=day).exclude(closed_on__lte=day)
    closed = Closing.objects.filter(
        reopened_at__isnull=True, starts_on__lte=period.start_on, ends_on__gte=period.end_on
    )
    found = below.exclude(pk__in=closed.values("node_id"))
    return sorted(found, key=lambda each: (-len(each.path), each.path))


def list_closing_nodes(actor: Actor) -> list[Node]:
    """The federation that the actor may close: the own one, else the first of the actor's branches, with those directly below."""
    own = _find_closing_node(actor)
    if own is None:
        return []
    below = Node.objects.filter(parent=own, is_local=True, level__in=CLOSING_LEVELS, closed_on__isnull=True)
    return [own, *below.order_by("path")]


def _find_closing_node(actor: Actor) -> Node | None:
    """The federation at which the actor closes."""
    if actor.is_system:
        return find_root()
    nodes = Node.objects.filter(path__in=actor.branches("periods.close"), level__in=CLOSING_LEVELS, is_local=True)
    return nodes.filter(pk=actor.node_id or 0).first() or nodes.order_by("path").first()


def may_reopen(actor: Actor, closing: Closing) -> bool:
    """Whether the actor stands above the union; for the root, whether the actor may reopen the whole federation."""
    parent = prefixes(closing.node.path)[:-1]
    if not parent:
        return actor.may("periods.reopen_root", closing.node.path)
    return actor.may("periods.reopen", parent[-1])


def get_last_year(actor: Actor) -> Period:
    """The year that is over."""
    return Period.year(timezone.localdate(actor.at).year - 1)
