"""Where the right category of a case would lead."""

from dataclasses import dataclass

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries.kinds import get_kind
from unionhome.core.cases.rules import Category, Route, UnionFacts, find_new_union
from unionhome.core.registry import resolve


@dataclass(frozen=True, slots=True)
class Reroute:
    """What correcting the category does: the union it goes to, None where it stays, and the branch from which it is
    kept from then on."""

    category: Category
    route: Route | None
    target: UnionFacts | None
    hidden_path: str


def list_reroutes(case: Case) -> list[Reroute]:
    """One for each category of the kind, its own as well; none for kinds whose category is never wrong. The caller has
    scoped the case."""
    kind = get_kind(case.kind)
    if not kind.reroute:
        return []
    routes: dict[str, Route] = dict(resolve(kind.reroute)(case))
    is_bound = case.appeal_of_id is not None or case.reopened_count > 0
    found = []
    for category in kind.categories:
        route = routes.get(category.code)
        target = find_new_union(case.node_id, case.node.path, routes.get(case.category), route, is_bound=is_bound)
        hidden = case.hidden_path or (route.hidden_path if route else "")
        found.append(Reroute(category, route, target, hidden))
    return found
