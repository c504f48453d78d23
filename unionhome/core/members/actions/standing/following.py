"""Members and their open matters go with a union that is merged, divided or dissolved: set-based, in batches."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, OuterRef, Subquery

from unionhome.core.journal.actions import BulkFact, record_bulk
from unionhome.core.members.models import Application, Correction, Leaving, Membership, Person, RosterImport
from unionhome.core.members.queries.following import list_standing_members
from unionhome.core.members.rules.codes import STANDING, Entry, Held, Status
from unionhome.core.members.workflow import APPLICATION, CORRECTION, LEAVING, ROSTER
from unionhome.core.organizations.actions import Following
from unionhome.core.registry import Actor, Table
from unionhome.core.workflow.actions import pass_on
from unionhome.kit import bulk

BATCH = 2_000
COLUMNS = (
    "person_id", "node_id", "employer_id", "employer_text", "union_post", "card_no", "entry", "joined_on",
    "counts_on", "status", "left_on", "held", "reason", "note", "created_at",
)  # fmt: skip
KEPT = ("pk", "person_id", "employer_id", "employer_text", "card_no", "joined_on", "status", "note", "counts_on")
MATTERS: tuple[tuple[Table, type[Model]], ...] = (
    (APPLICATION, Application),
    (LEAVING, Leaving),
    (CORRECTION, Correction),
    (ROSTER, RosterImport),
)


@transaction.atomic
def follow_union(actor: Actor, following: Following) -> dict[str, int]:
    """Close every standing membership of the source on the day and open one at the target; the counts by kind.

    Each member keeps the earlier stay with its last day; card and state go along, posts in the old union do not. Who
    joined after the day goes from the day of joining. `following.keeps` makes the new stay a retained one. The file
    goes to the target. One entry for each of the two unions, with the digest of the rows.
    """
    members, digest = 0, hashlib.sha256()
    for batch in _batches(following):
        digest.update("".join(f"{row[0]},{row[1]}\n" for row in batch).encode())
        _move(actor, following, batch)
        members += len(batch)
    if members:
        _record(actor, following, members, digest.hexdigest())
    if following.employer_ids is not None:
        return {"members": members}
    return {"members": members, "matters": _pass_on_matters(actor, following)}


def _batches(following: Following) -> Iterator[Sequence[Any]]:
    """The standing memberships in the order of their ids; each batch is locked, then read, after the one before was
    written: somebody's death or leaving that was recorded meanwhile stands."""
    last = 0
    rows = list_standing_members(following.source, following.employer_ids).order_by("pk")
    while found := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = found[-1]
        locked = Membership.objects.select_for_update().filter(pk__in=found).order_by("pk")
        if batch := list(rows.filter(pk__in=list(locked.values_list("pk", flat=True))).values_list(*KEPT)):
            yield batch


def _move(actor: Actor, following: Following, batch: Sequence[Any]) -> None:
    reason = following.reason[:200]
    days = {row[0]: max(following.on, row[5]).isoformat() for row in batch}
    bulk.update(
        Membership,
        ("status", "left_on", "reason"),
        [(Status.LEFT.value, days[row[0]], reason, row[0]) for row in batch],
    )
    at = connection.ops.adapt_datetimefield_value(actor.at)
    bulk.insert(Membership, COLUMNS, (_stay(following, row, days[row[0]], reason, at) for row in batch))
    people = [row[1] for row in batch]
    for start in range(0, len(people), 500):
        Person.objects.filter(pk__in=people[start : start + 500]).update(node=following.target)


def _stay(following: Following, row: Any, day: str, reason: str, at: Any) -> tuple[Any, ...]:
    _, person, employer, employer_text, card_no, _, status, note, counts_on = row
    kept = following.keeps or status == Status.RETAINED
    return (
        person,
        following.target.pk,
        employer,
        employer_text,
        "",
        card_no,
        Entry.TRANSFERRED.value,
        day,
        max(day, counts_on.isoformat()),
        Status.RETAINED.value if following.keeps else status,
        None,
        (Held.RETAINED if kept else Held.ACTIVE).value,
        reason if following.keeps else "",
        note,
        at,
    )


def _record(actor: Actor, following: Following, members: int, digest: str) -> None:
    source, target = following.source, following.target
    data = {"members": members, "on": following.on.isoformat(), "sha256": digest}
    words = "保留会籍，由" if following.keeps else "转到"
    end = "保管" if following.keeps else ""
    record_bulk(
        actor,
        "members.union.followed",
        about=source,
        facts=[
            BulkFact(source, f"{source.name}会员 {members} 人{words}{target.name}{end}"[:300], data),
            BulkFact(target, f"{target.name}接收{source.name}会员 {members} 人"[:300], data),
        ],
    )


def _pass_on_matters(actor: Actor, following: Following) -> int:
    """Open applications, notices, requests and rosters wait at the target from now on; how many."""
    source, target, count = following.source, following.target, 0
    for table, model in MATTERS:
        ends = [state.name for state in table.states if state.is_end]
        rows: Any = model._default_manager.filter(node=source).exclude(state__in=ends)
        ids = list(rows.values_list("pk", flat=True))
        rows.update(node=target)
        count += pass_on(actor, table, ids, source=source, target=target, reason=following.reason)
    present = Membership.objects.filter(person=OuterRef("person"), status__in=STANDING).values("pk")[:1]
    waiting = Leaving.objects.filter(node=target, state="submitted")
    waiting.exclude(membership__status__in=STANDING).update(membership_id=Subquery(present))
    return count
