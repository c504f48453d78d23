"""Exports of the national register: batches of a branch, their mappings, and their differences."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from unionhome.core.members.models import Membership, NationalDifference, NationalImport, NationalMapping, Person
from unionhome.core.members.queries.files import get_clear_values, get_shown_name
from unionhome.core.members.queries.rosters import ASKED_AT_ONCE, IMPORT, find_known, get_union_names
from unionhome.core.members.rules import facts, sealed
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.members.rules.national import DifferenceKind, DifferenceState, NationalRow, label_of
from unionhome.core.members.rules.roster import FACTS, RosterRow
from unionhome.core.members.rules.roster_judging import MEMBERSHIP_LABELS, Known
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.tree.rules import prefixes
from unionhome.kit import codes


def list_national(actor: Actor) -> QuerySet[NationalImport]:
    """Exports handed in within the actor's branches, newest first."""
    return scope(NationalImport.objects.select_related("node", "user", "mapping"), actor, IMPORT).order_by("-pk")


def get_national(actor: Actor, pk: int) -> NationalImport:
    """Raises NotFound out of the actor's branches."""
    found = list_national(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_national(pk: int) -> NationalImport | None:
    """An export for the worker, with whoever handed it in."""
    return NationalImport.objects.select_related("user__node", "node", "mapping").filter(pk=pk).first()


def find_mapping(node: Node, fingerprint: str) -> NationalMapping | None:
    """How a branch, or the nearest branch above it, reads exports with this header."""
    rows = NationalMapping.objects.filter(node__path__in=prefixes(node.path), fingerprint=fingerprint)
    return rows.order_by("-node__path").first()


def list_mappings(actor: Actor) -> QuerySet[NationalMapping]:
    """Mappings saved in the actor's branches."""
    return scope(NationalMapping.objects.select_related("node"), actor, IMPORT).order_by("-saved_at")


def list_old_national(before: datetime) -> QuerySet[NationalImport]:
    """Exports whose content may be kept no longer."""
    return NationalImport.objects.filter(erased_at__isnull=True, created_at__lt=before).exclude(state="comparing")


# -- comparing -------------------------------------------------------------------------------------------------------


def find_row(difference: NationalDifference) -> NationalRow | None:
    """The row behind a difference, its indexes as of now; None for who is not in the export, and for an erased one."""
    if not difference.row_sealed:
        return None
    read, *rest = json.loads(sealed.open_text(difference.row_sealed, sealed.NATIONAL))
    row = RosterRow._make(read)
    blind, phone = sealed.document_index(row.kind, row.document), sealed.phone_index(row.phone)
    return NationalRow(row._replace(blind=blind, phone_index=phone), *rest)


def find_national_marks(person_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number and state in the national register of many persons."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(person_ids), ASKED_AT_ONCE):
        rows = Person.objects.filter(pk__in=person_ids[start : start + ASKED_AT_ONCE])
        found.update({pk: (no, state) for pk, no, state in rows.values_list("pk", "national_no", "national_state")})
    return found


def list_standing_of(branch: Node) -> Iterator[tuple[int, int]]:
    """Person and union of every member of a branch, streamed."""
    rows = Membership.objects.filter(branch_q("node__path", [branch.path]), status__in=STANDING)
    return rows.order_by("pk").values_list("person_id", "node_id").iterator(chunk_size=5000)


def list_settled(batch: NationalImport) -> set[tuple[str, int]]:
    """What was kept or left aside in this batch, and stays so when it is compared again: kind with person or row."""
    rows = NationalDifference.objects.filter(batch=batch).exclude(state=DifferenceState.OPEN)
    return {(kind, person or number) for kind, person, number in rows.values_list("kind", "person_id", "number")}


# -- the list --------------------------------------------------------------------------------------------------------


def list_differences(
    actor: Actor, batch: NationalImport, *, kind: str = "", state: str = DifferenceState.OPEN, field: str = ""
) -> QuerySet[NationalDifference]:
    """Differences of a batch within the actor's branches, in the order of the export."""
    rows = scope(NationalDifference.objects.filter(batch=batch, state=state), actor, IMPORT)
    if kind:
        rows = rows.filter(kind=kind)
    if field:
        rows = rows.filter(pk__in=_ids_with(rows, field))
    return rows.select_related("node").order_by("kind", "number", "pk")


def _ids_with(rows: QuerySet[NationalDifference], field: str) -> list[int]:
    """A list within JSON is asked the same way on both engines: few rows differ in what a cadre looks at at once."""
    return [pk for pk, fields in rows.values_list("pk", "fields").iterator(chunk_size=5000) if field in fields]


def count_differences(actor: Actor, batch: NationalImport) -> dict[tuple[str, str], int]:
    """Rows by kind and state. One query."""
    rows = scope(NationalDifference.objects.filter(batch=batch), actor, IMPORT).order_by()
    return {
        (kind, state): count
        for kind, state, count in rows.values_list("kind", "state").annotate(count=Count("pk"))
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One fact on both sides, masked where it is covered elsewhere too."""

    label: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One row of the list."""

    id: int
    number: int
    kind: DifferenceKind
    state: DifferenceState
    name: str
    document: str
    union: str
    person_id: int | None
    pairs: tuple[FieldPair, ...]
    note: str
    reason: str
    decided_at: datetime | None


def list_difference_rows(actor: Actor, rows: Iterable[NationalDifference]) -> list[DifferenceRow]:
    """Lines of a page of differences; a constant number of queries."""
    page = list(rows)
    opened = {row.pk: find_row(row) for row in page if row.kind == DifferenceKind.DIFFERS}
    known = find_known([each.row.blind for each in opened.values() if each])
    persons = Person.objects.select_related("node").in_bulk([row.person_id for row in page if row.person_id])
    names = get_union_names(
        [each.row.node_id for each in opened.values() if each] + [each.node_id for each in known.values()]
    )
    return [_row(actor, row, persons.get(row.person_id or 0), opened.get(row.pk), known, names) for row in page]


def _row(
    actor: Actor,
    row: NationalDifference,
    person: Person | None,
    read: NationalRow | None,
    known: Mapping[str, Known],
    names: Mapping[int, str],
) -> DifferenceRow:
    held = known.get(read.row.blind) if read else None
    pairs = tuple(_pair(key, person, held, read.row, names) for key in row.fields) if person and held and read else ()
    is_seen = person is not None and actor.may(IMPORT, person.node.path)
    document = codes.mask_document(sealed.open_text(person.document_sealed, sealed.DOCUMENT)) if person else ""
    return DifferenceRow(
        id=row.pk,
        number=row.number,
        kind=DifferenceKind(row.kind),
        state=DifferenceState(row.state),
        name=get_shown_name(actor, person) if person and is_seen else row.shown.get("name", ""),
        document=document if is_seen else row.shown.get("document", ""),
        union=row.node.name,
        person_id=person.pk if person and is_seen else None,
        pairs=pairs,
        note=row.shown.get("note", ""),
        reason=row.reason,
        decided_at=row.decided_at,
    )


def _pair(key: str, person: Person, held: Known, row: RosterRow, names: Mapping[int, str]) -> FieldPair:
    if key == "union":
        return FieldPair(label_of(key), names.get(held.node_id, ""), names.get(row.node_id, ""))
    if key in MEMBERSHIP_LABELS:
        own, given = _of_membership(key, held, row)
        return FieldPair(label_of(key), own or "没有登记", given)
    own = get_clear_values(person)[key]
    theirs = {
        **dict(zip(FACTS, row.facts, strict=True)),
        "name": row.name, "phone": row.phone, "birth_on": row.birth, "sex": row.sex,
    }[key]  # fmt: skip
    return FieldPair(label_of(key), facts.show(key, own, masked=True), facts.show(key, theirs, masked=True))


def _of_membership(key: str, held: Known, row: RosterRow) -> tuple[str, str]:
    own = {"employer": held.employer, "union_post": held.post, "joined_on": held.joined, "note": held.note}
    given = {"employer": row.employer, "union_post": row.post, "joined_on": row.joined, "note": row.note}
    if key == "card_no":
        return sealed.mask_card(held.card_no), sealed.mask_card(row.card_no)
    return own[key], given[key]
