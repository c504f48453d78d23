"""Freezing anew where unions stood, after a tree whose past was entered wrongly has been put right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from unionhome.core.journal import actions as journal
from unionhome.core.periods.queries import list_closed_places
from unionhome.core.records.actions.folding import (
    fold,
    get_root_id,
    list_identities,
    list_records_of,
    lock_totals,
    summed,
    write_changes,
)
from unionhome.core.records.models import Pending, ServiceRecord
from unionhome.core.records.queries import Place, list_places
from unionhome.core.records.rules import Presence, Spot, people_changes
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q


@dataclass(frozen=True, slots=True)
class Placed:
    """How many records changed their place, and how many stayed at a wrong one since their day is closed."""

    moved: int
    kept: int


@transaction.atomic
def correct_places(actor: Actor, branch: Node) -> Placed:
    """Freeze anew where the unions of a branch stood on the days of their records.

    A move from one day on changes nothing here: earlier work stays where it was done. Totals follow. What is closed,
    at the place where a record stands or at the one where it should, stays as it is.
    """
    lock_totals()
    fold()
    misplaced = _list_misplaced(branch)
    closed = list_closed_places({at for row, place in misplaced for at in ((row.path, row.on), (place.path, row.on))})
    wrong = [
        (row, place) for row, place in misplaced if not closed & {(row.path, row.on), (place.path, row.on)}
    ]  # fmt: skip
    kept = len(misplaced) - len(wrong)
    if not wrong:
        return Placed(0, kept)
    owed = set(Pending.objects.filter(entry_id__isnull=False).values_list("entry_id", flat=True))
    counted = [(row, place) for row, place in wrong if not row.hidden_path and row.entry_id not in owed]
    taken = [_sums(row, _spot(row.county_id, row.town_id, row.node_id), -1) for row, _ in counted]
    given = [_sums(row, _spot(place.county_id, place.town_id, row.node_id), 1) for row, place in counted]
    root = get_root_id()
    people = people_changes(root, _moved(counted))
    write_changes(summed(root, [*taken, *given]), people)
    for row, place in wrong:
        row.path, row.county_id, row.town_id, row.village_id = (
            place.path, place.county_id, place.town_id, place.village_id,
        )  # fmt: skip
    ServiceRecord.objects.bulk_update([row for row, _ in wrong], ["path", "county", "town", "village"], batch_size=500)
    journal.record(
        actor,
        "records.record.placed",
        node=branch,
        summary=f"更正上级后，重新归属 {len(wrong)} 条服务记录",
        data={"count": len(wrong), "kept": kept},
    )
    return Placed(len(wrong), kept)


def _list_misplaced(branch: Node) -> list[tuple[ServiceRecord, Place]]:
    """Records whose frozen place is not where their union stood on the day, each with that place."""
    rows = list(ServiceRecord.objects.filter(branch_q("node__path", [branch.path])).select_related("node"))
    places = list_places((row.node, row.on) for row in rows)
    return [
        (row, place)
        for row in rows
        if (place := places[row.node_id, row.on]) != Place(row.path, row.county_id, row.town_id, row.village_id)
    ]


def _spot(county_id: int | None, town_id: int | None, node_id: int) -> Spot:
    """As `folding.SPOT` has it."""
    return Spot(county_id or node_id, (town_id or node_id) if county_id else None)


def _sums(row: ServiceRecord, spot: Spot, way: int) -> tuple[Any, ...]:
    sign = row.sign * way
    return *spot, row.on, row.service, sign, sign * row.head_count, sign * row.amount_fen


def _moved(rows: Iterable[tuple[ServiceRecord, Place]]) -> Iterator[Presence]:
    """All records of whoever is touched: those that move out of one place and into another, the others as they are."""
    new = {row.pk: _spot(place.county_id, place.town_id, row.node_id) for row, place in rows}
    persons = {row.person_id for row, _ in rows if row.person_id is not None}
    doubles = list_identities(persons)
    for person, service, day, spot, sign, pk in list_records_of({*persons, *doubles, *doubles.values()}):
        identity = doubles.get(person, person)
        if pk in new:
            yield Presence(identity, service, day, spot, sign, 0)
            yield Presence(identity, service, day, new[pk], 0, sign)
        else:
            yield Presence(identity, service, day, spot, sign, sign)
