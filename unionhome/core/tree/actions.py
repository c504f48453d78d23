"""Changing the tree: adding, moving, renaming, closing nodes, and sharing rows beyond a branch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min, Q, Value
from django.db.models.functions import Concat, Length, Substr

from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node, NodePath, Share
from unionhome.core.tree.queries import branch_q
from unionhome.core.tree.rules import MOST_PATH, STEP, step_text


@dataclass(frozen=True, slots=True)
class NewNode:
    """What a node needs. `parent_code` empty makes the root."""

    code: str
    name: str
    level: str
    parent_code: str
    opened_on: date
    is_local: bool = False


@transaction.atomic
def add_node(actor: Actor, new: NewNode) -> Node:
    """Add one node under its parent. Raises BadInput for an unknown parent, a known code or a second root."""
    return add_nodes(actor, [new])[0]


@transaction.atomic
def add_nodes(actor: Actor, news: Iterable[NewNode]) -> list[Node]:
    """Add many nodes, parents before children, with one insert per level. Raises BadInput as `add_node` does."""
    made: list[Node] = []
    waiting = list(news)
    known = {node.code: node for node in Node.objects.filter(code__in={new.parent_code for new in waiting})}
    while waiting:
        ready = [new for new in waiting if not new.parent_code or new.parent_code in known]
        if not ready:
            raise BadInput(f"找不到上级工会：{waiting[0].parent_code}", "unknown-parent")
        level = _insert_level(ready, known)
        made.extend(level)
        known.update({node.code: node for node in level})
        waiting = [new for new in waiting if new.code not in known]
    return made


def _insert_level(ready: list[NewNode], known: dict[str, Node]) -> list[Node]:
    taken = Node.objects.filter(code__in=[new.code for new in ready]).values_list("code", flat=True).first()
    if taken:
        raise BadInput(f"工会编码已被使用：{taken}", "code-taken")
    if any(not new.parent_code for new in ready) and Node.objects.filter(parent__isnull=True).exists():
        raise BadInput("一个系统里只能有一个市总工会。", "second-root")
    parents = {known[new.parent_code].pk for new in ready if new.parent_code}
    _lock(parents)
    serials = _last_serials(parents)
    nodes = []
    for new in ready:
        parent = known.get(new.parent_code)
        key = parent.pk if parent else None
        serials[key] = serials.get(key, -1) + 1
        nodes.append(
            Node(
                parent=parent,
                serial=serials[key],
                path=(parent.path if parent else "") + step_text(serials[key]),
                level=new.level,
                code=new.code,
                name=new.name,
                is_local=new.is_local,
                opened_on=new.opened_on,
            )
        )
    Node.objects.bulk_create(nodes, batch_size=500)
    _keep_serials(serials)
    NodePath.objects.bulk_create(
        [NodePath(node=node, path=node.path, starts_on=node.opened_on) for node in nodes],
        batch_size=500,
    )
    return nodes


def _lock(node_ids: Iterable[int]) -> dict[int, Node]:
    """The nodes, locked for the transaction in one order: serials under a parent are given one at a time."""
    return {row.pk: row for row in Node.objects.select_for_update().filter(pk__in=set(node_ids)).order_by("pk")}


def _last_serials(parent_ids: Iterable[int]) -> dict[int | None, int]:
    """The last serial ever given under each parent: never one again, or two unions would share a path in time."""
    rows = Node.objects.filter(pk__in=set(parent_ids)).values_list("pk", "children_made")
    return {pk: made - 1 for pk, made in rows}


def _keep_serials(serials: Mapping[int | None, int]) -> None:
    """Remember on each parent how many serials were given."""
    parents = list(Node.objects.filter(pk__in=[key for key in serials if key is not None]))
    for parent in parents:
        parent.children_made = serials[parent.pk] + 1
    Node.objects.bulk_update(parents, ["children_made"], batch_size=500)


@transaction.atomic
def move_node(actor: Actor, node: Node, parent: Node, *, on: date) -> Node:
    """Put a node and all below it under another parent from a day on; the old paths stay for the time before.

    Moving it where it stands changes nothing. Raises Refused when the new parent lies below the node, is closed or
    lies too deep, BadInput for a day before the last move.
    """
    nodes = _lock([node.pk, parent.pk])
    node, parent = nodes[node.pk], nodes[parent.pk]
    if node.parent_id == parent.pk:
        return node
    _refuse_move(node, parent, on)
    serial = _last_serials([parent.pk]).get(parent.pk, -1) + 1
    old, new = node.path, parent.path + step_text(serial)
    moved = list(Node.objects.filter(branch_q("path", [old])).values_list("pk", flat=True))
    Node.objects.filter(pk=node.pk).update(parent=parent, serial=serial)
    Node.objects.filter(pk=parent.pk).update(children_made=serial + 1)
    Node.objects.filter(pk__in=moved).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    NodePath.objects.filter(node__in=moved, ends_on__isnull=True).update(ends_on=on)
    NodePath.objects.bulk_create(
        [
            NodePath(node_id=pk, path=path, starts_on=on)
            for pk, path in Node.objects.filter(pk__in=moved).values_list("pk", "path")
        ],
        batch_size=500,
    )
    node.refresh_from_db()
    return node


def _refuse_move(node: Node, parent: Node, on: date) -> None:
    if parent.path.startswith(node.path):
        raise Refused("不能把工会移到它自己或它的下级下面。", "cycle")
    if parent.closed_on is not None:
        raise Refused("新的上级工会已经撤销。", "closed-parent")
    longest = Node.objects.filter(branch_q("path", [node.path])).aggregate(most=Max(Length("path")))["most"]
    if len(parent.path) + STEP + longest - len(node.path) > MOST_PATH:
        raise Refused("移动后层级太多了，最多十六级。", "too-deep")
    if NodePath.objects.filter(node=node, ends_on__isnull=True, starts_on__gt=on).exists():
        sentence = "日期不能早于上一次移动。"
        raise BadInput(sentence, "too-early", fields={"on": sentence})


@transaction.atomic
def rename_node(actor: Actor, node: Node, name: str) -> Node:
    """Give the node another name. The organizations room keeps the dated change."""
    Node.objects.filter(pk=node.pk).update(name=name)
    node.refresh_from_db()
    return node


@transaction.atomic
def correct_opening(actor: Actor, node: Node, *, on: date) -> Node:
    """Correct the day a node was opened; its first path then starts that day.

    Raises BadInput for a day before the parent's or after that of a child, a move or the node's closing.
    """
    paths = list(NodePath.objects.filter(node=node).order_by("starts_on", "pk"))
    first_child = Node.objects.filter(parent=node).aggregate(day=Min("opened_on"))["day"]
    latest = [day for day in (first_child, node.closed_on) if day is not None]
    if node.parent is not None and on < node.parent.opened_on:
        raise BadInput(f"上级工会 {node.parent.opened_on:%Y-%m-%d} 才成立，下级不能早于它。", "before-parent")
    if any(on > day for day in latest) or any(on >= path.starts_on for path in paths[1:]):
        raise BadInput("这一天晚于下级工会成立、变更上级或撤销的日期。", "after-events")
    NodePath.objects.filter(pk=paths[0].pk).update(starts_on=on)
    Node.objects.filter(pk=node.pk).update(opened_on=on)
    node.refresh_from_db()
    return node


@transaction.atomic
def close_node(actor: Actor, node: Node, *, on: date) -> Node:
    """Close a node that has no open children. Raises Refused otherwise, BadInput for a day before it was opened."""
    if on < node.opened_on:
        sentence = "撤销日期不能早于建会日期。"
        raise BadInput(sentence, "too-early", fields={"on": sentence})
    if Node.objects.filter(parent=node, closed_on__isnull=True).exists():
        raise Refused("下面还有工会，先把它们移走或撤销。", "has-children")
    Node.objects.filter(pk=node.pk).update(closed_on=on)
    node.refresh_from_db()
    return node


@transaction.atomic
def share_row(
    actor: Actor,
    model: str,
    object_id: int,
    *,
    reason: str,
    node: Node | None = None,
    user_id: int | None = None,
    ends_at: datetime | None = None,
    can_act: bool = False,
) -> Share:
    """Open one row to a union or to one account from now on: to look at, or with `can_act` to work on too.

    An open share of the same row for the same is kept as it is.
    """
    share, _ = Share.objects.get_or_create(
        model=model.lower(),
        object_id=object_id,
        node=node,
        user_id=user_id,
        ends_at=ends_at,
        can_act=can_act,
        defaults={"reason": reason, "starts_at": actor.at},
    )
    return share


@transaction.atomic
def end_shares(actor: Actor, model: str, object_id: int, *, reason: str) -> int:
    """End the shares of the row that were opened for one reason; the number of shares ended."""
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=actor.at)
    return Share.objects.filter(running, model=model.lower(), object_id=object_id, reason=reason).update(
        ends_at=actor.at
    )


@transaction.atomic
def end_share(
    actor: Actor,
    model: str,
    object_id: int,
    *,
    node: Node | None = None,
    user_id: int | None = None,
) -> int:
    """End the open shares of the row with that union or account; the number of shares ended."""
    return Share.objects.filter(
        model=model.lower(),
        object_id=object_id,
        node=node,
        user_id=user_id,
        ends_at__isnull=True,
    ).update(ends_at=actor.at)
