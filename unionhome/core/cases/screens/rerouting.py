"""Where the right category of a matter leads, before it is chosen."""

from dataclasses import dataclass

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import Reroute


@dataclass(frozen=True, slots=True)
class RerouteChoices:
    """The other categories in words, and those by which the matter goes to another union."""

    options: list[tuple[str, str]]
    moving: frozenset[str]


def reroute_choices(case: Case) -> RerouteChoices:
    """The categories that a matter could have instead, with where each leads and from whom it is kept then."""
    others = [each for each in queries.list_reroutes(case) if each.category.code != case.category]
    options = [(each.category.code, _words(case, each)) for each in others]
    return RerouteChoices(options, frozenset(each.category.code for each in others if each.target))


def _words(case: Case, reroute: Reroute) -> str:
    """工伤意外（紧急），改由人民街道总工会办理，以后单位工会看不到."""
    urgent = "（紧急）" if reroute.category.is_urgent else ""
    where = f"改由{reroute.target.name}办理" if reroute.target else f"还由{case.node.name}办理"
    kept = "，以后单位工会看不到" if reroute.hidden_path != case.hidden_path else ""
    return f"{reroute.category.label}{urgent}，{where}{kept}"
