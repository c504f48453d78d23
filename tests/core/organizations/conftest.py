"""A small tree of this room's own: one city, two counties, a few towns and villages, and cadres at each level."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.core.organizations.small_city import AT, ROWS, register_unions
from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Organization
from unionhome.core.registry import Actor, Grant, permissions_of
from unionhome.core.tree.models import Node


@pytest.fixture(autouse=True)
def open_years(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts may be dated back as far as a test likes; those about closed years ask for `closed_years`."""
    if "closed_years" not in request.fixturenames:
        monkeypatch.setattr("unionhome.core.organizations.actions.days._first_open_day", lambda actor: date.min)


@pytest.fixture
def closed_years() -> None:
    """Which days an act may name is asked of the policy, as it is outside of tests."""


@pytest.fixture
def system() -> Actor:
    return Actor.system("tests", AT)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    path = tmp_path / "divisions.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def tree(db: None, system: Actor, edition: Path) -> dict[str, Node]:
    """The federations of the small city, by code."""
    actions.load_divisions(system, edition, 2023)
    actions.found_division_unions(system, "610500", founded_on=date(2015, 1, 1))
    return {node.code: node for node in Node.objects.all()}


@pytest.fixture
def cadre(tree: dict[str, Node]) -> Callable[..., Actor]:
    """An actor with a role on the branch of a node."""

    def make(code: str, role: str = "cadre") -> Actor:
        node = Node.objects.get(code=code)
        grant = Grant(role, node.pk, node.path, permissions_of(role))
        return Actor(
            at=AT,
            door="desk",
            user_id=1,
            name="王示例",
            node_id=node.pk,
            node_name=node.name,
            node_path=node.path,
            grants=(grant,),
        )

    return make


@pytest.fixture
def facts() -> Callable[..., actions.UnionFacts]:
    """Facts of an enterprise union, any of them replaced."""

    def make(**given: object) -> actions.UnionFacts:
        values: dict[str, object] = {
            "name": "渭南示例速运有限公司工会",
            "form": "single",
            "division_code": "610502001001",
            "founded_on": date(2020, 3, 1),
            **given,
        }
        return actions.UnionFacts(**values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def employer() -> Callable[..., actions.EmployerFacts]:
    """Facts of an employer, any of them replaced."""

    def make(**given: object) -> actions.EmployerFacts:
        values: dict[str, object] = {
            "name": "渭南示例速运有限公司",
            "division_code": "610502001001",
            "uscc": "91350100M000100Y43",
            **given,
        }
        return actions.EmployerFacts(**values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def union(
    cadre: Callable[..., Actor],
    facts: Callable[..., actions.UnionFacts],
    employer: Callable[..., actions.EmployerFacts],
) -> Organization:
    """One enterprise union under the town 610502001."""
    return actions.found_union(cadre("610502"), parent_code="610502001", facts=facts(), employer=employer())


@pytest.fixture
def org_world(world: World, edition: Path) -> World:
    """The house's world with its unions registered."""
    return register_unions(world, edition)
