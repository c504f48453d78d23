"""Files that look alike: the list of a branch, two of them side by side, and merges."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet

from unionhome.core.members.models import Duplicate, Membership, Merge, Person
from unionhome.core.members.queries.files import employer_name, get_clear_values, get_shown_name
from unionhome.core.members.rules import facts, sealed
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.members.rules.duplicates import REASONS, Decision, Seen, compare
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.queries import branch_q, scope
from unionhome.kit import codes

VIEW, MERGE = "members.view", "members.merge"
TAKEABLE = (*(spec.key for spec in facts.FACTS if spec.key != "document"), "national_no", "national_state")
"""Facts that may go from one file to the other. A document stays with its own file and keeps leading to the person."""
LABELS = {"national_no": "全国系统会员编号", "national_state": "全国系统录入"}
_SEEN = (
    "id", "name", "name_initials", "birth_on", "phone_index", "phone_tail_index", "document_tail_index", "national_no",
)  # fmt: skip


# -- the scan --------------------------------------------------------------------------------------------------------


def list_blocks() -> Iterator[list[Seen]]:
    """Files that share birth and initials, a phone, or a number of the national register: streamed, block by block."""
    whole = Person.objects.filter(merged_into__isnull=True)
    for keys, rows in (
        (("birth_on", "name_initials"), whole.filter(birth_on__isnull=False)),
        (("phone_index",), _repeated(whole.exclude(phone_index=""), "phone_index")),
        (("national_no",), _repeated(whole.exclude(national_no=""), "national_no")),
    ):
        found = rows.order_by(*keys).values_list(*_SEEN).iterator(chunk_size=5000)
        places = [_SEEN.index(key) for key in keys]
        for _, block in groupby(found, key=lambda row, at=places: [row[place] for place in at]):  # type: ignore[misc]
            yield [Seen(*row) for row in block]


def _repeated(rows: QuerySet[Person], field: str) -> QuerySet[Person]:
    """Rows whose value another row has too."""
    twice = rows.order_by().values(field).annotate(count=Count("pk")).filter(count__gt=1).values(field)
    return rows.filter(**{f"{field}__in": twice})


def list_likenesses(one: Person, other: Person) -> list[str]:
    """What is alike in two files."""
    return compare(_seen(one), _seen(other))


def _seen(person: Person) -> Seen:
    return Seen(*(getattr(person, field) for field in _SEEN))


# -- lists -----------------------------------------------------------------------------------------------------------


def list_pairs(actor: Actor, state: str = Decision.OPEN) -> QuerySet[Duplicate]:
    """Pairs with a side in the actor's branches, each once: both sides in sight show as the older file's row."""
    rows = scope(Duplicate.objects.filter(state=state), actor, VIEW)
    if state != Decision.SAME:
        rows = rows.filter(person__merged_into__isnull=True, other__merged_into__isnull=True)
    return (
        rows.filter(~_other_seen(actor) | Q(person_id__lt=F("other_id")))
        .select_related("person__node", "other__node")
        .order_by("-found_at", "pk")
    )


def _other_seen(actor: Actor) -> Q:
    return Q() if actor.is_system else branch_q("other__node__path", actor.branches(VIEW))


@dataclass(frozen=True, slots=True)
class PairSide:
    """One file of a pair as a list shows it."""

    id: int
    name: str
    document: str
    union: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two files that look alike and why. `other` is None for a file out of the actor's sight."""

    id: int
    person: PairSide
    other: PairSide | None
    reasons: tuple[str, ...]
    state: Decision
    note: str
    found_at: datetime
    decided_at: datetime | None


def list_pair_rows(actor: Actor, rows: Iterable[Duplicate]) -> list[PairRow]:
    """Lines for pairs that `list_pairs` found. Of a file out of sight nothing is told but that it stands elsewhere."""
    return [_pair_row(actor, row) for row in rows]


def _pair_row(actor: Actor, row: Duplicate) -> PairRow:
    is_seen = actor.may(VIEW, row.other.node.path)
    return PairRow(
        id=row.pk,
        person=_side(actor, row.person),
        other=_side(actor, row.other) if is_seen else None,
        reasons=tuple(REASONS[code] for code in row.reasons if code in REASONS) if is_seen else (),
        state=Decision(row.state),
        note=row.note,
        found_at=row.found_at,
        decided_at=row.decided_at,
    )


def _side(actor: Actor, person: Person) -> PairSide:
    return PairSide(
        id=person.pk,
        name=get_shown_name(actor, person),
        document=codes.mask_document(sealed.open_text(person.document_sealed, sealed.DOCUMENT)),
        union=person.node.name,
    )


def get_pair_row(actor: Actor, pk: int) -> Duplicate:
    """One side of a pair in the actor's branches. Raises NotFound, also where the other side is out of sight."""
    row = scope(Duplicate.objects.select_related("person__node", "other__node"), actor, VIEW).filter(pk=pk).first()
    if row is None or not actor.may(VIEW, row.other.node.path):
        raise NotFound()
    return row


