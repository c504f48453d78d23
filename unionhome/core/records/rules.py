"""Pure rules of records: what a new record says, the digest of a batch, and what records change in the totals."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from unionhome.core.registry import BadInput

if TYPE_CHECKING:
    from django.db.models import Model

    from unionhome.core.tree.models import Node


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record is made of. `amount_fen` is what the service was worth; `link` is the path of its page.

    A record of a group has no person, but a head count and the kind of people they were.
    """

    service: str
    node: "Node"
    on: date
    summary: str
    link: str = ""
    person_id: int | None = None
    head_count: int = 1
    amount_fen: int = 0
    theme: str = ""
    joint: str = ""
    about: "Model | None" = None
    beneficiary_kind: str = "worker"
    hidden_path: str = ""


def check(new: NewRecord, today: date) -> None:
    """Raise BadInput where a record could not stand: nobody served, an amount below zero, a day yet to come."""
    if new.head_count < 1:
        raise BadInput("人次至少是 1。", fields={"head_count": "人次至少是 1。"})
    if new.person_id is not None and new.head_count != 1:
        raise BadInput(
            "记到一个人名下的服务，人次只能是 1。",
            fields={"head_count": "记到一个人名下时填 1。"},
        )
    if new.amount_fen < 0:
        raise BadInput("金额不能小于 0。", fields={"amount_fen": "金额不能小于 0。"})
    if new.on > today:
        raise BadInput("服务日期不能晚于今天。", fields={"on": "服务日期不能晚于今天。"})


def digest(news: Iterable[NewRecord]) -> str:
    """SHA-256 over the facts of a batch, in the order given: the journal keeps it in place of the rows."""
    whole = hashlib.sha256()
    for new in news:
        facts = [
            new.service,
            new.node.pk,
            new.on.isoformat(),
            new.person_id,
            new.head_count,
            new.amount_fen,
            new.theme,
            new.joint,
            new.summary,
            new.beneficiary_kind,
            new.about.pk if new.about else None,
        ]
        whole.update(json.dumps(facts, ensure_ascii=False).encode() + b"\n")
    return whole.hexdigest()


WHOLE = 0
"""What stands above the whole city."""
Cell = tuple[int, int, str, date, str]
"""above, place, kind, first day, service: the key of one total."""


class Spot(NamedTuple):
    """Where a record counts: right beneath the city (its county, or its union), and right beneath that county."""

    first: int
    second: int | None


def _places_of(root: int, spot: Spot) -> list[tuple[int, int]]:
    """The (above, place) of every total that a record at the spot is in."""
    both = [(WHOLE, root), (root, spot.first)]
    return both if spot.second is None else [*both, (spot.first, spot.second)]


def _begins(day: date) -> tuple[tuple[str, date], ...]:
    """The year, quarter and month that hold the day, each by its first day."""
    month = day.replace(day=1)
    return ("Y", month.replace(month=1)), ("Q", month.replace(month=(day.month - 1) // 3 * 3 + 1)), ("M", month)


def cells_of(root: int, spot: Spot, day: date, service: str) -> Iterator[Cell]:
    """Every total of whole periods that a record is in."""
    periods = _begins(day)
    for above, place in _places_of(root, spot):
        for kind, begin in periods:
            yield above, place, kind, begin, service


def day_cells_of(root: int, spot: Spot, day: date, service: str) -> Iterator[Cell]:
    """The totals of its day: of the city, and of what stands right beneath it."""
    for above, place in _places_of(root, spot)[:2]:
        yield above, place, "D", day, service


class Presence(NamedTuple):
    """One record of a human being, with its sign in what the totals know (`before`) and in what they are to know."""

    identity: int
    service: str
    day: date
    spot: Spot
    before: int
    after: int


def people_changes(root: int, presences: Iterable[Presence]) -> dict[Cell, int]:
    """By how much each total's number of people changes: those whose signs come to more than nothing.

    Given are all records of whoever is touched, for every service in which they are.
    """
    theirs: dict[tuple[int, str], list[Presence]] = defaultdict(list)
    for each in presences:
        theirs[each.identity, each.service].append(each)
    alone: Counter[tuple[Spot, date, str]] = Counter()
    changes: Counter[Cell] = Counter()
    for presence in theirs.values():
        if len(presence) == 1:  # most people get a service once
            only = presence[0]
            change = (only.after > 0) - (only.before > 0)
            alone[only.spot, only.day, only.service] += change
        else:
            changes.update(_changed(root, presence))
    for (spot, day, service), count in alone.items():
        for cell in cells_of(root, spot, day, service):
            changes[cell] += count
    return {cell: count for cell, count in changes.items() if count}


def _changed(root: int, presences: list[Presence]) -> dict[Cell, int]:
    nets: dict[Cell, list[int]] = {}
    years = {each.day.year for each in presences if each.before != each.after}
    for each in presences:
        if each.day.year in years:
            for cell in cells_of(root, each.spot, each.day, each.service):
                net = nets.setdefault(cell, [0, 0])
                net[0] += each.before
                net[1] += each.after
    return {cell: (after > 0) - (before > 0) for cell, (before, after) in nets.items()}
