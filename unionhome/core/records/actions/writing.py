"""Writing service records down, one or many, and taking one back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from unionhome.core.journal import actions as journal
from unionhome.core.journal.models import Entry
from unionhome.core.periods.queries import require_open
from unionhome.core.records.actions.folding import owe
from unionhome.core.records.models import ServiceRecord
from unionhome.core.records.queries import Place, get_service_labels, list_places
from unionhome.core.records.rules import NewRecord, check, digest
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.bulk import insert, take_ids

ADDED = "records.record.added"
COPIED = (
    "service",
    "node_id",
    "county_id",
    "town_id",
    "village_id",
    "path",
    "on",
    "person_id",
    "head_count",
    "beneficiary_kind",
    "amount_fen",
    "theme",
    "joint",
    "link",
    "about_model",
    "about_id",
    "hidden_path",
)


@transaction.atomic
def add(
    actor: Actor,
    *,
    service: str,
    node: Node,
    on: date,
    summary: str,
    link: str = "",
    person_id: int | None = None,
    head_count: int = 1,
    amount_fen: int = 0,
    theme: str = "",
    joint: str = "",
    about: Model | None = None,
    beneficiary_kind: str = "worker",
    hidden_path: str = "",
) -> ServiceRecord:
    """Write down one service; the act that gave it has checked who may.

    County, town and village are those of the union on the day. `summary` is read by the person served.
    Raises BadInput for a record that could not stand or whose day is closed, ValueError for a service no room declared.
    """
    new = NewRecord(
        service=service,
        node=node,
        on=on,
        summary=summary,
        link=link,
        person_id=person_id,
        head_count=head_count,
        amount_fen=amount_fen,
        theme=theme,
        joint=joint,
        about=about,
        beneficiary_kind=beneficiary_kind,
        hidden_path=hidden_path,
    )
    _check_all(actor, [new])
    entry = journal.record(
        actor,
        ADDED,
        node=node,
        about=about,
        subject_id=person_id,
        summary=summary,
        data={"service": service, "on": on.isoformat(), **_sums([new])},
        hidden_path=hidden_path,
    )
    place = list_places([(node, on)])[node.pk, on]
    row = _row(actor, new, place, entry)
    row.save(force_insert=True)
    if not hidden_path:
        owe([entry.pk])
    return row


@transaction.atomic
def add_many(actor: Actor, news: Iterable[NewRecord]) -> list[int]:
    """Write down a batch; the ids of its records, in order.

    Each union and hidden branch gets one journal entry that holds the digest of its rows. All or nothing; raises as
    `add` does.
    """
    batch = list(news)
    _check_all(actor, batch)
    parts: dict[tuple[int, str], list[NewRecord]] = defaultdict(list)
    for new in batch:
        parts[new.node.pk, new.hidden_path].append(new)
    made = journal.record_each(actor, ADDED, [_part_fact(part) for part in parts.values()])
    entries = {key: entry.pk for key, entry in zip(parts, made, strict=True)}
    places = list_places((new.node, new.on) for new in batch)
    ids = take_ids(ServiceRecord, len(batch))
    at = connection.ops.adapt_datetimefield_value(actor.at)
    insert(
        ServiceRecord,
        COLUMNS,
        (
            (pk, at, actor.user_id, entries[new.node.pk, new.hidden_path], *_facts(new, places[new.node.pk, new.on]))
            for pk, new in zip(ids, batch, strict=True)
        ),
    )
    owe(entry for (_, hidden_path), entry in entries.items() if not hidden_path)
    return ids


@transaction.atomic
def reverse(actor: Actor, record: ServiceRecord, *, reason: str) -> ServiceRecord:
    """Take a record back by a second one with the same facts and the opposite sign.

    The second one bears the day of the first, so a pair counts for nothing in any period. Raises BadInput for a day
    that is closed, Refused when the record was taken back before or is itself such a second one.
    """
    row = ServiceRecord.objects.select_for_update(of=("self",)).select_related("node").get(pk=record.pk)
    if row.sign < 0:
        raise Refused(
            "这条本身就是冲正记录，不能再冲正；需要时重新登记一条。",
            "reversal-of-reversal",
        )
    if ServiceRecord.objects.filter(reverses=row).exists():
        raise Refused("这条记录已经冲正过了。", "already-reversed")
    if not reason.strip():
        raise Refused("先写明为什么冲正。", "reason-missing")
    require_open([(row.node, row.on)], "reason")
    entry = journal.record(
        actor,
        "records.record.reversed",
        node=row.node,
        about=row,
        subject_id=row.person_id,
        summary=f"冲正：{row.summary}",
        data={
            "reason": reason,
            "service": row.service,
            "on": row.on.isoformat(),
            "count": 1,
            "head_count": row.head_count,
            "amount_fen": row.amount_fen,
        },
        hidden_path=row.hidden_path,
    )
    back = ServiceRecord.objects.create(
        **{name: getattr(row, name) for name in COPIED},
        summary=f"冲正：{reason}"[:200],
        sign=-1,
        reverses=row,
        at=actor.at,
        entry=entry,
        created_by_id=actor.user_id,
    )
    if not row.hidden_path:
        owe([entry.pk])
    return back


def _check_all(actor: Actor, news: list[NewRecord]) -> None:
    known, today = get_service_labels(), timezone.localdate(actor.at)
    for new in news:
        if new.service not in known:
            raise ValueError(f"no room declares the service {new.service!r}")
        check(new, today)
    require_open((new.node, new.on) for new in news)


def _part_fact(part: list[NewRecord]) -> journal.BulkFact:
    return journal.BulkFact(
        part[0].node,
        f"登记 {len(part)} 条服务记录",
        {"sha256": digest(part), **_sums(part)},
        part[0].hidden_path,
    )


def _sums(news: list[NewRecord]) -> Mapping[str, Any]:
    return {
        "count": len(news),
        "head_count": sum(new.head_count for new in news),
        "amount_fen": sum(new.amount_fen for new in news),
    }


COLUMNS = (
    "id", "at", "created_by_id", "entry_id", "service", "node_id", "county_id", "town_id", "village_id", "path", "on",
    "person_id", "head_count", "beneficiary_kind", "amount_fen", "theme", "joint", "summary", "link", "about_model",
    "about_id", "hidden_path", "sign",
)  # fmt: skip
_FACTS = COLUMNS[4:]


def _facts(new: NewRecord, place: Place) -> tuple[Any, ...]:
    """Values of a new record in the order of `_FACTS`; days as text, as drivers take them in bulk."""
    about = new.about
    return (
        new.service, new.node.pk, place.county_id, place.town_id, place.village_id, place.path, new.on.isoformat(),
        new.person_id, new.head_count, new.beneficiary_kind, new.amount_fen, new.theme, new.joint, new.summary,
        new.link, about._meta.label_lower if about else "", about.pk if about else None, new.hidden_path, 1,
    )  # fmt: skip


def _row(actor: Actor, new: NewRecord, place: Place, entry: Entry) -> ServiceRecord:
    facts = {**dict(zip(_FACTS, _facts(new, place), strict=True)), "on": new.on}
    return ServiceRecord(**facts, at=actor.at, entry=entry, created_by_id=actor.user_id)
