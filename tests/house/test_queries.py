"""Every list page asks the same number of queries for one row as for three; the number is kept in golden/queries.json."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house import goldens
from tests.house.addresses import Address, addresses
from tests.house.visits import Visitor, undone
from tests.samples import build_samples
from tests.worlds import World

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("queries")]
GOLDEN = "queries.json"
READERS = {
    "desk": ("city", "sysadmin", "secadmin", "auditadmin"),
    "my": ("worker",),
    "open": ("public",),
    "api": ("city",),
}
"""Who reads the pages behind a door: the first whom the door lets through."""
SEARCHED = {"members:list": "text=样", "home:search": "q=样", "members:applications": "state=submitted"}
"""What makes a page list rows that it does not list of itself."""
FEW, MANY = 1, 3


def pages() -> Iterator[Address]:
    """Addresses that can be opened without naming a row."""
    for each in addresses():
        if each.door and not each.arguments and (not each.methods or "GET" in each.methods):
            yield each


@pytest.fixture(scope="module")
def counts(empty_world: World) -> dict[str, dict[int, int]]:
    """Queries of every page by the number of rows of each kind."""
    found: dict[str, dict[int, int]] = {}
    with undone():
        samples = build_samples(empty_world, ("union",))
        visitor = Visitor.of(samples)
        for rows in (FEW, MANY):
            while len(samples.lots["union"]) < rows:
                samples.add("union")
            for address in pages():
                number = count(visitor, address)
                if number is not None:
                    found.setdefault(address.name, {})[rows] = number
    return found


def count(visitor: Visitor, address: Address) -> int | None:
    """Queries of one look, the second one: the first fills caches. None where the address shows no page."""
    assert address.door is not None
    role = next((each for each in READERS[address.door.name] if visitor.may_pass(each, address.door.permission)), "")
    if not role:
        return None
    url = visitor.url(address, role, "union")
    if address.name in SEARCHED:
        url += f"?{SEARCHED[address.name]}"
    with undone():
        first = visitor.act(role, "GET", url)
        if first.status != 200:
            return None
        with CaptureQueriesContext(
            connection,
        ) as seen:
            visitor.act(role, "GET", url)
    # A lock that only one of the two databases needs is no question.
    return sum("pg_advisory" not in query["sql"] for query in seen.captured_queries)


def test_three_rows_cost_what_one_costs(counts: dict[str, dict[int, int]]) -> None:
    grown = {name: number for name, number in counts.items() if number[FEW] != number[MANY]}
    assert not grown, f"these pages ask again for every row (select_related, prefetch_related): {grown}"


def test_the_numbers_are_the_golden_ones(counts: dict[str, dict[int, int]]) -> None:
    goldens.check_json(GOLDEN, {name: number[MANY] for name, number in counts.items()})


def test_lists_are_among_the_pages(counts: dict[str, dict[int, int]]) -> None:
    for name in ("cases:list", "home:inbox", "members:applications", "records:list", "access:users"):
        assert name in counts, f"{name} showed no page"
