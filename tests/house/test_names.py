"""What a room offers is asked by a name that says what comes back, and somebody in the product asks for it."""

import pytest

from tests.house.uses import KINDS, outside, public_functions, uses

ASKING = ("get_", "list_", "count_", "find_", "is_", "has_", "may_")
NAMES = {
    "tree.queries.scope": "the one row filter of the house, read as a word wherever rows are asked for",
    "tree.queries.scope_parts": "the row filter in two parts, read as a word like it",
    "tree.queries.branch_q": "the condition of a branch, for queries to build on; no answer by itself",
    "workflow.queries.mine_q": "the condition of what one handles or stands in for, likewise",
    "workflow.queries.own_q": "the condition of the own union, for the inbox to build on; no answer by itself",
    "workflow.queries.waiting_q": "the condition of waiting for others, for the inbox to build on; no answer by itself",
    "home.queries.search_all": "a search has no one kind of answer",
    "members.queries.rosters.pack": "the form in which the rows of a roster are sealed",
    "members.queries.rosters.unpack": "the form in which the rows of a roster are sealed",
    "figures.queries.values.parts_of_ratio": "reads a declaration, asks no table",
    "periods.queries.require_open": "answers by refusing: what everybody asks who writes something with a day",
    "organizations.queries.sheets.pack": "the form in which the rows of a sheet are sealed",
    "organizations.queries.sheets.read_rows": "opens sealed rows of a sheet for their entering",
    "members.queries.rosters.read_rows": "opens sealed rows of a roster for their entering",
}
"""Public names of queries that do not begin with a word of asking, and why."""

WAITING = {
    "access.rules.totp_code": "the phone's side of a second factor, which tests play",
    "members.actions.rosters.ending.erase_roster": "one roster erased at once, as its sweep does",
    "ledger.actions.reserving.reserve_many": "deliveries to named lists reserve lot by lot",
    "ledger.actions.resolving.pay_many": "deliveries to named lists are paid lot by lot",
    "ledger.actions.resolving.void_many": "what a list leaves over is released lot by lot",
    "members.queries.lookups.find_person_by_phone": "calls of the hotline name a caller by phone",
    "policy.queries.list_rows": "the rows with source and date, to freeze into a matter",
    "publicity.queries.find_clean_notice": "deliveries and awards ask it before the next step",
    "records.actions.writing.add_many": "deliveries to whole lists leave their records in bulk",
    "records.actions.writing.reverse": "the only way to take a record back",
}
"""Public functions that nothing in the product uses outside their own file yet, and what needs them."""


def short(function: str) -> str:
    return function.split(".", 2)[2]


FUNCTIONS = {kind: public_functions(kind) for kind in KINDS}
OFFERED = [each for each in FUNCTIONS["queries"] if outside(each, "queries")]


def test_the_house_is_seen() -> None:
    assert len(OFFERED) > 100 and all(len(FUNCTIONS[kind]) > 50 for kind in KINDS)


@pytest.mark.parametrize("function", OFFERED, ids=short)
def test_what_queries_offer_begins_with_a_word_of_asking(function: str) -> None:
    name = function.rpartition(".")[2]
    assert name.startswith(ASKING) or short(function) in NAMES, (
        f"{short(function)}: get_ one or a refusal, list_ several, count_ a number, find_ maybe none, is_/has_/may_"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_public_is_used(kind: str) -> None:
    unused = [each for each in FUNCTIONS[kind] if not uses().get(each, set()) - {each.rpartition(".")[0]}]
    left = [short(each) for each in unused if short(each) not in WAITING]
    assert not left, f"nothing outside their own file uses {left}: begin with an underscore, or delete"


def test_no_excuse_outlives_its_reason() -> None:
    offered = {short(each) for each in OFFERED}
    assert offered >= set(NAMES), f"no longer offered: {set(NAMES) - offered}"
    idle = {
        short(each)
        for kind in KINDS
        for each in FUNCTIONS[kind]
        if not uses().get(each, set()) - {each.rpartition(".")[0]}
    }
    assert idle >= set(WAITING), f"used by now, or gone: {set(WAITING) - idle}"
