"""A small tree of its own: two counties, a town with a village and an enterprise union."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.core.records.samples import make_person
from unionhome.core.members.models import Person
from unionhome.core.registry import Actor, Grant
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2021, 11, 24, 10, 20, tzinfo=ZONE)
DAY = date(2021, 6, 1)
KINDS = {"tests.visit": "走访", "tests.grant": "补助"}


@dataclass(frozen=True)
class Tree:
    city: Node
    east: Node
    west: Node
    town: Node
    village: Node
    union: Node


@pytest.fixture
def tree(db: None) -> Tree:
    actor = Actor.system("test", NOW)
    start = date(2015, 1, 1)
    rows = (
        ("610500", "示例市总工会", "city", ""),
        ("610502", "东县总工会", "county", "610500"),
        ("610503", "西县总工会", "county", "610500"),
        ("610502001", "东一镇总工会", "town", "610502"),
        ("610502001001", "东一村工会", "village", "610502001"),
    )
    news = [NewNode(code, name, level, parent, start, is_local=True) for code, name, level, parent in rows]
    news.append(NewNode("610502001-Q0001", "示例公司工会", "grassroots", "610502001", start))
    return Tree(*add_in_order(actor, news))


def add_in_order(actor: Actor, news: list[NewNode]) -> list[Node]:
    made = {node.code: node for node in add_nodes(actor, news)}
    return [made[new.code] for new in news]


@pytest.fixture
def system() -> Actor:
    return Actor.system("test", NOW)


@pytest.fixture
def person(tree: Tree) -> Person:
    return make_person(tree.union, "王建国")


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionhome.core.records.actions.writing.get_service_labels", lambda: KINDS)


def cadre(node: Node, *permissions: str) -> Actor:
    """A cadre with the permissions on the branch of one union."""
    grant = Grant("cadre", node.pk, node.path, frozenset(permissions or ("records.view",)))
    return Actor(at=NOW, door="desk", user_id=None, name="陈立", node_id=node.pk, node_name=node.name, grants=(grant,))
