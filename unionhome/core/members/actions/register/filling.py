"""Entering a whole city's members with the same rows as a roster's: other processes make and lay them aside beforehand."""

import hashlib
import multiprocessing
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import transaction

from unionhome.core.journal.actions import BulkFact, record_bulk
from unionhome.core.members.actions.counts.marking import marked_afterwards
from unionhome.core.members.actions.rosters.judged import Judged
from unionhome.core.members.actions.rosters.writing import MEMBERSHIP_COLUMNS, PERSON_COLUMNS, LotWriter
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries.rosters import Employers, find_card_holders, get_all_employers
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import RosterRow
from unionhome.core.members.rules.roster_judging import Verdict
from unionhome.core.periods.queries import list_open_since
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q
from unionhome.kit import bulk
from unionhome.kit.bulk import much_to_make

Part = TypeVar("Part")
MOST_HELD = 5_000
NICE = 19
_NEW = Verdict(Outcome.NEW)


class Lot(NamedTuple):
    """What became of a part: its people by union as their blind indexes in a row, cards they bring, the file."""

    blinds: dict[int, list[str]]
    cards: list[str]
    wrong: int | None
    path: Path

    @property
    def people(self) -> int:
        return sum(map(len, self.blinds.values()))


@dataclass(frozen=True, slots=True)
class _Maker:
    """All that rows are made of, asked of the database beforehand, for the connections are not shared."""

    read: Callable[[Any], Sequence[RosterRow]]
    writer: LotWriter
    held: frozenset[str]
    employers: Employers
    since: Mapping[int, date]
    folder: Path


@dataclass(frozen=True, slots=True)
class Prepared:
    """The lots of a register to come, in their order; taking one waits until it is laid aside."""

    lots: Iterable[Lot]
    since: Mapping[int, date]


_maker: _Maker | None = None
_shelf: bulk.Shelf | None = None


def _begin(maker: _Maker, nice: int = 0) -> None:
    """Each process has a shelf of its own, and what recurs is sealed once for all its lots. `nice` leaves the machine
    to whoever works meanwhile."""
    global _maker, _shelf
    if nice:
        os.nice(nice)
    _maker, _shelf = maker, bulk.Shelf(_path(maker))


def _end() -> None:
    global _maker, _shelf
    if _shelf is not None:
        _shelf.close()
    _maker = _shelf = None


def _path(maker: _Maker) -> Path:
    return maker.folder / str(os.getpid())


@contextmanager
def prepared_lots(
    actor: Actor,
    branch: Node,
    read: Callable[[Part], Sequence[RosterRow]],
    parts: Sequence[tuple[int, Part]],
    *,
    processes: int = 0,
) -> Iterator[Prepared]:
    """The lots that `read` makes of parts, each given with its count of rows: made meanwhile by other processes where
    some are given, else as they are taken. `read` is a function of a module and asks no database.

    Raises Refused for a register at work.
    """
    held = _find_held()
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix="lots-") as folder:
        since = _list_open_since(branch)
        maker = _Maker(read, LotWriter(actor), held, get_all_employers(), since, Path(folder))
        if processes < 1:
            _begin(maker)
            try:
                yield Prepared((_lay_aside(part, ids) for part, ids in _numbered(parts)), since)
            finally:
                _end()
            return
        fork = multiprocessing.get_context("fork")
        most = min(processes, bulk.MOST_SHELVES)
        pool = ProcessPoolExecutor(most, mp_context=fork, initializer=_begin, initargs=(maker, NICE))
        try:
            waiting = [pool.submit(_lay_aside, part, ids) for part, ids in _numbered(parts)]
            yield Prepared(map(Future.result, waiting), since)
        finally:
            pool.shutdown(cancel_futures=True)


def _numbered(parts: Sequence[tuple[int, Part]]) -> Iterator[tuple[Part, Sequence[int]]]:
    """The parts with the ids that their people will have."""
    ids = bulk.take_ids(Person, sum(count for count, _ in parts)) if parts else []
    taken = 0
    for count, part in parts:
        yield part, ids[taken : taken + count]
        taken += count


