"""Every workflow table: its shape, and every transition × every state × every role through the real `move`."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from tests.house import goldens
from tests.house.visits import undone
from tests.samples import Lot, build_samples
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.registry import (
    ROLES,
    Actor,
    Forbidden,
    Refused,
    State,
    Table,
    Transition,
    all_permissions,
    discover,
    permissions_of,
)
from unionhome.core.workflow.actions import ItemFacts, move
from unionhome.core.workflow.models import Step, WorkItem

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("workflows")]
TABLES: tuple[Table, ...] = discover("workflow", "TABLES")
each_table = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
ACTORS = (*ROLES, "cadre elsewhere", "worker", "public", "system")
PHASES = ("new", "working", "waiting", "closed")
ROWS: dict[str, Callable[[Lot], Any]] = {
    "cases.case": lambda lot: lot.case,
    "members.application": lambda lot: lot.application,
    "members.leaving": lambda lot: lot.leaving,
    "members.correction": lambda lot: lot.correction,
    "cases.massmatter": lambda lot: lot.late.mass,
    "cases.escalationrule": lambda lot: lot.late.rule,
    "organizations.dissolution": lambda lot: lot.dissolution,
    "members.nationalimport": lambda lot: lot.alike.national,
    "members.rosterimport": lambda lot: lot.roster,
    "organizations.founding": lambda lot: lot.founding,
    "organizations.unionsheet": lambda lot: lot.sheet,
    "helpdesk.hotlinesheet": lambda lot: lot.hotline.sheet,
    "organizations.reelection": lambda lot: lot.reelection,
    "papers.paper": lambda lot: lot.paper,
    "figures.publication": lambda lot: lot.publication,
    "members.transfer": lambda lot: lot.transfer,
    "members.expulsion": lambda lot: lot.expulsion,
    "deeds.deed": lambda lot: lot.kept.deed,
    "ledger.reversal": lambda lot: lot.money.reversal,
    "decisions.item": lambda lot: lot.council.item,
    "decisions.meeting": lambda lot: lot.council.meeting,
    "publicity.notice": lambda lot: lot.shown.notice,
    "publicity.objection": lambda lot: lot.shown.objection,
}
"""The sample row of a table's model."""


class Some(int):
    """A fact that is there: true, greater than nothing, and shown as a word."""

    def __str__(self) -> str:
        return "甲"

    def __format__(self, spec: str) -> str:
        return "甲"


class Facts(Mapping[str, Any]):
    """Facts that answer every key, and remember which were asked for."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.given = dict(given or {})
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return self.given.get(key, Some(0))

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)


def find_facts(transition: Transition) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Facts under which the guard lets pass, and for each of its sentences facts under which it says it."""
    if transition.guard is None:
        return {}, {}
    keys: set[str] = set()
    while True:
        passing: dict[str, Any] | None = None
        saying: dict[str, dict[str, Any]] = {}
        asked: set[str] = set()
        for values in product((Some(0), Some(1)), repeat=len(keys)):
            facts = Facts(dict(zip(sorted(keys), values, strict=True)))
            sentence = transition.guard(facts)
            asked |= facts.asked
            if sentence is None:
                passing = facts.given if passing is None else passing
            else:
                saying.setdefault(sentence, facts.given)
        if asked <= keys:
            assert passing is not None, f"the guard of {transition.verb} never lets anybody pass"
            return passing, saying
        keys |= asked


@each_table
def test_a_table_is_whole(table: Table) -> None:
    names = [state.name for state in table.states]
    assert len(names) == len(set(names)), "two states of one name"
    verbs = [transition.verb for transition in table.transitions]
    assert len(verbs) == len(set(verbs)), "two transitions of one verb"
    assert table.initial in names
    for transition in table.transitions:
        assert {*transition.sources, transition.target} <= set(names), f"{transition.verb} names an unknown state"
        assert transition.sources and transition.doors, transition.verb
        assert set(transition.another_person) <= {"open", *verbs, *table.notes}, (
            f"{transition.verb}: another person than whom?"
        )
        assert not transition.permission or transition.permission in all_permissions()
        assert transition.permission or not {"desk", "api"} & set(transition.doors), (
            f"{transition.verb}: whoever acts at a desk needs a permission"
        )
    for state in table.states:
        assert state.phase in PHASES and state.label, state.name


