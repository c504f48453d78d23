"""Rosters: the batches of a branch, what their lots hold, and what the register knows of their rows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, FilteredRelation, Q, QuerySet

from unionhome.core.members.models import Membership, NationalImport, Person, RosterImport, RosterLot
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.members.rules.roster import ELSEWHERE, FACTS, RosterRow, UnionRef
from unionhome.core.members.rules.roster_judging import Known
from unionhome.core.organizations.models import Employer, Organization
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, find_node, find_root, scope
from unionhome.kit.sheets import Refusal, pack_rows, unpack_rows

IMPORT = "members.import"
ASKED_AT_ONCE = 1000
DAY = timedelta(days=1)
_MIGRANT = {True: "yes", False: "no", None: ""}


# -- batches ---------------------------------------------------------------------------------------------------------


def list_rosters(actor: Actor) -> QuerySet[RosterImport]:
    """Rosters of the actor's branches, newest first."""
    return scope(RosterImport.objects.select_related("node", "default_node", "user"), actor, IMPORT).order_by("-pk")


def get_roster(actor: Actor, roster_id: int) -> RosterImport:
    """Raises NotFound out of the actor's branches."""
    found = list_rosters(actor).filter(pk=roster_id).first()
    if found is None:
        raise NotFound()
    return found


def find_roster(roster_id: int) -> RosterImport | None:
    """A roster for the worker, with whoever handed it in and whoever confirmed it."""
    return RosterImport.objects.select_related("user__node", "confirmed_by__node", "node").filter(pk=roster_id).first()


def find_unfinished(actor: Actor, digest: str, node: Node) -> RosterImport | None:
    """The actor's last roster of the same file and branch that is neither entered nor given up."""
    rows = list_rosters(actor).filter(digest=digest, node=node, user=actor.user_id)
    return rows.filter(state__in=("uploaded", "checked", "applying", "stalled")).first()


def find_own_branch(actor: Actor) -> Node:
    """The branch a roster of the actor may touch. Raises Forbidden where there is none."""
    if actor.is_system:
        root = find_root()
        if root is None:
            raise NotFound("系统里还没有工会。")
        return root
    paths = sorted(actor.branches(IMPORT), key=lambda path: (not actor.node_path.startswith(path), len(path)))
    found = Node.objects.filter(path=paths[0]).first() if paths else None
    if found is None:
        raise Forbidden()
    return found


def find_given_union(actor: Actor, text: str) -> Node | None:
    """The union within the actor's branches that a form names by code or whole name; None for no text. Raises NotFound."""
    text = text.replace("\0", "").strip()
    if not text:
        return None
    named = Q(code=text) | Q(name=text)
    found = list(scope(Node.objects.filter(named, closed_on__isnull=True), actor, IMPORT)[:2])
    if len(found) != 1:
        raise NotFound("没有这个工会，或者不在您的范围；请写工会组织代码。")
    return found[0]


def count_told(actor: Actor) -> int:
    """How many people the actor's rosters and exports were told of as members elsewhere within a day."""
    rows = RosterImport.objects.filter(user=actor.user_id, created_at__gt=actor.at - DAY)
    told = sum(reasons.get(ELSEWHERE, 0) for reasons in rows.values_list("reasons", flat=True))
    exports = NationalImport.objects.filter(user=actor.user_id, created_at__gt=actor.at - DAY)
    return told + sum(exports.values_list("told_count", flat=True))


# -- lots ------------------------------------------------------------------------------------------------------------


