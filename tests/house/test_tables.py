"""Every workflow table as data: reachable, ending, permitted to somebody, and refused to everybody else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from unionhome.core.registry import ROLES, Actor, Forbidden, Grant, Refused, Table, Transition, discover, permissions_of
from unionhome.core.workflow.rules import check_transition

TABLES: tuple[Table, ...] = discover("workflow", "TABLES")
CASES = [pytest.param(table, each, id=f"{table.name}.{each.verb}") for table in TABLES for each in table.transitions]
FULL: dict[str, Any] = {"arrived": True, "helped": True, "measured": True}


def holder(role: str, door: str, world_at: Any) -> Actor:
    grants = (Grant(role, 1, "0000", permissions_of(role)),) if role else ()
    return Actor(at=world_at, door=door, user_id=1, grants=grants)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_can_be_reached_and_ends_are_ends(table: Table) -> None:
    reached = {table.initial}
    while more := {t.target for t in table.transitions if set(t.sources) & reached} - reached:
        reached |= more
    assert reached == set(table.by_name)
    ends = {state.name for state in table.states if state.is_end}
    assert ends, "a table without an end"
    for transition in table.transitions:
        assert not set(transition.sources) & ends, transition.verb


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_state_is_a_trap(table: Table) -> None:
    """From every state that is no end, some way leads to an end."""
    safe = {state.name for state in table.states if state.is_end}
    while more := {s for t in table.transitions if t.target in safe for s in t.sources} - safe:
        safe |= more
    assert safe == set(table.by_name)


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_it_moves_from_its_sources_only(table: Table, transition: Transition, world_at: Any) -> None:
    actor = Actor.system("test", world_at)
    for state in table.by_name:
        if state in transition.sources:
            continue
        with pytest.raises(Refused) as refusal:
            check_transition(actor, transition, state, "0000", FULL, table)
        assert refusal.value.code == "wrong-state"


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_it_is_permitted_to_some_role_and_forbidden_to_the_others(
    table: Table, transition: Transition, world_at: Any
) -> None:
    if not transition.permission:
        assert set(transition.doors) <= {"my", "open", "system"}, "a desk step without a permission"
        return
    able = {role for role in ROLES if transition.permission in permissions_of(role)}
    assert able, f"{transition.permission} is given to no role"
    for role in ROLES:
        actor = holder(role, transition.doors[0], world_at)
        if role in able:
            _not_forbidden(actor, transition, table)
        else:
            with pytest.raises(Forbidden):
                check_transition(actor, transition, transition.sources[0], "0000", FULL, table)


def _not_forbidden(actor: Actor, transition: Transition, table: Table) -> None:
    """Permitted, or refused by the guard: never forbidden."""
    code = ""
    try:
        check_transition(actor, transition, transition.sources[0], "0000", FULL, table)
    except Refused as refusal:
        code = refusal.code
    assert not code or code.startswith("guard-")


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_another_door_is_forbidden(table: Table, transition: Transition, world_at: Any) -> None:
    for door in {"my", "open", "desk", "api"} - set(transition.doors):
        with pytest.raises(Forbidden):
            check_transition(holder("cadre", door, world_at), transition, transition.sources[0], "0000", FULL, table)


def test_proposing_an_outcome_is_guarded(world_at: Any) -> None:
    """The guard that keeps a need from being closed before anybody rang the worker."""
    table = next(table for table in TABLES if table.name == "helpdesk.need")
    actor = holder("cadre", "desk", world_at)
    for facts, words in (({}, "联系上本人"), ({"arrived": True}, "登记一项措施")):
        with pytest.raises(Refused, match=words):
            check_transition(actor, table.transition("propose"), "handling", "0000", facts, table)


@pytest.fixture
def world_at() -> Any:
    return datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
