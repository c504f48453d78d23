"""Which rows count at a node, and at which of its children: on the tree of the row's day, or of the stock's date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length, Substr, TruncDate

from unionhome.core.figures.queries.ground import Ground, any_q, days_q
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.rules import STEP, after, prefixes
from unionhome.kit.dates import Period

NEXT = {"city": "county", "county": "town", "town": "village"}


@dataclass(frozen=True, slots=True)
class Stay:
    """A path that a node had for a time."""

    path: str
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with the paths it had; what a selection needs to know of it, read once."""

    node: Node
    stays: tuple[Stay, ...]

    @property
    def is_root(self) -> bool:
        return self.node.parent_id is None

    def path_on(self, day: date) -> str:
        """The path of the day; the first one for a day before it."""
        held = next((stay.path for stay in self.stays if stay.holds(day)), None)
        return held or (self.stays[0].path if self.stays else self.node.path)


def get_spot(node: Node) -> Spot:
    """The node and its dated paths, one query."""
    rows = NodePath.objects.filter(node=node).order_by("starts_on")
    return Spot(node, tuple(Stay(*row) for row in rows.values_list("path", "starts_on", "ends_on")))


def _range_q(lookup: str, path: str) -> Q:
    """Paths of one branch."""
    return Q(**{f"{lookup}__gte": path, f"{lookup}__lt": after(path)})


def _held_q(day: Any, prefix: str = "") -> Q:
    """Dated paths that held on a day (a date, or a reference to one)."""
    since, until = f"{prefix}starts_on", f"{prefix}ends_on"
    return Q(**{f"{since}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


def within(queryset: QuerySet[Any], ground: Ground, spot: Spot, period: Period, day: date) -> QuerySet[Any]:
    """The rows that count in the branch of the node."""
    if spot.is_root:
        return queryset
    if not ground.day:
        return queryset.filter(_on_day_q(ground, spot, day))
    if ground.frozen:
        return queryset.filter(_frozen_q(ground, spot, day))
    if tree_stood_still(period):
        return queryset.filter(_on_day_q(ground, spot, period.end_on))
    return _on_own_day(queryset, ground, spot)


def _on_day_q(ground: Ground, spot: Spot, day: date) -> Q:
    branch = NodePath.objects.filter(_held_q(day) & _range_q("path", spot.path_on(day)))
    return Q(**{f"{ground.node}__in": branch.values("node_id")})


def _frozen_q(ground: Ground, spot: Spot, day: date) -> Q:
    level = spot.node.level
    if level in ground.frozen:
        return Q(**{ground.frozen[level]: spot.node.pk})
    own = Q(**{ground.node: spot.node.pk})
    if not ground.path:
        return own | _on_day_q(ground, spot, day)
    below = set(
        NodePath.objects.filter(any_q(_range_q("path", stay.path) for stay in spot.stays)).values_list(
            "node", flat=True
        )
    )
    if below <= {spot.node.pk}:
        return own
    branch = any_q(
        _range_q(ground.path, stay.path) & days_q(ground, stay.starts_on, stay.ends_on) for stay in spot.stays
    )
    return Q(**{f"{ground.node}__in": sorted(below | {spot.node.pk})}) & (own | branch)


def tree_stood_still(period: Period) -> bool:
    """Whether no node changed its path within the period, so that its last day's tree is every day's tree."""
    return not NodePath.objects.filter(ends_on__gt=period.start_on, ends_on__lte=period.end_on).exists()


def _own_day(ground: Ground) -> Any:
    return TruncDate(ground.day) if ground.day_is_moment else F(ground.day)


def _with_own_path(queryset: QuerySet[Any], ground: Ground) -> QuerySet[Any]:
    """Each row with the path its node had on the row's day."""
    held = NodePath.objects.filter(_held_q(OuterRef("own_day")), node=OuterRef(ground.node))
    return queryset.annotate(own_day=_own_day(ground)).annotate(own_path=Subquery(held.values("path")[:1]))


def _on_own_day(queryset: QuerySet[Any], ground: Ground, spot: Spot) -> QuerySet[Any]:
    return _with_own_path(queryset, ground).filter(
        any_q(_range_q("own_path", stay.path) & days_q(ground, stay.starts_on, stay.ends_on) for stay in spot.stays)
    )


def with_child(
    queryset: QuerySet[Any], ground: Ground, spot: Spot, period: Period, day: date
) -> tuple[QuerySet[Any], bool]:
    """Rows with `child`: the id of the child node where it is kept, else the path of the child; and which it is.

    Rows of the node itself have the node's own id or path.
    """
    if ground.frozen and ground.day:
        following = NEXT.get(spot.node.level)
        own = F(ground.node)
        return queryset.annotate(child=Coalesce(F(ground.frozen[following]), own) if following else own), True
    when = period.end_on if ground.day else day
    length = len(spot.path_on(when)) + STEP
    if ground.day and not tree_stood_still(period):
        moved = queryset if "own_path" in queryset.query.annotations else _with_own_path(queryset, ground)
        return moved.annotate(child=Substr("own_path", 1, length)), False
    stood = queryset.annotate(stood=FilteredRelation(ground.paths, condition=_held_q(when, f"{ground.paths}__")))
    return stood.annotate(child=Substr("stood__path", 1, length)), False


def list_children(spot: Spot, day: date) -> list[Node]:
    """The nodes directly below on a day, in the order of the tree; federations of divisions first."""
    path = spot.path_on(day)
    rows = NodePath.objects.filter(_held_q(day) & _range_q("path", path)).select_related("node")
    closed = Q(node__closed_on__isnull=False, node__closed_on__lte=day)
    found = rows.annotate(length=Length("path")).filter(length=len(path) + STEP).exclude(closed)
    return [row.node for row in sorted(found, key=lambda row: (not row.node.is_local, row.path))]


def find_nodes(keys: list[Any], are_ids: bool, period: Period) -> dict[Any, Node]:
    """The nodes behind the `child` values of a grouping."""
    if are_ids:
        return {node.pk: node for node in Node.objects.filter(pk__in=keys)}
    held = Q(starts_on__lte=period.end_on) & (
        Q(ends_on__isnull=True) | Q(ends_on__gt=period.start_on - timedelta(days=1))
    )
    rows = NodePath.objects.filter(held, path__in=keys).select_related("node").order_by("starts_on")
    return {row.path: row.node for row in rows}


def list_paths(nodes: Iterable[int], day: date) -> dict[int, str]:
    """Where nodes stood on a day, by id; those that stood nowhere are missing."""
    rows = NodePath.objects.filter(_held_q(day), node__in=sorted(nodes))
    return dict(rows.values_list("node_id", "path"))


def ancestors_of(node: Node) -> list[Node]:
    """From the root down to the node itself, on the present tree."""
    return list(Node.objects.filter(path__in=prefixes(node.path)).order_by("path"))
