"""Reading the journal and checking its chains."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from unionhome.core.journal.actions import facts_of
from unionhome.core.journal.models import Delivery, Entry, Head
from unionhome.core.journal.rules import GENESIS, entry_digest
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import scope


def list_entries(actor: Actor, *, kind: str = "", text: str = "") -> QuerySet[Entry]:
    """Newest first, of the actor's branches."""
    entries = scope(Entry.objects.all(), actor, "journal.view").order_by("-id")
    if kind:
        entries = entries.filter(kind__startswith=kind)
    if text:
        entries = entries.filter(summary__contains=text)
    return entries


def list_entries_about(row: Model) -> QuerySet[Entry]:
    """The history of one row, oldest first. The caller has already scoped the row itself."""
    return Entry.objects.filter(model=row._meta.label_lower, object_id=row.pk).order_by("id")


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a chain does not hold."""

    chain: int
    seq: int
    sentence: str


def find_faults(chain: int | None = None) -> Iterator[Fault]:
    """Walk the sealed chains and name every place that does not hold. Silence is proof up to the heads."""
    heads = Head.objects.order_by("chain")
    for head in heads if chain is None else heads.filter(chain=chain):
        yield from _faults_of(head)


def _faults_of(head: Head) -> Iterator[Fault]:
    previous, expected = GENESIS, 1
    for entry in Entry.objects.filter(chain=head.chain, seq__isnull=False).order_by("seq").iterator(chunk_size=2000):
        seq = entry.seq or 0
        if seq != expected:
            yield Fault(head.chain, expected, f"链 {head.chain} 缺第 {expected} 条")
            expected = seq
        if entry.previous != previous or entry.digest != entry_digest(facts_of(entry), seq, entry.previous):
            yield Fault(head.chain, seq, f"链 {head.chain} 第 {seq} 条与摘要不符")
        previous, expected = entry.digest, seq + 1
    if (head.seq, head.digest) != (expected - 1, previous):
        yield Fault(head.chain, head.seq, f"链 {head.chain} 的末端与记录不符")


def count_waiting() -> dict[str, int]:
    """How much the worker still owes: entries to seal, entries to hand out. For the monitor."""
    return {
        "unsealed": Entry.objects.filter(seq__isnull=True).count(),
        "undelivered": Delivery.objects.filter(done_at__isnull=True).count(),
    }
