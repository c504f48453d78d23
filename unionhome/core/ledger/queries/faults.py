"""The ledger counted anew: balances, what was taken on authorities, and every digest against the journal's."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from django.db.models import CharField, Q, Sum
from django.db.models.functions import Cast

from unionhome.core.journal.models import Entry
from unionhome.core.ledger.models import Account, Allowance, Batch, Transfer
from unionhome.core.ledger.rules import FACTS, batch_digest, digest_of, moment_text, quantity_text
from unionhome.core.ledger.workflow import Code

CHUNK = 10_000
Row = tuple[Any, ...]
_SHOWN = [f"{name}_text" if name in ("on", "at") else name for name in FACTS]
_AT = FACTS.index("at")


def count_transfers() -> int:
    """How many there are."""
    return Transfer.objects.count()


def find_faults() -> Iterator[str]:
    """A sentence for each thing that differs, with the account or transfer it is about. Streams; holds no table whole."""
    yield from _find_wrong_balances()
    yield from _find_wrong_allowances()
    yield from _find_wrong_singles()
    yield from _find_wrong_batches()


def _find_wrong_balances() -> Iterator[str]:
    rows = Transfer.objects.order_by()
    minus = dict(rows.values_list("debit").annotate(total=Sum("quantity")))
    plus = dict(rows.values_list("credit").annotate(total=Sum("quantity")))
    for account in Account.objects.select_related("node").order_by("pk").iterator(CHUNK):
        counted = plus.get(account.pk, 0) - minus.get(account.pk, 0)
        name = f"账户 {account.pk}（{account.node.name}，{account.fund}，{account.get_kind_display()}{account.source}）"
        if counted != account.balance:
            kept, right = quantity_text(account.balance, account.unit), quantity_text(counted, account.unit)
            yield f"{name}：余额写的是 {kept}，按流水是 {right}"


def _find_wrong_allowances() -> Iterator[str]:
    taken = Sum("quantity", filter=Q(code=Code.RESERVE), default=0)
    returned = Sum("quantity", filter=Q(code__in=(Code.VOID, Code.REVERSE)), default=0)
    rows = (
        Transfer.objects.filter(allowance__isnull=False).order_by().values("allowance").annotate(used=taken - returned)
    )
    used = dict(rows.values_list("allowance", "used"))
    for each in Allowance.objects.order_by("pk").iterator(CHUNK):
        counted = used.get(each.pk, 0)
        if counted != each.used:
            kept, right = quantity_text(each.used, each.unit), quantity_text(counted, each.unit)
            yield f"依据 {each.pk}（{each.title or each.kind}）：写的是用了 {kept}，按流水是 {right}"


def _list_rows(condition: Q, *order: str) -> Iterator[Row]:
    """Number, batch, digest and facts of transfers; days and moments as texts, which both engines give fast."""
    rows = Transfer.objects.filter(condition).annotate(
        on_text=Cast("on", CharField()), at_text=Cast("at", CharField())
    )  # fmt: skip
    return rows.order_by(*order).values_list("pk", "batch_id", "digest", *_SHOWN).iterator(CHUNK)


@lru_cache(4096)
def _moment(text: str) -> str:
    at = datetime.fromisoformat(text)
    return moment_text(at if at.tzinfo else datetime.fromisoformat(f"{text}+00:00"))


def _digest(row: Row) -> str:
    facts = list(row[3:])
    facts[_AT] = _moment(facts[_AT])
    return digest_of(facts)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _find_wrong_singles() -> Iterator[str]:
    """Transfers written one by one, beside the entries of the journal about them, a stretch of numbers at a time."""
    last = 0
    for chunk in _chunks(_list_rows(Q(batch__isnull=True), "pk")):
        first, last = last, chunk[-1][0]
        yield from _compare(chunk, _told("ledger.transfer", Q(object_id__gt=first, object_id__lte=last)))
    yield from _compare([], _told("ledger.transfer", Q(object_id__gt=last)))


def _told(model: str, condition: Q) -> dict[int, str]:
    """The digests that the journal holds, by the number of the row."""
    entries = Entry.objects.filter(condition, model=model, kind__startswith=f"{model}.").order_by()
    return {pk or 0: data["digest"] for pk, data in entries.values_list("object_id", "data") if "digest" in data}


def _compare(rows: Iterable[Row], told: dict[int, str]) -> Iterator[str]:
    for row in rows:
        counted, said = _digest(row), told.pop(row[0], "")
        if counted != row[2]:
            yield f"流水 {row[0]}：内容和它的摘要不符，被改过"
        elif not said:
            yield f"流水 {row[0]}：日志里没有这一笔"
        elif counted != said:
            yield f"流水 {row[0]}：和日志里的摘要不符，被改过"
    for pk in sorted(told):
        yield f"流水 {pk}：日志里有，台账里没有了"


def _find_wrong_batches() -> Iterator[str]:
    kept = {pk: (digest, count) for pk, digest, count in Batch.objects.values_list("pk", "digest", "count")}
    told = _told("ledger.batch", Q())
    seen = set()
    for batch_id, rows in groupby(_list_rows(Q(batch__isnull=False), "batch_id", "pk"), key=lambda row: row[1]):
        seen.add(batch_id)
        yield from _compare_batch(batch_id, rows, kept[batch_id], told.get(batch_id, ""))
    for pk in sorted((kept.keys() | told.keys()) - seen):
        yield f"第 {pk} 批：流水都不在了"


def _compare_batch(batch_id: int, rows: Iterator[Row], kept: tuple[str, int], told: str) -> Iterator[str]:
    digests, changed = [], False
    for row in rows:
        counted = _digest(row)
        digests.append(counted)
        if counted != row[2]:
            changed = True
            yield f"流水 {row[0]}（第 {batch_id} 批）：内容和它的摘要不符，被改过"
    digest, count = kept
    if len(digests) != count:
        yield f"第 {batch_id} 批：写的是 {count} 笔，现在有 {len(digests)} 笔"
    elif not changed and batch_digest(digests) != digest:
        yield f"第 {batch_id} 批：流水和这一批的摘要不符，有一笔被换过"
    elif told != digest:
        yield f"第 {batch_id} 批：和日志里的摘要不符"