def get_pair(actor: Actor, one_id: int, other_id: int) -> tuple[Person, Person]:
    """Two files that stand for themselves, both in the actor's branches. Raises NotFound."""
    rows = scope(Person.objects.filter(merged_into__isnull=True), actor, VIEW).select_related("node")
    found = rows.in_bulk([one_id, other_id])
    if len(found) < 2:
        raise NotFound()
    return found[one_id], found[other_id]


# -- side by side ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SideFact:
    """A fact in one of two files."""

    value: str
    source: str
    on: date
    is_given: bool


@dataclass(frozen=True, slots=True)
class BothFacts:
    """A fact in both files; `may_take` where the one may take it from the other."""

    key: str
    label: str
    sides: tuple[SideFact, SideFact]
    is_same: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One file of two, with its membership."""

    person: Person
    name: str
    union: str
    membership: str
    since: date | None
    employer: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files side by side."""

    sides: tuple[Side, Side]
    facts: tuple[BothFacts, ...]
    reasons: tuple[str, ...]


def get_comparison(actor: Actor, one: Person, other: Person) -> Comparison:
    """Both files of a pair that the caller has scoped, what identifies a person masked."""
    standing = {
        row.person_id: row
        for row in Membership.objects.filter(person__in=(one, other), status__in=STANDING).select_related(
            "node", "employer"
        )
    }
    reasons = [REASONS[code] for code in list_likenesses(one, other)]
    if _same_number(one, other):
        reasons.insert(0, "证件号码相同，证件类型或写法不同")
    return Comparison(
        sides=(_whole_side(actor, one, standing), _whole_side(actor, other, standing)),
        facts=tuple(_both(actor, one, other)),
        reasons=tuple(reasons),
    )


def _same_number(one: Person, other: Person) -> bool:
    return one.document_tail_index == other.document_tail_index and sealed.open_text(
        one.document_sealed, sealed.DOCUMENT
    ) == sealed.open_text(other.document_sealed, sealed.DOCUMENT)


def _whole_side(actor: Actor, person: Person, standing: dict[int, Membership]) -> Side:
    held = standing.get(person.pk)
    return Side(
        person=person,
        name=get_shown_name(actor, person),
        union=person.node.name,
        membership=held.get_status_display() if held else "不在会",
        since=held.joined_on if held else None,
        employer=employer_name(held),
        is_member=held is not None,
    )


def _both(actor: Actor, one: Person, other: Person) -> Iterator[BothFacts]:
    values = (_all_values(one), _all_values(other))
    for key in ("name", "document", *TAKEABLE[1:]):
        here, there = (each[key] for each in values)
        if not (here or there):
            continue
        label = LABELS.get(key) or facts.BY_KEY[key].label
        sides = (_side_fact(actor, one, key, here), _side_fact(actor, other, key, there))
        yield BothFacts(key, label, sides, here == there, key in TAKEABLE and here != there)


def _all_values(person: Person) -> dict[str, str]:
    return {**get_clear_values(person), "national_no": person.national_no, "national_state": person.national_state}


def _side_fact(actor: Actor, person: Person, key: str, value: str) -> SideFact:
    source, on = facts.source_of(key, person.source, person.source_on, person.sources)
    if key == "name":
        text = get_shown_name(actor, person)
    elif key == "national_state":
        text = person.get_national_state_display() or "没有登记"
    elif key == "national_no":
        text = value or "没有登记"
    else:
        text = facts.show(key, value, masked=True)
    return SideFact(text, source if value else "", on, bool(value))


# -- merges ----------------------------------------------------------------------------------------------------------


def list_merges(actor: Actor) -> QuerySet[Merge]:
    """Merges of the actor's branches, newest first."""
    rows = Merge.objects.select_related("kept__node", "merged__node", "ended", "merged_by", "undone_by")
    return scope(rows, actor, VIEW).order_by("-pk")


def get_merge(actor: Actor, pk: int) -> Merge:
    """A merge whose both files lie in the actor's branches. Raises NotFound."""
    row = list_merges(actor).filter(pk=pk).first()
    if row is None or not actor.may(VIEW, row.merged.node.path):
        raise NotFound()
    return row


def find_marks(actor: Actor, person: Person) -> tuple[int | None, int | None]:
    """For the page of a member: an open pair that the actor may look at, and the last merge that stands."""
    pair = scope(
        Duplicate.objects.filter(
            person=person, state=Decision.OPEN, other__merged_into__isnull=True
        ).filter(_other_seen(actor)), actor, VIEW
    ).values_list("pk", flat=True).first()  # fmt: skip
    merge = list_merges(actor).filter(kept=person, undone_at__isnull=True).values_list("pk", flat=True).first()
    return pair, merge


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A merge in words: whose, what was taken along, what ended."""

    kept: PairSide
    merged: PairSide
    taken: tuple[str, ...]
    ended: str


def get_merge_line(actor: Actor, row: Merge) -> MergeLine:
    """The words of a merge that the caller has scoped."""
    return MergeLine(
        kept=_side(actor, row.kept),
        merged=_side(actor, row.merged),
        taken=tuple(LABELS.get(key) or facts.BY_KEY[key].label for key in row.taken),
        ended=row.merged.node.name if row.ended_id else "",
    )
