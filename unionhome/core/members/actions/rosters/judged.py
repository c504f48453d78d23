"""Rows of a roster judged against the register: the same for the check and, later, for the entry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.conf import settings

from unionhome.core.members.queries import rosters as queries
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import CARD_TAKEN, MERGED, RosterRow
from unionhome.core.members.rules.roster_judging import Known, Verdict, judge, refuse


class Judged(NamedTuple):
    """A row, what the register knows of its document, and what becomes of it."""

    row: RosterRow
    known: Known | None
    verdict: Verdict


def judge_rows(rows: Sequence[RosterRow], branch: str, *, lock: bool = False) -> list[Judged]:
    """Judge rows in their order. `lock` keeps the persons found until the transaction ends."""
    known = queries.find_known(sorted(row.blind for row in rows), lock=lock)
    cards = [row.card_no for row in rows if row.card_no]
    holders = queries.find_card_holders(cards) if cards else {}
    led = _count_led(row.person_id for row in known.values()) if len(known) > 1 else set()
    judged = [_judge(row, known.get(row.blind), branch, holders) for row in rows]
    return _once_each(judged, led) if led else judged


def list_moved(judged: Iterable[Judged]) -> list[int]:
    """The persons whom rows move from one union to another."""
    return [each.known.person_id for each in judged if each.known and each.verdict.outcome is Outcome.MOVED]


def _count_led(person_ids: Iterable[int]) -> set[int]:
    """Persons whom two of the documents asked for lead to: their files were merged."""
    return {person_id for person_id, count in Counter(person_ids).items() if count > 1}


def _once_each(judged: Sequence[Judged], led: set[int]) -> list[Judged]:
    """Of several rows that are one person since a merge, only the first is taken."""
    met: set[int] = set()
    once = []
    for each in judged:
        person_id = each.known.person_id if each.known else 0
        once.append(each._replace(verdict=refuse(MERGED)) if person_id in met else each)
        met |= {person_id} & led
    return once


def _judge(row: RosterRow, known: Known | None, branch: str, holders: dict[str, int]) -> Judged:
    verdict = judge(row, known, branch)
    if row.card_no and verdict.outcome is not Outcome.REFUSED and _is_taken(row.card_no, known, holders):
        verdict = refuse(CARD_TAKEN)
    return Judged(row, known, verdict)


def _is_taken(card_no: str, known: Known | None, holders: dict[str, int]) -> bool:
    """Whether a card belongs to somebody else, or will: the numbers that are made here are kept for their persons."""
    person_id = known.person_id if known else None
    if card_no in holders:
        return holders[card_no] != person_id
    owner = sealed.card_owner(settings.ROOT_CODE, card_no)
    return owner is not None and owner != person_id