def pack(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows sealed for a lot."""
    return pack_rows(rows, field=sealed.LOT)


def unpack(blob: bytes | memoryview) -> list[list[Any]]:
    """What `pack` sealed; nothing for an erased lot."""
    return unpack_rows(blob, field=sealed.LOT)


def read_rows(lot: RosterLot) -> list[RosterRow]:
    """The rows of a lot that wait to be entered. Lots sealed before blind indexes were shortened hold the whole ones."""
    rows = map(RosterRow._make, unpack(lot.rows_sealed))
    return [
        row
        if len(row.blind) == sealed.INDEX
        else row._replace(blind=row.blind[: sealed.INDEX], phone_index=row.phone_index[: sealed.INDEX])
        for row in rows
    ]


def list_refusals(roster: RosterImport, limit: int | None = None) -> Iterator[Refusal]:
    """The refused rows of a roster that the caller has scoped, in their order, with the cells as they came."""
    given = 0
    for lot in RosterLot.objects.filter(roster=roster).defer("rows_sealed", "outcomes").order_by("number"):
        for each in unpack(lot.refused_sealed):
            if limit is not None and given >= limit:
                return
            given += 1
            yield Refusal._make(each)


def list_waiting_lots(roster: RosterImport) -> list[int]:
    """The lots that are not entered yet, in their order."""
    rows = RosterLot.objects.filter(roster=roster, applied_at__isnull=True).order_by("number")
    return list(rows.values_list("pk", flat=True))


def count_left_lots(roster: RosterImport) -> int:
    """How many lots are not entered yet."""
    return RosterLot.objects.filter(roster=roster, applied_at__isnull=True).count()


def list_trails(roster: RosterImport) -> Iterator[Mapping[str, Mapping[str, Any]]]:
    """What each lot left for the journal, in their order."""
    return RosterLot.objects.filter(roster=roster).order_by("number").values_list("trail", flat=True).iterator()


def list_old_rosters(before: datetime) -> QuerySet[RosterImport]:
    """Rosters whose content may be kept no longer: handed in before a moment and not being entered."""
    return RosterImport.objects.filter(erased_at__isnull=True, created_at__lt=before).exclude(state="applying")


def list_old_stalled(before: datetime) -> QuerySet[RosterImport]:
    """Those of them whose entry stopped and was never taken up again."""
    return list_old_rosters(before).filter(state="stalled")


# -- what the register knows -----------------------------------------------------------------------------------------


def get_union_refs(branch: Node) -> dict[str, UnionRef]:
    """Every union of a branch by code: a city's roster names thousands of them."""
    rows = Node.objects.filter(branch_q("path", [branch.path])).values_list("code", "pk", "path", "closed_on")
    return {code: UnionRef(pk, path, closed_on is not None) for code, pk, path, closed_on in rows}


def find_union_ref(code: str) -> UnionRef | None:
    """The union of a code, whoever asks: codes of unions are public."""
    node = find_node(code)
    return UnionRef(node.pk, node.path, node.closed_on is not None) if node else None


_PERSON = ("document_index", "id", "name", "phone_index", "birth_on", "sex", *FACTS, "sources")
_STANDING = (
    "standing__id", "standing__node_id", "standing__node__path", "standing__status", "standing__employer__name",
    "standing__employer_text", "standing__union_post", "standing__joined_on", "standing__card_no", "standing__note",
    "standing__entry", "standing__counts_on",
)  # fmt: skip
_FACTS_FROM, _FACTS_TO = 6, 6 + len(FACTS)
_MIGRANT_AT = FACTS.index("is_migrant")


_HELD = {
    "sqlite": (
        "SELECT person.id, NULL, NULL FROM json_each(%s) AS asked CROSS JOIN members_person AS person "
        "INDEXED BY members_person_document_once ON person.document_index = asked.value "
        "WHERE person.merged_into_id IS NULL",
        "SELECT person.id, person.merged_into_id, person.document_index FROM json_each(%s) AS asked "
        "CROSS JOIN members_person AS person "
        "INDEXED BY members_person_merged_document ON person.document_index = asked.value "
        "WHERE person.merged_into_id IS NOT NULL",
    ),
    "postgresql": (
        "SELECT id, NULL, NULL FROM members_person WHERE document_index = ANY(%s) AND merged_into_id IS NULL",
        "SELECT id, merged_into_id, document_index FROM members_person "
        "WHERE document_index = ANY(%s) AND merged_into_id IS NOT NULL",
    ),
}
"""Which of many documents the register holds, and which lead on to another file: through the index whatever the
planner believes, and by one parameter."""


def _list_held(indexes: Sequence[str]) -> tuple[list[int], dict[str, int]]:
    """Files that stand for themselves, and by index the file that stays for those that were merged."""
    asked = json.dumps(indexes) if connection.vendor == "sqlite" else list(indexes)
    own, merged = _HELD[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(own, [asked])
        held = [row[0] for row in cursor.fetchall()]
        cursor.execute(merged, [asked])
        return held, {row[2]: row[1] for row in cursor.fetchall()}


def find_known(indexes: Sequence[str], *, lock: bool = False) -> dict[str, Known]:
    """What the register knows of documents, by blind index; `lock` keeps their persons until the transaction ends."""
    found: dict[str, Known] = {}
    own, led = _list_held(indexes)
    held = sorted({*own, *led.values()})
    by_id: dict[int, Known] = {}
    for start in range(0, len(held), ASKED_AT_ONCE):
        asked = held[start : start + ASKED_AT_ONCE]
        persons = Person.objects.filter(pk__in=asked)
        if lock and connection.vendor == "postgresql":
            list(persons.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        standing = FilteredRelation("memberships", condition=Q(memberships__status__in=STANDING))
        rows = persons.annotate(standing=standing).values_list(*_PERSON, *_STANDING)
        for row in rows:
            found[row[0]] = by_id[row[1]] = _known(row)
    return found | {index: by_id[person_id] for index, person_id in led.items()}


def _known(row: Sequence[Any]) -> Known:
    facts = list(row[_FACTS_FROM:_FACTS_TO])
    facts[_MIGRANT_AT] = _MIGRANT[facts[_MIGRANT_AT]]
    pk, node, path, status, employer, text, post, joined_on, card_no, note, entry, counted = row[-len(_STANDING) :]
    return Known(
        row[1], row[2], row[3], _iso(row[4]), row[5], facts, row[_FACTS_TO], pk, node or 0, path or "", status or "",
        employer or text or "", post or "", _iso(joined_on), card_no or "", note or "", entry or "", _iso(counted),
    )  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def find_card_holders(cards: Sequence[str]) -> dict[str, int]:
    """Who holds cards of those numbers now."""
    found: dict[str, int] = {}
    for start in range(0, len(cards), ASKED_AT_ONCE):
        rows = Membership.objects.filter(card_no__in=cards[start : start + ASKED_AT_ONCE], status__in=STANDING)
        found.update(rows.values_list("card_no", "person_id"))
    return found


class Employers:
    """The employer of the register behind a union and the name written: its own, the only one of that name, or, where
    nothing is written, the one employer whose union it is."""

    def __init__(self, own: Iterable[tuple[int, int]], named: Iterable[tuple[str, int, int | None]]) -> None:
        self._own = dict(own)
        self._named: dict[str, list[tuple[int, int | None]]] = {}
        for name, pk, union in named:
            self._named.setdefault(name, []).append((pk, union))

    def get(self, key: tuple[int, str]) -> int | None:
        """The employer's id; None where nobody is meant, or one of several."""
        node, name = key
        if not name:
            return self._own.get(node)
        fitting = self._named.get(name, [])
        here = [pk for pk, union in fitting if union == node]
        return here[0] if here else fitting[0][0] if len(fitting) == 1 else None


_OWN, _NAMED = ("node_id", "employer_id"), ("name", "pk", "union_id")


def find_employers(rows: Iterable[RosterRow]) -> Employers:
    """The employers that rows may name."""
    rows = list(rows)
    names = sorted({row.employer for row in rows if row.employer})
    own = Organization.objects.filter(node__in={row.node_id for row in rows}, employer__isnull=False)
    lots = (names[start : start + ASKED_AT_ONCE] for start in range(0, len(names), ASKED_AT_ONCE))
    named = (each for lot in lots for each in Employer.objects.filter(name__in=lot).values_list(*_NAMED))
    return Employers(own.values_list(*_OWN), named)


def get_all_employers() -> Employers:
    """The employers that anybody may name."""
    own = Organization.objects.filter(employer__isnull=False)
    return Employers(own.order_by().values_list(*_OWN), Employer.objects.order_by().values_list(*_NAMED))


def count_standing(node_ids: Iterable[int]) -> dict[int, int]:
    """Members by union."""
    ids = list(node_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), ASKED_AT_ONCE):
        rows = Membership.objects.filter(node__in=ids[start : start + ASKED_AT_ONCE], left_on__isnull=True)
        found.update(rows.order_by().values_list("node").annotate(count=Count("pk")))
    return found


def list_standing(node_id: int) -> Iterator[tuple[str, str, str]]:
    """Blind index, name and union of the members of one union."""
    rows = Membership.objects.filter(node=node_id, left_on__isnull=True).order_by("pk")
    return rows.values_list("person__document_index", "person__name", "node__name").iterator()


def get_codes(node_ids: Iterable[int]) -> dict[int, str]:
    """Codes of unions by id."""
    return dict(Node.objects.filter(pk__in=set(node_ids)).values_list("pk", "code"))


def get_union_names(node_ids: Iterable[int]) -> dict[int, str]:
    """Names of unions by id."""
    return dict(Node.objects.filter(pk__in=set(node_ids)).values_list("pk", "name"))


def list_for_export(actor: Actor, node: Node) -> Iterator[tuple[Person, Membership, str, str]]:
    """Standing members of a branch with document and phone in clear, union by union: for an export that is journaled."""
    rows = (
        scope(Membership.objects.filter(status__in=STANDING), actor, IMPORT)
        .filter(branch_q("node__path", [node.path]))
        .select_related("person", "node", "employer")
        .order_by("node__path", "pk")
    )
    for row in rows.iterator(chunk_size=2000):
        person = row.person
        document = sealed.open_text(person.document_sealed, sealed.DOCUMENT)
        yield person, row, document, sealed.open_text(person.phone_sealed, sealed.PHONE)