@each_table
def test_every_state_is_reached(table: Table) -> None:
    reached = {table.initial}
    while True:
        more = {each.target for each in table.transitions if reached & set(each.sources)} - reached
        if not more:
            break
        reached |= more
    lost = {state.name for state in table.states} - reached
    assert not lost, f"no way leads to {sorted(lost)}"


@each_table
def test_an_end_is_an_end(table: Table) -> None:
    """No way leads out of an end; a state that is no end has a way out."""
    for state in table.states:
        out = [each for each in table.transitions if state.name in each.sources]
        if state.is_end:
            assert not out, f"{state.name} is an end, and {[each.verb for each in out]} lead out"
        else:
            assert any(each.target != state.name for each in out), f"{state.name} is a dead end and does not say so"
            assert state.next_step or state.phase == "waiting", f"{state.name}: what is to be done next?"


@each_table
def test_every_guard_can_refuse_and_let_pass(table: Table) -> None:
    for transition in table.transitions:
        if transition.guard is not None:
            _, saying = find_facts(transition)
            assert saying, f"the guard of {transition.verb} never refuses"
            for sentence in saying:
                assert sentence.endswith(("。", "？")), f"{transition.verb}: a sentence for people: {sentence}"


def expected(table: Table, transition: Transition, state: State, name: str) -> type[Refused] | None:
    """What the table says: None where the transition is open to the actor in the state, guard and reason aside."""
    if state.name not in transition.sources:
        return Refused
    if name == "system":
        return None
    door = {"worker": "my", "public": "open"}.get(name, "desk")
    if door not in transition.doors:
        return Forbidden
    if transition.permission and (name not in ROLES or transition.permission not in permissions_of(name)):
        return Forbidden
    if transition.permission and ROLES[name].shares_only:
        return Forbidden  # nothing was shared with the specialist of the matrix
    return None


def actor_of(world: World, name: str) -> Actor:
    """The actor of a role on the branch of the sample rows; "cadre elsewhere" is a neighbour."""
    if name in ("system", "public", "worker"):
        return world.actor(name)
    user = f"{name} of the matrix"
    world.cadre(user, "other_town" if name == "cadre elsewhere" else "town", name.split()[0])
    return world.actor(user)


@pytest.fixture(scope="module")
def cast(town: Lot, empty_world: World) -> dict[str, Actor]:
    """Everybody who tries."""
    return {name: actor_of(empty_world, name) for name in ACTORS}


def attempt(actor: Actor, table: Table, row: Any, verb: str, facts: Mapping[str, Any], reason: str) -> Refused | None:
    """Try one transition, undone: the refusal, or None where it happened with all that belongs to it."""
    transition = table.transition(verb)
    item = ItemFacts(node=row.node, title="样例", url="/desk/", kind_label="样例", icon="route")
    counted = Step.objects.count(), Entry.objects.count()
    with undone():
        try:
            move(actor, table, row, verb, item=item, facts=facts, reason=reason)
        except Refused as refusal:
            assert (Step.objects.count(), Entry.objects.count()) == counted, "what was refused left something behind"
            return refusal
        row.refresh_from_db()
        assert row.state == transition.target
        step = Step.objects.latest("pk")
        assert (step.verb, step.to_state, step.reason) == (verb, transition.target, reason)
        entry = Entry.objects.latest("pk")
        assert entry.kind == f"{table.name}.{transition.journal_verb}"
        waits = WorkItem.objects.filter(model=table.model.lower(), object_id=row.pk, closed_at__isnull=True).count()
        assert waits == (0 if table.state(transition.target).is_end else 1)
        return None