def _find_held() -> frozenset[str]:
    """The blind indexes of everybody whom the register holds."""
    held = Person.objects.order_by().values_list("document_index", flat=True)[: MOST_HELD + 1]
    found = frozenset(held)
    if len(found) > MOST_HELD:
        raise Refused("名册里已经有会员，请用名册导入。", "register-at-work")
    return found


def _list_open_since(branch: Node) -> Mapping[int, date]:
    return list_open_since(Node.objects.filter(branch_q("path", [branch.path])).values_list("pk", flat=True))


def _lay_aside(part: Any, ids: Sequence[int]) -> Lot:
    if _maker is None or _shelf is None:
        raise LookupError("no shelf has been begun in this process")
    rows, writer = _maker.read(part), _maker.writer
    numbered = list(zip(ids, rows, strict=True))
    _shelf.put(Person, PERSON_COLUMNS, ([pk, *writer.prepare(row)] for pk, row in numbered))
    _shelf.put(
        Membership,
        MEMBERSHIP_COLUMNS,
        (
            writer.membership(Judged(row, None, _NEW), pk, _maker.employers, _maker.since)
            for pk, row in numbered
        ),
    )  # fmt: skip
    blinds: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        blinds[row.node_id].append(row.blind)
    wrong = next((row.number for row in rows if row.blind in _maker.held), None)
    return Lot(dict(blinds), [row.card_no for row in rows if row.card_no], wrong, _path(_maker))


def fill_register(
    actor: Actor, branch: Node, prepared: Prepared, *, taken: Callable[[int], None] = lambda count: None
) -> int:
    """Enter the lots of a whole city into a register that is all but empty, or nothing of them; how many people.

    Its indexes are built afterwards, which nobody may wait for in a register at work. `taken` hears of every lot. One
    entry of the journal for each union. Raises Forbidden, Refused for a register at work and where a period was
    closed meanwhile, BadInput for a row that cannot be entered as new, IntegrityError at the end where two rows are
    one person.
    """
    actor.require("members.enrol", branch.path)
    _find_held()
    counts: Counter[int] = Counter()
    digests: dict[int, Any] = defaultdict(hashlib.sha256)
    paths: set[Path] = set()
    for lot in prepared.lots:
        _check(lot)
        paths.add(lot.path)
        for node_id, blinds in lot.blinds.items():
            counts[node_id] += len(blinds)
            digests[node_id].update("".join(blinds).encode())
        taken(lot.people)
    if paths:
        _enter(sorted(paths), branch, prepared.since, lambda: _record(actor, branch, counts, digests))
    return counts.total()


def _check(lot: Lot) -> None:
    wrong = lot.wrong
    if wrong is not None:
        raise BadInput(f"第{wrong}行不是新会员，这一批没有登记。", "not-new")
    holders = find_card_holders(lot.cards) if lot.cards else {}
    taken = next((card for card in lot.cards if card in holders or sealed.card_owner(settings.ROOT_CODE, card)), None)
    if taken is not None:
        raise BadInput(f"会员证号{taken}已经是别人的，这一批没有登记。", "card-taken")


def _enter(paths: Sequence[Path], branch: Node, since: Mapping[int, date], record: Callable[[], None]) -> None:
    with much_to_make(), bulk.shelves(paths) as shelves, transaction.atomic():
        if _list_open_since(branch) != since:
            raise Refused("准备期间有工会封了账，请重新准备。", "period-closed")
        with bulk.indexed_afterwards(Person), bulk.indexed_afterwards(Membership), marked_afterwards():
            shelves.insert(Person, PERSON_COLUMNS)
            shelves.insert(Membership, MEMBERSHIP_COLUMNS)
        record()


def _record(actor: Actor, branch: Node, counts: Counter[int], digests: Mapping[int, Any]) -> None:
    nodes = Node.objects.in_bulk(list(counts))
    facts = (
        BulkFact(node, f"{node.name}登记会员{counts[pk]}人", {"count": counts[pk], "sha256": digests[pk].hexdigest()})
        for pk, node in sorted(nodes.items())
    )
    record_bulk(actor, "members.member.enrolled", about=branch, facts=facts)
