"""Reading the tree, and the one function that decides which rows an actor sees."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, Model, Q, QuerySet

from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node, NodePath, Share
from unionhome.core.tree.rules import after, prefixes
from unionhome.kit.lookups import Among

M = TypeVar("M", bound=Model)
READING = ".view"
"""How the permissions end that only look."""


def branch_q(field: str, paths: Iterable[str]) -> Q:
    """Rows whose path field lies in any of the branches; no branch, no row."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__gte": path, f"{field}__lt": after(path)})
    return condition


def scope(queryset: QuerySet[M], actor: Actor, permission: str) -> QuerySet[M]:
    """The rows of `queryset` that the actor may see with `permission`: the single row filter of the house.

    The model names its path in `SCOPE`, and in `SCOPE_HIDDEN`, where it has one, the field that holds the path of
    the branch which must never see the row (a matter about one's own employer). Rows come from the actor's branches
    and from dated share rows; what is hidden stays hidden even where it was shared. A share opens a row to look at
    (`<app>.view`); any other permission needs a share that lets its holder act.
    """
    if actor.is_system:
        return queryset
    model: Any = queryset.model
    condition = branch_q(model.SCOPE, actor.branches(permission)) | Q(pk__in=_shared_ids(model, actor, permission))
    visible = queryset.filter(condition)
    hidden: str | None = getattr(model, "SCOPE_HIDDEN", None)
    if hidden:
        visible = visible.exclude(**{f"{hidden}__in": list_hiding_paths(actor)})
    return visible


class Parts(NamedTuple):
    """The rows that `scope` gives, in two parts that may overlap. `is_few`: the branches hold so few unions that
    `inside` names each of them."""

    inside: QuerySet[Any]
    shared: QuerySet[Any]
    is_few: bool


def scope_parts(queryset: QuerySet[M], actor: Actor, permission: str, *, few: int) -> Parts:
    """The rows of `scope` as those of the actor's branches and those shared with the actor.

    For searches in large tables: a database goes through either part by an index, but not through both at once. Where
    the branches hold at most `few` unions, their rows are asked for union by union, else by path.
    """
    if actor.is_system:
        return Parts(queryset, queryset.none(), is_few=False)
    model: Any = queryset.model
    hidden: str | None = getattr(model, "SCOPE_HIDDEN", None)
    if hidden:
        queryset = queryset.exclude(**{f"{hidden}__in": list_hiding_paths(actor)})
    shared = queryset.filter(pk__in=_shared_ids(model, actor, permission))
    branches = actor.branches(permission)
    unions = list(Node.objects.filter(branch_q("path", branches)).values_list("pk", flat=True)[: few + 1])
    if len(unions) <= few:
        named = Among(F(model.SCOPE.removesuffix("__path")), unions)
        return Parts(queryset.filter(named), shared, is_few=True)
    return Parts(queryset.filter(branch_q(model.SCOPE, branches)), shared, is_few=False)


def list_hiding_paths(actor: Actor) -> list[str]:
    """Hidden paths whose rows the actor must never see: those of the actor's own branches and of what lies above."""
    return sorted({prefix for path in actor.paths() for prefix in prefixes(path)})


def find_hidden(actor: Actor, model: type[Model], ids: Iterable[Any]) -> set[Any]:
    """Those of some rows that stay hidden from the actor wherever they are shown: kept elsewhere, frozen, counted."""
    hidden: str | None = getattr(model, "SCOPE_HIDDEN", None)
    if actor.is_system or not hidden:
        return set()
    rows = model._default_manager.filter(pk__in=list(ids), **{f"{hidden}__in": list_hiding_paths(actor)})
    return set(rows.values_list("pk", flat=True))


def _shared_ids(model: type[Model], actor: Actor, permission: str) -> QuerySet[Any]:
    """Ids shared at `actor.at` with the actor or with a union on one of the actor's branches."""
    shared_with = Q(pk__in=[])
    if actor.user_id is not None and actor.may(permission):
        shared_with |= Q(user_id=actor.user_id)
    branches = actor.branches(permission)
    if branches:
        shared_with |= Q(node__in=Node.objects.filter(branch_q("path", branches)))
    if not permission.endswith(READING):
        shared_with &= Q(can_act=True)
    return (
        Share.objects.filter(shared_with, model=model._meta.label_lower, starts_at__lte=actor.at)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=actor.at))
        .values("object_id")
    )


def list_shares(model: str, object_id: int, at: datetime) -> list[Share]:
    """With whom a row is shared at a moment. The caller has found the row."""
    open_then = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    found = Share.objects.filter(open_then, model=model.lower(), object_id=object_id, starts_at__lte=at)
    return list(found.select_related("node"))


def find_node(code: str) -> Node | None:
    """The node of that code, whoever asks: names and codes of unions are public."""
    return Node.objects.filter(code=code).first()


def find_root() -> Node | None:
    """The federation's own node."""
    return Node.objects.filter(parent__isnull=True).order_by("path").first()


def list_ancestors(node: Node) -> QuerySet[Node]:
    """From the root down to the node itself."""
    return Node.objects.filter(path__in=prefixes(node.path)).order_by("path")


def get_path_on(node: Node, day: date) -> str:
    """The path the node had on a day; the present one for a day before its first."""
    row = (
        NodePath.objects.filter(node=node, starts_on__lte=day)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .values_list("path", flat=True)
        .first()
    )
    return row or node.path


def find_local_above(node: Node) -> Node | None:
    """The nearest federation of a division strictly above the node (town, county, city)."""
    return (
        Node.objects.filter(path__in=prefixes(node.path)[:-1], is_local=True, closed_on__isnull=True)
        .exclude(level="village")
        .order_by("-path")
        .first()
    )


def list_local_above(nodes: Iterable[Node]) -> dict[int, list[Node]]:
    """The same of many nodes by one query, by the node's id: all of them, the nearest first."""
    chains = {node.pk: prefixes(node.path)[:-1] for node in nodes}
    paths = {path for chain in chains.values() for path in chain}
    above = Node.objects.filter(path__in=paths, is_local=True, closed_on__isnull=True).exclude(level="village")
    by_path = {node.path: node for node in above}
    return {pk: [by_path[path] for path in reversed(chain) if path in by_path] for pk, chain in chains.items()}


def find_any_node(node_id: int) -> Node | None:
    """The node of that id, whoever asks: names of unions are public."""
    return Node.objects.filter(pk=node_id).first()


def get_any_node(node_id: int) -> Node:
    """The same, where it must exist. Raises NotFound."""
    node = find_any_node(node_id)
    if node is None:
        raise NotFound()
    return node
