"""What rooms above let go with a union that is merged, divided or dissolved: they declare it, this room asks."""

from dataclasses import dataclass
from datetime import date

from unionhome.core.organizations.queries.following import list_open_items
from unionhome.core.registry import Actor, Refused, discover, resolve
from unionhome.core.tree.models import Node


@dataclass(frozen=True, slots=True)
class Following:
    """From `on`, what belongs to `source` belongs to `target`.

    `employer_ids` leaves out whoever does not work at one of these employers, and all open matters; None is everything.
    `keeps` says that the members keep their membership without a post (保留会籍).
    """

    source: Node
    target: Node
    on: date
    reason: str
    employer_ids: frozenset[int] | None = None
    keeps: bool = False


def follow(actor: Actor, following: Following) -> dict[str, int]:
    """Let every room move what is its own; how many rows of each kind, by the key that the room gives it.

    A room declares `UNION_FOLLOWERS` in its `handlers`: dotted paths to functions (actor, Following) -> counts by key.
    Raises Refused where afterwards something still waits at a union that gives everything away.
    """
    counts: dict[str, int] = {}
    for dotted in discover("handlers", "UNION_FOLLOWERS"):
        for key, count in resolve(dotted)(actor, following).items():
            counts[key] = counts.get(key, 0) + count
    if following.employer_ids is None:
        left = list_open_items(following.source).count()
        if left:
            raise Refused(f"{following.source.name}还有 {left} 件没有办完的事不能转走，请先办完。", "open-items")
    return counts
