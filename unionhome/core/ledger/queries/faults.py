"""The ledger counted anew: accounts, authorities, lots, reversals, and every digest against the journal's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

from django.db.models import CharField, Max, Q, Sum
from django.db.models.functions import Cast

from unionhome.core.journal.models import Entry
from unionhome.core.ledger.models import FLOORS, Account, Allowance, Batch, Reversal, Transfer
from unionhome.core.ledger.rules import ASKED, AUTHORITY, FACTS, batch_digest, digest_of, moment_text, quantity_text
from unionhome.core.ledger.workflow import Code

CHUNK, FEW = 10_000, 500
TWICE = "twice"
ENDS = ("confirmed", "refused")
Kind = Account.Kind
Row = tuple[Any, ...]
_SHOWN = [f"{name}_text" if name in ("on", "at") else name for name in FACTS]
_AT = FACTS.index("at")
_OF_BATCH = [3 + FACTS.index(name) for name in ("node_id", "code", "fund", "unit", "at")]


def count_transfers() -> int:
    """How many there are."""
    return Transfer.objects.count()


def find_faults() -> Iterator[str]:
    """A sentence for each thing that differs, with the account or transfer it is about. Streams; holds no table whole."""
    yield from _find_wrong_accounts()
    yield from _find_wrong_allowances()
    yield from _find_wrong_words()
    yield from _find_wrong_singles()
    yield from _find_wrong_batches()
    yield from _find_wrong_reversals()


def _find_wrong_accounts() -> Iterator[str]:
    """Balances, and whether each account is what its transfers say: whose, of which fund, of which kind."""
    counted: dict[int, int] = defaultdict(int)
    said: dict[int, set[Row]] = defaultdict(set)
    floors = {kind.value: floor for kind, floor in FLOORS.items()}
    sides = ("debit", "credit", "code", "node", "fund", "unit", "source")
    rows = Transfer.objects.order_by().values_list(*sides).annotate(total=Sum("quantity"))
    for debit, credit, code, node, fund, unit, source, total in rows.iterator(CHUNK):
        for pk, kind, moved in zip((debit, credit), _kinds_of(code, source), (-total, total), strict=True):
            counted[pk] += moved
            said[pk].add((node, fund, unit, kind, source if kind == Kind.SOURCE else ""))
    for account in Account.objects.select_related("node").order_by("pk").iterator(CHUNK):
        name = f"账户 {account.pk}（{account.node.name}，{account.fund}，{account.get_kind_display()}{account.source}）"
        if counted[account.pk] != account.balance:
            kept, right = quantity_text(account.balance, account.unit), quantity_text(counted[account.pk], account.unit)
            yield f"{name}：余额写的是 {kept}，按流水是 {right}"
        facts = (account.node_id, account.fund, account.unit, account.kind, account.source)
        if said[account.pk] != {facts} or account.floor != floors.get(account.kind, -1):
            yield f"{name}：工会、资金、单位、种类、来源或者下限和流水不符，被改过"


def _kinds_of(code: str, source: str) -> tuple[str, str]:
    """From which kind of account to which; of a code that nobody knows, from none."""
    if code == Code.REVERSE:
        return (Kind.FUND, Kind.SOURCE) if source else (Kind.PAYEE, Kind.FUND)
    kinds: dict[str, tuple[str, str]] = {
        Code.INCOME: (Kind.SOURCE, Kind.FUND),
        Code.RESERVE: (Kind.FUND, Kind.RESERVED),
        Code.PAY: (Kind.RESERVED, Kind.PAYEE),
        Code.VOID: (Kind.RESERVED, Kind.FUND),
    }
    return kinds.get(code, ("", ""))


def _find_wrong_words() -> Iterator[str]:
    """Allowances beside what the journal holds of their last reservation: another id would give an authority its ceiling
    once more."""
    reserved = Transfer.objects.filter(allowance__isnull=False, code=Code.RESERVE).order_by().values_list("allowance")
    last = dict(reserved.annotate(last=Max("pk")))
    allowances = Allowance.objects.order_by("pk").iterator(FEW)
    while chunk := list(islice(allowances, FEW)):
        wanted = [last[each.pk] for each in chunk if each.pk in last]
        batches = dict(Transfer.objects.filter(pk__in=wanted).values_list("pk", "batch_id"))
        singles = _told("ledger.transfer", Q(object_id__in=wanted), "authority")
        lots = _told("ledger.batch", Q(object_id__in=filter(None, batches.values())), "authority")
        for each in chunk:
            pk = last.get(each.pk, 0)
            told = lots.get(batch_id, "") if (batch_id := batches.get(pk)) else singles.get(pk, "")
            if told != digest_of(getattr(each, name) for name in AUTHORITY):
                yield f"依据 {each.pk}（{each.title or each.kind}）：和日志里的摘要不符，被改过"


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


def _told(model: str, condition: Q, word: str = "digest") -> dict[int, str]:
    """The digests that the journal holds, by the number of the row; where it holds two, neither counts."""
    told: dict[int, str] = {}
    entries = Entry.objects.filter(condition, model=model, kind__startswith=f"{model}.").order_by()
    for pk, data in entries.values_list("object_id", "data"):
        if word in data:
            told[pk or 0] = TWICE if pk in told else data[word]
    return told


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
    kept = {batch.pk: batch for batch in Batch.objects.all()}
    told = _told("ledger.batch", Q())
    seen = set()
    for batch_id, rows in groupby(_list_rows(Q(batch__isnull=False), "batch_id", "pk"), key=lambda row: row[1]):
        seen.add(batch_id)
        yield from _compare_batch(batch_id, rows, kept[batch_id], told.get(batch_id, ""))
    for pk in sorted((kept.keys() | told.keys()) - seen):
        yield f"第 {pk} 批：流水都不在了"


def _compare_batch(batch_id: int, rows: Iterator[Row], kept: Batch, told: str) -> Iterator[str]:
    digests, changed, total, said = [], False, 0, set()
    for row in rows:
        counted = _digest(row)
        digests.append(counted)
        total += row[3 + FACTS.index("quantity")]
        said.add(tuple(row[place] for place in _OF_BATCH))
        if counted != row[2]:
            changed = True
            yield f"流水 {row[0]}（第 {batch_id} 批）：内容和它的摘要不符，被改过"
    if len(digests) != kept.count:
        yield f"第 {batch_id} 批：写的是 {kept.count} 笔，现在有 {len(digests)} 笔"
    elif not changed and batch_digest(digests) != kept.digest:
        yield f"第 {batch_id} 批：流水和这一批的摘要不符，有一笔被换过"
    elif told != kept.digest:
        yield f"第 {batch_id} 批：和日志里的摘要不符"
    wanted = (kept.node_id, kept.code, kept.fund, kept.unit)
    if not changed and (
        total != kept.total
        or {each[:-1] for each in said} != {wanted}
        or {_moment(each[-1]) for each in said} != {moment_text(kept.at)}
    ):
        yield f"第 {batch_id} 批：工会、种类、资金、合计或者时间和流水不符，被改过"


def list_asked(row: Reversal) -> list[object]:
    """The facts of an asked reversal that the journal holds by one digest."""
    facts = [getattr(row, name) for name in ASKED]
    return [moment_text(each) if isinstance(each, datetime) else each for each in facts]


def _find_wrong_reversals() -> Iterator[str]:
    """Asked reversals beside the journal, and whether what is confirmed was taken back."""
    told = _told("ledger.reversal", Q())
    ends = Entry.objects.filter(model="ledger.reversal", kind__in=[f"ledger.reversal.{end}" for end in ENDS])
    ended = {pk: kind.rpartition(".")[2] for pk, kind in ends.values_list("object_id", "kind")}
    for row in Reversal.objects.select_related("transfer__reversal").order_by("pk").iterator(CHUNK):
        taken_back = getattr(row.transfer, "reversal", None)
        if told.pop(row.pk, "") != digest_of(list_asked(row)):
            yield f"冲正申请 {row.pk}（流水 {row.transfer_id}）：和日志里的摘要不符，被改过"
        elif row.state != ended.get(row.pk, "asked") or (row.state == "confirmed" and taken_back is None):
            yield f"冲正申请 {row.pk}（流水 {row.transfer_id}）：状态和日志不符，被改过"
    for pk in sorted(told):
        yield f"冲正申请 {pk}：日志里有，台账里没有了"
