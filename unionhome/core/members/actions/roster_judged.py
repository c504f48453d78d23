"""Rows of a roster judged against the register: the same for the check and, later, for the entry."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings

from unionhome.core.members.queries import rosters as queries
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import CARD_TAKEN, RosterRow
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
    return [_judge(row, known.get(row.blind), branch, holders) for row in rows]


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
