"""Every address × every role × own, sibling's and parent's objects, against golden/doors.csv: one line an address.

What a page looks like is no question here: only READERS have theirs drawn, to see that they can be drawn at all.

The whole table is tried with SQLite. With PostgreSQL, which can differ in what lies behind a door and not in whom a door
lets in, two knock at each: see `knocking`.

A new address fails with the line to review; `make golden` writes it.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache

import pytest
from django.db import connection

from tests.house import goldens
from tests.house.addresses import ADVICE, Address, addresses, walk
from tests.house.visits import ARGUMENTS, COLUMNS, ROLES, Visitor, keys_of, query_of, unrendered
from unionhome.core.registry import all_permissions

pytestmark = [pytest.mark.xdist_group("doors")]
GOLDEN = "doors.csv"
FACTS = ("name", "path", "door", "permission", "strong", "methods")
READERS = {"desk": "city", "my": "worker", "open": "public", "api": "city"}
"""Who has the pages behind a door drawn."""
ALL = addresses()
each_address = pytest.mark.parametrize("address", ALL, ids=[f"{each.name}" for each in ALL])
lines: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module", autouse=True)
def _keep_lines() -> Iterator[None]:
    yield
    if goldens.is_writing() and len(lines) == len(ALL) and connection.vendor == "sqlite":
        goldens.write(GOLDEN, as_csv([lines[path] for path in sorted(lines)]))


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [*FACTS, *COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@cache
def golden_lines() -> dict[str, dict[str, str]]:
    return {key_of(row): row for row in csv.DictReader(io.StringIO(goldens.read(GOLDEN)))}


def key_of(row: dict[str, str]) -> str:
    return f"{row['path']} {row['methods'] if row['path'].startswith('api/') else ''}"


@each_address
def test_every_address_has_a_door(address: Address) -> None:
    assert address.door is not None, f"{address.pattern} ({address.name}): {ADVICE}"
    assert address.door.name in ("desk", "my", "open", "api"), address.door
    permission = address.door.permission
    assert not permission or permission in all_permissions(), (
        f"{address.pattern} asks for {permission}, which no card declares"
    )


@each_address
def test_the_path_says_which_door(address: Address) -> None:
    """/desk/, /my/ and /api/v1/ lead through their own doors; sign-in pages and /open/ are for everybody."""
    assert address.door is not None
    top = address.pattern.partition("/")[0]
    if address.door.name != "open":
        assert top == address.door.name, f"{address.pattern} leads through the door {address.door.name}"
    elif top in ("desk", "my"):
        assert "sign-in" in address.pattern, f"{address.pattern} lies on the {top} and lets everybody in"


@each_address
def test_arguments_are_known(address: Address) -> None:
    for name, key in keys_of(address).items():
        assert key in ARGUMENTS, (
            f'{address.pattern}: add "{key}" to ARGUMENTS of tests/house/visits.py ({name} of a sample)'
        )
    assert set(keys_of(address)) == set(address.arguments)


@pytest.mark.django_db
@each_address
def test_outcomes_are_the_golden_ones(address: Address, visitor: Visitor) -> None:
    row = examine(visitor, address)
    lines[key_of(row)] = row
    tried = [column for column in COLUMNS if column in row]
    bad = {column: row[column] for column in tried if row[column].startswith("5") or "/5" in row[column]}
    assert not bad, f"{address.pattern} breaks: {bad}"
    if goldens.is_writing():
        return
    golden = golden_lines().get(key_of(row))
    shown = as_csv([row])
    assert golden is not None, f"a new address. Review this line, then run `make golden`:\n{shown}"
    changed = {name: f"{golden.get(name)} -> {value}" for name, value in row.items() if golden.get(name) != value}
    assert not changed, f"{address.pattern} answers otherwise than golden/{GOLDEN} says: {changed}\n{shown}"


def examine(visitor: Visitor, address: Address) -> dict[str, str]:
    assert address.door is not None
    methods = address.methods or find_methods(visitor, address)
    row = {
        "name": address.name,
        "path": address.pattern,
        "door": address.door.name,
        "permission": address.door.permission,
        "strong": "yes" if address.door.permission and all_permissions()[address.door.permission].strong else "",
        "methods": " ".join(methods) if methods else "any",
    }
    methods = methods or ("GET", "POST")
    for role, (own, *others) in knocking(visitor, address).items():
        row[role] = outcomes(visitor, address, methods, role, own)
        for relation, place in zip(("sibling", "parent"), others, strict=True):
            if place:
                row[f"{role} {relation}"] = elsewhere(visitor, address, methods, role, place, row[role])
    return row


def knocking(visitor: Visitor, address: Address) -> dict[str, tuple[str, str, str]]:
    """Everybody; with PostgreSQL the reader of the door, and the first whom it lets in who has a sibling and a parent."""
    assert address.door is not None
    if connection.vendor == "sqlite":
        return ROLES
    workers = ("worker", "outsider")
    at_home = [role for role in ROLES if (role in workers) == (address.door.name in ("my", "open"))]
    let_in = [role for role in at_home if visitor.may_pass(role, address.door.permission)]
    reader = READERS[address.door.name]
    first = reader if visitor.may_pass(reader, address.door.permission) or not let_in else let_in[0]
    second = [role for role in let_in if ROLES[role][1]]
    return {role: ROLES[role] for role in (first, *second[:1])}


def elsewhere(visitor: Visitor, address: Address, methods: tuple[str, ...], role: str, place: str, own: str) -> str:
    """The outcome for another branch's object; as for one's own where the door itself said no."""
    assert address.door is not None
    if not address.arguments and query_of(address) is None:
        return "-"
    if stopped(visitor, address, role, own):
        return own
    return outcomes(visitor, address, methods, role, place)


def stopped(visitor: Visitor, address: Address, role: str, outcome: str) -> bool:
    """Whether the door itself said no, whatever is asked of what lies behind."""
    assert address.door is not None
    return outcome == "sign-in" or (outcome == "403" and not visitor.may_pass(role, address.door.permission))


def find_methods(visitor: Visitor, address: Address) -> tuple[str, ...]:
    """What the view itself allows: it says so when asked for something else. Empty where it takes anything."""
    for role in ("public", "city", "worker", "sysadmin", "secadmin", "auditadmin"):
        answer = visitor.visit(role, "PATCH", visitor.url(address, role, ROLES[role][0]))
        if answer.status == 405:
            return tuple(sorted(set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}))
    return ()


def outcomes(visitor: Visitor, address: Address, methods: tuple[str, ...], role: str, place: str) -> str:
    url = visitor.url(address, role, place)
    assert address.door is not None
    is_drawn = role == READERS[address.door.name] and place == ROLES[role][0]
    found = []
    with nullcontext() if is_drawn else unrendered():
        for method in methods:
            try:
                found.append(visitor.visit(role, method, url).outcome)
            except Exception as error:
                raise AssertionError(f"{method} {url} as {role} broke: {error!r}") from error
            if stopped(visitor, address, role, found[-1]):
                break
    return found[0] if len(set(found)) == 1 else "/".join(found)


def test_every_golden_line_leads_somewhere() -> None:
    paths = {each.pattern for each in ALL}
    gone = [row["path"] for row in golden_lines().values() if row["path"] not in paths]
    assert not gone, f"golden/{GOLDEN} names addresses that are gone; run `make golden`: {gone}"


def test_addresses_have_one_name_each() -> None:
    names = [each.name for each in walk() if not each.name.startswith("api")]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
