"""What every room's card promises: words people can read, names that lead somewhere, rights that are used."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.house.addresses import addresses
from unionhome.config.services import CORE, SERVICES
from unionhome.core.jobs.backend import LeaseTask
from unionhome.core.registry import ROLES, Room, Table, all_permissions, discover, permissions_of, resolve, rooms

ROOT = Path(__file__).parents[2]
ICONS = set((ROOT / "unionhome/kit/icons.txt").read_text(encoding="utf-8").split())
ROOMS = list(rooms())
each_room = pytest.mark.parametrize("room", ROOMS, ids=[room.label for room in ROOMS])
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOORS = {"desk", "my", "open", "api"}


def folder(room: Room) -> Path:
    return ROOT / room.name.replace(".", "/")


def test_every_listed_room_is_there_and_every_folder_is_listed() -> None:
    there = {room.name for room in ROOMS}
    folders = {
        f"unionhome.{kind}.{path.parent.name}"
        for kind in ("core", "services")
        for path in (ROOT / "unionhome" / kind).glob("*/apps.py")
    }
    assert folders == there, "a room is one folder and one line in config/services.py"
    assert there <= {*CORE, *SERVICES}


@each_room
def test_a_room_introduces_itself(room: Room) -> None:
    card = room.card
    assert CHINESE.search(card.title), f"{room.label}: the card's title is read by people"
    assert card.icon in ICONS, f"{room.label}: icon {card.icon} is not in kit/icons.txt"
    assert set(card.doors) <= DOORS
    readme = folder(room) / "README.md"
    assert readme.exists() and len(readme.read_text(encoding="utf-8")) > 200, f"{room.label}: write README.md"


@each_room
def test_a_room_names_the_doors_it_has(room: Room) -> None:
    has = {each.door.name for each in addresses() if each.door and each.name.split(":")[0] == room.label}
    assert has <= set(room.card.doors), (
        f"{room.label}: its card leaves out the doors {sorted(has - set(room.card.doors))}"
    )


@each_room
def test_background_work_has_a_name_people_read(room: Room) -> None:
    for schedule in room.card.schedules:
        assert CHINESE.search(schedule.label), f"{schedule.name}: say on the card what it does"
    for name, task in list_tasks(room):
        assert CHINESE.search(task.label), f"{name}: give the task a label"


def list_tasks(room: Room) -> list[tuple[str, Any]]:
    """The tasks of a room's jobs.py, by name."""
    if not (folder(room) / "jobs.py").exists():
        return []
    module = import_module(f"{room.name}.jobs")
    return [(name, value) for name, value in vars(module).items() if isinstance(value, LeaseTask)]


@each_room
def test_navigation_leads_somewhere(room: Room) -> None:
    for nav in room.card.nav:
        reverse(nav.url_name)
        assert CHINESE.search(nav.label) and nav.icon in ICONS and nav.door in DOORS
        address = next(each for each in addresses() if each.name == nav.url_name)
        assert address.door is not None
        assert nav.door == address.door.name or address.door.name == "open", f"{nav.label} stands in the wrong shell"
        assert nav.permission == address.door.permission, f"{nav.label} is shown to others than may open it"


@each_room
def test_permissions_have_names_and_labels(room: Room) -> None:
    for permission in room.card.permissions:
        assert re.fullmatch(rf"{room.label}\.[a-z_]+", permission.name), f"{permission.name}: <app>.<verb>"
        assert CHINESE.search(permission.label), f"{permission.name}: its label is read by people"


def test_permissions_are_declared_once() -> None:
    names = [permission.name for room in ROOMS for permission in room.card.permissions]
    assert len(names) == len(set(names))
    labels = [permission.label for room in ROOMS for permission in room.card.permissions]
    assert len(labels) == len(set(labels)), "two permissions of one label cannot be told apart"


@each_room
def test_roles_get_declared_permissions(room: Room) -> None:
    assert set(room.card.roles) <= ROLES.keys()
    for names in room.card.roles.values():
        assert set(names) <= all_permissions().keys()


def test_every_permission_is_held_by_some_role() -> None:
    held = frozenset().union(*(permissions_of(role) for role in ROLES))
    assert not all_permissions().keys() - held, "nobody could ever do this"


@cache
def texts_of_code() -> frozenset[str]:
    """Every text in the code of the rooms, but for their cards."""
    found: set[str] = set()
    for room in ROOMS:
        for path in folder(room).rglob("*.py"):
            if path.name != "apps.py" and "migrations" not in path.parts:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found.update(
                    each.value
                    for each in ast.walk(tree)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )
    return frozenset(found)


def test_every_permission_opens_something() -> None:
    doors = {each.door.permission for each in addresses() if each.door}
    tables: tuple[Table, ...] = discover("workflow", "TABLES")
    moves = {transition.permission for table in tables for transition in table.transitions}
    unused = all_permissions().keys() - doors - moves - texts_of_code()
    assert not unused, f"asked for by no door, transition, action or query: {sorted(unused)}"


def test_what_doors_and_transitions_ask_for_is_declared() -> None:
    asked = {each.door.permission for each in addresses() if each.door and each.door.permission}
    tables: tuple[Table, ...] = discover("workflow", "TABLES")
    asked |= {transition.permission for table in tables for transition in table.transitions if transition.permission}
    assert asked <= all_permissions().keys()


def is_plain(value: Any) -> bool:
    return isinstance(value, str | int | bool | list | dict) and not isinstance(value, float)


@each_room
def test_policies_say_what_they_are(room: Room) -> None:
    for policy in room.card.policies:
        assert policy.key.startswith(f"{room.label}."), policy.key
        assert CHINESE.search(policy.label) and policy.unit and CHINESE.search(policy.source), (
            f"{policy.key}: label, unit, source"
        )
        assert is_plain(policy.value), f"{policy.key}: a value is JSON, without fractions"


def test_policies_are_declared_once() -> None:
    keys = [policy.key for room in ROOMS for policy in room.card.policies]
    assert len(keys) == len(set(keys))


@each_room
def test_panels_and_schedules_lead_to_functions(room: Room) -> None:
    for panel in room.card.panels:
        assert callable(resolve(panel.render)), panel.render
        assert not panel.permission or panel.permission in all_permissions()
    for schedule in room.card.schedules:
        assert callable(resolve(schedule.task)) and schedule.every_seconds > 0, schedule.name
        assert schedule.name.startswith(f"{room.label}."), schedule.name


def test_panels_stand_on_pages_that_have_their_slot() -> None:
    slots = {panel.slot for room in ROOMS for panel in room.card.panels}
    assert slots <= texts_of_code(), f"no page has a slot {sorted(slots - texts_of_code())}"


def test_handlers_lead_to_functions() -> None:
    for handler in discover("handlers", "HANDLERS"):
        assert callable(resolve(handler.task)), handler.task
        assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+\.[a-z_]+", kind) for kind in handler.kinds), handler.kinds
