"""Entering a whole city's members, lot by lot, with the same writing as a roster: other processes seal meanwhile."""

import hashlib
import multiprocessing
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db import transaction

from unionhome.core.journal.actions import BulkFact, record_bulk
from unionhome.core.members.actions.counts.marking import marked_afterwards
from unionhome.core.members.actions.rosters.judged import judge_known
from unionhome.core.members.actions.rosters.writing import LotWriter
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries.rosters import find_employers, find_known
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import RosterRow
from unionhome.core.members.rules.roster_judging import Known
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit import bulk
from unionhome.kit.bulk import much_to_make

Part = TypeVar("Part")
MOST_HELD = 5_000
AHEAD = 2
"""Lots that each process may be ahead of the writing: more would only fill the memory."""


class Lot(NamedTuple):
    """Rows of a roster with the columns of their persons, sealed already, by number."""

    rows: Sequence[RosterRow]
    sealed: dict[int, list[Any]]


def prepare_lots(
    actor: Actor, read: Callable[[Part], Sequence[RosterRow]], parts: Iterable[Part], *, processes: int = 0
) -> Iterator[Lot]:
    """The lots that `read` makes of parts, in their order, read and sealed by other processes where some are given.

    `read` is a function of a module and asks no database, for the connections are not shared.
    """
    if processes < 1:
        for part in parts:
            yield _prepare(actor, read, part)
        return
    waiting: deque[Future[Lot]] = deque()
    left = iter(parts)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        for part in islice(left, processes * AHEAD):
            waiting.append(pool.submit(_prepare, actor, read, part))
        while waiting:
            yield waiting.popleft().result()
            for part in islice(left, 1):
                waiting.append(pool.submit(_prepare, actor, read, part))


@lru_cache(maxsize=1)
def _writer(actor: Actor) -> LotWriter:
    """One for each process: what recurs is sealed once, not once a lot."""
    return LotWriter(actor)


def _prepare(actor: Actor, read: Callable[[Part], Sequence[RosterRow]], part: Part) -> Lot:
    writer, rows = _writer(actor), read(part)
    return Lot(rows, {row.number: writer.prepare(row) for row in rows})


def fill_register(actor: Actor, branch: Node, lots: Iterable[Lot]) -> int:
    """Enter the lots of a whole city into a register that is all but empty, or nothing of them; how many people.

    Its indexes are built afterwards, which nobody may wait for in a register at work. One entry of the journal for
    each union. Raises Forbidden, Refused for a register at work, BadInput for a row that cannot be entered as new,
    IntegrityError at the end where two rows are one person.
    """
    actor.require("members.enrol", branch.path)
    if Person.objects.order_by()[MOST_HELD:].exists():
        raise Refused("名册里已经有会员，请用名册导入。", "register-at-work")
    writer, held = LotWriter(actor), _find_held()
    counts: Counter[int] = Counter()
    digests: dict[int, Any] = defaultdict(hashlib.sha256)
    with much_to_make(), transaction.atomic():
        with (
            bulk.indexed_afterwards(Person),
            bulk.indexed_afterwards(Membership),
            marked_afterwards(),
        ):
            for lot in lots:
                _enter(branch, lot, writer, held)
                for row in lot.rows:
                    counts[row.node_id] += 1
                    digests[row.node_id].update(row.blind.encode())
        _record(actor, branch, counts, digests)
    return counts.total()


def _record(actor: Actor, branch: Node, counts: Counter[int], digests: Mapping[int, Any]) -> None:
    nodes = Node.objects.in_bulk(list(counts))
    facts = (
        BulkFact(node, f"{node.name}登记会员{counts[pk]}人", {"count": counts[pk], "sha256": digests[pk].hexdigest()})
        for pk, node in sorted(nodes.items())
    )
    record_bulk(actor, "members.member.enrolled", about=branch, facts=facts)


def _find_held() -> dict[str, Known]:
    """What the register knows of everybody it holds, by blind index: asked once, while it has its indexes."""
    return find_known(sorted(Person.objects.order_by().values_list("document_index", flat=True)))


def _enter(branch: Node, lot: Lot, writer: LotWriter, held: Mapping[str, Known]) -> None:
    judged = judge_known(lot.rows, branch.path, {row.blind: held[row.blind] for row in lot.rows if row.blind in held})
    wrong = next((each for each in judged if each.verdict.outcome is not Outcome.NEW), None)
    if wrong is not None:
        raise BadInput(f"第{wrong.row.number}行不是新会员，这一批没有登记。", "not-new")
    writer.write(judged, lot.sealed, find_employers(lot.rows))
