"""A union asks for somebody who is a member elsewhere: one person by document, or the rows of a roster that say so.

Nothing is told of the other union: the request goes there, and its answer comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.members.actions.privacy.looking import probe
from unionhome.core.members.actions.transfers.moving import start_for_new_union
from unionhome.core.members.models import Person, RosterImport, Transfer
from unionhome.core.members.queries.files import get_person
from unionhome.core.members.queries.lookups import find_person_by_document, get_membership
from unionhome.core.members.queries.rosters import find_union_ref, get_roster, get_union_refs, list_refusals
from unionhome.core.members.rules.joining import name_fault, read_document
from unionhome.core.members.rules.roster import ELSEWHERE, RosterRow, RowReader, UnionRef
from unionhome.core.members.rules.standing import TransferInput, TransferOrigin, TransferReason
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.sheets import Refusal, Wrong

MOST_AT_ONCE = 200
"""So many rows of a roster are asked for in one go, so that the page answers."""
PROPOSED_FROM = ("checked", "applied", "ended")
NO_MEMBER = "这个人现在不在会，可以直接请本人申请入会。"
NAME_DIFFERS = "姓名和证件号码对不上，请和本人核对证件。"
NOT_MET = "没有找到姓名和证件号码都对得上、在别的工会入会的人。请和本人核对证件；还没有入会的，请本人申请入会。"
"""Of people out of sight nothing more is told, whether nobody has the number, its person is no member or another name."""
NOT_NOW = "这个人的会籍正在办别的手续，现在不能转接，请本人问原来的工会。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a union asks for, as the person's document says."""

    name: str
    document_kind: str
    document: str


def propose_transfer(
    actor: Actor, wanted: Wanted, *, node: Node, given: TransferInput, submit_key: str = ""
) -> Transfer:
    """Ask for somebody who is a member of another union. Call it outside a transaction: the look is noted first.

    Out of the actor's sight all that is told is 已在其他工会入会, or that no such member was found: either is counted
    (`probe`), the former is shown to the person. Raises Forbidden, BadInput at the fields, TooMany, Refused for somebody
    who is no member or moving already.
    """
    actor.require("members.propose", node.path)
    earlier = Transfer.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.user_id == actor.user_id:
        return earlier
    document = read_document(wanted.document_kind, wanted.document, timezone.localdate(actor.at))
    if sentence := name_fault(wanted.name):
        raise BadInput(f"{sentence}。", fields={"name": sentence})
    person = find_person_by_document(document.number, document.kind)
    is_member = get_membership(person.pk if person else 0) is not None
    is_named = person is not None and person.name == wanted.name.strip()
    if not _sees(actor, person.pk if person else 0):
        return _propose_unseen(actor, person if is_member else None, node, given, submit_key, is_named=is_named)
    if person is None or not is_member:
        raise Refused(NO_MEMBER, "no-member", fields={"document": NO_MEMBER})
    if not is_named:
        raise Refused(NAME_DIFFERS, "name-differs", fields={"name": NAME_DIFFERS})
    return start_for_new_union(actor, person, node, origin=TransferOrigin.NEW_UNION, given=given, submit_key=submit_key)


def _propose_unseen(
    actor: Actor, person: Person | None, node: Node, given: TransferInput, submit_key: str, *, is_named: bool
) -> Transfer:
    """Ask for somebody out of sight. Every try counts, and what stands in the way is told in the same words."""
    probe(actor, person)
    if person is None or not is_named:
        raise Refused(NOT_MET, "not-met", fields={"document": NOT_MET})
    try:
        return start_for_new_union(
            actor, person, node, origin=TransferOrigin.NEW_UNION, given=given, submit_key=submit_key
        )
    except Refused as refused:
        if refused.code != "not-now-transfer":
            raise
        raise Refused(NOT_NOW, "not-now-transfer", fields={"document": NOT_NOW}) from refused


def _sees(actor: Actor, person_id: int) -> bool:
    try:
        get_person(actor, person_id)
    except NotFound:
        return False
    return True


@dataclass(slots=True)
class Proposed:
    """What came of asking for the rows of a roster: transfers begun, rows that could not, rows for the next go."""

    started: int = 0
    passed: int = 0
    left: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def propose_from_roster(actor: Actor, roster_id: int) -> Proposed:
    """Ask for the people whom a roster could not take because they are 已在其他工会入会, two hundred at a time.

    Each look was noted when the roster was entered. Somebody whose transfer was asked for already, whichever way it
    went since the roster, is passed over, so that a repeat does nothing twice. Raises NotFound, Forbidden, Refused.
    """
    roster = get_roster(actor, roster_id)
    actor.require("members.propose", roster.node.path)
    if roster.state not in PROPOSED_FROM:
        raise Refused("名册查完以后，再提出转接。", "roster-not-checked")
    if roster.erased_at is not None:
        raise Refused("这份名册已过保存期限，名单已删除，请重新导入。", "roster-erased")
    done = Proposed()
    for row in _rows_elsewhere(actor, roster):
        if done.started >= MOST_AT_ONCE:
            done.left += 1
        else:
            _propose_row(actor, roster, row, done)
    record(
        actor,
        "members.roster.proposed",
        node=roster.node,
        about=roster,
        summary=f"按名册提出转接{done.started}人",
        data={"count": done.started},
    )
    return done


def _propose_row(actor: Actor, roster: RosterImport, row: RosterRow, done: Proposed) -> None:
    person = find_person_by_document(row.document, row.kind)
    membership = get_membership(person.pk) if person else None
    is_elsewhere = membership is not None and not membership.node.path.startswith(roster.node.path)
    asked = person is not None and Transfer.objects.filter(person=person, submitted_at__gte=roster.created_at).exists()
    if person is None or not is_elsewhere or asked or person.name != row.name:
        done.passed += 1
        return
    given = TransferInput(why=TransferReason.EMPLOYER, employer_text=row.employer)
    node = Node.objects.get(pk=row.node_id)
    try:
        start_for_new_union(actor, person, node, origin=TransferOrigin.ROSTER, given=given)
    except Refused as refused:
        done.passed += 1
        done.reasons[refused.code] = done.reasons.get(refused.code, 0) + 1
    else:
        done.started += 1


def _rows_elsewhere(actor: Actor, roster: RosterImport) -> Iterator[RosterRow]:
    unions, default = get_union_refs(roster.node), roster.default_node
    reader = RowReader(
        timezone.localdate(actor.at),
        lambda code: unions.get(code) or find_union_ref(code),
        roster.node.path,
        UnionRef(default.pk, default.path, default.closed_on is not None) if default else None,
    )
    for each in list_refusals(roster):
        if each.code == ELSEWHERE and (row := _read(reader, each, roster.columns)):
            yield row


def _read(reader: RowReader, refusal: Refusal, columns: list[str]) -> RosterRow | None:
    try:
        return reader.read(refusal.number, dict(zip(columns, refusal.cells, strict=True)))
    except Wrong:
        return None
