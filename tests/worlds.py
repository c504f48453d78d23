"""A small federation to test in: a tree of unions, an account for every role, actors and signed-in clients.

The clock stands still at `world.at` (a working Tuesday) for actors and for requests; `world.wait(...)` moves it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from unionhome.core.access import clock
from unionhome.core.access import queries as access_queries
from unionhome.core.access.models import RoleGrant, SignIn, User
from unionhome.core.access.rules import PHONE_FIELD
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node
from unionhome.kit import crypto

PASSWORD = "Unionhome-test-1"
START = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OPENED = date(2015, 1, 1)
WORKER_PHONE, OUTSIDER_PHONE = "19900000001", "19900000002"

# name in the tests, code, name, level, parent's code, federation of a division
NODES = (
    ("city", "610500", "渭南市总工会", "city", "", True),
    ("county", "610502", "临渭区总工会", "county", "610500", True),
    ("other_county", "610503", "华州区总工会", "county", "610500", True),
    ("town", "610502001", "人民街道总工会", "town", "610502", True),
    ("other_town", "610502002", "杜桥街道总工会", "town", "610502", True),
    ("far_town", "610503001", "华州街道总工会", "town", "610503", True),
    ("village", "610502001001", "园里堡社区工会", "village", "610502001", True),
    ("other_village", "610502001002", "南塘社区工会", "village", "610502001", True),
    ("union", "610502001-Q0001", "渭南示例速运有限公司工会", "grassroots", "610502001", False),
    ("other_union", "610502002-Q0001", "渭南示例机械有限公司工会", "grassroots", "610502002", False),
)

# name in the tests (and sign-in name), role, union, name, post
CADRES = (
    ("city", "cadre", "city", "孙城", "权益保障部"),
    ("county", "cadre", "county", "周县", "权益保障部"),
    ("other_county", "cadre", "other_county", "吴华", "权益保障部"),
    ("town", "cadre", "town", "郑镇", "工会干事"),
    ("other_town", "cadre", "other_town", "王桥", "工会干事"),
    ("village", "cadre", "village", "冯村", "工会小组长"),
    ("union", "cadre", "union", "陈企", "工会主席"),
    ("other_union", "cadre", "other_union", "褚械", "工会主席"),
    ("chair", "chair", "city", "卫主席", "常务副主席"),
    ("finance", "finance", "city", "蒋财", "财务部"),
    ("auditor", "auditor", "city", "沈审", "经审办"),
    ("lawyer", "lawyer", "city", "韩律", "律师"),
    ("sysadmin", "sysadmin", "city", "杨系统", "系统管理员"),
    ("secadmin", "secadmin", "city", "朱安全", "安全管理员"),
    ("auditadmin", "auditadmin", "city", "秦审计", "审计管理员"),
)
WORKERS = (("worker", "何工", WORKER_PHONE), ("outsider", "吕外", OUTSIDER_PHONE))


@dataclass
class World:
    """Nodes and accounts by name, and the moment at which everything happens."""

    at: datetime = START
    nodes: dict[str, Node] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.date()

    def wait(self, **span: float) -> datetime:
        """Let time pass: `wait(hours=2)`."""
        self.at += timedelta(**span)
        return self.at

    def actor(self, name: str, *, strong: bool = True, at: datetime | None = None, door: str = "") -> Actor:
        """The actor of an account, fresh from the tables; the second factor passed unless told otherwise.

        "system" is the product itself and "public" a visitor.
        """
        moment = at or self.at
        if name == "system":
            return Actor.system("test", moment)
        if name == "public":
            return Actor.public(moment)
        user = User.objects.select_related("node").get(pk=self.users[name].pk)
        return access_queries.get_actor(user, door or self._door(name), moment, request_id="test", strong=strong)

    def client(self, name: str = "public", *, strong: bool = True, **extra: Any) -> Client:
        """A browser signed in as that account."""
        client = Client(**extra)
        if name == "public":
            return client
        session = SessionStore()
        session.create()
        SignIn.objects.create(
            user=self.users[name],
            session_index=crypto.blind(session.session_key or "", field="access.sign_in"),
            door=self._door(name),
            device="测试",
            started_at=self.at,
            seen_at=self.at,
            strong_at=self.at if strong else None,
        )
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    def grant(self, name: str, role: str, node: str) -> RoleGrant:
        """Give an account one more role, without the rules of the action."""
        return RoleGrant.objects.create(
            user=self.users[name], role=role, node=self.nodes[node], starts_on=self.today - timedelta(days=30)
        )

    def cadre(self, name: str, node: str, role: str = "cadre") -> User:
        """One more account with a role."""
        user = User.objects.create(
            username=name, name=name, node=self.nodes[node], password=make_password(PASSWORD), password_set_at=self.at
        )
        self.users[name] = user
        self.grant(name, role, node)
        return user

    @staticmethod
    def _door(name: str) -> str:
        return "my" if name in {worker[0] for worker in WORKERS} else "desk"


def build_world() -> World:
    """Lay the tree and the accounts with a handful of inserts."""
    world = World()
    system = Actor.system("test", world.at)
    news = [NewNode(code, name, level, parent, OPENED, local) for _, code, name, level, parent, local in NODES]
    by_code = {node.code: node for node in add_nodes(system, news)}
    world.nodes = {key: by_code[code] for key, code, *_ in NODES}
    password = make_password(PASSWORD)
    cadres = User.objects.bulk_create(
        User(username=key, name=name, post=post, node=world.nodes[node], password=password, password_set_at=world.at)
        for key, _, node, name, post in CADRES
    )
    workers = User.objects.bulk_create(
        User(
            name=name,
            password=make_password(None),
            phone_sealed=crypto.seal(phone, field=PHONE_FIELD),
            phone_index=crypto.blind(phone, field=PHONE_FIELD),
        )
        for _, name, phone in WORKERS
    )
    world.users = {key: user for (key, *_), user in zip((*CADRES, *WORKERS), (*cadres, *workers), strict=True)}
    RoleGrant.objects.bulk_create(
        RoleGrant(user=world.users[key], role=role, node=world.nodes[node], starts_on=world.today - timedelta(days=365))
        for key, role, node, _, _ in CADRES
    )
    return world


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The federation, with the clock of requests, jobs and commands standing at `world.at`."""
    built = build_world()
    monkeypatch.setattr(clock, "now", lambda: built.at)
    return built


@pytest.fixture
def actor(world: World) -> Callable[..., Actor]:
    """`actor("town")`."""
    return world.actor


@pytest.fixture
def client_for(world: World) -> Callable[..., Client]:
    """`client_for("town")`."""
    return world.client


__all__ = ["PASSWORD", "World", "actor", "build_world", "client_for", "world"]