CASES = [
    pytest.param(table, transition, id=f"{table.name}.{transition.verb}")
    for table in TABLES
    for transition in table.transitions
]


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_who_may_when(table: Table, transition: Transition, town: Lot, cast: dict[str, Actor]) -> None:
    """Allowed exactly where the table says so, for every state and every role."""
    row = row_of(table, town)
    passing, _ = find_facts(transition)
    wrong = []
    for state in table.states:
        type(row).objects.filter(pk=row.pk).update(state=state.name)
        for name in ACTORS:
            row.refresh_from_db()
            refusal = attempt(cast[name], table, row, transition.verb, passing, "样例原因")
            wanted = expected(table, transition, state, name)
            if type(refusal) is not (wanted or type(None)):
                wrong.append(f"{name} in {state.name}: {refusal!r}, not {wanted}")
            elif wanted is Refused:
                assert refusal is not None and refusal.code == "wrong-state"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_guards_and_reasons(table: Table, transition: Transition, town: Lot, cast: dict[str, Actor]) -> None:
    """A guard says its own sentence, and where a reason is wanted an empty one is refused at its field."""
    row = row_of(table, town)
    type(row).objects.filter(pk=row.pk).update(state=transition.sources[0])
    row.refresh_from_db()
    passing, saying = find_facts(transition)
    system = cast["system"]
    for sentence, facts in saying.items():
        refusal = attempt(system, table, row, transition.verb, facts, "样例原因")
        assert refusal is not None and refusal.sentence == sentence
        assert refusal.code == f"guard-{transition.verb.replace('_', '-')}"
    for reason in ("", "  \n"):
        refusal = attempt(system, table, row, transition.verb, passing, reason) if transition.needs_reason else None
        if transition.needs_reason:
            assert refusal is not None and "reason" in refusal.fields


@pytest.mark.parametrize(("table", "transition"), CASES)
def test_a_repeat_changes_nothing(table: Table, transition: Transition, town: Lot, cast: dict[str, Actor]) -> None:
    """The same submit key again returns the same step, also where the state has moved on."""
    row = row_of(table, town)
    type(row).objects.filter(pk=row.pk).update(state=transition.sources[0])
    row.refresh_from_db()
    item = ItemFacts(node=row.node, title="样例", url="/desk/", kind_label="样例", icon="route")
    passing, _ = find_facts(transition)
    steps = [
        move(
            cast["system"], table, row, transition.verb, item=item, facts=passing, reason="样例原因",
            submit_key="5" * 32,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert steps[0].pk == steps[1].pk
    assert Step.objects.filter(submit_key="5" * 32).count() == 1


@pytest.fixture(scope="module")
def town(empty_world: World) -> Iterator[Lot]:
    with undone():
        yield build_samples(empty_world, ("town",)).at("town")


def row_of(table: Table, lot: Lot) -> Any:
    assert table.model.lower() in ROWS, f"add the sample row of {table.model} to ROWS of tests/house/test_workflows.py"
    row = ROWS[table.model.lower()](lot)
    row.refresh_from_db()
    return row


def describe(table: Table) -> dict[str, Any]:
    """The table in the words of a review: who may move what where, and what holds it back."""
    return {
        "title": table.title,
        "model": table.model,
        "states": {
            state.name: f"{state.label}，{state.phase}" + ("，开始" if state.name == table.initial else "")
            for state in table.states
        },
        "transitions": {each.verb: describe_transition(each) for each in table.transitions},
    }


def describe_transition(transition: Transition) -> dict[str, Any]:
    _, saying = find_facts(transition)
    roles = [role for role in ROLES if transition.permission and transition.permission in permissions_of(role)]
    return {
        "label": transition.label,
        "from": " ".join(transition.sources),
        "to": transition.target,
        "doors": " ".join(transition.doors),
        "permission": transition.permission,
        "roles": " ".join(roles),
        "needs reason": transition.needs_reason,
        "held back by": sorted(saying),
        "journal": transition.journal_verb,
        **({"another person than": " ".join(transition.another_person)} if transition.another_person else {}),
    }


def test_the_tables_are_the_golden_ones() -> None:
    goldens.check_json("workflows.json", {table.name: describe(table) for table in TABLES})
