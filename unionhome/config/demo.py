"""The demo city: every room's `demo.py` in turn, from the bottom of the house up, all through actions.

`build` makes what the rooms above rest on; `finish`, where a room has it, comes when all rooms are built.

Deterministic for a size and a day: the same call makes the same city.
"""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import timezone

from unionhome.config.services import CORE, SERVICES
from unionhome.core.access.actions import create_user, grant_role
from unionhome.core.access.clock import now
from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor
from unionhome.core.cases.clocks import Frame, get_frame
from unionhome.core.home.demo_cards import PASSWORD
from unionhome.core.registry import Actor, Refused, rooms
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_root
from unionhome.kit.bulk import made_anew_when_broken

SEED = 610500
TELL_SECONDS = 5
# sign-in name, role, place in memo["nodes"], name, post
ACCOUNTS = (
    ("city", "cadre", "city", "孙维民", "权益保障部干事"),
    ("county", "cadre", "county", "周秀兰", "权益保障部干事"),
    ("town", "cadre", "town", "李静", "维权干事"),
    ("village", "cadre", "village", "冯小满", "工会委员"),
    ("union", "cadre", "union", "陈立业", "工会主席"),
    ("chair", "chair", "city", "卫东升", "常务副主席"),
    ("office", "cadre", "city", "褚文静", "办公室主任"),
    ("county_office", "cadre", "county", "施立新", "办公室主任"),
    ("county_chair", "chair", "county", "曹志明", "常务副主席"),
    ("finance", "finance", "city", "蒋明珠", "财务部会计"),
    ("auditor", "auditor", "city", "沈一清", "经审办干事"),
    ("lawyer", "lawyer", "city", "韩正言", "公职律师"),
    ("sysadmin", "sysadmin", "city", "杨启明", "系统管理员"),
    ("secadmin", "secadmin", "city", "朱守一", "安全管理员"),
    ("auditadmin", "auditadmin", "city", "秦如鉴", "审计管理员"),
)


@dataclass
class World:
    """What a room's demo builds with: size, day, one source of chance, actors, and what the rooms before made."""

    size: str
    today: date
    random: random.Random
    memo: dict[str, Any] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)
    """What is to be let go of at the end, whatever happens."""
    told_at: float = 0.0
    _actors: dict[tuple[int, date], Actor] = field(default_factory=dict)
    _frames: dict[tuple[int, date], Frame] = field(default_factory=dict)

    def tell(self, what: str, done: int, total: int, unit: str) -> None:
        """Say on the console how far a room is, now and then and at the end: 会员 120,000 人，还剩 611,692 人."""
        moment = monotonic()
        if done < total and moment - self.told_at < TELL_SECONDS:
            return
        self.told_at = moment
        _say(f"  {what} {done:,} {unit}" + (f"，还剩 {total - done:,} {unit}" if done < total else ""))

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A local moment some days before the demo's day."""
        day = self.today - timedelta(days=days_ago)
        return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())

    def system(self, at: datetime) -> Actor:
        return Actor.system("demo", at)

    def actor(self, user: User | str, at: datetime) -> Actor:
        """A cadre at the desk, the second factor passed."""
        account = self.memo["users"][user] if isinstance(user, str) else user
        key = account.pk, timezone.localdate(at)
        if key not in self._actors:  # roles hold by the day
            self._actors[key] = get_actor(account, "desk", at, strong=True)
        return replace(self._actors[key], at=at)

    def frame(self, node: Node, at: datetime) -> Frame:
        """The duty hours and the calendar of a union on a day, asked once."""
        key = node.pk, timezone.localdate(at)
        if key not in self._frames:
            self._frames[key] = get_frame(node, at)
        return self._frames[key]

    def worker(self, user: User, at: datetime) -> Actor:
        """A worker on the phone."""
        return get_actor(user, "my", at)


def build(*, size: str, today: date | None) -> int:
    """Fill an empty database. Raises Refused outside a demo, or when the database holds a federation already."""
    if not settings.DEMO:
        raise Refused("demo data only where UNIONHOME_DEMO=1: never beside real people")
    if find_root() is not None:
        raise Refused("this database holds a federation already; the demo wants an empty one")
    world = World(size, today or timezone.localdate(now()), random.Random(SEED))  # noqa: S311  # nosec B311
    titles = {room.name: room.card.title for room in rooms()}
    with made_anew_when_broken(), world.closing:
        steps = list(_steps())
        for place, (name, step) in enumerate(steps, start=1):
            after = "、".join(titles[each] for each, _ in steps[place:])
            _say(
                f"第 {place} 步，共 {len(steps)} 步：{titles[name]}"
                + (f"（后面还有{after}）" if after else "（最后一步）")
            )
            begun = monotonic()
            step(world)
            if name.endswith(".organizations"):
                _open_accounts(world)
            _say(f"  {titles[name]}好了，用了 {monotonic() - begun:.0f} 秒")
    return 0


def _steps() -> Iterator[tuple[str, Callable[[World], None]]]:
    """Each room's `build`, then each room's `finish`."""
    names = [name for name in _building_order() if find_spec(f"{name}.demo") is not None]
    for word in ("build", "finish"):
        for name in names:
            step = getattr(import_module(f"{name}.demo"), word, None)
            if step is not None:
                yield name, step


def _building_order() -> list[str]:
    """Installed rooms from the bottom of the stack up, then the services."""
    installed = {room.name for room in rooms()}
    return [name for name in (*reversed(CORE), *SERVICES) if name in installed]


def _say(line: str) -> None:
    """One line on the console, which is not what the command answers with."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _open_accounts(world: World) -> None:
    """The accounts of `interfaces.md`, and one for every county that has none."""
    system = world.system(world.at(400, 9))
    nodes: dict[str, Node] = world.memo["nodes"]
    users: dict[str, User] = {}
    for username, role, place, name, post in ACCOUNTS:
        users[username] = _open_account(system, username, role, nodes[place], name, post)
    counties = Node.objects.filter(level="county", is_local=True).order_by("path")
    world.memo["county_users"] = {nodes["county"].code: users["county"]}
    for index, county in enumerate(counties.exclude(pk=nodes["county"].pk)):
        name = "赵钱吴郑王褚许何吕施张"[index % 11] + "建华"
        account = _open_account(system, f"c{county.code}", "cadre", county, name, "权益保障部干事")
        world.memo["county_users"][county.code] = account
    world.memo["users"] = users


def _open_account(system: Actor, username: str, role: str, node: Node, name: str, post: str) -> User:
    user = create_user(system, username=username, name=name, node=node, password=PASSWORD, post=post)
    grant_role(system, user, role, node, reason="演示账号")
    return user
