"""Where a matter goes: decided before it is sent, and shown with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnionFacts:
    """A union as routing sees it. `above` is the nearest federation of a town, county or city over it."""

    id: int
    name: str
    path: str
    is_local: bool
    level: str


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What is known of the worker and the matter. `*_above` are the federations over the union before them."""

    about_employer: bool
    hide_from_employer: bool
    membership: UnionFacts | None = None
    membership_above: UnionFacts | None = None
    employer: UnionFacts | None = None
    employer_above: UnionFacts | None = None
    employer_top_path: str = ""
    place: UnionFacts | None = None
    root: UnionFacts | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The union that will handle the matter, why, and the branch that must not see it (empty: none)."""

    union: UnionFacts
    why: str
    hidden_path: str = ""
    avoids: str = ""


def choose_route(facts: RouteFacts) -> Route | None:
    """The route of one matter; None when the tree is empty.

    A matter about the worker's own employer goes past that employer's union to the town's federation above it, else to
    the place's, else to the city, unless the worker asks otherwise. Other matters: membership union, employer's union,
    place. Source: the product's routing rule for needs.
    """
    own = facts.employer or (facts.membership if facts.membership and not facts.membership.is_local else None)
    above = facts.employer_above if facts.employer else facts.membership_above
    if facts.hide_from_employer and (own or facts.about_employer):
        return _past_employer(facts, own, above)
    for union, why in (
        (facts.membership, "您的会籍在这个工会"),
        (facts.employer, "您单位的工会"),
        (facts.place, "离您最近的镇街工会"),
        (facts.root, "没有选地点，由市总工会派单"),
    ):
        if union is not None:
            return Route(union, why)
    return None


def find_new_union(
    node_id: int, node_path: str, before: Route | None, after: Route | None, *, is_bound: bool
) -> UnionFacts | None:
    """Where a matter at a union goes when its category is corrected, None where it stays. `before` and `after` are the
    routes of the wrong and the right one; `is_bound`: it is where it is for another reason than its category.

    It goes where the right category leads if the wrong one led here: what somebody has sent on stays. What must not be
    seen here any more goes in every case.
    """
    if after is None or after.union.id == node_id:
        return None
    if after.hidden_path and node_path.startswith(after.hidden_path):
        return after.union
    if is_bound or before is None or before.union.id != node_id:
        return None
    return after.union


def _past_employer(facts: RouteFacts, own: UnionFacts | None, above: UnionFacts | None) -> Route | None:
    avoids = own.name if own else ""
    because = "和您的单位有关" if facts.about_employer else "您不想让单位知道"
    hidden = facts.employer_top_path if own else ""
    for union, why in (
        (above, f"{because}，交给单位工会的上级工会"),
        (facts.place, f"{because}，交给离您最近的镇街工会"),
        (facts.membership if facts.membership and facts.membership.is_local else None, "您的会籍在这个工会"),
        (facts.root, "没有选地点，由市总工会派单"),
    ):
        if union is not None:
            return Route(union, why, hidden_path=hidden, avoids=avoids)
    return None
