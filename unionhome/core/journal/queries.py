"""Reading the journal and checking its chains."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from unionhome.core.journal.models import ChainCheck, Delivery, Entry, Head
from unionhome.core.journal.rules import Chain, Fault, Link, facts_of, sum_heads
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What narrows the journal: start of the kind (or several with commas), words of the summary, a union, days from and to (inclusive)."""

    kind: str = ""
    text: str = ""
    union: str = ""
    from_on: date | None = None
    to_on: date | None = None


def list_entries(actor: Actor, *, kind: str = "", text: str = "", only: EntryFilter | None = None) -> QuerySet[Entry]:
    """Newest first, of the actor's branches."""
    entries = scope(Entry.objects.select_related("node"), actor, "journal.view").order_by("-id")
    only = only or EntryFilter(kind=kind, text=text)
    if only.kind:
        starts = (Q(kind__startswith=start) for start in only.kind.split(","))
        entries = entries.filter(reduce(or_, starts))
    if only.text:
        entries = entries.filter(Q(summary__contains=only.text) | Q(actor_name__contains=only.text))
    if only.union:
        unions = Node.objects.filter(pk=OuterRef("node")).filter(Q(code=only.union) | Q(name__contains=only.union))
        entries = entries.filter(Exists(unions))
    if only.from_on:
        entries = entries.filter(at__gte=_midnight(only.from_on))
    if only.to_on:
        entries = entries.filter(at__lt=_midnight(only.to_on + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def get_entry(actor: Actor, entry_id: int) -> Entry:
    """One entry of the actor's branches. Raises NotFound."""
    entry = list_entries(actor).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound()
    return entry


def list_entries_about(row: Model) -> QuerySet[Entry]:
    """The history of one row, oldest first. The caller has already scoped the row itself."""
    return Entry.objects.filter(model=row._meta.label_lower, object_id=row.pk).order_by("id")


def find_faults(chain: int | None = None) -> Iterator[Fault]:
    """Walk the sealed chains and name every place that does not hold. Silence is proof up to the heads."""
    heads = {head.chain: head for head in Head.objects.all()}
    for number in _list_chains() if chain is None else [chain]:
        walk = Chain(number)
        for entry in _list_sealed(number).iterator(chunk_size=2000):
            yield from walk.take(_link_of(entry, shown=True))
        head = heads.get(number)
        yield from walk.close(head.seq if head else 0, head.digest if head else "")


def _list_chains() -> list[int]:
    """Every chain with a head or with sealed entries: a head that was taken away must not hide its chain."""
    sealed = Entry.objects.filter(seq__isnull=False).order_by().values_list("chain", flat=True).distinct()
    return sorted({*sealed, *Head.objects.values_list("chain", flat=True)})


def _list_sealed(chain: int) -> QuerySet[Entry]:
    return Entry.objects.filter(chain=chain, seq__isnull=False).order_by("seq")


def _link_of(entry: Entry, *, shown: bool) -> Link:
    return Link(entry.chain, entry.seq or 0, entry.previous, entry.digest, facts_of(entry) if shown else None)


def find_head(chain: int) -> Head | None:
    """The sealed end of one chain."""
    return Head.objects.filter(chain=chain).first()


def list_chain(actor: Actor, chain: int, *, since: date, kinds: str = "") -> Iterator[Link]:
    """The sealed entries of one chain from a day on to its head, in their order.

    What the actor may not read keeps its place and digest, without its facts; entries whose kind begins with `kinds`
    are shown to everybody who was let in here: the caller has asked for the permission that opens them.
    """
    first = _list_sealed(chain).filter(at__gte=_midnight(since)).values_list("seq", flat=True).first()
    entries = _list_sealed(chain).filter(seq__gte=first or 1)
    shown = set(scope(entries, actor, "journal.view").values_list("pk", flat=True))
    for entry in entries.iterator(chunk_size=2000):
        told = bool(kinds) and entry.kind.startswith(kinds) and not entry.hidden_path
        yield _link_of(entry, shown=entry.pk in shown or told)


def list_export_lines(actor: Actor) -> Iterator[str]:
    """The sealed chains of the actor's branches as JSON lines, ready for `unionhome verify FILE`.

    What is hidden from the actor keeps its place and digest, without its facts, so that the chain can be followed.
    """
    visible = scope(Entry.objects.filter(seq__isnull=False), actor, "journal.view")
    chains = sorted(set(visible.order_by().values_list("chain", flat=True).distinct()))
    for number in chains:
        shown = set(visible.filter(chain=number).values_list("pk", flat=True))
        for entry in _list_sealed(number).iterator(chunk_size=2000):
            yield _json_line(_link_of(entry, shown=entry.pk in shown).as_dict())
        head = Head.objects.filter(chain=number).first()
        if head is not None:
            yield _json_line({"chain": number, "head": head.seq, "digest": head.digest})


def _json_line(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n"


def count_entries() -> int:
    """Sealed entries of all chains."""
    return sum(Head.objects.values_list("seq", flat=True))


def get_heads_digest() -> str:
    """One digest over the heads of all chains: printed or sent elsewhere, it anchors the whole journal."""
    return sum_heads(Head.objects.order_by("chain").values_list("chain", "seq", "digest"))


def find_last_check() -> ChainCheck | None:
    """The last walk along the chains that was finished."""
    return ChainCheck.objects.filter(done_at__isnull=False).order_by("-done_at", "-id").first()


def find_waiting_check() -> ChainCheck | None:
    """The walk that was asked for and is not done."""
    return ChainCheck.objects.filter(done_at__isnull=True).order_by("id").first()


def count_waiting() -> dict[str, int]:
    """How much the worker still owes: entries to seal, entries to hand out. For the monitor."""
    return {
        "unsealed": Entry.objects.filter(seq__isnull=True).count(),
        "undelivered": Delivery.objects.filter(done_at__isnull=True).count(),
    }
