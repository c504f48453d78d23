"""The kinds of case that services registered."""

from unionhome.core.cases.rules import CaseKind, Category
from unionhome.core.registry import NotFound, discover


def _list_kinds() -> tuple[CaseKind, ...]:
    """Every kind that a service registered."""
    return discover("workflow", "CASE_KINDS")


def get_kind(code: str) -> CaseKind:
    """The registered kind. Raises NotFound."""
    kind = next((kind for kind in _list_kinds() if kind.code == code), None)
    if kind is None:
        raise NotFound()
    return kind


def list_journal_kinds(*verbs: str) -> tuple[str, ...]:
    """The journal kinds of acts by these verbs on cases of every kind: helpdesk.need.opened."""
    return tuple(f"{kind.table.name}.{verb}" for kind in _list_kinds() for verb in verbs)


def list_categories() -> list[Category]:
    """The categories of every kind, in order."""
    return [category for kind in _list_kinds() for category in kind.categories]


def states_in(phase: str) -> list[str]:
    """Names of the states of every kind that stand in a phase."""
    return sorted({state.name for kind in _list_kinds() for state in kind.table.states if state.phase == phase})
