"""Counting marked unions anew, and proving what is kept.

A union is always counted whole, from its memberships, so that it matters neither what changed nor how often. Whoever
reads meanwhile takes marked unions from their memberships: a mark goes in the transaction that wrote the new counts.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, transaction

from unionhome.core.members.actions.counts.marking import is_marking, is_settled
from unionhome.core.members.models import (
    Membership,
    StandingMark,
    StandingMonth,
    StandingOverlap,
    StandingTotal,
)
from unionhome.core.members.queries import counts
from unionhome.core.members.queries.counts import COLUMNS, Vector
from unionhome.kit import bulk

LOCK = 4_150_016
"""The advisory lock of whoever counts."""
AT_ONCE = 400
"""Unions counted in one transaction."""
MOST_LOTS = 200
"""Enough for any city; where unions are marked faster than they are counted, the next round goes on."""


def fold_counts() -> int:
    """Count all marked unions; how many there were. None where nothing marks them, tables being altered, or while
    somebody is amid changing persons or employers: their unions stay marked, and the next round goes on."""
    if not is_marking():
        return 0
    done = 0
    for _ in range(MOST_LOTS):
        nodes = counts.list_marked(AT_ONCE - 1)
        if not nodes or not _fold(nodes):
            break
        done += len(nodes)
    return done


@transaction.atomic
def _fold(nodes: Collection[int]) -> bool:
    """Count some unions and take their marks away; False where that must wait."""
    _count_alone()
    StandingMark.objects.filter(node_id__in=nodes).delete()
    if not is_settled():  # asked between marks and memberships: who begins now sees whose marks went
        transaction.set_rollback(True)
        return False
    changes = counts.list_changes(nodes)
    StandingMonth.objects.filter(node__in=nodes).delete()
    StandingTotal.objects.filter(node__in=nodes).delete()
    months = [
        (node, month.isoformat(), *held)
        for node, by_month in changes.items()
        for month, held in by_month.items()
        if any(held)
    ]
    bulk.insert(StandingMonth, ("node_id", "begins_on", *COLUMNS), months)
    totals = [(node, *_sum(by_month.values())) for node, by_month in changes.items()]
    bulk.insert(StandingTotal, ("node_id", *COLUMNS), totals)
    overlaps = [StandingOverlap(person_id=pk) for pk in sorted(counts.list_overlapping(nodes))]
    StandingOverlap.objects.bulk_create(overlaps, ignore_conflicts=True)
    return True


def _count_alone() -> None:
    """Nobody else counts until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _sum(vectors: Any) -> Vector:
    return [sum(each) for each in zip(*vectors, strict=True)]


@transaction.atomic
def recompute_counts() -> int:
    """Make all counts anew from the memberships; of how many unions."""
    _count_alone()
    StandingOverlap.objects.all().delete()
    StandingMonth.objects.all().delete()
    StandingTotal.objects.all().delete()
    StandingMark.objects.all().delete()
    nodes = Membership.objects.order_by().values_list("node", flat=True).distinct()
    StandingMark.objects.bulk_create([StandingMark(node_id=pk) for pk in nodes], batch_size=500)
    return fold_counts()


@transaction.atomic
def verify_counts() -> list[int]:
    """Unions that are not marked and whose kept counts are not what their memberships come to. Nothing is changed."""
    marked = set(StandingMark.objects.values_list("node_id", flat=True))
    kept = set(StandingTotal.objects.values_list("node_id", flat=True))
    ordered = sorted((kept | set(Membership.objects.order_by().values_list("node", flat=True).distinct())) - marked)
    known = counts.list_overlapping(marked) | set(StandingOverlap.objects.values_list("person_id", flat=True))
    wrong: list[int] = []
    for start in range(0, len(ordered), AT_ONCE):
        nodes = ordered[start : start + AT_ONCE]
        changes = counts.list_changes(nodes)
        months, totals = _kept(nodes)
        unknown = counts.list_overlapping(nodes) - known
        unsure = set(Membership.objects.filter(person__in=unknown).values_list("node", flat=True))
        for node in nodes:
            by_month = {month: held for month, held in changes.get(node, {}).items() if any(held)}
            whole = _sum(by_month.values()) if by_month else [0] * len(COLUMNS)
            held = totals.get(node, [0] * len(COLUMNS))
            if months.get(node, {}) != by_month or held != whole or node in unsure:
                wrong.append(node)
    written = set(StandingMark.objects.values_list("node_id", flat=True))
    return [node for node in wrong if node not in written]


def _kept(nodes: Collection[int]) -> tuple[dict[int, dict[date, Vector]], dict[int, Vector]]:
    months: dict[int, dict[date, Vector]] = {}
    for node, month, *held in StandingMonth.objects.filter(node__in=nodes).values_list("node", "begins_on", *COLUMNS):
        months.setdefault(node, {})[month] = held
    totals = StandingTotal.objects.filter(node__in=nodes).values_list("node", *COLUMNS)
    return months, {node: held for node, *held in totals}
