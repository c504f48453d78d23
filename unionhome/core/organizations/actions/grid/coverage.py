"""Keeping `Coverage` true: which places and employers have their union and their grid worker, since when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionhome.core.organizations.models import Coverage, CoveredUnit, Division, Employer, GridWorker
from unionhome.core.organizations.rules import COMMITTEE_MEMBERS
from unionhome.core.periods.queries import list_open_since
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.codes import division_parent, division_short

BATCH = 1000
Key = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class State:
    """How a place or employer stands: covered or not, by which federation's care, in sight since when."""

    is_covered: bool
    node: Node
    since: date
    is_due: bool = False


@transaction.atomic
def settle_coverage(
    actor: Actor,
    *,
    places: Collection[str] | None = None,
    employers: Collection[int] | None = None,
    on: date | None = None,
) -> int:
    """Compare what is noted with what is, and write what changed from a day (today) on; the number of changes.

    Without places (12 digits) and employers everything is compared. Derived from acts that are journaled, so it
    journals nothing of its own; doing it again changes nothing.
    """
    day = on or timezone.localdate(actor.at)
    whole = places is None and employers is None
    facts = _Facts(None if whole else places or (), None if whole else employers or ())
    noted = {(row.kind, row.division_id, row.employer_id): row for row in facts.noted()}
    found = facts.found()
    gone = [row for key, row in noted.items() if key not in found]
    changed = [(row, found[key]) for key, row in noted.items() if key in found and _differs(row, found[key])]
    unknown = {key: state for key, state in found.items() if key not in noted}
    open_since = list_open_since({state.node.pk for state in unknown.values()})
    new = [
        _row(key, state, max(state.since, open_since.get(state.node.pk, state.since))) for key, state in unknown.items()
    ]
    _write(gone, changed, new, day)
    return len(gone) + len(changed) + len(new)


def _differs(row: Coverage, state: State) -> bool:
    noted = (row.is_covered, row.is_due, row.node_id)
    return noted != (state.is_covered, state.is_due, state.node.pk)


def _row(key: Key, state: State, since: date) -> Coverage:
    kind, division_id, employer_id = key
    return Coverage(
        kind=kind,
        division_id=division_id,
        employer_id=employer_id,
        node=state.node,
        is_covered=state.is_covered,
        is_due=state.is_due,
        starts_on=since,
    )


def _write(gone: list[Coverage], changed: list[tuple[Coverage, State]], new: list[Coverage], day: date) -> None:
    """Close what no longer holds and open what holds instead; what began no earlier is corrected in place."""
    for row in gone:
        row.ends_on = max(day, row.starts_on)
    over = [row for row, _ in changed if row.starts_on < day]
    for row in over:
        row.ends_on = day
    corrected = [(row, state) for row, state in changed if row.starts_on >= day]
    for row, state in corrected:
        row.is_covered, row.is_due, row.node = state.is_covered, state.is_due, state.node
    following = [
        _row((row.kind, row.division_id, row.employer_id), state, day)
        for row, state in changed
        if row.ends_on is not None
    ]
    Coverage.objects.bulk_update([*gone, *over], ["ends_on"], batch_size=BATCH)
    Coverage.objects.bulk_update([row for row, _ in corrected], ["is_covered", "is_due", "node"], batch_size=BATCH)
    Coverage.objects.bulk_create([*new, *following], batch_size=BATCH, ignore_conflicts=True)


class _Facts:
    """What is noted and what is, of all or of some places and employers."""

    def __init__(self, places: Collection[str] | None, employers: Collection[int] | None) -> None:
        self.places, self.employers = places, employers

    def noted(self) -> Iterable[Coverage]:
        rows = Coverage.objects.filter(ends_on=None)
        if self.places is None or self.employers is None:
            return rows
        return rows.filter(Q(division__in=self.places, employer=None) | Q(employer__in=self.employers))

    def found(self) -> dict[Key, State]:
        return {**self._of_places(), **self._of_employers()}

    @cached_property
    def federations(self) -> Mapping[str, Node]:
        standing = Node.objects.filter(is_local=True, closed_on=None, organization__status="active")
        if self.places is not None:
            codes = {division_short(step) for code in self._asked_codes() for step in _chain(code)}
            standing = standing.filter(code__in=codes)
        return {node.code: node for node in standing}

    def _asked_codes(self) -> set[str]:
        employers = Employer.objects.filter(pk__in=self.employers or ())
        return {*(self.places or ()), *employers.values_list("division_id", flat=True)}

    def _nearest(self, code: str) -> Node | None:
        return next((node for step in _chain(code) if (node := self.federations.get(division_short(step)))), None)

    def _of_places(self) -> dict[Key, State]:
        divisions = Division.objects.filter(level__in=("town", "village"), ended_year=None)
        workers = GridWorker.objects.filter(ends_on=None, cell__ends_on=None)
        if self.places is not None:
            divisions = divisions.filter(code__in=self.places)
            workers = workers.filter(cell__division__in=self.places)
        served = dict(workers.order_by("-starts_on").values_list("cell__division", "starts_on"))
        found: dict[Key, State] = {}
        for code, level in divisions.values_list("code", "level"):
            node = self._nearest(code)
            if node is None:
                continue
            has_union = node.code == division_short(code)
            found[level, code, None] = State(has_union, node, node.opened_on)
            if level == "village":
                found["worker", code, None] = State(code in served, node, served.get(code, node.opened_on))
        return found

    def _of_employers(self) -> dict[Key, State]:
        employers = Employer.objects.all()
        covers = CoveredUnit.objects.filter(ends_on=None)
        if self.employers is not None:
            employers = employers.filter(pk__in=self.employers)
            covers = covers.filter(employer__in=self.employers)
        since = dict(covers.values_list("employer", "starts_on"))
        found: dict[Key, State] = {}
        columns = ("pk", "division_id", "union_id", "created_at", "workers_count")
        for pk, code, union, created_at, workers in employers.values_list(*columns):
            node = self._nearest(code)
            if node is not None:
                begun = since.get(pk, timezone.localdate(created_at))
                found["employer", code, pk] = State(union is not None, node, begun, (workers or 0) >= COMMITTEE_MEMBERS)
        return found


def _chain(code: str) -> Iterable[str]:
    step: str | None = code
    while step:
        yield step
        step = division_parent(step)
