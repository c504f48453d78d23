"""Writing the journal, sealing its chains, and handing entries to handlers."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from unionhome.core.journal import queries
from unionhome.core.journal.models import ChainCheck, Delivery, Entry, Head
from unionhome.core.journal.rules import GENESIS, entry_digest, facts_of
from unionhome.core.registry import Actor, discover, resolve
from unionhome.core.tree.models import Node
from unionhome.kit import bulk
from unionhome.kit.codes import mask_numbers

_DIGEST = re.compile("[0-9a-f]{64}")
MOST_TRIES = 8
MOST_AT_ONCE = 20_000
"""So many entries are checked while the page waits; more are left to the worker."""
CHECK_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Handler:
    """A reaction to journal kinds. `task` is a dotted path to a function (actor, entry); it must be idempotent."""

    kinds: tuple[str, ...]
    task: str


@transaction.atomic(savepoint=False)
def record(
    actor: Actor,
    kind: str,
    *,
    node: Node | None = None,
    about: Model | None = None,
    subject_id: int | None = None,
    summary: str = "",
    data: Mapping[str, Any] | None = None,
    hidden_path: str = "",
) -> Entry:
    """Write one entry and the delivery rows of its handlers, in the transaction of the act.

    `data` and `summary` must hold masked values only: the journal is read by auditors. Numbers of documents, accounts
    and phones that somebody wrote into a text are masked here, whatever the caller did.
    """
    entry = _entry(
        actor, kind, node=node, about=about, summary=summary or actor.reason, data=data or {}, hidden_path=hidden_path
    )
    entry.subject_id = subject_id
    entry.save(force_insert=True)
    Delivery.objects.bulk_create(
        Delivery(entry=entry, handler=handler.task, next_at=actor.at) for handler in _handlers_of(kind)
    )
    return entry


@dataclass(frozen=True, slots=True)
class BulkFact:
    """What a bulk act did at one union: masked, and with the digest of its rows in `data`."""

    node: Node
    summary: str
    data: Mapping[str, Any]
    hidden_path: str = ""


def record_bulk(actor: Actor, kind: str, *, about: Model, facts: Iterable[BulkFact]) -> int:
    """Write one entry for each union that a bulk act touched, as `record` would, in a few statements. How many."""
    return len(record_each(actor, kind, facts, about=about))


@transaction.atomic
def record_each(actor: Actor, kind: str, facts: Iterable[BulkFact], *, about: Model | None = None) -> list[Entry]:
    """The same, giving the entries in the order of the facts."""
    entries = Entry.objects.bulk_create(
        (
            _entry(
                actor,
                kind,
                node=fact.node,
                about=about,
                summary=fact.summary,
                data=fact.data,
                hidden_path=fact.hidden_path,
            )
            for fact in facts
        ),
        batch_size=500,
    )
    Delivery.objects.bulk_create(
        (
            Delivery(entry=entry, handler=handler.task, next_at=actor.at)
            for handler in _handlers_of(kind)
            for entry in entries
        ),
        batch_size=500,
    )
    return entries


def _entry(
    actor: Actor,
    kind: str,
    *,
    node: Node | None,
    about: Model | None,
    summary: str,
    data: Mapping[str, Any],
    hidden_path: str,
) -> Entry:
    """An entry of the actor, masked and not yet kept."""
    return Entry(
        at=actor.at,
        kind=kind,
        door=actor.door,
        user_id=actor.user_id,
        person_id=actor.person_id,
        actor_name=actor.name,
        actor_post=actor.post,
        actor_union=actor.node_name,
        node=node,
        path=node.path if node else "",
        hidden_path=hidden_path,
        model=about._meta.label_lower if about else "",
        object_id=about.pk if about else None,
        summary=f"{mask_numbers(summary)}{actor.said_for(about)}"[:300],
        data=_masked(dict(data)),
        request_id=actor.request_id,
        chain=node.pk if node else 0,
    )


def _masked(value: Any) -> Any:
    """The same data with the numbers in its texts masked; digests stay whole."""
    if isinstance(value, str):
        return value if _DIGEST.fullmatch(value) else mask_numbers(value)
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    return value


def _handlers_of(kind: str) -> list[Handler]:
    """The registered handlers of a journal kind."""
    return [handler for handler in discover("handlers", "HANDLERS") if kind in handler.kinds]


@transaction.atomic
def seal_batch(actor: Actor, limit: int = 1000) -> int:
    """Give the oldest unsealed entries their places in their chains; the number sealed.

    Places are given here, not at writing: ids commit out of order, a chain must not.
    """
    entries = list(Entry.objects.select_for_update().filter(seq__isnull=True).order_by("id")[:limit])
    if not entries:
        return 0
    heads = _lock_heads({entry.chain for entry in entries})
    for entry in entries:
        head = heads[entry.chain]
        entry.previous, entry.seq = head.digest, head.seq + 1
        entry.digest = entry_digest(facts_of(entry), entry.seq, entry.previous)
        head.seq, head.digest = entry.seq, entry.digest
    bulk.update(
        Entry, ("seq", "previous", "digest"), [(each.seq, each.previous, each.digest, each.pk) for each in entries]
    )
    bulk.update(Head, ("seq", "digest"), [(head.seq, head.digest, head.pk) for head in heads.values()])
    Head.objects.filter(chain__in=heads).update(sealed_at=actor.at)
    return len(entries)


def _lock_heads(chains: Collection[int]) -> dict[int, Head]:
    """The ends of the chains by their number, locked in one order so that two that seal never wait for each other."""
    Head.objects.bulk_create([Head(chain=chain, digest=GENESIS) for chain in sorted(chains)], ignore_conflicts=True)
    return {head.chain: head for head in Head.objects.select_for_update().filter(chain__in=chains).order_by("chain")}


def deliver_batch(actor: Actor, limit: int = 200) -> int:
    """Hand due entries to their handlers, each in its own transaction; a failure is kept and tried again later."""
    due = Delivery.objects.filter(done_at__isnull=True, next_at__lte=actor.at, tries__lt=MOST_TRIES)
    done = 0
    for pk in list(due.order_by("next_at", "id").values_list("pk", flat=True)[:limit]):
        done += _deliver(pk, actor)
    return done


def _deliver(pk: int, actor: Actor) -> int:
    with transaction.atomic():
        waiting = Q(done_at__isnull=True, next_at__lte=actor.at)
        row = Delivery.objects.select_for_update(of=("self",)).select_related("entry").filter(waiting, pk=pk).first()
        if row is None:
            return 0
        try:
            with transaction.atomic():
                handle: Callable[[Actor, Entry], None] = resolve(row.handler)
                handle(Actor.system(f"handler of {row.entry.kind}", actor.at), row.entry)
        except Exception as error:  # the row keeps the reason; one bad entry must not stop the others
            row.tries += 1
            row.error = f"{type(error).__name__}: {error}"[:300]
            row.next_at = actor.at + timedelta(seconds=2**row.tries)
        else:
            row.done_at = actor.at
        row.save(update_fields=["tries", "error", "next_at", "done_at"])
    return 1 if row.done_at else 0


@transaction.atomic
def ask_check(actor: Actor) -> ChainCheck:
    """Ask for a walk along all chains; done at once while there are few entries, else by the worker. A walk that
    waits already is returned."""
    actor.require("journal.view")
    waiting = queries.find_waiting_check()
    check = waiting or ChainCheck.objects.create(asked_at=actor.at, asked_by=actor.name)
    if waiting is None:
        record(actor, "journal.check.asked", about=check, summary="核对日志链")
    return _finish_check(actor, check) if queries.count_entries() <= MOST_AT_ONCE else check


@transaction.atomic
def _finish_check(actor: Actor, check: ChainCheck) -> ChainCheck:
    """Walk the chains and write down what was found."""
    faults = list(queries.find_faults())
    check.done_at, check.entry_count, check.head = actor.at, queries.count_entries(), queries.get_heads_digest()
    check.fault_count = len(faults)
    check.first_fault = faults[0].sentence if faults else ""
    check.save()
    if faults:
        record(actor, "journal.chain.broken", about=check, summary=f"日志链不完整：{check.first_fault}")
    return check


def check_when_due(actor: Actor) -> ChainCheck | None:
    """The check that was asked for, or the daily one when it is due."""
    waiting = queries.find_waiting_check()
    if waiting is not None:
        return _finish_check(actor, waiting)
    last = queries.find_last_check()
    if last is None or (last.done_at is not None and actor.at - last.done_at >= CHECK_EVERY):
        return _finish_check(actor, ChainCheck(asked_at=actor.at, asked_by=actor.name))
    return None


def export_entries(actor: Actor) -> Iterator[str]:
    """The lines of an export of the sealed chains; that it was made is journaled first."""
    actor.require("journal.view")
    record(actor, "journal.export.made", summary="导出操作日志")
    return queries.list_export_lines(actor)
