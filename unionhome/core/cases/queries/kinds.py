"""The kinds of case that services registered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries.handovers import list_handover_dues
from unionhome.core.cases.queries.terms import list_term_dues
from unionhome.core.cases.rules import CaseKind, Category, Led
from unionhome.core.registry import Actor, NotFound, discover, resolve


def list_kinds() -> tuple[CaseKind, ...]:
    """Every kind that a service registered."""
    return discover("workflow", "CASE_KINDS")


def get_kind(code: str) -> CaseKind:
    """The registered kind. Raises NotFound."""
    kind = next((kind for kind in list_kinds() if kind.code == code), None)
    if kind is None:
        raise NotFound()
    return kind


def list_journal_kinds(*verbs: str) -> tuple[str, ...]:
    """The journal kinds of acts by these verbs on cases of every kind: helpdesk.need.opened."""
    return tuple(f"{kind.table.name}.{verb}" for kind in list_kinds() for verb in verbs)


def list_categories(kind: str = "") -> list[Category]:
    """The categories of a kind, or of every one, in order."""
    return [category for each in list_kinds() if kind in ("", each.code) for category in each.categories]


def states_in(phase: str) -> list[str]:
    """Names of the states of every kind that stand in a phase."""
    return sorted({state.name for kind in list_kinds() for state in kind.table.states if state.phase == phase})


def get_nav(kind: str) -> str:
    """The entry of the navigation under which pages of a kind stand; empty for that of all cases, or no kind."""
    return next((each.nav for each in list_kinds() if each.code == kind), "")


def get_own_facts(actor: Actor, case: Case) -> dict[str, Any]:
    """What the guards of the case's own kind look at."""
    path = get_kind(case.kind).facts
    return dict(resolve(path)(actor, case)) if path else {}


def list_dues(cases: Iterable[Case]) -> dict[int, datetime]:
    """When cases are due by something that is no clock, by id: the kind's own moment, an answer from outside of the
    union, or else the first of its terms. Two questions for all of the usual kinds, one for each other."""
    ids: dict[str, list[int]] = {}
    for case in cases:
        ids.setdefault(case.kind, []).append(case.pk)
    found: dict[int, datetime] = {}
    usual: list[int] = []
    for code, pks in ids.items():
        path = get_kind(code).dues
        if path:
            found |= resolve(path)(pks)
        else:
            usual += pks
    return found | (list_term_dues(usual) | list_handover_dues(usual) if usual else {})


def find_led(case: Case) -> Led | None:
    """What leads a case, by the rule of its kind. The caller has scoped the case."""
    path = get_kind(case.kind).led_by
    if path:
        found: Led | None = resolve(path)(case)
        return found
    return Led(case.leader_id) if case.leader_id else None


def list_told_with(case: Case) -> list[Case]:
    """The cases whose applicants are told with it how a case ended."""
    path = get_kind(case.kind).told_with
    return list(resolve(path)(case)) if path else []


def get_panel(actor: Actor, case: Case, base_url: str) -> tuple[str, dict[str, Any]] | None:
    """The kind's own part of the page of a case; `base_url` is the page's address. The caller has scoped the case."""
    path = get_kind(case.kind).panel
    return resolve(path)(actor, case, base_url) if path else None
